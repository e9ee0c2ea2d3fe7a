package it.snodo.booking.rules;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;

/** R63. */
final class R63WhoMayRevoke extends NumberedRule {

    private static final Code NOT_OURS = local("SC-063", "Prenotazione non fatta dal SovraCup");

    private final BookingCatalogue catalogue;

    R63WhoMayRevoke(BookingCatalogue catalogue) {
        super(
                63,
                "§3.7",
                Step.CLASSES,
                "Un punto SovraCup revoca e sposta ciò che è stato prenotato dal SovraCup; il resto lo fa il CUP"
                        + " dell'azienda che eroga.",
                NOT_OURS);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Operation operation = given.request().operation();
        if (given.standing() != null && operation != Operation.BOOK && operation != Operation.REPRINT) {
            check(given, given.standing(), "bookingCode", rulings);
        }
    }

    /** @param path where the booking is named that is to go, or to be changed */
    void check(BookingCase given, Booking standing, String path, Rulings rulings) {
        if (!"LOCAL".equals(standing.origin()) || isAtItsCup(given, standing)) {
            return;
        }
        String azienda = standing.azienda();
        rulings.add(
                NOT_OURS,
                path,
                "La prenotazione non è stata fatta dal SovraCup: rivolgersi al CUP dell'azienda "
                        + catalogue
                                .azienda(azienda == null ? "" : azienda, given.today())
                                .map(CupAzienda::name)
                                .orElse(azienda)
                        + ".",
                azienda);
    }

    /** Whether the desk is one of the azienda that delivers. */
    private boolean isAtItsCup(BookingCase given, Booking standing) {
        String desk = given.request().requester() == null
                ? null
                : given.request().requester().azienda();
        return desk != null
                && standing.azienda() != null
                && catalogue
                        .azienda(desk, given.today())
                        .map(found -> found.code().equals(standing.azienda()))
                        .orElse(false);
    }
}
