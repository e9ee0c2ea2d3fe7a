package it.snodo.booking.rules;

import static it.snodo.booking.rules.PersonCase.existing;
import static it.snodo.booking.rules.PersonCase.told;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.BookingRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A change of data is judged, and booked, as the booking will be: what it does not say stays as it is. */
class ChangeRulesTest {

    @Test
    void a_change_of_the_telephone_need_not_tell_the_rest_of_the_person() {
        PersonCase change = existing("CHANGE").with("patient.phones", List.of("Non Fornito"));

        assertThat(told(change.before())).isEmpty();
        BookingRequest booked = PersonRulesTest.inEffect(change);
        assertThat(booked.patient().given()).isEqualTo("Maria");
        assertThat(booked.patient().fiscalCode()).isEqualTo("RSSMRA80A41L219Q");
        assertThat(booked.patient().phones()).containsExactly("non fornito");
    }

    @Test
    void r44_a_comune_that_was_merged_becomes_the_one_of_today() {
        PersonCase change = existing("CHANGE").with("patient.comune", "Pecco");

        assertThat(told(change.before())).containsExactly("WARN SC-044 207 patient.comune");
        assertThat(PersonRulesTest.inEffect(change).patient().comune()).isEqualTo("001317");
    }

    @Test
    void r74_an_exemption_that_does_not_exist_is_not_booked() {
        PersonCase change = existing("CHANGE").with("prescription.exemption", "QQ");

        assertThat(told(change.before())).containsExactly("WARN SC-074 207 prescription.exemption");
        assertThat(PersonRulesTest.inEffect(change).prescription().exemption()).isNull();
        assertThat(PersonRulesTest.inEffect(change).prescription().tariff()).isEqualTo("TICKET");
    }

    @Test
    void r72_a_new_exemption_brings_its_tariff() {
        PersonCase change = existing("CHANGE").with("prescription.exemption", "048");

        assertThat(told(change.before())).isEmpty();
        assertThat(PersonRulesTest.inEffect(change).prescription().tariff()).isEqualTo("ESENTE");
        assertThat(PersonRulesTest.inEffect(change).prescription().numbers()).containsExactly("010A01234567890");
    }

    @Test
    void r78_the_age_is_that_of_the_person_of_the_booking() {
        assertThat(told(existing("CHANGE").with("prescription.exemption", "E01").before(), "SC-078"))
                .hasSize(1);
    }

    @Test
    void another_question_leaves_the_exemption_alone() {
        PersonCase change = existing("CHANGE").with("prescription.question", "dolore toracico");

        assertThat(told(change.before())).isEmpty();
        assertThat(PersonRulesTest.inEffect(change).prescription().question()).isEqualTo("dolore toracico");
        assertThat(PersonRulesTest.inEffect(change).prescription().tariff()).isNull();
        assertThat(PersonRulesTest.inEffect(change).prescription().priority()).isEqualTo("P");
    }

    @Test
    void who_has_not_shown_whose_booking_it_is_hears_nothing_of_it() {
        PersonCase stranger = existing("CHANGE")
                .with("patient.family", "Bianchi")
                .with("patient.given", "Anna")
                .with("patient.sex", "F")
                .with("prescription.exemption", "E01");

        assertThat(told(stranger.before())).containsExactly("REJECT SC-080 204 bookingCode");
    }
}
