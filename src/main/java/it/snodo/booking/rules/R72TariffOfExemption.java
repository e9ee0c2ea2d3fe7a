package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;
import java.util.Set;

/** R72. */
final class R72TariffOfExemption extends NumberedRule {

    private static final Code MISMATCH = warn("SC-072", "Tariffa diversa dall'esenzione");
    private static final Code UNKNOWN = reject("SC-072b", 103, "Tariffa sconosciuta");
    private static final Set<String> TARIFFS = Set.of("TICKET", "ESENTE", "ESENTE_TOTALE");

    private final BookingCatalogue catalogue;

    R72TariffOfExemption(BookingCatalogue catalogue) {
        super(
                72,
                "§3.4, §3.9",
                Step.TARIFF,
                "L'esenzione parziale vuole la tariffa ESENTE, quella generale ESENTE_TOTALE.",
                MISMATCH,
                UNKNOWN);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        ExemptionClaim claim = ExemptionClaim.of(given, catalogue);
        if (claim == null || claim.prescription().tariff() == null) {
            return;
        }
        String path = "prescription.tariff";
        String tariff = claim.prescription().tariff();
        if (!TARIFFS.contains(tariff)) {
            rulings.add(
                    UNKNOWN, path, "La tariffa «" + tariff + "» non esiste: è TICKET, ESENTE o ESENTE_TOTALE.", tariff);
        } else if (claim.applies() && !tariff.equals(claim.tariff()) && !claim.isFreeAccess()) {
            rulings.add(
                    MISMATCH,
                    path,
                    "L'esenzione " + claim.code() + " è " + (claim.format().general() ? "generale" : "parziale")
                            + ": la tariffa è " + claim.tariff() + ", non " + tariff + ".",
                    claim.tariff());
        } else if (claim.code() == null && !tariff.equals("TICKET")) {
            rulings.add(
                    MISMATCH,
                    path,
                    "La tariffa è " + tariff + " ma non c'è un codice di esenzione: la persona paga il ticket.",
                    "TICKET");
        }
    }
}
