package it.snodo.publication.aura;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.tags.Tag;
import it.snodo.access.Audit;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What was said to AURA for a delivery, and answered. Those of other destinations are with their message. */
@RestController
@RequestMapping("/api/v1/publications/{delivery}/calls")
@Tag(name = "publications")
class AuraCallsController {

    private final JdbcClient db;
    private final Audit audit;

    AuraCallsController(JdbcClient db, Audit audit) {
        this.db = db;
        this.audit = audit;
    }

    /** In order. */
    record Calls(List<Call> items) {}

    /**
     * @param status HTTP status; absent when no whole answer came
     * @param failure why none came
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Call(
            long id,
            OffsetDateTime at,
            String operation,
            String url,
            long requestSize,
            Integer status,
            Long answerSize,
            long durationMs,
            String failure,
            String traceId) {}

    @GetMapping
    Calls list(@PathVariable long delivery) {
        return new Calls(db.sql("""
                        select id, at, operation, url, request_size, status, answer_size, duration_ms, failure, trace_id
                        from aura_call where delivery_id = ? order by id""").param(delivery).query(Call.class).list());
    }

    /** The SOAP message that was sent, without the password. */
    @GetMapping("/{call}/request")
    ResponseEntity<byte[]> request(@PathVariable long delivery, @PathVariable long call) {
        return bytes(delivery, call, "request", "lettura di una richiesta ad AURA");
    }

    /** The one that was answered. */
    @GetMapping("/{call}/answer")
    ResponseEntity<byte[]> answer(@PathVariable long delivery, @PathVariable long call) {
        return bytes(delivery, call, "answer", "lettura di una risposta di AURA");
    }

    private ResponseEntity<byte[]> bytes(long delivery, long call, String column, String action) {
        record Found(byte[] bytes, String patientId) {}
        Found found = db.sql("select c." + column + " as bytes, d.patient_id from aura_call c"
                        + " join delivery d on d.id = c.delivery_id where c.delivery_id = ? and c.id = ?")
                .params(delivery, call)
                .query(Found.class)
                .optional()
                .filter(one -> one.bytes() != null)
                .orElseThrow(() -> new SnodoException(
                        SnodoCode.NOT_FOUND,
                        "L'invio %d non ha una chiamata %d con questo contenuto.".formatted(delivery, call)));
        audit.read("invio " + delivery + " chiamata " + call, found.patientId(), action);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .body(found.bytes());
    }
}
