package it.snodo.booking.cup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.CupPort.Reply;
import it.snodo.booking.cup.CupPort.Reply.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a CUP over MLLP may do, and what the hub makes of it; after each the next command is answered rightly. */
class MllpCupTest {

    private Cups cups;
    private Peer peer;
    private CupAzienda azienda;

    @BeforeEach
    void open() throws IOException {
        cups = new Cups();
        peer = new Peer();
        azienda = Sample.azienda("SIU", peer.port());
    }

    @AfterEach
    void shut() throws IOException {
        cups.close();
        peer.close();
    }

    private void theNextIsRight() {
        String own = "CUP301-" + System.nanoTime();
        peer.then((message, with) -> with.send(Peer.ack(message, "AA", "NTE|1|L|" + own + "|FILLER")));
        Reply next = cups.book(azienda);
        assertThat(next.outcome()).isEqualTo(Outcome.DONE);
        assertThat(next.fillerCode()).isEqualTo(own);
    }

    /** A short deadline may be over too soon on a slow machine: then once more. */
    private void eventually(Peer.Turn turn, Consumer<Reply> expected) {
        await().atMost(Cups.LONG.multipliedBy(2)).untilAsserted(() -> {
            peer.clear().then(turn);
            expected.accept(cups.book(azienda, Cups.SHORT));
        });
        peer.clear();
    }

