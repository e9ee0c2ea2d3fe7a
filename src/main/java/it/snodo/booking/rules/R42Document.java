package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Entitlement;
import it.snodo.booking.BookingRequest.Patient;
import java.util.Set;

/** R42. */
final class R42Document extends NumberedRule {

    private static final Code NONE = reject("SC-042", 101, "Tesserino o codice fiscale mancante");
    private static final Code EXPIRED = reject("SC-042", 207, "Tesserino sanitario scaduto");
    private static final Code UNKNOWN = reject("SC-042", 103, "Categoria di assistito sconosciuta");

    private static final Set<String> CATEGORIES = Set.of(
            "SSN",
            "SASN",
            "EU",
            "EU_ENROLLED",
            "NON_EU",
            "NON_EU_DEPENDANT",
            "CONVENTION",
            "STP",
            "ENI",
            "REFUGEE",
            "STATELESS",
            "FOSTERED",
            "MEDICAL_PERMIT",
            "TOURIST");

    /** Their own rules ask for their own papers: R47 to R49, R52 to R56. */
    private static final Set<String> OTHER_PAPERS =
            Set.of("EU", "CONVENTION", "STP", "ENI", "MEDICAL_PERMIT", "TOURIST");

    R42Document() {
        super(
                42,
                "§3.2, §3.6",
                Step.PERSON,
                "Serve il tesserino sanitario in corso di validità oppure il codice fiscale.",
                NONE,
                EXPIRED,
                UNKNOWN);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = Persons.entitled(given);
        if (patient == null) {
            return;
        }
        String category = Persons.category(given);
        if (!CATEGORIES.contains(category)) {
            rulings.add(
                    UNKNOWN,
                    "patient.entitlement.category",
                    "La categoria di assistito «" + category + "» non è prevista: usare una di quelle documentate.",
                    category);
            return;
        }
        if (OTHER_PAPERS.contains(category) || patient.fiscalCode() != null || patient.regionalId() != null) {
            return;
        }
        Entitlement card = Persons.entitlement(patient);
        // the card of who resides regularly is looked at by R50, which knows of its renewal
        boolean renewable = category.equals("NON_EU");
        if (card.cardExpiry() == null && !renewable) {
            rulings.add(
                    NONE,
                    "patient.fiscalCode",
                    "Mancano sia il codice fiscale sia il tesserino sanitario con la sua scadenza: serve almeno uno dei"
                            + " due.");
        } else if (card.cardExpiry() != null && card.cardExpiry().isBefore(given.today()) && !renewable) {
            rulings.add(
                    EXPIRED,
                    "patient.entitlement.cardExpiry",
                    "Il tesserino sanitario è scaduto il " + Say.day(card.cardExpiry())
                            + " e manca il codice fiscale: serve uno dei due.",
                    card.cardExpiry().toString());
        }
    }
}
