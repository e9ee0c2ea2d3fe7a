package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Entitlement;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.Decision;

/** What is missing on the back of the form of somebody insured abroad may come from an identity document. */
final class R16BackOfForm extends PrescriptionRule {

    private static final Code RECOVERED = code("SC-016", Decision.WARN, "Retro completato da un documento");
    private static final Code ABSENT = new Code("SC-016", Decision.REFER, MISSING, "Retro della ricetta incompleto");

    R16BackOfForm() {
        super(
                16,
                "§3.4",
                Step.FORM,
                "I dati che mancano sul retro della ricetta di un assicurato estero si prendono da un documento d'identità;"
                        + " se nessuno li ha, completa il prescrittore.",
                RECOVERED,
                ABSENT);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Prescription prescription = given.request().prescription();
        Patient patient = given.request().patient();
        if (!given.isNew() || prescription == null) {
            return;
        }
        Entitlement on = patient == null ? null : patient.entitlement();
        boolean recovered = on != null && Boolean.TRUE.equals(on.recoveredFromDocument());
        if ("EE".equals(prescription.recipeType()) && recovered) {
            // what is missing altogether is R53's to say
            look(on.institution(), "institution", "il codice dell'istituzione", true, rulings);
        }
        if (!"UE".equals(prescription.recipeType())) {
            return;
        }
        look(on == null ? null : on.state(), "state", "la sigla dello stato", recovered, rulings);
        look(on == null ? null : on.institution(), "institution", "il codice dell'istituzione", recovered, rulings);
        look(
                on == null ? null : on.personalNumber(),
                "personalNumber",
                "il numero di identificazione personale",
                recovered,
                rulings);
    }

    private static void look(String value, String field, String what, boolean recovered, Rulings rulings) {
        if (value != null) {
            return;
        }
        String path = "patient.entitlement." + field;
        if (recovered) {
            rulings.add(RECOVERED, path, "Sul retro manca " + what + ": preso dal documento d'identità.");
        } else {
            rulings.add(
                    ABSENT,
                    path,
                    "Sul retro manca " + what + ": prenderlo da un documento d'identità, o far completare la ricetta.");
        }
    }
}
