package it.snodo.booking.rules;

import static it.snodo.booking.rules.PersonCase.booking;
import static it.snodo.booking.rules.PersonCase.existing;
import static it.snodo.booking.rules.PersonCase.only;
import static it.snodo.booking.rules.PersonCase.told;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.BookingRequest.Patient;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R41 to R56: who is it, and on what grounds. */
class PersonRulesTest {

    @Test
    void a_good_booking_is_told_nothing_before_the_slot() {
        assertThat(told(booking().before())).isEmpty();
    }

    @Test
    void a_good_booking_is_told_nothing_with_its_slot() {
        assertThat(told(booking().withSlot())).isEmpty();
    }

    @Test
    void r41_every_datum_that_is_missing_is_named() {
        PersonCase nobody = booking()
                .without("patient.family")
                .without("patient.given")
                .without("patient.birthDate")
                .without("patient.sex");

        assertThat(told(nobody.before()))
                .containsExactly(
                        "REJECT SC-041 101 patient.family",
                        "REJECT SC-041 101 patient.given",
                        "REJECT SC-041 101 patient.birthDate",
                        "REJECT SC-041 101 patient.sex");
    }

    @Test
    void r41_a_booking_for_nobody_lacks_all_four() {
        assertThat(told(booking().without("patient").before(), "SC-041")).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({"1980-02-31, 102", "2026-03-11, 102", "19800101, 102"})
    void r41_a_birth_date_that_is_none_or_in_the_future_is_a_bad_date(String date, int condition) {
        assertThat(told(booking().with("patient.birthDate", date).before(), "SC-041"))
                .containsExactly("REJECT SC-041 " + condition + " patient.birthDate");
    }

    @Test
    void r41_who_is_born_today_may_be_booked() {
        assertThat(told(booking().with("patient.birthDate", "2026-03-10").before(), "SC-041"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"M, 0", "f, 0", "U, 0", "X, 1"})
    void r41_the_sex_is_m_f_or_u(String sex, int refusals) {
        assertThat(told(booking().with("patient.sex", sex).before(), "SC-041")).hasSize(refusals);
    }

    @Test
    void r42_neither_codice_fiscale_nor_card_is_refused() {
        assertThat(told(booking().without("patient.fiscalCode").before(), "SC-042"))
                .containsExactly("REJECT SC-042 101 patient.fiscalCode");
    }

    @ParameterizedTest
    @CsvSource({"2026-03-10, 0", "2026-03-09, 1", "2026-03-11, 0"})
    void r42_a_card_is_good_to_its_last_day(String expiry, int refusals) {
        PersonCase card = booking().without("patient.fiscalCode").with("patient.entitlement.cardExpiry", expiry);

        assertThat(told(card.before(), "SC-042")).hasSize(refusals);
    }

    @Test
    void r42_a_category_that_does_not_exist_is_refused() {
        assertThat(told(booking().category("MARZIANO").before(), "SC-042"))
                .containsExactly("REJECT SC-042 103 patient.entitlement.category");
    }

    @Test
    void r43_the_same_data_under_another_kind_of_code_are_asked_about() {
        PersonCase twice = booking().alike(person(null, "STP0010011234567", "ROSSI", "maria"));

        assertThat(told(twice.before())).containsExactly("CONFIRM SC-043 207 patient");
        assertThat(told(twice.confirming("SC-043").before())).containsExactly("WARN SC-043 207 patient");
        assertThat(only(twice.before(), "SC-043").message()).doesNotContain("STP0010011234567");
    }

    @Test
    void r43_other_data_with_the_same_code_update_the_registry() {
        assertThat(told(booking()
                        .alike(person("RSSMRA80A41L219Q", null, "BIANCHI", "Maria"))
                        .before()))
                .containsExactly("WARN SC-043b 207 patient");
    }

    @Test
    void r43_the_same_person_and_a_stranger_are_no_question() {
        assertThat(told(booking()
                        .alike(
                                person("RSSMRA80A41L219Q", null, "Rossi", "Maria"),
                                person(null, "STP0010011234567", "Rossi", "Marta"))
                        .before()))
                .isEmpty();
    }

    @Test
    void r43_two_codici_fiscali_are_two_persons_and_no_code_twice_is_one() {
        assertThat(told(booking()
                        .alike(person("RSSMRA80A41A662X", null, "Rossi", "Maria"))
                        .before()))
                .isEmpty();
        assertThat(told(european("E112")
                        .alike(person(null, null, "Rossi", "Maria"))
                        .before()))
                .isEmpty();
    }

    @Test
    void r41_what_can_be_no_name_and_no_age_is_told() {
        assertThat(told(booking().with("patient.family", "12345").before()))
                .contains("REJECT SC-041 102 patient.family");
        assertThat(told(booking().with("patient.given", "\uD83D\uDE00").before()))
                .contains("REJECT SC-041 102 patient.given");
        assertThat(told(booking().with("patient.given", "X".repeat(101)).before()))
                .contains("REJECT SC-041 102 patient.given");
        assertThat(told(booking().with("patient.birthDate", "1896-03-09").before(), "SC-041"))
                .hasSize(1);
        assertThat(told(booking().with("patient.birthDate", "1896-03-10").before(), "SC-041"))
                .isEmpty();
    }

    @Test
    void r43_data_that_the_codice_fiscale_speaks_against_are_told() {
        assertThat(told(booking().with("patient.birthDate", "1980-01-02").before()))
                .containsExactly("WARN SC-043b 207 patient.fiscalCode");
        assertThat(told(booking().with("patient.sex", "M").before()))
                .containsExactly("WARN SC-043b 207 patient.fiscalCode");
        assertThat(told(booking()
                        .with("patient.family", "Bianchi")
                        .with("patient.given", "Ugo")
                        .before()))
                .containsExactly("WARN SC-043b 207 patient.fiscalCode");
        // a second name, a married name, and who was born a hundred years before: nothing speaks against them
        assertThat(told(booking().with("patient.given", "Luisa").before())).isEmpty();
        assertThat(told(booking().with("patient.family", "Bianchi").before())).isEmpty();
        assertThat(told(booking().with("patient.sex", "U").before())).isEmpty();
    }

    private static Patient person(String fiscalCode, String stp, String family, String given) {
        return new Patient(
                fiscalCode,
                stp,
                null,
                null,
                family,
                given,
                LocalDate.of(1980, 1, 1),
                "F",
                null,
                null,
                null,
                null,
                null,
                null);
    }

    @ParameterizedTest
    @CsvSource({"Pecco, 001317", "VICO CANAVESE, 001318"})
    void r44_a_comune_that_was_merged_becomes_the_one_of_today(String comune, String successor) {
        PersonCase moved = booking().with("patient.comune", comune);

        assertThat(only(moved.before(), "SC-044").detail()).isEqualTo(successor);
        assertThat(inEffect(moved).patient().comune()).isEqualTo(successor);
    }

    @Test
    void r44_a_comune_of_today_stays() {
        PersonCase turin = booking().with("patient.comune", "001272");

        assertThat(told(turin.before())).isEmpty();
        assertThat(inEffect(turin).patient().comune()).isEqualTo("001272");
    }

    static it.snodo.booking.BookingRequest inEffect(PersonCase asked) {
        return new InEffect(PersonCase.TABLES, asked.term()).of(asked.given());
    }

    @Test
    void r45_no_telephone_is_refused() {
        assertThat(told(booking().without("patient.phones").withSlot()))
                .containsExactly("REJECT SC-045 101 patient.phones");
    }

    @ParameterizedTest
    @ValueSource(strings = {"non fornito", "Non Fornito", "NON  FORNITO"})
    void r45_the_literal_is_good_however_it_is_written(String phone) {
        PersonCase none = booking().with("patient.phones", List.of(phone));

        assertThat(told(none.withSlot())).isEmpty();
        assertThat(inEffect(none).patient().phones()).containsExactly("non fornito");
    }

    @ParameterizedTest
    @ValueSource(strings = {"boh", "nessuno", "123"})
    void r45_other_words_are_no_telephone(String phone) {
        assertThat(told(booking().with("patient.phones", List.of(phone)).withSlot()))
                .containsExactly("REJECT SC-045 102 patient.phones[0]");
    }

    @Test
    void r45_a_change_of_data_need_not_repeat_the_telephone() {
        PersonCase change = existing("CHANGE").with("patient.given", "Maria").with("patient.sex", "F");

        assertThat(told(change.withSlot(), "SC-045")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2026-03-10, 0", "2026-03-11, 1", "2020-01-01, 0"})
    void r46_a_fostered_minor_is_entitled_from_the_day_of_the_order(String order, int refusals) {
        assertThat(told(
                        booking()
                                .category("FOSTERED")
                                .with("patient.entitlement.orderDate", order)
                                .before(),
                        "SC-046"))
                .hasSize(refusals);
    }

    @Test
    void r46_without_the_day_of_the_order_nothing_is_booked() {
        assertThat(told(booking().category("FOSTERED").before()))
                .containsExactly("REJECT SC-046 101 patient.entitlement.orderDate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"E106", "E112", "E120", "E123", "TEAM", "PROVISIONAL", "LINKED", "DEPENDANT"})
    void r47_these_papers_open_the_terms_of_the_ssr(String title) {
        assertThat(told(european(title).before())).isEmpty();
    }

    @Test
    void r47_without_a_paper_the_local_cup_books_at_full_price() {
        PersonCase none = european("E111").without("patient.entitlement.title");

        assertThat(told(none.before())).containsExactly("ROUTE_LOCAL SC-047 207 patient.entitlement.title");
        assertThat(told(european("E111").before(), "SC-047")).hasSize(1);
        assertThat(told(booking().category("EU_ENROLLED").before())).isEmpty();
    }

    private static PersonCase european(String title) {
        return booking()
                .category("EU")
                .without("patient.fiscalCode")
                .with("patient.entitlement.title", title)
                .with("patient.entitlement.state", "D")
                .with("patient.entitlement.institution", "109519005")
                .with("patient.entitlement.personalNumber", "A123456789")
                .with("prescription.recipeType", "UE");
    }

    @Test
    void r48_a_team_comes_with_the_family_doctors_prescription() {
        assertThat(told(european("TEAM").with("prescription.numbers", List.of()).before(), "SC-048"))
                .containsExactly("REJECT SC-048 207 prescription.numbers");
        assertThat(told(
                        european("PROVISIONAL")
                                .with("prescription.prescriberKind", "SPECIALIST")
                                .before(),
                        "SC-048"))
                .hasSize(1);
        assertThat(told(
                        european("E106")
                                .with("prescription.prescriberKind", "SPECIALIST")
                                .before(),
                        "SC-048"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"UE, 0", "EE, 1", "NA, 1"})
    void r49_the_recipe_of_a_european_is_of_type_ue(String type, int refusals) {
        assertThat(told(european("E112").with("prescription.recipeType", type).before(), "SC-049a"))
                .hasSize(refusals);
    }

    @Test
    void r49_a_missing_type_is_refused_and_a_card_without_number_is_not() {
        assertThat(told(european("TEAM").without("prescription.recipeType").before()))
                .containsExactly("REJECT SC-049a 103 prescription.recipeType");
        assertThat(told(european("TEAM")
                        .without("patient.entitlement.cardNumber")
                        .before()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2026-03-10, 0", "2026-03-09, 1"})
    void r50_a_resident_card_that_expires_today_is_still_good(String expiry, int refusals) {
        PersonCase resident = booking().category("NON_EU").with("patient.entitlement.cardExpiry", expiry);

        assertThat(told(resident.before())).hasSize(refusals);
        assertThat(told(resident.with("patient.entitlement.renewalShown", true).before()))
                .isEmpty();
    }

    @Test
    void r50_an_expired_card_sends_to_renew_it() {
        assertThat(told(booking()
                        .category("NON_EU")
                        .with("patient.entitlement.cardExpiry", "2026-01-31")
                        .before()))
                .containsExactly("REFER SC-050 207 patient.entitlement.cardExpiry");
        assertThat(told(booking().category("NON_EU").before()))
                .containsExactly("REFER SC-050 101 patient.entitlement.cardExpiry");
    }

    @ParameterizedTest
    @CsvSource({"OWN_RIGHT, 207", "STUDY, 207", "AU_PAIR, 207", "ALTRO, 103"})
    void r51_a_dependant_is_excluded_for_three_reasons(String why, int condition) {
        assertThat(told(booking()
                        .category("NON_EU_DEPENDANT")
                        .with("patient.entitlement.dependantExclusion", why)
                        .before()))
                .containsExactly("REJECT SC-051 " + condition + " patient.entitlement.dependantExclusion");
    }

    @Test
    void r51_other_dependants_are_included() {
        assertThat(told(booking().category("NON_EU_DEPENDANT").before())).isEmpty();
    }

    @Test
    void r52_a_permit_for_care_gives_no_ssr() {
        assertThat(told(booking().category("MEDICAL_PERMIT").before()))
                .containsExactly("REJECT SC-052 207 patient.entitlement.category");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Tunisia", "TN", "TUN", "460", "Bosnia Erzegovina", "Svizzera"})
    void r53_a_country_with_a_convention_is_known_by_name_and_code(String country) {
        assertThat(told(convention(country).before())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Francia", "Slovenia", "Croazia", "ZZ"})
    void r53_other_countries_have_none(String country) {
        assertThat(told(convention(country).before()))
                .containsExactly("REJECT SC-053 103 patient.entitlement.citizenship");
    }

    @Test
    void r53_slovenia_had_one_until_it_joined_the_union() {
        PersonCase then = convention("Slovenia").at("2004-04-30T10:00").with("prescription.compiled", "2004-04-28");

        assertThat(told(then.before(), "SC-053")).isEmpty();
    }

    @Test
    void r53_all_that_lacks_is_told_at_once() {
        PersonCase bare = convention("Tunisia")
                .without("patient.entitlement.institution")
                .with("prescription.recipeType", "UE")
                .with("prescription.prescriberKind", "SPECIALIST");

        assertThat(told(bare.before(), "SC-053"))
                .containsExactly(
                        "REJECT SC-053 103 prescription.recipeType",
                        "REJECT SC-053 207 prescription.numbers",
                        "REJECT SC-053 101 patient.entitlement.institution");
    }

    private static PersonCase convention(String country) {
        return booking()
                .category("CONVENTION")
                .without("patient.fiscalCode")
                .with("patient.entitlement.citizenship", country)
                .with("patient.entitlement.institution", "TN-11")
                .with("prescription.recipeType", "EE");
    }

    @Test
    void r54_a_tourist_pays_in_full_at_the_local_cup() {
        assertThat(told(booking().category("TOURIST").before()))
                .containsExactly("ROUTE_LOCAL SC-054 207 patient.entitlement.category");
    }

    @ParameterizedTest
    @ValueSource(strings = {"REFUGEE", "STATELESS"})
    void r55_refugees_and_stateless_persons_show_the_attestation(String category) {
        assertThat(told(booking().category(category).before()))
                .containsExactly("REJECT SC-055 101 patient.entitlement.attestation");
        assertThat(told(booking()
                        .category(category)
                        .with("patient.entitlement.attestation", true)
                        .before()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-15, 2026-07-15, 0",
        "2026-01-15, 2026-07-16, 1",
        "2026-08-31, 2027-02-28, 0",
        "2026-08-31, 2027-03-01, 1",
        "2025-08-31, 2026-02-28, 0"
    })
    void r56_an_stp_code_lasts_six_months_to_the_day(String issued, String today, int refusals) {
        PersonCase stp = stp("STP0010011234567", issued).at(today + "T10:00").with("prescription.compiled", today);

        assertThat(told(stp.before(), "SC-056"))
                .hasSize(refusals)
                .allMatch("REFER SC-056b 207 patient.entitlement.stpIssued"::equals);
    }

    @ParameterizedTest
    @CsvSource({"STP001001123456, 1", "STP0010011234567, 0", "STP00100112345678, 1", "STP001001123456-, 1"})
    void r56_the_code_has_sixteen_letters_and_digits(String code, int refusals) {
        assertThat(told(stp(code, "2026-01-15").before(), "SC-056"))
                .hasSize(refusals)
                .allMatch("REJECT SC-056a 102 patient.stp"::equals);
    }

    @Test
    void r56_what_lacks_is_told_and_eni_goes_by_the_same_rule() {
        PersonCase eni = booking()
                .category("ENI")
                .without("patient.fiscalCode")
                .with("patient.entitlement.stpIssued", "2025-08-01");

        assertThat(told(eni.before(), "SC-056"))
                .containsExactly("REJECT SC-056a 101 patient.eni", "REFER SC-056b 207 patient.entitlement.stpIssued");
        assertThat(told(stp("STP0010011234567", null).before(), "SC-056"))
                .containsExactly("WARN SC-056b 207 patient.entitlement.stpIssued");
        assertThat(told(stp("STP0010011234567", "2026-02-30").before(), "SC-056"))
                .containsExactly("REFER SC-056b 102 patient.entitlement.stpIssued");
    }

    @Test
    void r49_the_tipo_ricetta_ue_tells_who_the_person_is() {
        PersonCase bare =
                european("E112").without("patient.entitlement.category").without("patient.entitlement.title");

        assertThat(told(bare.before())).isEmpty();
        assertThat(told(bare.with("patient.fiscalCode", "RSSMRA80A41L219Q").before(), "SC-021"))
                .containsExactly("WARN SC-021 207 patient.fiscalCode");
    }

    @Test
    void r49_the_european_paper_of_who_has_no_codice_fiscale_tells_it_too() {
        assertThat(told(european("TEAM")
                        .without("patient.entitlement.category")
                        .without("prescription.recipeType")
                        .before()))
                .containsExactly("REJECT SC-049a 103 prescription.recipeType");
    }

    @Test
    void r53_the_tipo_ricetta_ee_tells_that_there_is_a_convention() {
        assertThat(told(convention("Tunisia")
                        .without("patient.entitlement.category")
                        .before()))
                .isEmpty();
        assertThat(told(convention("Francia")
                        .without("patient.entitlement.category")
                        .before()))
                .containsExactly("REJECT SC-053 103 patient.entitlement.citizenship");
    }

    @Test
    void r56_the_tipo_ricetta_st_wants_the_stp_code() {
        assertThat(told(stp(null, "2026-01-15")
                        .without("patient.entitlement.category")
                        .with("prescription.recipeType", "ST")
                        .before()))
                .containsExactly("REJECT SC-056a 101 patient.stp");
    }

    private static PersonCase stp(String code, String issued) {
        return booking()
                .category("STP")
                .without("patient.fiscalCode")
                .with("patient.stp", code)
                .with("patient.entitlement.stpIssued", issued);
    }
}
