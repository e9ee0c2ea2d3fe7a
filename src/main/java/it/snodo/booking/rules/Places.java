package it.snodo.booking.rules;

import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.Note;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CatalogueItem;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Services and places of a case. */
final class Places {

    private Places() {}

    static Optional<CatalogueItem> item(BookingCase given, int line) {
        return line < given.items().size() ? given.items().get(line) : Optional.empty();
    }

    /** The slot of a line; null when it has none with a beginning. */
    static Slot slot(BookingCase given, int line) {
        Slot slot = line < given.slots().size() ? given.slots().get(line) : null;
        return slot == null || slot.start() == null ? null : slot;
    }

    /** What the catalogue or the sender calls a service. */
    static String title(BookingCase given, int line) {
        Line asked = given.request().lines().get(line);
        return Stream.of(item(given, line).map(CatalogueItem::title).orElse(null), asked.description(), asked.service())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("Prestazione non indicata");
    }

    /** The catalogue's notes of what is booked: of the specific item, else of the service. */
    static Stream<Note> notes(BookingCatalogue catalogue, String service, String item, String azienda, LocalDate day) {
        String booked = item != null ? item : service;
        return booked == null ? Stream.empty() : catalogue.notes(booked, azienda, day).stream();
    }

    static Stream<Note> notes(BookingCatalogue catalogue, BookedLine line, LocalDate day) {
        return notes(
                catalogue,
                line.service(),
                line.item(),
                line.slot() == null ? null : line.slot().azienda(),
                day);
    }

    /** Every azienda that the caller has named, as he has. */
    static List<Place> named(BookingCase given) {
        List<Place> named = new ArrayList<>();
        List<Line> lines = given.request().lines();
        for (int i = 0; i < lines.size(); i++) {
            add("lines[" + i + "].azienda", lines.get(i).azienda(), named);
            Slot slot = lines.get(i).slot();
            add("lines[" + i + "].slot.azienda", slot == null ? null : slot.azienda(), named);
        }
        add(
                "wish.azienda",
                given.request().wish() == null ? null : given.request().wish().azienda(),
                named);
        return named;
    }

    /** The same, and the aziende of the slots that the hub has chosen. */
    static List<Place> all(BookingCase given) {
        List<Place> found = named(given);
        for (int i = 0; i < given.slots().size(); i++) {
            Slot slot = given.slots().get(i);
            add("lines[" + i + "].slot.azienda", slot == null ? null : slot.azienda(), found);
        }
        return found;
    }

    private static void add(String path, String azienda, List<Place> places) {
        if (azienda != null) {
            places.add(new Place(path, azienda));
        }
    }

    /** @param azienda as it came */
    record Place(String path, String azienda) {}
}
