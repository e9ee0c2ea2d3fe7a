package it.snodo.exemption.documents;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.stereotype.Component;

/**
 * Attestati and promemoria that are not made yet, and those that are tried no more because each try failed: for people, and
 * for alarms ({@code snodo_exemption_documents_stopped}). They are no illness of the hub, so this is never DOWN.
 */
@Component("exemptionDocuments")
class PapersHealth extends AbstractHealthIndicator {

    private final PaperStore store;
    private volatile int stopped;

    PapersHealth(PaperStore store, MeterRegistry meters) {
        this.store = store;
        Gauge.builder("snodo.exemption.documents.stopped", () -> stopped)
                .description("Exemption documents whose PDF could not be made and is not tried again by itself")
                .register(meters);
    }

    /** Step of the route {@code exemption-documents}. */
    public void count() {
        stopped = store.stopped().size();
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        List<String> failed = store.stopped();
        health.up().withDetail("waiting", store.waiting()).withDetail("stopped", failed);
    }
}
