package it.snodo.booking.rules;

/** R67: it is asked by {@link NoShowCharge} when a CUP tells of it, never by a request. */
final class R67NoShow extends NumberedRule {

    static final Code CHARGE = warn("SC-067", "Prezzo intero dovuto per mancata presentazione");

    R67NoShow() {
        super(
                67,
                "§3.6, §3.7",
                Step.ANSWER,
                "Chi non si presenta e non ha revocato deve il prezzo intero, anche se esente, salvo forza maggiore"
                        + " documentata.",
                CHARGE);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        // a request never tells of a no-show
    }
}
