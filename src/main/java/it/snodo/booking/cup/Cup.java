package it.snodo.booking.cup;

import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.catalogue.CupAzienda;
import java.util.List;

/** How to speak to a CUP in one profile. */
interface Cup {

    /** Places that are asked for when the caller does not say how many. */
    int USUAL_LIMIT = 20;

    byte[] command(CupAzienda azienda, Booking booking, Operation operation, String controlId, String reason);

    /** Whether a command is written in this profile: the row of its azienda may have changed since. */
    boolean wrote(byte[] command);

    CupPort.Reply send(CupAzienda azienda, Operation operation, String controlId, byte[] command, Deadline deadline)
            throws NoAnswer;

    CupPort.Found find(
            CupAzienda azienda,
            AvailabilityQuery query,
            boolean publicOnly,
            List<SqmWriter.Wanted> wanted,
            Deadline deadline)
            throws NoAnswer;

    static int limit(AvailabilityQuery query) {
        return query.limit() == null || query.limit() < 1 ? USUAL_LIMIT : query.limit();
    }
}
