package it.snodo.booking.rules;

import static it.snodo.booking.rules.Cases.booking;
import static it.snodo.booking.rules.Cases.under;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.Decision;
import it.snodo.booking.Ruling;
import it.snodo.booking.rules.BookingProperties.FiscalCodeCheck;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R1 to R21: scope and form. */
class PrescriptionFormRulesTest {

    @Test
    void a_plain_request_is_told_nothing() {
        Cases plain = booking().slot("010301", "AG-CAR-01", "2026-01-20T09:30:00+01:00");

        assertThat(ofPartA(plain.beforeSlot())).isEmpty();
        assertThat(ofPartA(plain.withSlot())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"010301", "301", "ASL 3", "103", "ASO 901", "010909", "ASL10", "108", "904"})
    void r1_an_azienda_connected_today_is_taken_by_any_of_its_names(String azienda) {
        assertThat(under("SC-001", booking().last("azienda", azienda).beforeSlot()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"111", "100", "999", "010920", "030321", "ASL 11", "PIPPO"})
    void r1_an_azienda_that_is_not_connected_is_refused_and_named(String azienda) {
        Ruling said = only("SC-001", booking().last("azienda", azienda).beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.REJECT);
        assertThat(said.condition()).isEqualTo(103);
        assertThat(said.path()).isEqualTo("lines[0].azienda");
        assertThat(said.message()).contains("«" + azienda + "»");
    }

    @Test
    void r1_the_wished_azienda_and_the_one_of_the_slot_are_looked_at_too() {
        assertThat(only("SC-001", booking().with("wish.azienda", "111").beforeSlot())
                        .path())
                .isEqualTo("wish.azienda");
        assertThat(only(
                                "SC-001",
                                booking()
                                        .slot("111", "A", "2026-01-20T09:30:00+01:00")
                                        .beforeSlot())
                        .path())
                .isEqualTo("lines[0].slot.azienda");
    }

    @Test
    void r2_a_laboratory_exam_is_refused() {
        Ruling said = only("SC-002", booking().noLines().line("90.27.1").beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.REJECT);
        assertThat(said.message()).contains("Glucosio", "centro prelievi");
    }

    @Test
    void r2_laboratory_with_its_blood_draw_is_still_laboratory() {
        assertThat(under(
                        "SC-002",
                        booking().noLines().line("90.27.1").line("91.49.2").beforeSlot()))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"89.7-SPORT", "89.7-LEGALE"})
    void r2_sports_and_forensic_medicine_go_to_the_local_cup(String item) {
        Ruling said = only("SC-005", booking().noLines().item("89.7", item).beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.ROUTE_LOCAL);
        assertThat(said.detail()).isEqualTo("4");
    }

    @Test
    void r3_a_control_visit_is_booked_where_the_azienda_has_put_it_in_the_catalogue() {
        for (String azienda : List.of("010301", "101", "ASL 4")) {
            assertThat(under("SC-003", control(azienda).beforeSlot())).isEmpty();
        }
    }

    @Test
    void r3_a_control_visit_elsewhere_goes_to_the_cup_of_that_azienda() {
        Ruling said = only("SC-003", control("204").beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.ROUTE_LOCAL);
        assertThat(said.detail()).isEqualTo("010204");
    }

    @Test
    void r3_is_heard_again_when_the_hub_has_chosen_the_place() {
        Cases chosen = booking().noLines().line("89.01.3").slot("010909", "A", "2026-01-20T09:30:00+01:00");

        assertThat(under("SC-003", chosen.withSlot())).hasSize(1);
    }

    private static Cases control(String azienda) {
        return booking().noLines().line("89.01.3").last("azienda", azienda);
    }

    @Test
    void r4_what_the_catalogue_has_not_is_refused() {
        // real, and not in the catalogue of SovraCup
        Ruling said = only("SC-004", booking().noLines().line("87.05").beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.REJECT);
        assertThat(said.condition()).isEqualTo(103);
        assertThat(said.message()).contains("87.05");
    }

