package it.snodo.booking.cup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.CupPort.Reply;
import it.snodo.booking.cup.CupPort.Reply.Outcome;
import it.snodo.publication.Pause;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;

/** The callers of a CUP that is down. */
class CupGateTest {

    private static Cups cups(Duration open) {
        return new Cups(Cups.properties(3, open), new DefaultSslBundleRegistry());
    }

    @Test
    void after_three_failures_nothing_is_tried_and_the_caller_is_told_at_once() throws IOException {
        try (Cups cups = cups(Duration.ofHours(1));
                Peer peer = new Peer()) {
            CupAzienda azienda = Sample.azienda("SIU", peer.port());
            for (int i = 0; i < 3; i++) {
                peer.then((message, with) -> with.reset());
                assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.UNKNOWN);
            }
            Reply reply = cups.book(azienda);
            assertThat(reply.outcome()).isEqualTo(Outcome.UNSENT);
            assertThat(reply.words()).contains("non risponde").contains("ASL TO1");
            assertThat(peer.received).as("the fourth never left").hasSize(3);
            var health = new CupsHealth(cups.gates).health();
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails().get("010301").toString())
                    .contains("state=FAILING")
                    .contains("circuit=OPEN");
            assertThat(cups.meters
                            .get("snodo.cup.calls")
                            .tags("azienda", "010301", "operation", "BOOK", "outcome", "UNKNOWN")
                            .timer()
                            .count())
                    .isEqualTo(3);
        }
    }

    @Test
    void one_call_now_and_then_tries_whether_it_is_back() throws IOException {
        int port;
        try (ServerSocket gone = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            port = gone.getLocalPort();
        }
        try (Cups cups = cups(Duration.ofMillis(100))) {
            CupAzienda dead = Sample.azienda("SIU", port);
            for (int i = 0; i < 3; i++) {
                cups.book(dead);
            }
            try (Peer back = new Peer()) {
                CupAzienda alive = Sample.azienda("SIU", back.port());
                await().atMost(Cups.LONG)
                        .untilAsserted(
                                () -> assertThat(cups.book(alive).outcome()).isEqualTo(Outcome.DONE));
                assertThat(cups.book(alive).outcome()).isEqualTo(Outcome.DONE);
                assertThat(cups.gates.of(alive).commands().standing().circuit()).isEqualTo("CLOSED");
            }
        }
    }

    @Test
    void a_refusal_is_an_answer_and_shuts_nothing() throws IOException {
        try (Cups cups = cups(Duration.ofHours(1));
                Peer peer = new Peer()) {
            CupAzienda azienda = Sample.azienda("SIU", peer.port());
            for (int i = 0; i < 6; i++) {
                peer.then((message, with) -> with.send(Peer.ack(message, "AE", "ERR|||207|E||||no")));
                assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.REFUSED);
            }
        }
    }

    @Test
    void to_a_cup_that_a_person_has_paused_nothing_is_sent_until_it_goes_on() throws IOException {
        try (Cups cups = cups(Duration.ofHours(1));
                Peer peer = new Peer()) {
            CupAzienda azienda = Sample.azienda("SIU", peer.port());
            cups.gates.pause(Map.of("010301", new Pause("fermo concordato", "ops", Instant.EPOCH, null)));

            Reply reply = cups.book(azienda);
            assertThat(reply.outcome()).isEqualTo(Outcome.UNSENT);
            assertThat(reply.words()).contains("in pausa", "fermo concordato");
            assertThat(peer.received).isEmpty();

            cups.gates.pause(Map.of());
            peer.then((message, with) -> with.send(Peer.ack(message, "AA")));
            assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.DONE);
        }
    }
}
