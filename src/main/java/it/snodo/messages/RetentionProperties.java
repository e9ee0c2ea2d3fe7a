package it.snodo.messages;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long a message stays in the journal after its last change of state, with its steps and its calls. Open failures and
 * whatever has not ended stay until they end; documents, certificates and the keys of messages stay for ever.
 *
 * @param delivered messages that did what they asked for (PUBLISHED, BOOKED)
 * @param closed those that a person closed with a reason (DISCARDED)
 * @param refused those that were answered with an error and had no effect (REFUSED)
 * @param calls what was said to AURA and answered, which belongs to no message
 */
@ConfigurationProperties("snodo.journal.retention")
record RetentionProperties(
        @DefaultValue("400d") Duration delivered,
        @DefaultValue("400d") Duration closed,
        @DefaultValue("90d") Duration refused,
        @DefaultValue("90d") Duration calls) {

    Duration shortest() {
        Duration two = delivered.compareTo(closed) < 0 ? delivered : closed;
        return two.compareTo(refused) < 0 ? two : refused;
    }
}
