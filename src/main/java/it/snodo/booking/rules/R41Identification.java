package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Patient;
import java.util.Set;

/** R41. */
final class R41Identification extends NumberedRule {

    private static final Code MISSING = reject("SC-041", 101, "Dato della persona mancante");
    private static final Code BAD_DATE = reject("SC-041", 102, "Data di nascita non valida");
    private static final Code BAD_SEX = reject("SC-041", 103, "Sesso non valido");
    private static final Code BAD_NAME = reject("SC-041", 102, "Cognome o nome non valido");
    private static final int LONGEST_NAME = 100;
    /** Nobody has been older. */
    private static final int OLDEST = 130;

    private static final Set<String> SEXES = Set.of("M", "F", "U");

    R41Identification() {
        super(
                41,
                "§3.6",
                Step.PERSON,
                "La persona dà i propri dati: cognome, nome, data di nascita e sesso ci vogliono sempre.",
                MISSING,
                BAD_DATE,
                BAD_SEX,
                BAD_NAME);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = Persons.given(given);
        if (patient == null && !given.isNew()) {
            return;
        }
        name(patient == null ? null : patient.family(), "patient.family", "il cognome", rulings);
        name(patient == null ? null : patient.given(), "patient.given", "il nome", rulings);
        checkBirthDate(given, patient, rulings);
        String sex = patient == null ? null : patient.sex();
        require(sex, "patient.sex", "il sesso", rulings);
        if (sex != null && !SEXES.contains(sex)) {
            rulings.add(BAD_SEX, "patient.sex", "Il sesso «" + sex + "» non è M, F né U: correggerlo.", sex);
        }
    }

    private static void name(String name, String path, String what, Rulings rulings) {
        require(name, path, what, rulings);
        if (name != null && (name.length() > LONGEST_NAME || name.codePoints().noneMatch(Character::isLetter))) {
            rulings.add(
                    BAD_NAME,
                    path,
                    "«" + (name.length() > 40 ? name.substring(0, 40) + "…" : name) + "» non può essere " + what
                            + " di una persona (almeno una lettera, al massimo " + LONGEST_NAME
                            + " caratteri): chiederlo all'interessato.");
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
        } else if (patient.birthDate().isBefore(given.today().minusYears(OLDEST))) {
            rulings.add(
                    BAD_DATE,
                    path,
                    "La data di nascita " + Say.day(patient.birthDate()) + " è di più di " + OLDEST
                            + " anni fa: chiederla all'interessato.");
        }
    }

    private static void require(Object value, String path, String name, Rulings rulings) {
        if (value == null) {
            rulings.add(MISSING, path, "Manca " + name + " della persona: chiedere all'interessato.");
        }
    }
}
