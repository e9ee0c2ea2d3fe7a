package it.snodo.booking.rules;

import it.snodo.booking.rules.Lines.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The same code for the same part of the body stands once, unless it is delivered in cycles. */
final class R27SameCodeTwice extends PrescriptionRule {

    private static final Code TWICE = reject("SC-027", BUSINESS, "Stessa prestazione due volte");

    R27SameCodeTwice() {
        super(
                27,
                "§3.4",
                Step.CONTENT,
                "Lo stesso codice non può stare due volte per lo stesso distretto, salvo le prestazioni a cicli; mano destra e"
                        + " mano sinistra sono due distretti.",
                TWICE);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        List<Entry> seen = new ArrayList<>();
        for (Entry entry : Lines.onForm(given)) {
            if (entry.item() == null || entry.item().cyclic() || entry.isProfile()) {
                continue;
            }
            seen.stream()
                    .filter(other -> isSame(entry, other))
                    .findFirst()
                    .ifPresent(
                            other -> rulings.add(
                                    TWICE,
                                    entry.path("service"),
                                    "«" + entry.named() + "» c'è già alla riga " + (other.index() + 1)
                                            + " per lo stesso distretto: togliere una delle due, o indicare lato e distretto."));
            seen.add(entry);
        }
    }

    private static boolean isSame(Entry one, Entry other) {
        return one.item().code().equals(other.item().code())
                && isSameSide(one.side(), other.side())
                && fold(one.line().district()).equals(fold(other.line().district()));
    }

    /** Both sides are each of the two. */
    private static boolean isSameSide(String one, String other) {
        return Objects.equals(one, other) || "B".equals(one) && other != null || "B".equals(other) && one != null;
    }

    private static String fold(String district) {
        return district == null ? "" : district.toUpperCase(Locale.ITALIAN).replaceAll("\\s+", " ");
    }
}
