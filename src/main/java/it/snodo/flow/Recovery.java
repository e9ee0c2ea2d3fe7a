package it.snodo.flow;

import java.util.List;
import org.springframework.stereotype.Component;

/**
 * What makes the broker's hints dispensable: certificates that stand still, because a hint was lost with the broker or a
 * worker died, are offered again. The register is the truth; doing a step twice has no effect.
 */
@Component("recovery")
class Recovery {

    private static final int STANDS_STILL_SECONDS = 10;

    private final Certificates certificates;

    Recovery(Certificates certificates) {
        this.certificates = certificates;
    }

    public List<Long> withoutDocument() {
        return certificates.waiting("RECEIVED", STANDS_STILL_SECONDS);
    }

    public List<Long> withoutSignature() {
        return certificates.waiting("DOCUMENT", STANDS_STILL_SECONDS);
    }
}