    @Test
    void r4_what_is_no_first_access_is_refused() {
        assertThat(only("SC-004", booking().noLines().line("89.02").beforeSlot())
                        .message())
                .contains("primo accesso");
    }

    @Test
    void r4_every_service_that_is_wrong_is_told_at_once() {
        assertThat(under("SC-004", booking().line("87.05").line("39.95.4").beforeSlot()))
                .extracting(Ruling::path)
                .containsExactly("lines[1].service", "lines[2].service");
    }

    @ParameterizedTest
    @CsvSource({"EXTRA_SSR,1", "LIBERA_PROFESSIONE,2"})
    void r5_paying_and_private_practice_go_to_the_local_cup(String contract, String number) {
        Ruling said =
                only("SC-005", booking().with("prescription.contract", contract).beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.ROUTE_LOCAL);
        assertThat(said.detail()).isEqualTo(number);
    }

    @Test
    void r5_an_accredited_private_structure_that_was_typed_in_goes_to_the_local_cup() {
        Cases typed = booking().slot("010301", "A", "2026-01-20T09:30:00+01:00").last("slot.privateStructure", true);

        assertThat(under("SC-005", typed.beforeSlot())).isEmpty();
        assertThat(only("SC-005", typed.last("slot.proposed", false).beforeSlot())
                        .detail())
                .isEqualTo("3");
        assertThat(only("SC-005", typed.last("slot.proposed", null).beforeSlot())
                        .detail())
                .isEqualTo("3");
    }

    @Test
    void r5_wins_over_every_other_rule() {
        Cases wrong = booking()
                .with("prescription.contract", "EXTRA_SSR")
                .without("prescription.numbers")
                .without("prescription.compiled")
                .line("87.05");

        assertThat(ofPartA(wrong.beforeSlot())).extracting(Ruling::code).containsExactly("SC-005");
    }

    @Test
    void r5_an_unknown_contract_is_told() {
        Ruling said =
                only("SC-005", booking().with("prescription.contract", "GRATIS").beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.REJECT);
        assertThat(said.condition()).isEqualTo(103);
    }

