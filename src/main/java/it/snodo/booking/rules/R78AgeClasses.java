package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;

/** R78: of the classes by age and income only the age can be looked at; the income is signed for. */
final class R78AgeClasses extends NumberedRule {

    private static final Code AGE = reject("SC-078", 207, "Età fuori dalla classe di esenzione");

    private final BookingCatalogue catalogue;

    R78AgeClasses(BookingCatalogue catalogue) {
        super(
                78,
                "§4.5",
                Step.TARIFF,
                "Esenti per età e reddito: sotto i 6 anni, dai 65; pensione al minimo tra 60 e 65 esclusi; disoccupati"
                        + " sopra i 14. L'età è quella del giorno della prenotazione.",
                AGE);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        ExemptionClaim claim = ExemptionClaim.of(given, catalogue);
        if (claim == null || claim.age() < 0) {
            return;
        }
        int age = claim.age();
        // the code of a pensioner or of somebody unemployed is his dependants' too; that by age is nobody else's
        boolean dependant =
                "DEPENDANT".equals(Persons.entitlement(claim.patient()).title());
        if (claim.is("AGE_INCOME") && age >= claim.limit("age-child") && age < claim.limit("age-senior")) {
            refuse(claim, "sotto i " + claim.limit("age-child") + " anni o dai " + claim.limit("age-senior"), rulings);
        } else if (claim.is("PENSION")
                && !dependant
                && (age <= claim.limit("age-pension-over") || age >= claim.limit("age-pension-under"))) {
            refuse(
                    claim,
                    "oltre i " + claim.limit("age-pension-over") + " anni e sotto i "
                            + claim.limit("age-pension-under"),
                    rulings);
        } else if (claim.is("UNEMPLOYED") && !dependant && age <= claim.limit("age-unemployed-over")) {
            refuse(claim, "oltre i " + claim.limit("age-unemployed-over") + " anni", rulings);
        }
    }

    private static void refuse(ExemptionClaim claim, String ages, Rulings rulings) {
        rulings.add(
                AGE,
                "prescription.exemption",
                "L'esenzione " + claim.code() + " vale " + ages + ", e la persona ha " + claim.age()
                        + " anni compiuti: togliere il codice o correggere la data di nascita.",
                String.valueOf(claim.age()));
    }
}
