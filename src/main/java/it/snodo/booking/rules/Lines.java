package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CatalogueItem;
import it.snodo.booking.catalogue.CupAzienda;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The lines of a case, each with all that belongs to it. */
final class Lines {

    private Lines() {}

    /**
     * @param item null when the catalogue has none
     * @param slot null when there is none yet
     * @param azienda where it is to be done, as it was given; null when still to be found
     * @param question diagnostic question of the line, else of the prescription; null when none
     */
    record Entry(int index, Line line, CatalogueItem item, Slot slot, String azienda, String question) {

        String path(String field) {
            return "lines[" + index + "]." + field;
        }

        String kind() {
            return item == null ? "" : item.kind();
        }

        /** The code as it was asked for, and the title where there is one. */
        String named() {
            return item != null
                    ? item.title() + " (" + item.item() + ")"
                    : line.service() != null ? line.service() : "prestazione senza codice";
        }

        boolean isProfile() {
            return item != null && !item.components().isEmpty();
        }

        /** R, L or B, from the line or from the item that stands for a side; null when it has none. */
        String side() {
            if (item != null && item.item().endsWith("-DX")) {
                return "R";
            }
            if (item != null && item.item().endsWith("-SX")) {
                return "L";
            }
            return line.side();
        }

        Optional<CupAzienda> azienda(BookingCatalogue catalogue, BookingCase given) {
            return azienda == null ? Optional.empty() : catalogue.azienda(azienda, given.today());
        }
    }

    /** All lines, in their order. */
    static List<Entry> all(BookingCase given) {
        BookingRequest request = given.request();
        return IntStream.range(0, request.lines().size())
                .mapToObj(index -> entry(given, index))
                .toList();
    }

    private static Entry entry(BookingCase given, int index) {
        BookingRequest request = given.request();
        Line line = request.lines().get(index);
        CatalogueItem item =
                index < given.items().size() ? given.items().get(index).orElse(null) : null;
        Slot slot = index < given.slots().size() ? given.slots().get(index) : null;
        return new Entry(index, line, item, slot, azienda(given, line, slot), question(request, line));
    }

    private static String azienda(BookingCase given, Line line, Slot slot) {
        if (slot != null && slot.azienda() != null) {
            return slot.azienda();
        }
        if (line.slot() != null && line.slot().azienda() != null) {
            return line.slot().azienda();
        }
        if (line.azienda() != null) {
            return line.azienda();
        }
        if (given.request().wish() != null && given.request().wish().azienda() != null) {
            return given.request().wish().azienda();
        }
        return given.standing() == null ? null : given.standing().azienda();
    }

    private static String question(BookingRequest request, Line line) {
        if (line.question() != null) {
            return line.question();
        }
        return request.prescription() == null ? null : request.prescription().question();
    }

    /** The lines that a new booking is to book. */
    static List<Entry> toBook(BookingCase given) {
        Set<Integer> aside = setAside(given);
        return all(given).stream().filter(each -> !aside.contains(each.index())).toList();
    }

    /**
     * Lines that SovraCup does not book though it books others of the same prescription: direct access (R37), and what only
     * a CUP aziendale or a laboratory does (R38).
     */
    static Set<Integer> setAside(BookingCase given) {
        List<Entry> all = all(given);
        if (all.stream().noneMatch(Lines::carries)) {
            return Set.of();
        }
        return all.stream()
                .filter(each -> isDirect(each) || isLocalOnly(each))
                .map(Entry::index)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The lines that stay on the prescription: those to book, and what is done by direct access with the same form (R37).
     * What another CUP books comes on a form of its own (R38).
     */
    static List<Entry> onForm(BookingCase given) {
        Set<Integer> aside = setAside(given);
        return all(given).stream()
                .filter(each -> !aside.contains(each.index()) || !isLocalOnly(each))
                .toList();
    }

    static boolean isDirect(Entry entry) {
        return entry.item() != null && entry.item().direct();
    }

    /** Booked by a CUP aziendale only, or by nobody: a laboratory exam. */
    static boolean isLocalOnly(Entry entry) {
        return entry.item() != null
                && (!entry.item().localCup().isEmpty() || entry.kind().equals("LABORATORY"));
    }

    /** What makes a prescription worth booking; a prelievo alone does not. */
    private static boolean carries(Entry entry) {
        return entry.item() != null
                && !isDirect(entry)
                && !isLocalOnly(entry)
                && !entry.item().bloodDraw();
    }
}
