package it.snodo.intake.fhir;

import ca.uhn.fhir.context.FhirContext;
import it.snodo.certificate.CertificateRequest;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.ContentId;
import it.snodo.intake.Incoming;
import it.snodo.intake.IntakeProperties;
import it.snodo.intake.Unavailable;
import it.snodo.messages.Accepted;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.springframework.stereotype.Component;

/**
 * Certificates as FHIR R4, JSON or XML: a message Bundle for {@code $process-message}, or a transaction. Refusals are an
 * OperationOutcome with an issue for each fault.
 */
@Component("fhirIntake")
public class FhirIntake {

    /** Which interaction brought the Bundle: {@link #PROCESS_MESSAGE} or {@link #TRANSACTION}; absent over JMS. */
    public static final String OPERATION = "SnodoFhirOperation";
    /** Who sent it, for the journal. */
    public static final String USER = "SnodoUser";
    /** {@code json} or {@code xml} when the caller asks for one; else the answer speaks as the request did. */
    public static final String FORMAT = "SnodoFhirFormat";

    public static final String PROCESS_MESSAGE = "$process-message";
    public static final String TRANSACTION = "transaction";

    private final FhirContext context;
    private final FhirReader reader;
    private final IntakeProperties properties;

    FhirIntake(FhirContext context, IntakeProperties properties) {
        this.context = context;
        this.reader = new FhirReader(context);
        this.properties = properties;
    }

    /** Step of the route: the bytes of a Bundle in, {@link Incoming} out. */
    public Incoming read(Exchange exchange) {
        var message = exchange.getMessage();
        byte[] body = message.getBody(byte[].class);
        return parse(
                body == null ? new byte[0] : body,
                message.getHeader(OPERATION, String.class),
                message.getHeader("Idempotency-Key", String.class),
                message.getHeader(USER, "anonimo", String.class),
                "FHIR",
                message.getHeader(FORMAT, String.class));
    }

    /**
     * Reads a Bundle.
     *
     * @param operation the interaction, or null to go by the Bundle's own type
     * @param key names the message when the Bundle does not name itself; may be null
     * @param protocol FHIR or JMS
     * @param format json, xml, or null for the format of the request
     */
    public Incoming parse(byte[] body, String operation, String key, String user, String protocol, String format) {
        boolean xml = format == null ? FhirReader.isXml(body) : format.equals("xml");
        if (body.length > properties.maxBody().toBytes()) {
            Fault fault = Fault.at(
                    SnodoCode.FRAME_TOO_LARGE,
                    "",
                    "Il corpo è di " + body.length + " byte: il massimo è "
                            + properties.maxBody().toBytes() + ".");
            return refused(protocol, user, ContentId.of(body), operation, new byte[0], List.of(fault), xml);
        }
        FhirReader.Result read = reader.read(body);
        Bundle bundle = read.bundle();
        if (bundle == null) {
            String id = key == null || key.isBlank() ? ContentId.of(body) : key.strip();
            return refused(protocol, user, id, operation, body, read.faults(), xml);
        }
        List<Fault> own = new ArrayList<>();
        String type = type(bundle, operation, read.prefix(), own);
        CertificateMapping mapping = new CertificateMapping(bundle, read.prefix());
        CertificateRequest request = mapping.map();
        own.addAll(mapping.faults());
        List<Fault> faults = once(read.faults(), own);
        String sender =
                request == null || request.sender() == null || request.sender().application() == null
                        ? user
                        : request.sender().key();
        Incoming.Answer answer = new AnswerWriter(context, xml, bundle, mapping.composition())::write;
        return new Incoming(
                protocol,
                user,
                sender,
                controlId(bundle, mapping.header(), key, body),
                type,
                body,
                request,
                faults,
                mapping.locations(),
                mapping.ifNoneExist(),
                answer);
    }

    /** Of two faults in one place the mapping's says more than the parser's; but what is wrong is not also missing. */
    private static List<Fault> once(List<Fault> parser, List<Fault> mapping) {
        List<Fault> faults = new ArrayList<>();
        for (Fault fault : parser) {
            boolean better = mapping.stream()
                    .anyMatch(other -> other.code() != SnodoCode.FIELD_MISSING
                            && fault.location().equals(other.location()));
            if (!better) {
                faults.add(fault);
            }
        }
        for (Fault fault : mapping) {
            boolean wrong = fault.code() == SnodoCode.FIELD_MISSING
                    && parser.stream().anyMatch(other -> other.location().equals(fault.location()));
            if (!wrong) {
                faults.add(fault);
            }
        }
        return faults;
    }

