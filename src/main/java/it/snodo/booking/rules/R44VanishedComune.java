package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.catalogue.BookingCatalogue;

/** R44. */
final class R44VanishedComune extends NumberedRule {

    private static final Code MERGED = warn("SC-044", "Comune soppresso");

    private final BookingCatalogue catalogue;

    R44VanishedComune(BookingCatalogue catalogue) {
        super(
                44,
                "§3.2",
                Step.PERSON,
                "Se il Comune di residenza è stato fuso in un altro si usa quello di oggi.",
                MERGED);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = Persons.given(given);
        if (patient == null || patient.comune() == null) {
            return;
        }
        catalogue
                .vanished(patient.comune(), given.today())
                .ifPresent(gone -> rulings.add(
                        MERGED,
                        "patient.comune",
                        "Il Comune di " + gone.name() + " non c'è più: al suo posto si usa " + gone.successorName()
                                + " (" + gone.successor() + ").",
                        gone.successor()));
    }
}
