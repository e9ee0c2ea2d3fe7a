package it.snodo.booking.desk;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.Proposal;
import it.snodo.booking.Slot;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChoiceTest {

    @Test
    void the_place_of_the_right_hand_is_none_for_the_left() {
        List<Line> hands = List.of(hand("88.23.2-DX"), hand("88.23.2-SX"));
        List<Proposal> places = List.of(
                place("88.23.2-DX", "08:00"),
                place("88.23.2-DX", "08:15"),
                place("88.23.2-SX", "08:00"),
                place("88.23.2-SX", "08:30"));

        List<Choice.Candidate> found =
                Choice.candidates(hands, Arrays.asList(null, null), places, null, null, (line, place) -> line.item()
                        .equals(place.localCode()));

        assertThat(found).isNotEmpty().allSatisfy(each -> assertThat(each.proposals())
                .extracting(Proposal::localCode)
                .containsExactly("88.23.2-DX", "88.23.2-SX"));
    }

    private static Line hand(String item) {
        return new Line("88.23.2", item, null, null, null, null, null, null, null, null);
    }

    private static Proposal place(String localCode, String hour) {
        OffsetDateTime start = OffsetDateTime.parse("2026-11-23T" + hour + ":00+01:00");
        return new Proposal(
                "88.23.2",
                localCode,
                new Slot("010204", "AG-1", start, 15, "010001", null, null, false, true),
                null,
                null,
                null,
                null);
    }
}
