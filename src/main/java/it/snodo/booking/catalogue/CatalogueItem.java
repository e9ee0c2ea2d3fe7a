package it.snodo.booking.catalogue;

import java.util.List;
import java.util.Set;

/**
 * A service of the regional catalogue as SovraCup books it, from {@code mappings/booking-services.csv}.
 *
 * @param code regional service code
 * @param item the specific item, such as {@code 95.02-CATARATTA}; equal to the code when the entry is the service itself
 * @param title Italian
 * @param kind VISIT, DIAGNOSTIC, CONTROL, SURGERY, LABORATORY, SPORT, LEGAL, REHABILITATION or OTHER
 * @param branches two digits each; empty for "altre prestazioni" (R23)
 * @param firstAccess a first visit or examination; false for what SovraCup does not book (R4)
 * @param direct direct access: not booked (R9)
 * @param freeAccess libero accesso, no prescription needed (R7)
 * @param freeAccessFor questions for which it is libero accesso; empty means any
 * @param bloodDraw a prelievo, not counted (R25)
 * @param cyclic delivered in cycles (R27)
 * @param bilateral asks for both sides (R28)
 * @param components codes it is made of, when it is a diagnostic profile (R35)
 * @param question keyword of the diagnostic question it is meant for (R36); null when generic
 * @param preparationDays R33; 0 when none
 * @param localCup aziende (six digits) whose own CUP books it, and SovraCup does not (R38)
 */
public record CatalogueItem(
        String code,
        String item,
        String title,
        String kind,
        Set<String> branches,
        boolean firstAccess,
        boolean direct,
        boolean freeAccess,
        Set<String> freeAccessFor,
        boolean bloodDraw,
        boolean cyclic,
        boolean bilateral,
        List<String> components,
        String question,
        int preparationDays,
        Set<String> localCup) {

    public CatalogueItem {
        branches = Set.copyOf(branches);
        freeAccessFor = Set.copyOf(freeAccessFor);
        components = List.copyOf(components);
        localCup = Set.copyOf(localCup);
    }

    /** Whether it needs no prescription for that diagnostic question, which may be null (R7). */
    public boolean isFreeAccessFor(String asked) {
        return freeAccess
                && (freeAccessFor.isEmpty() || freeAccessFor.stream().anyMatch(words -> Words.contain(asked, words)));
    }

    /** Whether it is a specific item that is meant for that diagnostic question, which may be null (R36). */
    public boolean isMeantFor(String asked) {
        return question != null && Words.contain(asked, question);
    }
}
