package it.snodo.booking;

import it.snodo.fault.Fault;
import java.util.List;

/**
 * What came of a {@link BookingRequest} or a {@link BookingNotice}.
 *
 * @param result what happened
 * @param booking as it stands now; null when there is none, or when it may not be shown to who asked
 * @param rulings why it was refused, or the notices that go along
 * @param faults what is wrong with the message itself, or with the hub; empty when nothing
 * @param proposals the next free places, when the one asked for is taken or beyond the term
 * @param messageId of the journal; 0 when nothing was kept
 * @param repeated the same message had come before: nothing happened this time
 */
public record BookingAnswer(
        Result result,
        Booking booking,
        List<Ruling> rulings,
        List<Fault> faults,
        List<Proposal> proposals,
        long messageId,
        boolean repeated)
        implements BookingReply {

    public BookingAnswer {
        rulings = List.copyOf(rulings);
        faults = List.copyOf(faults);
        proposals = List.copyOf(proposals);
    }

    public static BookingAnswer refused(List<Ruling> rulings, List<Fault> faults) {
        return new BookingAnswer(Result.REFUSED, null, rulings, faults, List.of(), 0, false);
    }

    /** What happened. */
    public enum Result {
        BOOKED,
        MOVED,
        CHANGED,
        REVOKED,
        DELETED,
        /** A promemoria may be printed. */
        REPRINTED,
        /** A CUP's notice was taken note of. */
        NOTED,
        /** Sent to the CUP, which has not answered: neither booked nor refused until it has. The hub goes on asking. */
        UNKNOWN,
        REFUSED
    }
}
