package it.snodo.publication.fse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.fault.SnodoCode;
import it.snodo.messages.CallOut;
import it.snodo.publication.Answer;
import it.snodo.publication.Delivery;
import it.snodo.publication.Destination;
import it.snodo.publication.HttpChannel;
import it.snodo.publication.Outcome;
import it.snodo.publication.Outgoing;
import it.snodo.publication.PublicationSubject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.hc.client5.http.classic.methods.HttpDelete;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.entity.mime.HttpMultipartMode;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client of the FSE 2.0 gateway: one method an operation, every answer as a typed {@link Outcome}. It repeats
 * nothing by itself. Tokens and bodies are never logged; trace ids are.
 */
final class FseGateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FseGateway.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final AtomicLong SUBMISSIONS = new AtomicLong();

    private final FseProperties properties;
    private final FseTokens tokens;
    private final FseMetadata metadata;
    private final HttpChannel channel;
    private final Consumer<CallOut> journal;

    /** @param journal is told of every call that is about a document */
    FseGateway(
            FseProperties properties,
            FseTokens tokens,
            FseMetadata metadata,
            HttpChannel channel,
            Consumer<CallOut> journal) {
        this.journal = journal;
        this.properties = properties;
        this.tokens = tokens;
        this.metadata = metadata;
        this.channel = channel;
    }

    /** What a validation is for: VALIDATION will be published, VERIFICA is a dry run that is not stored. */
    enum Activity {
        VALIDATION,
        VERIFICA
    }

    /** Asks the gateway to check the unsigned PDF. */
    Outcome validate(PublicationSubject subject, Activity activity, String traceId) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("healthDataFormat", "CDA");
        body.put("mode", "ATTACHMENT");
        body.put("activity", activity.name());
        HttpUriRequestBase request = new HttpPost(uri("/documents/validation"));
        request.setEntity(multipart(subject, subject.unsignedPdf(), body));
        Outgoing out = out(FseOperation.VALIDATION, request, subject).with(body.toString(), "UNSIGNED_PDF");
        return call(FseOperation.VALIDATION, request, subject, null, traceId, properties.validationTimeout(), out);
    }

    /** Publishes the signed PDF under the validation whose workflowInstanceId the subject carries. */
    Outcome create(PublicationSubject subject, String submissionId, String traceId) {
        return publish(FseOperation.CREATE, new HttpPost(uri("/documents")), subject, submissionId, traceId);
    }

    /** Publishes a document that could not be validated when it was signed. */
    Outcome validateAndCreate(PublicationSubject subject, String submissionId, String traceId) {
        return publish(
                FseOperation.VALIDATE_AND_CREATE,
                new HttpPost(uri("/documents/validate-and-create")),
                subject,
                submissionId,
                traceId);
    }

    /** Publishes the signed PDF in place of the document it replaces. */
    Outcome replace(PublicationSubject subject, String submissionId, String traceId) {
        return publish(
                FseOperation.REPLACE,
                new HttpPut(uri("/documents/" + encode(subject.replacedIdentifier()))),
                subject,
                submissionId,
                traceId);
    }

    Outcome validateAndReplace(PublicationSubject subject, String submissionId, String traceId) {
        return publish(
                FseOperation.VALIDATE_AND_REPLACE,
                new HttpPut(uri("/documents/validate-and-replace/" + encode(subject.replacedIdentifier()))),
                subject,
                submissionId,
                traceId);
    }

    /** Withdraws a published document. */
    Outcome delete(PublicationSubject subject, String traceId) {
        HttpUriRequestBase request = new HttpDelete(uri("/documents/" + encode(subject.identifier())));
        return call(
                FseOperation.DELETE,
                request,
                subject,
                null,
                traceId,
                properties.responseTimeout(),
                out(FseOperation.DELETE, request, subject));
    }

    /** Puts the subject's metadata in place of the published ones. @param visibility when it is about obscuring */
    Outcome updateMetadata(PublicationSubject subject, boolean visibility, String submissionId, String traceId) {
        HttpUriRequestBase request = new HttpPut(uri("/documents/" + encode(subject.identifier()) + "/metadata"));
        String body = metadata.update(subject, submissionId).toString();
        request.setEntity(new StringEntity(body, ContentType.APPLICATION_JSON));
        FseOperation operation = visibility ? FseOperation.METADATA_VISIBILITY : FseOperation.METADATA;
        return call(
                operation,
                request,
                subject,
                null,
                traceId,
                properties.responseTimeout(),
                out(operation, request, subject).with(body, null));
    }

    /**
     * Events of a workflow or of a trace.
     *
     * @param outcome Done when the question was answered
     */
    record Status(Outcome outcome, List<FseEvent> events) {}

    Status statusByWorkflow(String workflowId) {
        return status("/status/" + encode(workflowId), null, null, events -> false);
    }

    /**
     * The same for a delivery, whose calls the journal keeps.
     *
     * @param news whether these events say something that was waited for: an enquiry that brings none is not kept
     */
    Status statusByWorkflow(Delivery delivery, Predicate<List<FseEvent>> news) {
        return status("/status/" + encode(delivery.workflowId()), delivery, delivery.traceId(), news);
    }

    Status statusByTrace(String traceId) {
        return status("/status/search/" + encode(traceId), null, traceId, events -> false);
    }

    /** Asks what became of an earlier try of this delivery. */
    Status statusByTrace(Delivery delivery) {
        return status("/status/search/" + encode(delivery.traceId()), delivery, delivery.traceId(), events -> true);
    }

    private Status status(String path, Delivery delivery, String traceId, Predicate<List<FseEvent>> news) {
        HttpUriRequestBase request = new HttpGet(uri(path));
        request.setHeader("Authorization", tokens.forStatus());
        request.setHeader("Accept", "application/json");
        Outgoing out = delivery == null
                ? null
                : new Outgoing(
                        Destination.FSE,
                        FseOperation.STATUS.name(),
                        request,
                        delivery.certificateNumber(),
                        delivery.documentId());
        try {
            HttpChannel.Reply reply = channel.call(request, properties.validationTimeout());
            Answer answer = answer(reply);
            Status status = status(answer, reply.body());
            if (out != null && (!answer.success() || news.test(status.events()))) {
                journal.accept(out.answered(reply, answer, traceId));
            }
            return status;
        } catch (HttpChannel.CallFailed e) {
            if (out != null) {
                journal.accept(out.failed(e, traceId));
            }
            return new Status(lost(FseOperation.STATUS, e), List.of());
        }
    }

    private Status status(Answer answer, byte[] body) {
        if (!answer.success()) {
            return new Status(FseRemedies.of(FseOperation.STATUS, answer), List.of());
        }
        JsonNode events = tree(body);
        return events.has("transactionData")
                ? new Status(new Outcome.Done(answer, true, null), FseEvent.list(events))
                : new Status(FseRemedies.notTheGateway(FseOperation.STATUS, answer), List.of());
    }

    private static Outgoing out(FseOperation operation, HttpUriRequestBase request, PublicationSubject subject) {
        return new Outgoing(
                Destination.FSE, operation.name(), request, subject.certificateNumber(), subject.documentId());
    }

    private Outcome publish(
            FseOperation operation,
            HttpUriRequestBase request,
            PublicationSubject subject,
            String submissionId,
            String traceId) {
        boolean validatesToo =
                operation == FseOperation.VALIDATE_AND_CREATE || operation == FseOperation.VALIDATE_AND_REPLACE;
        ObjectNode body = metadata.publication(subject, submissionId, validatesToo ? null : subject.workflowId());
        request.setEntity(multipart(subject, subject.signedPdf(), body));
        Outgoing out = out(operation, request, subject).with(body.toString(), "SIGNED_PDF");
        return call(
                operation, request, subject, sha256(subject.signedPdf()), traceId, properties.responseTimeout(), out);
    }

    private Outcome call(
            FseOperation operation,
            HttpUriRequestBase request,
            PublicationSubject subject,
            String attachmentHash,
            String traceId,
            Duration longest,
            Outgoing out) {
        String locality = subject.locality() == null ? FseMetadata.locality(subject) : subject.locality();
        FseTokens.Pair pair = tokens.forCall(operation, subject, locality, attachmentHash);
        request.setHeader("Authorization", pair.authorization());
        request.setHeader("FSE-JWT-Signature", pair.signature());
        request.setHeader("Accept", "application/json");
        request.setHeader("traceparent", "00-" + traceId + "-" + span() + "-01");
        if (properties.callbackUrl() != null && !properties.callbackUrl().isBlank()) {
            request.setHeader("X-Callback-Url", properties.callbackUrl());
        }
        long start = System.nanoTime();
        try {
            HttpChannel.Reply reply = channel.call(request, longest);
            Answer answer = answer(reply);
            journal.accept(out.answered(reply, answer, traceId));
            LOG.debug(
                    "FSE {} {}: HTTP {} in {} ms, traccia {}, transazione {}",
                    operation,
                    subject.documentId(),
                    answer.status(),
                    (System.nanoTime() - start) / 1_000_000,
                    answer.traceId(),
                    answer.transactionId());
            Outcome outcome = FseRemedies.of(operation, answer);
            return isAboutTokens(outcome) && tokens.areOver(pair) ? late(answer) : outcome;
        } catch (HttpChannel.CallFailed e) {
            journal.accept(out.failed(e, traceId));
            LOG.debug(
                    "FSE {} {}: {} dopo {} ms, traccia inviata {}",
                    operation,
                    subject.documentId(),
                    e.getMessage(),
                    (System.nanoTime() - start) / 1_000_000,
                    traceId);
            return lost(operation, e);
        }
    }

    private static boolean isAboutTokens(Outcome outcome) {
        return outcome instanceof Outcome.Repair repair && repair.code() == SnodoCode.DESTINATION_NOT_AUTHORISED
                || outcome instanceof Outcome.Retry retry && retry.code() == SnodoCode.HUB_NOT_RECOGNISED;
    }

    /** Refused for tokens that had come to their end on the way: with new ones it is another call. */
    private static Outcome late(Answer answer) {
        return new Outcome.Retry(
                answer,
                SnodoCode.DESTINATION_ERROR,
                "I token della chiamata erano scaduti quando il gateway li ha letti: la macchina o la rete era rimasta ferma.",
                null,
                false,
                true);
    }

    private static Outcome lost(FseOperation operation, HttpChannel.CallFailed e) {
        boolean unknown = operation.isWrite() && e.unknown();
        return new Outcome.Retry(
                Answer.none(),
                unknown ? SnodoCode.OUTCOME_UNKNOWN : e.code(),
                "Gateway FSE: " + e.getMessage() + ".",
                null,
                unknown,
                true);
    }

    private static HttpEntity multipart(PublicationSubject subject, byte[] pdf, ObjectNode body) {
        String name = subject.documentId().replaceAll("[^A-Za-z0-9._-]", "_") + ".pdf";
        return MultipartEntityBuilder.create()
                .setMode(HttpMultipartMode.STRICT)
                .addBinaryBody("file", pdf, ContentType.APPLICATION_PDF, name)
                .addTextBody("requestBody", body.toString(), ContentType.APPLICATION_JSON)
                .build();
    }

    private URI uri(String path) {
        return URI.create(properties.baseUrl() + path);
    }

    /** Everything that is not unreserved, {@code ^} above all. */
    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String span() {
        byte[] span = new byte[8];
        ThreadLocalRandom.current().nextBytes(span);
        return HexFormat.of().formatHex(span);
    }

    /** A new trace id for a call that belongs to no delivery. */
    static String newTrace() {
        byte[] trace = new byte[16];
        ThreadLocalRandom.current().nextBytes(trace);
        return HexFormat.of().formatHex(trace);
    }

    /** identificativoSottomissione: unique for every submission, so one is never used twice, not even for a retry. */
    String newSubmission(long deliveryId) {
        return properties.submissionRoot()
                + "."
                + System.currentTimeMillis()
                + "."
                + deliveryId
                + "."
                + SUBMISSIONS.incrementAndGet();
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads an answer whatever it looks like: the status always counts, the rest where it can be read. */
    static Answer answer(HttpChannel.Reply reply) {
        JsonNode body = tree(reply.body());
        String transaction = text(body, "govway_id");
        if (transaction == null) {
            transaction = reply.headers().get("GovWay-Transaction-ID");
        }
        if (transaction == null) {
            transaction = reply.headers().get("X-Global-Transaction-ID");
        }
        String workflow = text(body, "workflowInstanceId");
        String type = text(body, "type");
        String detail = text(body, "detail");
        if (detail == null) {
            detail = text(body, "title");
        }
        if (type == null && reply.headers().get("GovWay-Transaction-ErrorType") != null) {
            type = reply.headers().get("GovWay-Transaction-ErrorType");
        }
        return new Answer(
                reply.status(),
                type,
                detail,
                text(body, "instance"),
                text(body, "traceID"),
                transaction,
                "UNKNOWN_WORKFLOW_ID".equals(workflow) ? null : workflow,
                text(body, "warning"),
                HttpChannel.retryAfter(reply.headers().get("Retry-After"), Instant.now()));
    }

    private static JsonNode tree(byte[] body) {
        try {
            JsonNode node = JSON.readTree(body);
            return node == null ? JsonNodeFactory.instance.objectNode() : node;
        } catch (IOException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    private static String text(JsonNode body, String name) {
        JsonNode value = body.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        String text = value.isTextual() ? value.textValue() : value.toString();
        return text.isBlank() ? null : text;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
