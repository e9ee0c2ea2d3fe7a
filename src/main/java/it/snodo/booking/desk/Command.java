package it.snodo.booking.desk;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Ruling;
import java.time.Instant;
import java.util.List;

/**
 * What a CUP is told, or is to be told.
 *
 * @param bytes null as long as nothing went out
 * @param target the booking as it shall be
 * @param notices of the rules, for an outcome that comes late
 * @param inFavourOf code of the booking because of which this one is revoked; null when it stands for itself
 */
record Command(
        long id,
        String booking,
        long messageId,
        Operation operation,
        String azienda,
        String controlId,
        byte[] bytes,
        State state,
        Booking target,
        List<Ruling> notices,
        String reason,
        String inFavourOf,
        int attempts,
        Instant created,
        boolean givenUp) {

    boolean isOpen() {
        return state == State.WAITING || state == State.SENT || state == State.UNKNOWN;
    }

    enum State {
        /** Nothing went out. */
        WAITING,
        /** Handed to the connection by somebody who waits for the answer. */
        SENT,
        /** It may have taken effect. */
        UNKNOWN,
        DONE,
        REFUSED,
        /** Not wanted any more before it went out. */
        CLOSED
    }
}
