package it.snodo.booking.rules;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Note;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** R82; the sentences about payment and revoking are R71 and R83. */
final class R82PromemoriaContents extends NumberedRule {

    private static final Code INCOMPLETE = warn("SC-082", "Promemoria incompleto");
    private static final Set<Operation> PRINTED =
            Set.of(Operation.BOOK, Operation.MOVE, Operation.CHANGE, Operation.REPRINT);

    private final BookingCatalogue catalogue;

    R82PromemoriaContents(BookingCatalogue catalogue) {
        super(
                82,
                "§3.6, §4",
                Step.ANSWER,
                "Il promemoria porta luogo e data dell'appuntamento, avvertenze di preparazione, note per il paziente e"
                        + " codice della richiesta.",
                INCOMPLETE);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Booking booking = given.answered();
        if (booking == null
                || given.request().operation() == null
                || !PRINTED.contains(given.request().operation())) {
            return;
        }
        if (booking.code() == null) {
            rulings.add(INCOMPLETE, "bookingCode", "Manca il codice della richiesta: non si potrebbe revocare.");
        }
        if (booking.lines().isEmpty()) {
            rulings.add(INCOMPLETE, "lines", "Manca la prestazione prenotata.");
        }
        Set<String> told = booking.notes().stream().map(Note::text).collect(Collectors.toSet());
        for (int i = 0; i < booking.lines().size(); i++) {
            checkLine(given, booking.lines().get(i), "lines[" + i + "]", told, rulings);
        }
    }

    private void checkLine(BookingCase given, BookedLine line, String path, Set<String> told, Rulings rulings) {
        Slot slot = line.slot();
        if (slot == null || slot.start() == null) {
            rulings.add(INCOMPLETE, path + ".slot.start", "Mancano giorno e ora dell'appuntamento: chiederli al CUP.");
        }
        if (slot == null
                || Stream.of(slot.place(), slot.structure(), slot.unit()).allMatch(place -> place == null)) {
            rulings.add(INCOMPLETE, path + ".slot.place", "Manca il luogo dell'appuntamento: chiederlo al CUP.");
        }
        Places.notes(catalogue, line, given.today())
                .filter(note -> note.kind() == Note.Kind.PATIENT && !told.contains(note.text()))
                .forEach(note -> rulings.add(INCOMPLETE, path, "Sul promemoria manca l'avvertenza: " + note.text()));
    }
}
