package it.snodo.booking.rules;

import it.snodo.booking.Booking;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.rules.Lines.Entry;
import java.util.Optional;

/** All services of one prescription go to one azienda, also when they are booked one after the other. */
final class R30OneAzienda extends PrescriptionRule {

    private static final Code SEVERAL = reject("SC-030", BUSINESS, "Più aziende per una prescrizione");

    private final BookingCatalogue catalogue;

    R30OneAzienda(BookingCatalogue catalogue) {
        super(
                30,
                "§3.4, §3.6",
                Step.CONTENT,
                "Tutte le prestazioni di una prescrizione vanno a una sola azienda, anche se prenotate in giorni diversi; sedi e"
                        + " orari possono cambiare.",
                SEVERAL);
        this.catalogue = catalogue;
    }

    @Override
    public boolean alsoWithSlot() {
        return true;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        Optional<CupAzienda> first = Optional.empty();
        String why = "";
        for (Booking.Earlier other : Bound.sameForm(given)) {
            first = catalogue.azienda(other.azienda(), given.today());
            if (first.isPresent()) {
                why = ", dove la stessa prescrizione ha già la prenotazione " + other.code();
                break;
            }
        }
        for (Entry entry : Lines.toBook(given)) {
            Optional<CupAzienda> azienda = entry.azienda(catalogue, given);
            if (first.isEmpty()) {
                first = azienda;
                why = ", chiesta per «" + entry.named() + "»";
            } else if (azienda.isPresent()
                    && !azienda.get().code().equals(first.get().code())) {
                rulings.add(
                        SEVERAL,
                        entry.path("azienda"),
                        "«" + entry.named() + "» è chiesta presso "
                                + azienda.get().name()
                                + ": le prestazioni di una prescrizione vanno tutte a "
                                + first.get().name() + why
                                + ". Altrimenti occorre un'altra prescrizione.",
                        first.get().code());
            }
        }
    }
}
