package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.demo.BookingPlayer;
import org.junit.jupiter.api.Test;

/** The bookings of the demo, through the public ports. */
class BookingSamplesTest {

    private static final RunningHub HUB = RunningHub.get();
    /** A machine that stands still for a while makes CUPs miss their deadlines: then the samples are played anew. */
    private static final int TRIES = 5;

    private static BookingPlayer player(int attempt) {
        return new BookingPlayer(new ObjectMapper(), HUB.http, HUB.mllp, HUB.simulator, "%08d".formatted(attempt));
    }

    @Test
    void each_sample_ends_as_it_should_and_a_second_play_has_no_second_effect() throws Exception {
        BookingPlayer first = player(1);
        boolean well = first.play();
        int attempt = 1;
        while (!well && attempt < TRIES) {
            first = player(++attempt);
            well = first.play();
        }
        assertThat(well)
                .as("each sample as it should, in one of %d plays", TRIES)
                .isTrue();

        BookingPlayer second = player(attempt);
        second.play();
        assertThat(second.codes()).isEqualTo(first.codes());
    }
}
