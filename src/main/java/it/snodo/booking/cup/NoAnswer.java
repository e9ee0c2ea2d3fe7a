package it.snodo.booking.cup;

/** No answer that belongs to what was sent. Its message says in Italian what happened. */
final class NoAnswer extends Exception {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What it means for the command, and for the CUP. */
    enum Kind {
        /** Nothing left the hub, and not because of the CUP. */
        NOT_TRIED,
        /** Surely nothing arrived: no connection. */
        UNSENT,
        /** It may have taken effect. */
        UNKNOWN
    }

    NoAnswer(Kind kind, String words) {
        super(words, null, false, false);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }
}
