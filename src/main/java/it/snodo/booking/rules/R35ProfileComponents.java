package it.snodo.booking.rules;

import it.snodo.booking.rules.Lines.Entry;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A diagnostic profile is the sum of its parts, and each part is booked. */
final class R35ProfileComponents extends PrescriptionRule {

    private static final Code INCOMPLETE = reject("SC-035", BUSINESS, "Profilo senza le sue componenti");

    R35ProfileComponents() {
        super(35, "§3.6", Step.CONTENT, "Un profilo diagnostico si prenota con tutte le sue componenti.", INCOMPLETE);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        List<Entry> lines = Lines.all(given);
        Set<String> booked = lines.stream()
                .filter(each -> each.item() != null && !each.isProfile())
                .flatMap(each -> Stream.of(each.item().code(), each.item().item()))
                .collect(Collectors.toSet());
        for (Entry entry : lines) {
            if (!entry.isProfile()) {
                continue;
            }
            List<String> absent = entry.item().components().stream()
                    .filter(each -> !booked.contains(each))
                    .toList();
            if (!absent.isEmpty()) {
                rulings.add(
                        INCOMPLETE,
                        entry.path("item"),
                        "«" + entry.named() + "» si prenota con tutte le sue componenti: mancano "
                                + String.join(", ", absent) + ".",
                        String.join(",", absent));
            }
        }
    }
}
