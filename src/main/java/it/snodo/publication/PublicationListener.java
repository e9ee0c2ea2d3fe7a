package it.snodo.publication;

import it.snodo.fault.SnodoCode;

/**
 * Hears how the publication of a certificate stands. Called inside the transaction that settles a delivery, perhaps more
 * than once with the same result: a repaired delivery turns FAILED into PUBLISHED, a late refusal of the index turns
 * PUBLISHED into FAILED.
 */
@FunctionalInterface
public interface PublicationListener {

    /** Where the certificate stands. */
    enum Result {
        PUBLISHED,
        FAILED
    }

    /**
     * @param code why it failed; null when published
     * @param detail the words for it; null when published
     */
    void settled(long certificateNumber, Result result, SnodoCode code, String detail);
}
