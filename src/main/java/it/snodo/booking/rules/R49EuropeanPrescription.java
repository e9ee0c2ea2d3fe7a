package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Entitlement;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;

/** R49. What lacks on the back and stands in an identity document is R16. */
final class R49EuropeanPrescription extends NumberedRule {

    private static final Code TYPE = reject("SC-049a", 103, "Tipo ricetta diverso da UE");
    private static final Code BACK = reject("SC-049b", 101, "Retro della ricetta UE incompleto");

    R49EuropeanPrescription() {
        super(
                49,
                "§3.2, §3.4",
                Step.PERSON,
                "Con TEAM, certificato sostitutivo, E106, E112, E120 o E123 il tipo ricetta è UE e sul retro ci sono"
                        + " stato, istituzione competente e numero personale (il numero di tessera solo se c'è).",
                TYPE,
                BACK);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = Persons.given(given);
        Entitlement title = Persons.entitlement(patient);
        Prescription prescription = given.request().prescription();
        if (!Persons.category(patient).equals("EU")
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
        if (!Boolean.TRUE.equals(title.recoveredFromDocument())) {
            require(title.state(), "state", "la sigla dello stato", rulings);
            require(title.institution(), "institution", "il codice dell'istituzione competente", rulings);
            require(title.personalNumber(), "personalNumber", "il numero di identificazione personale", rulings);
        }
    }

    private static void require(String value, String field, String name, Rulings rulings) {
        if (value == null) {
            rulings.add(
                    BACK,
                    "patient.entitlement." + field,
                    "Sul retro della ricetta manca " + name + ": prenderlo da un documento d'identità della persona.");
        }
    }
}
