package it.snodo.aura;

import java.time.LocalDate;
import java.util.List;

/**
 * A person as AURA knows them. Everything but auraId may be null.
 *
 * @param auraId the id in force
 * @param mergedFrom the id that was asked for, when it has been merged into this one; null when it was not
 * @param active false: the profile is closed (statoProfiloAnagrafico 0)
 * @param birthPlace ISTAT code of the comune, six digits; 999 and the state's code when born abroad
 * @param birthPlaceName in words
 * @param residence address in words
 * @param residenceComune ISTAT code
 * @param aslOfResidence six digits
 * @param aslOfCare six digits of the ASL that assists (aslAssistenza)
 * @param district code of the district of residence
 * @param districtName in words
 * @param doctor codice fiscale of the family doctor
 * @param doctorName family and given name
 * @param teamNumber codice della tessera TEAM
 * @param exemptions those that AURA shows, of every source
 */
public record PatientProfile(
        String auraId,
        String mergedFrom,
        boolean active,
        String fiscalCode,
        String family,
        String given,
        String sex,
        LocalDate birthDate,
        LocalDate deathDate,
        String birthPlace,
        String birthPlaceName,
        String residence,
        String residenceComune,
        String aslOfResidence,
        String aslOfCare,
        String district,
        String districtName,
        String doctor,
        String doctorName,
        String teamNumber,
        List<Exemption> exemptions) {

    /**
     * @param code normalised, such as 0A02
     * @param diagnosis ICD-9-CM without the dot; null when none (000)
     * @param to null when unlimited
     * @param source fonte
     */
    public record Exemption(
            String code,
            String title,
            String diagnosis,
            String diagnosisTitle,
            LocalDate from,
            LocalDate to,
            String source) {

        /** Whether it holds on that day. */
        public boolean activeOn(LocalDate day) {
            return (from == null || !day.isBefore(from)) && (to == null || !day.isAfter(to));
        }
    }
}
