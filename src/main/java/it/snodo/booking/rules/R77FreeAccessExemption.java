package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;

/** R77. */
final class R77FreeAccessExemption extends NumberedRule {

    private static final Code OUTCOME = reject("SC-077", 207, "Esenzione in libero accesso");

    private final BookingCatalogue catalogue;

    R77FreeAccessExemption(BookingCatalogue catalogue) {
        super(
                77,
                "§3.9",
                Step.TARIFF,
                "In libero accesso vale l'esenzione generale, quella per reddito con l'autocertificazione firmata; quella"
                        + " parziale e la gravidanza no: si paga.",
                OUTCOME);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        ExemptionClaim claim = ExemptionClaim.of(given, catalogue);
        if (claim == null || !claim.isFreeAccess() || !claim.isUsable()) {
            return;
        }
        String tariff = claim.prescription().tariff();
        boolean asPaying = "TICKET".equals(tariff);
        boolean asExempt = tariff != null && !asPaying;
        if (!claim.format().general() && asExempt) {
            rulings.add(
                    OUTCOME,
                    "prescription.tariff",
                    "In libero accesso l'esenzione " + claim.code()
                            + " non si applica: prenotare con tariffa TICKET; può applicarla il medico che esegue.",
                    "TICKET");
        } else if (claim.format().general() && claim.lacksDeclaration() && !asPaying) {
            rulings.add(
                    OUTCOME,
                    "prescription.selfDeclared",
                    "In libero accesso l'esenzione " + claim.code()
                            + " vale solo con l'autocertificazione firmata: raccoglierla (AUTOCERT), oppure prenotare con"
                            + " tariffa TICKET.",
                    claim.code());
        } else if (claim.countsInFreeAccess() && asPaying) {
            rulings.add(
                    OUTCOME,
                    "prescription.tariff",
                    "In libero accesso l'esenzione generale " + claim.code()
                            + " si applica: la tariffa è ESENTE_TOTALE, non TICKET.",
                    "ESENTE_TOTALE");
        }
    }
}
