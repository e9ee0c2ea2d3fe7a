package it.snodo.flow;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * What makes the broker's hints dispensable: certificates that stand still, because a hint was lost with the broker or a
 * worker died, are offered again. The register is the truth; doing a step twice has no effect.
 */
@Component("recovery")
class Recovery {

    /** Longer than any step takes; the hints of the route {@code certificate-recovery} live as long. */
    static final int STANDS_STILL_SECONDS = 20;
    /** At one look; the next looks find the others. */
    private static final int MOST = 1000;

    private static final int MOST_UNDER_LOAD = 20;

    private final Certificates certificates;
    private final IntakeLoad load;
    private final Set<String> looked = ConcurrentHashMap.newKeySet();

    Recovery(Certificates certificates, IntakeLoad load) {
        this.load = load;
        this.certificates = certificates;
    }

    public List<Long> withoutDocument() {
        return standingStill("RECEIVED");
    }

    public List<Long> withoutSignature() {
        return standingStill("DOCUMENT");
    }

    /** The first look after a start takes all: the hints went with the process that died. */
    private List<Long> standingStill(String stage) {
        List<Long> found = certificates.standingStill(
                stage, looked.contains(stage) ? STANDS_STILL_SECONDS : 0, load.isHigh() ? MOST_UNDER_LOAD : MOST);
        looked.add(stage);
        return found;
    }
}
