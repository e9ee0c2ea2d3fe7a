package it.snodo.messages;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes the journal's partitions ahead and lets go of what may go, at the start and every day.
 *
 * <p>No message, step or call is deleted row by row. A partition of which at least half may go is written anew with what has to stay, and
 * the old one is dropped; one of which nothing has to stay is dropped. So an open failure keeps its row for as long as it
 * is open, and costs its own size and no more. Since whole months go, a message may stay up to a month longer than asked,
 * and one whose month is mostly kept as long as that.
 */
@Component("journalUpkeep")
class JournalUpkeep {

    private static final Logger LOG = LoggerFactory.getLogger(JournalUpkeep.class);
    private static final int MONTHS_AHEAD = 3;
    private static final int TRIES = 3;

    /** True of a message that may go; the parameters are the moments before which each outcome must lie. */
    private static final String MAY_GO = """
            case when state in ('PUBLISHED', 'BOOKED', 'ANSWERED') then updated_at < :delivered
                 when state = 'DISCARDED' then updated_at < :closed
                 when state = 'REFUSED' then updated_at < :refused
                 else false end""";

    private final JdbcClient db;
    private final TransactionTemplate transaction;
    private final RetentionProperties retention;
    private final MeterRegistry meters;
    private final Clock clock;

    @Autowired
    JournalUpkeep(
            JdbcClient db,
            PlatformTransactionManager transactions,
            RetentionProperties retention,
            MeterRegistry meters) {
        this(db, transactions, retention, meters, Clock.systemUTC());
    }

    JournalUpkeep(
            JdbcClient db,
            PlatformTransactionManager transactions,
            RetentionProperties retention,
            MeterRegistry meters,
            Clock clock) {
        this.db = db;
        this.transaction = new TransactionTemplate(transactions);
        this.retention = retention;
        this.meters = meters;
        this.clock = clock;
    }

    /** A partition of the table {@code message}; those of steps and calls end in the same suffix. */
    private record Partition(String suffix, String bounds) {

        boolean isDefault() {
            return suffix.equals("default");
        }

        String of(String table) {
            return table + "_" + suffix;
        }

        /** What the partition is written anew into. */
        String fresh(String table) {
            return of(table) + "_kept";
        }

        /** First id that is no longer in it; none for the default one. */
        long end() {
            return isDefault() ? Long.MAX_VALUE : Long.parseLong(bounds.replaceAll(".*'(\\d+)'\\D*$", "$1"));
        }
    }

    /** Step of the route {@code journal-upkeep}. What fails for one partition is tried again tomorrow, and said. */
    public void run() {
        makeAhead();
        letCallsGo();
        List<Partition> partitions;
        try {
            partitions = partitions();
        } catch (DataAccessException e) {
            meters.counter("snodo.journal.upkeep.failures").increment();
            LOG.warn("Journal partitions could not be looked at: {}", e.getMessage());
            return;
        }
        for (Partition partition : partitions) {
            for (int i = 1; i <= TRIES; i++) {
                try {
                    letGo(partition);
                    break;
                } catch (DataAccessException | TransactionException e) {
                    meters.counter("snodo.journal.upkeep.failures").increment();
                    LOG.warn(
                            "Journal partition {} could not be cleared (try {} of {}): {}",
                            partition.suffix(),
                            i,
                            TRIES,
                            e.getMessage());
                }
            }
        }
    }

    /** Calls to AURA belong to no message: they go by their own age. */
    private void letCallsGo() {
        try {
            db.sql("delete from aura_call where at < ?")
                    .param(Timestamp.from(clock.instant().minus(retention.calls())))
                    .update();
        } catch (DataAccessException e) {
            meters.counter("snodo.journal.upkeep.failures").increment();
            LOG.warn("Calls to AURA could not be cleared: {}", e.getMessage());
        }
    }

    /** A month without its partition is kept in the default one, so a failure here loses nothing. */
    private void makeAhead() {
        try {
            LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
            int made = db.sql("select make_message_partitions(?, ?)")
                    .params(today, MONTHS_AHEAD + 1)
                    .query(Integer.class)
                    .single();
            if (made > 0) {
                LOG.info("{} journal partitions made ahead", made);
            }
        } catch (DataAccessException e) {
            meters.counter("snodo.journal.upkeep.failures").increment();
            LOG.warn("Journal partitions could not be made ahead: {}", e.getMessage());
        }
    }

    private List<Partition> partitions() {
        return db.sql("""
                        select substr(c.relname, length('message_') + 1), pg_get_expr(c.relpartbound, c.oid)
                        from pg_inherits i join pg_class c on c.oid = i.inhrelid
                        where i.inhparent = 'message'::regclass order by 1""")
                .query((row, n) -> new Partition(row.getString(1), row.getString(2)))
                .list();
    }

