package it.snodo.booking;

import it.snodo.fault.Fault;
import java.util.List;

/**
 * What was found.
 *
 * @param first proposals by therapeutic continuity and the patient's ASL (R61); best first
 * @param absolute proposals of all aziende by time: "first in absolute"
 * @param silent aziende that did not answer in time or at all, six digits; their places are not among the proposals
 * @param rulings notices, or why there was no search
 */
public record AvailabilityAnswer(
        List<Proposal> first,
        List<Proposal> absolute,
        List<Silent> silent,
        List<Ruling> rulings,
        List<Fault> faults,
        long messageId)
        implements BookingReply {

    public AvailabilityAnswer {
        first = List.copyOf(first);
        absolute = List.copyOf(absolute);
        silent = List.copyOf(silent);
        rulings = List.copyOf(rulings);
        faults = List.copyOf(faults);
    }

    /** @param reason Italian, such as "non ha risposto entro 3 s" */
    public record Silent(String azienda, String name, String reason) {}
}
