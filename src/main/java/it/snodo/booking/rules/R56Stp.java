package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.catalogue.BookingCatalogue;
import java.time.LocalDate;
import java.util.regex.Pattern;

/** R56; the ENI code, later than the manual, goes by the same rule. */
final class R56Stp extends NumberedRule {

    private static final Pattern FORM = Pattern.compile("[A-Z0-9]{16}");

    private static final Code LENGTH = reject("SC-056a", 102, "Codice STP o ENI errato");
    private static final Code MISSING = reject("SC-056a", 101, "Codice STP o ENI mancante");
    private static final Code EXPIRED = refer("SC-056b", 207, "Codice STP o ENI scaduto");
    private static final Code NO_DATE = warn("SC-056b", "Data di rilascio del codice STP o ENI mancante");
    private static final Code BAD_DATE = refer("SC-056b", 102, "Data di rilascio del codice STP o ENI non valida");

    private final BookingCatalogue catalogue;

    R56Stp(BookingCatalogue catalogue) {
        super(
                56,
                "§3.2",
                Step.PERSON,
                "Il codice STP (o ENI) ha 16 caratteri, di qualunque azienda italiana, e vale 6 mesi dal rilascio.",
                LENGTH,
                MISSING,
                EXPIRED,
                NO_DATE,
                BAD_DATE);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Patient patient = Persons.entitled(given);
        String category = Persons.category(given);
        if (!category.equals("STP") && !category.equals("ENI")) {
            return;
        }
        String code = category.equals("STP") ? patient.stp() : patient.eni();
        String path = category.equals("STP") ? "patient.stp" : "patient.eni";
        if (code == null) {
            rulings.add(MISSING, path, "Manca il codice " + category + ": è sul tesserino e sulla prescrizione.");
        } else if (!FORM.matcher(code).matches()) {
            rulings.add(
                    LENGTH,
                    path,
                    "Il codice " + category + " «" + code + "» ha " + code.length()
                            + " caratteri, o non solo lettere e cifre: devono essere 16.",
                    code);
            return;
        }
        checkDate(given, category, Persons.entitlement(patient).stpIssued(), rulings);
    }

    private void checkDate(BookingCase given, String category, LocalDate issued, Rulings rulings) {
        String path = "patient.entitlement.stpIssued";
        if (given.isUnreadable(path)) {
            rulings.add(BAD_DATE, path, "La data di rilascio del codice non è una data del calendario: rileggerla.");
            return;
        }
        if (issued == null) {
            rulings.add(NO_DATE, path, "Manca la data di rilascio del codice " + category + ": è sul tesserino.");
            return;
        }
        LocalDate last =
                issued.plusMonths(catalogue.limit("stp-months", given.today()).intValue());
        if (given.today().isAfter(last)) {
            rulings.add(
                    EXPIRED,
                    path,
                    "Il codice " + category + " rilasciato il " + Say.day(issued) + " valeva fino al " + Say.day(last)
                            + ": rinnovarlo a uno sportello ISI.",
                    last.toString());
        } else if (issued.isAfter(given.today())) {
            rulings.add(BAD_DATE, path, "La data di rilascio " + Say.day(issued) + " è nel futuro: rileggerla.");
        }
    }
}
