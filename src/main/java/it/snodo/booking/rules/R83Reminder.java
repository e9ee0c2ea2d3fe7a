package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Operation;

/**
 * R83: the sentence is in {@code cda-templates/promemoria}; here, whether the day until which to revoke can be told. How near the
 * appointment is makes no notice: the first free place is often nearer than that.
 */
final class R83Reminder extends NumberedRule {

    private static final Code NO_DEADLINE = warn("SC-083", "Termine di revoca non indicato");

    R83Reminder() {
        super(83, "§3.6", Step.ANSWER, "Il promemoria ricorda di revocare almeno 48 ore prima.", NO_DEADLINE);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Operation operation = given.request().operation();
        if (given.answered() != null
                && (operation == Operation.BOOK || operation == Operation.MOVE)
                && given.answered().firstSlot() == null) {
            rulings.add(
                    NO_DEADLINE,
                    "",
                    "Senza giorno e ora dell'appuntamento il promemoria non può dire entro quando revocare: chiederli al"
                            + " CUP e dirlo alla persona.");
        }
    }
}
