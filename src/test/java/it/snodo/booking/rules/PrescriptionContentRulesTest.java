package it.snodo.booking.rules;

import static it.snodo.booking.rules.Cases.booking;
import static it.snodo.booking.rules.Cases.under;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.Decision;
import it.snodo.booking.Ruling;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.config.ConfigFolder;
import it.snodo.registry.CodeTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R22 to R40: what stands on the prescription, where it goes, and what is booked already. */
class PrescriptionContentRulesTest {

    private static final BookingProperties CHAINED = new BookingProperties(
            true, true, BookingProperties.ClockStart.BOOKING, BookingProperties.FiscalCodeCheck.WARN);

    @TempDir
    Path dir;

    @Test
    void r22_services_without_a_common_branch_need_prescriptions_of_their_own() {
        Ruling said = only("SC-022", booking().line("95.02").beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.REJECT);
        assertThat(said.message()).contains("Prima visita cardiologica", "branca 08", "branca 34");
        assertThat(under("SC-022", booking().line("89.52").line("88.72.2").beforeSlot()))
                .isEmpty();
    }

    @Test
    void r22_r25_what_is_done_without_booking_stands_on_the_same_prescription() {
        assertThat(under("SC-022", booking().line("87.44.1").beforeSlot())).hasSize(1);
        Cases radiology = booking().noLines().line("88.76.1").quantity(8);
        assertThat(under("SC-025", radiology.beforeSlot())).isEmpty();
        assertThat(under("SC-025", radiology.line("87.44.1").beforeSlot())).hasSize(1);
    }

    @Test
    void r22_what_another_cup_books_comes_on_a_prescription_of_its_own() {
        Cases mixed = booking().line("90.27.1").with("confirmations[0]", "SC-038b");

        assertThat(under("SC-022", mixed.beforeSlot())).isEmpty();
    }

    @Test
    void r23_other_services_take_the_branch_they_go_along_with() {
        assertThat(under("SC-022", booking().line("96.59").line("91.49.2").beforeSlot()))
                .isEmpty();
        assertThat(under(
                        "SC-022",
                        booking().noLines().line("96.59").line("93.56.1").beforeSlot()))
                .isEmpty();
        // and count in it
        assertThat(under(
                        "SC-025",
                        booking().line("89.52").quantity(7).line("96.59").beforeSlot()))
                .hasSize(1);
    }

    @Test
    void r24_a_service_of_two_branches_stands_with_services_of_either() {
        assertThat(under("SC-022", urology().line("88.79.8").beforeSlot())).isEmpty();
        assertThat(under(
                        "SC-022",
                        booking().noLines().line("88.76.1").line("88.79.8").beforeSlot()))
                .isEmpty();
    }

    @Test
    void r24_it_does_not_link_two_branches_unless_configured() {
        Cases chain = urology().line("88.79.8").line("88.76.1");

        assertThat(only("SC-022", chain.beforeSlot()).decision()).isEqualTo(Decision.REJECT);
        assertThat(under("SC-022", chain.by(CHAINED).beforeSlot())).isEmpty();
        assertThat(only("SC-024", chain.beforeSlot()).decision()).isEqualTo(Decision.WARN);
        // and no chain without a link
        assertThat(under("SC-022", urology().line("88.76.1").by(CHAINED).beforeSlot()))
                .hasSize(1);
    }

    private static Cases urology() {
        return booking().noLines().line("89.7C.3");
    }

    @ParameterizedTest
    @CsvSource({"8,0,0", "8,1,0", "8,3,0", "9,0,1", "9,1,1", "1,9,0"})
    void r25_eight_services_of_a_branch_and_blood_draws_beside_them(int services, int draws, int refused) {
        Cases many = booking().noLines().line("89.52").quantity(services);
        if (draws > 0) {
            many = many.line("91.49.2").quantity(draws);
        }

        assertThat(under("SC-025", many.beforeSlot())).hasSize(refused);
    }

    @Test
    void r25_counts_over_all_lines_of_the_branch() {
        Cases many = booking();
        for (String each : List.of("89.52", "88.72.2", "89.41", "89.50", "89.61.1")) {
            many = many.line(each);
        }

        assertThat(under("SC-025", many.last("quantity", 3).beforeSlot())).isEmpty();
        Ruling said = only("SC-025", many.last("quantity", 4).beforeSlot());
        assertThat(said.message()).contains("9 prestazioni");
        assertThat(said.detail()).isEqualTo("8");
    }

