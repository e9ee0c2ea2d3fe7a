package it.snodo.messages;

/** Where a message is on its way; the names are those of {@code GET /api/v1/messages}. */
public enum MessageState {
    /** Stored durably, not yet worked. */
    ACCEPTED,
    /** A step is under way or a delivery waits. */
    PROCESSING,
    /** Waits for the doctor's signature. */
    AWAITING_SIGNATURE,
    /** Every destination has taken the document. */
    PUBLISHED,
    /** The CUP has confirmed the booking. */
    BOOKED,
    /** A search, answered: it has no effect. */
    ANSWERED,
    /** Answered with an error: it had no effect. */
    REFUSED,
    /** Stopped by an error that a person must look at. */
    FAILED,
    /**
     * Closed: by a person, with a reason; by an annulment that came before anything was published; or at once, because what
     * it asked for was there already.
     */
    DISCARDED
}
