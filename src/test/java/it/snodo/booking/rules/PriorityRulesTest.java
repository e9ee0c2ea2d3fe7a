package it.snodo.booking.rules;

import static it.snodo.booking.rules.PersonCase.TABLES;
import static it.snodo.booking.rules.PersonCase.booking;
import static it.snodo.booking.rules.PersonCase.only;
import static it.snodo.booking.rules.PersonCase.told;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R57 to R61: how soon, and where first. */
class PriorityRulesTest {

    @Test
    void r57_an_urgent_prescription_goes_to_direct_access() {
        assertThat(told(booking().with("prescription.priority", "U").before()))
                .containsExactly("REFER SC-057 207 prescription.priority");
    }

    @ParameterizedTest
    @ValueSource(strings = {"B", "D", "P", "b"})
    void r57_the_other_classes_are_booked(String letter) {
        assertThat(told(booking().with("prescription.priority", letter).before()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"X", "BB", "1"})
    void r57_a_class_that_does_not_exist_is_refused(String letter) {
        assertThat(told(booking().with("prescription.priority", letter).before()))
                .containsExactly("REJECT SC-057b 103 prescription.priority");
    }

    @Test
    void r57_speaks_of_first_visits_and_examinations_only() {
        assertThat(told(
                        booking()
                                .service("89.01.3")
                                .with("prescription.priority", "U")
                                .before(),
                        "SC-057"))
                .isEmpty();
    }

    @Test
    void r58_a_missing_class_is_p() {
        PersonCase none = booking().without("prescription.priority");

        assertThat(told(none.before())).containsExactly("WARN SC-058 207 prescription.priority");
        assertThat(only(none.before(), "SC-058").detail()).isEqualTo("P");
        assertThat(PersonRulesTest.inEffect(none).prescription().priority()).isEqualTo("P");
    }

    @ParameterizedTest
    @CsvSource({
        "B, 89.7A.3, 10, false",
        "B, 89.7A.3, 11, true",
        "B, 89.52, 10, false",
        "B, 89.52, 11, true",
        "D, 89.7A.3, 30, false",
        "D, 89.7A.3, 31, true",
        "D, 89.52, 60, false",
        "D, 89.52, 61, true",
        "P, 89.7A.3, 180, false",
        "P, 89.7A.3, 181, true",
        "P, 89.52, 180, false",
        "P, 89.52, 181, true",
        ", 89.7A.3, 180, false",
        ", 89.7A.3, 181, true"
    })
    void r59_the_last_good_day_is_good_and_the_next_is_asked_about(
            String letter, String service, int days, boolean beyond) {
        PersonCase asked = booking()
                .service(service)
                .with("prescription.priority", letter)
                .with("lines[0].slot.start", LocalDate.of(2026, 3, 10).plusDays(days) + "T23:30:00+02:00");
        // late in the evening: the day is that of Rome, not of Greenwich

        assertThat(told(asked.withSlot(), "SC-059"))
                .isEqualTo(beyond ? java.util.List.of("CONFIRM SC-059 207 lines[0].slot.start") : java.util.List.of());
    }

    @Test
    void r59_the_last_good_day_is_told() {
        assertThat(only(
                                booking()
                                        .with("prescription.priority", "B")
                                        .with("lines[0].slot.start", "2026-04-07T09:00:00+02:00")
                                        .withSlot(),
                                "SC-059")
                        .detail())
                .isEqualTo("2026-03-20");
    }

    @ParameterizedTest
    @CsvSource({"2026-03-15, false", "2026-03-16, true"})
    void r59_by_property_the_clock_starts_at_the_compilation(String day, boolean beyond) {
        PersonCase asked = booking()
                .properties(new BookingProperties(
                        false, false, BookingProperties.ClockStart.COMPILED, BookingProperties.FiscalCodeCheck.WARN))
                .with("prescription.priority", "B")
                .with("lines[0].slot.start", day + "T09:00:00+01:00");

        assertThat(told(asked.withSlot(), "SC-059")).hasSize(beyond ? 1 : 0);
    }

    @Test
    void r59_the_search_is_given_the_same_day() {
        PersonCase asked = booking().with("prescription.priority", "D");
        LocalDate today = LocalDate.of(2026, 3, 10);

        assertThat(asked.term()
                        .lastGoodDay(
                                asked.request().ask().prescription(),
                                TABLES.item("89.52", today).orElseThrow(),
                                today))
                .contains(LocalDate.of(2026, 5, 9));
        assertThat(asked.term().lastGoodDay(null, TABLES.item("89.7A.3", today).orElseThrow(), today))
                .contains(LocalDate.of(2026, 9, 6));
        assertThat(asked.term().inEffect(null, today).orElseThrow().letter()).isEqualTo("P");
    }

    @Test
    void r60_a_later_date_that_is_accepted_is_to_be_shown_to_the_prescriber() {
        PersonCase late =
                booking().with("prescription.priority", "B").with("lines[0].slot.start", "2026-04-07T09:00:00+02:00");

        assertThat(told(late.withSlot())).containsExactly("CONFIRM SC-059 207 lines[0].slot.start");
        assertThat(told(late.confirming("SC-059").withSlot()))
                .containsExactly("WARN SC-059 207 lines[0].slot.start", "WARN SC-060a 207 lines[0].slot.start");
    }

    @Test
    void r60_a_confirmation_that_nobody_needed_changes_nothing() {
        assertThat(told(booking().confirming("SC-059").withSlot())).isEmpty();
    }

    @Test
    void r60_when_there_is_no_place_at_all_the_person_is_sent_elsewhere() {
        assertThat(told(booking().without("lines[0].slot").withSlot())).containsExactly("REFER SC-060b 207 lines[0]");
    }

    @Test
    void r60_a_service_that_the_azienda_does_not_offer_is_told_as_that() {
        PersonCase elsewhere = booking()
                .without("lines[0].slot")
                .with("lines[0].service", "89.37.2")
                .with("lines[0].azienda", "010205");
        assertThat(elsewhere.withSlot())
                .filteredOn(each -> each.code().equals("SC-060b"))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.path()).isEqualTo("lines[0].azienda");
                    assertThat(each.message())
                            .contains("non è tra le prestazioni che si prenotano")
                            .doesNotContain("posto");
                    assertThat(each.detail()).contains("010301").doesNotContain("010205");
                });
    }

    @Test
    void r61_a_place_typed_in_elsewhere_has_gone_past_the_own_asl() {
        PersonCase elsewhere = booking()
                .with("patient.asl", "301")
                .with("lines[0].slot.azienda", "010203")
                .with("lines[0].slot.proposed", false);

        assertThat(told(elsewhere.withSlot())).containsExactly("WARN SC-061 207 lines[0].slot.azienda");
        assertThat(only(elsewhere.withSlot(), "SC-061").detail()).isEqualTo("010301");
    }

    @Test
    void r61_is_silent_about_the_own_asl_a_proposal_a_wish_and_strangers() {
        PersonCase typed = booking().with("lines[0].slot.proposed", false);

        assertThat(told(typed.with("patient.asl", "010301").withSlot())).isEmpty();
        assertThat(told(typed.with("patient.asl", "301")
                        .with("lines[0].slot.azienda", "010301")
                        .withSlot()))
                .isEmpty();
        assertThat(told(booking()
                        .with("patient.asl", "010301")
                        .with("lines[0].slot.azienda", "010203")
                        .withSlot()))
                .isEmpty();
        assertThat(told(booking()
                        .with("lines[0].slot.proposed", false)
                        .with("patient.asl", "010301")
                        .with("lines[0].slot.azienda", "010203")
                        .with("wish", PersonCase.wish("010203"))
                        .withSlot()))
                .isEmpty();
        assertThat(told(booking()
                        .with("lines[0].slot.proposed", false)
                        .with("patient.asl", "030321")
                        .with("lines[0].slot.azienda", "010203")
                        .withSlot()))
                .isEmpty();
    }
}
