package it.snodo.intake.hl7v2;

import static it.snodo.intake.hl7v2.MllpClient.field;
import static it.snodo.intake.hl7v2.MllpClient.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import it.snodo.Shared;
import it.snodo.intake.Incoming;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Messages of other vendors, where they lie beside the repository: each gets an answer that fits it. */
class OtherVendorsTest {

    @Test
    void every_message_of_every_vendor_is_answered_with_what_it_deserves() throws IOException {
        Optional<Path> corpus = Shared.dir("hl7-messages");
        Assumptions.assumeTrue(corpus.isPresent(), "no corpus beside the repository");
        Map<String, Integer> summary = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        try (Listener listener = new Listener();
                MllpClient peer = listener.connect();
                Stream<Path> files = Files.list(corpus.get())) {
            for (Path file : files.filter(each -> each.toString().endsWith(".hl7"))
                    .sorted()
                    .toList()) {
                byte[] content = Files.readAllBytes(file);
                if (new String(content, StandardCharsets.ISO_8859_1).isBlank()) {
                    continue;
                }
                listener.taken.clear();
                peer.send(frame(content));
                await().pollInterval(Duration.ofMillis(1))
                        .untilAsserted(() -> assertThat(listener.taken).isNotEmpty());
                if (wantsNoAnswer(content, listener.taken.peek())) {
                    summary.merge("none, as asked for", 1, Integer::sum);
                    continue;
                }
                byte[] answer = peer.receiveBytes();
                String text = answer == null ? "" : new String(answer, StandardCharsets.ISO_8859_1);
                String verdict = verdict(text);
                summary.merge(verdict, 1, Integer::sum);
                if (!deserves(file.getFileName().toString(), verdict)) {
                    wrong.add(file.getFileName() + ": " + text.replace('\r', '\n'));
                }
            }
        }
        System.out.println("Answers to the messages of other vendors: " + summary);
        assertThat(wrong).isEmpty();
    }

    /** Enhanced mode, and neither acknowledgement wanted for this outcome. */
    private static boolean wantsNoAnswer(byte[] content, Incoming taken) {
        Header header = Header.of(Er7.read(content, 0, content.length, StandardCharsets.ISO_8859_1));
        String unwanted = taken.faults().isEmpty() ? "|NE|ER" : "|NE|SU";
        return header.isEnhanced()
                && header.acceptWanted().matches(unwanted)
                && header.applicationWanted().matches(unwanted);
    }

    private static String verdict(String answer) {
        if (answer.startsWith("FHS") || answer.startsWith("BHS")) {
            return "batch";
        }
        // Some declare other separators; the answer uses theirs.
        String bar = answer.length() > 3 ? answer.substring(3, 4) : "|";
        String usual = answer.replace(bar, "|");
        String code = field(usual, "MSA", 1);
        String condition = field(usual, "ERR", 3);
        if (condition == null || condition.isEmpty()) {
            String old = field(usual, "ERR", 1);
            condition = old == null ? "" : old.replaceAll(".*\\^", "").replaceAll("&.*", "");
        }
        return code + (condition.isEmpty() ? "" : " " + condition.substring(0, 3));
    }

    /** Only MDM T02, T10, T11 and ORU R01 are looked into (and lack what a certificate needs); all others are rejected. */
    private static boolean deserves(String file, String verdict) {
        if (verdict.startsWith("null")) {
            return false;
        }
        boolean ours = file.matches("\\d+_(MDM_T02|MDM_T10|MDM_T11|ORU_R01).*");
        return ours || verdict.matches("(AR|CR) .*") || verdict.equals("batch");
    }
}
