package it.snodo.booking.rules;

import it.snodo.booking.Decision;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.rules.Lines.Entry;
import java.util.Optional;

/** What is done without a booking is not booked. */
final class R09DirectAccess extends PrescriptionRule {

    private static final Code WALK_IN = code("SC-009", Decision.REFER, "Prestazione ad accesso diretto");

    private final BookingCatalogue catalogue;

    R09DirectAccess(BookingCatalogue catalogue) {
        super(
                9,
                "§3.5",
                Step.CLASSES,
                "Le prestazioni ad accesso diretto non si prenotano: il paziente va al servizio, con la prescrizione se non è"
                        + " libero accesso.",
                WALK_IN);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        if (!given.isNew()) {
            return;
        }
        // among others that can be booked it is a mixed prescription: R37
        for (Entry entry : Lines.toBook(given)) {
            if (Lines.isDirect(entry)) {
                Optional<CupAzienda> azienda = entry.azienda(catalogue, given);
                rulings.add(
                        WALK_IN,
                        entry.path("service"),
                        "«" + entry.named() + "» è ad accesso diretto e non si prenota: luogo e orari presso "
                                + azienda.map(each -> "l'URP di " + each.name()).orElse("l'URP dell'azienda") + ".",
                        azienda.map(CupAzienda::code).orElse(null));
            }
        }
    }
}
