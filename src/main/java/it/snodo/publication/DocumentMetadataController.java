package it.snodo.publication;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.document.Caller;
import it.snodo.document.Callers;
import it.snodo.document.PublishedDocuments;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.util.Set;
import java.util.stream.Collectors;
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

    private static final Set<String> MAY_CHANGE = Set.of(Caller.SPECIALIST, Caller.OPERATIONS);

    private final DocumentMetadata metadata;
    private final PublishedDocuments documents;
    private final Callers callers;

    DocumentMetadataController(DocumentMetadata metadata, PublishedDocuments documents, Callers callers) {
        this.metadata = metadata;
        this.documents = documents;
        this.callers = callers;
    }

    @PutMapping("/{id}/metadata")
    @ResponseStatus(HttpStatus.ACCEPTED)
    DocumentMetadata.Changed change(@PathVariable String id, @RequestBody JsonNode change) {
        // A specialist changes what he wrote or signed; a document of others is as if it did not exist, and that he may
        // read it in another role does not count.
        Caller caller = callers.current();
        Set<String> roles =
                caller.roles().stream().filter(MAY_CHANGE::contains).collect(Collectors.toUnmodifiableSet());
        documents
                .find(new Caller(caller.name(), roles, caller.fiscalCode()), id)
                .orElseThrow(() -> new SnodoException(
                        SnodoCode.NOT_FOUND, "Il documento «" + id + "» non esiste o non è visibile."));
        return metadata.change(id, change);
    }
}
