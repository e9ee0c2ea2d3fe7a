package it.snodo.publication;

import it.snodo.exemption.Exemptions;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a person does with deliveries that do not go on by themselves. */
@Component
public class StoppedDeliveries {

    private final JdbcClient jdbc;
    private final Standings standings;
    private final ExemptionEnds exemptionEnds;
    private final TransactionTemplate transaction;

    StoppedDeliveries(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            ObjectProvider<PublicationListener> listener,
            ObjectProvider<Exemptions> exemptions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.standings = new Standings(jdbc, listener);
        this.exemptionEnds = new ExemptionEnds(exemptions);
    }

    /** A delivery as a person has to decide on it. */
    public record Stopped(
            long id,
            String destination,
            String action,
            String state,
            int attempts,
            boolean unknown,
            String lastCode,
            String lastWords,
            boolean overtaken) {}

    /** Every delivery of a certificate that has not been made obsolete, in order. */
    public List<Stopped> of(long certificateNumber) {
        return jdbc.sql(
                        "select id, destination, action, state, attempts, unknown, last_code, last_words, " + OVERTAKEN
                                + " as overtaken from delivery d where certificate_number = :number and not obsolete order by id")
                .param("number", certificateNumber)
                .query(Stopped.class)
                .list();
    }

    /**
     * The document has been withdrawn or replaced at that destination since: it must not come back. What AURA refused of an
     * exemption is asked for anew from the pratica, with whatever was changed there.
     */
    private static final String OVERTAKEN = """
            (d.destination = 'AURA' and d.state = 'STOPPED' or exists (select 1 from delivery later
              where later.destination = d.destination and later.id > d.id
                and (later.exemption_id = d.exemption_id
                  or later.document_id = d.document_id and later.action in ('DELETE', 'ANNULLAMENTO')
                  or later.after_document_id = d.document_id and later.state in ('DELIVERED', 'CONFIRMED'))))""";

    /**
     * Tries a dead letter again, now and with its attempts counted from the start; of one taken in charge the confirmation is
     * asked for once more.
     *
     * @return false when it is none, or when the document has been withdrawn or replaced at that destination since: trying
     *     again would bring back what must not be seen
     */
    public boolean retry(long id) {
        return transaction.execute(status -> {
            int tried = jdbc.sql("""
                        update delivery d set state = 'WAITING', next_try_at = now(), attempts = 0, failures = 0, interrupted = 0,
                          since = now(), closed_at = null, closed_by = null, updated_at = now()
                        where id = :id and state in ('FAILED', 'STOPPED') and not obsolete and not\s""" + OVERTAKEN).param("id", id).update();
            return tried == 1 || jdbc.sql("""
                                update delivery set next_try_at = now(), updated_at = now()
                                where id = :id and state = 'DELIVERED' and workflow_id is not null""").param("id", id).update() == 1;
        });
    }

    private static final String CLOSABLE = "state in ('FAILED', 'STOPPED', 'WAITING') and closed_at is null";

    /** AURA may hold what we would call refused: only a try reads back what became of it. */
    private static final String IN_DOUBT = "(destination = 'AURA' and unknown and state in ('FAILED', 'WAITING'))";

    /**
     * Closes a dead letter, or one that waits, with a reason.
     *
     * @return false when there is nothing to close
     * @throws SnodoException NOT_NOW when AURA may have taken it without our knowing
     */
    public boolean close(long id, String reason, String by) {
        return transaction.execute(status -> {
            Optional<Delivery> found = jdbc.sql("select * from delivery where id = :id and " + CLOSABLE)
                    .param("id", id)
                    .query(Outbox::delivery)
                    .optional();
            if (found.isEmpty()) {
                return false;
            }
            Delivery delivery = found.get();
            if (delivery.destination() == Destination.AURA && isInDoubt(id)) {
                throw new SnodoException(
                        SnodoCode.NOT_NOW,
                        "Non si sa se AURA abbia accolto l'invio " + id + ": prima di chiuderlo va ripetuto (retry),"
                                + " così l'hub rilegge da AURA che cosa è in vigore.");
            }
            if (delivery.certificateNumber() != null) {
                standings.lock(delivery.certificateNumber());
            } else {
                // the pratica's lock before the delivery's, as everybody does who changes both
                exemptionEnds.closed(delivery, reason);
            }
            boolean closed = jdbc.sql("""
                                update delivery set state = 'STOPPED', next_try_at = timestamptz '9999-01-01', closed_at = now(),
                                  closed_by = :by, last_code = :code, last_words = :reason, advice = null, updated_at = now()
                                where id = :id and not\s""" + IN_DOUBT + " and " + CLOSABLE)
                            .param("by", by)
                            .param("code", SnodoCode.DESTINATION_STOP.code())
                            .param("reason", reason)
                            .param("id", id)
                            .update()
                    == 1;
            if (closed && delivery.certificateNumber() != null) {
                standings.tell(delivery.certificateNumber());
            } else if (!closed && delivery.exemptionId() != null) {
                // its pratica has been told: that must not stand
                throw new SnodoException(
                        SnodoCode.NOT_NOW, "L'invio " + id + " è in corso in questo momento: riprovare tra poco.");
            }
            return closed;
        });
    }

    private boolean isInDoubt(long id) {
        return jdbc.sql("select " + IN_DOUBT + " from delivery where id = ?")
                .param(id)
                .query(Boolean.class)
                .single();
    }

    /**
     * Whether the document of this certificate has certainly reached nobody: no delivery of it is there, under way, or of
     * unknown outcome.
     */
    public boolean neverWentOut(long certificateNumber) {
        return jdbc.sql("""
                        select not exists (select 1 from delivery where certificate_number = :number
                          and (state in ('TAKEN', 'DELIVERED', 'CONFIRMED') or unknown))""")
                .param("number", certificateNumber)
                .query(Boolean.class)
                .single();
    }

    /** The bytes that these were to carry are made again: they count no more. */
    public void makeObsolete(long certificateNumber, String by) {
        transaction.executeWithoutResult(status ->
                jdbc.sql("""
                        update delivery set state = 'STOPPED', obsolete = true, closed_at = now(), closed_by = :by,
                          next_try_at = timestamptz '9999-01-01', updated_at = now()
                        where certificate_number = :number and state in ('WAITING', 'FAILED', 'STOPPED')""").param("by", by).param("number", certificateNumber).update());
    }
}
