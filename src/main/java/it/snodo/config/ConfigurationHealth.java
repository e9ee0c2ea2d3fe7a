package it.snodo.config;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Edits of the editable folders that cannot be used. The hub works on with what was last good, so this is never DOWN;
 * {@code snodo_configuration_refused} counts them for who wants to be called.
 */
@Component("configurationFiles")
class ConfigurationHealth implements HealthIndicator {

    private final ConfigFolder folder;
    private final ConfigurationRevision revision;

    ConfigurationHealth(ConfigFolder folder, ConfigurationRevision revision, MeterRegistry meters) {
        this.folder = folder;
        this.revision = revision;
        Gauge.builder("snodo.configuration.refused", folder, it -> it.refusedEdits()
                        .size())
                .description("Edits of routes, tables, templates or schemas that cannot be used")
                .register(meters);
    }

    @Override
    public Health health() {
        List<Map<String, Object>> refused = folder.refusedEdits().stream()
                .<Map<String, Object>>map(edit -> Map.of(
                        "files", edit.files(),
                        "since", edit.since().toString(),
                        "reason", edit.reason()))
                .toList();
        Health.Builder health = Health.up().withDetail("revision", revision.current());
        if (!refused.isEmpty()) {
            health.withDetail("warning", "Modifiche non utilizzabili: resta in vigore il contenuto precedente.")
                    .withDetail("refused", refused);
        }
        return health.build();
    }
}
