package it.snodo.booking.rules;

import it.snodo.booking.Decision;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The same service is booked already with another prescription. */
final class R40OtherPrescription extends PrescriptionRule {

    private static final Code CONFIRM =
            code("SC-040", Decision.CONFIRM, "Prestazione già prenotata con un'altra impegnativa");

    R40OtherPrescription() {
        super(
                40,
                "§3.6",
                Step.DUPLICATES,
                "La stessa prestazione già prenotata con un'altra impegnativa si prenota solo dopo conferma, mostrando date e"
                        + " ore.",
                CONFIRM);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        Map<Integer, List<Duplicates.Duplicate>> byLine = Duplicates.of(given).stream()
                .filter(each -> !Bound.isSamePrescription(given, each.earlier()))
                .collect(Collectors.groupingBy(each -> each.entry().index(), TreeMap::new, Collectors.toList()));
        byLine.values()
                .forEach(found -> rulings.add(
                        CONFIRM,
                        found.get(0).entry().path("service"),
                        "«" + found.get(0).entry().named() + "» è già prenotata: "
                                + found.stream().map(Duplicates.Duplicate::told).collect(Collectors.joining("; "))
                                + ". Confermare per prenotarla ancora.",
                        found.stream()
                                .map(each -> each.earlier().code())
                                .distinct()
                                .collect(Collectors.joining(","))));
    }
}
