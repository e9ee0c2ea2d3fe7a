package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.PriorityClass;
import java.util.Optional;

/** R57. */
final class R57BookableClass extends NumberedRule {

    private static final Code DIRECT = refer("SC-057", 207, "Classe U: accesso diretto");
    private static final Code UNKNOWN = reject("SC-057b", 103, "Classe di priorità sconosciuta");

    private final BookingCatalogue catalogue;

    R57BookableClass(BookingCatalogue catalogue) {
        super(
                57,
                "§3.6",
                Step.PRIORITY,
                "Le prime visite e i primi esami di classe B, D e P si prenotano; la classe U va ad accesso diretto entro"
                        + " 72 ore con richiesta motivata.",
                DIRECT,
                UNKNOWN);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Prescription prescription = given.request().prescription();
        if (!given.isNew() || prescription == null || prescription.priority() == null) {
            return;
        }
        String path = "prescription.priority";
        String letter = prescription.priority();
        Optional<PriorityClass> priority = catalogue.priority(letter, given.today());
        if (priority.isEmpty()) {
            rulings.add(UNKNOWN, path, "La classe di priorità «" + letter + "» non esiste: è U, B, D o P.", letter);
        } else if (!priority.get().bookable() && hasFirstAccess(given)) {
            rulings.add(
                    DIRECT,
                    path,
                    "La classe " + letter
                            + " non si prenota al CUP: la persona va ad accesso diretto entro 72 ore con la"
                            + " richiesta motivata del prescrittore.",
                    letter);
        }
    }

    /** Whether there is a first visit or a first examination; what the catalogue does not know counts as one. */
    static boolean hasFirstAccess(BookingCase given) {
        return given.request().lines().isEmpty()
                || Lines.toBook(given).stream()
                        .anyMatch(each -> each.item() == null || PriorityTerm.hasTerm(each.item()));
    }
}
