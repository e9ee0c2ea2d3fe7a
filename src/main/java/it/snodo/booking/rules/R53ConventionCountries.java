package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Entitlement;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.catalogue.BookingCatalogue;

/** R53. */
final class R53ConventionCountries extends NumberedRule {

    private static final Code MISSING = reject("SC-053", 101, "Dati della convenzione mancanti");
    private static final Code TYPE = reject("SC-053", 103, "Tipo ricetta diverso da EE");
    private static final Code COUNTRY = reject("SC-053", 103, "Stato senza convenzione");
    private static final Code DOCTOR = reject("SC-053", 207, "Convenzione senza prescrizione del medico di famiglia");

    private final BookingCatalogue catalogue;

    R53ConventionCountries(BookingCatalogue catalogue) {
        super(
                53,
                "§3.2, §3.4",
                Step.PERSON,
                "Chi viene per un periodo da uno stato convenzionato ha tipo ricetta EE, il codice dell'istituzione"
                        + " competente sul retro e la prescrizione di un medico di medicina generale.",
                MISSING,
                TYPE,
                COUNTRY,
                DOCTOR);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = Persons.entitled(given);
        if (!Persons.category(given).equals("CONVENTION")) {
            return;
        }
        checkCountry(given, Persons.entitlement(patient), rulings);
        if (given.isNew()) {
            checkPrescription(given.request().prescription(), rulings);
        }
        Entitlement back = Persons.entitlement(patient);
        if (back.institution() == null && !Boolean.TRUE.equals(back.recoveredFromDocument())) {
            rulings.add(
                    MISSING,
                    "patient.entitlement.institution",
                    "Sul retro della ricetta manca il codice dell'istituzione competente: prenderlo da un documento della"
                            + " persona.");
        }
    }

    private void checkCountry(BookingCase given, Entitlement entitlement, Rulings rulings) {
        String country = entitlement.citizenship();
        String path = "patient.entitlement.citizenship";
        if (country == null) {
            rulings.add(MISSING, path, "Manca la cittadinanza, che dice se c'è una convenzione: chiederla.");
        } else if (catalogue.convention(country, given.today()).isEmpty()) {
            rulings.add(
                    COUNTRY,
                    path,
                    "Con «" + country
                            + "» non c'è una convenzione in vigore: si prenota a tariffa intera (Extra SSR) nel"
                            + " CUP aziendale.",
                    country);
        }
    }

    private static void checkPrescription(Prescription prescription, Rulings rulings) {
        String type = prescription == null ? null : prescription.recipeType();
        if (!"EE".equals(type)) {
            rulings.add(
                    TYPE,
                    "prescription.recipeType",
                    "Per uno stato convenzionato il tipo ricetta è EE"
                            + (type == null ? ", e qui manca" : ", non «" + type + "»")
                            + ": il prescrittore lo corregga.",
                    "EE");
        }
        if (!Persons.hasOwnDoctorsPrescription(prescription)) {
            rulings.add(
                    DOCTOR,
                    "prescription.numbers",
                    "Serve la prescrizione di un medico di medicina generale sul ricettario regionale.");
        }
    }
}
