package it.snodo.booking;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.List;

/**
 * A free place that a CUP offers for one service.
 *
 * @param service code of the regional catalogue, as asked for
 * @param localCode the CUP's own code of it
 * @param slot where and when; its {@code proposed} is true
 * @param ticket euro; null when the CUP does not say
 * @param withinTerm not later than the priority class allows (R59)
 * @param why CONTINUITY, OWN_ASL or FIRST: why it stands where it stands (R61)
 * @param notes notes of the operator and of the patient that this agenda has (R84)
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Proposal(
        String service,
        String localCode,
        Slot slot,
        BigDecimal ticket,
        Boolean withinTerm,
        String why,
        List<Note> notes) {

    public Proposal {
        notes = notes == null ? List.of() : List.copyOf(notes);
    }
}
