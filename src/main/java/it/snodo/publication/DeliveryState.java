package it.snodo.publication;

/** The life of a delivery. Every state has a way out: TAKEN by its lease, FAILED and STOPPED by a person. */
public enum DeliveryState {
    /** Due now or later; {@code next_try_at} says when. */
    WAITING,
    /** A lane is at it; the lease says until when, after which another may take it. */
    TAKEN,
    /** The destination has taken it in charge. */
    DELIVERED,
    /** The destination has confirmed that it took effect. */
    CONFIRMED,
    /** Dead letter: somebody has to change something, then it can be tried again. */
    FAILED,
    /** The other side's decision is final, or a person closed it. */
    STOPPED;

    /** The destination has it. */
    boolean isThere() {
        return this == DELIVERED || this == CONFIRMED;
    }
}
