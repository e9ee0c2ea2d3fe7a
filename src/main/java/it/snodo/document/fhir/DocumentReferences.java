package it.snodo.document.fhir;

import it.snodo.document.PublishedDocument;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.DocumentReference.DocumentRelationshipType;
import org.hl7.fhir.r4.model.DocumentReference.ReferredDocumentStatus;
import org.hl7.fhir.r4.model.Enumerations.DocumentReferenceStatus;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Identifier.IdentifierUse;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Reference;
import org.springframework.stereotype.Component;

/** A document's metadata as FHIR, with the names of IHE MHD and of the Italian affinity domain. */
@Component
class DocumentReferences {

    static final String PDF = "application/pdf";
    /** As IHE has it for CDA documents. */
    static final String CDA = "text/xml";

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final String FORMAT_SYSTEM = "urn:oid:2.16.840.1.113883.2.9.3.3.6.1.6";
    private static final String CLASS_SYSTEM = "urn:oid:2.16.840.1.113883.2.9.3.3.6.1.5";

    private final Sha1 sha1;

    DocumentReferences(Sha1 sha1) {
        this.sha1 = sha1;
    }

    DocumentReference of(PublishedDocument document) {
        DocumentReference reference = new DocumentReference();
        reference.setId(document.id());
        reference.getMeta().setVersionId(String.valueOf(document.version()));
        String system = "urn:oid:" + document.root();
        reference.setMasterIdentifier(new Identifier()
                .setUse(IdentifierUse.OFFICIAL)
                .setSystem(system)
                .setValue(document.id()));
        reference.addIdentifier(
                new Identifier().setUse(IdentifierUse.USUAL).setSystem(system).setValue(document.id()));
        if (!document.setId().equals(document.id())) {
            reference.addIdentifier(new Identifier()
                    .setUse(IdentifierUse.SECONDARY)
                    .setSystem(system)
                    .setValue(document.setId()));
        }
        reference.setStatus(
                switch (document.state()) {
                    case CURRENT -> DocumentReferenceStatus.CURRENT;
                    case SUPERSEDED -> DocumentReferenceStatus.SUPERSEDED;
                    case ANNULLED -> DocumentReferenceStatus.ENTEREDINERROR;
                });
        reference.setDocStatus(ReferredDocumentStatus.FINAL);
        reference.setType(
                new CodeableConcept().addCoding(new Coding("http://loinc.org", document.typeCode(), document.title())));
        reference.addCategory(new CodeableConcept().addCoding(new Coding(CLASS_SYSTEM, "REF", "Referto")));
        if (document.patientId() != null) {
            reference.setSubject(logical("Patient", PatientSystems.uri(document.patientOid()), document.patientId()));
        }
        reference.setDateElement(new InstantType(text(document.madeAt())));
        reference.addAuthor(logical("Practitioner", "http://hl7.it/sid/codiceFiscale", document.author()));
        Reference custodian = new Reference();
        custodian.setType("Organization");
        if (document.custodian().matches("\\d{6}")) {
            custodian.setIdentifier(
                    new Identifier().setSystem("http://hl7.it/sid/fls").setValue(document.custodian()));
        } else {
            custodian.setDisplay(document.custodian());
        }
        reference.setCustodian(custodian);
        reference.addSecurityLabel(new CodeableConcept()
                .addCoding(new Coding(
                        "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", document.confidentiality(), null)));
        if (document.replaces() != null) {
            reference
                    .addRelatesTo()
                    .setCode(DocumentRelationshipType.REPLACES)
                    .setTarget(new Reference("DocumentReference/" + document.replaces())
                            .setIdentifier(new Identifier().setSystem(system).setValue(document.replaces())));
        }
        reference.setDescription(document.title());
        if (document.pdf() != null) {
            content(
                    reference,
                    document,
                    document.pdf(),
                    PDF,
                    "-pdf",
                    new Coding(FORMAT_SYSTEM, "2.16.840.1.113883.2.9.10.1.9.1", "PDF firmato con CDA del referto"));
        }
        content(
                reference,
                document,
                document.cda(),
                CDA,
                "-cda",
                new Coding(FORMAT_SYSTEM, "2.16.840.1.113883.2.9.10.1.9.1", "CDA R2 del referto"));
        reference.getContext().getPeriod().setStartElement(new DateTimeType(text(document.visitAt())));
        return reference;
    }

    private void content(
            DocumentReference reference,
            PublishedDocument document,
            PublishedDocument.Content content,
            String type,
            String suffix,
            Coding format) {
        Attachment attachment = new Attachment()
                .setContentType(type)
                .setLanguage("it-IT")
                .setUrl("Binary/" + document.id() + suffix)
                .setSize((int) content.size())
                .setHash(sha1.of(document.id(), suffix.substring(1)))
                .setTitle(document.title())
                .setCreationElement(new DateTimeType(text(document.madeAt())));
        reference.addContent().setAttachment(attachment).setFormat(format);
    }

    private static Reference logical(String type, String system, String value) {
        Reference reference = new Reference();
        reference.setType(type);
        reference.setIdentifier(new Identifier().setSystem(system).setValue(value));
        return reference;
    }

    private static String text(OffsetDateTime at) {
        return at.atZoneSameInstant(ROME).format(DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXXX"));
    }
}