    private Incoming refused(
            String protocol, String user, String id, String operation, byte[] raw, List<Fault> faults, boolean xml) {
        return new Incoming(
                protocol,
                user,
                user,
                id,
                operation == null ? "FHIR" : operation,
                raw,
                null,
                faults,
                Map.of("", "Bundle"),
                new AnswerWriter(context, xml, null, null)::write);
    }

    private static String type(Bundle bundle, String operation, String prefix, List<Fault> faults) {
        String needed = operation == null ? null : operation.equals(TRANSACTION) ? "transaction" : "message";
        String found = bundle.getType() == null ? null : bundle.getType().toCode();
        boolean known = bundle.getType() == BundleType.MESSAGE || bundle.getType() == BundleType.TRANSACTION;
        if (found == null) {
            faults.add(new Fault(SnodoCode.FIELD_MISSING, "", prefix + ".type", "Manca il tipo del Bundle."));
        } else if (!known || needed != null && !needed.equals(found)) {
            faults.add(new Fault(
                    SnodoCode.MESSAGE_TYPE_UNKNOWN,
                    "",
                    prefix + ".type",
                    "Il Bundle è di tipo «" + found + "»: qui serve "
                            + (needed == null ? "message o transaction" : needed) + "."));
        }
        if (operation != null) {
            return operation;
        }
        return bundle.getType() == BundleType.TRANSACTION ? TRANSACTION : PROCESS_MESSAGE;
    }

    /** The Bundle's own identifier, its id, the MessageHeader's id, the caller's key, and last its content. */
    private static String controlId(Bundle bundle, MessageHeader header, String key, byte[] body) {
        // What has only an extension in the place of its value "has a value" for the library, and gives none.
        if (bundle.getIdentifier().getValue() != null) {
            String system = bundle.getIdentifier().getSystem();
            String value = bundle.getIdentifier().getValue().strip();
            return system == null ? value : system.strip() + "|" + value;
        }
        if (bundle.getIdElement().hasIdPart()) {
            return bundle.getIdElement().getIdPart();
        }
        if (header != null && header.getIdElement().hasIdPart()) {
            return header.getIdElement().getIdPart();
        }
        return key == null || key.isBlank() ? ContentId.of(body) : key.strip();
    }

    /** Step of the route: {@link Accepted} in, FHIR answer out. */
    public void answer(Exchange exchange) throws InvalidPayloadException {
        Accepted accepted = exchange.getMessage().getMandatoryBody(Accepted.class);
        byte[] answer = accepted.answer();
        respond(exchange, answer, status(answer), FhirReader.isXml(answer));
        if (accepted.outcome().messageId() > 0) {
            exchange.getMessage()
                    .setHeader(
                            "Snodo-Message-Id",
                            String.valueOf(accepted.outcome().messageId()));
        }
        if (accepted.repeated()) {
            exchange.getMessage().setHeader("Idempotency-Replayed", "true");
        }
    }

    /** The HTTP status of a stored answer: it is in the answer itself, by its codes. */
    private int status(byte[] answer) {
        String text = new String(answer, StandardCharsets.UTF_8);
        IBaseResource resource = FhirReader.isXml(answer)
                ? context.newXmlParser().parseResource(text)
                : context.newJsonParser().parseResource(text);
        return resource instanceof OperationOutcome outcome ? OutcomeWriter.status(outcome) : 200;
    }

    /** Step of the route when a step has failed: nothing was accepted, and the sender may try again. */
    public void unavailable(Exchange exchange) {
        SnodoCode code = Unavailable.code(exchange);
        boolean xml = "xml".equals(exchange.getMessage().getHeader(FORMAT, String.class));
        OperationOutcome outcome = OutcomeWriter.of(code, Unavailable.reason(code, exchange));
        respond(exchange, AnswerWriter.encode(context, xml, outcome), code.httpStatus(), xml);
        if (code.httpStatus() == 503) {
            exchange.getMessage().setHeader("Retry-After", "10");
        }
    }

    private static void respond(Exchange exchange, byte[] body, int status, boolean xml) {
        var message = exchange.getMessage();
        message.removeHeaders("*");
        message.setBody(body);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setHeader(
                Exchange.CONTENT_TYPE,
                xml ? "application/fhir+xml;charset=UTF-8" : "application/fhir+json;charset=UTF-8");
    }
}
