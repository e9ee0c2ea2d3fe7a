package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Entitlement;
import it.snodo.booking.BookingRequest.Patient;

/** R50. */
final class R50NonEuResidents extends NumberedRule {

    private static final Code EXPIRED = refer("SC-050", 207, "Tesserino scaduto");
    private static final Code NO_EXPIRY = refer("SC-050", 101, "Scadenza del tesserino mancante");
    private static final Code BAD_EXPIRY = refer("SC-050", 102, "Scadenza del tesserino non valida");

    R50NonEuResidents() {
        super(
                50,
                "§3.2",
                Step.PERSON,
                "Il cittadino non UE che soggiorna regolarmente ha il tesserino in corso di validità, oppure mostra la"
                        + " richiesta di rinnovo o il permesso rinnovato.",
                EXPIRED,
                NO_EXPIRY,
                BAD_EXPIRY);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = Persons.entitled(given);
        Entitlement card = Persons.entitlement(patient);
        if (!Persons.category(given).equals("NON_EU") || Boolean.TRUE.equals(card.renewalShown())) {
            return;
        }
        String path = "patient.entitlement.cardExpiry";
        if (given.isUnreadable(path)) {
            rulings.add(BAD_EXPIRY, path, "La scadenza del tesserino non è una data del calendario: rileggerla.");
        } else if (card.cardExpiry() == null) {
            rulings.add(NO_EXPIRY, path, "Manca la scadenza del tesserino: farselo mostrare, o farlo rinnovare prima.");
        } else if (card.cardExpiry().isBefore(given.today())) {
            rulings.add(
                    EXPIRED,
                    path,
                    "Il tesserino è scaduto il " + Say.day(card.cardExpiry())
                            + ": va prima rinnovato; basta anche mostrare la richiesta di rinnovo o il permesso rinnovato.",
                    card.cardExpiry().toString());
        }
    }
}
