package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.Decision;
import it.snodo.booking.Slot;
import it.snodo.booking.rules.Lines.Entry;

/** Four things that the CUP of the azienda does, whatever the other rules say: heard before all of them. */
final class R05LocalExceptions extends PrescriptionRule {

    private static final Code PAYING = code("SC-005", Decision.ROUTE_LOCAL, "Regime pagante");
    private static final Code PRIVATE_PRACTICE = code("SC-005", Decision.ROUTE_LOCAL, "Libera professione");
    private static final Code TYPED_PRIVATE =
            code("SC-005", Decision.ROUTE_LOCAL, "Struttura privata accreditata scelta dal paziente");
    private static final Code SPORT_OR_LEGAL = code("SC-005", Decision.ROUTE_LOCAL, "Medicina legale o dello sport");
    private static final Code CONTRACT = reject("SC-005", NOT_IN_TABLE, "Contratto sconosciuto");

    R05LocalExceptions() {
        super(
                5,
                "§3.6",
                Step.EXCEPTIONS,
                "Vanno al CUP dell'azienda: 1 il regime pagante, 2 la libera professione, 3 una struttura privata accreditata"
                        + " che il SovraCup non ha proposto, 4 medicina legale e medicina dello sport.",
                PAYING,
                PRIVATE_PRACTICE,
                TYPED_PRIVATE,
                SPORT_OR_LEGAL,
                CONTRACT);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (given.isNew()) {
            contract(given, rulings);
        }
        if (!takesPlaces(given)) {
            return;
        }
        for (Entry entry : Lines.all(given)) {
            // with what the hub remembers of its own searches, where it has looked
            Slot slot = entry.slot() == null ? entry.line().slot() : entry.slot();
            if (slot != null && Boolean.TRUE.equals(slot.privateStructure()) && !Boolean.TRUE.equals(slot.proposed())) {
                rulings.add(
                        TYPED_PRIVATE,
                        entry.path("slot"),
                        "La struttura privata accreditata" + name(slot)
                                + " non viene da una proposta del SovraCup: la prenota il CUP dell'azienda.",
                        "3");
            }
            if (given.isNew() && (entry.kind().equals("SPORT") || entry.kind().equals("LEGAL"))) {
                rulings.add(
                        SPORT_OR_LEGAL,
                        entry.path("service"),
                        "«" + entry.named() + "» non si prenota con il SovraCup: rivolgersi al CUP dell'azienda.",
                        "4");
            }
        }
    }

    private static String name(Slot slot) {
        String name = slot.structure() == null ? slot.place() : slot.structure();
        return name == null ? "" : " «" + name + "»";
    }

    private static void contract(BookingCase given, Rulings rulings) {
        Prescription prescription = given.request().prescription();
        String contract = prescription == null || prescription.contract() == null ? "SSR" : prescription.contract();
        String at = "prescription.contract";
        switch (contract) {
            case "SSR" -> {}
            case "EXTRA_SSR" ->
                rulings.add(PAYING, at, "In regime pagante (extra SSR) prenota il CUP dell'azienda.", "1");
            case "LIBERA_PROFESSIONE" ->
                rulings.add(PRIVATE_PRACTICE, at, "La libera professione si prenota al CUP dell'azienda.", "2");
            default ->
                rulings.add(
                        CONTRACT,
                        at,
                        "Il contratto «" + contract + "» non esiste: SSR, EXTRA_SSR o LIBERA_PROFESSIONE.");
        }
    }
}
