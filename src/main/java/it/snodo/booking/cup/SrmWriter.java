package it.snodo.booking.cup;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Slot;

/** SRM S01 to S04 and S06, all of structure SRM_S01, answered by an SRR. Source: hl7-booking.md §2, §3, §5.3. */
final class SrmWriter {

    private SrmWriter() {}

    static String write(
            Dialect dialect, Booking booking, Operation operation, String controlId, String reason, Term term) {
        Hl7Text text = Hl7Names.header(dialect, "SRM", event(operation), "SRM_S01", controlId);
        request(text, dialect, booking, operation, reason, term);
        if (booking.patient() != null) {
            PatientSegments.pid(text, dialect, booking.patient(), booking.code());
            PatientSegments.pv1(text, booking.prescription(), null);
            PatientSegments.facts(text, dialect, booking);
            PatientSegments.question(text, dialect, booking.prescription());
        }
        LineSegments.all(text, dialect, booking, operation);
        return text.toString();
    }

    private static String event(Operation operation) {
        return switch (operation) {
            case BOOK -> "S01";
            case MOVE -> "S02";
            case CHANGE -> "S03";
            case REVOKE -> "S04";
            case DELETE -> "S06";
            case REPRINT -> throw new IllegalArgumentException("a reprint is no business of a CUP");
        };
    }

    private static void request(
            Hl7Text text, Dialect dialect, Booking booking, Operation operation, String reason, Term term) {
        Slot slot = booking.firstSlot();
        String nre = Hl7Names.nre(Prescriptions.number(booking));
        String prescriber = PatientSegments.prescriber(booking.prescription());
        text.segment("ARQ")
                .raw(1, Hl7Names.placer(booking.code()))
                .raw(2, Hl7Names.filler(dialect, booking.fillerCode()))
                .raw(4, nre)
                .raw(6, Hl7Names.reason(operation, reason))
                .put(7, "ROUTINE", null, "HL70276")
                .put(8, "Normal", null, "HL70277")
                .put(12, term == null ? null : term.letter())
                .raw(15, prescriber.isEmpty() ? "SOVRACUP" : prescriber)
                .put(19, Hl7Names.operator(booking))
                .put(21, Hl7Names.desk(booking));
        if (slot != null) {
            text.put(5, slot.agenda());
            // 2.6 has taken ARQ-9 and ARQ-10 away: the duration stands in AIS
            if (slot.minutes() != null && !dialect.atLeast("2.6")) {
                text.put(9, slot.minutes()).put(10, "min");
            }
            text.put(11, dialect.time(slot.start()), dialect.time(LineSegments.end(slot)));
        }
        if (dialect.atLeast("2.4")) {
            text.raw(24, nre);
        }
    }
}
