package it.snodo.exemption;

import it.snodo.aura.PatientProfile;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import java.util.List;
import java.util.Optional;

/** The exemptions issued here, as others need them: who publishes them, and who makes documents of them. */
public interface Exemptions {

    Optional<IssuedExemption> find(long id);

    /** All of a person, whatever their state and under whichever codice fiscale AURA had the person then, the newest first. */
    List<IssuedExemption> of(String patientFiscalCode);

    /**
     * What stands against issuing it, seen with AURA's eyes, before AURA is told (aura-rol.md §1.6): profile active, not
     * deceased, right ASL, no other of the same code in force, catalogue, dates, age.
     *
     * @param profile empty when AURA does not know the person
     */
    List<Fault> check(IssuedExemption exemption, Optional<PatientProfile> profile);

    /** AURA has taken it. Runs in the caller's transaction, which settles the delivery; again without effect. */
    void published(long id, String auraId);

    /** AURA has ended it. Runs in the caller's transaction. */
    void annulled(long id);

    /** It will not be taken, or not ended; a person has to look. Runs in the caller's transaction. */
    void refused(long id, SnodoCode code, String words);
}
