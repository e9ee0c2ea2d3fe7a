package it.snodo.document.fhir;

import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.server.IResourceProvider;
import it.snodo.document.Callers;
import it.snodo.document.PublishedDocuments;
import java.util.Optional;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Reference;
import org.springframework.stereotype.Component;

/**
 * Retrieve Document (IHE ITI-68): {@code Binary/<documentId>-pdf} and {@code Binary/<documentId>-cda}. The server sends
 * the bytes themselves, unless the caller asks for FHIR.
 */
@Component
class BinaryProvider implements IResourceProvider {

    private final PublishedDocuments documents;
    private final Callers callers;

    BinaryProvider(PublishedDocuments documents, Callers callers) {
        this.documents = documents;
        this.callers = callers;
    }

    @Override
    public Class<Binary> getResourceType() {
        return Binary.class;
    }

    @Read
    public Binary read(@IdParam IdType id) {
        String name = id.getIdPart();
        return FhirFaults.translate(() -> {
            boolean pdf = name.endsWith("-pdf");
            Optional<PublishedDocuments.Bytes> found = Optional.empty();
            if (pdf || name.endsWith("-cda")) {
                String document = name.substring(0, name.length() - "-pdf".length());
                found = pdf ? documents.pdf(callers.current(), document) : documents.cda(callers.current(), document);
            }
            PublishedDocuments.Bytes bytes = found.orElseThrow(() -> FhirFaults.absent("Binary", name));
            Binary binary = new Binary();
            binary.setId(name);
            binary.setContentType(pdf ? DocumentReferences.PDF : DocumentReferences.CDA);
            binary.setSecurityContext(
                    new Reference("DocumentReference/" + bytes.document().id()));
            binary.setData(bytes.bytes());
            return binary;
        });
    }
}
