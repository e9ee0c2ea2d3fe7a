package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.rules.Lines.Entry;

/** Five visits need no prescription; where none is needed none may be given. */
final class R07FreeAccess extends PrescriptionRule {

    private static final Code NOT_FREE = reject("SC-007a", BUSINESS, "Prestazione non a libero accesso");
    private static final Code FILLED = reject("SC-007b", BUSINESS, "I campi non devono essere compilati");

    R07FreeAccess() {
        super(
                7,
                "§3.3, §3.4",
                Step.FORM,
                "Senza prescrizione si prenotano solo le visite pediatrica, odontoiatrica, ostetrico-ginecologica,"
                        + " psichiatrica, e l'oculistica per misurare la vista; numero e data dell'impegnativa restano vuoti.",
                NOT_FREE,
                FILLED);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Prescription prescription = given.request().prescription();
        if (!given.isNew() || prescription == null) {
            return;
        }
        if ("SSN_LIBERO_ACCESSO".equals(prescription.type())) {
            for (Entry entry : Lines.all(given)) {
                if (entry.line().service() != null
                        && (entry.item() == null || !entry.item().isFreeAccessFor(entry.question()))) {
                    rulings.add(
                            NOT_FREE,
                            entry.path("service"),
                            "«" + entry.named() + "»"
                                    + (entry.question() == null ? "" : " per «" + entry.question() + "»")
                                    + " non è a libero accesso: occorre la prescrizione.");
                }
            }
        }
        if (R08AcceptedForm.isWithoutNumber(prescription)) {
            if (!prescription.numbers().isEmpty()) {
                rulings.add(
                        FILLED,
                        "prescription.numbers",
                        "Con " + words(prescription) + " il numero dell'impegnativa non deve essere compilato.");
            }
            if (prescription.compiled() != null || given.isUnreadable("prescription.compiled")) {
                rulings.add(
                        FILLED,
                        "prescription.compiled",
                        "Con " + words(prescription) + " la data dell'impegnativa non deve essere compilata.");
            }
        }
    }

    private static String words(Prescription prescription) {
        return "SSN_LIBERO_ACCESSO".equals(prescription.type()) ? "il libero accesso" : "l'autoimpegnativa";
    }
}
