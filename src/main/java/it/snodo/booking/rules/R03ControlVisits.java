package it.snodo.booking.rules;

import it.snodo.booking.Decision;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.rules.Lines.Entry;
import java.util.Optional;

/** Control visits are booked where the azienda has said so: in 2007 the ASL 1 and 4, today their successor. */
final class R03ControlVisits extends PrescriptionRule {

    private static final Code NOT_HERE = code("SC-003", Decision.ROUTE_LOCAL, "Visita di controllo");

    private final BookingCatalogue catalogue;

    R03ControlVisits(BookingCatalogue catalogue) {
        super(
                3,
                "§3.1",
                Step.CLASSES,
                "Le visite di controllo si prenotano solo presso le aziende che le hanno messe nel SovraCup.",
                NOT_HERE);
        this.catalogue = catalogue;
    }

    @Override
    public boolean alsoWithSlot() {
        return true;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!takesPlaces(given)) {
            return;
        }
        for (Entry entry : Lines.toBook(given)) {
            Optional<CupAzienda> azienda = entry.azienda(catalogue, given);
            if (entry.kind().equals("CONTROL")
                    && azienda.filter(each -> !each.controlVisits()).isPresent()) {
                rulings.add(
                        NOT_HERE,
                        entry.path("service"),
                        "«" + entry.named() + "» è una visita di controllo, che "
                                + azienda.get().name() + " non ha messo nel SovraCup: la prenota il CUP dell'azienda.",
                        azienda.get().code());
            }
        }
    }
}
