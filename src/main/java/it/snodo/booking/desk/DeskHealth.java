package it.snodo.booking.desk;

import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.health.AbstractHealthIndicator;
import org.springframework.boot.actuate.health.Health;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Commands that a CUP has not answered, and revokes of replaced bookings that a CUP has refused: for alarms
 * ({@code snodo_booking_commands}) and for people. They are no illness of the hub, so this is never DOWN.
 */
@Component("bookings")
class DeskHealth extends AbstractHealthIndicator {

    private final Register register;
    private final DeskProperties properties;
    private final MultiGauge gauge;

    DeskHealth(Register register, DeskProperties properties, DeskMeters meters) {
        this.register = register;
        this.properties = properties;
        this.gauge = MultiGauge.builder("snodo.booking.commands")
                .description("Commands to CUPs without an outcome, by state and azienda; STOPPED: a person must look")
                .register(meters.registry());
    }

    /** Step of the route {@code booking-tidy}. */
    public void count() {
        try {
            gauge.register(
                    register.waiting().stream()
                            .map(one -> MultiGauge.Row.of(
                                    Tags.of("state", one.kind(), "azienda", one.azienda()), one.number()))
                            .toList(),
                    true);
        } catch (DataAccessException e) {
            // Health says that the store is away; the last numbers stay.
        }
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        List<String> stuck = register.stuck(properties.stuckAfter());
        health.up().withDetail("stuck", stuck);
        for (Register.Waiting one : register.waiting()) {
            Map<String, Object> detail = new LinkedHashMap<>();
            detail.put("number", one.number());
            detail.put("oldest", one.since().toString());
            health.withDetail(one.kind() + " " + one.azienda(), detail);
        }
    }
}
