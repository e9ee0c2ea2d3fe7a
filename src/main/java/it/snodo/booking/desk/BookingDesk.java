package it.snodo.booking.desk;

import it.snodo.booking.Booking;
import it.snodo.intake.BookingArrival;
import java.util.List;
import java.util.Optional;

/**
 * Where every booking message ends, whatever protocol brought it. Named {@code bookingDesk} in the routes.
 */
public interface BookingDesk {

    /**
     * Does what the message asks for. Recorded durably before anything is sent to a CUP, answered at the latest when the
     * deadline is over; a message known by sender and control id gets its first answer again.
     *
     * @throws org.springframework.dao.DataAccessException when nothing could be stored: the sender must not be told yes
     */
    Answered handle(BookingArrival arrival);

    /** A booking by its code. */
    Optional<Booking> find(String code);

    /**
     * Bookings of one person, whatever their state, soonest first: for who has said who the person is (R80).
     *
     * @param identifier codice fiscale, STP or ENI
     */
    default List<Booking> ofPerson(String identifier) {
        return List.of();
    }

    /**
     * @param answer the bytes that the arrival's writer made; the same for every repetition
     * @param reply what they were made of; null for a repetition
     * @param messageId of the journal; 0 when nothing was kept (searches are journalled without an effect)
     * @param elsewhere nanoseconds in which the desk waited for CUPs and did nothing else
     */
    record Answered(
            byte[] answer, it.snodo.booking.BookingReply reply, long messageId, boolean repeated, long elsewhere)
            implements it.snodo.intake.Answered {

        public Answered(byte[] answer, it.snodo.booking.BookingReply reply, long messageId, boolean repeated) {
            this(answer, reply, messageId, repeated, 0);
        }

        Answered waited(long nanos) {
            return new Answered(answer, reply, messageId, repeated, nanos);
        }
    }
}
