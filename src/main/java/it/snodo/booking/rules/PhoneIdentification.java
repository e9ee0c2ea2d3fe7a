package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Operation;
import java.util.Set;

/** What R64 asks of a caller on the telephone, for the operations of one rule. */
abstract class PhoneIdentification extends NumberedRule {

    private static final Code MISSING = reject("SC-064", 101, "Dato non fornito al telefono");
    private static final Code NO_MATCH = reject("SC-064b", 204, "I dati forniti non corrispondono");

    private final Set<Operation> operations;

    PhoneIdentification(int number, String source, String says, Set<Operation> operations) {
        super(number, source, Step.PERSON, says, MISSING, NO_MATCH);
        this.operations = operations;
    }

    @Override
    public final void check(BookingCase given, Rulings rulings) {
        Operation operation = given.request().operation();
        if (operation == null
                || !operations.contains(operation)
                || !Channels.of(given).equals(Channels.PHONE)) {
            return;
        }
        var missing = Caller.missingOnThePhone(given.request(), given.now().getZone());
        missing.forEach((field, name) -> rulings.add(
                MISSING,
                "identification." + field,
                "Chi telefona non ha detto " + name + ": chiederlo, senza suggerirlo."));
        if (missing.isEmpty()
                && !Caller.matchesOnThePhone(
                        given.request(), given.standing(), given.now().getZone())) {
            rulings.add(
                    NO_MATCH,
                    "identification",
                    "Nessuna prenotazione corrisponde ai dati forniti: richiederli, oppure far venire la persona allo"
                            + " sportello con il promemoria.");
        }
    }
}
