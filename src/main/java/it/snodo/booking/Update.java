package it.snodo.booking;

import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import java.util.List;

/** Says what an update asks for that does not say it itself: another time or place is a move, anything else a change. */
public final class Update {

    private Update() {}

    /** @param standing null when there is no such booking */
    public static Operation of(BookingRequest asked, Booking standing) {
        Slot.Wish wish = asked.wish();
        if (wish != null
                && (wish.from() != null || wish.to() != null || wish.azienda() != null || wish.structure() != null)) {
            return Operation.MOVE;
        }
        List<Line> lines = asked.lines();
        for (int i = 0; i < lines.size(); i++) {
            Slot now = standing != null && i < standing.lines().size()
                    ? standing.lines().get(i).slot()
                    : null;
            if (differs(lines.get(i), now, standing == null ? null : standing.azienda())) {
                return Operation.MOVE;
            }
        }
        return Operation.CHANGE;
    }

    private static boolean differs(Line line, Slot now, String azienda) {
        Slot wanted = line.slot();
        if (wanted == null) {
            return line.azienda() != null && !same(line.azienda(), azienda);
        }
        if (now == null) {
            return wanted.start() != null || wanted.agenda() != null || wanted.azienda() != null;
        }
        return wanted.start() != null && (now.start() == null || !wanted.start().isEqual(now.start()))
                || wanted.agenda() != null && !wanted.agenda().equals(now.agenda())
                || wanted.azienda() != null && !same(wanted.azienda(), now.azienda())
                || wanted.structure() != null && !wanted.structure().equals(now.structure());
    }

    /** The short code of three digits is the end of the long one. */
    private static boolean same(String said, String azienda) {
        return azienda != null && (azienda.equals(said) || said.length() == 3 && azienda.endsWith(said));
    }
}
