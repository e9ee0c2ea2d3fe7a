package it.snodo.booking.rules;

import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import java.util.ArrayList;
import java.util.List;

/** R87. An event of HL7 that is none of these operations is refused by the intake, with 201. */
final class R87Operations extends NumberedRule {

    private static final Code OPERATION = reject("SC-087", 103, "Operazione non prevista");
    private static final Code CHANNEL = reject("SC-087", 103, "Canale sconosciuto");
    private static final Code FAX = reject("SC-087", 207, "Azienda senza richieste per fax");

    private final BookingCatalogue catalogue;

    R87Operations(BookingCatalogue catalogue) {
        super(
                87,
                "§3.1, §4.3",
                Step.OPERATION,
                "Il SovraCup prenota, sposta, revoca e ristampa, da sportelli, telefono e farmacie; solo alcune aziende"
                        + " prendono richieste per fax (nel manuale 901 e 902).",
                OPERATION,
                CHANNEL,
                FAX);
        this.catalogue = catalogue;
    }

    /** By fax nobody names the place: it is known once the hub has chosen it. */
    @Override
    public boolean alsoWithSlot() {
        return true;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (given.request().operation() == null) {
            rulings.add(
                    OPERATION,
                    "operation",
                    "L'operazione manca o non è tra quelle previste: prenotare, spostare, cambiare i dati, revocare,"
                            + " cancellare, ristampare.");
        }
        String channel = Channels.of(given);
        if (!Channels.ALL.contains(channel)) {
            rulings.add(
                    CHANNEL,
                    "requester.channel",
                    "Il canale «" + channel + "» non esiste: è DESK, PHONE, PHARMACY, FAX o WEB.",
                    channel);
        }
        if (channel.equals(Channels.FAX)) {
            checkFax(given, rulings);
        }
    }

    private void checkFax(BookingCase given, Rulings rulings) {
        List<Places.Place> places = new ArrayList<>(Places.all(given));
        if (given.request().requester().azienda() != null) {
            places.add(new Places.Place(
                    "requester.azienda", given.request().requester().azienda()));
        }
        places.stream()
                .filter(place -> !catalogue
                        .azienda(place.azienda(), given.today())
                        .map(CupAzienda::fax)
                        .orElse(true))
                .findFirst()
                .ifPresent(place -> rulings.add(
                        FAX,
                        place.path(),
                        "L'azienda " + place.azienda()
                                + " non prende richieste per fax: usare lo sportello o il telefono.",
                        place.azienda()));
    }
}
