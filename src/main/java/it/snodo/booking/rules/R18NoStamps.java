package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Prescription;

/** Services are written, not stamped or stuck on. */
final class R18NoStamps extends PrescriptionRule {

    private static final Code STAMPED = reject("SC-018", BUSINESS, "Prestazioni con timbro o etichetta");

    R18NoStamps() {
        super(
                18,
                "§3.4",
                Step.FORM,
                "Le prestazioni non possono essere scritte con un timbro o un'etichetta adesiva.",
                STAMPED);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Prescription prescription = given.request().prescription();
        if (given.isNew() && prescription != null && Boolean.TRUE.equals(prescription.stamped())) {
            rulings.add(
                    STAMPED,
                    "prescription.stamped",
                    "Le prestazioni sono scritte con un timbro o un'etichetta: occorre una nuova prescrizione.");
        }
    }
}
