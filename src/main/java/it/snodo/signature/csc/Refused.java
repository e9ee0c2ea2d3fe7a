package it.snodo.signature.csc;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;

/** A provider of signatures said no, or nothing. Its text holds neither PIN nor OTP. */
public final class Refused extends SnodoException {

    private static final long serialVersionUID = 1L;

    private final boolean spent;

    Refused(SnodoCode code, String reason, boolean spent) {
        super(code, reason);
        this.spent = spent;
    }

    /** Whether the OTP cannot be used any more. */
    public boolean spent() {
        return spent;
    }

    /** Whether the provider has locked the credential: nothing more may be tried. */
    public boolean locked() {
        return code() == SnodoCode.SIGNATURE_PIN_LOCKED || code() == SnodoCode.SIGNATURE_OTP_LOCKED;
    }
}
