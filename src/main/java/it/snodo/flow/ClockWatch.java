package it.snodo.flow;

import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What the register says is to happen "in a minute" must not wait an hour because the clock was set back by one. A row that
 * was changed later than now betrays such a clock: its waits and leases are set back by as much. Ids, numbers and order
 * need none of this: numbers are counted, order goes by them, and an id of a time that comes again differs in its last bits.
 */
@Component("clockWatch")
class ClockWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);
    /** What clocks are corrected by in good order. */
    private static final double SMALL_SECONDS = 2;

    private final JdbcClient db;
    private final TransactionTemplate transaction;
    private final LongSupplier nanos;
    private boolean looked;
    private double lastTime;
    private long lastNanos;

    @Autowired
    ClockWatch(JdbcClient db, PlatformTransactionManager transactions) {
        this(db, transactions, System::nanoTime);
    }

    /** @param nanos what has gone by, as {@link System#nanoTime} counts it */
    ClockWatch(JdbcClient db, PlatformTransactionManager transactions, LongSupplier nanos) {
        this.db = db;
        this.transaction = new TransactionTemplate(transactions);
        this.nanos = nanos;
    }

    /** Step of the route {@code clock-watch}: compares the database's clock with what has gone by. */
    public synchronized void look() {
        double time = db.sql("select extract(epoch from clock_timestamp())::float8")
                .query(Double.class)
                .single();
        long now = nanos.getAsLong();
        double jump = time - lastTime - (now - lastNanos) / 1e9;
        // the first look is for a clock that was set back while the hub was down
        if (!looked || jump < -SMALL_SECONDS) {
            straighten();
        }
        looked = true;
        lastTime = time;
        lastNanos = now;
    }

    private void straighten() {
        Integer changed =
                transaction.execute(status -> db.sql("""
                                update delivery set next_try_at = case when isfinite(next_try_at) and next_try_at < '9000-01-01'
                                    then next_try_at - (updated_at - now()) else next_try_at end,
                                  leased_until = leased_until - (updated_at - now()), updated_at = now()
                                where updated_at > now() + make_interval(secs => ?)
                                  and state in ('WAITING', 'TAKEN', 'DELIVERED')""").param(SMALL_SECONDS).update()
                        + db.sql("""
                                update certificate set next_step_at = next_step_at - (updated_at - now()), updated_at = now()
                                where updated_at > now() + make_interval(secs => ?)
                                  and stage in ('RECEIVED', 'DOCUMENT', 'AWAITING_SIGNATURE')""").param(SMALL_SECONDS).update()
                        // the next of a batch comes within a minute
                        + db.sql("update batch set next_at = now() where state = 'RUNNING'"
                                        + " and next_at > now() + interval '1 minute' + make_interval(secs => ?)")
                                .param(SMALL_SECONDS)
                                .update());
        if (changed != null && changed > 0) {
            LOG.warn(
                    "The clock was set back: the waits of {} deliveries, certificates and batches go with it", changed);
        }
    }
}
