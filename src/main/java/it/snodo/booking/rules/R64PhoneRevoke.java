package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Operation;
import java.util.Set;

/** R64. */
final class R64PhoneRevoke extends PhoneIdentification {

    R64PhoneRevoke() {
        super(
                64,
                "§3.7",
                "Per revocare al telefono chi chiama dice codice della richiesta, cognome e nome, data di nascita, tipo di"
                        + " prestazione, giorno e ora, telefono: tutto deve corrispondere.",
                Set.of(Operation.REVOKE, Operation.DELETE));
    }
}
