package it.snodo.aura;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;

/** AURA gave no usable answer: it may or may not have done what it was asked. */
public class AuraUnavailable extends SnodoException {

    private final boolean sent;

    /** @param sent whether the request may have reached AURA */
    public AuraUnavailable(SnodoCode code, String words, boolean sent, Throwable cause) {
        super(code, words, cause);
        this.sent = sent;
    }

    /** False only when AURA certainly never saw the request. */
    public boolean sent() {
        return sent;
    }
}
