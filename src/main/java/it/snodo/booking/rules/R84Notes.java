package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.Note;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import java.util.List;
import java.util.stream.Collectors;

/** R84. */
final class R84Notes extends NumberedRule {

    private static final Code UNREAD = confirm("SC-084", "Note da leggere");

    private final BookingCatalogue catalogue;

    R84Notes(BookingCatalogue catalogue) {
        super(
                84,
                "§3.6",
                Step.OUTPUT,
                "Le note della prestazione e quelle dell'agenda si leggono prima di confermare; le avvertenze vanno sul"
                        + " promemoria.",
                UNREAD);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        for (int i = 0; i < given.request().lines().size(); i++) {
            if (Lines.setAside(given).contains(i)) {
                continue;
            }
            Line line = given.request().lines().get(i);
            Slot slot = Places.slot(given, i);
            List<Note> notes = Places.notes(
                            catalogue,
                            line.service(),
                            line.item(),
                            slot == null ? line.azienda() : slot.azienda(),
                            given.today())
                    .filter(note -> note.kind() != Note.Kind.PATIENT)
                    .toList();
            if (!notes.isEmpty()) {
                rulings.add(
                        UNREAD,
                        "lines[" + i + "]",
                        Places.title(given, i) + ": confermare di aver letto le note. "
                                + notes.stream().map(Note::text).collect(Collectors.joining(" ")));
            }
        }
    }
}
