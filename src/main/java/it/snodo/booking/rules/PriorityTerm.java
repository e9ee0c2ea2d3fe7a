package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CatalogueItem;
import it.snodo.booking.catalogue.PriorityClass;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** The priority class in effect and the last good day of it (R57 to R60), for the rules and for the search. */
@Component
public class PriorityTerm {

    /** First visits and first examinations, small surgery included; not control visits, prelievi or sessions. */
    private static final Set<String> KINDS = Set.of("VISIT", "DIAGNOSTIC", "SURGERY");

    private final BookingCatalogue catalogue;
    private final BookingProperties properties;

    PriorityTerm(BookingCatalogue catalogue, BookingProperties properties) {
        this.catalogue = catalogue;
        this.properties = properties;
    }

    /**
     * The class that counts: the one given, or the one that stands for a missing one (R58). Empty when the letter is of no
     * class.
     *
     * @param prescription may be null
     * @param day on which the booking is asked for
     */
    public Optional<PriorityClass> inEffect(Prescription prescription, LocalDate day) {
        String letter = prescription == null ? null : prescription.priority();
        return letter == null ? Optional.of(catalogue.standardPriority(day)) : catalogue.priority(letter, day);
    }

    /**
     * The last day on which a service may take place within its term (R59). Empty when it has none: only first visits and
     * first examinations have a term.
     *
     * @param requested day on which the booking is asked for; the clock starts there, or at the compilation of the
     *     prescription by {@code snodo.booking.rules.priority-clock-start}
     */
    public Optional<LocalDate> lastGoodDay(Prescription prescription, CatalogueItem item, LocalDate requested) {
        if (!hasTerm(item)) {
            return Optional.empty();
        }
        LocalDate start = requested;
        if (properties.priorityClockStart() == BookingProperties.ClockStart.COMPILED
                && prescription != null
                && prescription.compiled() != null) {
            start = prescription.compiled();
        }
        LocalDate from = start;
        return inEffect(prescription, requested).map(priority -> from.plusDays(priority.days(item)));
    }

    static boolean hasTerm(CatalogueItem item) {
        return item.firstAccess() && KINDS.contains(item.kind());
    }
}
