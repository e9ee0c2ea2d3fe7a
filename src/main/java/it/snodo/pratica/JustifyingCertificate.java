package it.snodo.pratica;

import java.time.LocalDate;

/**
 * A certificate as far as an exemption rests upon it.
 *
 * @param state DA_FIRMARE, VALIDO, SOSTITUITO or ANNULLATO
 * @param signer codice fiscale of the doctor who signed it
 * @param patient with the codice fiscale; null there when the person has none
 * @param exemption as the certificate spells it; may be null
 * @param diagnosis as the certificate spells it; may be null
 * @param underWay what is being done to it, as in "in corso l'annullamento"; null when nothing
 * @param visitDay what validities are counted from
 */
record JustifyingCertificate(
        long number,
        String state,
        String signer,
        String signerName,
        Pratica.Person patient,
        String exemption,
        String diagnosis,
        String underWay,
        LocalDate visitDay) {}
