package it.snodo.aura;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.time.Duration;

/** AURA gave no usable answer: it may or may not have done what it was asked. */
public class AuraUnavailable extends SnodoException {

    private static final long serialVersionUID = 1L;

    private final boolean sent;
    private final Duration retryAfter;

    /** @param sent whether the request may have reached AURA */
    public AuraUnavailable(SnodoCode code, String words, boolean sent, Throwable cause) {
        this(code, words, sent, null, cause);
    }

    /** @param retryAfter how long AURA asks us to wait; null when it does not */
    public AuraUnavailable(SnodoCode code, String words, boolean sent, Duration retryAfter, Throwable cause) {
        super(code, words, cause);
        this.sent = sent;
        this.retryAfter = retryAfter;
    }

    /** How long AURA asks us to wait; null when it does not. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** False only when AURA certainly never saw the request. */
    public boolean sent() {
        return sent;
    }
}
