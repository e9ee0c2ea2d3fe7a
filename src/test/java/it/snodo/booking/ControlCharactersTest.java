package it.snodo.booking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

/** The database takes no NUL: such a request was answered "send again later" for ever. */
class ControlCharactersTest {

    private static BookingReading<BookingRequest> read(String json) throws JsonProcessingException {
        return BookingReading.of((ObjectNode) BookingReading.json().readTree(json), BookingRequest.class);
    }

    @Test
    void a_text_with_a_character_that_nobody_can_read_is_no_text_and_is_named() throws JsonProcessingException {
        BookingReading<BookingRequest> reading = read("""
                {"patient":{"family":"ROS\\u0000SI","given":"MARIA","phones":["011\\u0001","non fornito"]},
                 "lines":[{"service":"89.7\\ud800"}],"rea\\u0000son":"x"}""");
        assertThat(reading.unreadable())
                .extracting(Unreadable::path)
                .contains("patient.family", "patient.phones[0]", "lines[0].service");
        assertThat(reading.unreadable()).allSatisfy(each -> assertThat(each.path() + each.given())
                .doesNotContain("\u0000", "\u0001", "\ud800"));
        assertThat(reading.ask().patient().family()).isNull();
        assertThat(reading.ask().patient().given()).isEqualTo("MARIA");
    }

    @Test
    void lines_and_tabs_are_text() throws JsonProcessingException {
        BookingReading<BookingRequest> reading = read("{\"reason\":\"non può\\nvenire\\t€ 🙂\"}");
        assertThat(reading.unreadable()).isEmpty();
        assertThat(reading.ask().reason()).isEqualTo("non può\nvenire\t€ 🙂");
    }
}
