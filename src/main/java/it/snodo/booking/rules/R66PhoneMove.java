package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Operation;
import java.util.Set;

/** R66. */
final class R66PhoneMove extends PhoneIdentification {

    R66PhoneMove() {
        super(
                66,
                "§3.8",
                "Per spostare al telefono chi chiama dà gli stessi dati che per revocare.",
                Set.of(Operation.MOVE, Operation.CHANGE));
    }
}
