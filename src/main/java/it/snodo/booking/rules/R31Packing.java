package it.snodo.booking.rules;

import it.snodo.booking.Decision;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.rules.Lines.Entry;
import java.util.Comparator;
import java.util.List;

/** Lines that can, go one after the other in the same agenda. Choosing is the desk's work; here is told what was not. */
final class R31Packing extends PrescriptionRule {

    private static final Code APART = code("SC-031", Decision.WARN, "Appuntamenti non consecutivi");

    private final BookingCatalogue catalogue;

    R31Packing(BookingCatalogue catalogue) {
        super(
                31,
                "§3.6",
                Step.SLOT,
                "Le prestazioni compatibili vanno nella stessa agenda una dopo l'altra; se no nella stessa struttura, lo stesso"
                        + " giorno.",
                APART);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!takesPlaces(given)) {
            return;
        }
        List<Entry> placed = Lines.toBook(given).stream()
                .filter(each -> each.slot() != null && each.slot().start() != null)
                .sorted(Comparator.comparing(each -> each.slot().start().toInstant()))
                .toList();
        for (int i = 1; i < placed.size(); i++) {
            Entry before = placed.get(i - 1);
            Entry after = placed.get(i);
            String apart = isKeptApart(before, after, given) ? null : apart(before.slot(), after.slot());
            if (apart != null) {
                rulings.add(
                        APART,
                        after.path("slot"),
                        "«" + before.named() + "» e «" + after.named() + "» " + apart
                                + ": se il paziente preferisce, cercare posti consecutivi.");
            }
        }
    }

    private boolean isKeptApart(Entry one, Entry other, BookingCase given) {
        return catalogue.incompatibilities(given.today()).stream()
                .anyMatch(pair ->
                        R32Incompatible.concerns(pair, one, other) || R32Incompatible.concerns(pair, other, one));
    }

    /** What is between two places; null when they go together well. */
    private static String apart(Slot before, Slot after) {
        if (before.structure() != null
                && after.structure() != null
                && !before.structure().equals(after.structure())) {
            return "sono in strutture diverse";
        }
        if (!dayOf(before.start()).equals(dayOf(after.start()))) {
            return "sono in giorni diversi";
        }
        boolean sameAgenda = before.agenda() != null && before.agenda().equals(after.agenda());
        boolean gap = before.minutes() != null
                && before.start().plusMinutes(before.minutes()).isBefore(after.start());
        return sameAgenda && gap ? "sono nella stessa agenda ma non di seguito" : null;
    }
}
