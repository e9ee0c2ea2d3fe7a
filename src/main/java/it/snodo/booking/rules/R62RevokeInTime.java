package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import java.time.Duration;
import java.time.Instant;

/** R62: hours are counted on instants, so that a change of the clock neither gives nor takes one. */
final class R62RevokeInTime extends NumberedRule {

    private static final Code LATE = warn("SC-062", "Revoca tardiva");

    private final BookingCatalogue catalogue;

    R62RevokeInTime(BookingCatalogue catalogue) {
        super(
                62,
                "§3.6, §3.7",
                Step.PRIORITY,
                "Si revoca almeno 48 ore prima; dopo il posto si libera lo stesso, e l'azienda può chiedere il pagamento.",
                LATE);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Slot first = given.request().operation() == Operation.REVOKE && given.standing() != null
                ? given.standing().firstSlot()
                : null;
        if (first == null) {
            return;
        }
        Instant last = lastMoment(first, catalogue, given);
        if (given.now().toInstant().isAfter(last)) {
            rulings.add(
                    LATE,
                    "bookingCode",
                    "La revoca arriva tardi: andava fatta entro il "
                            + Say.time(last.atZone(given.now().getZone()))
                            + ". Il posto si libera; l'azienda può chiedere il pagamento.",
                    last.atZone(given.now().getZone()).toOffsetDateTime().toString());
        }
    }

    static Instant lastMoment(Slot slot, BookingCatalogue catalogue, BookingCase given) {
        long hours = catalogue.limit("revoke-hours", given.today()).longValue();
        return slot.start().toInstant().minus(Duration.ofHours(hours));
    }
}
