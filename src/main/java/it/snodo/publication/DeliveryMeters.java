package it.snodo.publication;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.HashMap;
import java.util.Map;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How many deliveries stand where, and how old the oldest waiting one is. One query for all gauges, now and then. */
@Component
class DeliveryMeters implements MeterBinder {

    private static final long KEEP_NANOS = 5_000_000_000L;

    private final JdbcClient jdbc;
    private Map<String, Double> counts = Map.of();
    private long readAt;

    DeliveryMeters(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Destination destination : Destination.values()) {
            for (DeliveryState state : new DeliveryState[] {
                DeliveryState.WAITING, DeliveryState.TAKEN, DeliveryState.FAILED, DeliveryState.STOPPED
            }) {
                Gauge.builder("snodo.deliveries.open", () -> value(destination + "/" + state))
                        .tag("destination", destination.name())
                        .tag("state", state.name())
                        .register(registry);
            }
            Gauge.builder("snodo.deliveries.oldest.seconds", () -> value(destination + "/age"))
                    .tag("destination", destination.name())
                    .register(registry);
        }
    }

    private synchronized double value(String key) {
        long now = System.nanoTime();
        if (readAt == 0 || now - readAt > KEEP_NANOS) {
            readAt = now;
            read();
        }
        return counts.getOrDefault(key, 0.0);
    }

    private void read() {
        Map<String, Double> found = new HashMap<>();
        try {
            jdbc.sql("""
                            select destination, state, count(*) as number, extract(epoch from now() - min(since)) as age
                            from delivery where state in ('WAITING', 'TAKEN', 'FAILED', 'STOPPED')
                            group by destination, state""").query(row -> {
                String destination = row.getString("destination");
                found.put(destination + "/" + row.getString("state"), (double) row.getLong("number"));
                if (row.getString("state").equals("WAITING")) {
                    found.put(destination + "/age", row.getDouble("age"));
                }
            });
            counts = found;
        } catch (DataAccessException e) {
            counts = Map.of();
        }
    }
}
