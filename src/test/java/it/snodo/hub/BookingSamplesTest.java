package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.demo.BookingPlayer;
import org.junit.jupiter.api.Test;

/** The bookings of the demo, through the public ports. */
class BookingSamplesTest {

    private static final RunningHub HUB = RunningHub.get();

    private static boolean play() throws Exception {
        return new BookingPlayer(new ObjectMapper(), HUB.http, HUB.mllp, HUB.simulator).play();
    }

    @Test
    void each_sample_ends_as_it_should_and_a_second_play_has_no_second_effect() throws Exception {
        assertThat(play()).isTrue();
        int booked = booked();

        assertThat(play()).isTrue();
        assertThat(booked()).isEqualTo(booked);
    }

    /** How many bookings the CUPs have, whatever became of them. */
    private static int booked() {
        int all = 0;
        for (var cup : HUB.simulator("/cup/state").path("cups")) {
            for (String state : new String[] {"BOOKED", "REVOKED", "DELETED", "NO_SHOW"}) {
                all += cup.path(state).asInt();
            }
        }
        return all;
    }
}
