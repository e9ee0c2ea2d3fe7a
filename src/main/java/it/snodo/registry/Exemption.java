package it.snodo.registry;

import java.time.LocalDate;

/**
 * An exemption of the catalogue.
 *
 * @param code canonical spelling, such as 0A02
 * @param family chronic, rare, civil_invalidity…
 * @param familyLabel words for the family, such as "Malattie croniche"
 * @param group MC, MR, IN or AL
 * @param title words, readable
 * @param diagnosisRequired whether a certificate for it must carry a diagnosis
 * @param regional true when the code belongs to the region's catalogue and not to the national one
 * @param validFrom first day; null for no limit
 * @param validTo last day; null for no limit
 * @param note why it ended; null when there is nothing to say
 */
public record Exemption(
        String code,
        String family,
        String familyLabel,
        String group,
        String title,
        boolean diagnosisRequired,
        boolean regional,
        LocalDate validFrom,
        LocalDate validTo,
        String note) {

    /** Whether it is in the catalogue on that day. */
    public boolean validOn(LocalDate day) {
        return (validFrom == null || !day.isBefore(validFrom)) && (validTo == null || !day.isAfter(validTo));
    }
}
