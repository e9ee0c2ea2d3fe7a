package it.snodo.publication;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How one destination is treated; the meaning of each is told at {@link PublicationProperties}.
 *
 * @param expectedDown when it is switched off: nothing is tried then, and nobody is alarmed
 */
public record DestinationPolicy(
        int parallel,
        Duration firstBackOff,
        Duration longestBackOff,
        int maxAttempts,
        Duration giveUpAfter,
        int breakerFailures,
        Duration breakerOpen,
        Duration breakerLongest,
        int perMinute,
        Duration longestRetryAfter,
        DownWindows expectedDown) {

    /**
     * Doubles from the first wait to the longest, between half and whole by chance; never less than what was asked.
     *
     * @param attempts tries so far, the failed one included
     * @param asked what the destination asked for ({@code Retry-After}); null when nothing
     */
    public Duration backOff(int attempts, Duration asked) {
        long first = firstBackOff.toMillis();
        long longest = longestBackOff.toMillis();
        long whole = Math.min(longest, first << Math.min(Math.max(attempts - 1, 0), 20));
        Duration chosen =
                Duration.ofMillis(whole / 2 + ThreadLocalRandom.current().nextLong(Math.max(1, whole - whole / 2 + 1)));
        if (asked == null) {
            return chosen;
        }
        Duration bounded = asked.compareTo(longestRetryAfter) > 0 ? longestRetryAfter : asked;
        return bounded.compareTo(chosen) > 0 ? bounded : chosen;
    }
}
