package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Operation;
import java.util.Set;

/** R68: who may have it is R80, and on the telephone R64. */
final class R68Reprint extends PhoneIdentification {

    R68Reprint() {
        super(
                68,
                "§3.1, §3.6",
                "Il promemoria si ristampa dopo la stessa identificazione che per revocare.",
                Set.of(Operation.REPRINT));
    }
}
