package it.snodo.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class IntakeLoadTest {

    private static final int MOST = 100;

    private final AtomicLong now = new AtomicLong(-12_345);
    private final AtomicLong looks = new AtomicLong();
    private final IntakeLoad load = new IntakeLoad(MOST, Duration.ofMillis(500), () -> {
        looks.incrementAndGet();
        return now.get();
    });

    private void taken(int messages, Duration in) {
        for (int i = 0; i < messages; i++) {
            now.addAndGet(in.toNanos() / messages);
            load.taken();
        }
    }

    @Test
    void as_many_as_are_allowed_keep_no_step_waiting() {
        taken(9 * MOST, Duration.ofSeconds(10));

        assertThat(load.isHigh()).isFalse();
    }

    @Test
    void a_few_at_once_are_no_burst() {
        taken(MOST / 2, Duration.ofMillis(1));

        assertThat(load.isHigh()).isFalse();
    }

    @Test
    void more_than_are_allowed_are_a_burst_from_the_first_second_on_and_until_a_second_after_its_end() {
        taken(3 * MOST, Duration.ofSeconds(1));
        assertThat(load.isHigh()).isTrue();

        taken(30 * MOST, Duration.ofSeconds(10));
        assertThat(load.isHigh()).isTrue();

        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(load.isHigh()).isFalse();
    }

    @Test
    void a_burst_that_has_gone_is_not_remembered_by_what_comes_next() {
        taken(30 * MOST, Duration.ofSeconds(10));
        now.addAndGet(Duration.ofHours(1).toNanos());
        load.taken();

        assertThat(load.isHigh()).isFalse();
    }

    @Test
    void without_a_burst_a_step_begins_at_once() {
        load.giveWay();

        assertThat(looks.get()).isLessThan(10);
    }

    @Test
    void a_step_begins_in_the_end_however_many_messages_come() {
        // 20 ms go by from look to look
        IntakeLoad busy = new IntakeLoad(0, Duration.ofMillis(500), () -> now.addAndGet(20_000_000));
        for (int i = 0; i < 5; i++) {
            busy.taken();
        }
        long begun = now.get();

        busy.giveWay();

        assertThat(Duration.ofNanos(now.get() - begun)).isBetween(Duration.ofMillis(500), Duration.ofMillis(700));
    }

    @Test
    void the_more_messages_come_the_longer_a_step_waits() {
        assertThat(waitedWith(2 * MOST)).isLessThan(Duration.ofMillis(200));
        assertThat(waitedWith(3 * MOST)).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
        assertThat(waitedWith(20 * MOST)).isBetween(Duration.ofMillis(500), Duration.ofMillis(600));
    }

    /** How long a step waits while as many messages a second go on to come. */
    private Duration waitedWith(int messagesASecond) {
        AtomicLong time = new AtomicLong();
        IntakeLoad[] busy = new IntakeLoad[1];
        AtomicLong owed = new AtomicLong();
        busy[0] = new IntakeLoad(MOST, Duration.ofMillis(500), time::get);
        Runnable tenMillis = () -> {
            time.addAndGet(10_000_000);
            for (owed.addAndGet(messagesASecond); owed.get() >= 100; owed.addAndGet(-100)) {
                busy[0].taken();
            }
        };
        for (int i = 0; i < 200; i++) {
            tenMillis.run();
        }
        long begun = time.get();
        busy[0].giveWay(tenMillis);
        return Duration.ofNanos(time.get() - begun);
    }
}
