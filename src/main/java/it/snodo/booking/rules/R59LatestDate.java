package it.snodo.booking.rules;

import it.snodo.booking.Slot;
import java.time.LocalDate;

/** R59. */
final class R59LatestDate extends NumberedRule {

    static final Code BEYOND = confirm("SC-059", "Oltre il termine della classe di priorità");

    private final PriorityTerm term;

    R59LatestDate(PriorityTerm term) {
        super(
                59,
                "§3.6",
                Step.SLOT,
                "Dalla richiesta: B entro 10 giorni, D entro 30 le visite e 60 gli esami, P entro 180.",
                BEYOND);
        this.term = term;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        for (int i = 0; i < given.request().lines().size(); i++) {
            LocalDate last = lastGoodDay(given, i);
            if (isBeyond(given, i, last)) {
                LocalDate day = day(given, i);
                rulings.add(
                        BEYOND,
                        "lines[" + i + "].slot.start",
                        Places.title(given, i) + ": il " + Say.day(day) + " è oltre il termine della classe, "
                                + Say.day(last)
                                + ". Confermare se la persona lo accetta, oppure scegliere un altro posto.",
                        last.toString());
            }
        }
    }

    /** Null when the line has no term. */
    private LocalDate lastGoodDay(BookingCase given, int line) {
        return Places.item(given, line)
                .flatMap(item -> term.lastGoodDay(given.request().prescription(), item, given.today()))
                .orElse(null);
    }

    private static LocalDate day(BookingCase given, int line) {
        Slot slot = Places.slot(given, line);
        return slot == null
                ? null
                : slot.start().atZoneSameInstant(given.now().getZone()).toLocalDate();
    }

    private static boolean isBeyond(BookingCase given, int line, LocalDate last) {
        LocalDate day = day(given, line);
        return last != null && day != null && day.isAfter(last);
    }

    /** Whether the slot of a line lies beyond its term. */
    boolean isBeyond(BookingCase given, int line) {
        return isBeyond(given, line, lastGoodDay(given, line));
    }
}
