package it.snodo.booking.rules;

/**
 * "Altre prestazioni" are no branch: they take that of the services they go along with. What that means is in R22, where
 * they do not count, and in R25, where they do.
 */
final class R23OtherServices extends PrescriptionRule {

    R23OtherServices() {
        super(
                23,
                "§3.4",
                Step.CONTENT,
                "Le «altre prestazioni» non sono una branca: prendono quella delle prestazioni che accompagnano; da sole fanno"
                        + " un gruppo.");
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        // R22 leaves them out and R25 counts them: nothing is refused for being one of them
    }
}
