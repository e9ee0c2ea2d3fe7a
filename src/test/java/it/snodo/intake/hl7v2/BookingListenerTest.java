package it.snodo.intake.hl7v2;

import static it.snodo.demo.MllpClient.frame;
import static it.snodo.intake.hl7v2.Answers.field;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.demo.MllpClient;
import it.snodo.intake.BookingArrival;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

/** Bookings over real sockets, on the port that certificates come by. */
class BookingListenerTest {

    private Listener listener;

    /** One thread for all connections: whoever blocks it blocks everybody. */
    @BeforeEach
    void start() {
        listener = new Listener(Listener.properties("workers=1"));
        listener.onBooking(arrival -> arrival.faults().isEmpty()
                ? BookingSamples.done(operation(arrival))
                : BookingAnswer.refused(List.of(), arrival.faults()));
    }

    @AfterEach
    void stop() {
        listener.close();
    }

    private static Operation operation(BookingArrival arrival) {
        return arrival.ask() instanceof BookingRequest request ? request.operation() : Operation.BOOK;
    }

    private static String request(String event, String id) {
        return BookingSamples.request(event, "2.5").replace("SC20260112000001", id);
    }

    @Test
    void requests_of_one_connection_are_answered_in_their_order() {
        try (MllpClient peer = listener.connect()) {
            peer.send(frame(request("S01", "A")))
                    .send(frame(Samples.certificate("B").toString()))
                    .send(frame(request("S04", "C")))
                    .send(frame(BookingSamples.notice("S15", "2.3")));
            assertThat(peer.receive()).contains("SRR^S01^SRR_S01", "\rMSA|AA|A\r", "Booked^^HL70278");
            assertThat(peer.receive()).contains("ACK^T02^ACK", "MSA|AA|B|");
            assertThat(peer.receive()).contains("SRR^S04^SRR_S01", "\rMSA|AA|C\r", "Cancelled^^HL70278");
            assertThat(peer.receive()).contains("\rMSA|AA|N1\r");
        }
    }

    @Test
    void a_slow_booking_holds_no_certificate_of_another_connection() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        listener.onBooking(arrival -> {
            asked.countDown();
            wait(answered);
            return BookingSamples.done(operation(arrival));
        });
        try (MllpClient slow = listener.connect();
                MllpClient other = listener.connect()) {
            slow.send(frame(request("S01", "SLOW")))
                    .send(frame(Samples.certificate("BEHIND").toString()));
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 5; i++) {
                String id = "QUICK" + i;
                assertThat(other.exchange(Samples.certificate(id).toString())).contains("MSA|AA|" + id);
            }
            // its own connection waits: what is behind it has not been looked at
            assertThat(listener.takenIds()).doesNotContain("BEHIND");
            assertThat(slow.available()).isZero();
            answered.countDown();
            assertThat(slow.receive()).contains("MSA|AA|SLOW");
            assertThat(slow.receive()).contains("MSA|AA|BEHIND");
        }
    }

    private static void wait(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_peer_that_asks_for_both_acknowledgements_gets_the_receipt_and_then_the_decision() {
        String message = request("S01", "E").replace("|P|2.5||||||", "|P|2.5|||AL|AL||");
        try (MllpClient peer = listener.connect()) {
            String receipt = peer.exchange(message);
            assertThat(field(receipt, "MSH", 9)).isEqualTo("ACK^S01^ACK");
            assertThat(field(receipt, "MSA", 1)).isEqualTo("CA");
            String decision = peer.receive();
            assertThat(field(decision, "MSH", 9)).isEqualTo("SRR^S01^SRR_S01");
            assertThat(field(decision, "MSA", 1)).isEqualTo("AA");
            assertThat(field(decision, "MSA", 2)).isEqualTo("E");
        }
    }

    @Test
    void a_batch_of_both_kinds_is_answered_as_one_frame_in_order() {
        String batch = "BHS|^~\\&|A|B|C|D\r" + Samples.certificate("B1") + request("S01", "B2")
                + Samples.certificate("B3") + "BTS|3\r";
        try (MllpClient peer = listener.connect()) {
            String answer = peer.exchange(batch);
            assertThat(answer.indexOf("MSA|AA|B1")).isPositive();
            assertThat(answer.indexOf("MSA|AA|B2")).isGreaterThan(answer.indexOf("MSA|AA|B1"));
            assertThat(answer.indexOf("MSA|AA|B3")).isGreaterThan(answer.indexOf("MSA|AA|B2"));
        }
    }

    @Test
    void what_cannot_be_stored_is_answered_AE_to_be_sent_again() {
        listener.onBooking(arrival -> {
            throw new DataAccessResourceFailureException("no database");
        });
        try (MllpClient peer = listener.connect()) {
            String answer = peer.exchange(request("S01", "F"));
            assertThat(field(answer, "MSH", 9)).isEqualTo("SRR^S01^SRR_S01");
            assertThat(field(answer, "MSA", 1)).isEqualTo("AE");
            assertThat(field(answer, "ERR", 3)).startsWith("207^");
            assertThat(field(answer, "ERR", 5)).startsWith("SNODO-9002^");
            String search = peer.exchange(BookingSamples.search("2.5"));
            assertThat(field(search, "MSH", 9)).isEqualTo("SQR^S25^SQR_S25");
            assertThat(field(search, "QAK", 2)).isEqualTo("AE");
        }
    }

    @Test
    void what_makes_the_hub_fail_is_answered_and_goes_to_quarantine() throws IOException {
        listener.onBooking(arrival -> {
            throw new IllegalStateException("a fault of our own");
        });
        try (MllpClient peer = listener.connect()) {
            assertThat(field(peer.exchange(request("S01", "G")), "ERR", 5)).startsWith("SNODO-9001^");
            listener.onBooking(arrival -> BookingSamples.done(Operation.BOOK));
            assertThat(field(peer.exchange(request("S01", "H")), "MSA", 1)).isEqualTo("AA");
        }
        Path quarantine = listener.data.resolve("quarantine");
        try (Stream<Path> files = Files.list(quarantine)) {
            assertThat(files.filter(each -> each.toString().endsWith(".hl7"))).hasSize(1);
        }
    }

    @Test
    void events_that_are_not_offered_are_rejected() {
        try (MllpClient peer = listener.connect()) {
            String answer = peer.exchange(request("S09", "I"));
            assertThat(field(answer, "MSA", 1)).isEqualTo("AR");
            assertThat(field(answer, "ERR", 3)).startsWith("201^");
        }
    }
}
