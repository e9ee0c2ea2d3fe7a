package it.snodo.registry;

/** An identifier that is not what it should be; the message is a whole Italian sentence naming value and rule. */
public final class InvalidIdentifierException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    InvalidIdentifierException(String reason) {
        super(reason);
    }

    /** An answer to bad data, not a failure of the hub: where it was thrown interests nobody. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
