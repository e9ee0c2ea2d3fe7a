package it.snodo.booking.desk;

import static it.snodo.booking.desk.DeskKit.HERE;
import static it.snodo.booking.desk.DeskKit.book;
import static it.snodo.booking.desk.DeskKit.on;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.desk.FakeCups.Fate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bookings that are over go when their time has come; open ones never. */
class BookingUpkeepTest {

    private DeskKit kit;

    @BeforeEach
    void start() {
        kit = DeskKit.fresh();
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private List<String> leftAfter(int days) {
        new BookingUpkeep(
                        kit.store.jdbc,
                        new BookingRetention(Duration.ofDays(400), Duration.ofDays(90)),
                        new SimpleMeterRegistry(),
                        Clock.offset(Clock.systemUTC(), Duration.ofDays(days)))
                .run();
        return kit.store
                .jdbc
                .sql("select code from booking order by code")
                .query(String.class)
                .list();
    }

    @Test
    void each_outcome_has_its_time_and_what_is_open_stays() {
        String kept = kit.booked(1, FakeCups.slot(HERE, 0));
        String revoked = kit.booked(2, FakeCups.slot(HERE, 1));
        kit.ask(on(Operation.REVOKE, revoked));
        kit.cups.fate = operation -> Fate.REFUSED;
        kit.ask(book(3, FakeCups.slot(HERE, 2)));
        kit.cups.fate = operation -> Fate.LOST;
        String unknown = kit.ask(book(4, FakeCups.slot(HERE, 3))).booking().code();
        kit.cups.fate = operation -> Fate.NORMAL;
        String revoking = kit.booked(5, FakeCups.slot(HERE, 4));
        kit.cups.dead = Set.of(HERE);
        kit.ask(on(Operation.REVOKE, revoking));

        assertThat(leftAfter(80)).hasSize(5);
        assertThat(leftAfter(100)).containsExactly(kept, revoked, unknown, revoking);
        // the appointment is in three weeks: it counts from then
        assertThat(leftAfter(410)).containsExactly(kept, revoked, unknown, revoking);
        assertThat(leftAfter(500)).containsExactly(unknown, revoking);
        assertThat(kit.register().all(kept)).isEmpty();
    }

    @Test
    void a_revoke_that_a_person_has_to_look_at_keeps_its_booking() {
        String old = kit.booked(1, FakeCups.slot(HERE, 0));
        kit.store
                .jdbc
                .sql("update booking_command set state = 'REFUSED', in_favour_of = 'SC2026999999' where booking = ?")
                .param(old)
                .update();

        assertThat(leftAfter(1000)).containsExactly(old);
        kit.store.jdbc.sql("update booking_command set closed_by = 'ops'").update();
        assertThat(leftAfter(1000)).isEmpty();
    }
}
