package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Patient;
import java.util.Set;

/** R41. */
final class R41Identification extends NumberedRule {

    private static final Code MISSING = reject("SC-041", 101, "Dato della persona mancante");
    private static final Code BAD_DATE = reject("SC-041", 102, "Data di nascita non valida");
    private static final Code BAD_SEX = reject("SC-041", 103, "Sesso non valido");
    private static final Set<String> SEXES = Set.of("M", "F", "U");

    R41Identification() {
        super(
                41,
                "§3.6",
                Step.PERSON,
                "La persona dà i propri dati: cognome, nome, data di nascita e sesso ci vogliono sempre.",
                MISSING,
                BAD_DATE,
                BAD_SEX);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = Persons.given(given);
        if (patient == null && !given.isNew()) {
            return;
        }
        require(patient == null ? null : patient.family(), "patient.family", "il cognome", rulings);
        require(patient == null ? null : patient.given(), "patient.given", "il nome", rulings);
        checkBirthDate(given, patient, rulings);
        String sex = patient == null ? null : patient.sex();
        require(sex, "patient.sex", "il sesso", rulings);
        if (sex != null && !SEXES.contains(sex)) {
            rulings.add(BAD_SEX, "patient.sex", "Il sesso «" + sex + "» non è M, F né U: correggerlo.", sex);
        }
    }

    private static void checkBirthDate(BookingCase given, Patient patient, Rulings rulings) {
        String path = "patient.birthDate";
        if (given.isUnreadable(path)) {
            rulings.add(BAD_DATE, path, "La data di nascita non è una data del calendario: chiederla all'interessato.");
        } else if (patient == null || patient.birthDate() == null) {
            require(null, path, "la data di nascita", rulings);
        } else if (patient.birthDate().isAfter(given.today())) {
            rulings.add(
                    BAD_DATE,
                    path,
                    "La data di nascita " + Say.day(patient.birthDate()) + " è nel futuro: chiederla all'interessato.");
        }
    }

    private static void require(Object value, String path, String name, Rulings rulings) {
        if (value == null) {
            rulings.add(MISSING, path, "Manca " + name + " della persona: chiedere all'interessato.");
        }
    }
}
