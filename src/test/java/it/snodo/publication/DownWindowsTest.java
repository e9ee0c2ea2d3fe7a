package it.snodo.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a destination is expected to be down, by the clock of Rome. */
class DownWindowsTest {

    private static Instant rome(String local) {
        return ZonedDateTime.parse(local + "[Europe/Rome]").toInstant();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Sun 02:00-04:00             | 2026-03-01T02:00:00+01:00 | 2026-03-01T04:00:00+01:00
            dom 02:00-04:00             | 2026-03-01T03:59:59+01:00 | 2026-03-01T04:00:00+01:00
            Sun 02:00-04:00             | 2026-03-01T04:00:00+01:00 |
            Sun 02:00-04:00             | 2026-03-02T03:00:00+01:00 |
            Mon-Fri 23:30-00:30         | 2026-03-03T00:10:00+01:00 | 2026-03-03T00:30:00+01:00
            Mon-Fri 23:30-00:30         | 2026-03-07T00:10:00+01:00 | 2026-03-07T00:30:00+01:00
            Mon-Fri 23:30-00:30         | 2026-03-08T00:10:00+01:00 |
            Fri-Mon 10:00-11:00         | 2026-03-01T10:30:00+01:00 | 2026-03-01T11:00:00+01:00
            sabato, dom 10:00-11:00     | 2026-02-28T10:30:00+01:00 | 2026-02-28T11:00:00+01:00
            12:00-12:15                 | 2026-07-01T12:05:00+02:00 | 2026-07-01T12:15:00+02:00
            00:00-24:00                 | 2026-07-01T12:05:00+02:00 | 2026-07-02T00:00:00+02:00
            Sun 02:00-04:00; 12:00-13:00| 2026-03-04T12:30:00+01:00 | 2026-03-04T13:00:00+01:00
            """)
    void a_moment_is_in_the_window_by_the_clock_of_rome(String text, String moment, String end) {
        assertThat(DownWindows.of(text).downUntil(rome(moment)))
                .isEqualTo(java.util.Optional.ofNullable(end).map(DownWindowsTest::rome));
    }

    @Test
    void none_is_never() {
        assertThat(DownWindows.of(" ").downUntil(Instant.now())).isEmpty();
        assertThat(DownWindows.of(null).text()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun",
                "Sunday 2-4",
                "Xyz 02:00-04:00",
                "02:00-25:00",
                "02:61-04:00",
                "Sun 02:00-04:00,03:00-04:00"
            })
    void what_cannot_be_understood_stops_the_start(String text) {
        assertThatThrownBy(() -> DownWindows.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
