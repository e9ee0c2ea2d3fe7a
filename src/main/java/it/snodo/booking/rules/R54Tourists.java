package it.snodo.booking.rules;

/** R54. */
final class R54Tourists extends NumberedRule {

    private static final Code PAYING = local("SC-054", "Visto turistico: tariffa intera");

    R54Tourists() {
        super(54, "§3.2", Step.PERSON, "Con un visto turistico si paga la tariffa intera, nel CUP aziendale.", PAYING);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (Persons.category(given).equals("TOURIST")) {
            rulings.add(
                    PAYING,
                    "patient.entitlement.category",
                    "Con un visto turistico si paga la tariffa intera (Extra SSR): rivolgersi al CUP aziendale.");
        }
    }
}
