package it.snodo.booking;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/**
 * A place in an agenda of an azienda. Azienda, agenda and start name it.
 *
 * @param azienda six digits
 * @param agenda schedule id of the azienda's CUP
 * @param start instant, with offset
 * @param minutes length; null when not known
 * @param structure where, code; null when not known
 * @param place where, in words for the patient; null when not known
 * @param unit clinic; null when not known
 * @param privateStructure an accredited private structure (R5, R6)
 * @param proposed it comes from an answer of the hub's own search, and was not typed in (R5 exception 3); null means not known
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Slot(
        String azienda,
        String agenda,
        OffsetDateTime start,
        Integer minutes,
        String structure,
        String place,
        String unit,
        Boolean privateStructure,
        Boolean proposed) {

    public Slot {
        azienda = Texts.code(azienda);
        agenda = Texts.text(agenda);
        structure = Texts.code(structure);
        place = Texts.text(place);
        unit = Texts.text(unit);
    }

    /** The same place at another time. */
    public Slot at(OffsetDateTime time) {
        return new Slot(azienda, agenda, time, minutes, structure, place, unit, privateStructure, proposed);
    }

    /**
     * Where and when somebody would like to go.
     *
     * @param from first day; null means today
     * @param to last day; null means as far as the priority allows
     * @param azienda wanted; null means any
     * @param structure wanted; null means any
     * @param practitioner a wish only: never guaranteed
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Wish(LocalDate from, LocalDate to, String azienda, String structure, String practitioner) {

        public Wish {
            azienda = Texts.code(azienda);
            structure = Texts.code(structure);
            practitioner = Texts.text(practitioner);
        }
    }
}
