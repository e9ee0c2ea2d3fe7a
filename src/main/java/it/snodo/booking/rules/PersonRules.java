package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;
import java.util.List;

/** R41 to R88: the person, the priority, moving and revoking, ticket and exemption, what is handed over. */
final class PersonRules {

    private PersonRules() {}

    static List<BookingRule> all(BookingCatalogue catalogue) {
        return List.of();
    }
}
