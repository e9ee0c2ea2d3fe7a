package it.snodo.booking.rules;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingNotice;
import it.snodo.booking.Decision;
import it.snodo.booking.Ruling;
import java.util.Optional;

/** What is due when somebody neither came nor revoked (R67). */
public final class NoShowCharge {

    private NoShowCharge() {}

    /**
     * The notice of the charge: the full price of the services, whatever the exemption, and not capped as a ticket is. Empty
     * when the notice tells of something else, or of a documented force majeure, or the booking did not stand.
     *
     * @param booking as it stood before the notice; may be null
     */
    public static Optional<Ruling> of(BookingNotice notice, Booking booking) {
        if (notice.event() != BookingNotice.Event.NO_SHOW
                || Boolean.TRUE.equals(notice.forceMajeure())
                || booking == null
                || booking.state() != Booking.State.BOOKED && booking.state() != Booking.State.NO_SHOW) {
            return Optional.empty();
        }
        BookingRule.Code code = R67NoShow.CHARGE;
        return Optional.of(new Ruling(
                code.code(),
                Decision.WARN,
                code.condition(),
                "bookingCode",
                code.title(),
                "Per la prenotazione " + booking.code()
                        + " la persona non si è presentata e non ha revocato: è dovuto il"
                        + " prezzo intero, anche con esenzione per reddito o patologia, salvo forza maggiore documentata.",
                booking.azienda()));
    }
}
