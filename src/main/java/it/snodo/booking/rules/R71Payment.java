package it.snodo.booking.rules;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Operation;

/** R71: the usual way stands on every promemoria; a notice tells only of the azienda that does otherwise. */
final class R71Payment extends NumberedRule {

    private static final Code LATER = warn("SC-071", "Pagamento anche dopo la prestazione");

    private final PaymentWords words;

    R71Payment(PaymentWords words) {
        super(
                71,
                "§3.9, §4.4",
                Step.ANSWER,
                "Si paga prima della prestazione o, dove l'azienda lo ammette, dopo ma prima di ritirare il referto.",
                LATER);
        this.words = words;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Operation operation = given.request().operation();
        Booking booking = given.answered();
        if (booking == null
                || operation != Operation.BOOK && operation != Operation.MOVE
                || R70TicketCap.due(booking).signum() == 0
                || !words.mayPayLater(booking, given.today())) {
            return;
        }
        rulings.add(LATER, "", words.payment(booking, given.today()), booking.azienda());
    }
}
