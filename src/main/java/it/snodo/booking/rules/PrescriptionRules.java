package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;
import java.util.List;

/** R1 to R40: scope, the form and what stands on it. */
final class PrescriptionRules {

    private PrescriptionRules() {}

    static List<BookingRule> all(BookingCatalogue catalogue) {
        return List.of();
    }
}
