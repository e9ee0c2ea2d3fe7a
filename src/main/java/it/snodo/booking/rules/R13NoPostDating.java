package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Prescription;

/** A prescription cannot have been written tomorrow. */
final class R13NoPostDating extends PrescriptionRule {

    private static final Code FUTURE = reject("SC-013", BUSINESS, "Impegnativa con data futura");

    R13NoPostDating() {
        super(13, "§3.4", Step.FORM, "La data di compilazione non può essere dopo oggi.", FUTURE);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Prescription prescription = given.request().prescription();
        if (given.isNew()
                && prescription != null
                && prescription.compiled() != null
                && prescription.compiled().isAfter(given.today())) {
            rulings.add(
                    FUTURE,
                    "prescription.compiled",
                    "La prescrizione porta la data " + day(prescription.compiled())
                            + ", che deve ancora venire (oggi è il " + day(given.today())
                            + "): controllare la data sull'impegnativa.",
                    given.today().toString());
        }
    }
}
