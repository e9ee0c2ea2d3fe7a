package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Entitlement;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;

/** R49; what the back of the form lacks is R16. */
final class R49EuropeanPrescription extends NumberedRule {

    private static final Code TYPE = reject("SC-049a", 103, "Tipo ricetta diverso da UE");

    R49EuropeanPrescription() {
        super(
                49,
                "§3.2, §3.4",
                Step.PERSON,
                "Con TEAM, certificato sostitutivo, E106, E112, E120 o E123 il tipo ricetta è UE e sul retro ci sono"
                        + " stato, istituzione competente e numero personale (il numero di tessera solo se c'è).",
                TYPE);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = Persons.entitled(given);
        Entitlement title = Persons.entitlement(patient);
        Prescription prescription = Persons.prescription(given);
        if (!Persons.category(given).equals("EU")
                || title.title() == null
                || !Persons.EUROPEAN_PAPERS.contains(title.title())
                || prescription == null) {
            return;
        }
        if (!"UE".equals(prescription.recipeType())) {
            rulings.add(
                    TYPE,
                    "prescription.recipeType",
                    "Con il titolo " + title.title() + " il tipo ricetta è UE"
                            + (prescription.recipeType() == null
                                    ? ", e qui manca"
                                    : ", non «" + prescription.recipeType() + "»")
                            + ": il prescrittore lo corregga.",
                    "UE");
        }
    }
}
