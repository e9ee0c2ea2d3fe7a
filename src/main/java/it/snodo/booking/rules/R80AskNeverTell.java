package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Operation;

/** R80; on the telephone R64, R66 and R68 ask for more. */
final class R80AskNeverTell extends NumberedRule {

    private static final Code MISSING = reject("SC-080", 101, "Dati dell'interessato mancanti");
    private static final Code NO_MATCH = reject("SC-080", 204, "Nessuna prenotazione corrisponde ai dati");

    R80AskNeverTell() {
        super(
                80,
                "§3.6, §4.1",
                Step.PERSON,
                "I dati li dà l'interessato e si confrontano; prima non si mostra né si suggerisce niente.",
                MISSING,
                NO_MATCH);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        BookingRequest request = given.request();
        if (request.operation() == null
                || request.operation() == Operation.BOOK
                || Channels.of(given).equals(Channels.PHONE)) {
            return;
        }
        if (!Caller.isSaid(request)) {
            rulings.add(
                    MISSING,
                    request.bookingCode() == null ? "bookingCode" : "identification",
                    "Servono il codice della richiesta e, detti dall'interessato, cognome e data di nascita oppure codice"
                            + " fiscale.");
        } else if (!Caller.matches(request, given.standing())) {
            rulings.add(
                    NO_MATCH,
                    "bookingCode",
                    "Nessuna prenotazione corrisponde al codice e ai dati forniti: richiederli all'interessato.");
        }
    }
}
