package it.snodo.booking.rules;

/** R81: looked at when an operator logs in, by {@link PasswordPolicy}, and not in a booking. */
final class R81OperatorPassword extends NumberedRule {

    static final Code WEAK = reject("SC-081a", 207, "Password troppo debole");
    static final Code PERSONAL = reject("SC-081b", 207, "Password riferita alla persona");
    static final Code OLD = reject("SC-081c", 207, "Password scaduta");
    static final Code DISABLED = refer("SC-081d", 207, "Utenza disattivata");

    R81OperatorPassword() {
        super(
                81,
                "§4.1",
                Step.OPERATION,
                "La password di un operatore è personale: almeno 8 caratteri, senza riferimenti alla persona, cambiata ogni"
                        + " 3 mesi. Vale per utenze tenute dal nodo: in prod le tiene l'emittente OIDC, quelle di demo sono"
                        + " escluse.",
                WEAK,
                PERSONAL,
                OLD,
                DISABLED);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        // a booking carries no password
    }
}
