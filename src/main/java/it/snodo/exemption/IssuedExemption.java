package it.snodo.exemption;

import java.time.LocalDate;
import java.time.OffsetDateTime;

/**
 * An exemption from the ticket that was issued here, or is on its way to AURA.
 *
 * @param id its own number
 * @param pratica number of the pratica it was issued by, 18 digits
 * @param certificate number of the certificate that justifies it; null when a citizen's papers do
 * @param patientFiscalCode codice fiscale of the beneficiary
 * @param auraId of the beneficiary; null until AURA has been asked
 * @param asl six digits of the ASL that issues it
 * @param issuer codice fiscale of the doctor or operator who validated it
 * @param code exemption, canonical spelling, such as 0A02
 * @param diagnosis ICD-9-CM without the dot; null when there is none
 * @param to last day; null when unlimited
 * @param state where it stands
 * @param annulledOn the day of its annulment; null when there was none
 * @param refusal what AURA said when it refused; null when it did not
 * @param issuedAt when it was asked for
 * @param revision grows with each change
 */
public record IssuedExemption(
        long id,
        String pratica,
        Long certificate,
        String patientFiscalCode,
        String auraId,
        String family,
        String given,
        LocalDate birthDate,
        String sex,
        String asl,
        String issuer,
        String code,
        String diagnosis,
        LocalDate from,
        LocalDate to,
        State state,
        LocalDate annulledOn,
        String refusal,
        OffsetDateTime issuedAt,
        int revision) {

    /** Where an exemption stands. Only AURA's OK makes it hold, and only AURA's OK ends it. */
    public enum State {
        /** AURA has not said OK yet. */
        PENDING,
        /** On AURA. */
        ACTIVE,
        /** To be ended; AURA has not said OK yet. */
        ANNULLING,
        ANNULLED,
        /** AURA did not take it, or the checks before it found why not. */
        REFUSED
    }

    /** Whether it gives its right on that day. */
    public boolean holdsOn(LocalDate day) {
        return (state == State.ACTIVE || state == State.ANNULLING)
                && !day.isBefore(from)
                && (to == null || !day.isAfter(to));
    }
}
