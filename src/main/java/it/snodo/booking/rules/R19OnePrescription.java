package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.catalogue.BookingCatalogue;

/** Several prescriptions are handled one after the other. */
final class R19OnePrescription extends PrescriptionRule {

    private static final Code SEVERAL = reject("SC-019", BUSINESS, "Più prescrizioni in una richiesta");

    private final BookingCatalogue catalogue;

    R19OnePrescription(BookingCatalogue catalogue) {
        super(19, "§3.6", Step.CONTENT, "Si prenota una prescrizione per volta, ricominciando dal paziente.", SEVERAL);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Prescription prescription = given.request().prescription();
        if (!given.isNew() || prescription == null) {
            return;
        }
        int most = catalogue.limit("prescriptions-per-act", given.today()).intValue();
        if (prescription.numbers().size() > most) {
            rulings.add(
                    SEVERAL,
                    "prescription.numbers",
                    "La richiesta porta " + prescription.numbers().size() + " prescrizioni ("
                            + String.join(", ", prescription.numbers())
                            + "): dividerla, una richiesta per prescrizione.");
        }
    }
}
