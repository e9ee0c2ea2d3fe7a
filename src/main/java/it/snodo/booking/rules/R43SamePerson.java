package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Patient;
import it.snodo.registry.CodiceFiscale;
import it.snodo.registry.InvalidIdentifierException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** R43. The registry of the region is asked by nobody yet: who is known is who has bookings here. */
final class R43SamePerson extends NumberedRule {

    private static final Code PROBABLE = confirm("SC-043", "Persona forse già conosciuta");
    private static final Code OTHER_DATA = warn("SC-043b", "Dati anagrafici da aggiornare");

    R43SamePerson() {
        super(
                43,
                "§3.2",
                Step.PERSON,
                "Prima di inserire una persona si cerca se c'è già; se i suoi dati sono cambiati si aggiorna l'anagrafe.",
                PROBABLE,
                OTHER_DATA);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = Persons.given(given);
        if (patient == null || !given.isNew()) {
            return;
        }
        checkCode(patient, given, rulings);
        List<Patient> same =
                given.alike().stream().filter(known -> isSame(known, patient)).toList();
        if (same.stream().anyMatch(known -> !hasSameData(known, patient))) {
            rulings.add(
                    OTHER_DATA,
                    "patient",
                    "Con questo codice risultano altri dati (cognome, nome, data di nascita o sesso): controllare il"
                            + " documento e aggiornare l'anagrafe.");
        }
        // without any code nobody would be inserted: R42 asks for one
        if (same.isEmpty()
                && !codes(patient).isEmpty()
                && given.alike().stream().anyMatch(known -> isProbable(known, patient))) {
            rulings.add(
                    PROBABLE,
                    "patient",
                    "C'è già una persona con lo stesso cognome, nome, data di nascita e sesso, e con un altro codice:"
                            + " confermare che è un'altra persona, oppure usare quella.");
        }
    }

    /**
     * A codice fiscale holds birth date, sex and letters of the names. Of the names only both together say anything: people have
     * second names, and names that are written in other ways.
     */
    private static void checkCode(Patient patient, BookingCase given, Rulings rulings) {
        CodiceFiscale code;
        try {
            code = CodiceFiscale.parse(patient.fiscalCode(), CodiceFiscale.Strictness.STRICT);
        } catch (InvalidIdentifierException e) {
            // R21 looks at what is none
            return;
        }
        List<String> other = new ArrayList<>();
        if (patient.birthDate() != null
                && code.birthDate(given.today())
                        .filter(date -> !isSameOfCentury(date, patient.birthDate()))
                        .isPresent()) {
            other.add("la data di nascita");
        }
        if (patient.sex() != null
                && !patient.sex().equals("U")
                && code.gender().filter(sex -> !sex.equals(patient.sex())).isPresent()) {
            other.add("il sesso");
        }
        if (!code.provisional()
                && patient.family() != null
                && patient.given() != null
                && !holds(patient.family(), code.value().substring(0, 3))
                && !holds(patient.given(), code.value().substring(3, 6))) {
            other.add("cognome e nome");
        }
        if (!other.isEmpty()) {
            rulings.add(
                    OTHER_DATA,
                    "patient.fiscalCode",
                    "Il codice fiscale è di un'altra persona o i dati sono errati: non corrisponde "
                            + String.join(", ", other) + ". Controllare il documento e aggiornare l'anagrafe.");
        }
    }

    /** The code has only two digits of the year. */
    private static boolean isSameOfCentury(LocalDate ofCode, LocalDate said) {
        return ofCode.getYear() % 100 == said.getYear() % 100
                && ofCode.getMonth() == said.getMonth()
                && ofCode.getDayOfMonth() == said.getDayOfMonth();
    }

    /** Whether a name has the three letters; X fills up short names. */
    private static boolean holds(String name, String letters) {
        String plain = Caller.fold(name).toUpperCase(Locale.ROOT);
        return letters.chars().allMatch(letter -> letter == 'X' || plain.indexOf(letter) >= 0);
    }

    /** By a code; two who have none are told apart by nothing but their data. */
    private static boolean isSame(Patient one, Patient other) {
        return codes(one).isEmpty() && codes(other).isEmpty()
                ? hasSameData(one, other)
                : codes(one).stream().anyMatch(codes(other)::contains);
    }

    /** Two codici fiscali are two persons, be they born with one name on one day. */
    private static boolean isProbable(Patient one, Patient other) {
        return (one.fiscalCode() == null || other.fiscalCode() == null) && hasSameData(one, other);
    }

    private static Set<String> codes(Patient patient) {
        return Stream.of(
                        patient.fiscalCode(),
                        patient.stp(),
                        patient.eni(),
                        patient.regionalId(),
                        Persons.entitlement(patient).cardNumber())
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private static boolean hasSameData(Patient one, Patient other) {
        return Caller.fold(one.family()).equals(Caller.fold(other.family()))
                && Caller.fold(one.given()).equals(Caller.fold(other.given()))
                && Objects.equals(one.birthDate(), other.birthDate())
                && Objects.equals(one.sex(), other.sex());
    }
}
