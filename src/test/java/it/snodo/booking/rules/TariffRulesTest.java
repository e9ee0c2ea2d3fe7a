package it.snodo.booking.rules;

import static it.snodo.booking.rules.PersonCase.booking;
import static it.snodo.booking.rules.PersonCase.only;
import static it.snodo.booking.rules.PersonCase.told;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.BookingRequest.Prescription;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R72 to R79: exemptions. */
class TariffRulesTest {

    /** Known by a regional code, which says nothing of age and sex. */
    private static PersonCase exempt(String code) {
        return booking().with("prescription.exemption", code).with("patient.fiscalCode", "REG123456");
    }

    /** As it is booked: tariff and code. */
    private static String outcome(PersonCase asked) {
        Prescription booked = PersonRulesTest.inEffect(asked).prescription();
        return booked.tariff() + " " + booked.exemption();
    }

    @ParameterizedTest
    @CsvSource({
        "048, ESENTE, 0",
        "048, ESENTE_TOTALE, 1",
        "048, TICKET, 1",
        "C01, ESENTE_TOTALE, 0",
        "C01, ESENTE, 1",
        "M20, ESENTE, 0",
        "E03, ESENTE_TOTALE, 0"
    })
    void r72_the_tariff_agrees_with_the_kind_of_exemption(String code, String tariff, int notices) {
        assertThat(told(exempt(code).with("prescription.tariff", tariff).before()))
                .hasSize(notices)
                .allMatch("WARN SC-072 207 prescription.tariff"::equals);
    }

    @Test
    void r72_a_tariff_that_is_not_said_follows_from_the_code() {
        assertThat(told(exempt("048").before())).isEmpty();
        assertThat(outcome(exempt("048"))).isEqualTo("ESENTE 048");
        assertThat(outcome(exempt("C01"))).isEqualTo("ESENTE_TOTALE C01");
        assertThat(outcome(booking())).isEqualTo("TICKET null");
    }

    @Test
    void r72_an_exempt_tariff_without_a_code_is_told_and_an_unknown_one_refused() {
        assertThat(told(booking().with("prescription.tariff", "ESENTE").before()))
                .containsExactly("WARN SC-072 207 prescription.tariff");
        assertThat(outcome(booking().with("prescription.tariff", "ESENTE"))).isEqualTo("TICKET null");
        assertThat(told(booking().with("prescription.tariff", "GRATIS").before()))
                .containsExactly("REJECT SC-072b 103 prescription.tariff");
    }

    @Test
    void r73_the_box_n_and_a_code_pay_unless_the_prescriber_has_signed() {
        PersonCase both = exempt("048").with("prescription.notExempt", true);

        assertThat(told(both.before())).containsExactly("WARN SC-073 207 prescription.exemption");
        assertThat(outcome(both)).isEqualTo("TICKET 048");

        PersonCase signed = both.with("prescription.countersigned", true);
        assertThat(told(signed.before(), "SC-073")).isEmpty();
        assertThat(outcome(signed)).isEqualTo("ESENTE 048");
    }

    @Test
    void r73_neither_box_nor_code_pays() {
        assertThat(told(booking().with("prescription.notExempt", true).before()))
                .isEmpty();
        assertThat(outcome(booking())).isEqualTo("TICKET null");
    }

    @Test
    void r74_a_code_that_does_not_exist_is_left_out() {
        PersonCase unknown = exempt("QQ").with("prescription.tariff", "ESENTE");

        assertThat(told(unknown.before())).containsExactly("WARN SC-074 207 prescription.exemption");
        assertThat(only(unknown.before(), "SC-074").detail()).isEqualTo("QQ");
        assertThat(outcome(unknown)).isEqualTo("TICKET null");
    }

    @ParameterizedTest
    @CsvSource({"c01, ESENTE_TOTALE C01", "0a02, ESENTE 0A02", "m20, ESENTE M20"})
    void r74_the_case_of_the_letters_does_not_matter(String code, String booked) {
        assertThat(told(exempt(code).before())).isEmpty();
        assertThat(outcome(exempt(code))).isEqualTo(booked);
    }

