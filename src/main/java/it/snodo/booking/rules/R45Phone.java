package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Patient;
import java.util.List;
import java.util.Locale;

/** R45. */
final class R45Phone extends NumberedRule {

    /** What stands in the field when somebody has no telephone. */
    static final String NOT_GIVEN = "non fornito";

    private static final int FEWEST_DIGITS = 4;

    private static final Code MISSING = reject("SC-045", 101, "Telefono mancante");
    private static final Code NO_NUMBER = reject("SC-045", 102, "Telefono non valido");

    R45Phone() {
        super(
                45,
                "§3.6",
                Step.OUTPUT,
                "Si chiede almeno un numero di telefono; se la persona non ne ha si scrive «non fornito».",
                MISSING,
                NO_NUMBER);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = Persons.given(given);
        if (patient == null) {
            return;
        }
        List<String> phones = patient.phones();
        if (phones.isEmpty() && !isKnownAlready(given)) {
            rulings.add(
                    MISSING,
                    "patient.phones",
                    "Manca il telefono: chiederlo alla persona, oppure scrivere «non fornito» se non ne ha.");
        }
        for (int i = 0; i < phones.size(); i++) {
            String phone = phones.get(i);
            if (!isNotGiven(phone) && phone.chars().filter(Character::isDigit).count() < FEWEST_DIGITS) {
                rulings.add(
                        NO_NUMBER,
                        "patient.phones[" + i + "]",
                        "«" + phone + "» non è un numero di telefono: chiederlo alla persona, oppure scrivere"
                                + " «non fornito».");
            }
        }
    }

    /** The literal, however it is written. */
    static boolean isNotGiven(String phone) {
        return phone.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT).equals(NOT_GIVEN);
    }

    private static boolean isKnownAlready(BookingCase given) {
        return !given.isNew()
                && given.standing() != null
                && given.standing().patient() != null
                && !given.standing().patient().phones().isEmpty();
    }
}
