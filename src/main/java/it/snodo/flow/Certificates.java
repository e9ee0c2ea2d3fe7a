package it.snodo.flow;

import it.snodo.fault.SnodoCode;
import it.snodo.messages.Journal;
import it.snodo.messages.MessageState;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.SimplePropertyRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The register as the steps use it: each move from one stage to the next happens once, whoever tries it twice. */
@Component
class Certificates {

    private static final String COLUMNS =
            "number, message_id, stage, state, document_id, set_id, version, replaces_document_id, request,"
                    + " patient_id, made_at";

    private static final String ROW = "select " + COLUMNS + " from certificate";

    /**
     * Nobody has annulled it, and it waits for nothing: a certificate that replaces one still on its way cannot say yet
     * what it replaces, for that one may fail.
     */
    private static final String FREE = """
             and certificate.state <> 'ANNULLATO' and not exists (
               select 1 from certificate earlier where earlier.document_id = certificate.replaces_document_id
                 and earlier.stage in ('RECEIVED', 'DOCUMENT', 'AWAITING_SIGNATURE'))
             and (certificate.next_step_at is null or certificate.next_step_at <= now())
            """;

    private static final RowMapper<CertificateWork.Row> ROWS = new SimplePropertyRowMapper<>(CertificateWork.Row.class);

    private final JdbcClient db;
    private final Journal journal;
    private final StepProperties steps;
    private final StepsSeen seen = new StepsSeen();
    private final TransactionTemplate transaction;

