package it.snodo.booking.promemoria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.Booking.State;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.Note;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CatalogueItem;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.config.ConfigFolder;
import it.snodo.document.PdfPages;
import it.snodo.fault.SnodoException;
import it.snodo.registry.CodeTables;
import it.snodo.signature.PdfCheck;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the patient holds in hand. */
class PromemoriaTest {

    private static final ConfigFolder FOLDER = new ConfigFolder(Path.of(""));
    private static final PdfPages PAGES = new PdfPages(FOLDER);
    private static final CodeTables TABLES = new CodeTables(FOLDER);
    private static final OffsetDateTime START = OffsetDateTime.parse("2026-12-01T09:30:00+01:00");

    @Test
    void r82_it_names_place_date_hour_code_and_warnings_and_is_pdf_a() throws IOException {
        byte[] pdf = print(booking(State.BOOKED, START, new BigDecimal("36.15")), false);

        keep(pdf);
        assertThat(PdfCheck.failedRules(pdf)).isEmpty();
        assertThat(text(pdf))
                .contains("SC2026000123", "martedì 1° dicembre 2026", "ore 09:30", "Visita oculistica")
                .contains("Ospedale Oftalmico", "via Juvarra 19", "ROSSI", "MARIA", "010A01234567890")
                .contains("Portare gli occhiali in uso", "Consenso informato");
    }

    @Test
    void r83_it_says_until_when_one_can_revoke() throws IOException {
        assertThat(text(print(booking(State.BOOKED, START, null), false)))
                .contains("almeno 48 ore prima", "ore 09:30 di domenica 29 novembre 2026", "costo intero");
    }

    @Test
    void r83_a_moment_that_has_gone_is_not_told_as_the_last_one() throws IOException {
        OffsetDateTime tomorrow = OffsetDateTime.parse("2026-11-23T09:30:00+01:00");

        assertThat(text(print(booking(State.BOOKED, tomorrow, null), false)))
                .contains("Il termine è già passato")
                .doesNotContain("Al più tardi");
    }

    @Test
    void r83_the_48_hours_are_counted_on_the_clock_of_the_world_when_summer_time_ends_between() throws IOException {
        OffsetDateTime afterTheChange = OffsetDateTime.parse("2026-10-26T09:30:00+01:00");

        assertThat(text(print(booking(State.BOOKED, afterTheChange, null), false, "2026-10-01T10:00:00Z")))
                .contains("ore 10:30 di sabato 24 ottobre 2026");
    }

    @Test
    void r71_it_says_what_is_due_and_when_it_is_paid() throws IOException {
        assertThat(text(print(booking(State.BOOKED, START, new BigDecimal("36.15")), false)))
                .contains("36,15 €", "precede la prestazione");
        assertThat(text(print(booking(State.BOOKED, START, new BigDecimal("36.15")), true)))
                .contains("precede il ritiro del referto");
        assertThat(text(print(booking(State.BOOKED, START, BigDecimal.ZERO), false)))
                .contains("Non è dovuto alcun ticket");
        assertThat(text(print(booking(State.BOOKED, START, null), false))).contains("comunicato dall’azienda");
    }

    @Test
    void r84_operator_notes_are_not_printed() throws IOException {
        assertThat(text(print(booking(State.BOOKED, START, null), false))).doesNotContain("solo per chi prenota");
    }

    @ParameterizedTest
    @EnumSource(value = State.class, names = "BOOKED", mode = EnumSource.Mode.EXCLUDE)
    void what_does_not_stand_has_no_promemoria(State state) {
        assertThatThrownBy(() -> print(booking(state, START, null), false))
                .isInstanceOf(SnodoException.class)
                .hasMessageContaining("SC2026000123");
    }

    @Test
    void the_same_booking_gives_the_same_bytes_on_the_same_day() {
        Booking booking = booking(State.BOOKED, START, null);

        assertThat(print(booking, false)).isEqualTo(print(booking, false));
    }

    private static byte[] print(Booking booking, boolean payAfter) {
        return print(booking, payAfter, "2026-11-22T10:00:00Z");
    }

    private static byte[] print(Booking booking, boolean payAfter, String now) {
        return new Promemoria(catalogue(payAfter), TABLES, PAGES, Clock.fixed(Instant.parse(now), ZoneOffset.UTC))
                .pdf(booking);
    }

    private static Booking booking(State state, OffsetDateTime start, BigDecimal ticket) {
        Slot slot = new Slot(
                "010301",
                "AG-OCU-01",
                start,
                20,
                "010003",
                "Ospedale Oftalmico, via Juvarra 19, Torino",
                "Ambulatorio 12",
                false,
                true);
        return new Booking(
                "SC2026000123",
                1,
                state,
                "010301",
                "CUP301-884512",
                new Patient(
                        "RSSMRA80A41L219Y",
                        null,
                        null,
                        null,
                        "ROSSI",
                        "MARIA",
                        LocalDate.of(1980, 1, 1),
                        "F",
                        null,
                        null,
                        null,
                        List.of("non fornito"),
                        null,
                        null),
                new Prescription(
                        List.of("010A01234567890"),
                        null,
                        null,
                        LocalDate.of(2026, 11, 1),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        "D",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                List.of(new BookedLine("95.02", null, "PRIMA VISITA", "301-0001", 1, null, slot, ticket)),
                ticket,
                List.of(
                        new Note(Note.Kind.PATIENT, "95.02", "Portare gli occhiali in uso.", "Consenso informato"),
                        new Note(Note.Kind.OPERATOR, "95.02", "solo per chi prenota", null)),
                null,
                null,
                "SOVRACUP",
                Instant.EPOCH,
                Instant.EPOCH);
    }

    /** The catalogue with one azienda and one service; whatever else is asked for is not there. */
    private static BookingCatalogue catalogue(boolean payAfter) {
        CupAzienda azienda = new CupAzienda(
                "010301",
                "301",
                "ASL Città di Torino",
                "SIU",
                null,
                0,
                "2.5",
                null,
                null,
                true,
                true,
                false,
                payAfter,
                false,
                Set.of());
        CatalogueItem item = new CatalogueItem(
                "95.02",
                "95.02",
                "Visita oculistica",
                "VISIT",
                Set.of("34"),
                true,
                false,
                false,
                Set.of(),
                false,
                false,
                false,
                List.of(),
                null,
                0,
                Set.of());
        return (BookingCatalogue) Proxy.newProxyInstance(
                PromemoriaTest.class.getClassLoader(),
                new Class<?>[] {BookingCatalogue.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "item" -> Optional.of(item);
                    case "azienda" -> Optional.of(azienda);
                    case "notes" -> List.of();
                    case "limit" -> new BigDecimal("48");
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static String text(byte[] pdf) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            return new PDFTextStripper().getText(document).replaceAll("\\s+", " ");
        }
    }

    /** To be looked at. */
    private static void keep(byte[] pdf) throws IOException {
        Files.createDirectories(Path.of("target"));
        Files.write(Path.of("target/promemoria.pdf"), pdf);
    }
}
