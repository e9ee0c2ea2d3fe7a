package it.snodo.intake.hl7v2;

import static it.snodo.demo.MllpClient.frame;
import static it.snodo.intake.hl7v2.Answers.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import it.snodo.demo.MllpClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessResourceFailureException;

/** Which answers a message gets, over real sockets: both acknowledgement modes, refusals by the header, failures. */
@ExtendWith(OutputCaptureExtension.class)
class MllpConversationTest extends ListenerTest {

    /** Another test of the same run may have silenced the hub. */
    @BeforeAll
    static void hear() {
        ((Logger) LoggerFactory.getLogger("it.snodo")).setLevel(Level.INFO);
    }

    @ParameterizedTest
    @CsvSource({
        "'BHS|^~\\&|UNO\u001cDUE|SEDE|SNODO|HUB\rMSH|^~\\&|A|B|||||ZZZ^Z01|B1|P|2.5\r'",
        "'MSH|^~\\&|UNO\u001cDUE|B\u000b|||||ZZZ^Z01|C\u001c1|P|2.5\r'"
    })
    void what_an_answer_repeats_never_ends_its_frame(String message) {
        try (MllpClient peer = listener.connect()) {
            // the client refuses an answer with an end block inside
            assertThat(peer.exchange(message)).contains("UNO", "DUE");
            assertThat(peer.exchange(Samples.certificate("NEXT").toString())).contains("|AA|NEXT");
        }
    }

    @Test
    void noise_that_begins_like_TLS_after_a_frame_is_noise() {
        try (MllpClient peer = listener.connect()) {
            assertThat(peer.exchange(Samples.certificate("FIRST").toString())).contains("|AA|FIRST");
            peer.send(new byte[] {0x16, 3, 1});
            assertThat(peer.exchange(Samples.certificate("NEXT").toString())).contains("|AA|NEXT");
        }
    }

    private static Samples enhanced(String id, String accept, String application) {
        return Samples.certificate(id).with("MSH", 15, accept).with("MSH", 16, application);
    }

    /** Every answer up to that of a message sent behind, which shows that there are no more. */
    private static String answersTo(MllpClient peer, String message) {
        peer.send(frame(message)).send(frame(Samples.certificate("BEHIND").toString()));
        StringBuilder codes = new StringBuilder();
        while (true) {
            String answer = peer.receive();
            if ("BEHIND".equals(field(answer, "MSA", 2))) {
                return codes.toString().strip();
            }
            codes.append(field(answer, "MSA", 1)).append(' ');
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AL, AL, CA AA",
        "AL, NE, CA",
        "AL, '', CA",
        "NE, AL, AA",
        "'', AL, AA",
        "ER, AL, AA",
        "SU, SU, CA AA",
        "AL, ER, CA",
        "AL, SU, CA AA",
        "ER, ER, ''",
        "NE, NE, ''"
    })
    void a_good_message_in_enhanced_mode_gets_the_acknowledgements_it_asks_for(
            String accept, String application, String expected) {
        try (MllpClient peer = listener.connect()) {
            assertThat(answersTo(peer, enhanced("E1", accept, application).toString()))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"AL, AL, CE", "ER, AL, CE", "SU, AL, AE", "NE, ER, AE", "SU, SU, ''"})
    void a_bad_message_in_enhanced_mode_gets_one_refusal_where_it_asks_for_one(
            String accept, String application, String expected) {
        try (MllpClient peer = listener.connect()) {
            String bad = enhanced("E2", accept, application)
                    .with("PID", 7, "19570230")
                    .toString();
            assertThat(answersTo(peer, bad)).isEqualTo(expected);
        }
    }

    @Test
    void the_application_acknowledgement_is_a_message_of_its_own_that_wants_no_answer() {
        try (MllpClient peer = listener.connect()) {
            String first = peer.exchange(enhanced("E3", "AL", "AL").toString());
            String second = peer.receive();
            assertThat(List.of(field(first, "MSA", 1), field(second, "MSA", 1))).containsExactly("CA", "AA");
            assertThat(List.of(field(first, "MSA", 2), field(second, "MSA", 2))).containsOnly("E3");
            assertThat(field(second, "MSH", 10)).isNotEqualTo(field(first, "MSH", 10));
            assertThat(List.of(field(second, "MSH", 15), field(second, "MSH", 16)))
                    .containsOnly("NE");
            assertThat(field(second, "MSH", 18)).isEqualTo("UNICODE UTF-8");
        }
    }

