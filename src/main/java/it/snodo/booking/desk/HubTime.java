package it.snodo.booking.desk;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * What the hub adds to a CUP's own time ({@code snodo.booking.added}): all of a message's time but the waiting between handing
 * something to a CUP's connection and the answer being there. Over REST it begins when the request's head has been read and ends
 * when the answer is written; over HL7 v2 and FHIR it is the desk's part, from the message that is read to the answer's bytes.
 */
@Component("bookingHubTime")
public class HubTime {

    private final Timer added;

    HubTime(MeterRegistry meters) {
        this.added = Timer.builder("snodo.booking.added")
                .description("Time of a booking message in the hub, without waiting for CUPs")
                .publishPercentiles(0.5, 0.99)
                .register(meters);
    }

    /** @param nanos without what was waited for CUPs */
    public void took(long nanos) {
        added.record(nanos, TimeUnit.NANOSECONDS);
    }
}
