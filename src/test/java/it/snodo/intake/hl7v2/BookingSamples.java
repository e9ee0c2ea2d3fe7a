package it.snodo.intake.hl7v2;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.Decision;
import it.snodo.booking.Note;
import it.snodo.booking.Proposal;
import it.snodo.booking.Ruling;
import it.snodo.booking.Slot;
import it.snodo.fault.Fault;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/** Booking messages and what a desk would say to them; invented people. */
final class BookingSamples {

    private BookingSamples() {}

    /** A request with everything, as the Italian mapping has it. */
    static String request(String event, String version) {
        return String.join(
                        "\r",
                        "MSH|^~\\&|SOVRACUP|010^2.16.840.1.113883.2.9.4.1.1^ISO|CUP|010301|20260112101500+0100||SRM^"
                                + event + "^SRM_S01|SC20260112000001|P|" + version + "||||||UNICODE UTF-8",
                        "ARQ|SC2026000123^SOVRACUP|||010A01234567890^NRE|AG-OCU-01|NEW|ROUTINE^^HL70276|Normal^^HL70277|20|"
                                + "min|20260112^20260122|B|||VRDLGU60A01L219X^VERDI^LUIGI^^^^^^MEF||||OP017^ROSSO^ANNA||"
                                + "SP-101-03|||010A01234567890^NRE",
                        "PID|1||RSSMRA80A41L219M^^^MEF&2.16.840.1.113883.2.9.4.3.2&ISO^NNITA||ROSSI^MARIA||19800101|F|||"
                                + "VIA PO 1^^TORINO^^10124^100^L^^001272||^PRN^PH^^39^011^5661566",
                        "PV1|1|O||||||VRDLGU60A01L219X^VERDI^LUIGI^^^^^^MEF",
                        "OBX|1|DT|DTCOMP^data compilazione^99SC||20260110||||||F",
                        "OBX|2|CE|ESENZ^esenzione^99SC||048^SOGGETTI AFFETTI DA PATOLOGIE NEOPLASTICHE^99ESE||||||F",
                        "RGS|1",
                        "AIS|1||95.02^PRIMA VISITA OCULISTICA^99NTR|20260120093000+0100|||20|min|No",
                        "AIL|1||AMB12^^^010123&2.16.840.1.113883.2.9.4.1.3&ISO")
                + "\r";
    }

    static String search(String version) {
        return String.join(
                        "\r",
                        "MSH|^~\\&|AMBULATORIO|ASL TO5^010205^ISO|SNODO|SOVRACUP|20260112101500||SQM^S25^SQM_S25|Q1|P|"
                                + version,
                        "QRD|20260112101500|R|I|Q-77|||5^RD|RSSMRA80A41L219M|APN|ALL",
                        "QRF|SOVRACUP|20260113|20260301",
                        "ARQ|Q-77|||010A01234567890^NRE||SEARCH|||||20260115^20260214|B|||DOC1|||||OP1",
                        "PID|1||RSSMRA80A41L219M^^^MEF^NNITA||ROSSI^MARIA||19800101|F",
                        "RGS|1",
                        "AIS|1||89.7A.3^PRIMA VISITA CARDIOLOGICA^99NTR",
                        "AIP|1||BNCCRL70A01L219X^BIANCHI^CARLO",
                        "AIL|1||^^^010301&2.16.840.1.113883.2.9.4.1.1&ISO")
                + "\r";
    }

    static String notice(String event, String version) {
        return String.join(
                        "\r",
                        "MSH|^~\\&|CUP|ASL CITTA' DI TORINO^010301^ISO|SNODO|REGIONE|20260118101500||SIU^" + event
                                + "^SIU_" + event + "|N1|P|" + version,
                        "SCH|SC2026000123^SOVRACUP|CUP301-884512^CUP301|||AG-OCU-01|MAL^Medico assente||Normal|20|min|"
                                + "^^20^20260121101000+0100^20260121103000+0100|||||C1^SPORTELLO||||OP9^BLU|||||BOOKED",
                        "RGS|1",
                        "AIS|1||301-0042^VISITA OCULISTICA^99CRP^95.02^^99NTR|20260121101000+0100|||20|min")
                + "\r";
    }

