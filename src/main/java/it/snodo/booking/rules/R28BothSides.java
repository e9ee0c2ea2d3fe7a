package it.snodo.booking.rules;

import it.snodo.booking.Decision;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CatalogueItem;
import it.snodo.booking.rules.Lines.Entry;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What is asked for on both sides is two entries of the catalogue, the right and the left one. */
final class R28BothSides extends PrescriptionRule {

    private static final Code ONE_SIDE = code("SC-028", Decision.CONFIRM, "Esame dei due lati");

    private final BookingCatalogue catalogue;

    R28BothSides(BookingCatalogue catalogue) {
        super(
                28,
                "§3.6",
                Step.CONTENT,
                "Una richiesta dei due lati («Rx mani») si prenota come due prestazioni, destra e sinistra; un lato solo va"
                        + " confermato.",
                ONE_SIDE);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        List<Entry> lines = Lines.toBook(given);
        Set<String> told = new HashSet<>();
        for (Entry entry : lines) {
            if (!asksForBoth(entry, given)) {
                continue;
            }
            Set<String> sides = lines.stream()
                    .filter(each ->
                            Objects.equals(each.line().service(), entry.line().service()))
                    .map(Entry::side)
                    .filter(Objects::nonNull)
                    .collect(Collectors.toSet());
            if (!(sides.contains("R") && sides.contains("L"))
                    && told.add(entry.line().service())) {
                String items = items(entry, given);
                rulings.add(
                        ONE_SIDE,
                        entry.path("item"),
                        "«" + entry.named() + "» è chiesto per i due lati: si prenota come due prestazioni, "
                                + items.replace(",", " e ") + ". Se serve un lato solo, confermarlo.",
                        items);
            }
        }
    }

    /** The line says so, or the entry itself means both and the line names no side. */
    private boolean asksForBoth(Entry entry, BookingCase given) {
        if (entry.item() == null || items(entry, given).isEmpty()) {
            return false;
        }
        return "B".equals(entry.line().side()) || entry.item().bilateral() && entry.side() == null;
    }

    private String items(Entry entry, BookingCase given) {
        return catalogue.itemsOf(entry.item().code(), given.today()).stream()
                .map(CatalogueItem::item)
                .filter(each -> each.endsWith("-DX") || each.endsWith("-SX"))
                .sorted()
                .collect(Collectors.joining(","));
    }
}
