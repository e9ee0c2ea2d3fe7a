package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.Decision;
import it.snodo.booking.rules.Lines.Entry;

/** Surname, name, birth date and legible services must stand on the form. */
final class R15CompleteForm extends PrescriptionRule {

    private static final Code INCOMPLETE = new Code("SC-015", Decision.REFER, MISSING, "Prescrizione incompleta");
    private static final Code ILLEGIBLE = code("SC-015", Decision.REFER, "Prestazioni illeggibili");
    private static final Code QUANTITY = new Code("SC-015", Decision.REFER, MALFORMED, "Quantità non valida");

    R15CompleteForm() {
        super(
                15,
                "§3.4",
                Step.FORM,
                "Cognome, nome, data di nascita e prestazioni devono essere scritti e leggibili; altrimenti completa il"
                        + " prescrittore.",
                INCOMPLETE,
                ILLEGIBLE,
                QUANTITY);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        Prescription prescription = given.request().prescription();
        if (!R08AcceptedForm.isWithoutNumber(prescription)) {
            Patient patient = given.request().patient();
            absent(patient == null ? null : patient.family(), "patient.family", "il cognome", rulings);
            absent(patient == null ? null : patient.given(), "patient.given", "il nome", rulings);
            absent(patient == null ? null : patient.birthDate(), "patient.birthDate", "la data di nascita", rulings);
            if (prescription != null && Boolean.FALSE.equals(prescription.legible())) {
                rulings.add(
                        ILLEGIBLE,
                        "prescription.legible",
                        "Le prestazioni non si leggono: il paziente deve tornare dal prescrittore.");
            }
        }
        if (given.request().lines().isEmpty()) {
            rulings.add(
                    INCOMPLETE,
                    "lines",
                    "Sulla prescrizione mancano le prestazioni: deve completarla il prescrittore.");
        }
        for (Entry entry : Lines.all(given)) {
            absent(entry.line().service(), entry.path("service"), "la prestazione", rulings);
            if (entry.line().pieces() < 1) {
                rulings.add(
                        QUANTITY,
                        entry.path("quantity"),
                        "La quantità " + entry.line().pieces() + " di «" + entry.named()
                                + "» non è possibile: almeno 1.");
            }
        }
    }

    private static void absent(Object value, String path, String what, Rulings rulings) {
        if (value == null) {
            rulings.add(INCOMPLETE, path, "Sulla prescrizione manca " + what + ": deve completarla il prescrittore.");
        }
    }
}
