package it.snodo.publication;

import io.micrometer.core.instrument.MeterRegistry;
import it.snodo.exemption.Exemptions;
import it.snodo.fault.SnodoCode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The outbox: what outside systems still owe us, in the table {@code delivery}. A business change and the deliveries it
 * causes commit together; lanes take them under lease, try them, and settle what came of it.
 *
 * <p>Order: a delivery is taken only when no earlier one of the same document at the same destination is still open, nor
 * one of the document that it replaces. Documents do not wait for each other otherwise.
 */
@Component("outbox")
public class Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    /** Joins the caller's and begins none: without one it throws. */
    private final TransactionTemplate callersTransaction;

    private final Standings standings;
    private final ExemptionEnds exemptionEnds;
    private final PublicationProperties properties;
    private final Gates gates;
    private final MeterRegistry meters;
    private final Clock clock;
    private volatile boolean leasesTakenBack;
    /** Destinations of which this process has brought tries to their end. */
    private final Set<Destination> served = ConcurrentHashMap.newKeySet();
    /** What this process has under lease: a lease that runs out while the machine stands still ends no process. */
    private final Set<Long> held = ConcurrentHashMap.newKeySet();

    @Autowired
    public Outbox(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            ObjectProvider<PublicationListener> listener,
            ObjectProvider<Exemptions> exemptions,
            PublicationProperties properties,
            Gates gates,
            MeterRegistry meters) {
        this(jdbc, transactions, listener, exemptions, properties, gates, meters, Clock.systemUTC());
    }

    Outbox(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            ObjectProvider<PublicationListener> listener,
            ObjectProvider<Exemptions> exemptions,
            PublicationProperties properties,
            Gates gates,
            MeterRegistry meters,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.callersTransaction = new TransactionTemplate(
                transactions, new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_MANDATORY));
        this.standings = new Standings(jdbc, listener);
        this.exemptionEnds = new ExemptionEnds(exemptions);
        this.properties = properties;
        this.gates = gates;
        this.meters = meters;
        this.clock = clock;
    }

    // --- coming in -------------------------------------------------------------------------------------------

    /**
     * Adds deliveries, inside the caller's transaction.
     *
     * @param documentId the document published, or for a withdrawal the one withdrawn
     * @param certificateNumber the certificate that is published once all of them are delivered
     * @throws org.springframework.transaction.IllegalTransactionStateException when there is no transaction
     */
    public void enqueue(String documentId, long certificateNumber, List<DeliveryAction> actions) {
        callersTransaction.executeWithoutResult(
                status -> actions.forEach(action -> insert(documentId, certificateNumber, action, null)));
    }

    /** Adds one delivery with what it needs beyond the document, as JSON; inside the caller's transaction. */
    public void enqueue(String documentId, long certificateNumber, DeliveryAction action, String payload) {
        callersTransaction.executeWithoutResult(status -> insert(documentId, certificateNumber, action, payload));
    }

    private void insert(String documentId, long certificateNumber, DeliveryAction action, String payload) {
        jdbc.sql("""
                        insert into delivery (destination, action, document_id, after_document_id, certificate_number,
                          patient_id, state, payload, sent_trace)
                        values (:destination, :action, :document,
                          (select c.replaces_document_id from document d join certificate c on c.number = d.certificate_number
                            where d.id = :document),
                          :certificate, (select patient_id from document where id = :document),
                          'WAITING', cast(:payload as jsonb), :trace)""")
                .param("destination", action.destination().name())
                .param("action", action.name())
                .param("document", documentId)
                .param("certificate", certificateNumber)
                .param("payload", payload)
                .param("trace", trace())
                .update();
    }

    /**
     * Owes AURA something of an exemption, inside the caller's transaction; after what is owed of the same person already. An
     * earlier delivery of the same that was refused is closed by this one.
     *
     * @param fiscalCode codice fiscale of the person, whose deliveries keep their order
     * @param pratica number of the pratica, for whoever searches by it
     */
    public void enqueueExemption(long exemptionId, String fiscalCode, String pratica, DeliveryAction action) {
        callersTransaction.executeWithoutResult(status -> {
            jdbc.sql("""
                            update delivery set state = 'STOPPED', closed_at = coalesce(closed_at, now()), closed_by = 'hub',
                              next_try_at = timestamptz '9999-01-01', updated_at = now()
                            where exemption_id = :exemption and state = 'FAILED'""").param("exemption", exemptionId).update();
            jdbc.sql("""
                            insert into delivery (destination, action, exemption_id, patient_id, pratica, state, sent_trace)
                            values (:destination, :action, :exemption, :person, :pratica, 'WAITING', :trace)""")
                    .param("destination", action.destination().name())
                    .param("action", action.name())
                    .param("exemption", exemptionId)
                    .param("person", fiscalCode)
                    .param("pratica", pratica)
                    .param("trace", trace())
                    .update();
        });
    }

    private static String trace() {
        byte[] trace = new byte[16];
        ThreadLocalRandom.current().nextBytes(trace);
        return HexFormat.of().formatHex(trace);
    }

    /** What is owed of an exemption is due now; of the same person, what has to be sent before it as well. */
    public void dueNow(long exemptionId) {
        jdbc.sql("""
                        update delivery set next_try_at = now()
                        where state = 'WAITING' and next_try_at > now() and destination = 'AURA'
                          and patient_id in (select patient_id from delivery where exemption_id = ?)""").param(exemptionId).update();
    }

    /**
     * What is owed of an exemption.
     *
     * @param open deliveries that wait or are under way
     * @param attempts tries of them so far
     * @param underWay whether one of the same person is being tried
     */
    public record Owed(int open, int attempts, boolean underWay) {}

    public Owed owed(long exemptionId) {
        return jdbc.sql("""
                        select count(*) filter (where exemption_id = :exemption) as open,
                          coalesce(sum(attempts) filter (where exemption_id = :exemption), 0) as attempts,
                          coalesce(bool_or(state = 'TAKEN'), false) as under_way
                        from delivery where state in ('WAITING', 'TAKEN') and destination = 'AURA'
                          and patient_id in (select patient_id from delivery where exemption_id = :exemption)""").param("exemption", exemptionId).query(Owed.class).single();
    }

    // --- lanes -----------------------------------------------------------------------------------------------

    /** As {@link #take(Destination, int, OrderKey)}, in the order of documents. */
    public List<Delivery> take(Destination destination, int wanted) {
        return take(destination, wanted, OrderKey.DOCUMENT);
    }

    /**
     * Takes up to {@code wanted} due deliveries of a destination under lease; none while its gate is shut. A lease that has
     * run out is taken over, and such a delivery counts as one that may have taken effect. One whose tries end again and
     * again with the process that makes them is not given out any more: it becomes a dead letter. Most counts what happens
     * in a process that had brought others to their end (a hub killed soon after each start is no delivery's fault), and each
     * interruption puts the next try off, so that it is not always the same one that a kill finds at work.
     */
    public List<Delivery> take(Destination destination, int wanted, OrderKey order) {
        takeBackOwnLeases();
        Gate gate = gates.of(destination);
        int allowed = gate.allow(wanted);
        if (allowed <= 0) {
            return List.of();
        }
        List<Taken> taken = List.of();
        try {
            taken = transaction.execute(
                    status -> jdbc.sql(TAKE.formatted(order == OrderKey.PATIENT ? OF_THE_SAME_PATIENT : ""))
                            .param("lease", properties.lease().toMillis() + " milliseconds")
                            .param("instance", properties.instance())
                            .param("destination", destination.name())
                            .param("allowed", allowed)
                            .param("counts", served.contains(destination) ? WHERE_TRIES_END : 1)
                            .param("held", new SqlArrayValue("bigint", held.toArray()))
                            .query((row, n) -> new Taken(delivery(row, n), row.getInt("interrupted")))
                            .list());
        } finally {
            gate.started(taken.size());
        }
        List<Delivery> given = new ArrayList<>();
        for (Taken one : taken) {
            held.add(one.delivery().id());
            if (one.interrupted() <= properties.maxInterruptions() * WHERE_TRIES_END + WHERE_TRIES_END) {
                given.add(one.delivery());
            } else {
                settle(one.delivery(), interrupted());
            }
        }
        return given;
    }

    /** What an interruption counts in a process that has brought tries to their end before; in one that has not: 1. */
    private static final int WHERE_TRIES_END = 10;

    private record Taken(Delivery delivery, int interrupted) {}

    private static final String TAKE = """
            update delivery set state = 'TAKEN', attempts = attempts + 1, lease_number = lease_number + 1, last_try_at = now(),
              unknown = unknown or state = 'TAKEN',
              interrupted = case when id = any(:held) then interrupted else interrupted + :counts end,
              next_try_at = now() + make_interval(secs => least(300, interrupted)),
              leased_until = now() + cast(:lease as interval), leased_by = :instance, updated_at = now()
            where id in (
              select d.id from delivery d
              where d.destination = :destination and d.state in ('WAITING', 'TAKEN')
                and d.next_try_at <= now()
                and (d.state = 'WAITING' or d.leased_until < now())
                and not exists (
                  select 1 from delivery e
                  where e.destination = d.destination and e.id < d.id
                    and e.document_id in (d.document_id, d.after_document_id)
                    and e.state in ('WAITING', 'TAKEN'))
                %s
              order by d.next_try_at, d.id
              limit :allowed
              for update skip locked)
            returning *""";

    private static final String OF_THE_SAME_PATIENT = """
            and not exists (
                  select 1 from delivery e
                  where e.destination = d.destination and e.id < d.id and e.patient_id = d.patient_id
                    and e.state in ('WAITING', 'TAKEN'))""";

    private Outcome interrupted() {
        return new Outcome.Repair(
                Answer.none(),
                SnodoCode.STEP_INTERRUPTED,
                "L'invio si è interrotto più di %d volte insieme al processo che lo faceva: l'hub non riprova più da solo."
                        .formatted(properties.maxInterruptions()));
    }

    /** What this instance held when it died is due at once: nobody else is at it. */
    private void takeBackOwnLeases() {
        if (leasesTakenBack) {
            return;
        }
        synchronized (this) {
            if (!leasesTakenBack) {
                int back = jdbc.sql(
                                "update delivery set leased_until = now() - interval '1 second' where state = 'TAKEN' and leased_by = :instance")
                        .param("instance", properties.instance())
                        .update();
                if (back > 0) {
                    LOG.info("{} invii lasciati a metà dall'ultimo arresto vengono ripresi", back);
                }
                leasesTakenBack = true;
            }
        }
    }

    /**
     * Writes down what came of a try. Nothing is written when the lease has passed to another: its holder's word counts.
     *
     * @return false when the lease was no longer ours
     */
    public boolean settle(Delivery delivery, Outcome outcome) {
        Verdict verdict = verdict(delivery, outcome);
        // what an exemption was refused is its pratica's business from here on, and nobody's dead letter
        boolean ended = delivery.exemptionId() != null && verdict.state() == DeliveryState.STOPPED;
        boolean ours = Boolean.TRUE.equals(transaction.execute(status -> {
            if (delivery.certificateNumber() != null) {
                standings.lock(delivery.certificateNumber());
            }
            Answer answer = outcome.answer();
            int rows = jdbc.sql("""
                            update delivery set state = :state, next_try_at = :next, leased_until = null, leased_by = null, interrupted = 0,
                              unknown = :unknown, failures = failures + :counts,
                              trace_id = coalesce(:trace, trace_id), workflow_id = coalesce(:workflow, workflow_id),
                              transaction_id = coalesce(:transaction, transaction_id),
                              last_status = :status, last_code = :code, last_answer = :answer, last_words = :words,
                              advice = :advice, warning = coalesce(:warning, warning),
                              delivered_at = case when :delivered then coalesce(delivered_at, now()) else delivered_at end,
                              polls = case when :delivered then 0 else polls end, updated_at = now(),
                              closed_at = case when :ended then now() else closed_at end,
                              closed_by = case when :ended then 'hub' else closed_by end
                            where id = :id and state = 'TAKEN' and lease_number = :lease""")
                    .param("state", verdict.state().name())
                    .param("next", Timestamp.from(verdict.next()))
                    .param("unknown", verdict.unknown())
                    .param("counts", verdict.counts() ? 1 : 0)
                    .param("trace", answer.traceId())
                    .param("workflow", answer.workflowId())
                    .param("transaction", answer.transactionId())
                    .param("status", answer.status() == 0 ? null : answer.status(), java.sql.Types.INTEGER)
                    .param(
                            "code",
                            verdict.code() == null ? null : verdict.code().code())
                    .param("answer", answer.summary())
                    .param("words", verdict.words())
                    .param(
                            "advice",
                            verdict.code() == null ? null : verdict.code().advice())
                    .param("warning", answer.warning())
                    .param("delivered", verdict.state().isThere())
                    .param("ended", ended)
                    .param("id", delivery.id())
                    .param("lease", delivery.lease())
                    .update();
            if (rows == 1 && delivery.certificateNumber() != null) {
                standings.tell(delivery.certificateNumber());
            } else if (rows == 1) {
                exemptionEnds.tell(delivery, verdict, outcome);
            }
            return rows == 1;
        }));
        held.remove(delivery.id());
        served.add(delivery.destination());
        breath(delivery.destination(), outcome);
        count(delivery, verdict.state(), outcome);
        if (ours && (verdict.state() == DeliveryState.FAILED || verdict.state() == DeliveryState.STOPPED)) {
            LOG.warn(
                    "Invio {} {} {} di {}: {} {} (HTTP {}, traccia {}, transazione {})",
                    delivery.id(),
                    delivery.destination(),
                    delivery.action(),
                    delivery.exemptionId() == null
                            ? "documento " + delivery.documentId()
                            : "esenzione " + delivery.exemptionId(),
                    verdict.state(),
                    verdict.code().code(),
                    outcome.answer().status(),
                    outcome.answer().traceId(),
                    outcome.answer().transactionId());
        }
        return ours;
    }

    private Verdict verdict(Delivery delivery, Outcome outcome) {
        Destination destination = delivery.destination();
        return Verdict.of(delivery, outcome, properties.policy(destination), gates.of(destination), clock);
    }

    /** Tells the gate how the destination is, and calls the waiting ones once it is back. */
    private void breath(Destination destination, Outcome outcome) {
        Gate gate = gates.of(destination);
        if (outcome instanceof Outcome.Retry retry) {
            if (retry.code() == SnodoCode.INTERNAL) {
                gate.abandoned();
            } else if (retry.outage() && retry.after() != null) {
                gate.waitAsAsked(properties.policy(destination).backOff(1, retry.after()), retry.words());
            } else if (retry.outage()) {
                gate.failed(retry.words());
            } else {
                gate.abandoned();
            }
        } else if (gate.succeeded()) {
            jdbc.sql("""
                            update delivery set next_try_at = now()
                            where destination = :destination and state = 'WAITING' and next_try_at > now()
                              and last_code in (:codes)""")
                    .param("destination", destination.name())
                    .param("codes", OF_AN_OUTAGE)
                    .update();
        }
    }

    /** Reasons to wait that are gone once the destination has taken something. */
    private static final List<String> OF_AN_OUTAGE = Stream.of(
                    SnodoCode.DESTINATION_UNREACHABLE,
                    SnodoCode.DESTINATION_TLS,
                    SnodoCode.HUB_NOT_RECOGNISED,
                    SnodoCode.DESTINATION_ERROR,
                    SnodoCode.DESTINATION_BUSY,
                    SnodoCode.OUTCOME_UNKNOWN,
                    SnodoCode.PUBLICATION_NOT_CONFIGURED,
                    SnodoCode.AURA_NOT_CONFIGURED,
                    SnodoCode.AURA_UNREACHABLE,
                    SnodoCode.AURA_SILENT,
                    SnodoCode.AURA_TLS,
                    SnodoCode.AURA_NOT_AUTHORISED,
                    SnodoCode.AURA_FAULT,
                    SnodoCode.AURA_BUSY)
            .map(SnodoCode::code)
            .toList();

    private void count(Delivery delivery, DeliveryState state, Outcome outcome) {
        meters.counter(
                        "snodo.deliveries",
                        "destination",
                        delivery.destination().name(),
                        "action",
                        delivery.action().name(),
                        "state",
                        state.name(),
                        "outcome",
                        outcome.getClass().getSimpleName())
                .increment();
    }

    /**
     * Asks leave for a call outside the lanes, such as a validation: false while its gate is shut. After a true the
     * caller says with {@link #reached} what came of it.
     */
    public boolean mayCall(Destination destination) {
        Gate gate = gates.of(destination);
        int allowed = gate.allow(1);
        gate.started(allowed);
        return allowed > 0;
    }

    /** What came of a call outside the lanes. */
    public void reached(Destination destination, Outcome outcome) {
        breath(destination, outcome);
    }

    // --- confirmation ----------------------------------------------------------------------------------------

    /** Deliveries whose confirmation is to be asked for now; each is put off for the next time as it is given out. */
    public List<Delivery> takeUnconfirmed(Destination destination, int wanted) {
        int allowed = gates.of(destination).isShut() ? 0 : wanted;
        if (allowed == 0) {
            return List.of();
        }
        return transaction
                .execute(status -> jdbc.sql("""
                        update delivery set polls = polls + 1, updated_at = now(),
                          next_try_at = case when delivered_at < now() - cast(:until as interval) then timestamptz '9999-01-01'
                            else now() + least(interval '5 minutes', interval '1 second' * power(2, least(polls, 10))) end,
                          last_words = case when delivered_at < now() - cast(:until as interval)
                            then 'Preso in carico; la conferma dell''indice non è arrivata e non viene più chiesta.'
                            else last_words end
                        where id in (
                          select id from delivery where destination = :destination and state = 'DELIVERED'
                            and next_try_at <= now()
                          order by next_try_at limit :allowed for update skip locked)
                        returning *""")
                        .param("until", properties.pollFor().toMillis() + " milliseconds")
                        .param("destination", destination.name())
                        .param("allowed", allowed)
                        .query(Outbox::delivery)
                        .list())
                .stream()
                .sorted(Comparator.comparing(Delivery::id))
                .toList();
    }

    /** Asks for the confirmation of a workflow's deliveries now instead of at their next time. */
    public void askNow(String workflowId) {
        jdbc.sql("update delivery set next_try_at = now() where workflow_id = :workflow and state = 'DELIVERED'")
                .param("workflow", workflowId)
                .update();
    }

    /** The delivered ones that a workflow belongs to; for notifications. */
    public List<Delivery> byWorkflow(String workflowId) {
        return jdbc.sql("select * from delivery where workflow_id = :workflow order by id")
                .param("workflow", workflowId)
                .query(Outbox::delivery)
                .list();
    }

    /**
     * What is known afterwards of a delivery taken in charge: confirmed, refused, or to be done again.
     *
     * @return false when it was no longer in DELIVERED
     */
    public boolean settleLater(Delivery delivery, Outcome outcome) {
        Verdict verdict = verdict(delivery, outcome);
        boolean changed = Boolean.TRUE.equals(transaction.execute(status -> {
            standings.lock(delivery.certificateNumber());
            int rows = jdbc.sql("""
                            update delivery set state = :state, next_try_at = :next, last_code = :code, last_words = :words,
                              last_answer = :answer, advice = :advice, unknown = :unknown, failures = failures + :counts, updated_at = now()
                            where id = :id and state = 'DELIVERED'""")
                    .param("state", verdict.state().name())
                    .param("next", Timestamp.from(verdict.next()))
                    .param(
                            "code",
                            verdict.code() == null ? null : verdict.code().code())
                    .param("words", verdict.words())
                    .param("answer", outcome.answer().summary())
                    .param(
                            "advice",
                            verdict.code() == null ? null : verdict.code().advice())
                    .param("unknown", verdict.unknown())
                    .param("counts", verdict.counts() ? 1 : 0)
                    .param("id", delivery.id())
                    .update();
            if (rows == 1) {
                standings.tell(delivery.certificateNumber());
            }
            return rows == 1;
        }));
        if (changed) {
            count(delivery, verdict.state(), outcome);
        }
        return changed;
    }

    // --- what deliverers ask -----------------------------------------------------------------------------------

    /** How the publication of a document at a destination stands, by its own CREATE, REPLACE or INSERIMENTO. */
    public Optional<DeliveryState> publicationOf(String documentId, Destination destination) {
        return jdbc.sql("""
                        select state from delivery where document_id = :document and destination = :destination
                          and action in ('CREATE', 'REPLACE', 'INSERIMENTO') order by id desc limit 1""")
                .param("document", documentId)
                .param("destination", destination.name())
                .query(String.class)
                .optional()
                .map(DeliveryState::valueOf);
    }

    /**
     * Whether a document may be known to a destination: it was delivered, or a try of it had an unknown outcome. False
     * only when the destination certainly never took it.
     */
    public boolean mayBeThere(String documentId, Destination destination) {
        return jdbc.sql("""
                        select count(*) filter (where state in ('DELIVERED', 'CONFIRMED') or unknown) > 0 or count(*) = 0
                        from delivery where document_id = :document and destination = :destination
                          and action in ('CREATE', 'REPLACE', 'INSERIMENTO')""")
                .param("document", documentId)
                .param("destination", destination.name())
                .query(Boolean.class)
                .single();
    }

    /** What a later action has made pointless is closed, so that nobody sends it by mistake. */
    public void closeSuperseded(String documentId, Destination destination, long beforeId, String reason) {
        jdbc.sql("""
                        update delivery set state = 'STOPPED', closed_at = now(), last_words = :reason, advice = null,
                          updated_at = now()
                        where document_id = :document and destination = :destination and state = 'FAILED' and id < :before""")
                .param("reason", reason)
                .param("document", documentId)
                .param("destination", destination.name())
                .param("before", beforeId)
                .update();
    }

    /** Keeps what names a try before it is made, so that a lost answer can be asked for. */
    public void about(Delivery delivery, String submissionId, String workflowId) {
        jdbc.sql(
                        "update delivery set submission_id = coalesce(:submission, submission_id), workflow_id = coalesce(:workflow, workflow_id) where id = :id and lease_number = :lease and state = 'TAKEN'")
                .param("submission", submissionId)
                .param("workflow", workflowId)
                .param("id", delivery.id())
                .param("lease", delivery.lease())
                .update();
    }

    static Delivery delivery(ResultSet row, int n) throws SQLException {
        Timestamp delivered = row.getTimestamp("delivered_at");
        return new Delivery(
                row.getLong("id"),
                Destination.valueOf(row.getString("destination")),
                DeliveryAction.valueOf(row.getString("action")),
                row.getString("document_id"),
                row.getString("after_document_id"),
                row.getObject("certificate_number", Long.class),
                row.getObject("exemption_id", Long.class),
                row.getInt("attempts"),
                row.getInt("failures"),
                row.getInt("lease_number"),
                row.getBoolean("unknown"),
                row.getString("payload"),
                row.getString("sent_trace"),
                row.getString("workflow_id"),
                row.getTimestamp("since").toInstant(),
                delivered == null ? null : delivered.toInstant());
    }
}
