package it.snodo.deadletters;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** How many dead letters there are, for alarms ({@code snodo_dead_letters}) and for people; they are no illness of the hub. */
@Component("deadLetters")
class DeadLetterMeters extends AbstractHealthIndicator {

    private final DeadLetters letters;
    private final MultiGauge gauge;

    DeadLetterMeters(DeadLetters letters, MeterRegistry meters) {
        this.letters = letters;
        this.gauge = MultiGauge.builder("snodo.dead.letters")
                .description("What waits for a person, by destination (HUB: our own steps) and code")
                .register(meters);
    }

    /** Step of the route {@code dead-letters}. */
    public void count() {
        try {
            gauge.register(
                    letters.counts().stream()
                            .map(one -> MultiGauge.Row.of(
                                    Tags.of("destination", one.destination(), "code", one.code()), one.number()))
                            .collect(Collectors.toList()),
                    true);
        } catch (DataAccessException e) {
            // Health says that the store is away; the last numbers stay.
        }
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        List<DeadLetters.Count> counts = letters.counts();
        health.up()
                .withDetail(
                        "total",
                        counts.stream().mapToInt(DeadLetters.Count::number).sum());
        Map<String, Object> each = new LinkedHashMap<>();
        for (DeadLetters.Count one : counts) {
            each.put(
                    one.destination() + " " + one.code(),
                    Map.of("number", one.number(), "oldest", one.oldest().toString()));
        }
        health.withDetails(each);
    }
}
