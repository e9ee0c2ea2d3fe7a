package it.snodo.booking.rules;

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
        if (given.standing() == null
                || operation == Operation.BOOK
                || operation == Operation.REPRINT
                || !"LOCAL".equals(given.standing().origin())
                || isAtItsCup(given)) {
            return;
        }
        String azienda = given.standing().azienda();
        rulings.add(
                NOT_OURS,
                "bookingCode",
                "La prenotazione non è stata fatta dal SovraCup: rivolgersi al CUP dell'azienda "
                        + catalogue
                                .azienda(azienda == null ? "" : azienda, given.today())
                                .map(CupAzienda::name)
                                .orElse(azienda)
                        + ".",
                azienda);
    }

    /** Whether the desk is one of the azienda that delivers. */
    private boolean isAtItsCup(BookingCase given) {
        String desk = given.request().requester() == null
                ? null
                : given.request().requester().azienda();
        return desk != null
                && given.standing().azienda() != null
                && catalogue
                        .azienda(desk, given.today())
                        .map(found -> found.code().equals(given.standing().azienda()))
                        .orElse(false);
    }
}
