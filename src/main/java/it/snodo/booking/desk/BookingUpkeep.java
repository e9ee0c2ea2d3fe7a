package it.snodo.booking.desk;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Lets go of bookings that are over, as the journal does of its messages. One that is still open, waits for a CUP or for a
 * person stays, however old it is.
 */
@Component("bookingUpkeep")
class BookingUpkeep {

    private static final Logger LOG = LoggerFactory.getLogger(BookingUpkeep.class);

    /** In one commit: nobody waits behind it for long. */
    private static final int AT_ONCE = 2000;

    /** One that stood counts from its appointment. */
    private static final String LET_GO = """
            with gone as (
              select code from booking b
              where (state = 'REFUSED' and updated_at < :refused
                  or state in ('BOOKED', 'REVOKED', 'DELETED', 'NO_SHOW') and updated_at < :over
                    and coalesce(ends_at, updated_at) < :over)
                and pending is null
                and not exists (select 1 from booking_command c where c.booking = b.code
                  and (c.state in ('WAITING', 'SENT', 'UNKNOWN')
                    or c.state = 'REFUSED' and c.in_favour_of is not null and c.closed_by is null))
                and not exists (select 1 from booking_call w where w.booking = b.code)
              limit :most for update skip locked),
            commands as (delete from booking_command where booking in (select code from gone))
            delete from booking where code in (select code from gone)""";

    private final JdbcClient db;
    private final BookingRetention retention;
    private final MeterRegistry meters;
    private final Clock clock;

    @Autowired
    BookingUpkeep(JdbcClient db, BookingRetention retention, MeterRegistry meters) {
        this(db, retention, meters, Clock.systemUTC());
    }

    BookingUpkeep(JdbcClient db, BookingRetention retention, MeterRegistry meters, Clock clock) {
        this.db = db;
        this.retention = retention;
        this.meters = meters;
        this.clock = clock;
    }

    /** Step of the route {@code booking-upkeep}. What fails is tried again tomorrow, and said. */
    public void run() {
        Instant now = clock.instant();
        long all = 0;
        try {
            int gone;
            do {
                gone = db.sql(LET_GO)
                        .param("refused", Timestamp.from(now.minus(retention.refused())))
                        .param("over", Timestamp.from(now.minus(retention.over())))
                        .param("most", AT_ONCE)
                        .update();
                all += gone;
            } while (gone == AT_ONCE);
        } catch (DataAccessException e) {
            meters.counter("snodo.booking.upkeep.failures").increment();
            LOG.warn("Old bookings could not be cleared: {}", e.getMessage());
        }
        if (all > 0) {
            meters.counter("snodo.booking.dropped").increment(all);
            LOG.info("{} old bookings let go", all);
        }
    }
}
