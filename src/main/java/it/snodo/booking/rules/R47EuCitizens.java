package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Patient;
import java.util.Set;

/** R47. */
final class R47EuCitizens extends NumberedRule {

    private static final Code NO_TITLE = local("SC-047", "Cittadino UE senza titolo per il SSR");

    private static final Set<String> OTHER_TITLES = Set.of("LINKED", "DEPENDANT");

    R47EuCitizens() {
        super(
                47,
                "§3.2",
                Step.PERSON,
                "Il cittadino UE è trattato alle condizioni del SSR se è iscritto, a carico di un iscritto, o ha TEAM,"
                        + " certificato sostitutivo, modelli di collegamento, E106, E112, E120 o E123.",
                NO_TITLE);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = Persons.entitled(given);
        if (!Persons.category(given).equals("EU")) {
            return;
        }
        String title = Persons.entitlement(patient).title();
        if (title == null && Persons.entitlement(patient).category() == null) {
            // the tipo ricetta UE is written for holders of one of the papers only
            return;
        }
        if (title == null || !Persons.EUROPEAN_PAPERS.contains(title) && !OTHER_TITLES.contains(title)) {
            rulings.add(
                    NO_TITLE,
                    "patient.entitlement.title",
                    (title == null ? "Nessun titolo europeo è indicato" : "Il titolo «" + title + "» non basta")
                            + " per le condizioni del SSR: si prenota a tariffa intera (Extra SSR) nel CUP aziendale.",
                    title);
        }
    }
}
