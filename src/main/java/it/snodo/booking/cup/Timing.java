package it.snodo.booking.cup;

import it.snodo.booking.Slot;

/** When: the TQ data type of the older versions, and TQ1 from 2.5. */
final class Timing {

    private Timing() {}

    /** {@code ^^M20^start^end^B}. */
    static String tq(Dialect dialect, Slot slot, Term term) {
        return Hl7Text.components(
                null,
                null,
                slot.minutes() == null ? null : "M" + slot.minutes(),
                dialect.time(slot.start()),
                dialect.time(LineSegments.end(slot)),
                term == null ? null : term.letter());
    }

    /** @param slot may be null, and so may the term */
    static void tq1(Hl7Text text, Dialect dialect, Slot slot, Term term) {
        text.segment("TQ1").put(1, 1);
        if (slot != null) {
            text.raw(7, dialect.time(slot.start())).raw(8, dialect.time(LineSegments.end(slot)));
        }
        if (term != null) {
            text.raw(9, term.repetitions());
        }
    }
}
