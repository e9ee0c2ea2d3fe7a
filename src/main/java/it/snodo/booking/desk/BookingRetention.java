package it.snodo.booking.desk;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long the register keeps a booking that is over; open ones, and those that wait for a CUP or a person, stay until they end.
 *
 * @param over since the appointment, and since the last change: kept, revoked, deleted, nobody came
 * @param refused since the refusal: it never took effect
 */
@ConfigurationProperties("snodo.booking.retention")
record BookingRetention(
        @DefaultValue("400d") Duration over,
        @DefaultValue("90d") Duration refused) {}
