package it.snodo.booking.cup;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Entitlement;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.BookingCatalogue.LocalService;
import it.snodo.booking.catalogue.CatalogueItem;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.catalogue.PriorityClass;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A booking of two services at an azienda; the people in it do not exist. */
final class Sample {

    static final OffsetDateTime FIRST = OffsetDateTime.parse("2026-12-10T09:30:00+01:00");
    static final OffsetDateTime SECOND = OffsetDateTime.parse("2026-12-10T09:50:00+01:00");

    private Sample() {}

    static CupAzienda azienda(String profile, int port, String... quirks) {
        return azienda(profile, "127.0.0.1", port, "2.5", null, null, quirks);
    }

    static CupAzienda azienda(
            String profile, String host, int port, String version, String charset, String tls, String... quirks) {
        return new CupAzienda(
                "010301",
                "301",
                "ASL TO1",
                profile,
                host,
                port,
                version,
                charset,
                tls,
                false,
                false,
                false,
                false,
                false,
                Set.of(quirks));
    }

    static Booking booking() {
        return booking(patient("011 5661566"), null);
    }

    static Booking booking(Patient patient, String filler) {
        return new Booking(
                "SC2026000123",
                1,
                Booking.State.REQUESTED,
                "010301",
                filler,
                patient,
                prescription(),
                List.of(
                        line("89.7A.3", "301-0004", "PRIMA VISITA CARDIOLOGICA", "AG-CAR-01", FIRST),
                        line("89.52", "301-0010", "ECG & REFERTO", "AG-CAR-01", SECOND)),
                null,
                null,
                null,
                null,
                "SOVRACUP",
                Instant.parse("2026-11-22T10:00:00Z"),
                Instant.parse("2026-11-22T10:00:00Z"));
    }

    /** The same, each line with district and question of its own, and places whose length nobody knows. */
    static Booking particular() {
        Booking of = booking();
        return new Booking(
                of.code(),
                of.revision(),
                of.state(),
                of.azienda(),
                of.fillerCode(),
                of.patient(),
                of.prescription(),
                of.lines().stream()
                        .map(line -> new Booking.BookedLine(
                                line.service(),
                                line.item(),
                                line.description(),
                                line.localCode(),
                                line.quantity(),
                                "R",
                                new Slot(
                                        "010301", "AG-CAR-01", line.slot().start(), null, null, null, null, null, true),
                                null,
                                "ginocchio",
                                "Gonalgia & versamento"))
                        .toList(),
                of.ticket(),
                of.notes(),
                of.pending(),
                of.replaces(),
                of.origin(),
                of.created(),
                of.updated());
    }

    private static Booking.BookedLine line(
            String service, String local, String title, String agenda, OffsetDateTime start) {
        return new Booking.BookedLine(
                service,
                service,
                title,
                local,
                1,
                null,
                new Slot("010301", agenda, start, 20, "010012", "Poliambulatorio di via Prova 1", "AMB12", false, true),
                null);
    }

    static Patient patient(String phone) {
        return new Patient(
                "RSSMRA80A41L219W",
                null,
                null,
                "6921767",
                "ROSSI D'ESTE",
                "MARIA|PIA",
                LocalDate.of(1980, 1, 1),
                "F",
                "TORINO",
                "001272",
                "VIA PO 1",
                List.of(phone),
                "301",
                new Entitlement(
                        "SSN",
                        null,
                        LocalDate.of(2027, 5, 31),
                        null,
                        null,
                        null,
                        null,
                        null,
                        "ITALIA",
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    private static Prescription prescription() {
        return new Prescription(
                List.of("010A01234567890"),
                "M01",
                null,
                LocalDate.of(2026, 11, 20),
                "SSN",
                null,
                "ESENTE",
                "SSR",
                "048",
                false,
                null,
                "B",
                null,
                null,
                null,
                null,
                "VRDLGU60A01L219X",
                "MMG",
                "Cardiopalmo: è da un mese",
                null,
                null,
                null,
                null);
    }

    static BookingCatalogue catalogue() {
        BookingCatalogue catalogue = mock(BookingCatalogue.class);
        when(catalogue.priority(eq("B"), any()))
                .thenReturn(Optional.of(new PriorityClass("B", "Breve: entro 10 giorni", 10, 10, true, false)));
        when(catalogue.item(anyString(), any()))
                .thenAnswer(call -> Optional.of(new CatalogueItem(
                        call.getArgument(0),
                        call.getArgument(0),
                        "PRIMA VISITA",
                        "VISIT",
                        Set.of("08"),
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
                        Set.of())));
        LocalService visit = new LocalService("010301", "89.7A.3", "89.7A.3", "301-0004");
        when(catalogue.local(eq("010301"), eq("89.7A.3"), any())).thenReturn(List.of(visit));
        when(catalogue.regional(eq("010301"), eq("301-0004"), any())).thenReturn(Optional.of(visit));
        return catalogue;
    }
}
