package it.snodo.booking.cup;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Slot;
import java.time.OffsetDateTime;

/** One RGS group for each service, in the order of the prescription: RGS, AIS, AIG, AIL. */
final class LineSegments {

    private LineSegments() {}

    static void all(Hl7Text text, Dialect dialect, Booking booking, Operation operation) {
        String action = Hl7Names.action(operation);
        for (int i = 0; i < booking.lines().size(); i++) {
            BookedLine line = booking.lines().get(i);
            text.segment("RGS").put(1, i + 1).raw(2, action);
            service(text, dialect, line, operation);
            Slot slot = line.slot();
            if (slot != null && slot.agenda() != null) {
                text.segment("AIG")
                        .put(1, 1)
                        .raw(2, action)
                        .put(3, slot.agenda())
                        .put(4, "AGENDA");
            }
            if (slot != null && !place(slot).isEmpty()) {
                text.segment("AIL").put(1, 1).raw(2, action).raw(3, place(slot)).put(4, type(slot));
            }
        }
    }

    private static void service(Hl7Text text, Dialect dialect, BookedLine line, Operation operation) {
        text.segment("AIS")
                .put(1, 1)
                .raw(2, Hl7Names.action(operation))
                .raw(3, code(line))
                .put(9, "No")
                .raw(10, Hl7Names.status(dialect, operation));
        if (line.slot() != null) {
            text.raw(4, dialect.time(line.slot().start()));
            if (line.slot().minutes() != null) {
                text.put(7, line.slot().minutes()).put(8, "min");
            }
        }
        boolean several = line.quantity() > 1;
        if (dialect.atLeast("2.4")) {
            if (several) {
                text.put(11, line.quantity(), "n", "99QTY");
            }
            if (line.side() != null) {
                text.put(11, line.side(), null, "99LATO");
            }
            if (line.district() != null) {
                text.put(11, line.district(), null, "99DIST");
            }
            if (line.question() != null) {
                text.put(11, line.question(), null, "99QUES");
            }
        } else {
            // AIS ends with its tenth field there
            int number = 0;
            if (several) {
                text.segment("NTE").put(1, ++number).put(2, "P").put(3, "QTY=" + line.quantity());
            }
            if (line.side() != null) {
                text.segment("NTE").put(1, ++number).put(2, "P").put(3, "LATO=" + line.side());
            }
            if (line.district() != null) {
                text.segment("NTE").put(1, ++number).put(2, "P").put(3, "DIST=" + line.district());
            }
            if (line.question() != null) {
                text.segment("NTE").put(1, ++number).put(2, "P").put(3, "QUES=" + line.question());
            }
        }
    }

    /** The CUP's own code first, and beside it the one that was asked for, which is never changed (R34). */
    static String code(BookedLine line) {
        return code(line.localCode(), line.service(), line.description());
    }

    static String code(String local, String regional, String title) {
        return local == null
                ? Hl7Text.components(regional, title, "99NTR")
                : Hl7Text.components(local, title, "99CRP", regional, title, "99NTR");
    }

    /** PL: clinic, structure, whether it is an accredited private one, and where in words. */
    static String place(Slot slot) {
        boolean known = slot.unit() != null || slot.structure() != null || slot.place() != null;
        return known
                ? Hl7Text.components(
                        slot.unit(),
                        null,
                        null,
                        slot.structure() == null ? null : Hl7Text.within(slot.structure(), Hl7Names.STS_OID, "ISO"),
                        null,
                        type(slot),
                        null,
                        null,
                        slot.place())
                : "";
    }

    private static String type(Slot slot) {
        return Boolean.TRUE.equals(slot.privateStructure()) ? "P" : "C";
    }

    static OffsetDateTime end(Slot slot) {
        return slot == null || slot.start() == null || slot.minutes() == null
                ? null
                : slot.start().plusMinutes(slot.minutes());
    }
}
