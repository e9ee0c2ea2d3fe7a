package it.snodo.publication;

import com.fasterxml.jackson.databind.JsonNode;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Changes of a published document's metadata: {@code {"obscured": true}}, {@code {"ticket": "S"}}. */
@RestController
@RequestMapping("/api/v1/documents")
class DocumentMetadataController {

    private final DocumentMetadata metadata;

    DocumentMetadataController(DocumentMetadata metadata) {
        this.metadata = metadata;
    }

    @PutMapping("/{id}/metadata")
    @ResponseStatus(HttpStatus.ACCEPTED)
    DocumentMetadata.Changed change(@PathVariable String id, @RequestBody JsonNode change) {
        return metadata.change(id, change);
    }
}
