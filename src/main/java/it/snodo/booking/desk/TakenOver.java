package it.snodo.booking.desk;

/** Another attempt has the message now: whatever this one was about to write is not written. */
final class TakenOver extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TakenOver(long messageId) {
        super("message " + messageId + " was taken over");
    }
}
