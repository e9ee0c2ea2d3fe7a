package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Prescription;

/** Corrections are good only with the stamp and signature of who wrote the prescription. */
final class R17Corrections extends PrescriptionRule {

    private static final Code UNSIGNED = reject("SC-017", BUSINESS, "Correzioni non controfirmate");

    R17Corrections() {
        super(
                17,
                "§3.4",
                Step.FORM,
                "Cancellature, aggiunte e correzioni valgono solo con timbro e firma dello stesso prescrittore.",
                UNSIGNED);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Prescription prescription = given.request().prescription();
        if (given.isNew()
                && prescription != null
                && Boolean.TRUE.equals(prescription.corrected())
                && !Boolean.TRUE.equals(prescription.countersigned())) {
            rulings.add(
                    UNSIGNED,
                    "prescription.corrected",
                    "La prescrizione ha correzioni senza timbro e firma dello stesso prescrittore: va controfirmata o rifatta.");
        }
    }
}
