package it.snodo.exemption;

import it.snodo.fault.SnodoCode;

/** Told what AURA said of an exemption, inside the transaction that settles it; implemented where pratiche are. */
public interface ExemptionListener {

    /**
     * AURA has taken it.
     *
     * @param by codice fiscale (or name) and role of who asked for it
     * @return false when the pratica does not want it any more: it is ended on AURA again
     */
    boolean published(IssuedExemption exemption, Asker by);

    /** AURA, or the checks before it, did not take it. */
    void notPublished(IssuedExemption exemption, Asker by, SnodoCode code, String words);

    /** AURA has ended it. */
    void annulled(IssuedExemption exemption, Asker by);

    /** AURA did not end it: it still holds. */
    void notAnnulled(IssuedExemption exemption, Asker by, SnodoCode code, String words);

    /**
     * Who asked AURA.
     *
     * @param who codice fiscale; the user's name when no person is known
     * @param role as histories show it
     */
    record Asker(String who, String role) {}
}
