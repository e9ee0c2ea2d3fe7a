package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;

/** R65. */
final class R65SameAzienda extends NumberedRule {

    private static final Code OTHER = reject("SC-065", 207, "Spostamento in un'altra azienda");

    private final BookingCatalogue catalogue;

    R65SameAzienda(BookingCatalogue catalogue) {
        super(
                65,
                "§3.8",
                Step.CONTENT,
                "Si spostano giorno, ora e struttura dentro la stessa azienda; per un'altra si prenota di nuovo e subito"
                        + " dopo si revoca la vecchia.",
                OTHER);
        this.catalogue = catalogue;
    }

    @Override
    public boolean alsoWithSlot() {
        return true;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Operation operation = given.request().operation();
        if (operation != Operation.MOVE && operation != Operation.CHANGE
                || given.standing() == null
                || given.standing().azienda() == null) {
            return;
        }
        String old = given.standing().azienda();
        Places.all(given).stream()
                .filter(place -> !old.equals(code(place.azienda(), given)))
                .findFirst()
                .ifPresent(place -> rulings.add(
                        OTHER,
                        place.path(),
                        "Uno spostamento resta nella stessa azienda (" + old + "); per andare in «" + place.azienda()
                                + "» si fa una nuova prenotazione che indica questa in movesFrom (SPOSTADA): la vecchia è"
                                + " revocata subito dopo.",
                        old));
    }

    private String code(String azienda, BookingCase given) {
        return catalogue.azienda(azienda, given.today()).map(CupAzienda::code).orElse(azienda);
    }
}
