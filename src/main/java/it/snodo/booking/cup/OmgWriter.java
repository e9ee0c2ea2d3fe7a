package it.snodo.booking.cup;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Slot;
import it.snodo.intake.hl7v2.Hl7Time;
import java.time.OffsetDateTime;

/**
 * OMG^O19: an order for each service, all of one group, the recipe's number in OBR-18, as a Piedmont supplier documents
 * (hl7-booking.md §7). The agenda stands in OBR-19, the place in PV1-3. The message exists from 2.4 on.
 */
final class OmgWriter {

    private OmgWriter() {}

    static String write(
            Dialect given, Booking booking, Operation operation, String controlId, String reason, Term term) {
        Dialect dialect = given.atLeast("2.4") ? given : given.atVersion("2.4");
        Hl7Text text = Hl7Names.header(dialect, "OMG", "O19", "OMG_O19", controlId);
        if (booking.patient() != null) {
            PatientSegments.pid(text, dialect, booking.patient(), booking.code());
            PatientSegments.pd1(text, dialect, booking.prescription());
            Slot first = booking.firstSlot();
            PatientSegments.pv1(text, booking.prescription(), first == null ? null : LineSegments.place(first));
        }
        String now = dialect.time(OffsetDateTime.now(Hl7Time.ROME));
        for (int i = 0; i < booking.lines().size(); i++) {
            BookedLine line = booking.lines().get(i);
            String order = Hl7Text.components(booking.code() + "#" + (i + 1), "SOVRACUP", Hl7Names.SOVRACUP_OID, "ISO");
            common(text, dialect, booking, operation, reason, term, line, order, now);
            if (dialect.atLeast("2.5")) {
                Timing.tq1(text, dialect, line.slot(), term);
            }
            order(text, dialect, booking, term, line, i + 1, order);
            if (i == 0) {
                PatientSegments.question(text, dialect, booking.prescription());
                PatientSegments.facts(text, dialect, booking);
            }
            // Ends the order: without it a parser takes the next ORC for an earlier result of this one. Charged when it
            // starts.
            text.segment("BLG").put(1, "S");
        }
        return text.toString();
    }

    private static void common(
            Hl7Text text,
            Dialect dialect,
            Booking booking,
            Operation operation,
            String reason,
            Term term,
            BookedLine line,
            String order,
            String now) {
        text.segment("ORC")
                .put(1, control(operation))
                .raw(2, order)
                .raw(3, Hl7Names.filler(dialect, booking.fillerCode()))
                .raw(4, Hl7Names.placer(booking.code()))
                .raw(9, now)
                .put(10, Hl7Names.operator(booking))
                .raw(12, PatientSegments.prescriber(booking.prescription()))
                .put(13, Hl7Names.desk(booking))
                .raw(16, Hl7Names.reason(operation, reason));
        if (line.slot() != null) {
            text.raw(7, Timing.tq(dialect, line.slot(), term));
        }
    }

    /** T0119. A deletion is a cancellation whose reason (ORC-16) says so. */
    private static String control(Operation operation) {
        return switch (operation) {
            case BOOK -> "NW";
            case MOVE, CHANGE -> "XO";
            case REVOKE, DELETE -> "CA";
            case REPRINT -> throw new IllegalArgumentException("a reprint is no business of a CUP");
        };
    }

    private static void order(
            Hl7Text text, Dialect dialect, Booking booking, Term term, BookedLine line, int number, String order) {
        text.segment("OBR")
                .put(1, number)
                .raw(2, order)
                .raw(3, Hl7Names.filler(dialect, booking.fillerCode()))
                .raw(4, LineSegments.code(line))
                .raw(16, PatientSegments.prescriber(booking.prescription()))
                .put(18, Prescriptions.number(booking));
        Slot slot = line.slot();
        if (slot != null) {
            text.put(19, slot.agenda()).raw(27, quantity(line) + Timing.tq(dialect, slot, term));
        }
        if (line.side() != null || line.district() != null) {
            // SPS: the district in words, and the side as the place on the body
            text.put(15, null, null, line.district(), line.side());
        }
        // reason for study: the question of this service; that of the whole prescription stands in DG1
        text.put(31, null, line.question());
    }

    /** Before the rest of the TQ, whose first component it is. */
    private static String quantity(BookedLine line) {
        return line.quantity() > 1 ? String.valueOf(line.quantity()) : "";
    }
}
