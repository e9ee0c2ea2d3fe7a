package it.snodo.aura;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * AURA, the region's registry of patients and of their exemptions, as the hub needs it. Each call may take as long as
 * {@code snodo.aura.timeout} and is written in the journal of outgoing calls.
 *
 * <p>Every method throws {@link AuraUnavailable} when no usable answer came: nobody knows then whether it took effect.
 */
public interface Aura {

    /** Persons with that codice fiscale; those who have died too. */
    List<Found> find(String fiscalCode);

    /** Persons of that name; every argument but the family name may be null. */
    List<Found> find(String family, String given, LocalDate birthDate);

    /** The whole profile of that codice fiscale; merged identities are followed. Empty: AURA does not know it (E0010). */
    Optional<PatientProfile> profile(String fiscalCode);

    /** The whole profile of that AURA id; merged identities are followed. */
    Optional<PatientProfile> profileOf(String auraId);

    /** Tells AURA of a new exemption, or of a new end of one that it knows. Not idempotent: read back before a retry. */
    Answer publish(Statement statement);

    /** Ends an exemption as of that day, which becomes its last too. */
    Answer annul(Statement statement, LocalDate on);

    /** @param auraId idProfiloAnagrafico */
    record Found(
            String auraId,
            String fiscalCode,
            String family,
            String given,
            String sex,
            LocalDate birthDate,
            LocalDate deathDate) {}

    /**
     * @param callerFiscalCode codice fiscale of the doctor or operator who issues it
     * @param diagnosis ICD-9-CM without the dot; null when there is none (AURA is told 000)
     * @param to last day; null when unlimited
     */
    record Statement(
            String callerFiscalCode,
            String fiscalCode,
            String exemption,
            String diagnosis,
            LocalDate from,
            LocalDate to) {}

    /**
     * What AURA said.
     *
     * @param ok the only success
     * @param code of the first message, such as E0010; null when it gave none
     * @param words of the first message
     */
    record Answer(boolean ok, String code, String words) {}
}
