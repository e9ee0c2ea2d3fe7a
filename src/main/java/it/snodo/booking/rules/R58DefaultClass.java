package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.PriorityClass;

/** R58. */
final class R58DefaultClass extends NumberedRule {

    private static final Code ASSUMED = warn("SC-058", "Classe di priorità non indicata");

    private final BookingCatalogue catalogue;

    R58DefaultClass(BookingCatalogue catalogue) {
        super(
                58,
                "§3.6",
                Step.PRIORITY,
                "Se il prescrittore non ha indicato la classe vale la P, entro 180 giorni.",
                ASSUMED);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Prescription prescription = given.request().prescription();
        // libero accesso has no prescription on which a class could be missing
        if (!given.isNew()
                || prescription == null
                || prescription.priority() != null
                || "SSN_LIBERO_ACCESSO".equals(prescription.type())
                || !R57BookableClass.hasFirstAccess(given)) {
            return;
        }
        PriorityClass standard = catalogue.standardPriority(given.today());
        rulings.add(
                ASSUMED,
                "prescription.priority",
                "La classe di priorità non è indicata: vale la " + standard.letter() + ", entro " + standard.visitDays()
                        + " giorni.",
                standard.letter());
    }
}
