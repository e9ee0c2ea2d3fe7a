package it.snodo.booking;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What one rule says of one request.
 *
 * @param code {@code SC-nnn}, with a letter where the rule has several
 * @param decision never {@link Decision#ACCEPT}: who has nothing to say is silent
 * @param condition HL7 table 0357: 101 to 103, 204 to 206, or 207
 * @param path field of the {@link BookingRequest}, such as {@code prescription.compiled} or {@code lines[1].service}; empty
 *     for the whole
 * @param title the rule in a few Italian words: {@code Impegnativa scaduta}
 * @param message what the operator reads, a whole Italian sentence with the value and the way out
 * @param detail one value that programs want: the last good day, the azienda to go to, the exception's number; null when none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Ruling(
        String code, Decision decision, int condition, String path, String title, String message, String detail) {}