    @ParameterizedTest
    @CsvSource({
        "2016-06-01, 000, 1",
        "2016-06-01, 001, 0",
        "2016-06-01, 056, 0",
        "2016-06-01, 057, 1",
        "2026-03-10, 000, 1",
        "2026-03-10, 001, 0",
        "2026-03-10, 056, 0",
        "2026-03-10, 067, 0",
        "2026-03-10, 068, 1",
        "2026-03-10, 01, 1",
        "2026-03-10, RA001, 1",
        "2026-03-10, RA0010, 0",
        "2026-03-10, RA00100, 1",
        "2026-03-10, IC13, 0",
        "2026-03-10, I1234, 1",
        "2026-03-10, C99, 1",
        "2026-03-10, C01, 0"
    })
    void r75_every_class_has_its_form_of_that_year(String today, String code, int notices) {
        PersonCase asked = exempt(code).at(today + "T10:00").with("prescription.compiled", today);

        assertThat(told(asked.before(), "SC-075"))
                .hasSize(notices)
                .allMatch("WARN SC-075 207 prescription.exemption"::equals);
        assertThat(told(asked.before(), "SC-074")).hasSize(notices);
    }

    @Test
    void r76_a_card_that_the_prescriber_did_not_write_down_does_not_count() {
        PersonCase card = booking().with("prescription.cardNotCertified", true);

        assertThat(told(card.before())).containsExactly("WARN SC-076 207 prescription.cardNotCertified");
        assertThat(outcome(card)).isEqualTo("TICKET null");
        assertThat(told(exempt("048")
                        .with("prescription.cardNotCertified", true)
                        .before()))
                .isEmpty();
    }

    private static PersonCase freeAccess(String code, String tariff) {
        PersonCase asked = booking()
                .service("89.7B.6")
                .with("prescription.type", "SSN_LIBERO_ACCESSO")
                .with("prescription.exemption", code)
                .without("prescription.numbers")
                .without("prescription.compiled")
                .without("prescription.priority");
        return tariff == null ? asked : asked.with("prescription.tariff", tariff);
    }

    @ParameterizedTest
    @CsvSource({
        "C01, ESENTE_TOTALE, false, 0",
        "C01, , false, 0",
        "C01, TICKET, false, 1",
        "048, ESENTE, false, 1",
        "048, TICKET, false, 0",
        "048, , false, 0",
        "M20, ESENTE, false, 1",
        "M20, TICKET, false, 0",
        "E03, ESENTE_TOTALE, true, 0",
        "E03, ESENTE_TOTALE, false, 1",
        "E03, , false, 1",
        "E03, TICKET, false, 0",
        "E03, TICKET, true, 1"
    })
    void r77_in_libero_accesso_only_general_exemptions_count(
            String code, String tariff, boolean declared, int refusals) {
        PersonCase asked = freeAccess(code, tariff).with("prescription.selfDeclared", declared);

        assertThat(told(asked.before(), "SC-077")).hasSize(refusals).allMatch(each -> each.startsWith("REJECT"));
    }

    @Test
    void r77_what_does_not_count_is_paid_and_what_counts_is_not() {
        assertThat(outcome(freeAccess("048", null))).isEqualTo("TICKET 048");
        assertThat(outcome(freeAccess("C01", null))).isEqualTo("ESENTE_TOTALE C01");
        assertThat(outcome(freeAccess("E03", null).with("prescription.selfDeclared", true)))
                .isEqualTo("ESENTE_TOTALE E03");
    }

    @ParameterizedTest
    @CsvSource({
        // class 1 ends with the sixth birthday, class 2 begins with the sixty-fifth
        "E01, 2020-03-11, 0",
        "E01, 2020-03-10, 1",
        "E01, 1961-03-11, 1",
        "E01, 1961-03-10, 0",
        // class 4: 60 and 65 are excluded
        "E04, 1966-03-10, 1",
        "E04, 1965-03-11, 1",
        "E04, 1965-03-10, 0",
        "E04, 1961-03-11, 0",
        "E04, 1961-03-10, 1",
        // class 5: more than 14
        "E02, 2011-03-11, 1",
        "E02, 2011-03-10, 0",
        // class 3 has no age
        "E03, 2011-03-11, 0",
        "C01, 1980-01-01, 0"
    })
    void r78_the_age_on_the_day_of_booking_fits_the_class(String code, String born, int refusals) {
        assertThat(told(exempt(code).with("patient.birthDate", born).before()))
                .hasSize(refusals)
                .allMatch("REJECT SC-078 207 prescription.exemption"::equals);
    }

