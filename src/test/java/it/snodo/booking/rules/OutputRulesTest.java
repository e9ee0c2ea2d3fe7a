package it.snodo.booking.rules;

import static it.snodo.booking.rules.PersonCase.TABLES;
import static it.snodo.booking.rules.PersonCase.answer;
import static it.snodo.booking.rules.PersonCase.booking;
import static it.snodo.booking.rules.PersonCase.line;
import static it.snodo.booking.rules.PersonCase.only;
import static it.snodo.booking.rules.PersonCase.stored;
import static it.snodo.booking.rules.PersonCase.told;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.Booking;
import it.snodo.booking.Note;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R69 to R71 and R82 to R85: what the CUP says and what is handed over. */
class OutputRulesTest {

    private static final String START = "2026-03-17T09:30:00+01:00";
    private static final String TITLE = "Prima visita cardiologica";

    @Test
    void a_good_answer_is_told_nothing() {
        assertThat(told(booking().answered(stored()).after())).isEmpty();
    }

    @Test
    void r69_amounts_stand_in_the_order_of_the_prescription() {
        PersonCase two = booking()
                .with("lines", List.of(java.util.Map.of("service", "89.7A.3"), java.util.Map.of("service", "89.52")));
        var visit = line("89.7A.3", TITLE, START, "20.00");
        var ecg = line("89.52", "Elettrocardiogramma", START, "11.00");

        assertThat(told(two.answered(answer(List.of(visit, ecg), "31.00", stored().notes()))
                        .after()))
                .isEmpty();
        assertThat(told(two.answered(answer(List.of(ecg, visit), "31.00", stored().notes()))
                        .after()))
                .containsExactly("WARN SC-069 207 lines");
    }

