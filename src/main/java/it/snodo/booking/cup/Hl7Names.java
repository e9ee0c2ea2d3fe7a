package it.snodo.booking.cup;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Requester;
import it.snodo.intake.hl7v2.Hl7Time;
import java.time.OffsetDateTime;

/** Names and segments that every message to a CUP has. */
final class Hl7Names {

    /** SovraCup's own codes. */
    static final String SOVRACUP_OID = "2.16.840.1.113883.2.9.2.10.4.13.1";

    static final String NRE_OID = "2.16.840.1.113883.2.9.4.3.8";
    static final String STS_OID = "2.16.840.1.113883.2.9.4.1.3";
    static final String FISCAL_OID = "2.16.840.1.113883.2.9.4.3.2";
    private static final String FLS_OID = "2.16.840.1.113883.2.9.4.1.1";

    private Hl7Names() {}

    /** @param style SIU, SRM, OMG or SQM: named by the profile in MSH-21 */
    static Hl7Text header(Dialect dialect, String style, String event, String structure, String controlId) {
        Hl7Text text = new Hl7Text()
                .segment("MSH")
                .raw(2, "^~\\&")
                .put(3, "SOVRACUP")
                .put(4, "010", FLS_OID, "ISO")
                .put(5, "CUP")
                .put(6, dialect.azienda().code())
                .raw(7, dialect.time(OffsetDateTime.now(Hl7Time.ROME)))
                // 2.3 has no structure in its message type
                .put(9, style, event, dialect.atLeast("2.3.1") ? structure : null)
                .put(10, controlId)
                .put(11, "P")
                .put(12, dialect.version());
        if (!dialect.has("ORIGINAL_MODE")) {
            // no commit acknowledgement is asked for; one that comes is understood
            text.put(15, "NE").put(16, "AL");
        }
        // two letters of ISO 3166 before 2.4
        text.put(17, dialect.atLeast("2.4") ? "ITA" : "IT");
        if (!dialect.has("NO_MSH18")) {
            text.put(18, dialect.charsetName());
        }
        if (dialect.atLeast("2.5")) {
            text.put(21, "SOVRACUP_" + style, "SOVRACUP", SOVRACUP_OID, "ISO");
        }
        return text;
    }

    /** Who works at the desk that asks; SovraCup itself when nobody is named. SCH-20, ARQ-19, ORC-10. */
    static String operator(Booking booking) {
        Requester who = booking.requester();
        return who == null || who.operator() == null ? "SOVRACUP" : who.operator();
    }

    /** The desk that asks; null when it is not named. SCH-22, ARQ-21, ORC-13. */
    static String desk(Booking booking) {
        return booking.requester() == null ? null : booking.requester().desk();
    }

    /** SovraCup's code of a booking. */
    static String placer(String code) {
        return Hl7Text.components(code, "SOVRACUP", SOVRACUP_OID, "ISO");
    }

    static String filler(Dialect dialect, String code) {
        return code == null
                ? ""
                : Hl7Text.components(code, "CUP" + dialect.azienda().shortCode());
    }

    static String nre(String number) {
        return number == null ? "" : Hl7Text.components(number, "NRE", NRE_OID, "ISO");
    }

    /** T0206: what becomes of a service or a resource; needed where something is modified. */
    static String action(Operation operation) {
        return switch (operation) {
            case MOVE, CHANGE -> "U";
            case REVOKE, DELETE -> "D";
            default -> "";
        };
    }

    /** SCH-6, ARQ-6, ORC-16. */
    static String reason(Operation operation, String words) {
        String code =
                switch (operation) {
                    case BOOK -> "NEW";
                    default -> operation.name();
                };
        return Hl7Text.components(code, words);
    }

    /** T0278: what the booking is to be. */
    static String status(Dialect dialect, Operation operation) {
        String status =
                switch (operation) {
                    case REVOKE -> "Cancelled";
                    case DELETE -> "Deleted";
                    default -> "Booked";
                };
        return Hl7Text.components(dialect.version().equals("2.3") ? status.toUpperCase() : status, null, "HL70278");
    }
}
