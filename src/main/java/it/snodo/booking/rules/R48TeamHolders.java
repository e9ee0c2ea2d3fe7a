package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Patient;
import java.util.Set;

/** R48. */
final class R48TeamHolders extends NumberedRule {

    private static final Code NO_PRESCRIPTION = reject("SC-048", 207, "TEAM senza prescrizione del medico di famiglia");

    private static final Set<String> NOT_ENROLLED = Set.of("TEAM", "PROVISIONAL");

    R48TeamHolders() {
        super(
                48,
                "§3.2",
                Step.PERSON,
                "Chi ha la TEAM o il certificato sostitutivo mostra una prescrizione di un medico di medicina generale.",
                NO_PRESCRIPTION);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = Persons.entitled(given);
        String title = Persons.entitlement(patient).title();
        if (!given.isNew() || !Persons.category(given).equals("EU") || title == null || !NOT_ENROLLED.contains(title)) {
            return;
        }
        if (!Persons.hasOwnDoctorsPrescription(given.request().prescription())) {
            rulings.add(
                    NO_PRESCRIPTION,
                    "prescription.numbers",
                    "Con la TEAM o il certificato sostitutivo serve la prescrizione di un medico di medicina generale;"
                            + " l'inserimento in anagrafe lo fa uno sportello CUP territoriale.");
        }
    }
}
