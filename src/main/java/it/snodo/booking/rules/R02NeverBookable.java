package it.snodo.booking.rules;

import it.snodo.booking.rules.Lines.Entry;

/** Laboratory exams are not booked; sports and forensic medicine are exception 4 of R5. */
final class R02NeverBookable extends PrescriptionRule {

    private static final Code LABORATORY = reject("SC-002", BUSINESS, "Esame di laboratorio");

    R02NeverBookable() {
        super(
                2,
                "§3.1, §3.6",
                Step.CLASSES,
                "Gli esami di laboratorio non si prenotano: accesso diretto al centro prelievi. Medicina dello sport e"
                        + " medicina legale sono l'eccezione 4 della R5.",
                LABORATORY);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        // among others that can be booked it is a mixed prescription: R38
        for (Entry entry : Lines.toBook(given)) {
            if (entry.kind().equals("LABORATORY")) {
                rulings.add(
                        LABORATORY,
                        entry.path("service"),
                        "«" + entry.named()
                                + "» è un esame di laboratorio e non si prenota: il paziente va direttamente al"
                                + " centro prelievi con la prescrizione.");
            }
        }
    }
}
