package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Patient;
import java.util.Set;

/** R55. */
final class R55Refugees extends NumberedRule {

    private static final Code NO_ATTESTATION = reject("SC-055", 101, "Attestazione di rifugiato o apolide mancante");

    private static final Set<String> CATEGORIES = Set.of("REFUGEE", "STATELESS");

    R55Refugees() {
        super(
                55,
                "§3.2",
                Step.PERSON,
                "Rifugiati e apolidi sono trattati come gli italiani se mostrano l'attestazione.",
                NO_ATTESTATION);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = Persons.entitled(given);
        if (CATEGORIES.contains(Persons.category(given))
                && !Boolean.TRUE.equals(Persons.entitlement(patient).attestation())) {
            rulings.add(
                    NO_ATTESTATION,
                    "patient.entitlement.attestation",
                    "Manca l'attestazione: del Ministero dell'Interno, oppure il passaporto della Questura che dice apolide"
                            + " secondo la convenzione di New York del 1954.");
        }
    }
}
