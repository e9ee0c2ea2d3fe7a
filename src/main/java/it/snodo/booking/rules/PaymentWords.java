package it.snodo.booking.rules;

import it.snodo.booking.Booking;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import java.time.LocalDate;

/** When the ticket is paid, in words for a notice (R71); what is printed is in {@code cda-templates/promemoria}. */
final class PaymentWords {

    private final BookingCatalogue catalogue;

    PaymentWords(BookingCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** When the ticket is to be paid, at the azienda of the booking. */
    String payment(Booking booking, LocalDate day) {
        return mayPayLater(booking, day)
                ? "Il ticket si può pagare anche dopo la prestazione, ma prima di ritirare il referto."
                : "Il ticket si paga prima della prestazione.";
    }

    boolean mayPayLater(Booking booking, LocalDate day) {
        return booking.azienda() != null
                && catalogue
                        .azienda(booking.azienda(), day)
                        .map(CupAzienda::payAfter)
                        .orElse(false);
    }
}
