package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Patient;
import java.util.Map;

/** R51. */
final class R51Dependants extends NumberedRule {

    private static final Code EXCLUDED = reject("SC-051", 207, "Familiare a carico escluso");
    private static final Code UNKNOWN = reject("SC-051", 103, "Motivo di esclusione sconosciuto");

    private static final Map<String, String> REASONS = Map.of(
            "OWN_RIGHT", "ha un diritto proprio",
            "STUDY", "l'iscritto soggiorna per studio",
            "AU_PAIR", "l'iscritto è alla pari");

    R51Dependants() {
        super(
                51,
                "§3.2",
                Step.PERSON,
                "Il familiare a carico di un non UE è compreso, tranne se ha un diritto proprio o se l'iscritto soggiorna"
                        + " per studio o alla pari.",
                EXCLUDED,
                UNKNOWN);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = Persons.entitled(given);
        String why = Persons.entitlement(patient).dependantExclusion();
        if (!Persons.category(given).equals("NON_EU_DEPENDANT") || why == null) {
            return;
        }
        String path = "patient.entitlement.dependantExclusion";
        if (!REASONS.containsKey(why)) {
            rulings.add(UNKNOWN, path, "«" + why + "» non è OWN_RIGHT, STUDY né AU_PAIR: correggerlo.", why);
            return;
        }
        rulings.add(
                EXCLUDED,
                path,
                "Il familiare non è compreso nell'iscrizione, perché " + REASONS.get(why)
                        + ": serve un'iscrizione sua.",
                why);
    }
}
