package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;

/** R73. */
final class R73WhoCertifies extends NumberedRule {

    private static final Code CONTRADICTION = warn("SC-073", "Casella N e codice di esenzione");

    private final BookingCatalogue catalogue;

    R73WhoCertifies(BookingCatalogue catalogue) {
        super(
                73,
                "§3.9",
                Step.TARIFF,
                "Patologia, invalidità e malattia rara le scrive il prescrittore; il reddito lo firma il paziente; con la"
                        + " casella N e un codice si paga, se non è controfirmato.",
                CONTRADICTION);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        ExemptionClaim claim = ExemptionClaim.of(given, catalogue);
        if (claim != null && claim.isContradicted()) {
            rulings.add(
                    CONTRADICTION,
                    "prescription.exemption",
                    "C'è il codice di esenzione " + claim.code() + " e anche la casella N (non esente): si prenota a"
                            + " pagamento; il prescrittore può correggere con timbro e firma.",
                    claim.code());
        }
    }
}