    @Test
    void r78_a_dependant_shares_the_code_whatever_the_age() {
        assertThat(told(exempt("E04")
                        .with("patient.birthDate", "2015-01-01")
                        .with("patient.entitlement.title", "DEPENDANT")
                        .before()))
                .isEmpty();
        // but the age of E01 is the person's own
        assertThat(told(
                        exempt("E01")
                                .with("patient.entitlement.title", "DEPENDANT")
                                .before(),
                        "SC-078"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "2020-03-10, 2026-03-09T23:59, 0",
        "2020-03-10, 2026-03-10T00:00, 1",
        // the nights in which the clocks change
        "2020-03-29, 2026-03-28T23:59, 0",
        "2020-03-29, 2026-03-29T00:00, 1",
        "2020-10-25, 2026-10-24T23:59, 0",
        "2020-10-25, 2026-10-25T00:00, 1",
        // who is born on 29 February is a year older on 1 March
        "2020-02-29, 2026-02-28T23:59, 0",
        "2020-02-29, 2026-03-01T00:00, 1",
        "1960-02-29, 2025-02-28T23:59, 1",
        "1960-02-29, 2025-03-01T00:00, 0",
        "1964-02-29, 2028-02-29T00:00, 1"
    })
    void r78_a_year_of_age_begins_at_midnight_of_the_birthday(String born, String now, int refusals) {
        PersonCase asked = exempt("E01")
                .with("patient.birthDate", born)
                .with("prescription.compiled", now.substring(0, 10))
                .at(now);

        assertThat(told(asked.before(), "SC-078")).hasSize(refusals);
    }

    @ParameterizedTest
    @CsvSource({
        // mammography: women from 45 to 69
        "D03, F, 1981-03-11, , 1",
        "D03, F, 1981-03-10, , 0",
        "D03, F, 1956-03-11, , 0",
        "D03, F, 1956-03-10, , 1",
        "D03, M, 1976-01-01, , 1",
        // every two years
        "D03, F, 1976-01-01, 2024-03-10, 0",
        "D03, F, 1976-01-01, 2024-03-11, 1",
        // Pap test: women from 25 to 65, every three years
        "D02, F, 2001-03-11, , 1",
        "D02, F, 2001-03-10, , 0",
        "D02, F, 1960-03-11, , 0",
        "D02, F, 1960-03-10, , 1",
        "D02, F, 1976-01-01, 2023-03-10, 0",
        "D02, F, 1976-01-01, 2023-03-11, 1",
        // colonoscopy: over 45, every five years
        "D04, M, 1980-03-11, , 1",
        "D04, M, 1980-03-10, , 0",
        "D04, M, 1970-01-01, 2021-03-10, 0",
        "D04, M, 1970-01-01, 2021-03-11, 1"
    })
    void r79_prevention_is_exempt_within_its_ages_and_years(
            String code, String sex, String born, String last, int notices) {
        PersonCase asked = exempt(code).with("patient.sex", sex).with("patient.birthDate", born);
        if (last != null) {
            asked.with("prescription.lastScreening", last);
        }

        assertThat(told(asked.before())).hasSize(notices).allMatch("WARN SC-079 207 prescription.exemption"::equals);
        assertThat(outcome(asked)).isEqualTo((notices == 0 ? "ESENTE " : "TICKET ") + code);
    }

    @Test
    void r79_a_visit_for_an_exemption_is_told_from_its_question() {
        assertThat(told(exempt("048")
                        .with("prescription.question", "Rilascio esenzione")
                        .before()))
                .containsExactly("WARN SC-079b 207 prescription.exemption");
        assertThat(told(exempt("048")
                        .with("lines[0].question", "rinnovo dell'esenzione 048")
                        .before()))
                .isEmpty();
        assertThat(told(exempt("048")
                        .with("prescription.question", "rinnovo esenzione")
                        .with("lines[0].slot.privateStructure", true)
                        .before()))
                .contains("WARN SC-079b 207 lines");
        assertThat(told(
                        exempt("048")
                                .with("prescription.question", "rinnovo esenzione")
                                .with("lines[0].slot.privateStructure", true)
                                .withSlot(),
                        "SC-079b"))
                .as("also when the hub has chosen the place")
                .containsExactly("WARN SC-079b 207 lines");
    }

    @ParameterizedTest
    @CsvSource({"L04, inailReport, SC-079c", "P01, publicStructure, SC-079d"})
    void r79_some_exemptions_ask_for_another_paper(String code, String paper, String notice) {
        PersonCase without = exempt(code);

        assertThat(told(without.before())).containsExactly("WARN " + notice + " 207 prescription." + paper);
        assertThat(outcome(without)).isEqualTo("TICKET " + code);
        assertThat(told(without.with("prescription." + paper, true).before())).isEmpty();
        assertThat(outcome(without)).isEqualTo("ESENTE " + code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C01", "048", "E03", "RA0010", "M20"})
    void a_good_exemption_is_told_nothing(String code) {
        assertThat(told(exempt(code).before())).isEmpty();
    }
}
