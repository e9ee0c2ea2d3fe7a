package it.snodo.pratica;

import java.time.LocalDate;
import java.time.OffsetDateTime;

/**
 * A request for an exemption, and what became of it.
 *
 * @param number 18 digits: year, six of the ASL, eight of the progressive
 * @param asl six digits of the ASL that handles it
 * @param straight made by "crea e valida": nobody has to work on it
 * @param certificate number; null when a citizen's papers justify it
 * @param certificateAnnulledAt when the certificate was annulled; null when it was not
 * @param certificateReplacedBy number of the certificate that has replaced it; null when none has
 * @param district code and name of the beneficiary's district; may be null (Torino)
 * @param exemption canonical code
 * @param diagnosis ICD-9-CM without the dot; null when there is none
 * @param end proposed or validated last day; null when unlimited, or when nobody has said it yet
 * @param reason why it was rejected; null when it was not
 * @param beneficiaryNote the citizen sees it
 * @param internalNote the doctor who sent it and the district see it, nobody else
 * @param takenBy codice fiscale of who took it in charge, or the user's name
 * @param aura what AURA was asked last; null when it never was
 * @param exemptionId of the exemption it issued, or tried to issue last
 * @param revision grows by one with each event
 */
public record Pratica(
        String number,
        String asl,
        PraticaState state,
        boolean straight,
        Long certificate,
        OffsetDateTime certificateAnnulledAt,
        Long certificateReplacedBy,
        Person patient,
        String district,
        String districtName,
        Compiler compiler,
        String exemption,
        String diagnosis,
        LocalDate end,
        boolean unlimited,
        RejectionReason reason,
        String beneficiaryNote,
        String internalNote,
        String takenBy,
        Publication aura,
        Long exemptionId,
        int revision,
        OffsetDateTime createdAt,
        OffsetDateTime updatedAt) {

    /** @param auraId null until AURA was asked */
    public record Person(
            String fiscalCode, String family, String given, LocalDate birthDate, String sex, String auraId) {}

    /** Who filled it in. */
    public record Compiler(Kind kind, String fiscalCode, String name) {

        public enum Kind {
            MEDICO,
            UTENTE,
            DELEGATO
        }
    }

    /**
     * @param action VALIDA or ANNULLA
     * @param code SNODO-nnnn of a refusal
     * @param words why it was refused
     */
    public record Publication(String action, Outcome state, String code, String words) {

        public enum Outcome {
            IN_ATTESA,
            COMPLETATA,
            RIFIUTATA
        }
    }

    Standing standing() {
        return Standing.of(state, aura != null && aura.state == Publication.Outcome.IN_ATTESA);
    }
}
