package it.snodo.booking.rules;

import it.snodo.booking.Booking.BookedLine;
import java.util.List;

/**
 * R69: amounts are taken as they come; what can be looked at is whether they stand with their services. No CUP can bring this
 * about: the hub keeps the lines of the prescription and puts each amount of an answer beside its service, in whatever order the
 * CUP names them. The rule guards that, should a booking ever hold other lines than were asked for.
 */
final class R69AmountsOfTheCup extends NumberedRule {

    private static final Code ORDER = warn("SC-069", "Importi non nell'ordine dell'impegnativa");

    R69AmountsOfTheCup() {
        super(
                69,
                "§3.9",
                Step.ANSWER,
                "Gli importi sono del CUP aziendale e non si controllano; le righe stanno nell'ordine dell'impegnativa.",
                ORDER);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew() || given.answered() == null) {
            return;
        }
        List<String> asked =
                Lines.toBook(given).stream().map(each -> each.line().service()).toList();
        List<String> booked =
                given.answered().lines().stream().map(BookedLine::service).toList();
        if (!asked.equals(booked)) {
            rulings.add(
                    ORDER,
                    "lines",
                    "Le prestazioni prenotate non sono nell'ordine dell'impegnativa: leggere ogni importo accanto alla sua"
                            + " prestazione.");
        }
    }
}
