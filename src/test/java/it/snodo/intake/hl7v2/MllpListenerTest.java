package it.snodo.intake.hl7v2;

import static it.snodo.demo.MllpClient.frame;
import static it.snodo.intake.hl7v2.Answers.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import it.snodo.demo.MllpClient;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessResourceFailureException;

/** The listener's contract with its peers, kept over real sockets. */
class MllpListenerTest extends ListenerTest {

    private static String certificate(String id) {
        return Samples.certificate(id).toString();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertAnswered(String answer, String code, String id) {
        assertThat(answer).isNotNull().startsWith("MSH|^~\\&|").endsWith("\r");
        assertThat(field(answer, "MSA", 1)).isEqualTo(code);
        assertThat(field(answer, "MSA", 2)).isEqualTo(id);
    }

    // --- framing ---------------------------------------------------------------------------------------------

    @Test
    void a_message_is_taken_and_answered_AA() {
        try (MllpClient peer = listener.connect()) {
            assertAnswered(peer.exchange(certificate("A1")), "AA", "A1");
            assertThat(listener.takenIds()).containsExactly("A1");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 20, 200})
    void frames_in_one_write_are_each_answered_in_order(int count) {
        try (MllpClient peer = listener.connect()) {
            byte[] all = new byte[0];
            for (int i = 0; i < count; i++) {
                all = join(all, frame(certificate("P" + i)));
            }
            peer.send(all);
            for (int i = 0; i < count; i++) {
                assertAnswered(peer.receive(), "AA", "P" + i);
            }
        }
    }

    @Test
    void a_frame_may_come_byte_by_byte_even_cut_inside_a_letter() {
        try (MllpClient peer = listener.connect()) {
            String message =
                    Samples.certificate("B1").with("PID", 5, "MONTÀ^NICOLÒ").toString();
            for (byte each : frame(message)) {
                peer.send(new byte[] {each});
            }
            assertAnswered(peer.receive(), "AA", "B1");
            assertThat(listener.taken.peek().request().patient().given()).isEqualTo("NICOLÒ");
        }
    }

    @Test
    void a_frame_without_its_last_CR_is_answered_and_so_is_the_next() {
        try (MllpClient peer = listener.connect()) {
            byte[] framed = frame(certificate("C1"));
            assertAnswered(peer.send(Arrays.copyOf(framed, framed.length - 1)).receive(), "AA", "C1");
            assertAnswered(peer.exchange(certificate("C2")), "AA", "C2");
        }
    }

    @Test
    void a_frame_without_CR_ends_where_the_next_begins() {
        try (MllpClient peer = listener.connect()) {
            byte[] first = frame(certificate("D1"));
            peer.send(join(Arrays.copyOf(first, first.length - 1), frame(certificate("D2"))));
            assertAnswered(peer.receive(), "AA", "D1");
            assertAnswered(peer.receive(), "AA", "D2");
        }
    }

    @Test
    void FS_and_CR_may_come_apart() throws InterruptedException {
        try (MllpClient peer = listener.connect()) {
            byte[] framed = frame(certificate("E1"));
            peer.send(Arrays.copyOf(framed, framed.length - 1));
            peer.send(new byte[] {0x0D});
            assertAnswered(peer.receive(), "AA", "E1");
            assertAnswered(peer.exchange(certificate("E2")), "AA", "E2");
        }
    }

    @Test
    void LF_or_CR_LF_after_FS_is_no_harm() {
        try (MllpClient peer = listener.connect()) {
            byte[] framed = frame(certificate("F1"));
            byte[] withLf = framed.clone();
            withLf[withLf.length - 1] = 0x0A;
            peer.send(join(withLf, framed, new byte[] {0x0A}, framed));
            for (int i = 0; i < 3; i++) {
                assertAnswered(peer.receive(), "AA", "F1");
            }
        }
    }

    @Test
    void noise_between_frames_is_skipped() {
        try (MllpClient peer = listener.connect()) {
            peer.send(join(
                    bytes("2026-11-12 INFO sending\n\0\0  "),
                    frame(certificate("G1")),
                    new byte[] {0x0D, 0x0D, 0},
                    frame(certificate("G2"))));
            assertAnswered(peer.receive(), "AA", "G1");
            assertAnswered(peer.receive(), "AA", "G2");
        }
    }

    @Test
    void a_peer_that_only_sends_noise_is_cut_off() {
        try (MllpClient peer = listener.connect()) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            peer.send(new byte[1024]).send(bytes("x".repeat(1024)));
                        }
                        if (peer.receive() == null) {
                            throw new UncheckedIOException(new java.io.IOException("closed"));
                        }
                    })
                    .isInstanceOf(UncheckedIOException.class);
        }
        assertThat(listener.taken).isEmpty();
    }

    @Test
    void a_peer_that_speaks_something_else_is_not_left_waiting() {
        try (Listener strict = new Listener(Listener.properties("frame-timeout=300ms"));
                MllpClient web = strict.connect();
                MllpClient late = strict.connect()) {
            assertThat(web.send(bytes("GET / HTTP/1.1\r\nHost: snodo\r\n\r\n")).receive())
                    .isNull();
            // One that has sent a frame may send what it likes between the next ones.
            assertAnswered(late.exchange(certificate("HA1")), "AA", "HA1");
            late.send(bytes("log: collegato\n"));
            late.timeout(900);
            assertThatThrownBy(late::receive).isInstanceOf(UncheckedIOException.class);
            late.timeout(20_000);
            assertAnswered(late.exchange(certificate("HA2")), "AA", "HA2");
        }
    }

    @Test
    void a_frame_without_start_block_is_answered_when_it_begins_with_MSH() {
        try (MllpClient peer = listener.connect()) {
            byte[] framed = frame(certificate("H1"));
            assertAnswered(
                    peer.send(Arrays.copyOfRange(framed, 1, framed.length)).receive(), "AA", "H1");
        }
    }

    @Test
    void a_start_block_inside_a_text_is_text() {
        try (MllpClient peer = listener.connect()) {
            String message = Samples.certificate("I1")
                    .with("OBX", 4, 5, "Stenosi\u000b aortica\u001c grave")
                    .toString();
            assertAnswered(peer.exchange(message), "AA", "I1");
            assertThat(listener.taken.peek().request().pathology()).containsExactly("Stenosi aortica grave");
        }
    }

    @Test
    void a_frame_that_another_one_interrupts_is_refused_and_the_other_taken() {
        try (MllpClient peer = listener.connect()) {
            byte[] cut = frame(certificate("J1"));
            peer.send(join(Arrays.copyOf(cut, 400), frame(certificate("J2"))));
            assertAnswered(peer.receive(), "AR", "J1");
            assertAnswered(peer.receive(), "AA", "J2");
            assertThat(listener.taken.peek().request()).isNull();
        }
    }

    @Test
    void empty_frames_are_ignored() {
        try (MllpClient peer = listener.connect()) {
            peer.send(join(frame(""), frame("\r"), frame(certificate("K1"))));
            assertAnswered(peer.receive(), "AA", "K1");
        }
        assertThat(listener.taken).hasSize(1);
    }

    @Test
    void a_byte_order_mark_is_no_part_of_the_message() {
        try (MllpClient peer = listener.connect()) {
            assertAnswered(peer.exchange("\uFEFF" + certificate("L1")), "AA", "L1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\n", "\r\n", "\r\r", "\n\n"})
    void segments_may_end_in_any_way(String terminator) {
        try (MllpClient peer = listener.connect()) {
            String answer = peer.exchange(Samples.certificate("M1").joined(terminator));
            assertAnswered(answer, "AA", "M1");
            assertThat(answer).doesNotContain("\n");
            assertThat(listener.taken.peek().request().ticket()).isEqualTo("S");
        }
    }

    @Test
    void a_peer_that_closes_its_sending_side_still_gets_its_answers() {
        try (MllpClient peer = listener.connect()) {
            byte[] last = frame(certificate("N2"));
            peer.send(join(frame(certificate("N1")), Arrays.copyOf(last, last.length - 1)));
            peer.endSending();
            assertAnswered(peer.receive(), "AA", "N1");
            assertAnswered(peer.receive(), "AA", "N2");
            assertThat(peer.receive()).isNull();
        }
    }

    @Test
    void thirty_megabytes_of_attached_document_pass_in_linear_time() {
        try (MllpClient peer = listener.connect()) {
            String document = "QUJD".repeat(30 * 1024 * 1024 / 4);
            String message = Samples.certificate("O1")
                    .plus("OBX|15|ED|PDF^Referto^99HIS||^application^pdf^Base64^" + document + "||||||F")
                    .toString();
            long start = System.nanoTime();
            assertAnswered(peer.exchange(message), "AA", "O1");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            await().untilAsserted(() ->
                    assertThat(listener.connections.memory().used()).isZero());
        }
    }

    // --- limits ----------------------------------------------------------------------------------------------

    @Test
    void a_frame_over_the_limit_is_answered_AR_104_and_the_connection_closed() {
        MllpProperties small = Listener.properties("max-frame-size=100KB");
        try (Listener strict = new Listener(small);
                MllpClient peer = strict.connect()) {
            String message = Samples.certificate("Q1")
                    .plus("OBX|15|ED|PDF^Referto^99HIS||^^^Base64^" + "QUJD".repeat(1024 * 1024) + "||||||F")
                    .toString();
            String answer = peer.exchange(message);
            assertAnswered(answer, "AR", "Q1");
            assertThat(field(answer, "ERR", 3)).startsWith("104^");
            assertThat(peer.receive()).isNull();
        }
    }

    @Test
    void large_frames_wait_for_each_other_when_together_they_are_too_much() {
        MllpProperties tight = Listener.properties("max-buffered=3MB");
        try (Listener strict = new Listener(tight)) {
            List<MllpClient> peers = new ArrayList<>();
            List<Thread> senders = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                MllpClient peer = strict.connect();
                peers.add(peer);
                byte[] large = frame(Samples.certificate("LA" + i)
                        .plus("OBX|15|ED|PDF^^99HIS||^^^Base64^" + "QUJD".repeat(1024 * 1024) + "||||||F")
                        .toString());
                senders.add(new Thread(() -> peer.send(large)));
            }
            senders.forEach(Thread::start);
            for (int i = 0; i < 6; i++) {
                assertAnswered(peers.get(i).receive(), "AA", "LA" + i);
            }
            await().untilAsserted(
                            () -> assertThat(strict.connections.memory().used()).isZero());
            peers.forEach(MllpClient::close);
        }
    }

    @Test
    void a_frame_that_never_ends_is_closed_without_an_answer() {
        MllpProperties quick = Listener.properties("frame-timeout=300ms");
        try (Listener strict = new Listener(quick);
                MllpClient peer = strict.connect()) {
            peer.send(Arrays.copyOf(frame(certificate("R1")), 300));
            assertThat(peer.receive()).isNull();
            assertThat(strict.taken).isEmpty();
        }
    }

    @Test
    void a_connection_that_stays_silent_is_closed() {
        MllpProperties quick = Listener.properties("idle-timeout=300ms");
        try (Listener strict = new Listener(quick);
                MllpClient peer = strict.connect()) {
            assertAnswered(peer.exchange(certificate("S1")), "AA", "S1");
            assertThat(peer.receive()).isNull();
            await().untilAsserted(() -> assertThat(strict.connections.count()).isZero());
        }
    }

    @Test
    void one_connection_too_many_takes_the_place_of_the_oldest_idle_one() {
        MllpProperties three = Listener.properties("max-connections=3");
        try (Listener strict = new Listener(three);
                MllpClient first = strict.connect();
                MllpClient second = strict.connect();
                MllpClient third = strict.connect()) {
            assertAnswered(first.exchange(certificate("T1")), "AA", "T1");
            assertAnswered(second.exchange(certificate("T2")), "AA", "T2");
            assertAnswered(third.exchange(certificate("T3")), "AA", "T3");
            try (MllpClient fourth = strict.connect()) {
                assertAnswered(fourth.exchange(certificate("T4")), "AA", "T4");
                assertThat(first.receive()).isNull();
                assertAnswered(second.exchange(certificate("T5")), "AA", "T5");
            }
        }
    }

    @Test
    void five_hundred_connections_are_served() {
        List<MllpClient> peers = new ArrayList<>();
        try {
            IntStream.range(0, 500).forEach(i -> peers.add(listener.connect()));
            for (int i = 0; i < peers.size(); i++) {
                peers.get(i).send(frame(certificate("U" + i)));
            }
            for (int i = 0; i < peers.size(); i++) {
                assertAnswered(peers.get(i).receive(), "AA", "U" + i);
            }
        } finally {
            peers.forEach(MllpClient::close);
        }
    }

    @Test
    void while_a_message_is_being_stored_nothing_more_is_taken_from_that_connection() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        listener.onAccept(message -> {
            if (message.controlId().startsWith("V")) {
                entered.countDown();
                uninterruptibly(release);
            }
        });
        try (MllpClient slow = listener.connect();
                MllpClient other = listener.connect()) {
            slow.send(join(frame(certificate("V1")), frame(certificate("V2"))));
            assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
            assertAnswered(other.exchange(certificate("W1")), "AA", "W1");
            // The peer can write no more than the system's buffers hold: the hub has stopped reading.
            slow.timeout(500);
            assertThatThrownBy(slow::receive).isInstanceOf(UncheckedIOException.class);
            assertThat(listener.takenIds()).containsExactly("W1");
            release.countDown();
            slow.timeout(20_000);
            assertAnswered(slow.receive(), "AA", "V1");
            assertAnswered(slow.receive(), "AA", "V2");
        } finally {
            release.countDown();
        }
    }

    private static void uninterruptibly(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // --- failures --------------------------------------------------------------------------------------------

    @Test
    void a_message_that_cannot_be_stored_is_answered_AE_and_the_connection_goes_on() {
        try (MllpClient peer = listener.connect()) {
            listener.onAccept(message -> {
                throw new DataAccessResourceFailureException("down");
            });
            String answer = peer.exchange(certificate("X1"));
            assertAnswered(answer, "AE", "X1");
            assertThat(field(answer, "ERR", 5)).startsWith(SnodoCode.STORE_UNAVAILABLE.code());
            assertThat(answer).doesNotContain("down");
            listener.onAccept(message -> {});
            assertAnswered(peer.exchange(certificate("X1")), "AA", "X1");
        }
    }

    @Test
    void a_refusal_by_a_later_step_reaches_the_peer_with_its_own_code() {
        try (MllpClient peer = listener.connect()) {
            listener.onAccept(message -> {
                throw new SnodoException(SnodoCode.DUPLICATE_OTHER_CONTENT, "Identificativo già usato.");
            });
            String answer = peer.exchange(certificate("Y1"));
            assertAnswered(answer, "AE", "Y1");
            assertThat(field(answer, "ERR", 3)).startsWith("205^");
            assertThat(field(answer, "ERR", 8)).isEqualTo("Identificativo già usato.");
        }
    }

    @Test
    void an_error_of_the_machine_is_answered_too() {
        try (MllpClient peer = listener.connect()) {
            listener.onAccept(message -> {
                throw new NoClassDefFoundError("gone");
            });
            assertAnswered(peer.exchange(certificate("Z1")), "AE", "Z1");
        }
    }

    // --- conversation ----------------------------------------------------------------------------------------

    @Test
    void a_peer_that_wants_no_answer_gets_none_and_its_next_message_is_taken() {
        try (MllpClient peer = listener.connect()) {
            String silent = Samples.certificate("AB1")
                    .with("MSH", 15, "NE")
                    .with("MSH", 16, "NE")
                    .toString();
            peer.send(join(frame(silent), frame(certificate("AB2"))));
            assertAnswered(peer.receive(), "AA", "AB2");
            assertThat(listener.takenIds()).containsExactly("AB1", "AB2");
        }
    }

    @Test
    void a_batch_is_answered_by_one_frame_with_an_answer_for_each_message() {
        try (MllpClient peer = listener.connect()) {
            String bad = Samples.certificate("BA2").with("PID", 7, "19570230").toString();
            String answer =
                    peer.exchange("FHS|^~\\&|CARTELLA|ASL\rBHS|^~\\&|CARTELLA|ASL|SNODO|REGIONE|20261112||||B77\r"
                            + certificate("BA1") + bad + certificate("BA3") + "BTS|3\rFTS|1\r");
            assertThat(answer)
                    .startsWith("FHS|")
                    .contains("\rBHS|")
                    .contains("|B77\r")
                    .contains("\rBTS|3\r");
            assertThat(answer.split("\r"))
                    .filteredOn(line -> line.startsWith("MSA|"))
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("MSA|AA|BA1"),
                            line -> assertThat(line).startsWith("MSA|AE|BA2"),
                            line -> assertThat(line).startsWith("MSA|AA|BA3"));
            assertAnswered(peer.exchange(certificate("BA4")), "AA", "BA4");
        }
    }

    @Test
    void after_a_message_that_could_not_be_stored_the_rest_of_its_batch_is_to_be_sent_again_too() {
        listener.onAccept(message -> {
            if (message.controlId().equals("BS2")) {
                throw new DataAccessResourceFailureException("down");
            }
        });
        String batch = "BHS|^~\\&|CARTELLA|ASL|SNODO|REGIONE|20261112||||B78\r" + certificate("BS1")
                + certificate("BS2") + certificate("BS3") + "BTS|3\r";
        try (MllpClient peer = listener.connect()) {
            assertThat(peer.exchange(batch).split("\r"))
                    .filteredOn(line -> line.startsWith("MSA|") || line.startsWith("ERR|"))
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("MSA|AA|BS1"),
                            line -> assertThat(line).startsWith("MSA|AE|BS2"),
                            line -> assertThat(line).contains(SnodoCode.STORE_UNAVAILABLE.code()),
                            line -> assertThat(line).startsWith("MSA|AE|BS3"),
                            line -> assertThat(line).contains(SnodoCode.STORE_UNAVAILABLE.code()));
            assertThat(listener.takenIds()).contains("BS1").doesNotContain("BS2", "BS3");
            listener.onAccept(message -> {});
            assertThat(peer.exchange(batch).split("\r"))
                    .filteredOn(line -> line.startsWith("MSA|AA|"))
                    .hasSize(3);
        }
    }

    @Test
    void a_batch_file_stops_at_the_first_message_that_a_full_disk_keeps_out() {
        listener.onAccept(message -> {
            if (message.controlId().equals("BD2")) {
                throw new SnodoException(SnodoCode.DISK_FULL, SnodoCode.DISK_FULL.cause());
            }
        });
        String file = "FHS|^~\\&|CARTELLA|ASL\rBHS|^~\\&|CARTELLA|ASL|SNODO|REGIONE|20261112||||B79\r"
                + certificate("BD1") + certificate("BD2") + certificate("BD3") + certificate("BD4") + "BTS|4\rFTS|1\r";
        try (MllpClient peer = listener.connect()) {
            String answer = peer.exchange(file);
            assertThat(answer).startsWith("FHS|").contains("\rBTS|4\r");
            assertThat(answer.split("\r"))
                    .filteredOn(line -> line.startsWith("MSA|") || line.startsWith("ERR|"))
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("MSA|AA|BD1"),
                            line -> assertThat(line).startsWith("MSA|AE|BD2"),
                            line -> assertThat(line).contains(SnodoCode.DISK_FULL.code()),
                            line -> assertThat(line).startsWith("MSA|AE|BD3"),
                            line -> assertThat(line).contains(SnodoCode.STORE_UNAVAILABLE.code()),
                            line -> assertThat(line).startsWith("MSA|AE|BD4"),
                            line -> assertThat(line).contains(SnodoCode.STORE_UNAVAILABLE.code()));
            assertThat(listener.takenIds()).contains("BD1").doesNotContain("BD2", "BD3", "BD4");
            // the next frame of the same connection is judged anew
            assertAnswered(peer.exchange(certificate("BD5")), "AA", "BD5");
            assertThat(peer.exchange(file).split("\r"))
                    .filteredOn(line -> line.startsWith("MSA|"))
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("MSA|AA|BD1"),
                            line -> assertThat(line).startsWith("MSA|AE|BD2"),
                            line -> assertThat(line).startsWith("MSA|AE|BD3"),
                            line -> assertThat(line).startsWith("MSA|AE|BD4"));
            listener.onAccept(message -> {});
            assertThat(peer.exchange(file).split("\r"))
                    .filteredOn(line -> line.startsWith("MSA|AA|"))
                    .hasSize(4);
        }
    }

    @Test
    void a_batch_that_is_not_whole_is_refused_as_a_whole() {
        try (MllpClient peer = listener.connect()) {
            String answer =
                    peer.exchange("BHS|^~\\&|CARTELLA|ASL\r" + certificate("BB1") + certificate("BB2") + "BTS|3\r");
            assertThat(answer.split("\r"))
                    .filteredOn(line -> line.startsWith("MSA|AR|"))
                    .hasSize(2);
        }
    }

    @Test
    void two_messages_in_a_frame_without_batch_headers_are_refused_with_100() {
        try (MllpClient peer = listener.connect()) {
            String answer = peer.exchange(certificate("BC1") + certificate("BC2"));
            assertAnswered(answer, "AR", "BC1");
            assertThat(field(answer, "ERR", 3)).startsWith("100^");
            assertThat(listener.taken).allMatch(message -> message.request() == null);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ciao",
                "PID|1||X\rMSH|^~\\&|A|B|||||M^X|7|P|2.5\r",
                "msh|^~\\&|A|B|||||MDM^T02|8|P|2.5\r",
                "MSH",
                "MSH|"
            })
    void what_is_no_message_is_kept_for_inspection_and_refused(String content) {
        try (MllpClient peer = listener.connect()) {
            String answer = peer.exchange(content);
            assertThat(field(answer, "MSA", 1)).isEqualTo("AR");
            assertThat(field(answer, "ERR", 8)).isNotBlank();
            assertThat(listener.taken).hasSize(1);
            assertThat(listener.taken.peek().raw()).isEqualTo(bytes(content));
        }
    }

    @Test
    void a_euro_sign_of_8859_15_is_read_and_answered_in_8859_15() {
        Charset latin9 = Charset.forName("ISO-8859-15");
        try (MllpClient peer = listener.connect()) {
            String message = Samples.certificate("BD1")
                    .with("MSH", 18, "8859/15")
                    .with("OBX", 4, 5, "Ticket 36,15 €, città")
                    .with("PID", 7, "19570230")
                    .toString();
            String answer =
                    new String(peer.send(frame(message.getBytes(latin9))).receiveBytes(), latin9);
            assertThat(field(answer, "MSH", 18)).isEqualTo("8859/15");
            assertThat(field(answer, "ERR", 8)).contains("non è una data");
            assertThat(listener.taken.peek().request().pathology()).containsExactly("Ticket 36,15 €, città");
        }
    }
}