    @ParameterizedTest
    @CsvSource({"3,12,''", "4,1,a", "1,13,b", "3,13,bc", "4,12,ac"})
    void r26_three_kinds_twelve_sessions_thirty_six_in_all(int kinds, int sessions, String letters) {
        List<String> codes = List.of("93.11.1", "93.11.5", "93.16", "93.39.2");
        Cases many = booking().noLines();
        for (String each : codes.subList(0, kinds)) {
            many = many.line(each).quantity(sessions);
        }

        List<String> said = under("SC-026", many.by(CHAINED).beforeSlot()).stream()
                .map(Ruling::code)
                .distinct()
                .toList();
        assertThat(said)
                .containsExactlyElementsOf(
                        letters.chars().mapToObj(c -> "SC-026" + (char) c).toList());
    }

    @Test
    void r26_sessions_of_a_kind_are_summed_over_its_lines() {
        Cases twice =
                booking().noLines().line("93.11.1").quantity(7).line("93.11.1").quantity(6);

        assertThat(under("SC-026", twice.by(CHAINED).beforeSlot()))
                .extracting(Ruling::code)
                .containsExactly("SC-026b");
    }

    @Test
    void r26_rehabilitation_goes_to_the_cup_of_the_azienda() {
        Ruling said = only(
                "SC-026",
                booking()
                        .noLines()
                        .line("93.11.1")
                        .quantity(12)
                        .last("azienda", "301")
                        .beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.ROUTE_LOCAL);
        assertThat(said.detail()).isEqualTo("010301");
    }

    @Test
    void r27_the_same_code_stands_once_for_each_part_of_the_body() {
        assertThat(only("SC-027", booking().line("89.7A.3").beforeSlot()).path())
                .isEqualTo("lines[1].service");
        assertThat(under("SC-027", knees("R", "R"))).hasSize(1);
        assertThat(under("SC-027", knees("B", "L"))).hasSize(1);
        assertThat(under("SC-027", knees("R", "L"))).isEmpty();
        assertThat(under(
                        "SC-027",
                        booking()
                                .noLines()
                                .line("88.79.3")
                                .last("district", "spalla")
                                .line("88.79.3")
                                .last("district", "Ginocchio")
                                .beforeSlot()))
                .isEmpty();
    }

    private static RuleBook.Judgement knees(String one, String other) {
        return booking()
                .noLines()
                .line("88.27.2")
                .last("side", one)
                .line("88.27.2")
                .last("side", other)
                .beforeSlot();
    }

    @Test
    void r27_what_is_delivered_in_cycles_may_stand_twice() {
        assertThat(under(
                        "SC-027",
                        booking().noLines().line("95.35").line("95.35").beforeSlot()))
                .isEmpty();
    }

    @Test
    void r28_a_request_for_both_hands_becomes_two() {
        Ruling said = only(
                "SC-028", booking().noLines().line("88.23.2").last("side", "B").beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.CONFIRM);
        assertThat(said.detail()).isEqualTo("88.23.2-DX,88.23.2-SX");
        assertThat(under("SC-028", booking().noLines().line("88.23.2").beforeSlot()))
                .hasSize(1);
        assertThat(under(
                        "SC-028",
                        booking()
                                .noLines()
                                .item("88.23.2", "88.23.2-DX")
                                .last("side", "B")
                                .beforeSlot()))
                .hasSize(1);
    }

    @Test
    void r28_right_and_left_together_or_one_hand_alone_need_no_word() {
        Cases both = booking().noLines().item("88.23.2", "88.23.2-DX").item("88.23.2", "88.23.2-SX");

        assertThat(ofPartA(both.beforeSlot())).isEmpty();
        assertThat(ofPartA(both.with("lines[0].side", "B")
                        .with("lines[1].side", "B")
                        .beforeSlot()))
                .isEmpty();
        assertThat(ofPartA(booking().noLines().line("88.23.2").last("side", "R").beforeSlot()))
                .isEmpty();
    }

