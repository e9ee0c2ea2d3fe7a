package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.catalogue.BookingCatalogue;
import java.time.LocalDate;

/** A form of any kind is good for sixty days from the day after it was written; the day of booking counts. */
final class R12SixtyDays extends PrescriptionRule {

    private static final Code EXPIRED = reject("SC-012", BUSINESS, "Impegnativa scaduta");

    private final BookingCatalogue catalogue;

    R12SixtyDays(BookingCatalogue catalogue) {
        super(
                12,
                "§3.4",
                Step.FORM,
                "La prescrizione vale 60 giorni, contati dal giorno dopo la compilazione: conta il giorno della prenotazione,"
                        + " non quello dell'appuntamento.",
                EXPIRED);
        this.catalogue = catalogue;
    }

    @Override
    public void check(BookingCase given, Rulings rulings) {
        Prescription prescription = given.request().prescription();
        if (!given.isNew() || prescription == null || prescription.compiled() == null) {
            return;
        }
        int days = catalogue.limit("prescription-days", given.today()).intValue();
        LocalDate last = prescription.compiled().plusDays(days);
        if (given.today().isAfter(last)) {
            rulings.add(
                    EXPIRED,
                    "prescription.compiled",
                    "Prescrizione compilata il " + day(prescription.compiled()) + ", oltre " + days
                            + " giorni fa: era valida fino al " + day(last)
                            + ". Occorre una nuova impegnativa, o la data rinnovata dal medico.",
                    last.toString());
        }
    }
}
