package it.snodo.booking.desk;

import io.micrometer.core.instrument.MeterRegistry;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingReply;
import org.springframework.stereotype.Component;

/** What the desk counts: answers by result, and what is sent to CUPs again. */
@Component("bookingMeters")
class DeskMeters {

    private final MeterRegistry meters;

    DeskMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    void answered(BookingReply reply) {
        if (reply instanceof BookingAnswer answer) {
            meters.counter("snodo.booking.answers", "result", answer.result().name())
                    .increment();
        }
    }

    void retried(String azienda, String outcome) {
        meters.counter("snodo.booking.retries", "azienda", azienda, "outcome", outcome)
                .increment();
    }

    MeterRegistry registry() {
        return meters;
    }
}
