package it.snodo.booking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import java.util.List;

/**
 * Says what an update asks for that does not say it itself: another time or place is a move, anything else a change; and what
 * it makes of what is known.
 */
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

    /** What a change says, over what was known: what it does not say stays. Either may be null. */
    public static <T> T over(T known, T change, Class<T> type) {
        if (change == null || known == null) {
            return change == null ? known : change;
        }
        try {
            ObjectNode merged = BookingReading.json().valueToTree(known);
            lay(merged, BookingReading.json().valueToTree(change));
            return BookingReading.json().treeToValue(merged, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("every booking record can be written and read", e);
        }
    }

    private static void lay(ObjectNode known, JsonNode change) {
        change.fields().forEachRemaining(field -> {
            JsonNode value = field.getValue();
            if (value.isNull() || value.isContainerNode() && value.isEmpty()) {
                return;
            }
            if (value.isObject() && known.get(field.getKey()) instanceof ObjectNode inner) {
                lay(inner, value);
            } else {
                known.set(field.getKey(), value);
            }
        });
    }
}
