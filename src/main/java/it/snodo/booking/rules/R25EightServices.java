package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.rules.Lines.Entry;
import java.util.Map;
import java.util.TreeMap;

/** At most eight services of a branch; blood draws do not count, sessions of rehabilitation have limits of their own. */
final class R25EightServices extends PrescriptionRule {

    private static final Code TOO_MANY = reject("SC-025", BUSINESS, "Troppe prestazioni della stessa branca");

    private final BookingCatalogue catalogue;

    R25EightServices(BookingCatalogue catalogue) {
        super(
                25,
                "§3.4, §3.9",
                Step.CONTENT,
                "Al massimo 8 prestazioni della stessa branca su una prescrizione, prelievi esclusi.",
                TOO_MANY);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        int most = catalogue.limit("services-of-branch", given.today()).intValue();
        long without = 0;
        Map<String, Long> counts = new TreeMap<>();
        for (Entry entry : Lines.onForm(given)) {
            if (!isCounted(entry)) {
                continue;
            }
            if (entry.item().branches().isEmpty()) {
                without += entry.line().pieces();
            }
            for (String branch : entry.item().branches()) {
                counts.merge(branch, (long) entry.line().pieces(), Long::sum);
            }
        }
        long busiest = without + counts.values().stream().max(Long::compare).orElse(0L);
        if (busiest > most) {
            rulings.add(
                    TOO_MANY,
                    "lines",
                    "La prescrizione ha " + busiest + " prestazioni della stessa branca, prelievi esclusi: al massimo "
                            + most + ". Occorre una seconda prescrizione per le altre.",
                    String.valueOf(most));
        }
    }

    /** A profile is the sum of its parts, which are counted (R35). */
    private static boolean isCounted(Entry entry) {
        return entry.item() != null
                && !entry.item().bloodDraw()
                && !entry.isProfile()
                && !entry.kind().equals("REHABILITATION");
    }
}
