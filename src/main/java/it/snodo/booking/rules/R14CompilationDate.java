package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.Decision;

/** The day of compilation is needed, and must be a day. */
final class R14CompilationDate extends PrescriptionRule {

    private static final String AT = "prescription.compiled";

    private static final Code ABSENT = new Code("SC-014", Decision.REFER, MISSING, "Manca la data di compilazione");
    private static final Code NO_DATE =
            new Code("SC-014", Decision.REFER, MALFORMED, "Data di compilazione non valida");

    R14CompilationDate() {
        super(
                14,
                "§3.4",
                Step.FORM,
                "La data di compilazione è obbligatoria e completa di giorno, mese e anno; se manca si torna dal prescrittore.",
                ABSENT,
                NO_DATE);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Prescription prescription = given.request().prescription();
        if (!given.isNew() || R08AcceptedForm.isWithoutNumber(prescription)) {
            return;
        }
        if (given.isUnreadable(AT)) {
            String found = given.unreadable().stream()
                    .filter(each -> each.path().equals(AT))
                    .map(each -> each.given())
                    .findFirst()
                    .orElse("");
            rulings.add(
                    NO_DATE,
                    AT,
                    "«" + found + "» non è una data di compilazione: servono giorno, mese e anno (gg/mm/aaaa). Se"
                            + " sull'impegnativa è scritta così, deve correggerla il prescrittore.");
        } else if (prescription == null || prescription.compiled() == null) {
            rulings.add(
                    ABSENT,
                    AT,
                    "Manca la data di compilazione: il paziente deve tornare dal prescrittore, che la completi.");
        }
    }
}
