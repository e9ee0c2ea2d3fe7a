package it.snodo.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import it.snodo.access.Audit;
import it.snodo.certificate.CertificateChecks;
import it.snodo.certificate.CertificateChecks.Source;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequestCodec;
import it.snodo.certificate.PinSeal;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.flow.Rehearsal;
import it.snodo.flow.StoppedCertificates;
import it.snodo.flow.StoppedCertificates.Standing;
import it.snodo.intake.Incoming;
import it.snodo.intake.rest.RestIntake;
import it.snodo.messages.Journal;
import it.snodo.messages.MessageState;
import it.snodo.publication.StoppedDeliveries;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The request of a certificate that cannot go on, corrected by a person. Nothing of it may be published: then the certificate
 * keeps its number and identity and goes through all steps again. The message as it came stays as it came.
 */
@Component
class Repairs {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JdbcClient db;
    private final StoppedCertificates certificates;
    private final StoppedDeliveries deliveries;
    private final RestIntake reader;
    private final CertificateChecks checks;
    private final Rehearsal rehearsal;
    private final Journal journal;
    private final PinSeal pins;
    private final Audit audit;
    private final TransactionTemplate transaction;

    Repairs(
            JdbcClient db,
            StoppedCertificates certificates,
            StoppedDeliveries deliveries,
            RestIntake reader,
            CertificateChecks checks,
            Rehearsal rehearsal,
            Journal journal,
            PinSeal pins,
            Audit audit,
            PlatformTransactionManager transactions) {
        this.db = db;
        this.certificates = certificates;
        this.deliveries = deliveries;
        this.reader = reader;
        this.checks = checks;
        this.rehearsal = rehearsal;
        this.journal = journal;
        this.pins = pins;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * What an operator may edit.
     *
     * @param editable whether it may be corrected now
     * @param whyNot in words; null when it may
     * @param request canonical, with the PIN blackened: sent back so, it stays as it is
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Content(
            long messageId,
            long certificateNumber,
            String documentId,
            String stage,
            int revision,
            boolean editable,
            String whyNot,
            String failureCode,
            String failure,
            JsonNode request,
            List<Earlier> repairs) {}

    /** A correction made before. */
    record Earlier(OffsetDateTime at, String actor, String reason, JsonNode diff) {}

    Content content(long messageId) {
        long number = Message.of(db, messageId).certificate();
        Standing standing = certificates.look(number).orElseThrow();
        audit.read("messaggio " + messageId, standing.patientId(), "lettura della richiesta da correggere");
        Optional<String> whyNot = whyNot(standing);
        return new Content(
                messageId,
                number,
                standing.documentId(),
                standing.stage(),
                standing.revision(),
                whyNot.isEmpty(),
                whyNot.orElse(null),
                standing.failureCode(),
                standing.failure(),
                RequestDiff.editable(stored(standing.request())),
                earlier(number));
    }

    private List<Earlier> earlier(long number) {
        return db.sql("select at, actor, reason, diff from repair where certificate_number = ? order by id")
                .param(number)
                .query((row, n) -> new Earlier(
                        row.getObject("at", OffsetDateTime.class),
                        row.getString("actor"),
                        row.getString("reason"),
                        tree(row.getString("diff"))))
                .list();
    }

    private Optional<String> whyNot(Standing standing) {
        if (standing.isOvertaken()) {
            return Optional.of("Il certificato è stato sostituito o annullato.");
        }
        if (standing.isFailed()) {
            return certificates.obstacle(standing.number());
        }
        boolean stopped = deliveries.of(standing.number()).stream()
                .anyMatch(one -> one.state().equals("FAILED") || one.state().equals("STOPPED"));
        if (!standing.stage().equals("SIGNED") || !stopped) {
            return Optional.of("Il certificato non è fermo: si corregge solo ciò che non può proseguire da solo.");
        }
        return deliveries.neverWentOut(standing.number())
                ? Optional.empty()
                : Optional.of(
                        "Il documento è già arrivato, o può essere arrivato, a una destinazione: il suo contenuto non"
                                + " si cambia più, il mittente invii una sostituzione.");
    }

    /**
     * What a correction does, or would do.
     *
     * @param faults of the checks made at intake too; a correction that is stored has none
     * @param rehearsal how the document turns out when it is made now; null when the faults do not let it come so far
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Result(
            long messageId,
            long certificateNumber,
            boolean dryRun,
            int revision,
            List<RequestDiff.Field> diff,
            List<FaultView> faults,
            String rehearsal,
            String words) {}

    record FaultView(String code, String field, String pointer, String reason) {}

    /** A correction whose faults keep it from being stored. */
    static final class Faulty extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient List<Fault> faults;

        Faulty(List<Fault> faults) {
            super(faults.get(0).reason());
            this.faults = faults;
        }

        List<Fault> faults() {
            return faults;
        }
    }

