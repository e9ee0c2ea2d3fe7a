package it.snodo.intake.hl7v2;

import static it.snodo.intake.hl7v2.Answers.field;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.intake.Incoming;
import it.snodo.intake.Incoming.Outcome;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Letters arrive as they were meant, whatever MSH-18 says, and answers come back in the sender's set. */
class Hl7CharsetTest {

    private static final String TEXT = "Perché è così: età già più, Nicolò";

    private final Hl7v2Intake intake = Listener.intake(Listener.properties());

    private Incoming read(String declared, String text, Charset written) {
        String message = Samples.certificate("C1")
                .with("MSH", 18, declared)
                .with("OBX", 4, 5, text)
                .toString();
        return Listener.certificates(intake, message.getBytes(written)).get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "UNICODE UTF-8,UTF-8,UTF-8",
        "UNICODE,UTF-8,UTF-8",
        "utf-8,UTF-8,UTF-8",
        "8859/1,ISO-8859-1,ISO-8859-1",
        "ISO-8859-1,ISO-8859-1,ISO-8859-1",
        "8859/15,ISO-8859-15,ISO-8859-15",
        "8859-15,ISO-8859-15,ISO-8859-15",
        "WE8ISO8859P1,ISO-8859-1,ISO-8859-1",
        "CP1252,windows-1252,windows-1252",
        "8859/15~UNICODE UTF-8,ISO-8859-15,ISO-8859-15",
        "'',UTF-8,UTF-8",
        "'',windows-1252,windows-1252",
        "8859/1,UTF-8,ISO-8859-1",
        "8859/15,UTF-8,ISO-8859-15",
        "UNICODE UTF-8,windows-1252,UTF-8",
        "UNICODE UTF-8,ISO-8859-1,UTF-8",
        "ASCII,UTF-8,US-ASCII",
        "ASCII,windows-1252,US-ASCII",
        "KLINGON,UTF-8,UTF-8",
        "KLINGON,windows-1252,windows-1252",
        "UNICODE UTF-16,UTF-8,UTF-8"
    })
    void the_text_is_read_as_it_was_written(String declared, String written, String answered) {
        Incoming read = read(declared, TEXT, Charset.forName(written));
        assertThat(read.request().pathology()).containsExactly(TEXT);
        byte[] answer = read.answer().build(read, new Outcome(1, true, 1L, null, List.of()));
        assertThat(field(new String(answer, Charset.forName(answered)), "MSH", 18))
                .isEqualTo(declared.isEmpty() ? "" : declared);
    }

    @ParameterizedTest
    @CsvSource({"8859/15,ISO-8859-15", "'',windows-1252", "'',UTF-8", "8859/1,windows-1252", "8859/15,windows-1252"})
    void the_euro_sign_arrives(String declared, String written) {
        assertThat(read(declared, "costa 36,15 € e più", Charset.forName(written))
                        .request()
                        .pathology())
                .containsExactly("costa 36,15 € e più");
    }

    @Test
    void UTF_16_is_read_with_and_without_its_mark() {
        for (Charset wide : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertThat(read("UNICODE UTF-16", TEXT, wide).request().pathology()).containsExactly(TEXT);
        }
    }

    @Test
    void the_answer_is_in_the_senders_set_accents_and_all() {
        String message = Samples.certificate("C2")
                .with("MSH", 18, "8859/1")
                .with("PID", 7, "19570230")
                .with("OBX", 4, 5, TEXT)
                .toString();
        Incoming read = Listener.certificates(intake, message.getBytes(StandardCharsets.ISO_8859_1))
                .get(0);
        byte[] answer = read.answer().build(read, new Outcome(1, false, null, null, read.faults()));
        assertThat(new String(answer, StandardCharsets.ISO_8859_1)).contains("«19570230» in PID-7 non è una data");
    }

    @Test
    void no_byte_of_an_answer_in_UTF_16_is_a_frame_mark() {
        assertThat(Hl7Charset.encode("a“b\u1c0d\u0b41c", StandardCharsets.UTF_16))
                .isEqualTo("a?b??c".getBytes(StandardCharsets.UTF_16));
    }

    @Test
    void letters_that_the_senders_set_lacks_lose_their_accent_only() {
        assertThat(new String(
                        Hl7Charset.encode("«città» è più – 5 €", StandardCharsets.US_ASCII), StandardCharsets.US_ASCII))
                .isEqualTo("\"citta\" e piu - 5 EUR");
    }

    @Test
    void a_peer_known_to_write_another_set_is_believed_when_MSH_18_is_silent() {
        Hl7v2Intake knowing = Listener.intake(Listener.properties("charset=windows-1250"));
        String message = Samples.certificate("C3")
                .with("MSH", 18, "")
                .with("OBX", 4, 5, "Łódź")
                .toString();
        assertThat(Listener.certificates(knowing, message.getBytes(Charset.forName("windows-1250")))
                        .get(0)
                        .request()
                        .pathology())
                .containsExactly("Łódź");
    }
}
