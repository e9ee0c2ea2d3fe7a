package it.snodo.publication;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the outbox works.
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
        @DefaultValue("24h") Duration pollFor) {}
