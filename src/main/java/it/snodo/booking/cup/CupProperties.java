package it.snodo.booking.cup;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the hub speaks to the CUPs of the aziende. What differs from one to the other stands in {@code mappings/aziende.csv}.
 *
 * @param host where the CUPs are whose row names no host; null (outside the demo): such a row cannot be reached
 * @param basePort a row without a port has this one plus its short code
 * @param timeout how long a command may wait for its answer, connecting included
 * @param searchTimeout the same for a search
 * @param connectTimeout how long a connection may take, its TLS included
 * @param connections open at most to one CUP for commands, and as many for searches: neither waits for the other
 * @param idle after so long without use a connection is not used again: a firewall may have forgotten it
 * @param breakerFailures calls in a row without an answer after which nothing is tried for a while
 * @param breakerOpen how long at first; doubles up to {@code breakerLongest}
 */
@ConfigurationProperties("snodo.cup")
public record CupProperties(
        String host,
        @DefaultValue("26000") int basePort,
        @DefaultValue("8s") Duration timeout,
        @DefaultValue("3s") Duration searchTimeout,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("4") int connections,
        @DefaultValue("60s") Duration idle,
        @DefaultValue("5") int breakerFailures,
        @DefaultValue("2s") Duration breakerOpen,
        @DefaultValue("60s") Duration breakerLongest) {}
