package it.snodo.booking.rules;

import static it.snodo.booking.rules.PersonCase.booking;
import static it.snodo.booking.rules.PersonCase.existing;
import static it.snodo.booking.rules.PersonCase.only;
import static it.snodo.booking.rules.PersonCase.stored;
import static it.snodo.booking.rules.PersonCase.told;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingNotice;
import it.snodo.booking.BookingNotice.Event;
import it.snodo.booking.Ruling;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R62 to R68, R80, R86 to R88: what may be done with a booking, by whom and from where. */
class ExistingBookingRulesTest {

    @ParameterizedTest
    @ValueSource(strings = {"REVOKE", "MOVE", "CHANGE", "DELETE", "REPRINT"})
    void a_good_operation_on_a_booking_is_told_nothing(String operation) {
        PersonCase good = existing(operation).with("patient.given", "Maria").with("patient.sex", "F");

        assertThat(told(good.with("patient.fiscalCode", "RSSMRA80A41L219Q").before()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // the clocks go forward on 29 March: 48 hours before ten o'clock is nine o'clock
        "2026-03-30T10:00:00+02:00, 2026-03-28T09:00:00+01:00, 0",
        "2026-03-30T10:00:00+02:00, 2026-03-28T09:00:01+01:00, 1",
        "2026-03-30T10:00:00+02:00, 2026-03-28T10:00:00+01:00, 1",
        // and back on 25 October: it is eleven o'clock
        "2026-10-26T10:00:00+01:00, 2026-10-24T11:00:00+02:00, 0",
        "2026-10-26T10:00:00+01:00, 2026-10-24T11:00:01+02:00, 1",
        "2026-03-17T09:30:00+01:00, 2026-03-15T09:30:00+01:00, 0",
        "2026-03-17T09:30:00+01:00, 2026-03-15T09:31:00+01:00, 1"
    })
    void r62_exactly_48_hours_before_is_in_time_whatever_the_clocks_do(String start, String now, int notices) {
        PersonCase revoke = existing("REVOKE")
                .standing(stored(start, "SOVRACUP"))
                .at(ZonedDateTime.parse(now).withZoneSameInstant(PersonCase.ROME));

        assertThat(told(revoke.before(), "SC-062")).hasSize(notices).allMatch("WARN SC-062 207 bookingCode"::equals);
    }

    @ParameterizedTest
    @ValueSource(strings = {"REVOKE", "MOVE", "DELETE"})
    void r63_a_booking_of_the_local_cup_is_its_own(String operation) {
        PersonCase local = existing(operation).standing(stored("2026-03-17T09:30:00+01:00", "LOCAL"));

        assertThat(told(local.before())).containsExactly("ROUTE_LOCAL SC-063 207 bookingCode");
        assertThat(only(local.before(), "SC-063").detail()).isEqualTo("010301");
        assertThat(told(local.with("requester.azienda", "301").before())).isEmpty();
        assertThat(told(local.with("requester.azienda", "203").before(), "SC-063"))
                .hasSize(1);
    }

    @Test
    void r63_holds_for_what_a_new_booking_would_take_the_place_of() {
        Booking local = stored("2026-03-17T09:30:00+01:00", "LOCAL");
        RuleBook book = new RuleBook(PersonCase.TABLES, BookingProperties.standard());
        assertThat(told(book.againstRevoking(booking().given(), local, "movesFrom")))
                .containsExactly("ROUTE_LOCAL SC-063 207 movesFrom");
        assertThat(book.againstRevoking(
                        booking().with("requester.azienda", "301").given(), local, "movesFrom"))
                .isEmpty();
        assertThat(book.againstRevoking(
                        booking().given(), stored("2026-03-17T09:30:00+01:00", "SOVRACUP"), "movesFrom"))
                .isEmpty();
    }

    @Test
    void r63_is_told_only_to_who_has_shown_whose_booking_it_is() {
        PersonCase stranger = existing("REVOKE")
                .standing(stored("2026-03-17T09:30:00+01:00", "LOCAL"))
                .with("patient.family", "Bianchi");

        assertThat(told(stranger.before())).containsExactly("REJECT SC-080 204 bookingCode");
    }

    @Test
    void r64_on_the_telephone_all_six_data_are_given_by_the_caller() {
        assertThat(told(byPhone("REVOKE").before())).isEmpty();
        assertThat(told(byPhone("REVOKE").without("identification").before()))
                .containsExactly(
                        "REJECT SC-064 101 identification.family",
                        "REJECT SC-064 101 identification.given",
                        "REJECT SC-064 101 identification.birthDate",
                        "REJECT SC-064 101 identification.service",
                        "REJECT SC-064 101 identification.start",
                        "REJECT SC-064 101 identification.phone");
        assertThat(told(byPhone("REVOKE").without("bookingCode").before()))
                .containsExactly("REJECT SC-064 101 identification.bookingCode");
    }

    @ParameterizedTest
    @CsvSource({
        "family, Bianchi",
        "given, Marta",
        "birthDate, 1980-01-02",
        "service, 89.52",
        "service, visita oculistica",
        "start, 2026-03-17T09:31",
        "phone, 0115661567",
        "phone, non fornito",
        "bookingCode, SC2026000124"
    })
    void r64_one_datum_that_does_not_match_is_enough_and_none_is_told(String field, String value) {
        List<Ruling> said =
                byPhone("REVOKE").with("identification." + field, value).before();

        assertThat(told(said)).containsExactly("REJECT SC-064b 204 identification");
        assertThat(said.get(0).message() + said.get(0).detail())
                .doesNotContainIgnoringCase("Rossi")
                .doesNotContain("1980", "5661566", "09:30", "89.7A.3", "cardiologica", "SC2026000123");
    }

    @Test
    void r64_who_names_no_booking_at_all_gets_the_same_answer() {
        assertThat(told(byPhone("REVOKE").standing(null).before()))
                .containsExactly("REJECT SC-064b 204 identification");
    }

    @ParameterizedTest
    @CsvSource({
        "family, ROSSI",
        "family, rossi ",
        "service, Prima visita cardiologica",
        "service, visita cardiologica",
        "phone, +39 011 5661566",
        "phone, 011-5661566"
    })
    void r64_how_a_datum_is_written_does_not_matter(String field, String value) {
        assertThat(told(byPhone("REVOKE").with("identification." + field, value).before()))
                .isEmpty();
    }

    /** REVOKE, CHANGE and REPRINT say the appointment with their line; the line of a MOVE has the new slot. */
    private static PersonCase carried(String operation) {
        return byPhone(operation)
                .without("identification")
                .with(
                        "patient",
                        Map.of(
                                "family",
                                "Rossi",
                                "given",
                                "Maria",
                                "birthDate",
                                "1980-01-01",
                                "sex",
                                "F",
                                "fiscalCode",
                                "RSSMRA80A41L219Q",
                                "phones",
                                List.of("011 5661566")))
                .with(
                        "lines",
                        List.of(Map.of(
                                "service",
                                "89.7A.3",
                                "slot",
                                Map.of("azienda", "010301", "agenda", "A", "start", "2026-03-17T08:30:00Z"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"REVOKE", "DELETE", "CHANGE", "REPRINT"})
    void r64_what_the_request_itself_carries_is_said_by_the_caller(String operation) {
        assertThat(told(carried(operation).before(), "SC-064")).isEmpty();
        assertThat(told(carried(operation).with("patient.given", "Marta").before(), "SC-064"))
                .containsExactly("REJECT SC-064b 204 identification");
        assertThat(told(carried(operation).with("patient.phones", List.of()).before(), "SC-064"))
                .containsExactly("REJECT SC-064 101 identification.phone");
        assertThat(told(
                        carried(operation)
                                .with("lines[0].slot.start", "2026-03-17T09:30:00Z")
                                .before(),
                        "SC-064"))
                .containsExactly("REJECT SC-064b 204 identification");
    }

    @Test
    void r64_the_identification_goes_before_what_the_request_carries() {
        assertThat(told(carried("REVOKE").with("identification.given", "Marta").before(), "SC-064"))
                .containsExactly("REJECT SC-064b 204 identification");
        assertThat(told(
                        carried("REVOKE")
                                .with("patient.phones", List.of("333 1"))
                                .with("identification.phone", "011 5661566")
                                .before(),
                        "SC-064"))
                .isEmpty();
    }

    @Test
    void r66_the_new_slot_of_a_move_is_not_the_appointment_that_was_said() {
        assertThat(told(carried("MOVE").before(), "SC-064")).containsExactly("REJECT SC-064 101 identification.start");
        assertThat(told(
                        carried("MOVE")
                                .with("lines[0].slot.start", "2026-03-20T08:30:00Z")
                                .with("identification.start", "2026-03-17T09:30")
                                .before(),
                        "SC-064"))
                .isEmpty();
    }

    private static PersonCase byPhone(String operation) {
        return existing(operation)
                .without("patient")
                .with("requester.channel", "PHONE")
                .with("identification.family", "Rossi")
                .with("identification.given", "Maria")
                .with("identification.birthDate", "1980-01-01")
                .with("identification.service", "89.7A.3")
                .with("identification.start", "2026-03-17T09:30")
                .with("identification.phone", "011 5661566");
    }

    @Test
    void r65_a_move_stays_in_its_azienda() {
        assertThat(told(existing("MOVE").with("wish", PersonCase.wish("301")).before()))
                .isEmpty();
        assertThat(told(existing("MOVE").with("wish", PersonCase.wish("010203")).before()))
                .containsExactly("REJECT SC-065 207 wish.azienda");
    }

    @Test
    void r65_the_way_to_another_azienda_is_told() {
        Ruling other =
                only(existing("MOVE").with("wish", PersonCase.wish("010203")).before(), "SC-065");

        assertThat(other.message()).contains("movesFrom");
        assertThat(other.detail()).isEqualTo("010301");
    }

    @Test
    void r65_a_place_that_was_chosen_elsewhere_is_refused_too() {
        PersonCase move = existing("MOVE")
                .with(
                        "lines",
                        List.of(Map.of(
                                "service",
                                "89.7A.3",
                                "slot",
                                Map.of("azienda", "010203", "start", "2026-03-20T09:00:00+01:00", "agenda", "A"))));

        assertThat(told(move.withSlot(), "SC-065")).containsExactly("REJECT SC-065 207 lines[0].slot.azienda");
    }

    @Test
    void r66_a_move_by_telephone_asks_for_the_same_data() {
        assertThat(told(byPhone("MOVE").before())).isEmpty();
        assertThat(told(byPhone("MOVE").without("identification.phone").before()))
                .containsExactly("REJECT SC-064 101 identification.phone");
        assertThat(told(byPhone("MOVE").with("identification.given", "Marta").before()))
                .containsExactly("REJECT SC-064b 204 identification");
    }

    @Test
    void r67_who_did_not_come_owes_the_full_price_whatever_the_exemption() {
        Ruling charge = NoShowCharge.of(notice(Event.NO_SHOW, null), stored()).orElseThrow();

        assertThat(told(List.of(charge))).containsExactly("WARN SC-067 207 bookingCode");
        assertThat(charge.message()).contains("SC2026000123").contains("prezzo intero");
        Declared.check(booking().book(), List.of(charge));
    }

    @Test
    void r67_force_majeure_other_notices_and_strangers_owe_nothing() {
        assertThat(NoShowCharge.of(notice(Event.NO_SHOW, true), stored())).isEmpty();
        assertThat(NoShowCharge.of(notice(Event.CANCELLED, null), stored())).isEmpty();
        assertThat(NoShowCharge.of(notice(Event.NO_SHOW, null), null)).isEmpty();
        assertThat(NoShowCharge.of(notice(Event.NO_SHOW, false), stored())).isPresent();
    }

    private static BookingNotice notice(Event event, Boolean forceMajeure) {
        return new BookingNotice(event, "010301", "SC2026000123", "CUP-77", null, null, null, forceMajeure);
    }

    @Test
    void r68_a_reprint_is_for_who_it_belongs_to() {
        assertThat(told(existing("REPRINT").before())).isEmpty();
        assertThat(told(existing("REPRINT").with("patient.family", "Bianchi").before()))
                .containsExactly("REJECT SC-080 204 bookingCode");
        assertThat(told(byPhone("REPRINT").before())).isEmpty();
        assertThat(told(byPhone("REPRINT").without("identification.start").before()))
                .containsExactly("REJECT SC-064 101 identification.start");
    }

    @ParameterizedTest
    @ValueSource(strings = {"REVOKE", "MOVE", "CHANGE", "DELETE", "REPRINT"})
    void r80_code_and_identity_come_from_the_caller(String operation) {
        PersonCase bare = existing(operation).without("patient");

        assertThat(told(bare.before())).containsExactly("REJECT SC-080 101 identification");
        assertThat(told(existing(operation)
                        .without("patient")
                        .without("bookingCode")
                        .before()))
                .containsExactly("REJECT SC-080 101 bookingCode");
    }

    @ParameterizedTest
    @CsvSource({"DESK", "WEB", "PHARMACY", "FAX"})
    void r80_a_surname_alone_a_wrong_date_and_an_unknown_code_are_told_apart_from_nothing(String channel) {
        PersonCase surname =
                existing("REVOKE").with("requester.channel", channel).without("patient.birthDate");
        PersonCase wrong =
                existing("REVOKE").with("requester.channel", channel).with("patient.birthDate", "1980-01-02");
        PersonCase unknown =
                existing("REVOKE").with("requester.channel", channel).standing(null);

        assertThat(told(surname.before(), "SC-080")).containsExactly("REJECT SC-080 101 identification");
        assertThat(told(wrong.before(), "SC-080")).containsExactly("REJECT SC-080 204 bookingCode");
        assertThat(unknown.before()).isEqualTo(wrong.before());
    }

    @Test
    void r80_the_codice_fiscale_is_enough_and_must_be_the_right_one() {
        PersonCase code = existing("REVOKE").without("patient").with("patient.fiscalCode", "RSSMRA80A41L219Q");

        assertThat(told(code.before())).isEmpty();
        assertThat(told(code.with("patient.fiscalCode", "RSSMRA80A41L219X").before()))
                .containsExactly("REJECT SC-080 204 bookingCode");
    }

    @Test
    void r80_no_stored_value_is_in_the_answer() {
        Ruling refusal =
                only(existing("REVOKE").with("patient.family", "Bianchi").before(), "SC-080");

        assertThat(refusal.message() + refusal.title() + refusal.detail())
                .doesNotContainIgnoringCase("Rossi")
                .doesNotContain("1980", "5661566", "RSSMRA", "cardiologica");
    }

    @Test
    void r86_pharmacies_reach_some_aziende_only() {
        assertThat(told(booking().with("requester.channel", "PHARMACY").before()))
                .isEmpty();

        PersonCase elsewhere = booking().with("requester.channel", "PHARMACY").with("lines[0].slot.azienda", "010203");
        assertThat(told(elsewhere.before())).containsExactly("REJECT SC-086 207 lines[0].slot.azienda");
        assertThat(told(elsewhere.with("requester.channel", "DESK").before())).isEmpty();
    }

    @Test
    void r86_what_the_hub_has_chosen_and_what_is_booked_are_looked_at_too() {
        PersonCase chosen = booking().with("requester.channel", "PHARMACY").with("lines[0].slot.azienda", "010203");
        assertThat(told(chosen.withSlot())).containsExactly("REJECT SC-086 207 lines[0].slot.azienda");

        Booking there = new Booking(
                "SC2026000123",
                1,
                Booking.State.BOOKED,
                "010203",
                null,
                stored().patient(),
                null,
                stored().lines(),
                null,
                null,
                null,
                null,
                "SOVRACUP",
                null,
                null);
        assertThat(told(existing("REVOKE")
                        .standing(there)
                        .with("requester.channel", "PHARMACY")
                        .before()))
                .containsExactly("REJECT SC-086 207 bookingCode");
    }

    @Test
    void r87_an_operation_that_is_none_is_refused_and_nothing_else_is_said() {
        assertThat(told(booking().with("operation", "CANCEL_SERIES").before()))
                .containsExactly("REJECT SC-087 103 operation");
        assertThat(told(booking().without("operation").before())).containsExactly("REJECT SC-087 103 operation");
    }

    @Test
    void r87_an_unknown_channel_is_refused() {
        assertThat(told(booking().with("requester.channel", "PICCIONE").before()))
                .containsExactly("REJECT SC-087 103 requester.channel");
    }

    @ParameterizedTest
    @CsvSource({"010909, 0", "901, 0", "902, 0", "010301, 1"})
    void r87_requests_by_fax_only_where_they_are_taken(String azienda, int refusals) {
        PersonCase fax = booking().with("requester.channel", "FAX").with("lines[0].slot.azienda", azienda);

        assertThat(told(fax.before(), "SC-087")).hasSize(refusals);
    }

    @Test
    void r87_by_fax_the_hub_chooses_no_other_place_either() {
        PersonCase fax = booking().with("requester.channel", "FAX").without("lines[0].slot.azienda");

        assertThat(told(fax.before(), "SC-087")).isEmpty();
        fax.with("lines[0].slot.azienda", "010301");
        assertThat(told(fax.withSlot(), "SC-087")).containsExactly("REJECT SC-087 207 lines[0].slot.azienda");
    }

    @Test
    void r88_a_local_booking_of_a_service_of_sovracup_is_noticed() {
        assertThat(told(booking().earlier(earlier("LOCAL", "89.7A.3")).before(), "SC-088"))
                .containsExactly("WARN SC-088 207 lines[0].service");
        assertThat(told(booking().earlier(earlier("SOVRACUP", "89.7A.3")).before(), "SC-088"))
                .isEmpty();
        assertThat(told(booking().earlier(earlier("LOCAL", "89.52")).before(), "SC-088"))
                .isEmpty();
        assertThat(told(
                        booking()
                                .earlier(earlier("LOCAL", "89.7A.3", "2026-02-17T09:30:00+01:00"))
                                .before(),
                        "SC-088"))
                .as("what is done is no matter")
                .isEmpty();
    }

    private static Booking.Earlier earlier(String origin, String service) {
        return earlier(origin, service, "2026-04-17T09:30:00+02:00");
    }

    private static Booking.Earlier earlier(String origin, String service, String start) {
        return new Booking.Earlier(
                "SC2026000009",
                Booking.State.BOOKED,
                "010301",
                "010A09999999999",
                null,
                List.of(PersonCase.line(service, "prima", start, null)),
                origin);
    }
}
