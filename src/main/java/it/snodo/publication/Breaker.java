package it.snodo.publication;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A destination's circuit breaker: after some connection failures in a row nothing is tried for a while, then one
 * delivery probes. It also keeps the pause that a busy destination asked for, and says in the log only what changes.
 */
final class Breaker {

    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    private final Destination destination;
    private final int limit;
    private final Duration open;
    private final Duration longest;
    private final Clock clock;
    private int failures;
    private Instant failingSince;
    private Instant closedUntilProbe = Instant.EPOCH;
    private boolean probing;
    private Instant lastSuccess = Instant.EPOCH;

    Breaker(Destination destination, int limit, Duration open, Duration longest, Clock clock) {
        this.destination = destination;
        this.limit = limit;
        this.open = open;
        this.longest = longest;
        this.clock = clock;
    }

    /** How many of {@code wanted} deliveries may be tried now. */
    synchronized int allow(int wanted) {
        if (clock.instant().isBefore(closedUntilProbe)) {
            return 0;
        }
        if (failures < limit) {
            return wanted;
        }
        return probing ? 0 : Math.min(1, wanted);
    }

    /** A probe is on its way; no second one until it has come back. */
    synchronized void started() {
        probing = failures >= limit;
    }

    /** @return true when the destination had been failing and now works again */
    synchronized boolean succeeded() {
        boolean recovered = failures >= limit;
        if (failures > 0) {
            LOG.info(
                    "{} risponde di nuovo dopo {} errori in {} s",
                    destination,
                    failures,
                    Duration.between(failingSince, clock.instant()).toSeconds());
        }
        failures = 0;
        probing = false;
        closedUntilProbe = Instant.EPOCH;
        lastSuccess = clock.instant();
        return recovered;
    }

    synchronized void failed(String words) {
        Instant now = clock.instant();
        probing = false;
        failures++;
        if (failures == 1) {
            failingSince = now;
            LOG.warn("{} non riceve: {} (i prossimi errori sono solo contati)", destination, words);
        }
        if (failures >= limit) {
            int doublings = Math.min(failures - limit, 10);
            Duration wait = open.multipliedBy(1L << doublings);
            pauseUntil(now.plus(wait.compareTo(longest) < 0 ? wait : longest));
        }
    }

    /** The destination asked for a pause. */
    synchronized void pause(Duration wait) {
        probing = false;
        pauseUntil(clock.instant().plus(wait));
    }

    private void pauseUntil(Instant until) {
        if (until.isAfter(closedUntilProbe)) {
            closedUntilProbe = until;
        }
    }

    /** Neither success nor failure of the destination: the try came to nothing on our side. */
    synchronized void abandoned() {
        probing = false;
    }

    synchronized Instant lastSuccess() {
        return lastSuccess;
    }

    synchronized boolean isOpen() {
        return failures >= limit || clock.instant().isBefore(closedUntilProbe);
    }
}