    private void letGo(Partition partition) {
        if (!partition.isDefault()
                && (partition.end() > MessageIds.first(clock.instant().minus(retention.shortest()))
                        || isTooYoung(partition))) {
            return;
        }
        transaction.executeWithoutResult(status -> {
            // Less than the database's deadlock timeout: of two that wait for each other this one gives way, never an
            // intake or a delivery. And nobody waits behind it for longer.
            db.sql("set local lock_timeout = '500ms'").update();
            boolean alone = db.sql("select pg_try_advisory_xact_lock(7361646)")
                    .query(Boolean.class)
                    .single();
            if (alone && isWorthIt(partition)) {
                rewrite(partition);
            }
        });
    }

    private boolean isWorthIt(Partition partition) {
        record Content(long rows, long going) {}
        Content content = filled("select count(*) as rows, count(*) filter (where " + MAY_GO + ") as going from "
                        + partition.of("message"))
                .query(Content.class)
                .single();
        if (partition.isDefault() && content.going() == 0) {
            // Steps and calls that came after their message was let go lie there too.
            return content.rows() == 0
                    && filled("select exists (select 1 from message_step_default where at < :delivered)"
                                    + " or exists (select 1 from message_call_default where at < :delivered)")
                            .query(Boolean.class)
                            .single();
        }
        return content.going() * 2 >= content.rows();
    }

    private void rewrite(Partition partition) {
        List<String> tables = List.of("message", "message_step", "message_call");
        // Nobody may change what is being copied; reading goes on, and so does everything in other partitions.
        db.sql("lock table "
                        + String.join(", ", tables.stream().map(partition::of).toList())
                        + " in share row exclusive mode")
                .update();
        long before = db.sql("select count(*) from " + partition.of("message"))
                .query(Long.class)
                .single();
        // Few, since each is a person's correction or a "try again": the one thing that goes by rows, together with its
        // message.
        filled("delete from message_former_key using " + partition.of("message") + " m where m.id = message_id and "
                        + MAY_GO)
                .update();
        long kept = copy(partition, "message", "not (" + MAY_GO + ")");
        String belongs = "message_id in (select id from " + partition.fresh("message") + ")";
        // In the default partition lies also what came after its message was let go: that goes by its own age.
        String stays = partition.isDefault()
                ? "case when message_id in (select id from message_default) then " + belongs
                        + " else at >= :delivered or exists (select 1 from message m where m.id = message_id) end"
                : belongs;
        copy(partition, "message_step", stays);
        copy(partition, "message_call", stays);
        // From here to the commit, that follows at once, the journal stands still.
        for (String table : tables) {
            swap(partition, table, kept == 0 && !partition.isDefault());
        }
        meters.counter("snodo.journal.dropped").increment(before - kept);
        if (before > kept) {
            LOG.info("Journal {}: {} messages let go, {} kept", partition.suffix(), before - kept, kept);
        }
    }

    /** @return how many rows stay */
    private long copy(Partition partition, String table, String stays) {
        db.sql("create table " + partition.fresh(table) + " (like " + table + " including defaults including storage)")
                .update();
        return filled("insert into " + partition.fresh(table) + " select * from " + partition.of(table) + " where "
                        + stays)
                .update();
    }

    private void swap(Partition partition, String table, boolean empty) {
        db.sql("alter table " + table + " detach partition " + partition.of(table))
                .update();
        db.sql("drop table " + partition.of(table)).update();
        if (empty) {
            db.sql("drop table " + partition.fresh(table)).update();
            return;
        }
        db.sql("alter table " + partition.fresh(table) + " rename to " + partition.of(table))
                .update();
        db.sql("alter table " + table + " attach partition " + partition.of(table) + " " + partition.bounds())
                .update();
    }

    /** Most of it was delivered too lately, as the statistics and the index of what was not delivered say. */
    private boolean isTooYoung(Partition partition) {
        if (partition.end() <= MessageIds.first(clock.instant().minus(retention.delivered()))) {
            return false;
        }
        String message = partition.of("message");
        long all = db.sql("select reltuples::bigint from pg_class where oid = '" + message + "'::regclass")
                .query(Long.class)
                .single();
        long notPublished = db.sql("select count(*) from " + message + " where state <> 'PUBLISHED'")
                .query(Long.class)
                .single();
        return notPublished * 2 < all;
    }

    private JdbcClient.StatementSpec filled(String sql) {
        Instant now = clock.instant();
        return db.sql(sql)
                .param("delivered", Timestamp.from(now.minus(retention.delivered())))
                .param("closed", Timestamp.from(now.minus(retention.closed())))
                .param("refused", Timestamp.from(now.minus(retention.refused())));
    }
}
