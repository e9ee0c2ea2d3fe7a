package it.snodo.booking;

import com.fasterxml.jackson.annotation.JsonInclude;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Patient;
import java.util.List;

/**
 * What a CUP or a hospital tells of a booking that it has decided by itself: SIU^S12 to S17 and S26.
 *
 * @param event what has happened
 * @param azienda the azienda of the CUP, six digits when it was understood
 * @param bookingCode SovraCup's code, when the CUP knows it
 * @param fillerCode the CUP's own code
 * @param patient null when the message carries no PID
 * @param line service and slot as they are now; null when not said
 * @param reason SCH-6; null when not said
 * @param forceMajeure a documented reason not to come (R67)
 * @param lines all services and slots, where the message tells of several; else empty
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BookingNotice(
        Event event,
        String azienda,
        String bookingCode,
        String fillerCode,
        Patient patient,
        Line line,
        String reason,
        Boolean forceMajeure,
        List<Line> lines)
        implements BookingAsk {

    public BookingNotice {
        azienda = Texts.code(azienda);
        bookingCode = Texts.code(bookingCode);
        fillerCode = Texts.text(fillerCode);
        reason = Texts.text(reason);
        lines = lines == null ? List.of() : List.copyOf(lines);
    }

    /** Of one service. */
    public BookingNotice(
            Event event,
            String azienda,
            String bookingCode,
            String fillerCode,
            Patient patient,
            Line line,
            String reason,
            Boolean forceMajeure) {
        this(event, azienda, bookingCode, fillerCode, patient, line, reason, forceMajeure, List.of());
    }

    /** Every service it tells of; empty when it tells of none. */
    public List<Line> told() {
        return !lines.isEmpty() ? lines : line == null ? List.of() : List.of(line);
    }

    /** SIU events. */
    public enum Event {
        /** S12. */
        BOOKED,
        /** S12 of what is no appointment yet, or none at all: pending, on a waiting list, a blocked time (SCH-25). */
        TENTATIVE,
        /** S13. */
        MOVED,
        /** S14. */
        CHANGED,
        /** S15, S16. */
        CANCELLED,
        /** S17. */
        DELETED,
        /** S26. */
        NO_SHOW
    }
}
