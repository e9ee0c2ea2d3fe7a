package it.snodo.booking.rules;

import it.snodo.booking.rules.Lines.Entry;
import java.time.LocalDate;

/** Who must prepare for N days cannot come earlier than in N days. */
final class R33PreparationDays extends PrescriptionRule {

    private static final Code TOO_EARLY = reject("SC-033", BUSINESS, "Tempo di preparazione insufficiente");

    R33PreparationDays() {
        super(
                33,
                "§3.6",
                Step.SLOT,
                "Una prestazione che vuole N giorni di preparazione non può essere prima di N giorni da oggi.",
                TOO_EARLY);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!takesPlaces(given)) {
            return;
        }
        for (Entry entry : Lines.toBook(given)) {
            if (entry.item() == null || entry.slot() == null || entry.slot().start() == null) {
                continue;
            }
            LocalDate first = given.today().plusDays(entry.item().preparationDays());
            if (entry.item().preparationDays() > 0
                    && dayOf(entry.slot().start()).isBefore(first)) {
                rulings.add(
                        TOO_EARLY,
                        entry.path("slot.start"),
                        "«" + entry.named() + "» vuole " + entry.item().preparationDays()
                                + " giorni di preparazione: il "
                                + day(dayOf(entry.slot().start()))
                                + " è troppo presto, il primo giorno possibile è il " + day(first) + ".",
                        first.toString());
            }
        }
    }
}
