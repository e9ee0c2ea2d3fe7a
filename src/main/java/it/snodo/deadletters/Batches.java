package it.snodo.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import it.snodo.access.Audit;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.publication.StoppedDeliveries;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Replays and discards of many messages under one name, one after the other at a given rate. All of it is in the store: a
 * batch goes on after a restart where it was. The action itself is the one for a single message, so an item that is done a
 * second time, because the process died between the two, changes nothing more.
 */
@Component("batches")
class Batches {

    private static final Logger LOG = LoggerFactory.getLogger(Batches.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** The most that one batch takes. */
    static final int MOST = 10_000;

    private final JdbcClient db;
    private final DeadLetters letters;
    private final Interventions interventions;
    private final StoppedDeliveries deliveries;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private boolean storeFails;

    Batches(
            JdbcClient db,
            DeadLetters letters,
            Interventions interventions,
            StoppedDeliveries deliveries,
            Audit audit,
            PlatformTransactionManager transactions) {
        this.db = db;
        this.letters = letters;
        this.interventions = interventions;
        this.deliveries = deliveries;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
    }

    enum Action {
        REPLAY,
        DISCARD
    }

    /**
     * How a batch stands.
     *
     * @param state RUNNING, DONE, STOPPED by a person
     * @param refused items that could not be done, each with its words in {@code refusals}
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Progress(
            String name,
            String action,
            String reason,
            int perMinute,
            String owner,
            String state,
            Instant createdAt,
            Instant endedAt,
            int total,
            int pending,
            int done,
            int refused,
            List<Refusal> refusals) {}

    /** Of a message, or of a delivery that belongs to none. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Refusal(Long messageId, Long deliveryId, String words) {}

    /**
     * Creates a batch. The same one asked for again is the one that is there.
     *
     * @param asked what was asked, word for word: a repetition is known by it
     * @param ids messages; null: those of the dead letters that {@code filter} finds now
     * @throws SnodoException NOT_NOW when the name stands for another batch
     */
    Progress create(
            String name,
            Action action,
            String reason,
            int perMinute,
            JsonNode asked,
            List<Long> ids,
            DeadLetters.Filter filter,
            String owner) {
        boolean created = Boolean.TRUE.equals(transaction.execute(status -> {
            int rows = db.sql("""
                            insert into batch (name, action, reason, per_minute, asked, owner, state)
                            values (?, ?, ?, ?, cast(? as jsonb), ?, 'RUNNING') on conflict do nothing""")
                    .params(name, action.name(), reason, perMinute, asked.toString(), owner)
                    .update();
            if (rows == 0) {
                return false;
            }
            List<Long> messages = ids == null ? letters.messages(filter, MOST) : ids;
            int seq = 0;
            for (long message : messages) {
                db.sql("insert into batch_item (batch, seq, message_id) values (?, ?, ?)")
                        .params(name, ++seq, message)
                        .update();
            }
            List<Long> loose = ids == null ? letters.deliveries(filter, MOST - messages.size()) : List.of();
            for (long delivery : loose) {
                db.sql("insert into batch_item (batch, seq, delivery_id) values (?, ?, ?)")
                        .params(name, ++seq, delivery)
                        .update();
            }
            audit.read("blocco " + name, null, action + " di " + seq + " messaggi: " + reason);
            return true;
        }));
        if (!created && !sameAsked(name, asked)) {
            throw new SnodoException(
                    SnodoCode.NOT_NOW, "Esiste già un blocco di nome «%s» con altro contenuto.".formatted(name));
        }
        return progress(name).orElseThrow();
    }

    private boolean sameAsked(String name, JsonNode asked) {
        String stored = db.sql("select asked from batch where name = ?")
                .param(name)
                .query(String.class)
                .single();
        try {
            return JSON.readTree(stored).equals(JSON.readTree(asked.toString()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("jsonb is JSON", e);
        }
    }

    Optional<Progress> progress(String name) {
        return db.sql(PROGRESS + " where b.name = ? group by b.name")
                .param(name)
                .query((row, n) -> progress(
                        row,
                        db.sql(
                                        "select message_id, delivery_id, words from batch_item where batch = ? and state = 'REFUSED' order by seq"
                                                + " limit 100")
                                .param(name)
                                .query(Refusal.class)
                                .list()))
                .optional();
    }

    /** The newest first, 100 at most. */
    List<Progress> all() {
        return db.sql(PROGRESS + " group by b.name order by b.created_at desc limit 100")
                .query((row, n) -> progress(row, null))
                .list();
    }

    private static final String PROGRESS = """
            select b.*, count(i.seq) as total, count(*) filter (where i.state = 'PENDING') as pending,
                   count(*) filter (where i.state = 'DONE') as done, count(*) filter (where i.state = 'REFUSED') as refused
            from batch b left join batch_item i on i.batch = b.name""";

    private static Progress progress(ResultSet row, List<Refusal> refusals) throws SQLException {
        Timestamp ended = row.getTimestamp("ended_at");
        return new Progress(
                row.getString("name"),
                row.getString("action"),
                row.getString("reason"),
                row.getInt("per_minute"),
                row.getString("owner"),
                row.getString("state"),
                row.getTimestamp("created_at").toInstant(),
                ended == null ? null : ended.toInstant(),
                row.getInt("total"),
                row.getInt("pending"),
                row.getInt("done"),
                row.getInt("refused"),
                refusals);
    }

    /** What is done stays done; the rest is left alone. @return false when it was not running */
    boolean stop(String name, String by) {
        boolean stopped =
                db.sql("update batch set state = 'STOPPED', ended_at = now() where name = ? and state = 'RUNNING'")
                                .param(name)
                                .update()
                        == 1;
        if (stopped) {
            audit.read("blocco " + name, null, "fermato da " + by);
        }
        return stopped;
    }

    // --- by the clock ------------------------------------------------------------------------------------------

    /** Step of the route {@code batches}: does what is due of the running ones. */
    public void work() {
        try {
            // at most a second's worth for each call: the next one comes in a second
            for (int i = 0; i < 200 && Boolean.TRUE.equals(transaction.execute(status -> one())); i++) {
                // each item is a transaction of its own
            }
            storeFails = false;
        } catch (DataAccessException | TransactionException e) {
            if (!storeFails) {
                LOG.warn("Blocchi: l'archivio non risponde ({})", e.getClass().getSimpleName());
            }
            storeFails = true;
        }
    }

    private record Due(String name, String action, String reason, String owner) {}

    /** @return false when nothing is due */
    private boolean one() {
        Optional<Due> due = db.sql("""
                        select name, action, reason, owner from batch where state = 'RUNNING' and next_at <= now()
                        order by next_at limit 1 for update skip locked""").query(Due.class).optional();
        if (due.isEmpty()) {
            return false;
        }
        Due batch = due.get();
        record Item(int seq, Long messageId, Long deliveryId) {}
        Optional<Item> item = db.sql(
                        "select seq, message_id, delivery_id from batch_item where batch = ? and state = 'PENDING' order by seq limit 1")
                .param(batch.name())
                .query(Item.class)
                .optional();
        if (item.isEmpty()) {
            db.sql("update batch set state = 'DONE', ended_at = now() where name = ?")
                    .param(batch.name())
                    .update();
            LOG.info("Il blocco {} è finito", batch.name());
            return true;
        }
        Outcome outcome = item.get().messageId() == null
                ? act(batch, item.get().deliveryId().longValue(), true)
                : act(batch, item.get().messageId().longValue(), false);
        db.sql("update batch_item set state = ?, words = ?, done_at = now() where batch = ? and seq = ?")
                .params(
                        outcome.state(),
                        outcome.words(),
                        batch.name(),
                        item.get().seq())
                .update();
        db.sql("update batch set next_at = greatest(next_at, now() - interval '1 second')"
                        + " + make_interval(secs => 60.0 / per_minute) where name = ?")
                .param(batch.name())
                .update();
        return true;
    }

    private record Outcome(String state, String words) {}

    /** In a transaction inside this one's: its refusal must not undo ours. */
    private Outcome act(Due batch, long id, boolean isDelivery) {
        String by = batch.owner() + " (blocco " + batch.name() + ")";
        TransactionTemplate own = new TransactionTemplate(transaction.getTransactionManager());
        own.setPropagationBehavior(org.springframework.transaction.TransactionDefinition.PROPAGATION_NESTED);
        try {
            return own.execute(status -> {
                boolean again = batch.action().equals(Action.REPLAY.name());
                if (isDelivery) {
                    return delivery(id, again, batch.reason(), by);
                }
                Interventions.Result result = again
                        ? interventions.replay(id, null, by, batch.reason(), false)
                        : interventions.discard(id, null, by, batch.reason(), false);
                return new Outcome("DONE", result.words());
            });
        } catch (SnodoException e) {
            return new Outcome("REFUSED", e.code().code() + " " + e.getMessage());
        } catch (RuntimeException e) {
            if (isTheStores(e)) {
                throw e;
            }
            // one that our own code cannot do is told, and the others are done
            LOG.error("Blocco {}: {} {}", batch.name(), isDelivery ? "invio" : "messaggio", id, e);
            return new Outcome(
                    "REFUSED",
                    SnodoCode.INTERNAL.code() + " Errore interno: "
                            + e.getClass().getSimpleName() + ". Il blocco continua con gli altri.");
        }
    }

    /** What the store cannot do now it may do later; what it will never do is of the one message that asks for it. */
    private static boolean isTheStores(RuntimeException failure) {
        return failure instanceof TransactionException
                || failure instanceof NonTransientDataAccessResourceException
                || failure instanceof DataAccessException && !(failure instanceof NonTransientDataAccessException);
    }

    private Outcome delivery(long id, boolean again, String reason, String by) {
        boolean done = again ? deliveries.retry(id) : deliveries.close(id, reason, by);
        audit.read("invio " + id, null, (again ? "ripetizione di " : "chiusura di ") + by + ": " + reason);
        return new Outcome("DONE", done ? null : "L'invio non era più fermo: nulla è cambiato.");
    }
}
