package it.snodo.registry;

import java.time.LocalDate;

/**
 * A service that an exemption makes free.
 *
 * @param regional code of the region's price list; null when the table has none
 * @param code dotted, of the national list; null when the row is a sentence that stands for many services
 * @param title words: the row's own, else those of the national catalogue, else the code
 * @param classNote what the region adds to the words, such as S/U; null when nothing
 * @param cyclic whether it is given in cycles
 * @param validFrom first day; null for no limit
 * @param validTo last day; null for no limit
 */
public record ExemptService(
        String regional,
        String code,
        String title,
        String classNote,
        boolean cyclic,
        LocalDate validFrom,
        LocalDate validTo) {

    boolean validOn(LocalDate day) {
        return (validFrom == null || !day.isBefore(validFrom)) && (validTo == null || !day.isAfter(validTo));
    }
}
