package it.snodo.intake;

import it.snodo.booking.BookingAsk;
import it.snodo.booking.BookingReply;
import it.snodo.booking.Unreadable;
import it.snodo.fault.Fault;
import java.util.List;
import java.util.Map;

/**
 * A message of the booking domain as an intake has read it.
 *
 * @param sender the sender's key, made as for certificates
 * @param controlId MSH-10, Idempotency-Key or Bundle.identifier; one made of the content when there is none
 * @param type {@code SRM^S01}, {@code SIU^S15}, {@code SQM^S25}, {@code POST /bookings}, {@code Appointment/$find}
 * @param ask what is asked for; null when the message cannot be read that far: {@code faults} says why
 * @param unreadable fields that came with no value of their type
 * @param faults what is wrong with the message itself (type, version, structure)
 * @param locations path in the ask to the protocol's own name of that place: {@code prescription.compiled} to
 *     {@code OBX^1^5}
 * @param ifMatch revision the caller has seen; null when he does not say
 * @param writer makes the answer of the protocol
 */
public record BookingArrival(
        String protocol,
        String peer,
        String sender,
        String controlId,
        String type,
        byte[] raw,
        BookingAsk ask,
        List<Unreadable> unreadable,
        List<Fault> faults,
        Map<String, String> locations,
        Long ifMatch,
        Writer writer)
        implements Arrival {

    public BookingArrival {
        unreadable = List.copyOf(unreadable);
        faults = List.copyOf(faults);
        locations = Map.copyOf(locations);
    }

    /** Makes the bytes of the answer; the very same are given again for a repeated message. */
    @FunctionalInterface
    public interface Writer {
        byte[] write(BookingArrival arrival, BookingReply reply);
    }

    /** The protocol's name of a place, or of the nearest enclosing one that the intake knows; null when it knows none. */
    public String locate(String path) {
        String at = path == null ? "" : path;
        while (!at.isEmpty()) {
            String found = locations.get(at);
            if (found != null) {
                return found;
            }
            int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
            at = cut < 0 ? "" : at.substring(0, cut);
        }
        return locations.get("");
    }
}
