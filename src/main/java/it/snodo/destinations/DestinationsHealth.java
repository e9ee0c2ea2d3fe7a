package it.snodo.destinations;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.stereotype.Component;

/** How the outside stands. The hub is well while they are not: what is owed to them waits, so this is never DOWN. */
@Component("destinations")
class DestinationsHealth extends AbstractHealthIndicator {

    private final Destinations destinations;

    DestinationsHealth(Destinations destinations) {
        this.destinations = destinations;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        health.up();
        for (DestinationView one : destinations.ofDeliveries()) {
            Map<String, Object> detail = new LinkedHashMap<>();
            detail.put("state", one.state());
            put(detail, "queueDepth", one.queueDepth());
            put(detail, "oldest", one.oldest());
            put(detail, "deadLetters", one.deadLetters());
            put(detail, "lastSuccess", one.lastSuccess());
            put(detail, "lastFailure", one.lastFailure());
            put(detail, "lastFailureWords", one.lastFailureWords());
            put(detail, "pause", one.pause());
            put(detail, "waitsUntil", one.waitsUntil());
            put(detail, "expectedDown", one.expectedDown());
            put(detail, "expectedDownUntil", one.expectedDownUntil());
            health.withDetail(one.name(), detail);
        }
    }

    private static void put(Map<String, Object> detail, String name, Object value) {
        if (value != null) {
            detail.put(name, value);
        }
    }
}
