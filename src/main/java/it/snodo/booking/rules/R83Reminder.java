package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import java.time.Instant;

/** R83: the sentence is of {@link PromemoriaTexts}; here, whether there is still time to do what it says. */
final class R83Reminder extends NumberedRule {

    private static final Code TOO_NEAR = warn("SC-083", "Appuntamento entro il termine di revoca");

    private final BookingCatalogue catalogue;

    R83Reminder(BookingCatalogue catalogue) {
        super(83, "§3.6", Step.ANSWER, "Il promemoria ricorda di revocare almeno 48 ore prima.", TOO_NEAR);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Operation operation = given.request().operation();
        Slot first = operation == Operation.BOOK || operation == Operation.MOVE
                ? given.answered() == null ? null : given.answered().firstSlot()
                : null;
        if (first == null) {
            return;
        }
        Instant last = R62RevokeInTime.lastMoment(first, catalogue, given);
        if (given.now().toInstant().isAfter(last)) {
            rulings.add(
                    TOO_NEAR,
                    "",
                    "L'appuntamento è fra meno di "
                            + catalogue.limit("revoke-hours", given.today()).toPlainString()
                            + " ore: dire alla persona che una revoca sarà tardiva.");
        }
    }
}
