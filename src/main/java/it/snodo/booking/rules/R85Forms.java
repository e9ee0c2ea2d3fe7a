package it.snodo.booking.rules;

import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Note;
import it.snodo.booking.catalogue.BookingCatalogue;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** R85. */
final class R85Forms extends NumberedRule {

    private static final Code NOT_LISTED = warn("SC-085", "Modulo da consegnare");

    private final BookingCatalogue catalogue;

    R85Forms(BookingCatalogue catalogue) {
        super(
                85,
                "§3.6",
                Step.ANSWER,
                "Con la prenotazione vanno i moduli da consegnare: preparazione, consenso informato, dati clinici.",
                NOT_LISTED);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (given.answered() == null || given.request().operation() != Operation.BOOK) {
            return;
        }
        Set<String> carried = given.answered().notes().stream()
                .map(Note::form)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        List<BookedLine> lines = given.answered().lines();
        for (int i = 0; i < lines.size(); i++) {
            String path = "lines[" + i + "]";
            Places.notes(catalogue, lines.get(i), given.today())
                    .map(Note::form)
                    .filter(form -> form != null && !carried.contains(form))
                    .distinct()
                    .forEach(form ->
                            rulings.add(NOT_LISTED, path, "Consegnare alla persona il modulo «" + form + "».", form));
        }
    }
}
