package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Patient;
import java.util.Objects;

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
        if (given.alike().stream().anyMatch(known -> sameCode(known, patient) && !sameData(known, patient))) {
            rulings.add(
                    OTHER_DATA,
                    "patient",
                    "Con questo codice fiscale risultano altri dati (cognome, nome, data di nascita o sesso): controllare"
                            + " il documento e aggiornare l'anagrafe.");
        }
        boolean known = given.alike().stream().anyMatch(each -> sameCode(each, patient));
        if (!known && given.alike().stream().anyMatch(each -> sameData(each, patient))) {
            rulings.add(
                    PROBABLE,
                    "patient",
                    "C'è già una persona con lo stesso cognome, nome, data di nascita e sesso, e con un altro codice:"
                            + " confermare che è un'altra persona, oppure usare quella.");
        }
    }

    private static boolean sameCode(Patient one, Patient other) {
        return shared(one.fiscalCode(), other.fiscalCode())
                || shared(one.stp(), other.stp())
                || shared(one.eni(), other.eni())
                || shared(one.regionalId(), other.regionalId());
    }

    private static boolean shared(String one, String other) {
        return one != null && one.equals(other);
    }

    private static boolean sameData(Patient one, Patient other) {
        return Identity.fold(one.family()).equals(Identity.fold(other.family()))
                && Identity.fold(one.given()).equals(Identity.fold(other.given()))
                && Objects.equals(one.birthDate(), other.birthDate())
                && Objects.equals(one.sex(), other.sex());
    }
}