    @Test
    void an_accepted_booking_brings_the_cups_code_the_amounts_and_the_notes() {
        peer.then((message, with) -> with.send(Peer.ack(
                message,
                "AA",
                "NTE|1|L|CUP301-884512|FILLER",
                "NTE|2|L|36.15|TICKET",
                "NTE|3|L|20,00|TICKET1",
                "NTE|4|L|16.15|TICKET2",
                "NTE|5|L|Portare esami \\T\\ referti|PI",
                "NTE|6|L|Agenda con poche disponibilità|99NO")));
        Reply reply = cups.book(azienda);
        assertThat(reply.outcome()).isEqualTo(Outcome.DONE);
        assertThat(reply.fillerCode()).isEqualTo("CUP301-884512");
        assertThat(reply.ticket()).isEqualByComparingTo("36.15");
        assertThat(reply.localTickets().get(0)).isEqualByComparingTo("20");
        assertThat(reply.localTickets().get(1)).isEqualByComparingTo("16.15");
        assertThat(reply.notes())
                .extracting("kind", "text")
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                it.snodo.booking.Note.Kind.PATIENT, "Portare esami & referti"),
                        org.assertj.core.groups.Tuple.tuple(
                                it.snodo.booking.Note.Kind.OPERATOR, "Agenda con poche disponibilità"));
    }

    @Test
    void connections_are_used_again() {
        for (int i = 0; i < 20; i++) {
            theNextIsRight();
        }
        assertThat(peer.connections).hasValue(1);
    }

    @Test
    void what_was_made_once_is_sent_as_it_is_every_time() {
        byte[] command = cups.port.command(azienda, Sample.booking(), Operation.BOOK, "SAME", null);
        cups.port.send(azienda, Operation.BOOK, "SAME", command, Cups.LONG);
        cups.port.send(azienda, Operation.BOOK, "SAME", command, Cups.LONG);
        assertThat(peer.bytes).hasSize(2).allSatisfy(sent -> assertThat(sent).isEqualTo(command));
    }

    @Test
    void a_slot_that_is_gone_is_told_from_other_refusals() {
        peer.then((message, with) -> with.send(Peer.ack(
                message, "AE", "ERR||SCH^1^11|206^Application record locked^HL70357|E|||Posto appena occupato")));
        Reply taken = cups.book(azienda);
        assertThat(taken.outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(taken.words()).isEqualTo("Posto appena occupato");
        peer.then((message, with) -> with.send(Peer.ack(
                message,
                "AE",
                "ERR||SCH^1^26|207^Application error^HL70357|E|R-77^Agenda chiusa^L|||Agenda chiusa fino a gennaio")));
        Reply refused = cups.book(azienda);
        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.code()).isEqualTo("R-77");
        assertThat(refused.words()).isEqualTo("Agenda chiusa fino a gennaio");
        peer.then(
                (message, with) -> with.send(Peer.ack(message, "AR", "ERR|||200^Unsupported message type^HL70357|E")));
        Reply rejected = cups.book(azienda);
        assertThat(rejected.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(rejected.code()).isEqualTo("200");
        theNextIsRight();
    }

    @Test
    void old_versions_say_it_in_err_1_and_msa_3() {
        peer.then((message, with) -> with.send(Peer.ack(message, "AE", "ERR|ARQ^1^11^206&Locked&HL70357")));
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.TAKEN);
        peer.then((message, with) -> with.send("MSH|^~\\&|CUP|010301|||20261122||ACK|7|P|2.3\rMSA|AE|"
                + Peer.controlId(message)
                + "|SC-012 Impegnativa scaduta\rERR|SCH^1^26^207&Application error&HL70357&SC-012"
                + "&Impegnativa scaduta\r"));
        Reply refused = cups.book(azienda);
        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.code()).isEqualTo("SC-012");
        assertThat(refused.words()).isEqualTo("Impegnativa scaduta");
    }

    @Test
    void a_cup_that_knows_the_booking_already_has_done_it() {
        peer.then(
                (message, with) -> with.send(Peer.ack(message, "AE", "ERR|||205^Duplicate key identifier^HL70357|E")));
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    void a_cup_that_knows_another_booking_has_not_done_this_one() {
        peer.then((message, with) -> with.send(Peer.ack(
                message,
                "AE",
                "ERR|||205^Duplicate key identifier^HL70357|E",
                "SCH|SC2026000123^SOVRACUP|C1||||NEW||||min|^^M20^20261211093000+0100")));
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.REFUSED);
        peer.then((message, with) -> with.send(Peer.ack(
                message, "AE", "ERR|||205^Duplicate key identifier^HL70357|E|SC-039^Prestazione già prenotata^99SC")));
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void an_answer_to_another_message_is_an_event_and_no_answer() {
        peer.then((message, with) -> {
            with.send(Peer.answer("ANOTHER", "AA", "NTE|1|L|WRONG|FILLER"));
            with.send(Peer.ack(message, "AE", "ERR|||206^Locked^HL70357|E"));
        });
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.TAKEN);
        assertThat(cups.events("foreign")).isEqualTo(1);
        theNextIsRight();
        assertThat(peer.connections).as("that connection is not used again").hasValue(2);
    }

    @Test
    void only_a_foreign_answer_leaves_the_outcome_unknown() {
        eventually((message, with) -> with.send(Peer.answer("ANOTHER", "AA")), reply -> {
            assertThat(reply.outcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(reply.words()).contains("risposte ad altri messaggi");
        });
        theNextIsRight();
    }

    @Test
    void what_is_no_acknowledgement_is_no_answer() {
        peer.then((message, with) -> {
            with.raw(new byte[] {0x0B, 0x1C, 0x0D});
            with.send("GARBAGE");
            with.send("MSH|^~\\&|CUP|010301|||20261122||ACK|7|P|2.5\r");
            with.send(Peer.ack(message, "AA", "NTE|1|L|RIGHT|FILLER"));
        });
        assertThat(cups.book(azienda).fillerCode()).isEqualTo("RIGHT");
        theNextIsRight();
    }

    @Test
    void an_answer_that_does_not_say_yes_or_no_is_unknown() {
        peer.then((message, with) -> with.send(Peer.ack(message, "OK")));
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.UNKNOWN);
        theNextIsRight();
    }

    @Test
    void a_late_answer_is_never_taken_for_the_next_messages() {
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch tried = new CountDownLatch(1);
        eventually(
                (message, with) -> {
                    over.await(60, TimeUnit.SECONDS);
                    try {
                        with.send(Peer.ack(message, "AA", "NTE|1|L|LATE|FILLER"));
                    } finally {
                        tried.countDown();
                    }
                },
                reply -> assertThat(reply.outcome()).isEqualTo(Outcome.UNKNOWN));
        over.countDown();
        await().atMost(Cups.LONG).until(() -> tried.getCount() == 0);
        theNextIsRight();
    }

    @Test
    void an_answer_given_twice_counts_once() {
        peer.then((message, with) -> {
            String answer = Peer.ack(message, "AA", "NTE|1|L|ONCE|FILLER");
            with.send(answer);
            with.send(answer);
        });
        assertThat(cups.book(azienda).fillerCode()).isEqualTo("ONCE");
        theNextIsRight();
        theNextIsRight();
    }

    @Test
    void an_answer_that_nobody_asked_for_closes_the_connection() {
        peer.then((message, with) -> {
            with.send(Peer.ack(message, "AA"));
            Thread later = new Thread(() -> {
                try {
                    await().atMost(Cups.LONG).until(() -> peer.received.size() == 1);
                    with.send(Peer.answer("SOMETHING", "AA"));
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            later.start();
        });
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.DONE);
        await().atMost(Cups.LONG).until(() -> peer.open() == 0);
        theNextIsRight();
    }

    @Test
    void half_an_answer_is_no_answer() {
        peer.then((message, with) -> {
            byte[] whole = Peer.framed(Peer.ack(message, "AA").getBytes(StandardCharsets.UTF_8));
            with.raw(Arrays.copyOf(whole, whole.length - 10));
            with.close();
        });
        Reply cut = cups.book(azienda);
        assertThat(cut.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(cut.words()).contains("la connessione è caduta");
        theNextIsRight();
        eventually(
                (message, with) -> {
                    byte[] whole = Peer.framed(Peer.ack(message, "AA").getBytes(StandardCharsets.UTF_8));
                    with.raw(Arrays.copyOf(whole, whole.length - 10));
                },
                silent -> {
                    assertThat(silent.outcome()).isEqualTo(Outcome.UNKNOWN);
                    assertThat(silent.words()).contains("nessuna risposta intera entro 600 ms");
                });
        theNextIsRight();
    }

    @Test
    void a_reset_after_the_message_leaves_the_outcome_unknown() {
        peer.then((message, with) -> with.reset());
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.UNKNOWN);
        theNextIsRight();
    }

    @Test
    void an_answer_that_comes_byte_by_byte_is_an_answer() {
        peer.then((message, with) -> {
            for (byte each :
                    Peer.framed(Peer.ack(message, "AA", "NTE|1|L|SLOW|FILLER").getBytes(StandardCharsets.UTF_8))) {
                with.raw(new byte[] {each});
            }
        });
        assertThat(cups.book(azienda).fillerCode()).isEqualTo("SLOW");
        theNextIsRight();
    }

    @Test
    void framing_marks_may_be_missing_and_noise_may_stand_between() {
        peer.then((message, with) -> {
            byte[] answer = Peer.ack(message, "AA", "NTE|1|L|BARE|FILLER").getBytes(StandardCharsets.UTF_8);
            with.raw("\r\n  M keep-alive\n".getBytes(StandardCharsets.UTF_8));
            with.raw(answer);
            with.raw(new byte[] {0x1C});
        });
        assertThat(cups.book(azienda).fillerCode()).isEqualTo("BARE");
        theNextIsRight();
    }

    @Test
    void a_commit_acknowledgement_is_not_the_answer() {
        peer.then((message, with) -> {
            with.send(Peer.ack(message, "CA"));
            with.send(Peer.ack(message, "AE", "ERR|||206^Locked^HL70357|E"));
        });
        assertThat(cups.book(azienda).outcome()).isEqualTo(Outcome.TAKEN);
        peer.then((message, with) -> {
            with.send(Peer.ack(message, "CA"));
            with.send(Peer.ack(message, "AA", "NTE|1|L|SECOND|FILLER"));
        });
        assertThat(cups.book(azienda).fillerCode()).isEqualTo("SECOND");
        eventually((message, with) -> with.send(Peer.ack(message, "CA")), onlyCommit -> {
            assertThat(onlyCommit.outcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(onlyCommit.words()).contains("sola conferma di ricezione");
        });
        theNextIsRight();
    }

    @Test
    void words_are_read_in_the_set_they_are_really_written_in() {
        peer.then((message, with) ->
                with.send(Peer.ack(message, "AE", "ERR|||207^x^HL70357|E||||Perché l'agenda è chiusa")
                        .getBytes(Charset.forName("windows-1252"))));
        assertThat(cups.book(azienda).words()).isEqualTo("Perché l'agenda è chiusa");
        theNextIsRight();
    }

    @Test
    void a_refused_connection_has_surely_sent_nothing() throws IOException {
        peer.close();
        Reply reply = cups.book(azienda);
        assertThat(reply.outcome()).isEqualTo(Outcome.UNSENT);
        assertThat(reply.words()).contains("ASL TO1").contains("connessione a 127.0.0.1");
    }

    @Test
    void a_host_that_has_no_address_has_surely_got_nothing() {
        Reply reply = cups.book(Sample.azienda("SIU", "cup.invalid", 1, "2.5", null, null));
        assertThat(reply.outcome()).isEqualTo(Outcome.UNSENT);
        assertThat(cups.book(Sample.azienda("SIU", null, 1, "2.5", null, null)).words())
                .contains("snodo.cup.host");
        assertThat(cups.port
                        .send(Sample.azienda(null, 1), Operation.BOOK, "SN1", new byte[] {1}, Cups.LONG)
                        .outcome())
                .isEqualTo(Outcome.UNSENT);
    }

    @Test
    void a_connection_that_the_cup_has_ended_is_not_written_to() throws IOException {
        theNextIsRight();
        peer.hangUp();
        await().atMost(Cups.LONG).until(() -> peer.open() == 0);
        for (int i = 0; i < 3; i++) {
            // the end may be seen a moment later: then it is unknown, never "done" and never "unsent"
            Reply reply = cups.book(azienda);
            assertThat(reply.outcome()).isIn(Outcome.DONE, Outcome.UNKNOWN);
        }
        theNextIsRight();
    }

    @Test
    void the_deadline_holds_for_a_cup_that_takes_the_connection_and_says_nothing() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CupAzienda silent = Sample.azienda("SIU", deaf.getLocalPort());
            await().atMost(Cups.LONG)
                    .untilAsserted(() ->
                            assertThat(cups.book(silent, Cups.SHORT).outcome()).isEqualTo(Outcome.UNKNOWN));
        }
    }

    @Test
    void no_more_than_four_are_under_way_and_each_gets_its_own_answer() throws Exception {
        Set<Thread> now = ConcurrentHashMap.newKeySet();
        List<Integer> most = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            peer.then((message, with) -> {
                now.add(Thread.currentThread());
                synchronized (most) {
                    most.add(now.size());
                }
                with.send(Peer.ack(message, "AA", "NTE|1|L|F-" + Peer.controlId(message) + "|FILLER"));
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                calls.add(threads.submit(() -> {
                    String id = Cups.id();
                    byte[] command = cups.port.command(azienda, Sample.booking(), Operation.BOOK, id, null);
                    Reply reply = cups.port.send(azienda, Operation.BOOK, id, command, Cups.LONG);
                    return ("F-" + id).equals(reply.fillerCode());
                }));
            }
            for (Future<Boolean> call : calls) {
                assertThat(call.get(120, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(peer.connections.get()).isBetween(1, 4);
        assertThat(most).allSatisfy(each -> assertThat(each).isLessThanOrEqualTo(4));
    }

    @Test
    void whoever_finds_no_free_connection_in_time_has_sent_nothing() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < 4; i++) {
            peer.then((message, with) -> {
                end.await(60, TimeUnit.SECONDS);
                with.send(Peer.ack(message, "AA"));
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Reply>> held = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                held.add(threads.submit(() -> cups.book(azienda)));
            }
            await().atMost(Cups.LONG).until(() -> peer.received.size() == 4);
            Reply fifth = cups.book(azienda, Duration.ofMillis(50));
            assertThat(fifth.outcome()).isEqualTo(Outcome.UNSENT);
            end.countDown();
            for (Future<Reply> each : held) {
                assertThat(each.get(120, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.DONE);
            }
        } finally {
            end.countDown();
            threads.shutdownNow();
        }
        assertThat(peer.received).hasSize(4);
        theNextIsRight();
    }
}