    /**
     * @param revision that the operator has read; null when he does not say
     * @throws SnodoException NOT_FOUND, NOT_NOW, REVISION_MISSING, CHANGED_MEANWHILE, or why the document cannot be made
     * @throws Faulty when the corrected request would be refused at intake
     */
    Result repair(long messageId, Integer revision, JsonNode edited, String reason, String by, boolean dryRun) {
        return transaction.execute(status -> {
            long number = Message.of(db, messageId).certificate();
            Standing standing = certificates.lock(number).orElseThrow();
            CertificateRequest before = opened(stored(standing.request()));
            Incoming read = read(RequestDiff.withPin(edited, before), before, source(standing), by);
            if (revision == null) {
                throw new SnodoException(
                        SnodoCode.REVISION_MISSING,
                        "Leggere il contenuto con GET /api/v1/messages/%d/content e rimandare il suo ETag in If-Match."
                                .formatted(messageId));
            }
            if (revision != standing.revision()) {
                return again(messageId, standing, revision, read.request(), before, reason, by);
            }
            whyNot(standing).ifPresent(words -> {
                throw new SnodoException(SnodoCode.NOT_NOW, words);
            });
            List<RequestDiff.Field> diff = read.request() == null ? List.of() : RequestDiff.of(before, read.request());
            if (read.faults().isEmpty() && diff.isEmpty()) {
                throw new SnodoException(
                        SnodoCode.REQUEST_INVALID,
                        "La richiesta è uguale a quella conservata: per riprovare senza correzioni usare replay.");
            }
            if (dryRun) {
                return tried(messageId, standing, read, diff);
            }
            if (!read.faults().isEmpty()) {
                throw new Faulty(read.faults());
            }
            rehearsal.of(number, read.request()).ifPresent(e -> {
                throw e;
            });
            store(messageId, standing, read.request(), diff, reason, by);
            return new Result(
                    messageId,
                    number,
                    false,
                    certificates.look(number).orElseThrow().revision(),
                    diff,
                    List.of(),
                    null,
                    "La richiesta è corretta e il certificato riparte dall'inizio con lo stesso numero e identificativo.");
        });
    }

    /** As it came: what a doctor has to fill in was not asked of a system that sent a message, and is not now. */
    private Source source(Standing standing) {
        return Source.of(db.sql("select protocol from message where id = ?")
                .param(standing.messageId())
                .query(String.class)
                .single());
    }

    private Incoming read(JsonNode edited, CertificateRequest before, Source source, String by) {
        Incoming read =
                reader.parse(edited.toString().getBytes(StandardCharsets.UTF_8), null, by, "REST", "correzione");
        if (read.request() == null) {
            return read;
        }
        List<Fault> found = new ArrayList<>(checks.check(read.request(), source));
        CertificateRequest after = read.request();
        keep(found, "action", before.action(), after.action());
        keep(found, "sender", before.sender(), after.sender());
        keep(found, "documentNumber", before.documentNumber(), after.documentNumber());
        keep(found, "replacedDocumentNumber", before.replacedDocumentNumber(), after.replacedDocumentNumber());
        return read.withFaults(found);
    }

