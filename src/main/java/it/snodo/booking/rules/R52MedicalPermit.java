package it.snodo.booking.rules;

/** R52. Who comes as a tourist is R54. */
final class R52MedicalPermit extends NumberedRule {

    private static final Code NOT_SSR = reject("SC-052", 207, "Permesso per cure: niente SSR");

    R52MedicalPermit() {
        super(
                52,
                "§3.2",
                Step.PERSON,
                "Con un permesso di soggiorno per cure non si prenota alle condizioni del SSR.",
                NOT_SSR);
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (Persons.category(given).equals("MEDICAL_PERMIT")) {
            rulings.add(
                    NOT_SSR,
                    "patient.entitlement.category",
                    "Con un permesso per cure mediche non si prenota alle condizioni del SSR: chiedere la tariffa intera"
                            + " (Extra SSR) al CUP aziendale.");
        }
    }
}
