package it.snodo.booking.cup;

import it.snodo.booking.Booking;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CatalogueItem;
import it.snodo.booking.catalogue.PriorityClass;
import it.snodo.intake.hl7v2.Hl7Time;
import java.time.LocalDate;

/**
 * The priority class of a prescription, as a time to be kept.
 *
 * @param letter U, B, D or P
 * @param name Italian, one word
 * @param days within which; 0 when not known
 */
record Term(String letter, String name, int days) {

    /** @return null when the prescription names no class */
    static Term of(Booking booking, BookingCatalogue catalogue) {
        String letter =
                booking.prescription() == null ? null : booking.prescription().priority();
        if (letter == null) {
            return null;
        }
        LocalDate today = LocalDate.now(Hl7Time.ROME);
        PriorityClass known = catalogue.priority(letter, today).orElse(null);
        CatalogueItem item = booking.lines().isEmpty()
                ? null
                : catalogue.item(booking.lines().get(0).service(), today).orElse(null);
        if (known == null) {
            return new Term(letter, null, 0);
        }
        int colon = known.name().indexOf(':');
        return new Term(
                letter,
                colon < 0 ? known.name() : known.name().substring(0, colon),
                item == null ? Math.max(known.visitDays(), known.diagnosticDays()) : known.days(item));
    }

    /** TQ1-9: the time as HL7 writes it, and the Italian letter beside it, since D and P share other codes. */
    String repetitions() {
        String own = Hl7Text.components(letter, name, "99UBDP");
        if (days == 0) {
            return own;
        }
        boolean hours = letter.equals("U");
        int number = hours ? days * 24 : days;
        return Hl7Text.components(
                        (hours ? "TH" : "TD") + number, "entro " + number + (hours ? " ore" : " giorni"), "HL70485")
                + "~" + own;
    }
}