    Certificates(JdbcClient db, Journal journal, StepProperties steps, PlatformTransactionManager transactions) {
        this.db = db;
        this.journal = journal;
        this.steps = steps;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** The certificate, when it still is at that stage and free to go on. */
    Optional<CertificateWork> at(String stage, long number) {
        return db.sql(ROW + " where number = ? and stage = ?" + FREE)
                .params(number, stage)
                .query(CertificateWork.Row.class)
                .optional()
                .map(CertificateWork::of);
    }

    /**
     * The same for the worker that begins the step. A step that is begun again and again and never ends takes the process
     * with it each time: then it is not begun any more, and a person looks. Whether it does, or the process was ended by
     * somebody else, cannot be known; so what counts most is to be interrupted where others came to their end, and each
     * interruption makes the next try later, that it is not always the same one that a kill finds at work.
     */
    Optional<CertificateWork> begin(String stage, String step, long number) {
        int counts = seen.begins(stage, number);
        Optional<Begun> begun = db.sql("""
                        update certificate set step_opened = step_opened + :counts,
                          next_step_at = case when step_opened > 0 and :counts > 0
                            then now() + make_interval(secs => least(:longest, greatest(:first, step_opened))) end
                        where number = :number and stage = :stage""" + FREE + " returning step_opened, " + COLUMNS)
                .param("counts", counts)
                .param("first", Recovery.STANDS_STILL_SECONDS)
                .param("longest", seconds(steps.longestBackOff()))
                .param("number", number)
                .param("stage", stage)
                .query((row, n) -> new Begun(row.getInt("step_opened"), ROWS.mapRow(row, n)))
                .optional();
        if (begun.isEmpty()) {
            if (counts > 0) {
                seen.notBegun(stage, number);
            }
            return Optional.empty();
        }
        if (begun.get().counted() > steps.maxInterruptions() * StepsSeen.WHERE_STEPS_END) {
            fail(
                    number,
                    stage,
                    step,
                    SnodoCode.STEP_INTERRUPTED,
                    "Il passo «%s» si è interrotto più di %d volte insieme al processo che lo eseguiva: l'hub non riprova più da solo."
                            .formatted(step, steps.maxInterruptions()));
            return Optional.empty();
        }
        return Optional.of(CertificateWork.of(begun.get().row()));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private record Begun(int counted, CertificateWork.Row row) {}

    /** @return false when somebody else moved it before: then nothing of this attempt may take effect */
    boolean move(long number, String from, String to) {
        boolean moved =
                db.sql("update certificate set stage = ?, step_opened = 0, step_failures = 0, next_step_at = null,"
                                        + " failure_code = null, failure = null, updated_at = now() where number = ? and stage = ?"
                                        + " and state <> 'ANNULLATO'")
                                .params(to, number, from)
                                .update()
                        == 1;
        if (moved) {
            afterCommit(() -> seen.ended(from, number));
        }
        return moved;
    }

    /** A step is done when its commit is: what the disk has no room for is taken back. */
    private static void afterCommit(Runnable what) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            what.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                what.run();
            }
        });
    }

    void state(long number, String state) {
        db.sql("update certificate set state = ?, updated_at = now() where number = ?")
                .params(state, number)
                .update();
    }

    /**
     * A certificate that replaces one that failed, and so never went out, takes its place: it replaces what that one was
     * to replace, or is the first of its set. It fails when that has been annulled or replaced meanwhile.
     */
    void takePlaceOfFailed(long number) {
        transaction.executeWithoutResult(status -> {
            lock(number);
            Optional<NotCurrent> why = row(number)
                    .filter(row -> row.stage().equals("RECEIVED"))
                    .flatMap(row -> notCurrent(number, row.replacesDocumentId()));
            if (why.isPresent()) {
                fail(
                        number,
                        "RECEIVED",
                        "documento",
                        SnodoCode.DOCUMENT_NOT_CURRENT,
                        why.get().words() + ".");
            } else {
                takePlace(number);
            }
        });
    }

    /** @param passing whether it may be over later @param words a sentence, without its point */
    record NotCurrent(boolean passing, String words) {}

    /**
     * Why a certificate cannot replace a document, or what a failed one was to replace; empty when it can. What it would
     * replace is locked until the transaction ends.
     */
    Optional<NotCurrent> notCurrent(long number, String documentId) {
        record Earlier(long number, String state, String stage, String documentId, String replacesDocumentId) {}
        Earlier earlier = null;
        for (String next = documentId; next != null; ) {
            earlier = db.sql("select number, state, stage, document_id, replaces_document_id from certificate"
                            + " where document_id = ? for no key update")
                    .param(next)
                    .query(Earlier.class)
                    .single();
            next = earlier.stage().equals("FAILED") ? earlier.replacesDocumentId() : null;
        }
        if (earlier == null) {
            return Optional.empty();
        }
        String named = "Il documento che il certificato " + number + " sostituisce ";
        if (earlier.state().equals("ANNULLATO")) {
            return Optional.of(new NotCurrent(false, named + "è stato annullato"));
        }
        boolean annulling = db.sql("select exists (select 1 from annulment where certificate_number = ?"
                        + " and state in ('RICHIESTO', 'DA_FIRMARE'))")
                .param(earlier.number())
                .query(Boolean.class)
                .single();
        if (annulling) {
            return Optional.of(new NotCurrent(true, named + "è in corso di annullamento"));
        }
        // Not by its state: the one that replaced it may be this very certificate, corrected after its signature.
        // One that replaces a failed replacement will take its place.
        boolean replaced = db.sql("""
                        with recursive later (number, document_id, stage) as (
                          select number, document_id, stage from certificate where replaces_document_id = ? and number <> ?
                          union
                          select c.number, c.document_id, c.stage from certificate c join later on later.stage = 'FAILED'
                            and c.replaces_document_id = later.document_id and c.number <> ?)
                        select exists (select 1 from later where stage not in ('FAILED', 'ENDED'))""")
                .params(earlier.documentId(), number, number)
                .query(Boolean.class)
                .single();
        return replaced
                ? Optional.of(new NotCurrent(false, named + "è già stato sostituito da un altro"))
                : Optional.empty();
    }

    private void takePlace(long number) {
        int replaced;
        do {
            replaced = db.sql("""
                            with failed as (
                              update certificate earlier set state = 'SOSTITUITO', updated_at = now()
                              from certificate later
                              where later.number = ? and later.stage = 'RECEIVED' and later.state <> 'ANNULLATO'
                                and earlier.document_id = later.replaces_document_id and earlier.stage = 'FAILED'
                              returning earlier.replaces_document_id, earlier.version, earlier.set_id)
                            update certificate set replaces_document_id = failed.replaces_document_id,
                              version = failed.version, updated_at = now(),
                              set_id = case when failed.replaces_document_id is null then document_id
                                else failed.set_id end
                            from failed where number = ?""").params(number, number).update();
        } while (replaced > 0);
    }

    /** Those that waited for this one before they could go on. */
    List<Long> replacements(long number) {
        return db.sql("""
                        select later.number from certificate later join certificate earlier
                          on later.replaces_document_id = earlier.document_id
                        where earlier.number = ? and later.stage = 'RECEIVED' order by later.number
                        """).param(number).query(Long.class).list();
    }

    /**
     * Stops a certificate until a person looks at it, unless it has left the stage where the step failed: another worker
     * may have done the same step meanwhile, and well.
     */
    void fail(long number, String stage, String step, SnodoCode code, String reason) {
        db.sql("update certificate set stage = 'FAILED', failure_code = ?, failure = ?, revision = revision + 1,"
                        + " closed_at = null, closed_by = null, updated_at = now()"
                        + " where number = ? and stage = ? returning message_id")
                .params(code.code(), reason, number, stage)
                .query(Long.class)
                .optional()
                .ifPresent(message -> {
                    seen.left(stage, number);
                    journal.step(message, step, "FAILED", code.code() + " " + reason);
                    journal.state(message, MessageState.FAILED);
                });
    }

    /**
     * Tries the step again later, after a failure that may pass; after too many of them, as {@link #fail}. They are too many
     * when others are done meanwhile. What fails for all is the ground's fault and not theirs: that ends with their age, but
     * for an error of our own code, which may be one message's and has no others to be compared with.
     */
    void later(long number, String stage, String step, SnodoCode code, String reason) {
        boolean othersEnd = seen.failsWhileOthersEnd(stage, number);
        Optional<Failed> failed = db.sql("""
                        update certificate set step_failures = step_failures + 1, step_opened = 0, failure_code = ?, failure = ?,
                          next_step_at = now() + make_interval(secs => least(?, ? * power(2, least(step_failures, 20)))),
                          updated_at = now()
                        where number = ? and stage = ? returning step_failures, message_id,
                          made_at < now() - make_interval(secs => ?) as old""")
                .params(
                        code.code(),
                        reason,
                        seconds(steps.longestBackOff()),
                        seconds(steps.firstBackOff()),
                        number,
                        stage,
                        seconds(steps.giveUpAfter()))
                .query(Failed.class)
                .optional();
        if (failed.isEmpty()) {
            seen.left(stage, number);
            return;
        }
        int times = failed.get().stepFailures();
        boolean ownFault =
                othersEnd || failed.get().old() || code == SnodoCode.INTERNAL && times >= steps.maxAttempts() * ALONE;
        if (times >= steps.maxAttempts() && ownFault) {
            fail(number, stage, step, code, reason + " Dopo " + times + " tentativi l'hub non riprova più da solo.");
        } else if (times <= steps.maxAttempts() || times % steps.maxAttempts() == 0) {
            journal.step(failed.get().messageId(), step, "RIPROVA", code.code() + " " + reason);
        }
    }

    /** So many times as often is tried what fails by an error of ours while nothing else is there that could succeed. */
    private static final int ALONE = 4;

    private record Failed(int stepFailures, long messageId, boolean old) {}

    /**
     * Certificates that nobody has moved for a while, as after a lost hint or a crash. Each is given out once in that
     * while, so that hints do not pile up behind a slow step and none stands in front of the others for ever.
     *
     * @param most how many at once, the longest waiting
     * @return those first whose step has been interrupted least: a process that ends soon finds another one at work each time
     */
    List<Long> standingStill(String stage, int seconds, int most) {
        return db.sql("""
                        update certificate set updated_at = now(), next_step_at = null where number in (
                          select number from certificate where stage = ?
                            and (updated_at <= now() - make_interval(secs => ?) or next_step_at <= now())
                        """ + FREE + """
                          order by updated_at, number limit ? for update skip locked)
                        returning number, step_opened""").params(stage, seconds, most).query(Still.class).list().stream()
                .sorted(Comparator.comparing(Still::stepOpened).thenComparing(Still::number))
                .map(Still::number)
                .toList();
    }

    private record Still(long number, int stepOpened) {}

    /** The hub signs by itself: what waited for a doctor, as it was set up before, goes on without him. */
    void awaitNoDoctor() {
        db.sql("update certificate set stage = 'DOCUMENT', updated_at = now() - interval '1 hour'"
                        + " where stage = 'AWAITING_SIGNATURE' and state = 'DA_FIRMARE'")
                .update();
    }

    /** Nobody else changes it until the transaction ends; what refers to it can be written meanwhile. */
    void lock(long number) {
        db.sql("select number from certificate where number = ? for no key update")
                .param(number)
                .query(Long.class)
                .optional();
    }

    Optional<CertificateWork.Row> row(long number) {
        return db.sql(ROW + " where number = ?")
                .param(number)
                .query(CertificateWork.Row.class)
                .optional();
    }
}
