package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;

/** R76. */
final class R76CardNotCertified extends NumberedRule {

    private static final Code NOT_WRITTEN = warn("SC-076", "Esenzione non scritta dal prescrittore");

    private final BookingCatalogue catalogue;

    R76CardNotCertified(BookingCatalogue catalogue) {
        super(
                76,
                "§4.5",
                Step.TARIFF,
                "Se il tesserino di esenzione è valido ma il prescrittore non l'ha scritta si prenota da non esente e si"
                        + " rinvia al medico.",
                NOT_WRITTEN);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        ExemptionClaim claim = ExemptionClaim.of(given, catalogue);
        if (claim != null
                && claim.code() == null
                && Boolean.TRUE.equals(claim.prescription().cardNotCertified())) {
            rulings.add(
                    NOT_WRITTEN,
                    "prescription.cardNotCertified",
                    "La persona mostra un tesserino di esenzione che il prescrittore non ha riportato: si prenota a"
                            + " pagamento; il medico può aggiungerla sulla prescrizione.");
        }
    }
}
