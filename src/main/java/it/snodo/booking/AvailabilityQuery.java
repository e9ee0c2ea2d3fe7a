package it.snodo.booking;

import com.fasterxml.jackson.annotation.JsonInclude;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.BookingRequest.Requester;
import it.snodo.booking.Slot.Wish;
import java.util.List;

/**
 * A search for free places: SQM^S25, FHIR {@code Appointment/$find}, {@code POST /api/v1/availability}.
 *
 * @param patient birth date and sex decide which agendas are seen, the ASL which come first; may be null
 * @param prescription priority class and exemption; may be null
 * @param lines the services looked for, at least one
 * @param wish where and when; may be null
 * @param limit how many proposals at most; null means the hub's usual number
 * @param continuity structure where the patient is being treated already: it comes first (R61); null when none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AvailabilityQuery(
        Requester requester,
        Patient patient,
        Prescription prescription,
        List<Line> lines,
        Wish wish,
        Integer limit,
        String continuity)
        implements BookingAsk {

    public AvailabilityQuery {
        lines = lines == null ? List.of() : List.copyOf(lines);
        continuity = Texts.code(continuity);
    }
}
