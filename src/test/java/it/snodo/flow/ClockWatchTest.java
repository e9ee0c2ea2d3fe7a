package it.snodo.flow;

import static it.snodo.publication.DeliveryAction.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.publication.Destination;
import it.snodo.publication.Outbox;
import it.snodo.publication.PublicationStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A database whose clock is set back by an hour. The clock of a test's database cannot be set: instead all that is written
 * in it is brought forward by as much, which is the same thing as far as it can see.
 */
class ClockWatchTest {

    private final AtomicLong nanos = new AtomicLong();
    private PublicationStore store;
    private Outbox outbox;

    @BeforeEach
    void fresh() {
        store = PublicationStore.fresh();
        outbox = store.outbox();
    }

    private ClockWatch watch() {
        return new ClockWatch(store.jdbc, store.transactions, nanos::get);
    }

    private void setBack(Duration by) {
        store.jdbc
                .sql(
                        "update delivery set next_try_at = next_try_at + cast(:by as interval),"
                                + " leased_until = leased_until + cast(:by as interval), updated_at = updated_at + cast(:by as interval)")
                .param("by", by.toSeconds() + " seconds")
                .update();
        store.jdbc
                .sql("update certificate set next_step_at = next_step_at + cast(:by as interval),"
                        + " updated_at = updated_at + cast(:by as interval)")
                .param("by", by.toSeconds() + " seconds")
                .update();
    }

    private double waitOfDelivery(String column) {
        return store.jdbc
                .sql("select extract(epoch from " + column + " - now())::float8 from delivery")
                .query(Double.class)
                .single();
    }

    @Test
    void a_delivery_due_in_a_minute_is_due_in_a_minute() {
        store.enqueue(outbox, "A", store.document("A"), CREATE);
        ClockWatch watch = watch();
        watch.look();
        setBack(Duration.ofHours(1));
        assertThat(outbox.take(Destination.FSE, 1)).as("an hour early").isEmpty();

        watch.look();
        assertThat(outbox.take(Destination.FSE, 1))
                .as("nothing went backwards as far as the hub can tell")
                .isEmpty();
        // an hour and more has gone by, and the clock says the same
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        watch.look();

        assertThat(outbox.take(Destination.FSE, 1)).hasSize(1);
    }

    @Test
    void a_lease_ends_when_it_was_to_end() {
        store.enqueue(outbox, "A", store.document("A"), CREATE);
        assertThat(outbox.take(Destination.FSE, 1)).hasSize(1);
        double before = waitOfDelivery("leased_until");
        setBack(Duration.ofHours(1));
        assertThat(waitOfDelivery("leased_until")).isGreaterThan(before + 3000);

        watch().look();

        assertThat(waitOfDelivery("leased_until")).isBetween(before - 300, before + 1);
    }

    @Test
    void a_certificate_that_stands_still_is_taken_up_and_a_step_comes_when_it_was_to_come() {
        store.document("A");
        store.jdbc
                .sql("update certificate set stage = 'RECEIVED', next_step_at = now() + interval '10 minutes',"
                        + " updated_at = now()")
                .update();
        setBack(Duration.ofDays(40));

        // the first look, as after a start: what happened to the clock meanwhile nobody has seen
        watch().look();

        assertThat(store.jdbc
                        .sql("select extract(epoch from next_step_at - now())::float8 from certificate")
                        .query(Double.class)
                        .single())
                .isBetween(300.0, 601.0);
        assertThat(store.jdbc
                        .sql("select updated_at <= now() from certificate")
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void ids_of_a_time_that_comes_again_are_new_ones_and_fall_into_their_month() {
        long distinct = store.jdbc
                .sql(
                        "select count(distinct new_message_id(timestamptz '2026-10-25 02:30:00+01')) from generate_series(1, 4096)")
                .query(Long.class)
                .single();
        assertThat(distinct).isEqualTo(4096);
        // a month that has no partition any more, or none yet
        for (String at : new String[] {"2021-03-01", "2077-01-01"}) {
            assertThat(store.jdbc
                            .sql(
                                    "insert into message (id, protocol, sender, type, sha256, size, raw, answer, state)"
                                            + " values (new_message_id(cast(? as timestamptz)), 'MLLP', 'S', 'T', '', 0, '', '', 'REFUSED')")
                            .param(at)
                            .update())
                    .isEqualTo(1);
        }
        assertThat(store.jdbc
                        .sql("select count(*) from message_default")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
    }
}