    @Test
    void r6_accredited_private_structures_take_the_ricettario_regionale_only() {
        Cases there = booking().slot("010301", "A", "2026-01-20T09:30:00+01:00").last("slot.privateStructure", true);

        assertThat(under("SC-006", there.withSlot())).isEmpty();
        assertThat(under("SC-006", there.with("prescription.form", "M01").withSlot()))
                .isEmpty();
        assertThat(only("SC-006", there.with("prescription.form", "M02").withSlot())
                        .decision())
                .isEqualTo(Decision.REJECT);
        assertThat(under("SC-006", there.last("slot.privateStructure", false).withSlot()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "89.7,89.7-PEDIATRICA,",
        "89.7B.6,,",
        "89.26.1,,",
        "89.26.3,,",
        "94.19.1,,",
        "95.02,,Controllo acuità visiva",
        "95.02,,PRESCRIZIONE LENTI"
    })
    void r7_five_visits_need_no_prescription(String service, String item, String question) {
        assertThat(under("SC-007", free(service, item, question).beforeSlot())).isEmpty();
        assertThat(under("SC-008", free(service, item, question).beforeSlot())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"89.7A.3,,", "95.02,,", "95.02,,glaucoma", "95.02,95.02-CATARATTA,visus", "89.7,,"})
    void r7_any_other_needs_one(String service, String item, String question) {
        Ruling said = only("SC-007", free(service, item, question).beforeSlot());

        assertThat(said.code()).isEqualTo("SC-007a");
        assertThat(said.decision()).isEqualTo(Decision.REJECT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSN_LIBERO_ACCESSO", "SSN_ALTRA_MODULISTICA"})
    void r7_number_and_date_stay_empty_where_there_is_no_impegnativa(String type) {
        Cases filled = booking().noLines().line("94.19.1").with("prescription.type", type);

        assertThat(under("SC-007", filled.beforeSlot()))
                .extracting(Ruling::code, Ruling::path)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("SC-007b", "prescription.numbers"),
                        org.assertj.core.groups.Tuple.tuple("SC-007b", "prescription.compiled"));
    }

    @Test
    void r7_a_date_that_cannot_be_read_is_a_filled_field_too() {
        Cases filled = free("94.19.1", null, null).with("prescription.compiled", "1/2/2008");

        assertThat(under("SC-007", filled.beforeSlot()))
                .extracting(Ruling::code)
                .containsExactly("SC-007b");
    }

    @Test
    void r7_a_free_access_visit_may_come_with_a_prescription() {
        assertThat(ofPartA(booking().noLines().line("94.19.1").beforeSlot())).isEmpty();
    }

    private static Cases free(String service, String item, String question) {
        Cases free = booking()
                .with("prescription.type", "SSN_LIBERO_ACCESSO")
                .without("prescription.numbers")
                .without("prescription.compiled")
                .noLines();
        free = item == null ? free.line(service) : free.item(service, item);
        return question == null ? free : free.last("question", question);
    }

    @Test
    void r8_without_a_number_nothing_is_booked() {
        Ruling said = only("SC-008", booking().without("prescription.numbers").beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.REJECT);
        assertThat(said.condition()).isEqualTo(101);
        assertThat(said.path()).isEqualTo("prescription.numbers");
    }

    @Test
    void r8_without_any_prescription_number_and_date_are_missed_together() {
        assertThat(ofPartA(booking().without("prescription").beforeSlot()))
                .extracting(Ruling::code)
                .containsExactly("SC-008", "SC-014");
    }

    @Test
    void r8_the_autoimpegnativa_has_no_number() {
        Cases own = booking()
                .with("prescription.type", "SSN_ALTRA_MODULISTICA")
                .without("prescription.numbers")
                .without("prescription.compiled");

        assertThat(ofPartA(own.beforeSlot())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"prescription.form,M14", "prescription.form,X", "prescription.type,SSR"})
    void r8_a_form_or_type_that_is_not_in_the_tables_is_refused(String path, String value) {
        Ruling said = only("SC-008", booking().with(path, value).beforeSlot());

        assertThat(said.condition()).isEqualTo(103);
        assertThat(said.path()).isEqualTo(path);
        assertThat(said.message()).contains("«" + value + "»");
    }

    @Test
    void r9_direct_access_is_no_matter_of_booking() {
        Ruling said = only(
                "SC-009",
                booking().noLines().line("87.44.1").last("azienda", "301").beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.REFER);
        assertThat(said.detail()).isEqualTo("010301");
        assertThat(said.message()).contains("ASL Città di Torino");
    }

    @ParameterizedTest
    @ValueSource(strings = {"M04", "M05", "M08", "M09", "M10", "M11", "M12"})
    void r10_a_form_of_an_azienda_is_good_there_only(String form) {
        Cases issued = booking().with("prescription.form", form).with("prescription.issuer", "ASL 3");

        assertThat(under("SC-010", issued.last("azienda", "301").beforeSlot())).isEmpty();
        Ruling said = only("SC-010", issued.last("azienda", "010204").beforeSlot());
        assertThat(said.decision()).isEqualTo(Decision.REJECT);
        assertThat(said.detail()).isEqualTo("010301");
        assertThat(said.message()).contains("ricettario regionale");
    }

    @ParameterizedTest
    @ValueSource(strings = {"M01", "M02", "M03", "M06", "M13"})
    void r10_other_forms_are_good_anywhere(String form) {
        assertThat(under(
                        "SC-010",
                        booking()
                                .with("prescription.form", form)
                                .with("prescription.issuer", "301")
                                .last("azienda", "204")
                                .beforeSlot()))
                .isEmpty();
    }

    @Test
    void r10_says_that_the_issuer_is_missing_and_binds_the_search_to_it() {
        Cases issued = booking().with("prescription.form", "M10");
        assertThat(only("SC-010", issued.beforeSlot()).condition()).isEqualTo(101);

        Cases known = issued.with("prescription.issuer", "204");
        assertThat(under("SC-010", known.beforeSlot())).isEmpty();
        assertThat(known.book().boundTo(known.made())).contains("010204");
        assertThat(under(
                        "SC-010",
                        known.slot("010301", "A", "2026-01-20T09:30:00+01:00").withSlot()))
                .hasSize(1);
    }

    @Test
    void r11_m07_is_for_the_gynaecological_visit_in_an_at_risk_pregnancy() {
        assertThat(under(
                        "SC-011",
                        m07().item("89.26.1", "89.26.1-GRAVIDANZA-RISCHIO").beforeSlot()))
                .isEmpty();
        assertThat(under(
                        "SC-011",
                        m07().line("89.26.1")
                                .last("question", "Gravidanza a rischio, 20 settimane")
                                .beforeSlot()))
                .isEmpty();
        assertThat(only("SC-011", m07().line("89.26.1").beforeSlot()).decision())
                .isEqualTo(Decision.REJECT);
        assertThat(under("SC-011", m07().line("89.7A.3").beforeSlot())).hasSize(1);
    }

    private static Cases m07() {
        return booking()
                .with("patient.sex", "F")
                .with("prescription.form", "M07")
                .noLines();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01,2026-03-02,2026-03-03",
        "2024-01-01,2024-03-01,2024-03-02",
        "2025-12-31,2026-03-01,2026-03-02",
        "2026-02-10,2026-04-11,2026-04-12"
    })
    void r12_a_prescription_is_good_for_sixty_days_from_the_day_after(
            String compiled, String lastGood, String firstBad) {
        Cases one = booking().with("prescription.compiled", compiled);

        assertThat(under("SC-012", one.today(compiled).beforeSlot())).isEmpty();
        assertThat(under("SC-012", one.today(lastGood).beforeSlot())).isEmpty();
        Ruling said = only("SC-012", one.today(firstBad).beforeSlot());
        assertThat(said.decision()).isEqualTo(Decision.REJECT);
        assertThat(said.condition()).isEqualTo(207);
        assertThat(said.detail()).isEqualTo(lastGood);
        assertThat(said.path()).isEqualTo("prescription.compiled");
        assertThat(LocalDate.parse(compiled).plusDays(60)).isEqualTo(LocalDate.parse(lastGood));
    }

    @Property(tries = 300)
    void r12_r13_a_form_is_good_from_its_day_to_the_sixtieth_after_it(
            @ForAll @IntRange(min = 0, max = 12000) int today, @ForAll @IntRange(min = -70, max = 5) int written) {
        LocalDate day = LocalDate.of(2004, 1, 1).plusDays(today);
        RuleBook.Judgement said = booking()
                .today(day.toString())
                .with("prescription.compiled", day.plusDays(written).toString())
                .beforeSlot();

        assertThat(under("SC-012", said)).hasSize(written < -60 ? 1 : 0);
        assertThat(under("SC-013", said)).hasSize(written > 0 ? 1 : 0);
    }

    @Test
    void r12_holds_for_every_form_and_looks_at_the_day_of_booking_only() {
        Cases old = booking().with("prescription.compiled", "2025-11-12");

        assertThat(under("SC-012", old.with("prescription.form", "M02").beforeSlot()))
                .hasSize(1);
        assertThat(under(
                        "SC-012",
                        booking()
                                .slot("010301", "A", "2026-06-30T09:30:00+02:00")
                                .beforeSlot()))
                .isEmpty();
    }

    @Test
    void r12_is_not_asked_again_when_a_booking_is_moved_revoked_or_printed() {
        Cases old = booking().with("prescription.compiled", "2020-01-01").standing("SC2026000001", "010301");

        for (String operation : List.of("BOOK", "MOVE", "CHANGE", "REVOKE", "DELETE", "REPRINT")) {
            Rulings rulings = new Rulings();
            // by itself: who asks for a booking is looked at before
            new R12SixtyDays(Cases.CATALOGUE)
                    .check(old.with("operation", operation).made(), rulings);
            assertThat(rulings.all()).as(operation).hasSize(operation.equals("BOOK") ? 1 : 0);
        }
    }

    @Test
    void r13_today_is_good_and_tomorrow_is_not() {
        assertThat(under(
                        "SC-013",
                        booking().with("prescription.compiled", "2026-01-12").beforeSlot()))
                .isEmpty();
        Ruling said = only(
                "SC-013", booking().with("prescription.compiled", "2026-01-13").beforeSlot());
        assertThat(said.decision()).isEqualTo(Decision.REJECT);
        assertThat(said.path()).isEqualTo("prescription.compiled");
    }

    @Test
    void r13_the_day_is_that_of_rome_when_utc_is_still_in_yesterday() {
        Cases night = booking().with("prescription.compiled", "2026-07-02");

        // half past midnight of 2 July in Rome, half past ten of 1 July in UTC
        assertThat(under(
                        "SC-013",
                        night.at(ZonedDateTime.of(2026, 7, 1, 22, 30, 0, 0, ZoneOffset.UTC))
                                .beforeSlot()))
                .isEmpty();
        assertThat(under(
                        "SC-013",
                        night.at(ZonedDateTime.of(2026, 7, 1, 21, 59, 0, 0, ZoneOffset.UTC))
                                .beforeSlot()))
                .hasSize(1);
    }

    @Test
    void r14_without_a_date_the_patient_goes_back_to_the_prescriber() {
        Ruling said = only("SC-014", booking().without("prescription.compiled").beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.REFER);
        assertThat(said.condition()).isEqualTo(101);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1/2/2008", "2008-02-31", "31/02/08", "200802", "2008-02", "10-01-26"})
    void r14_what_is_no_day_is_told_as_it_came(String given) {
        Ruling said =
                only("SC-014", booking().with("prescription.compiled", given).beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.REFER);
        assertThat(said.condition()).isEqualTo(102);
        assertThat(said.message()).contains("«" + given + "»");
    }

    @ParameterizedTest
    @ValueSource(strings = {"patient.family", "patient.given", "patient.birthDate"})
    void r15_surname_name_and_birth_date_must_stand_on_the_form(String path) {
        Rulings rulings = new Rulings();
        // by itself: R41 says it before
        new R15CompleteForm().check(booking().without(path).made(), rulings);

        assertThat(rulings.all()).singleElement().satisfies(said -> {
            assertThat(said.code()).isEqualTo("SC-015");
            assertThat(said.decision()).isEqualTo(Decision.REFER);
            assertThat(said.path()).isEqualTo(path);
        });
    }

    @Test
    void r15_services_must_be_there_and_legible() {
        assertThat(only("SC-015", booking().with("prescription.legible", false).beforeSlot())
                        .decision())
                .isEqualTo(Decision.REFER);
        assertThat(only("SC-015", booking().noLines().beforeSlot()).path()).isEqualTo("lines");
        assertThat(only(
                                "SC-015",
                                booking()
                                        .last("service", null)
                                        .last("description", "visita")
                                        .beforeSlot())
                        .path())
                .isEqualTo("lines[0].service");
        assertThat(only("SC-015", booking().quantity(0).beforeSlot()).path()).isEqualTo("lines[0].quantity");
        assertThat(under("SC-015", booking().with("prescription.legible", true).beforeSlot()))
                .isEmpty();
    }

    @Test
    void r16_the_back_of_the_form_may_come_from_a_document() {
        Rulings absent = new Rulings();
        new R16BackOfForm().check(abroad().made(), absent);
        assertThat(absent.all())
                .extracting(Ruling::code, Ruling::decision, Ruling::path)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(
                        "SC-016", Decision.REFER, "patient.entitlement.personalNumber"));

        Rulings recovered = new Rulings();
        new R16BackOfForm()
                .check(
                        abroad().with("patient.entitlement.recoveredFromDocument", true)
                                .made(),
                        recovered);
        assertThat(recovered.all()).extracting(Ruling::decision).containsExactly(Decision.WARN);
    }

    @Test
    void r16_a_card_without_a_number_lacks_nothing() {
        Rulings rulings = new Rulings();
        new R16BackOfForm()
                .check(abroad().with("patient.entitlement.personalNumber", "A1").made(), rulings);

        assertThat(rulings.all()).isEmpty();
    }

    private static Cases abroad() {
        return booking()
                .without("patient.fiscalCode")
                .with("prescription.recipeType", "UE")
                .with("patient.entitlement.category", "EU")
                .with("patient.entitlement.title", "TEAM")
                .with("patient.entitlement.state", "DE")
                .with("patient.entitlement.institution", "109034270");
    }

    @Test
    void r17_corrections_need_the_prescribers_signature() {
        Cases corrected = booking().with("prescription.corrected", true);

        assertThat(only("SC-017", corrected.beforeSlot()).decision()).isEqualTo(Decision.REJECT);
        assertThat(under(
                        "SC-017",
                        corrected.with("prescription.countersigned", false).beforeSlot()))
                .hasSize(1);
        assertThat(under(
                        "SC-017",
                        corrected.with("prescription.countersigned", true).beforeSlot()))
                .isEmpty();
        assertThat(under(
                        "SC-017",
                        booking().with("prescription.corrected", false).beforeSlot()))
                .isEmpty();
    }

    @Test
    void r18_stamps_and_stickers_are_refused() {
        assertThat(only("SC-018", booking().with("prescription.stamped", true).beforeSlot())
                        .decision())
                .isEqualTo(Decision.REJECT);
        assertThat(under("SC-018", booking().with("prescription.stamped", false).beforeSlot()))
                .isEmpty();
    }

    @Test
    void r19_one_prescription_at_a_time() {
        assertThat(only(
                                "SC-019",
                                booking()
                                        .with("prescription.numbers[1]", "010A09999999999")
                                        .beforeSlot())
                        .message())
                .contains("010A01234567890", "010A09999999999");
        // the same number twice is one
        assertThat(under(
                        "SC-019",
                        booking()
                                .with("prescription.numbers[1]", "010a0 1234567890")
                                .beforeSlot()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"MMG,0", "PLS,0", "SPECIALIST,0", "PRIVATE,1"})
    void r20_a_prescriber_is_mmg_pls_or_a_public_specialist(String kind, int refused) {
        assertThat(under(
                        "SC-020",
                        booking().with("prescription.prescriberKind", kind).beforeSlot()))
                .hasSize(refused);
    }

    @Test
    void r20_another_prescriber_than_the_patients_own_is_taken_for_this_request() {
        assertThat(ofPartA(booking()
                        .with("prescription.prescriber", "VRDLGU60A01L219E")
                        .beforeSlot()))
                .isEmpty();
    }

    @Test
    void r21_for_somebody_insured_abroad_the_field_stays_empty() {
        Cases abroad = abroad().with("patient.entitlement.personalNumber", "A1");

        assertThat(under("SC-021", abroad.beforeSlot())).isEmpty();
        assertThat(only(
                                "SC-021",
                                abroad.with("patient.fiscalCode", "RSSMRA80A01L219M")
                                        .beforeSlot())
                        .decision())
                .isEqualTo(Decision.WARN);
    }

    @Test
    void r21_each_category_has_its_own_code() {
        assertThat(by21(booking().with("patient.fiscalCode", "STP0010011234567")))
                .containsExactly(Decision.REJECT);
        assertThat(by21(booking().with("patient.fiscalCode", "123456789012"))).isEmpty();
        assertThat(by21(booking()
                        .with("patient.entitlement.category", "SASN")
                        .with("patient.fiscalCode", "123456789012")))
                .containsExactly(Decision.REJECT);
        assertThat(by21(booking().with("patient.entitlement.category", "SASN"))).isEmpty();
        assertThat(by21(stp())).isEmpty();
        assertThat(by21(stp().with("patient.fiscalCode", "RSSMRA80A01L219M"))).containsExactly(Decision.REJECT);
        assertThat(by21(stp().without("patient.stp"))).containsExactly(Decision.REJECT);
        assertThat(by21(booking()
                        .without("patient.fiscalCode")
                        .with("patient.entitlement.category", "ENI")
                        .with("patient.eni", "ENI0010011234567")))
                .isEmpty();
    }

    private static Cases stp() {
        return booking()
                .without("patient.fiscalCode")
                .with("patient.entitlement.category", "STP")
                .with("patient.entitlement.stpIssued", "2025-12-01")
                .with("patient.stp", "STP0010011234567");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D\uDE00", "?", "012345678901234567890123456789012"})
    void r8_what_can_be_no_number_of_a_prescription_is_refused(String number) {
        Ruling said =
                only("SC-008", booking().with("prescription.numbers[0]", number).beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.REJECT);
        assertThat(said.condition()).isEqualTo(102);
        assertThat(said.path()).isEqualTo("prescription.numbers[0]");
    }

    @Test
    void r8_a_tipo_ricetta_that_is_in_no_table_is_refused() {
        assertThat(only(
                                "SC-008",
                                booking().with("prescription.recipeType", "ZZ").beforeSlot())
                        .condition())
                .isEqualTo(103);
    }

    @Test
    void r21_a_codice_fiscale_that_is_none_is_told_and_refused_where_that_is_wanted() {
        for (String wrong : List.of("RSSMRA80A01L219A", "RSSMRA80A01L219", "RSSMRA80A32L219X", "12345678901")) {
            Cases cases = booking().with("patient.fiscalCode", wrong);
            assertThat(by21(cases)).as(wrong).containsExactly(Decision.WARN);
            assertThat(by21(cases, FiscalCodeCheck.REJECT)).as(wrong).containsExactly(Decision.REJECT);
            assertThat(by21(cases, FiscalCodeCheck.OFF)).as(wrong).isEmpty();
        }
        for (String right : List.of("RSSMRA80A01L219M", "RSSMRA80A01H50MM", "12345678903", "REG123456")) {
            assertThat(by21(booking().with("patient.fiscalCode", right), FiscalCodeCheck.REJECT))
                    .as(right)
                    .isEmpty();
        }
    }

    private static List<Decision> by21(Cases cases) {
        return by21(cases, FiscalCodeCheck.WARN);
    }

    private static List<Decision> by21(Cases cases, FiscalCodeCheck check) {
        Rulings rulings = new Rulings();
        new R21FiscalCodeField(check).check(cases.made(), rulings);
        return rulings.all().stream().map(Ruling::decision).toList();
    }

    private static Ruling only(String code, RuleBook.Judgement judgement) {
        List<Ruling> found = under(code, judgement);
        assertThat(found).as("said: %s", judgement.rulings()).hasSize(1);
        return found.get(0);
    }

    /** What R1 to R40 have said. */
    private static List<Ruling> ofPartA(RuleBook.Judgement judgement) {
        return judgement.rulings().stream()
                .filter(each -> Integer.parseInt(each.code().substring(3, 6)) <= 40)
                .toList();
    }
}