    @Test
    void r28_confirmed_it_goes_along_as_a_notice() {
        Ruling said = only(
                "SC-028",
                booking()
                        .noLines()
                        .line("88.23.2")
                        .with("confirmations[0]", "SC-028")
                        .beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.WARN);
    }

    @Test
    void r29_exempt_and_not_exempt_need_two_bookings() {
        assertThat(under("SC-029", exempt(true, true))).isEmpty();
        assertThat(under("SC-029", exempt(false, false))).isEmpty();
        assertThat(under("SC-029", exempt(null, null))).isEmpty();
        assertThat(only("SC-029", exempt(true, false)).decision()).isEqualTo(Decision.REJECT);
        // what is not said follows the tariff, which here is the ticket
        assertThat(under("SC-029", exempt(true, null))).hasSize(1);
        assertThat(under("SC-029", exempt(false, null))).isEmpty();
    }

    @Test
    void r29_an_azienda_may_allow_it() throws IOException {
        Files.createDirectories(dir.resolve("mappings"));
        Files.writeString(
                dir.resolve("mappings/aziende.csv"),
                Files.readString(Path.of("mappings/aziende.csv")).replaceFirst("(?m)^(010204,.*),N$", "$1,Y"));
        BookingCatalogue catalogue = BookingCatalogue.of(new ConfigFolder(dir), new CodeTables(new ConfigFolder(dir)));
        Cases mixed = booking()
                .last("exempt", true)
                .line("89.52")
                .last("exempt", false)
                .by(catalogue);

        assertThat(under("SC-029", mixed.with("wish.azienda", "204").beforeSlot()))
                .isEmpty();
        assertThat(under("SC-029", mixed.with("wish.azienda", "301").beforeSlot()))
                .hasSize(1);
        // not known yet: heard again with the place
        assertThat(under("SC-029", mixed.without("wish").beforeSlot())).isEmpty();
        assertThat(under("SC-029", mixed.with("wish.azienda", "301").withSlot()))
                .hasSize(1);
    }

    private static RuleBook.Judgement exempt(Boolean one, Boolean other) {
        return booking().last("exempt", one).line("89.52").last("exempt", other).beforeSlot();
    }

    @Test
    void r30_all_lines_go_to_one_azienda() {
        assertThat(under("SC-030", lines("301", "ASL 3"))).isEmpty();
        assertThat(under("SC-030", lines("301", null))).isEmpty();
        Ruling said = only("SC-030", lines("301", "204"));
        assertThat(said.decision()).isEqualTo(Decision.REJECT);
        assertThat(said.path()).isEqualTo("lines[1].azienda");
        assertThat(said.detail()).isEqualTo("010301");
    }

    private static RuleBook.Judgement lines(String one, String other) {
        return booking()
                .last("azienda", one)
                .line("89.52")
                .last("azienda", other)
                .beforeSlot();
    }

    @Test
    void r30_a_later_line_of_the_same_prescription_goes_where_the_first_went() {
        Cases later = booking()
                .earlier(Cases.earlier(
                        "SC2026000001", "010301", "010A01234567890", "89.52", "2026-02-02T09:00:00+01:00"));

        assertThat(under("SC-030", later.last("azienda", "301").beforeSlot())).isEmpty();
        assertThat(only("SC-030", later.last("azienda", "204").beforeSlot()).message())
                .contains("SC2026000001");
        assertThat(later.last("azienda", null).book().boundTo(later.made())).contains("010301");
        // a booking that takes the place of that one is not bound by it (R65)
        assertThat(under(
                        "SC-030",
                        later.last("azienda", "204")
                                .with("movesFrom", "SC2026000001")
                                .beforeSlot()))
                .isEmpty();
    }

    @Test
    void r30_another_prescription_binds_nothing() {
        Cases later = booking()
                .last("azienda", "204")
                .earlier(Cases.earlier(
                        "SC2026000001", "010301", "010A00000000000", "89.52", "2026-02-02T09:00:00+01:00"));

        assertThat(under("SC-030", later.beforeSlot())).isEmpty();
    }

