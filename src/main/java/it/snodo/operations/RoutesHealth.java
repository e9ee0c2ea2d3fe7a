package it.snodo.operations;

import it.snodo.destinations.Destinations;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/** UP only when every route accepts, but for those that a person has paused: a port that is bound says nothing about the road behind it. */
@Component("routes")
class RoutesHealth implements HealthIndicator {

    private final CamelContext camel;
    private final Destinations destinations;

    RoutesHealth(CamelContext camel, Destinations destinations) {
        this.camel = camel;
        this.destinations = destinations;
    }

    @Override
    public Health health() {
        Map<String, Object> notStarted = new LinkedHashMap<>();
        Map<String, Object> paused = new LinkedHashMap<>();
        for (Route route : camel.getRoutes()) {
            ServiceStatus status = camel.getRouteController().getRouteStatus(route.getId());
            if (status != ServiceStatus.Started && destinations.isPaused(route.getId())) {
                paused.put(route.getId(), "PAUSED");
            } else if (status != ServiceStatus.Started) {
                notStarted.put(route.getId(), status);
            }
        }
        boolean up = camel.getStatus() == ServiceStatus.Started
                && notStarted.isEmpty()
                && !camel.getRoutes().isEmpty();
        return (up ? Health.up() : Health.down())
                .withDetail("routes", camel.getRoutes().size())
                .withDetails(notStarted)
                .withDetails(paused)
                .build();
    }
}
