package it.snodo.booking.rules;

import it.snodo.booking.Booking;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.springframework.stereotype.Component;

/** Sentences that a promemoria has to carry whatever the CUP says (R71, R83). */
@Component
public class PromemoriaTexts {

    private final BookingCatalogue catalogue;

    PromemoriaTexts(BookingCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** When the ticket is to be paid, at the azienda of the booking. */
    public String payment(Booking booking, LocalDate day) {
        return mayPayLater(booking, day)
                ? "Il ticket si può pagare anche dopo la prestazione, ma prima di ritirare il referto."
                : "Il ticket si paga prima della prestazione.";
    }

    /** That who cannot come revokes, until when, and what happens otherwise. */
    public String reminder(Booking booking, ZoneId zone, LocalDate day) {
        Slot first = booking.firstSlot();
        long hours = catalogue.limit("revoke-hours", day).longValue();
        String until = first == null
                ? ""
                : ", entro il " + Say.time(lastMoment(first, hours).withZoneSameInstant(zone));
        return "Se non può venire, revochi o sposti la prenotazione almeno " + hours + " ore prima" + until
                + ". Chi non si presenta senza aver revocato paga il prezzo intero, anche se esente.";
    }

    boolean mayPayLater(Booking booking, LocalDate day) {
        return booking.azienda() != null
                && catalogue
                        .azienda(booking.azienda(), day)
                        .map(CupAzienda::payAfter)
                        .orElse(false);
    }

    private static ZonedDateTime lastMoment(Slot slot, long hours) {
        return slot.start()
                .toInstant()
                .minus(Duration.ofHours(hours))
                .atZone(slot.start().getOffset());
    }
}
