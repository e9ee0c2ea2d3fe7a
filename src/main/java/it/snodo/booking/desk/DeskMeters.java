package it.snodo.booking.desk;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingReply;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** What the desk counts: answers by result, and the time that the hub itself takes, without the CUP's. */
@Component("bookingMeters")
class DeskMeters {

    private final MeterRegistry meters;
    private final Timer added;

    DeskMeters(MeterRegistry meters) {
        this.meters = meters;
        this.added = Timer.builder("snodo.booking.added")
                .description("Time of a booking message in the hub, without waiting for CUPs")
                .publishPercentiles(0.5, 0.99)
                .register(meters);
    }

    void answered(Work work, BookingReply reply) {
        if (reply instanceof BookingAnswer answer) {
            meters.counter("snodo.booking.answers", "result", answer.result().name())
                    .increment();
        }
        added.record(System.nanoTime() - work.began - work.elsewhere, TimeUnit.NANOSECONDS);
    }

    void retried(String azienda, String outcome) {
        meters.counter("snodo.booking.retries", "azienda", azienda, "outcome", outcome)
                .increment();
    }

    MeterRegistry registry() {
        return meters;
    }
}
