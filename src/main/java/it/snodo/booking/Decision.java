package it.snodo.booking;

/** What a rule decides. All but the first two stop the request. */
public enum Decision {
    ACCEPT,
    /** Goes on, and carries a notice. */
    WARN,
    /** Stops until the caller repeats the request with the rule's code among its confirmations. */
    CONFIRM,
    REJECT,
    /** Not SovraCup's business: the CUP of the azienda books it. */
    ROUTE_LOCAL,
    /** The patient is sent back: to the prescriber, to an ISI desk, to the URP, to direct access. */
    REFER;

    /** Whether the request stops here. */
    public boolean stops() {
        return this != ACCEPT && this != WARN;
    }
}
