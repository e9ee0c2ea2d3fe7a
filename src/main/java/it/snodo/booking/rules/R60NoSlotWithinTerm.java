package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Operation;

/** R60. */
final class R60NoSlotWithinTerm extends NumberedRule {

    private static final Code TELL = warn("SC-060a", "Data oltre il termine accettata");
    private static final Code NOWHERE = refer("SC-060b", 207, "Nessun posto disponibile");

    private final R59LatestDate latest;

    R60NoSlotWithinTerm(R59LatestDate latest) {
        super(
                60,
                "§3.6",
                Step.SLOT,
                "Se nel termine non c'è posto si offre la prima disponibilità: chi la accetta mostra la data al"
                        + " prescrittore, chi non la accetta va dall'erogatore indicato dall'ASL o dal prescrittore.",
                TELL,
                NOWHERE);
        this.latest = latest;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Operation operation = given.request().operation();
        if (operation != Operation.BOOK && operation != Operation.MOVE) {
            return;
        }
        for (int i = 0; i < given.request().lines().size(); i++) {
            if (Lines.setAside(given).contains(i)) {
                continue;
            }
            if (Places.slot(given, i) == null) {
                rulings.add(
                        NOWHERE,
                        "lines[" + i + "]",
                        Places.title(given, i)
                                + ": nessun posto disponibile. La persona si rivolga all'erogatore indicato"
                                + " dalla sua ASL, o al prescrittore.");
            } else if (given.isNew() && given.confirmed(R59LatestDate.BEYOND.code()) && latest.isBeyond(given, i)) {
                rulings.add(
                        TELL,
                        "lines[" + i + "].slot.start",
                        Places.title(given, i)
                                + ": la data accettata è oltre il termine della classe; dire alla persona di"
                                + " mostrarla al prescrittore.");
            }
        }
    }
}
