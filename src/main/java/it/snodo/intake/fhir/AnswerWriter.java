package it.snodo.intake.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import it.snodo.intake.Incoming;
import java.nio.charset.StandardCharsets;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.MessageHeader.ResponseType;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Reference;

/** What a FHIR sender is told: an OperationOutcome, a response message, or a transaction response. */
final class AnswerWriter {

    private final FhirContext context;
    private final boolean xml;
    private final Bundle request;
    private final Composition composition;

    /** @param request null when it could not be read */
    AnswerWriter(FhirContext context, boolean xml, Bundle request, Composition composition) {
        this.context = context;
        this.xml = xml;
        this.request = request;
        this.composition = composition;
    }

    byte[] write(Incoming message, Incoming.Outcome outcome) {
        if (!outcome.accepted()) {
            return encode(context, xml, OutcomeWriter.of(outcome.faults()));
        }
        OperationOutcome information = information(outcome);
        return encode(
                context,
                xml,
                request.getType() == BundleType.TRANSACTION
                        ? transactionResponse(outcome, information)
                        : messageResponse(outcome, information));
    }

    private static OperationOutcome information(Incoming.Outcome outcome) {
        OperationOutcome information = new OperationOutcome();
        var issue = information
                .addIssue()
                .setSeverity(IssueSeverity.INFORMATION)
                .setCode(IssueType.INFORMATIONAL)
                .setDiagnostics("Certificato n. " + outcome.certificateNumber()
                        + (outcome.existing() ? " già presente, nulla di nuovo; documento " : " accolto; documento ")
                        + outcome.documentId() + "; messaggio " + outcome.messageId() + ".");
        issue.getDetails()
                .addCoding()
                .setSystem(FhirNames.OUTCOMES)
                .setCode("accepted")
                .setDisplay("Certificato accolto");
        return information;
    }

    private static Reference document(Incoming.Outcome outcome) {
        Reference reference = new Reference("DocumentReference/" + outcome.documentId());
        reference.setType("DocumentReference");
        return reference.setIdentifier(new Identifier()
                .setSystem(FhirNames.CERTIFICATE_NUMBER)
                .setValue(String.valueOf(outcome.certificateNumber())));
    }

    private Bundle messageResponse(Incoming.Outcome outcome, OperationOutcome information) {
        information.setId("esito");
        MessageHeader asked =
                request.getEntryFirstRep().getResource() instanceof MessageHeader header ? header : new MessageHeader();
        MessageHeader header = new MessageHeader();
        header.setId("risposta-" + outcome.messageId());
        header.setEvent(asked.getEvent());
        header.getSource().setName("Snodo").setEndpoint("urn:snodo:fhir");
        if (asked.getSource().hasEndpoint()) {
            header.addDestination().setEndpoint(asked.getSource().getEndpoint());
        }
        header.getResponse()
                .setIdentifier(answered(asked))
                .setCode(ResponseType.OK)
                .setDetails(new Reference("OperationOutcome/esito"));
        if (outcome.documentId() != null) {
            header.addFocus(document(outcome));
        }
        Bundle bundle = new Bundle();
        bundle.setType(BundleType.MESSAGE);
        bundle.setId("risposta-" + outcome.messageId());
        bundle.addEntry()
                .setFullUrl("urn:snodo:fhir/MessageHeader/" + header.getIdPart())
                .setResource(header);
        bundle.addEntry().setFullUrl("urn:snodo:fhir/OperationOutcome/esito").setResource(information);
        return bundle;
    }

    /** What the response answers: the MessageHeader's id, else the Bundle's. */
    private String answered(MessageHeader asked) {
        String id = asked.getIdElement().getIdPart();
        if (id == null) {
            id = request.getIdElement().getIdPart();
        }
        if (id == null) {
            id = request.getIdentifier().getValue();
        }
        return id == null ? "sconosciuto" : id.replaceFirst("^urn:uuid:", "");
    }

    /** Every resource sent became part of the one document, that is found under the Composition's location. */
    private Bundle transactionResponse(Incoming.Outcome outcome, OperationOutcome information) {
        Bundle bundle = new Bundle();
        bundle.setType(BundleType.TRANSACTIONRESPONSE);
        bundle.setId("risposta-" + outcome.messageId());
        for (var entry : request.getEntry()) {
            var response = bundle.addEntry().getResponse();
            response.setStatus(outcome.existing() ? "200 OK" : "201 Created")
                    .setLocation("DocumentReference/" + outcome.documentId());
            if (entry.getResource() == composition) {
                response.setOutcome(information);
            }
        }
        return bundle;
    }

    static byte[] encode(FhirContext context, boolean xml, IBaseResource resource) {
        IParser parser = xml ? context.newXmlParser() : context.newJsonParser();
        return parser.encodeResourceToString(resource).getBytes(StandardCharsets.UTF_8);
    }
}
