package it.snodo.exemption;

import java.time.Duration;

/** Who tells AURA; implemented where publications are. */
public interface ExemptionPublisher {

    /** Owes AURA this exemption, from the caller's transaction on. */
    void publish(long exemptionId);

    /** Owes AURA the end of this exemption, from the caller's transaction on; after what is owed of it already. */
    void annul(long exemptionId);

    /**
     * Sends what is owed of it now instead of at its next time, and waits for what comes of it; after the caller's
     * transaction has been committed.
     *
     * @return true when nothing is owed any more, false when it still waits: it goes on by itself
     */
    boolean settle(long exemptionId, Duration atMost);
}
