package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Patient;
import java.time.LocalDate;

/** R46. */
final class R46FosteredMinors extends NumberedRule {

    private static final Code TOO_EARLY = reject("SC-046", 207, "Adozione o affidamento non ancora in vigore");
    private static final Code NO_DATE = reject("SC-046", 101, "Data dell'adozione o dell'affidamento mancante");
    private static final Code BAD_DATE = reject("SC-046", 102, "Data dell'adozione o dell'affidamento non valida");

    R46FosteredMinors() {
        super(
                46,
                "§3.2",
                Step.PERSON,
                "Il minore straniero adottato o affidato ha diritto dal giorno del provvedimento.",
                TOO_EARLY,
                NO_DATE,
                BAD_DATE);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = Persons.entitled(given);
        if (!Persons.category(given).equals("FOSTERED")) {
            return;
        }
        String path = "patient.entitlement.orderDate";
        LocalDate order = Persons.entitlement(patient).orderDate();
        if (given.isUnreadable(path)) {
            rulings.add(BAD_DATE, path, "La data del provvedimento non è una data del calendario: correggerla.");
        } else if (order == null) {
            rulings.add(
                    NO_DATE, path, "Manca la data del provvedimento di adozione o affidamento: farsi mostrare l'atto.");
        } else if (given.today().isBefore(order)) {
            rulings.add(
                    TOO_EARLY,
                    path,
                    "Il minore ha diritto dal " + Say.day(order) + ", giorno del provvedimento: prenotare da allora.",
                    order.toString());
        }
    }
}
