package it.snodo.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import it.snodo.access.Audit;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What went out because of a message, and what was answered. */
@RestController
@RequestMapping("/api/v1/messages/{message}/calls")
class MessageCallsController {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");

    private final JdbcClient db;
    private final Audit audit;

    MessageCallsController(JdbcClient db, Audit audit) {
        this.db = db;
        this.audit = audit;
    }

    /** All calls of a message, in order. */
    record Calls(List<Call> items) {}

    /**
     * One call.
     *
     * @param documentPart which bytes of the document went along, UNSIGNED_PDF or SIGNED_PDF
     * @param requestSize bytes of the body as it went over the wire, the document included
     * @param requestSha256 of these bytes, hexadecimal
     * @param status HTTP status; absent when no whole answer came
     * @param failure why none came
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Call(
            long id,
            OffsetDateTime at,
            String destination,
            String operation,
            String method,
            String url,
            Long deliveryId,
            String documentId,
            String documentPart,
            long requestSize,
            String requestSha256,
            Integer status,
            Long answerSize,
            String answerSha256,
            long durationMs,
            String failure,
            String traceId,
            String govwayId,
            String workflowInstanceId) {}

    @GetMapping
    Calls list(@PathVariable long message) {
        Calls calls = new Calls(
                db.sql("""
                        select id, at, destination, operation, method, url, delivery_id, document_id, document_part,
                          request_size, request_sha256, status, answer_size, answer_sha256, duration_ms, failure, trace_id,
                          transaction_id, workflow_id
                        from message_call where message_id = ? order by id""").param(message).query((row, n) -> call(row)).list());
        if (calls.items().isEmpty()
                && !db.sql("select exists (select 1 from message where id = ?)")
                        .param(message)
                        .query(Boolean.class)
                        .single()) {
            throw new SnodoException(SnodoCode.NOT_FOUND, "Nessun messaggio con identificativo %d.".formatted(message));
        }
        return calls;
    }

    /** The body that was sent, without the document, which is in the archive, and without PIN. */
    @GetMapping("/{call}/request")
    ResponseEntity<byte[]> request(@PathVariable long message, @PathVariable long call) {
        return bytes(message, call, "request", "lettura di una richiesta inviata");
    }

    /** The body that was answered. */
    @GetMapping("/{call}/answer")
    ResponseEntity<byte[]> answer(@PathVariable long message, @PathVariable long call) {
        return bytes(message, call, "answer", "lettura di una risposta ricevuta");
    }

    private ResponseEntity<byte[]> bytes(long message, long call, String column, String action) {
        record Found(byte[] bytes, String patientId) {}
        Found found = db.sql("select c." + column + " as bytes, m.patient_id from message_call c"
                        + " left join message m on m.id = c.message_id where c.message_id = ? and c.id = ?")
                .params(message, call)
                .query(Found.class)
                .optional()
                .filter(one -> one.bytes() != null)
                .orElseThrow(() -> new SnodoException(
                        SnodoCode.NOT_FOUND,
                        "Il messaggio %d non ha una chiamata %d con questo contenuto.".formatted(message, call)));
        audit.read("message " + message + " call " + call, found.patientId(), action);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .body(found.bytes());
    }

    private static Call call(ResultSet row) throws SQLException {
        return new Call(
                row.getLong("id"),
                row.getObject("at", OffsetDateTime.class)
                        .atZoneSameInstant(ROME)
                        .toOffsetDateTime(),
                row.getString("destination"),
                row.getString("operation"),
                row.getString("method"),
                row.getString("url"),
                row.getObject("delivery_id", Long.class),
                row.getString("document_id"),
                row.getString("document_part"),
                row.getLong("request_size"),
                hex(row.getBytes("request_sha256")),
                row.getObject("status", Integer.class),
                row.getObject("answer_size", Long.class),
                hex(row.getBytes("answer_sha256")),
                row.getLong("duration_ms"),
                row.getString("failure"),
                row.getString("trace_id"),
                row.getString("transaction_id"),
                row.getString("workflow_id"));
    }

    private static String hex(byte[] bytes) {
        return bytes == null ? null : HexFormat.of().formatHex(bytes);
    }
}
