package it.snodo.publication;

import com.fasterxml.jackson.annotation.JsonInclude;
import it.snodo.access.Audit;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.messages.Journal;
import java.security.Principal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Every delivery and how it stands, and what a person may do with a dead letter. For operators. */
@RestController
@RequestMapping("/api/v1/publications")
class PublicationsController {

    private static final int LIMIT = 200;

    private final JdbcClient jdbc;
    private final StoppedDeliveries stopped;
    private final Gates gates;
    private final Journal journal;
    private final Audit audit;

    PublicationsController(JdbcClient jdbc, StoppedDeliveries stopped, Gates gates, Journal journal, Audit audit) {
        this.jdbc = jdbc;
        this.stopped = stopped;
        this.gates = gates;
        this.journal = journal;
        this.audit = audit;
    }

    /**
     * @param nextTryAt null when nothing is planned
     * @param unknownOutcome an earlier try may have taken effect
     * @param exemptionId the exemption that AURA is told of; absent for others, as documentId and certificateNumber are for AURA
     * @param pratica number of the pratica that it was issued by
     * @param waitsFor the earlier delivery that has to end first; null when none
     * @param held why the whole destination is held, such as a pause; null when it is not, or the delivery does not wait
     * @param traceId what the other side's help desk searches by, with {@code transactionId}
     * @param lastAnswer what the other side said last; never of AURA, whose words may tell of the person
     * @param words what it means; of AURA what the code means
     * @param advice what helps
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Publication(
            long id,
            String destination,
            String action,
            String state,
            String documentId,
            Long certificateNumber,
            Long exemptionId,
            String pratica,
            int attempts,
            Instant lastTryAt,
            Instant nextTryAt,
            boolean unknownOutcome,
            Long waitsFor,
            String held,
            String traceId,
            String transactionId,
            String workflowInstanceId,
            String submissionId,
            Integer lastStatus,
            String lastCode,
            String lastAnswer,
            String words,
            String advice,
            String warning,
            Instant createdAt,
            Instant deliveredAt) {}

    /** The newest first, 200 at most. */
    record Page(List<Publication> items) {}

    @GetMapping
    Page list(
            @RequestParam(required = false) String documentId,
            @RequestParam(required = false) Long certificateNumber,
            @RequestParam(required = false) Long exemptionId,
            @RequestParam(required = false) String pratica,
            @RequestParam(required = false) Destination destination,
            @RequestParam(required = false) DeliveryState state) {
        return new Page(jdbc.sql("""
                        select d.*, (select min(e.id) from delivery e where d.state = 'WAITING'
                            and e.destination = d.destination and e.id < d.id
                            and (e.document_id in (d.document_id, d.after_document_id)
                              or e.destination = 'AURA' and e.patient_id = d.patient_id)
                            and e.state in ('WAITING', 'TAKEN')) as waits_for
                        from delivery d
                        where (cast(:document as text) is null or d.document_id = :document)
                          and (cast(:certificate as bigint) is null or d.certificate_number = :certificate)
                          and (cast(:exemption as bigint) is null or d.exemption_id = :exemption)
                          and (cast(:pratica as text) is null or d.pratica = :pratica)
                          and (cast(:destination as text) is null or d.destination = :destination)
                          and (cast(:state as text) is null or d.state = :state)
                        order by d.id desc limit :limit""")
                .param("document", documentId)
                .param("certificate", certificateNumber, java.sql.Types.BIGINT)
                .param("exemption", exemptionId, java.sql.Types.BIGINT)
                .param("pratica", pratica)
                .param("destination", destination == null ? null : destination.name())
                .param("state", state == null ? null : state.name())
                .param("limit", LIMIT)
                .query((row, n) -> publication(row))
                .list());
    }

    /** Tries a dead letter again, at once. */
    @PostMapping("/{id}/retry")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void retry(@PathVariable long id, Principal who) {
        if (!stopped.retry(id)) {
            throw new SnodoException(
                    SnodoCode.NOT_FOUND,
                    "L'invio " + id
                            + " non è fermo, oppure un invio successivo lo ha superato: non c'è nulla da ripetere.");
        }
        writeDown(id, "ripetizione", "di " + who.getName());
    }

    record Closing(String reason) {}

    /** Closes a delivery that will not be made, with a reason. */
    @PostMapping("/{id}/close")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void close(@PathVariable long id, @RequestBody Closing closing, Principal who) {
        if (closing.reason() == null || closing.reason().isBlank()) {
            throw new SnodoException(SnodoCode.REQUEST_INVALID, "Per chiudere un invio serve il motivo (reason).");
        }
        if (!stopped.close(id, closing.reason(), who.getName())) {
            throw new SnodoException(SnodoCode.NOT_FOUND, "L'invio " + id + " non è in attesa né fallito.");
        }
        writeDown(
                id, "chiusura", "di " + who.getName() + ": " + closing.reason().strip());
    }

    /** Who did it, in the message's steps and in the audit. */
    private void writeDown(long id, String step, String words) {
        record Of(Long messageId, String destination, String action) {}
        Of of = jdbc.sql("""
                        select c.message_id, d.destination, d.action from delivery d
                        left join certificate c on c.number = d.certificate_number where d.id = ?""").param(id).query(Of.class).single();
        String what = "invio " + id + " " + of.destination() + " " + of.action();
        if (of.messageId() != null) {
            journal.step(of.messageId(), step, "OK", what + ", " + words);
        }
        audit.read(what, null, step + " " + words);
    }

    private Publication publication(ResultSet row) throws SQLException {
        Instant next = instant(row, "next_try_at");
        String state = row.getString("state");
        boolean planned = (state.equals("WAITING") || state.equals("DELIVERED")) && next.isBefore(Verdict.NEVER);
        String trace = row.getString("trace_id");
        boolean aura = Destination.AURA.name().equals(row.getString("destination"));
        String words = row.getString("last_words");
        return new Publication(
                row.getLong("id"),
                row.getString("destination"),
                row.getString("action"),
                state,
                row.getString("document_id"),
                row.getObject("certificate_number", Long.class),
                row.getObject("exemption_id", Long.class),
                row.getString("pratica"),
                row.getInt("attempts"),
                instant(row, "last_try_at"),
                planned ? next : null,
                row.getBoolean("unknown"),
                (Long) row.getObject("waits_for"),
                state.equals("WAITING")
                        ? gates.standing(Destination.valueOf(row.getString("destination")))
                                .held()
                        : null,
                trace == null ? row.getString("sent_trace") : trace,
                row.getString("transaction_id"),
                row.getString("workflow_id"),
                row.getString("submission_id"),
                (Integer) row.getObject("last_status"),
                row.getString("last_code"),
                aura ? null : row.getString("last_answer"),
                aura
                        ? SnodoCode.find(row.getString("last_code"))
                                .map(SnodoCode::cause)
                                .orElse(words)
                        : words,
                row.getString("advice"),
                row.getString("warning"),
                instant(row, "created_at"),
                instant(row, "delivered_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }
}