    @Test
    void r31_places_that_are_not_next_to_each_other_are_told() {
        assertThat(under("SC-031", places("AG-1", "2026-01-20T09:20:00+01:00"))).isEmpty();
        assertThat(under("SC-031", places("AG-2", "2026-01-20T10:40:00+01:00"))).isEmpty();
        assertThat(only("SC-031", places("AG-1", "2026-01-20T10:40:00+01:00")).decision())
                .isEqualTo(Decision.WARN);
        assertThat(only("SC-031", places("AG-2", "2026-01-21T09:20:00+01:00")).message())
                .contains("giorni diversi");
    }

    private static RuleBook.Judgement places(String agenda, String start) {
        return booking()
                .slot("010301", "AG-1", "2026-01-20T09:00:00+01:00")
                .line("89.52")
                .slot("010301", agenda, start)
                .withSlot();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-02-02T09:00:00+01:00,2026-02-05T08:00:00+01:00,0",
        "2026-02-02T09:00:00+01:00,2026-02-04T23:00:00+01:00,1",
        "2026-02-05T08:00:00+01:00,2026-02-02T09:00:00+01:00,0",
        "2026-02-02T09:00:00+01:00,2026-02-02T09:20:00+01:00,1"
    })
    void r32_three_days_between_two_exams_with_contrast(String thorax, String abdomen, int refused) {
        RuleBook.Judgement said = booking()
                .noLines()
                .line("87.41.1")
                .slot("010301", "AG-1", thorax)
                .line("88.01.6")
                .slot("010301", "AG-1", abdomen)
                .withSlot();

        assertThat(under("SC-032", said)).hasSize(refused).allMatch(each -> each.decision() == Decision.REJECT);
        // the table keeps them apart: that is no bad packing
        assertThat(under("SC-031", said)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2026-01-20T09:00:00+01:00,0", "2026-01-20T11:00:00+01:00,1"})
    void r32_one_exam_must_come_before_the_other(String field, int refused) {
        assertThat(under(
                        "SC-032",
                        booking()
                                .noLines()
                                .line("95.02")
                                .slot("010301", "AG-1", "2026-01-20T10:00:00+01:00")
                                .line("95.05")
                                .slot("010301", "AG-2", field)
                                .withSlot()))
                .hasSize(refused);
    }

    @Test
    void r32_looks_at_what_is_booked_already() {
        Cases beside = booking()
                .noLines()
                .line("88.01.6")
                .slot("010301", "AG-1", "2026-02-04T09:00:00+01:00")
                .earlier(Cases.earlier("SC2026000001", "010204", "X", "87.41.1", "2026-02-02T09:00:00+01:00"));

        assertThat(only("SC-032", beside.withSlot()).message()).contains("SC2026000001");
        assertThat(under(
                        "SC-032",
                        beside.last("slot.start", "2026-02-05T09:00:00+01:00").withSlot()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-06-01,2026-06-04T08:00:00+02:00,0",
        "2026-06-01,2026-06-03T23:59:00+02:00,1",
        "2026-06-01,2026-06-03T22:30:00Z,0",
        "2026-03-27,2026-03-30T08:00:00+02:00,0"
    })
    void r33_three_days_of_preparation_from_today(String today, String start, int refused) {
        RuleBook.Judgement said = booking()
                .today(today)
                .with("prescription.compiled", today)
                .noLines()
                .line("45.23")
                .slot("010301", "AG-1", start)
                .withSlot();

        assertThat(under("SC-033", said)).hasSize(refused);
    }

    @Test
    void r33_tells_the_first_good_day_also_when_a_booking_is_moved() {
        Ruling said = only(
                "SC-033",
                booking()
                        .with("operation", "MOVE")
                        .standing(
                                "SC2026000001", "010301", Cases.booked("45.23", "010301", "2026-02-02T09:00:00+01:00"))
                        .noLines()
                        .line("45.23")
                        .slot("010301", "AG-1", "2026-01-14T09:00:00+01:00")
                        .withSlot());

        assertThat(said.decision()).isEqualTo(Decision.REJECT);
        assertThat(said.detail()).isEqualTo("2026-01-15");
    }

    @ParameterizedTest
    @ValueSource(strings = {"REVOKE", "DELETE", "CHANGE", "REPRINT"})
    void r31_r32_r33_a_place_that_is_given_up_or_only_named_is_not_judged(String operation) {
        RuleBook.Judgement said = booking()
                .with("operation", operation)
                .standing("SC2026000001", "010301", Cases.booked("45.23", "010301", "2026-01-13T09:00:00+01:00"))
                .noLines()
                .line("45.23")
                .slot("010301", "AG-1", "2026-01-13T09:00:00+01:00")
                .line("45.13")
                .slot("010301", "AG-1", "2026-01-13T11:00:00+01:00")
                .withSlot();

        assertThat(ofPartA(said)).isEmpty();
    }

    @Test
    void r34_a_service_is_not_turned_into_another() {
        Ruling said = only(
                "SC-034", booking().noLines().item("89.7A.3", "95.02-CATARATTA").beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.REJECT);
        assertThat(said.detail()).isEqualTo("89.7A.3");
        assertThat(under(
                        "SC-034",
                        booking().noLines().item("95.02", "95.02-CATARATTA").beforeSlot()))
                .isEmpty();
    }

    @Test
    void r34_an_item_that_nobody_knows_is_not_the_service_either() {
        BookingCase unknown = booking().noLines().item("95.02", "95.02-PIPPO").made();
        BookingCase generic = booking().noLines().line("95.02").made();
        Rulings rulings = new Rulings();
        // as the desk hands it over: the entry of the service where the item has none
        new R34SameService()
                .check(
                        new BookingCase(
                                unknown.request(),
                                List.of(),
                                unknown.now(),
                                generic.items(),
                                unknown.slots(),
                                null,
                                List.of(),
                                null),
                        rulings);

        assertThat(rulings.all()).singleElement().satisfies(said -> assertThat(said.message())
                .contains("95.02-PIPPO"));
    }

    @Test
    void r34_a_move_keeps_the_service() {
        Cases move = booking()
                .with("operation", "MOVE")
                .with("bookingCode", "SC2026000001")
                .standing("SC2026000001", "010301", Cases.booked("89.52", "010301", "2026-02-02T09:00:00+01:00"));

        assertThat(only("SC-034", move.beforeSlot()).message()).contains("SC2026000001", "89.7A.3");
        assertThat(under("SC-034", move.noLines().line("89.52").beforeSlot())).isEmpty();
    }

    @Test
    void r35_a_profile_is_booked_with_all_its_parts() {
        Cases profile = booking().item("89.7A.3", "89.7A.3-PROFILO").line("89.52");

        Ruling said = only("SC-035", profile.beforeSlot());
        assertThat(said.decision()).isEqualTo(Decision.REJECT);
        assertThat(said.detail()).isEqualTo("88.72.2");
        assertThat(ofPartA(profile.line("88.72.2").beforeSlot())).isEmpty();
    }

    @Test
    void r35_the_profile_is_none_of_its_parts() {
        assertThat(only(
                                "SC-035",
                                booking()
                                        .noLines()
                                        .item("89.7A.3", "89.7A.3-PROFILO")
                                        .beforeSlot())
                        .detail())
                .isEqualTo("89.7A.3,89.52,88.72.2");
    }

    @Test
    void r36_a_specific_item_for_the_question_is_pointed_at() {
        Cases eye = booking().noLines().line("95.02").last("question", "Sospetta CATARATTA OD");

        Ruling said = only("SC-036", eye.beforeSlot());
        assertThat(said.decision()).isEqualTo(Decision.WARN);
        assertThat(said.detail()).isEqualTo("95.02-CATARATTA");
        assertThat(under("SC-036", eye.last("item", "95.02-CATARATTA").beforeSlot()))
                .isEmpty();
        assertThat(under("SC-036", booking().noLines().line("95.02").beforeSlot()))
                .isEmpty();
        assertThat(only(
                                "SC-036",
                                booking()
                                        .noLines()
                                        .line("95.02")
                                        .with("prescription.question", "glaucoma")
                                        .beforeSlot())
                        .detail())
                .isEqualTo("95.02-GLAUCOMA");
    }

    @Test
    void r37_what_is_done_without_booking_is_done_in_the_same_azienda() {
        Cases mixed = booking().noLines().line("88.76.1").line("87.44.1");

        Ruling said = only("SC-037", mixed.with("wish.azienda", "301").beforeSlot());
        assertThat(said.code()).isEqualTo("SC-037a");
        assertThat(said.decision()).isEqualTo(Decision.WARN);
        assertThat(said.path()).isEqualTo("lines[1].service");
        assertThat(mixed.book().setAside(mixed.made())).isEqualTo(Set.of(1));
        assertThat(under("SC-009", mixed.beforeSlot())).isEmpty();
    }

    @Test
    void r37_or_needs_another_prescription() {
        Cases mixed = booking().noLines().line("88.76.1").line("87.44.1").with("wish.azienda", "205");

        assertThat(only("SC-037", mixed.beforeSlot()).code()).isEqualTo("SC-037b");
    }

    @Test
    void r37_without_an_azienda_all_that_can_do_everything_are_named() {
        Ruling said = only(
                "SC-037", booking().noLines().line("88.76.1").line("87.44.1").beforeSlot());

        assertThat(said.detail()).isEqualTo("010203,010204,010213,010301,010909");
    }

    @Test
    void r38_all_of_it_goes_to_the_desks_own_cup_when_that_does_it() {
        Ruling said = only("SC-038", heart().with("requester.azienda", "301").beforeSlot());

        assertThat(said.code()).isEqualTo("SC-038a");
        assertThat(said.decision()).isEqualTo(Decision.ROUTE_LOCAL);
        assertThat(said.detail()).isEqualTo("010301");
    }

    @ParameterizedTest
    @ValueSource(strings = {"204", "111", ""})
    void r38_else_the_caller_chooses(String desk) {
        Cases mixed = heart().with("requester.azienda", desk);

        Ruling said = only("SC-038", mixed.beforeSlot());
        assertThat(said.code()).isEqualTo("SC-038b");
        assertThat(said.decision()).isEqualTo(Decision.CONFIRM);
        assertThat(said.detail()).isEqualTo("010301");
        assertThat(mixed.book().setAside(mixed.made())).isEqualTo(Set.of(1));
        assertThat(only("SC-038", mixed.with("confirmations[0]", "SC-038b").beforeSlot())
                        .decision())
                .isEqualTo(Decision.WARN);
    }

    private static Cases heart() {
        return booking().line("88.72.4");
    }

    @Test
    void r38_a_laboratory_line_among_others_is_such_a_service() {
        Cases mixed = booking().line("90.27.1");

        assertThat(only("SC-038", mixed.beforeSlot()).code()).isEqualTo("SC-038b");
        assertThat(under("SC-002", mixed.beforeSlot())).isEmpty();
    }

    @Test
    void r38_alone_it_goes_to_a_cup_that_does_it() {
        Ruling said = only("SC-038", booking().noLines().line("88.97.A").beforeSlot());

        assertThat(said.code()).isEqualTo("SC-038a");
        assertThat(said.detail()).isEqualTo("010211");
    }

    @Test
    void r39_the_same_service_with_the_same_prescription_is_not_booked_again() {
        Ruling said = only("SC-039", twice("010A01234567890").beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.REJECT);
        assertThat(said.condition()).isEqualTo(205);
        assertThat(said.detail()).isEqualTo("SC2026000007");
        assertThat(said.message())
                .contains("SC2026000007", "02/02/2026 alle 09:00", "Ambulatorio 1", "Ospedale", "010A01234567890");
    }

    @ParameterizedTest
    @ValueSource(strings = {" 010a01234567890 ", "010A0 1234567890", "010A0-1234567890"})
    void r39_numbers_are_the_same_however_they_are_written(String number) {
        assertThat(under("SC-039", twice(number).beforeSlot())).hasSize(1);
        assertThat(under("SC-040", twice(number).beforeSlot())).isEmpty();
    }

    @Test
    void r39_replacing_the_earlier_booking_goes_on_with_a_notice() {
        Ruling said = only(
                "SC-039", twice("010A01234567890").with("replaceExisting", true).beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.WARN);
        assertThat(said.message()).contains("revocata", "SC2026000007");
    }

    @Test
    void r39_only_what_is_to_come_counts() {
        // now is 10:15 of 12 January
        assertThat(under("SC-039", at("2026-01-12T09:00:00+01:00").beforeSlot()))
                .isEmpty();
        assertThat(under("SC-039", at("2026-01-12T09:00:00Z").beforeSlot())).isEmpty();
        assertThat(under("SC-039", at("2026-01-13T08:00:00+01:00").beforeSlot()))
                .hasSize(1);
    }

    @Test
    void r39_the_booking_that_this_one_takes_the_place_of_is_no_duplicate() {
        assertThat(under(
                        "SC-039",
                        twice("010A01234567890")
                                .with("movesFrom", "SC2026000007")
                                .beforeSlot()))
                .isEmpty();
    }

    @Test
    void r39_the_other_hand_is_another_service() {
        Cases left = booking()
                .noLines()
                .item("88.23.2", "88.23.2-SX")
                .earlier(new it.snodo.booking.Booking.Earlier(
                        "SC2026000008",
                        it.snodo.booking.Booking.State.BOOKED,
                        "010301",
                        "010A01234567890",
                        null,
                        List.of(new it.snodo.booking.Booking.BookedLine(
                                "88.23.2",
                                "88.23.2-DX",
                                "RX della mano destra",
                                null,
                                1,
                                null,
                                Cases.booked("88.23.2", "010301", "2026-02-02T09:00:00+01:00")
                                        .slot(),
                                null))));

        assertThat(under("SC-039", left.beforeSlot())).isEmpty();
        assertThat(under("SC-039", left.noLines().item("88.23.2", "88.23.2-DX").beforeSlot()))
                .hasSize(1);
    }

    @Test
    void r40_with_another_prescription_it_is_asked() {
        Ruling said = only("SC-040", twice("010A09999999999").beforeSlot());

        assertThat(said.decision()).isEqualTo(Decision.CONFIRM);
        assertThat(said.detail()).isEqualTo("SC2026000007");
        assertThat(said.message()).contains("02/02/2026 alle 09:00");
        assertThat(under("SC-039", twice("010A09999999999").beforeSlot())).isEmpty();
        // an appointment of libero accesso has no number
        assertThat(under("SC-040", twice(null).beforeSlot())).hasSize(1);
    }

    @Test
    void r40_once_confirmed_it_goes_on() {
        RuleBook.Judgement judged =
                twice("010A09999999999").with("confirmations[0]", "SC-040").beforeSlot();

        assertThat(only("SC-040", judged).decision()).isEqualTo(Decision.WARN);
        assertThat(ofPartA(judged)).noneMatch(each -> each.decision().stops());
    }

    @Test
    void r40_all_dates_are_shown_in_one_question() {
        Cases three = twice("010A09999999999")
                .earlier(Cases.earlier("SC2026000009", "010204", "Z", "89.7A.3", "2026-03-02T09:00:00+01:00"));

        Ruling said = only("SC-040", three.beforeSlot());
        assertThat(said.message()).contains("02/02/2026", "02/03/2026");
        assertThat(said.detail()).isEqualTo("SC2026000007,SC2026000009");
    }

    private static Cases twice(String number) {
        return booking()
                .earlier(Cases.earlier("SC2026000007", "010301", number, "89.7A.3", "2026-02-02T09:00:00+01:00"));
    }

    private static Cases at(String start) {
        return booking().earlier(Cases.earlier("SC2026000007", "010301", "010A01234567890", "89.7A.3", start));
    }

    @Test
    void what_is_wrong_in_one_step_is_told_together_and_later_steps_wait() {
        Cases wrong = booking()
                .with("prescription.compiled", "2025-01-01")
                .with("prescription.stamped", true)
                .with("prescription.corrected", true)
                .line("95.02");

        assertThat(ofPartA(wrong.beforeSlot())).extracting(Ruling::code).containsExactly("SC-012", "SC-017", "SC-018");
    }

    @Test
    void every_rule_says_only_what_it_has_declared() {
        List<BookingRule> rules = PrescriptionRules.all(Cases.CATALOGUE, BookingProperties.standard());

        assertThat(rules).extracting(BookingRule::number).containsExactlyElementsOf(numbers());
        assertThat(rules).allSatisfy(rule -> {
            assertThat(rule.says()).isNotBlank();
            assertThat(rule.source()).startsWith("§");
            assertThat(rule.codes()).allMatch(code -> code.code().matches("SC-%03d[a-z]?".formatted(rule.number())));
        });
    }

    private static List<Integer> numbers() {
        return java.util.stream.IntStream.rangeClosed(1, 40).boxed().toList();
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
