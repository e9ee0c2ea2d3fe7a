package it.snodo.publication;

import it.snodo.messages.CallOut;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;

/** A call while it is made: what goes over the wire is counted and hashed as it goes, and the journal is told how it ended. */
public final class Outgoing {

    private final Destination destination;
    private final String operation;
    private final HttpUriRequestBase request;
    private final long certificateNumber;
    private final String documentId;
    private final Instant at = Instant.now();
    private final long start = System.nanoTime();
    private String part;
    private String body;
    private Counted counted;

    /** @param request not yet executed; its entity is set already */
    public Outgoing(
            Destination destination,
            String operation,
            HttpUriRequestBase request,
            long certificateNumber,
            String documentId) {
        this.destination = destination;
        this.operation = operation;
        this.request = request;
        this.certificateNumber = certificateNumber;
        this.documentId = documentId;
        if (request.getEntity() != null) {
            counted = new Counted(request.getEntity());
            request.setEntity(counted);
        }
    }

    /**
     * What the journal keeps of the body.
     *
     * @param json the body but for the document
     * @param part which bytes of the document go along, UNSIGNED_PDF or SIGNED_PDF; null for none
     */
    public Outgoing with(String json, String part) {
        this.body = json;
        this.part = part;
        return this;
    }

    /** An answer came. @param traceId ours, for an answer that names none */
    public CallOut answered(HttpChannel.Reply reply, Answer answer, String traceId) {
        return call(
                reply.status(),
                reply.body(),
                null,
                answer.traceId() == null ? traceId : answer.traceId(),
                answer.transactionId(),
                answer.workflowId());
    }

    /** No whole answer came. */
    public CallOut failed(HttpChannel.CallFailed failure, String traceId) {
        return call(null, null, failure.getMessage(), traceId, null, null);
    }

    private CallOut call(
            Integer status, byte[] answer, String failure, String traceId, String transactionId, String workflowId) {
        return new CallOut(
                destination.name(),
                operation,
                request.getMethod(),
                request.getScheme() + "://" + request.getAuthority() + request.getRequestUri(),
                certificateNumber,
                null,
                null,
                documentId,
                part,
                body == null ? null : "application/json",
                counted == null ? 0 : counted.size,
                counted == null || counted.size == 0 ? null : counted.digest(),
                body == null ? null : body.getBytes(StandardCharsets.UTF_8),
                status,
                answer,
                at,
                (System.nanoTime() - start) / 1_000_000,
                failure,
                traceId,
                transactionId,
                workflowId);
    }

    private static final class Counted extends HttpEntityWrapper {

        private MessageDigest digest;
        private long size;

        Counted(HttpEntity entity) {
            super(entity);
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            size = 0;
            digest = sha256();
            super.writeTo(new DigestOutputStream(out, digest) {
                @Override
                public void write(int b) throws IOException {
                    super.write(b);
                    size++;
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    super.write(bytes, offset, length);
                    size += length;
                }
            });
        }

        byte[] digest() {
            return digest.digest();
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }
}
