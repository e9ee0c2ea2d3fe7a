package it.snodo.intake.rest;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import it.snodo.certificate.CertificateRequest;
import it.snodo.fault.Fault;
import it.snodo.fault.Problem;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.ContentId;
import it.snodo.intake.Incoming;
import it.snodo.intake.IntakeProperties;
import it.snodo.intake.Unavailable;
import it.snodo.messages.Accepted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/**
 * Certificates as JSON: {@code POST /api/v1/certificates}. The body is the canonical request itself.
 *
 * <p>A message is named by its {@code Idempotency-Key}; without one, by its content, so that the same body posted twice
 * gets the same answer and has one effect. The answer carries its HTTP status inside, so that a stored answer can be
 * given again whole.
 */
@Component("restIntake")
public class RestIntake {

    private static final String PATH = "/api/v1/certificates";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final IntakeProperties properties;

    RestIntake(IntakeProperties properties) {
        this.properties = properties;
    }

    /** Step of the route: HTTP request in, {@link Incoming} out. */
    public Incoming read(Exchange exchange) {
        byte[] body = exchange.getMessage().getBody(byte[].class);
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        String user = who == null ? "anonimo" : who.getName();
        return parse(
                body == null ? new byte[0] : body,
                exchange.getMessage().getHeader("Idempotency-Key", String.class),
                user,
                "REST",
                "POST /certificates");
    }

    /**
     * Reads a body.
     *
     * @param key what the sender calls the message; null or blank when it gives no name
     * @param user who sent it, for the journal; names the sender when the body does not
     * @param protocol REST or JMS
     * @param type as the journal shows it
     */
    public Incoming parse(byte[] body, String key, String user, String protocol, String type) {
        String controlId = key == null || key.isBlank() ? ContentId.of(body) : key.strip();
        if (body.length > properties.maxBody().toBytes()) {
            Fault fault = new Fault(
                    SnodoCode.FRAME_TOO_LARGE,
                    "",
                    "",
                    "Il corpo è di " + body.length + " byte: il massimo è "
                            + properties.maxBody().toBytes() + ".");
            // The bytes are not kept: what is too large to read is too large to store.
            return new Incoming(
                    protocol,
                    user,
                    user,
                    controlId,
                    type,
                    new byte[0],
                    null,
                    List.of(fault),
                    Map.of(),
                    RestIntake::build);
        }
        RequestReader.Result result = RequestReader.read(body);
        CertificateRequest request = result.request();
        String sender =
                request == null || request.sender() == null || request.sender().application() == null
                        ? user
                        : request.sender().key();
        return new Incoming(
                protocol,
                user,
                sender,
                controlId,
                type,
                body,
                request,
                result.faults(),
                result.locations(),
                RestIntake::build);
    }

    /** Step of the route: {@link Accepted} in, HTTP answer out. */
    public void answer(Exchange exchange) throws InvalidPayloadException {
        Accepted accepted = exchange.getMessage().getMandatoryBody(Accepted.class);
        JsonNode answer = tree(accepted.answer());
        int status = answer.path("status").asInt(500);
        var message = exchange.getMessage();
        message.removeHeaders("*");
        message.setBody(accepted.answer());
        // one piece, whose length is known
        message.setHeader(Exchange.HTTP_CHUNKED, false);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setHeader(Exchange.CONTENT_TYPE, status >= 400 ? Problem.MEDIA_TYPE : "application/json");
        if (answer.hasNonNull("location")) {
            message.setHeader("Location", answer.get("location").asText());
        }
        if (accepted.outcome().messageId() > 0) {
            exchange.getMessage()
                    .setHeader(
                            "Snodo-Message-Id",
                            String.valueOf(accepted.outcome().messageId()));
        }
        if (accepted.repeated()) {
            message.setHeader("Idempotency-Replayed", "true");
        }
    }

    /** Step of the route when a step has failed: nothing was accepted, and the sender may try again. */
    public void unavailable(Exchange exchange) {
        SnodoCode code = Unavailable.code(exchange);
        var message = exchange.getMessage();
        message.removeHeaders("*");
        message.setBody(Problem.of(code, Unavailable.reason(code, exchange)).toJson());
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, code.httpStatus());
        message.setHeader(Exchange.CONTENT_TYPE, Problem.MEDIA_TYPE);
        if (code.httpStatus() == 503) {
            message.setHeader("Retry-After", "10");
        }
    }

    /** What an accepted certificate is answered with. */
    @JsonPropertyOrder({"status", "messageId", "certificateNumber", "documentId", "state", "location"})
    private record Receipt(
            int status, long messageId, Long certificateNumber, String documentId, String state, String location) {}

    /** The answer of this intake: a receipt or a problem. */
    public static byte[] build(Incoming message, Incoming.Outcome outcome) {
        if (!outcome.accepted()) {
            return Problem.of(outcome.faults()).toJson();
        }
        boolean annulment =
                message.request() != null && message.request().action() == CertificateRequest.Action.ANNULMENT;
        Receipt receipt = new Receipt(
                annulment ? 202 : 201,
                outcome.messageId(),
                outcome.certificateNumber(),
                outcome.documentId(),
                "ACCEPTED",
                outcome.certificateNumber() == null ? null : PATH + "/" + outcome.certificateNumber());
        try {
            return JSON.writeValueAsBytes(receipt);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a receipt can always be written", e);
        }
    }

    private static JsonNode tree(byte[] answer) {
        try {
            return JSON.readTree(answer);
        } catch (IOException e) {
            throw new UncheckedIOException("the stored answer is one that this intake wrote", e);
        }
    }
}
