package it.snodo.booking.rules;

import it.snodo.booking.Booking;
import it.snodo.booking.Slot;
import it.snodo.booking.rules.Lines.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Appointments of the same person for the same service that are still to come (R39, R40). */
final class Duplicates {

    private Duplicates() {}

    /** One of them, with what it is a duplicate of. */
    record Duplicate(Entry entry, Booking.Earlier earlier, Booking.BookedLine line) {

        /** What an operator must be told of it. */
        String told() {
            Slot slot = line.slot();
            return "prenotazione " + earlier.code() + ", " + PrescriptionRule.time(slot.start()) + ", "
                    + (line.description() == null ? line.service() : line.description())
                    + Stream.of(slot.unit(), slot.place())
                            .filter(Objects::nonNull)
                            .map(each -> ", " + each)
                            .collect(Collectors.joining())
                    + (earlier.prescription() == null ? "" : ", impegnativa " + earlier.prescription());
        }
    }

    static List<Duplicate> of(BookingCase given) {
        List<Duplicate> found = new ArrayList<>();
        for (Entry entry : Lines.toBook(given)) {
            for (Booking.Earlier earlier : Bound.others(given)) {
                earlier.lines().stream()
                        .filter(line -> isSame(entry, line) && isToCome(line, given))
                        .forEach(line -> found.add(new Duplicate(entry, earlier, line)));
            }
        }
        return found;
    }

    /** Code of the one that goes when the new booking stands, where the caller wants that. */
    static Optional<String> replaced(BookingCase given) {
        if (!given.isNew() || !Boolean.TRUE.equals(given.request().replaceExisting())) {
            return Optional.empty();
        }
        List<Booking.Earlier> same = of(given).stream().map(Duplicate::earlier).toList();
        return same.stream()
                .filter(each -> Bound.isSamePrescription(given, each))
                .findFirst()
                .or(() -> same.stream().findFirst())
                .map(Booking.Earlier::code);
    }

    static boolean isToCome(Booking.BookedLine line, BookingCase given) {
        return line.slot() != null
                && line.slot().start() != null
                && line.slot().start().toInstant().isAfter(given.now().toInstant());
    }

    /** The right and the left hand are not the same. */
    private static boolean isSame(Entry entry, Booking.BookedLine line) {
        return (Objects.equals(entry.line().service(), line.service())
                        || entry.item() != null && entry.item().code().equals(line.service()))
                && (entry.side() == null
                        || side(line) == null
                        || entry.side().equals(side(line))
                        || entry.side().equals("B")
                        || side(line).equals("B"));
    }

    private static String side(Booking.BookedLine line) {
        if (line.item() != null && line.item().endsWith("-DX")) {
            return "R";
        }
        return line.item() != null && line.item().endsWith("-SX") ? "L" : line.side();
    }
}
