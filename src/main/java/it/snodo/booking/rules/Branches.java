package it.snodo.booking.rules;

import it.snodo.booking.rules.Lines.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The specialist branches of a prescription (R22 to R25). */
final class Branches {

    private Branches() {}

    /** Lines that have a branch of their own; "altre prestazioni" take that of the others (R23). */
    static List<Entry> ofOwn(BookingCase given) {
        return Lines.onForm(given).stream()
                .filter(each -> each.item() != null && !each.item().branches().isEmpty())
                .toList();
    }

    /** Branches that all lines have; empty when there is none, or when no line has any. */
    static Set<String> common(List<Entry> lines) {
        Set<String> common = null;
        for (Entry each : lines) {
            if (common == null) {
                common = new TreeSet<>(each.item().branches());
            } else {
                common.retainAll(each.item().branches());
            }
        }
        return common == null ? Set.of() : common;
    }

    /** Whether one comes from each line to each other by branches that two have in common (R24). */
    static boolean isChain(List<Entry> lines) {
        if (lines.isEmpty()) {
            return true;
        }
        Set<String> reached = new HashSet<>(lines.get(0).item().branches());
        List<Entry> left = new ArrayList<>(lines.subList(1, lines.size()));
        while (!left.isEmpty()) {
            List<Entry> next = left.stream()
                    .filter(each -> each.item().branches().stream().anyMatch(reached::contains))
                    .toList();
            if (next.isEmpty()) {
                return false;
            }
            next.forEach(each -> reached.addAll(each.item().branches()));
            left.removeAll(next);
        }
        return true;
    }
}
