package it.snodo.publication;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.publication.PublicationProperties.Own;
import it.snodo.publication.PublicationStore.MovingClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** How many deliveries may be tried, by a clock that the test moves. */
class GateTest {

    private final MovingClock clock = new MovingClock();

    private Gate gate(Own own) {
        PublicationProperties all = PublicationStore.properties();
        PublicationProperties mine = new PublicationProperties(
                "test",
                4,
                all.lease(),
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                20,
                Duration.ofDays(7),
                3,
                Duration.ofSeconds(2),
                Duration.ofSeconds(8),
                all.pollFor(),
                0,
                Duration.ofHours(1),
                20,
                null,
                own,
                null);
        return new Gate(Destination.ROL, mine.policy(Destination.ROL), clock);
    }

    private Gate gate() {
        return gate(null);
    }

    private static Own own(Integer perMinute, String expectedDown) {
        return new Own(null, null, null, null, null, null, null, null, perMinute, null, expectedDown);
    }

    private static int go(Gate gate, int wanted) {
        int allowed = gate.allow(wanted);
        gate.started(allowed);
        return allowed;
    }

    @Test
    void failures_in_a_row_open_it_and_a_success_between_them_does_not_count() {
        Gate gate = gate();
        gate.failed("x");
        gate.failed("x");
        gate.succeeded();
        gate.failed("x");
        gate.failed("x");
        assertThat(go(gate, 4)).isEqualTo(4);
        gate.failed("x");
        assertThat(go(gate, 4)).isZero();
    }

    @Test
    void an_open_circuit_probes_with_one_after_waits_that_double_to_the_longest() {
        Gate gate = gate();
        for (int i = 0; i < 3; i++) {
            gate.failed("x");
        }
        for (int seconds : new int[] {2, 4, 8, 8}) {
            clock.move(Duration.ofSeconds(seconds).minusMillis(500));
            assertThat(go(gate, 4)).as("before %d s", seconds).isZero();
            clock.move(Duration.ofMillis(600));
            assertThat(go(gate, 4)).as("after %d s", seconds).isEqualTo(1);
            assertThat(go(gate, 4)).as("no second probe").isZero();
            gate.failed("x");
        }
        clock.move(Duration.ofSeconds(9));
        assertThat(go(gate, 4)).isEqualTo(1);
        assertThat(gate.succeeded()).isTrue();
        assertThat(go(gate, 4)).isEqualTo(4);
    }

    @Test
    void a_probe_that_finds_nothing_to_do_or_says_nothing_lets_another_go() {
        Gate gate = gate();
        for (int i = 0; i < 3; i++) {
            gate.failed("x");
        }
        clock.move(Duration.ofSeconds(3));
        assertThat(gate.allow(4)).isEqualTo(1);
        gate.started(0);
        assertThat(go(gate, 4)).isEqualTo(1);
        gate.abandoned();
        assertThat(go(gate, 4)).isEqualTo(1);
    }

    @Test
    void a_clock_that_is_set_back_makes_no_wait_longer() {
        MovingClock steady = new MovingClock();
        Gate gate = new Gate(Destination.ROL, PublicationStore.properties().policy(Destination.ROL), clock, steady);
        gate.waitAsAsked(Duration.ofSeconds(40), "429");
        clock.move(Duration.ofHours(-1));
        assertThat(go(gate, 4)).isZero();
        assertThat(gate.standing().waitsUntil())
                .isBetween(clock.instant().plusSeconds(38), clock.instant().plusSeconds(41));
        steady.move(Duration.ofSeconds(41));
        assertThat(go(gate, 4)).isEqualTo(4);

        for (int i = 0; i < 5; i++) {
            gate.failed("non risponde");
        }
        clock.move(Duration.ofHours(-1));
        assertThat(go(gate, 4)).isZero();
        steady.move(Duration.ofSeconds(3));
        assertThat(go(gate, 4)).as("a probe").isEqualTo(1);
    }

    @Test
    void a_destination_that_asks_us_to_wait_is_left_alone_that_long() {
        Gate gate = gate();
        gate.waitAsAsked(Duration.ofSeconds(40), "429");
        clock.move(Duration.ofSeconds(39));
        assertThat(go(gate, 4)).isZero();
        assertThat(gate.standing().waitsUntil()).isNotNull();
        clock.move(Duration.ofSeconds(2));
        assertThat(go(gate, 4)).isEqualTo(4);
    }

    @Test
    void a_pause_shuts_it_until_its_end_or_until_it_is_lifted() {
        Gate gate = gate();
        gate.pause(new Pause("perché", "ops", clock.instant(), clock.instant().plusSeconds(60)));
        assertThat(go(gate, 4)).isZero();
        assertThat(gate.isShut()).isTrue();
        clock.move(Duration.ofSeconds(61));
        assertThat(go(gate, 4)).isEqualTo(4);
        gate.pause(new Pause("perché", "ops", clock.instant(), null));
        clock.move(Duration.ofDays(30));
        assertThat(go(gate, 4)).isZero();
        gate.pause(null);
        assertThat(go(gate, 4)).isEqualTo(4);
    }

    @Test
    void in_a_window_nothing_is_tried_and_what_fails_there_alarms_nobody() {
        Gate gate = gate(own(null, "00:00-24:00"));
        assertThat(go(gate, 4)).isZero();
        for (int i = 0; i < 9; i++) {
            gate.failed("spento");
        }
        assertThat(gate.standing().failures()).isZero();
        assertThat(gate.standing().circuit()).isEqualTo("CLOSED");
        assertThat(gate.standing().expectedDownUntil()).isAfter(Instant.now());
    }

    @Test
    void no_more_than_its_rate() {
        // one a minute: the second cannot come during this test
        Gate gate = gate(own(1, null));
        assertThat(go(gate, 4)).isEqualTo(1);
        assertThat(go(gate, 4)).isZero();
    }

    @Test
    void what_is_not_taken_costs_nothing_of_the_rate() {
        Gate gate = gate(own(1, null));
        assertThat(gate.allow(4)).isEqualTo(1);
        gate.started(0);
        assertThat(go(gate, 4)).isEqualTo(1);
    }

    @Test
    void a_destination_s_own_settings_win_over_those_for_all() {
        var source = new MapConfigurationPropertySource(java.util.Map.of(
                "snodo.publication.parallel", "3",
                "snodo.publication.rol.parallel", "1",
                "snodo.publication.rol.per-minute", "30",
                "snodo.publication.rol.expected-down", "Sun 02:00-04:00"));
        PublicationProperties bound = new Binder(source).bindOrCreate("snodo.publication", PublicationProperties.class);
        assertThat(bound.policy(Destination.FSE).parallel()).isEqualTo(3);
        assertThat(bound.policy(Destination.FSE).perMinute()).isZero();
        assertThat(bound.policy(Destination.ROL).parallel()).isEqualTo(1);
        assertThat(bound.policy(Destination.ROL).perMinute()).isEqualTo(30);
        assertThat(bound.policy(Destination.ROL).expectedDown().text()).isEqualTo("Sun 02:00-04:00");
        assertThat(bound.policy(Destination.ROL).maxAttempts()).isEqualTo(20);
    }
}
