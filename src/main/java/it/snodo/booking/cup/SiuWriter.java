package it.snodo.booking.cup;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Slot;

/**
 * SIU as a command: S12 book, S13 move, S14 change, S15 revoke, S17 delete, all of structure SIU_S12. The CUP's plain
 * acknowledgement is its decision. Source: hl7-booking.md §2, §3, §5.3.
 */
final class SiuWriter {

    private SiuWriter() {}

    static String write(
            Dialect dialect, Booking booking, Operation operation, String controlId, String reason, Term term) {
        Hl7Text text = Hl7Names.header(dialect, "SIU", event(operation), "SIU_S12", controlId);
        schedule(text, dialect, booking, operation, reason, term);
        if (dialect.atLeast("2.5")) {
            timing(text, dialect, booking, term);
        }
        if (booking.patient() != null) {
            PatientSegments.pid(text, dialect, booking.patient(), booking.code());
            PatientSegments.pd1(text, dialect, booking.prescription());
            PatientSegments.pv1(text, booking.prescription(), null);
            PatientSegments.facts(text, dialect, booking);
            PatientSegments.question(text, dialect, booking.prescription());
        }
        LineSegments.all(text, dialect, booking, operation);
        return text.toString();
    }

    private static String event(Operation operation) {
        return switch (operation) {
            case BOOK -> "S12";
            case MOVE -> "S13";
            case CHANGE -> "S14";
            case REVOKE -> "S15";
            case DELETE -> "S17";
            case REPRINT -> throw new IllegalArgumentException("a reprint is no business of a CUP");
        };
    }

    private static void schedule(
            Hl7Text text, Dialect dialect, Booking booking, Operation operation, String reason, Term term) {
        Slot slot = booking.firstSlot();
        String nre = Hl7Names.nre(Prescriptions.number(booking));
        text.segment("SCH")
                .raw(1, Hl7Names.placer(booking.code()))
                .raw(2, Hl7Names.filler(dialect, booking.fillerCode()))
                .raw(4, nre)
                .put(5, slot == null ? null : slot.agenda())
                .raw(6, Hl7Names.reason(operation, reason))
                .put(7, "ROUTINE", null, "HL70276")
                .put(8, "Normal", null, "HL70277")
                .raw(12, PatientSegments.prescriber(booking.prescription()))
                .put(16, "CUP", "SPORTELLO")
                .put(20, Hl7Names.operator(booking))
                .put(22, Hl7Names.desk(booking))
                .raw(25, Hl7Names.status(dialect, operation));
        // 2.6 has taken SCH-9 to SCH-11 away: times stand in TQ1 and AIS
        if (slot != null && !dialect.atLeast("2.6")) {
            if (slot.minutes() != null) {
                text.put(9, slot.minutes()).put(10, "min");
            }
            text.raw(11, Timing.tq(dialect, slot, term));
        }
        if (dialect.atLeast("2.4")) {
            text.raw(26, nre);
        }
    }

    private static void timing(Hl7Text text, Dialect dialect, Booking booking, Term term) {
        Slot slot = booking.firstSlot();
        if (slot != null || term != null) {
            Timing.tq1(text, dialect, slot, term);
        }
    }
}
