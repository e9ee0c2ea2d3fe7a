package it.snodo.booking.rules;

/**
 * One rule of the manual, as itself: one class a rule, named by its number and what it says
 * ({@code R12SixtyDays}).
 */
interface BookingRule {

    /** 12 for R12. */
    int number();

    /** Section of the manual: {@code §3.4}. */
    String source();

    /** When it is evaluated. */
    Step step();

    /** Heard again once every line has its slot, because it looks at the azienda, which the hub may have chosen. */
    default boolean alsoWithSlot() {
        return false;
    }

    /** What it says in one Italian sentence; for the page of rules. */
    String says();

    /** Every code that it can give, each with its decision and title; also for the page, and the only ones it may use. */
    java.util.List<Code> codes();

    /** Looks at the case and rules, or is silent. */
    void check(BookingCase given, Rulings rulings);

    /**
     * @param code {@code SC-012}
     * @param condition HL7 table 0357
     * @param title a few Italian words
     */
    record Code(String code, it.snodo.booking.Decision decision, int condition, String title) {}
}