    @Test
    void r69_a_sum_that_is_not_that_of_the_lines_is_not_the_hubs_business() {
        assertThat(told(booking()
                        .answered(answer(List.of(line("89.7A.3", TITLE, START, "20.00")), "5.00", stored().notes()))
                        .after()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"36.15, , 0", "36.16, , 1", "36.15, 99.00, 0", ", 36.15, 0", ", 36.16, 1", ", , 0", "0, , 0"})
    void r70_the_ticket_of_a_prescription_has_a_cap(String sum, String line, int notices) {
        Booking booked = answer(List.of(line("89.7A.3", TITLE, START, line)), sum, stored().notes());

        assertThat(told(booking().answered(booked).after())).hasSize(notices).allMatch("WARN SC-070 207"::equals);
    }

    @Test
    void r70_without_a_sum_that_of_the_lines_counts() {
        var one = line("89.7A.3", TITLE, START, "20.00");
        var other = line("89.7A.3", TITLE, START, "16.16");

        assertThat(told(
                        booking()
                                .answered(answer(List.of(one, other), null, stored().notes()))
                                .after(),
                        "SC-070"))
                .containsExactly("WARN SC-070 207");
    }

    @Test
    void r71_where_one_may_pay_later_it_is_told() {
        PersonCase later = booking().tables(payingAfter()).answered(stored());

        assertThat(told(later.after())).containsExactly("WARN SC-071 207");
        assertThat(told(later.answered(answer(List.of(line("89.7A.3", TITLE, START, "0")), "0", stored().notes()))
                        .after()))
                .isEmpty();
    }

    @Test
    void r71_the_promemoria_says_when_to_pay() {
        LocalDate day = LocalDate.of(2026, 3, 10);

        assertThat(new PaymentWords(TABLES).payment(stored(), day)).contains("prima della prestazione");
        assertThat(new PaymentWords(payingAfter()).payment(stored(), day)).contains("prima di ritirare il referto");
    }

    /** The tables, where the azienda of Torino takes payment after. */
    private static BookingCatalogue payingAfter() {
        return (BookingCatalogue) Proxy.newProxyInstance(
                BookingCatalogue.class.getClassLoader(),
                new Class<?>[] {BookingCatalogue.class},
                (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(TABLES, arguments);
                        return method.getName().equals("azienda")
                                ? ((Optional<?>) answer).map(found -> payAfter((CupAzienda) found))
                                : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static CupAzienda payAfter(CupAzienda is) {
        return new CupAzienda(
                is.code(),
                is.shortCode(),
                is.name(),
                is.profile(),
                is.host(),
                is.port(),
                is.version(),
                is.charset(),
                is.tls(),
                is.controlVisits(),
                is.pharmacies(),
                is.fax(),
                true,
                is.mixedExemption(),
                is.quirks());
    }

    @Test
    void r82_a_promemoria_without_place_or_time_is_told() {
        Booking.BookedLine nowhere = new Booking.BookedLine("89.7A.3", null, TITLE, null, 1, null, null, null);

        assertThat(told(booking()
                        .answered(answer(List.of(nowhere), "20", stored().notes()))
                        .after()))
                .containsExactly(
                        "WARN SC-082 207 lines[0].slot.start",
                        "WARN SC-082 207 lines[0].slot.place",
                        "WARN SC-083 207");
    }

    @Test
    void r82_a_warning_that_the_patient_needs_is_not_lost() {
        assertThat(told(booking()
                        .answered(answer(List.of(line("89.7A.3", TITLE, START, "20.00")), "20.00", List.of()))
                        .after()))
                .containsExactly("WARN SC-082 207 lines[0]");
    }

    @Test
    void r82_without_the_code_nobody_could_revoke() {
        Booking stored = stored();
        Booking nameless = new Booking(
                null,
                1,
                stored.state(),
                stored.azienda(),
                null,
                stored.patient(),
                stored.prescription(),
                stored.lines(),
                stored.ticket(),
                stored.notes(),
                null,
                null,
                null,
                null,
                null);

        assertThat(told(booking().answered(nameless).after())).containsExactly("WARN SC-082 207 bookingCode");
    }

    @Test
    void r83_without_the_hour_nobody_knows_until_when_to_revoke() {
        Booking untimed = answer(List.of(line("89.7A.3", TITLE, null, "20.00")), "20.00", stored().notes());

        assertThat(told(booking().answered(untimed).after(), "SC-083")).containsExactly("WARN SC-083 207");
    }

    @Test
    void r83_an_appointment_of_tomorrow_is_as_good_as_another() {
        assertThat(told(booking().at("2026-03-16T10:00").answered(stored()).after()))
                .isEmpty();
    }

    @Test
    void r84_notes_of_the_service_are_read_before_it_is_booked() {
        PersonCase echo = booking().service("88.72.2");

        assertThat(told(echo.withSlot())).containsExactly("CONFIRM SC-084 207 lines[0]");
        assertThat(only(echo.withSlot(), "SC-084").message()).contains("elettrocardiogramma non anteriore a 3 mesi");
        assertThat(told(echo.confirming("SC-084").withSlot())).containsExactly("WARN SC-084 207 lines[0]");
    }

    @Test
    void r84_notes_of_the_agenda_are_those_of_its_azienda_and_the_patients_ask_for_nothing() {
        PersonCase effort = booking().service("89.41");

        assertThat(told(effort.withSlot())).containsExactly("CONFIRM SC-084 207 lines[0]");
        assertThat(told(effort.with("lines[0].slot.azienda", "010203").withSlot()))
                .isEmpty();
        assertThat(told(booking().withSlot())).isEmpty();
    }

    @Test
    void r85_forms_to_hand_over_are_carried_or_named() {
        Booking bare = answer(List.of(line("88.91.1", "RM encefalo", START, "36.15")), "36.15", List.of());
        PersonCase mr = booking().service("88.91.1");

        assertThat(told(mr.answered(bare).after())).containsExactly("WARN SC-085 207 lines[0]");
        assertThat(only(mr.answered(bare).after(), "SC-085").detail()).isEqualTo("Dati clinici risonanza magnetica");

        Booking carrying = answer(
                bare.lines(),
                "36.15",
                List.of(new Note(Note.Kind.SERVICE, "88.91.1", "Risonanza", "Dati clinici risonanza magnetica")));
        assertThat(told(mr.answered(carrying).after())).isEmpty();
    }
}
