package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;

/** R74: the code is left out of what goes to the CUP, by {@link InEffect}. */
final class R74UnknownExemption extends NumberedRule {

    static final Code UNKNOWN = warn("SC-074", "Codice di esenzione inesistente");

    private final BookingCatalogue catalogue;

    R74UnknownExemption(BookingCatalogue catalogue) {
        super(
                74,
                "§3.4",
                Step.TARIFF,
                "Un codice di esenzione che non esiste, maiuscole o minuscole, si toglie; si prosegue a pagamento e lo si"
                        + " segnala al gestore.",
                UNKNOWN);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        ExemptionClaim claim = ExemptionClaim.of(given, catalogue);
        if (claim != null && claim.code() != null && !claim.isUsable()) {
            rulings.add(
                    UNKNOWN,
                    "prescription.exemption",
                    "Il codice dell'esenzione «" + claim.prescription().exemption()
                            + "» non esiste: si prosegue senza, a pagamento; segnalarlo al gestore del CUP.",
                    claim.prescription().exemption());
        }
    }
}
