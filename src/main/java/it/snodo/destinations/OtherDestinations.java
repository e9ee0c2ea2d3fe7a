package it.snodo.destinations;

import it.snodo.publication.Pause;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Destinations of another kind than those of deliveries, shown and paused like them: the CUPs of the aziende. */
public interface OtherDestinations {

    /** How each stands now, in the order in which they are shown. */
    List<Standing> standing();

    /** From now on these are paused, by their names, and no others. */
    void pause(Map<String, Pause> pauses);

    /**
     * @param name in capitals, such as {@code CUP-010301}; never one of a destination of deliveries
     * @param queueDepth what waits for it or is under way
     * @param oldest since when the oldest of them waits; null when nothing does
     * @param lastFailureWords Italian; null when nothing has failed
     * @param circuit CLOSED (all goes through), OPEN (nothing), HALF_OPEN (a probe)
     * @param failures in a row
     */
    record Standing(
            String name,
            int queueDepth,
            Instant oldest,
            Instant lastSuccess,
            Instant lastFailure,
            String lastFailureWords,
            String circuit,
            int failures) {}
}