    /** What names the request stays. */
    private static void keep(List<Fault> faults, String field, Object before, Object after) {
        if (!Objects.equals(before, after)) {
            faults.add(Fault.at(
                    SnodoCode.REQUEST_INVALID,
                    field,
                    "Il campo «" + field + "» identifica la richiesta e non si può correggere."));
        }
    }

    private Result tried(long messageId, Standing standing, Incoming read, List<RequestDiff.Field> diff) {
        String rehearsed = read.faults().isEmpty()
                ? rehearsal
                        .of(standing.number(), read.request())
                        .map(e -> "Il documento non si potrebbe produrre: "
                                + e.code().code() + " " + e.getMessage())
                        .orElse("Il documento si produce e supera i controlli dell'hub.")
                : null;
        return new Result(
                messageId,
                standing.number(),
                true,
                standing.revision(),
                diff,
                read.faults().stream()
                        .map(f -> new FaultView(f.code().code(), f.path(), f.location(), f.reason()))
                        .toList(),
                rehearsed,
                "Prova: nulla è stato cambiato.");
    }

    /** The same correction sent once more, because its answer was lost, gets its answer; any other has come too late. */
    private Result again(
            long messageId,
            Standing standing,
            int revision,
            CertificateRequest asked,
            CertificateRequest stored,
            String reason,
            String by) {
        boolean same = asked != null
                && RequestDiff.of(stored, asked).isEmpty()
                && db.sql("""
                                select exists (select 1 from repair where certificate_number = ? and base_revision = ?
                                  and actor = ? and reason = ?)""")
                        .params(standing.number(), revision, by, reason)
                        .query(Boolean.class)
                        .single();
        if (!same) {
            throw Revision.changed();
        }
        return new Result(
                messageId,
                standing.number(),
                false,
                standing.revision(),
                List.of(),
                List.of(),
                null,
                "La correzione era già stata fatta: nulla è cambiato.");
    }

    private void store(
            long messageId,
            Standing standing,
            CertificateRequest after,
            List<RequestDiff.Field> diff,
            String reason,
            String by) {
        certificates.replaceRequest(standing.number(), after);
        if (standing.stage().equals("SIGNED")) {
            deliveries.makeObsolete(standing.number(), by);
            certificates.forgetSignature(standing.documentId());
        }
        certificates.restart(standing.number());
        journal.correct(messageId, after);
        db.sql("""
                        insert into repair (actor, message_id, certificate_number, base_revision, reason, before, after, diff)
                        values (?, ?, ?, ?, ?, ?, ?, cast(? as jsonb))""")
                .params(
                        by,
                        messageId,
                        standing.number(),
                        standing.revision(),
                        reason,
                        standing.request(),
                        CertificateRequestCodec.toXml(pins.sealed(after)),
                        json(diff))
                .update();
        journal.step(
                messageId,
                "correzione",
                "OK",
                "di " + by + ": " + reason + " ("
                        + String.join(
                                ", ",
                                diff.stream().map(RequestDiff.Field::field).toList())
                        + ")");
        journal.state(messageId, MessageState.PROCESSING);
        audit.read("messaggio " + messageId, standing.patientId(), "correzione della richiesta: " + reason);
    }

    /** A PIN that no key opens any more is left sealed: a correction that gives it anew must be possible. */
    private CertificateRequest opened(CertificateRequest request) {
        try {
            return pins.opened(request);
        } catch (SnodoException e) {
            return request;
        }
    }

    private static CertificateRequest stored(String xml) {
        try {
            return CertificateRequestCodec.fromXml(xml);
        } catch (JsonProcessingException e) {
            throw new SnodoException(SnodoCode.INTERNAL, "La richiesta conservata non è leggibile.", e);
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a diff can always be written", e);
        }
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("jsonb is JSON", e);
        }
    }
}
