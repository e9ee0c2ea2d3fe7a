package it.snodo.destinations;

import com.fasterxml.jackson.annotation.JsonInclude;
import it.snodo.publication.Gates;
import it.snodo.publication.Pause;
import java.time.Instant;

/**
 * A destination for people.
 *
 * @param state {@code PAUSED} by a person, {@code EXPECTED_DOWN} in one of its windows, {@code FAILING} while the circuit is
 *     not closed or it asked us to wait, else {@code UP}
 * @param queueDepth deliveries that wait or are under way
 * @param oldest since when the oldest of them is owed
 * @param deadLetters how many wait for a person
 * @param circuit CLOSED (all goes through), OPEN (nothing), HALF_OPEN (a probe)
 * @param failures connection failures in a row
 * @param waitsUntil what it asked for by {@code Retry-After}
 * @param expectedDown its windows, as configured
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DestinationView(
        String name,
        String state,
        int queueDepth,
        Instant oldest,
        int deadLetters,
        Instant lastSuccess,
        Instant lastFailure,
        String lastFailureWords,
        String circuit,
        int failures,
        Instant waitsUntil,
        Pause pause,
        String expectedDown,
        Instant expectedDownUntil) {

    static String state(Gates.Standing now) {
        if (now.pause() != null) {
            return "PAUSED";
        }
        if (now.expectedDownUntil() != null) {
            return "EXPECTED_DOWN";
        }
        return now.circuit().equals("CLOSED") && now.waitsUntil() == null ? "UP" : "FAILING";
    }
}
