package it.snodo.pratica;

import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.registry.ExemptionValidity;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * The end of validity that somebody wants for an exemption.
 *
 * @param end last day; null: not said
 * @param unlimited true: there is to be none; null: not said
 */
public record Wanted(LocalDate end, Boolean unlimited) {

    /** AURA writes a day with a year of four digits. */
    private static final int LAST_YEAR = 9999;

    public static final Wanted NOTHING = new Wanted(null, null);

    /**
     * @param proposed what holds when nothing is said; empty when there is no proposal
     * @throws PraticaRefused when it is contradictory, or neither said nor proposed
     */
    ExemptionValidity.End or(Optional<ExemptionValidity.End> proposed, String exemption) {
        boolean none = Boolean.TRUE.equals(unlimited);
        if (end != null && none) {
            throw wrong("Indicare la data di fine validità oppure che l'esenzione è illimitata, non entrambe.");
        }
        if (end != null && end.getYear() > LAST_YEAR) {
            throw wrong("La data di fine validità non può essere dopo il 31/12/" + LAST_YEAR + ".");
        }
        if (end != null || none) {
            return new ExemptionValidity.End(end);
        }
        if (proposed.isPresent()
                && Boolean.FALSE.equals(unlimited)
                && proposed.get().last() == null) {
            throw wrong("Indicare la data di fine validità: l'esenzione " + exemption + " è altrimenti illimitata.");
        }
        return proposed.orElseThrow(() -> wrong("Per l'esenzione " + exemption
                + " la durata non è nota: indicare la data di fine validità (end), o che è illimitata (unlimited)."));
    }

    private static PraticaRefused wrong(String words) {
        return new PraticaRefused(List.of(Fault.at(SnodoCode.EXEMPTION_PERIOD_WRONG, "end", words)), null);
    }
}
