package it.snodo.booking;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A note of one of the three kinds (R84).
 *
 * @param kind SERVICE (99NP), OPERATOR (99NO) or PATIENT (PI, printed on the promemoria)
 * @param service the service it belongs to; null for the whole booking
 * @param text Italian
 * @param form name of the form to hand over (R85); null when none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Note(Kind kind, String service, String text, String form) {

    public enum Kind {
        SERVICE,
        OPERATOR,
        PATIENT
    }
}
