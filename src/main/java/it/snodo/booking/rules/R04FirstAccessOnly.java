package it.snodo.booking.rules;

import it.snodo.booking.rules.Lines.Entry;

/** Only what the catalogue has, and of that only first access. */
final class R04FirstAccessOnly extends PrescriptionRule {

    private static final Code ABSENT = reject("SC-004", NOT_IN_TABLE, "Prestazione non nel catalogo SovraCup");
    private static final Code LATER = reject("SC-004", BUSINESS, "Prestazione non di primo accesso");

    R04FirstAccessOnly() {
        super(
                4,
                "§3.1",
                Step.CLASSES,
                "Si prenotano solo prestazioni del catalogo SovraCup, di primo accesso.",
                ABSENT,
                LATER);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        for (Entry entry : Lines.all(given)) {
            if (entry.line().service() == null) {
                continue;
            }
            if (entry.item() == null) {
                boolean specific = entry.line().item() != null;
                rulings.add(
                        ABSENT,
                        entry.path(specific ? "item" : "service"),
                        "«" + (specific ? entry.line().item() : entry.line().service())
                                + "» non è nel catalogo SovraCup: controllare il codice, o rivolgersi al CUP dell'azienda.");
            } else if (!entry.item().firstAccess()) {
                rulings.add(
                        LATER,
                        entry.path("service"),
                        "«" + entry.named() + "» non è una prestazione di primo accesso: la prenota il reparto o il CUP"
                                + " dell'azienda.");
            }
        }
    }
}
