package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** R86. */
final class R86Pharmacies extends NumberedRule {

    private static final Code UNREACHED = reject("SC-086", 207, "Azienda non raggiunta dalle farmacie");

    private final BookingCatalogue catalogue;

    R86Pharmacies(BookingCatalogue catalogue) {
        super(
                86,
                "§4.3",
                Step.CLASSES,
                "Le farmacie prenotano solo nei CUP delle aziende collegate a loro (nel manuale ASL 3 e ASL 4).",
                UNREACHED);
        this.catalogue = catalogue;
    }

    @Override
    public boolean alsoWithSlot() {
        return true;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Operation operation = given.request().operation();
        if (!Channels.of(given).equals(Channels.PHARMACY) || operation == null) {
            return;
        }
        List<Places.Place> places = new ArrayList<>(Places.all(given));
        if (given.standing() != null && given.standing().azienda() != null) {
            places.add(new Places.Place("bookingCode", given.standing().azienda()));
        }
        places.stream()
                .filter(place -> !isReached(place.azienda(), given))
                .findFirst()
                .ifPresent(place -> {
                    String reached = catalogue.aziende(given.today()).stream()
                            .filter(CupAzienda::pharmacies)
                            .map(CupAzienda::name)
                            .sorted()
                            .collect(Collectors.joining(", "));
                    rulings.add(
                            UNREACHED,
                            place.path(),
                            "Dalla farmacia non si prenota nell'azienda " + place.azienda() + ", ma solo in: " + reached
                                    + ".",
                            place.azienda());
                });
    }

    private boolean isReached(String azienda, BookingCase given) {
        return catalogue
                .azienda(azienda, given.today())
                .map(CupAzienda::pharmacies)
                .orElse(true);
    }
}
