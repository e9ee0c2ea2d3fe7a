package it.snodo.publication;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the outbox works, for every destination; {@code snodo.publication.<destination>.*} says otherwise for one.
 *
 * @param instance name of this hub among those that share the database; its own leases are taken back at start
 * @param parallel deliveries in flight for each destination
 * @param lease how long a taken delivery stays ours; longer than all calls of one try together
 * @param firstBackOff wait after the first failed try; doubles with each
 * @param longestBackOff where the doubling ends
 * @param maxAttempts tries of a delivery that fails while others at the same destination succeed
 * @param giveUpAfter age at which a delivery that never succeeds becomes a dead letter, whoever's fault it is
 * @param breakerFailures connection failures in a row that open the circuit
 * @param breakerOpen how long an open circuit stays so at first; doubles up to {@code breakerLongest}
 * @param pollFor how long a taken-in-charge document's confirmation is asked for
 * @param perMinute deliveries a minute at most; 0 sets no limit
 * @param longestRetryAfter the longest that a destination may make us wait by {@code Retry-After}
 * @param maxInterruptions how often a try may end with the process that made it before the delivery is a dead letter
 */
@ConfigurationProperties("snodo.publication")
public record PublicationProperties(
        @DefaultValue("snodo") String instance,
        @DefaultValue("4") int parallel,
        @DefaultValue("10m") Duration lease,
        @DefaultValue("1s") Duration firstBackOff,
        @DefaultValue("5m") Duration longestBackOff,
        @DefaultValue("20") int maxAttempts,
        @DefaultValue("7d") Duration giveUpAfter,
        @DefaultValue("5") int breakerFailures,
        @DefaultValue("2s") Duration breakerOpen,
        @DefaultValue("60s") Duration breakerLongest,
        @DefaultValue("24h") Duration pollFor,
        @DefaultValue("0") int perMinute,
        @DefaultValue("1h") Duration longestRetryAfter,
        @DefaultValue("20") int maxInterruptions,
        Own fse,
        Own rol,
        Own aura) {

    /**
     * What is different for one destination; null: as for all.
     *
     * @param expectedDown when it is switched off: see {@link DownWindows}
     */
    public record Own(
            Integer parallel,
            Duration firstBackOff,
            Duration longestBackOff,
            Integer maxAttempts,
            Duration giveUpAfter,
            Integer breakerFailures,
            Duration breakerOpen,
            Duration breakerLongest,
            Integer perMinute,
            Duration longestRetryAfter,
            String expectedDown) {

        static final Own NOTHING = new Own(null, null, null, null, null, null, null, null, null, null, null);
    }

    /** What holds for a destination. */
    public DestinationPolicy policy(Destination destination) {
        Own given =
                switch (destination) {
                    case FSE -> fse;
                    case ROL -> rol;
                    case AURA -> aura;
                };
        Own own = given == null ? Own.NOTHING : given;
        return new DestinationPolicy(
                or(own.parallel(), parallel),
                or(own.firstBackOff(), firstBackOff),
                or(own.longestBackOff(), longestBackOff),
                or(own.maxAttempts(), maxAttempts),
                or(own.giveUpAfter(), giveUpAfter),
                or(own.breakerFailures(), breakerFailures),
                or(own.breakerOpen(), breakerOpen),
                or(own.breakerLongest(), breakerLongest),
                or(own.perMinute(), perMinute),
                or(own.longestRetryAfter(), longestRetryAfter),
                DownWindows.of(own.expectedDown()));
    }

    private static <T> T or(T own, T common) {
        return own == null ? common : own;
    }
}
