package it.snodo.booking.rules;

import it.snodo.booking.Decision;

/** The same service with the same prescription is booked already. */
final class R39SamePrescription extends PrescriptionRule {

    private static final Code BOOKED = reject("SC-039", DUPLICATE, "Prestazione già prenotata con questa impegnativa");
    private static final Code REPLACED =
            new Code("SC-039", Decision.WARN, DUPLICATE, "La prenotazione precedente sarà revocata");

    R39SamePrescription() {
        super(
                39,
                "§3.6",
                Step.DUPLICATES,
                "La stessa prestazione con la stessa impegnativa, già prenotata e ancora da fare, non si prenota di nuovo; se il"
                        + " paziente insiste, la prenotazione precedente viene revocata.",
                BOOKED,
                REPLACED);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        boolean replace = Boolean.TRUE.equals(given.request().replaceExisting());
        for (Duplicates.Duplicate each : Duplicates.of(given)) {
            if (!Bound.isSamePrescription(given, each.earlier())) {
                continue;
            }
            String path = each.entry().path("service");
            if (replace) {
                rulings.add(
                        REPLACED,
                        path,
                        "Appena questa prenotazione è confermata viene revocata la precedente: " + each.told() + ".",
                        each.earlier().code());
            } else {
                rulings.add(
                        BOOKED,
                        path,
                        "«" + each.entry().named() + "» è già prenotata con la stessa impegnativa: " + each.told()
                                + ". Ristampare il promemoria, o ripetere la richiesta sostituendo la prenotazione.",
                        each.earlier().code());
            }
        }
    }
}
