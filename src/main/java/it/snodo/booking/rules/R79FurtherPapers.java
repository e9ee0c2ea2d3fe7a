package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;

/** R79, what some exemptions ask for beside the prescription. */
final class R79FurtherPapers extends NumberedRule {

    private static final Code INAIL = warn("SC-079c", "Denuncia INAIL mancante");
    private static final Code PUBLIC = warn("SC-079d", "Prevenzione non richiesta da una struttura pubblica");

    private final BookingCatalogue catalogue;

    R79FurtherPapers(BookingCatalogue catalogue) {
        super(
                79,
                "§4.5",
                Step.TARIFF,
                "L'infortunio sul lavoro vuole anche la denuncia INAIL; prevenzione e profilassi le chiede una struttura"
                        + " pubblica.",
                INAIL,
                PUBLIC);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        ExemptionClaim claim = ExemptionClaim.of(given, catalogue);
        if (claim == null) {
            return;
        }
        if (claim.lacksInailReport()) {
            rulings.add(
                    INAIL,
                    "prescription.inailReport",
                    "Per l'esenzione " + claim.code()
                            + " serve anche la denuncia di infortunio INAIL: senza si prenota a" + " pagamento.",
                    claim.code());
        }
        if (claim.lacksPublicRequest()) {
            rulings.add(
                    PUBLIC,
                    "prescription.publicStructure",
                    "L'esenzione " + claim.code()
                            + " vale se la richiesta viene da una struttura pubblica: altrimenti si"
                            + " prenota a pagamento.",
                    claim.code());
        }
    }
}