    @Test
    void a_batch_in_enhanced_mode_is_still_answered_by_one_frame() {
        try (MllpClient peer = listener.connect()) {
            String answer = peer.exchange("BHS|^~\\&|CARTELLA|ASL|SNODO|REGIONE|20261112||||B1\r"
                    + enhanced("E4", "AL", "AL") + enhanced("E5", "AL", "NE") + "BTS|2\r");
            assertThat(answer.split("\r"))
                    .filteredOn(line -> line.startsWith("MSA|"))
                    .extracting(line -> line.substring(0, 9))
                    .containsExactly("MSA|CA|E4", "MSA|AA|E4", "MSA|CA|E5");
            assertThat(answer).contains("\rBTS|3\r");
            assertThat(listener.takenIds()).containsExactly("E4", "E5");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "9, ADT^A01^ADT_A01, AR, 200",
        "9, MDM^T01^MDM_T01, AR, 201",
        "9, ORU^R30, AR, 201",
        "9, '', AR, 101",
        "12, 2.1, AR, 203",
        "12, 3.0, AR, 203",
        "12, '', AR, 203",
        "11, X, AR, 202",
        "10, '', AR, 101",
        "14, 7, AR, 100",
        "20, 2.5, AE, 103"
    })
    void what_the_header_gets_wrong_is_refused_by_its_own_code(int at, String value, String code, String condition) {
        try (MllpClient peer = listener.connect()) {
            String answer = peer.exchange(
                    Samples.certificate("F1").with("MSH", at, value).toString());
            assertThat(field(answer, "MSA", 1)).isEqualTo(code);
            assertThat(field(answer, "MSA", 2)).isEqualTo(at == 10 ? "" : "F1");
            String errors = String.join(" ", answer.split("\r"));
            assertThat(at == 12 ? errors : field(answer, "ERR", 3)).contains(condition);
        }
    }

    @Test
    void a_sequence_number_is_kept_in_the_bytes_and_no_condition() {
        try (MllpClient peer = listener.connect()) {
            for (String number : new String[] {"1", "7", "0", "-1"}) {
                String message = Samples.certificate("G" + number)
                        .with("MSH", 13, number)
                        .toString();
                assertThat(field(peer.exchange(message), "MSA", 1)).isEqualTo("AA");
            }
        }
    }

    // --- failures --------------------------------------------------------------------------------------------

    @Test
    void a_message_that_makes_the_hub_fail_is_answered_AE_and_its_bytes_lie_in_quarantine() throws IOException {
        byte[] message = Samples.certificate("Q1")
                .with("OBX", 4, 5, "Perché: 36,15 €")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        try (MllpClient peer = listener.connect()) {
            listener.onAccept(each -> {
                throw new IllegalStateException("guasto di prova");
            });
            String answer = peer.send(frame(message)).receive();
            assertThat(field(answer, "MSA", 1)).isEqualTo("AE");
            assertThat(field(answer, "ERR", 5)).startsWith("SNODO-9001");
            assertThat(answer).doesNotContain("guasto");
            listener.onAccept(each -> {});
            assertThat(field(peer.exchange(Samples.certificate("Q2").toString()), "MSA", 1))
                    .isEqualTo("AA");
        }
        try (Stream<Path> files = Files.list(listener.data.resolve("quarantine"))) {
            List<Path> found = files.sorted().toList();
            assertThat(found).hasSize(2);
            assertThat(Files.readAllBytes(found.get(0))).isEqualTo(message);
            assertThat(found.get(1)).content().contains("guasto di prova").contains("127.0.0.1");
        }
    }

    @Test
    void what_waits_for_the_store_is_not_put_in_quarantine() {
        try (Listener own = new Listener();
                MllpClient peer = own.connect()) {
            own.onAccept(each -> {
                throw new DataAccessResourceFailureException("giù");
            });
            assertThat(field(peer.exchange(Samples.certificate("Q3").toString()), "ERR", 5))
                    .startsWith("SNODO-9002");
            assertThat(own.data.resolve("quarantine")).doesNotExist();
        }
    }

    @Test
    void a_full_quarantine_takes_no_more_and_the_peer_is_still_answered() throws IOException {
        try (Listener own = new Listener(Listener.properties("max-quarantine=5KB"));
                MllpClient peer = own.connect()) {
            own.onAccept(each -> {
                throw new IllegalStateException("guasto di prova");
            });
            for (int i = 0; i < 10; i++) {
                assertThat(field(peer.exchange(Samples.certificate("Q4-" + i).toString()), "MSA", 1))
                        .isEqualTo("AE");
            }
            try (Stream<Path> files = Files.list(own.data.resolve("quarantine"))) {
                assertThat(files.mapToLong(file -> file.toFile().length()).sum())
                        .isLessThan(6 * 1024);
            }
        }
    }

    @Test
    void no_field_can_write_a_line_of_its_own_in_the_log(CapturedOutput log) {
        String forged = "X\\.br\\FALSO 1\\X0D0A\\FALSO 2";
        listener.onAccept(each -> {
            throw new DataAccessResourceFailureException("giù");
        });
        try (MllpClient peer = listener.connect()) {
            for (int at : new int[] {3, 4, 9, 10, 11, 12, 18}) {
                peer.exchange(
                        Samples.certificate("H" + at).with("MSH", at, forged).toString());
            }
            peer.send("\nFALSO 3\r\n".getBytes(StandardCharsets.UTF_8));
            peer.exchange(Samples.certificate("H").toString());
            await().untilAsserted(() -> assertThat(log).contains("FALSO 1"));
        }
        assertThat(log.toString().lines()).noneMatch(line -> line.startsWith("FALSO"));
    }
}
