package it.snodo.registry;

/** A code table that cannot be used; the message names file, line and column. */
public final class TableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message Italian, naming the file */
    public TableException(String message) {
        super(message);
    }

    TableException(String message, Throwable cause) {
        super(message, cause);
    }
}
