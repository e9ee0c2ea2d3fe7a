package it.snodo.fault;

/** A failure with its code; the message is the reason a person reads. */
public class SnodoException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final SnodoCode code;

    public SnodoException(SnodoCode code, String reason) {
        super(reason);
        this.code = code;
    }

    public SnodoException(SnodoCode code, String reason, Throwable cause) {
        super(reason, cause);
        this.code = code;
    }

    public SnodoCode code() {
        return code;
    }
}