    static byte[] bytes(String message) {
        return message.getBytes(StandardCharsets.UTF_8);
    }

    // --- what is said to them --------------------------------------------------------------------------------

    static Slot slot(String agenda, String start) {
        return new Slot(
                "010301",
                agenda,
                OffsetDateTime.parse(start),
                20,
                "010123",
                "Ospedale Oftalmico, via Juvarra 19",
                "AMB12",
                false,
                true);
    }

    static Booking booking(Booking.State state) {
        Prescription prescription = new Prescription(
                List.of("010A01234567890"),
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
                "B",
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
                null);
        return new Booking(
                "SC2026000123",
                1,
                state,
                "010301",
                "CUP301-884512",
                null,
                prescription,
                List.of(
                        new BookedLine(
                                "95.02",
                                null,
                                "PRIMA VISITA OCULISTICA",
                                "301-0042",
                                1,
                                "R",
                                slot("AG-OCU-01", "2026-01-20T09:30:00+01:00"),
                                new BigDecimal("20.66")),
                        new BookedLine(
                                "95.09.1",
                                null,
                                "ESAME DEL FONDO OCULARE",
                                null,
                                2,
                                null,
                                slot("AG-OCU-01", "2026-01-20T09:50:00+01:00"),
                                null)),
                new BigDecimal("36.15"),
                List.of(
                        new Note(Note.Kind.PATIENT, null, "Portare esami precedenti", null),
                        new Note(Note.Kind.OPERATOR, null, "Scala B|piano 2", null),
                        new Note(Note.Kind.SERVICE, "95.02", "Non guidare dopo la visita", "Consenso")),
                null,
                null,
                "SOVRACUP",
                Instant.EPOCH,
                Instant.EPOCH);
    }

    static BookingAnswer answer(Result result, Booking booking, List<Ruling> rulings, List<Fault> faults) {
        return new BookingAnswer(result, booking, rulings, faults, List.of(), 7, false);
    }

    static BookingAnswer done(Operation operation) {
        return switch (operation) {
            case BOOK -> answer(Result.BOOKED, booking(Booking.State.BOOKED), List.of(), List.of());
            case MOVE -> answer(Result.MOVED, booking(Booking.State.BOOKED), List.of(), List.of());
            case CHANGE -> answer(Result.CHANGED, booking(Booking.State.BOOKED), List.of(), List.of());
            case REVOKE -> answer(Result.REVOKED, booking(Booking.State.REVOKED), List.of(), List.of());
            case DELETE -> answer(Result.DELETED, booking(Booking.State.DELETED), List.of(), List.of());
            case REPRINT -> answer(Result.REPRINTED, booking(Booking.State.BOOKED), List.of(), List.of());
        };
    }

    static Ruling expired() {
        return new Ruling(
                "SC-012",
                Decision.REJECT,
                207,
                "prescription.numbers",
                "Impegnativa scaduta",
                "Prescrizione oltre 60 giorni: occorre nuova impegnativa",
                "2026-03-02");
    }

    static Ruling noPhone() {
        return new Ruling(
                "SC-045", Decision.REJECT, 101, "patient.phones", "Telefono assente", "Manca il telefono.", null);
    }

    static Ruling usualClass() {
        return new Ruling(
                "SC-058",
                Decision.WARN,
                207,
                "prescription.priority",
                "Classe di priorità assente",
                "Vale la classe P.",
                "P");
    }

    static Proposal proposal(String start, String why) {
        return new Proposal(
                "89.7A.3",
                "301-0004",
                slot("AG-CAR-02", start),
                new BigDecimal("20.66"),
                true,
                why,
                List.of(new Note(Note.Kind.OPERATOR, null, "Entrata B", null)));
    }
}
