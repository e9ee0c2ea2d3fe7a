package it.snodo.booking.rules;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.catalogue.BookingCatalogue;
import java.math.BigDecimal;
import java.util.Objects;

/** R70. */
final class R70TicketCap extends NumberedRule {

    private static final Code ABOVE = warn("SC-070", "Ticket oltre il massimo");

    private final BookingCatalogue catalogue;

    R70TicketCap(BookingCatalogue catalogue) {
        super(
                70,
                "§3.9",
                Step.ANSWER,
                "Il ticket di una prescrizione è la somma delle righe, e mai più di 36,15 euro.",
                ABOVE);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (given.answered() == null) {
            return;
        }
        BigDecimal due = due(given.answered());
        BigDecimal cap = catalogue.limit("ticket-cap", given.today());
        if (due.compareTo(cap) > 0) {
            rulings.add(
                    ABOVE,
                    "",
                    "Il CUP aziendale chiede " + Say.euro(due) + ", più del massimo di " + Say.euro(cap)
                            + " per prescrizione: la prenotazione è fatta, segnalarlo all'azienda.",
                    due.toPlainString());
        }
    }

    /** The sum that the CUP has said, else that of its lines. */
    static BigDecimal due(Booking booking) {
        return booking.ticket() != null
                ? booking.ticket()
                : booking.lines().stream()
                        .map(BookedLine::ticket)
                        .filter(Objects::nonNull)
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
