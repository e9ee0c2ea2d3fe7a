package it.snodo.booking.rules;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the manual leaves open about the priority classes.
 *
 * @param priorityClockStart from which day the terms of R59 are counted
 */
@ConfigurationProperties("snodo.booking")
record PriorityProperties(@DefaultValue("request") ClockStart priorityClockStart) {

    /** "Dalla richiesta" can be read in two ways. */
    enum ClockStart {
        /** The day on which the booking is asked for. */
        REQUEST,
        /** The day on which the prescription was written. */
        COMPILATION
    }
}
