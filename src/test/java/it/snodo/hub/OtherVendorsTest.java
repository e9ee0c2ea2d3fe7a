package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.Shared;
import it.snodo.demo.MllpClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Messages of other vendors, where they lie beside the repository: each gets an answer that fits it. The page
 * {@code src/docs/other-vendors.md} tells which; {@code -Dsnodo.docs.write=true} writes it anew.
 */
class OtherVendorsTest {

    private static final Path PAGE = Path.of("src/docs/other-vendors.md");

    /** What one file got: acknowledgement code, error condition (HL7 0357) and code of the catalogue of the first ERR. */
    private record Verdict(String file, String type, String version, String code, String condition, String snodo) {

        String row() {
            return "| " + String.join(" | ", file, type, version, code, condition, snodo) + " |";
        }

        String summary() {
            return condition.isEmpty() ? code : code + " " + condition;
        }

        /**
         * Only MDM T02, T10, T11 and ORU R01 are looked into (and lack what a certificate needs), and the notices of
         * appointments (which are none of ours, or are not told whose); all others are rejected for what in their header
         * is the reason.
         */
        boolean isDeserved() {
            if (type.matches("SIU\\^S(1[2-7]|26)") && version.matches("2[.][2-6].*")) {
                return code.equals("AE") && condition.matches("10[13]|20[45]");
            }
            if (type.matches("(MDM\\^(T02|T10|T11)|ORU\\^R01)")) {
                return code.matches("[AC][AER]|batch|nessuna");
            }
            boolean typed = !type.equals("—");
            return code.equals("batch")
                    || code.equals("nessuna")
                    || code.matches("[AC]R")
                            && condition.matches(typed ? "(100|10[123]|200|201|202|203)" : "(100|10[12])");
        }
    }

    @Test
    void every_message_of_every_vendor_is_answered_with_what_it_deserves() throws IOException {
        Optional<Path> corpus = Shared.dir("hl7-messages");
        Assumptions.assumeTrue(corpus.isPresent(), "no corpus beside the repository");
        List<Verdict> verdicts = new ArrayList<>();
        try (MllpClient peer = new MllpClient(RunningHub.get().mllp);
                Stream<Path> files = Files.list(corpus.get())) {
            for (Path file : files.filter(each -> each.toString().endsWith(".hl7"))
                    .sorted()
                    .toList()) {
                byte[] content = Files.readAllBytes(file);
                if (!text(content).isBlank()) {
                    verdicts.add(verdict(peer, file.getFileName().toString(), content));
                }
            }
        }
        assertThat(verdicts.stream().filter(each -> !each.isDeserved())).isEmpty();
        String page = page(verdicts);
        if (Boolean.getBoolean("snodo.docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).hasContent(page);
    }

    private static String text(byte[] content) {
        boolean wide = content.length > 1 && (content[0] & 0xFE) == 0xFE && (content[1] & 0xFE) == 0xFE;
        String text = new String(content, wide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** Sends it and a message behind it, whose answer shows that no more comes for the first. */
    private static Verdict verdict(MllpClient peer, String file, byte[] content) {
        peer.send(MllpClient.frame(content));
        peer.send(MllpClient.frame("MSH|^~\\&|A|B|C|D|20261112||ZZZ|BEHIND|P|2.5\r"));
        String first = null;
        while (true) {
            String answer = text(peer.receiveBytes());
            if (answer.contains("MSA|AR|BEHIND")) {
                break;
            }
            first = first == null ? answer : first;
        }
        String header = Arrays.stream(text(content).split("[\r\n]+"))
                .map(String::strip)
                .filter(line -> line.startsWith("MSH") && line.length() > 4)
                .findFirst()
                .orElse("");
        String[] fields = header.isEmpty() ? new String[0] : header.split(Pattern.quote(header.substring(3, 4)), -1);
        String component = header.length() > 4 ? Pattern.quote(header.substring(4, 5)) : "x";
        String[] named = fields.length > 8 ? fields[8].split(component) : new String[0];
        String type = named.length == 0 || named[0].isEmpty()
                ? "—"
                : named.length == 1 ? named[0] : named[0] + "^" + named[1];
        String version =
                fields.length > 11 && !fields[11].isEmpty() ? fields[11].split(component)[0] : "—";
        if (first == null) {
            return new Verdict(file, type, version, "nessuna", "", "");
        }
        if (first.startsWith("FHS") || first.startsWith("BHS")) {
            return new Verdict(file, "batch", version, "batch", "", "");
        }
        // Some declare other separators; the answer uses theirs.
        String bar = Pattern.quote(first.substring(3, 4));
        Map<String, String[]> segments = Stream.of(first.split("\r"))
                .collect(Collectors.toMap(line -> line.substring(0, 3), line -> line.split(bar, -1), (a, b) -> a));
        String[] err = segments.getOrDefault("ERR", new String[0]);
        String condition = "";
        String snodo = "";
        if (err.length > 5) {
            condition = err[3].substring(0, 3);
            snodo = err[5].substring(0, 10);
        } else if (err.length > 1) {
            // before version 2.5: code and text are subcomponents of the last component of ERR-1
            String[] parts = err[1].substring(err[1].lastIndexOf(first.charAt(4)) + 1)
                    .split(Pattern.quote(first.substring(7, 8)), -1);
            condition = parts[0];
            snodo = parts.length > 3 ? parts[3] : "";
        }
        return new Verdict(file, type, version, segments.get("MSA")[1], condition, snodo);
    }

    private static String page(List<Verdict> verdicts) {
        Map<String, Long> summary =
                verdicts.stream().collect(Collectors.groupingBy(Verdict::summary, TreeMap::new, Collectors.counting()));
        return """
                # Messaggi di altri fornitori

                Che cosa risponde l'hub ai messaggi HL7 v2 di una raccolta pubblica di altri prodotti. La pagina è scritta
                dalla prova che li invia (`mvn test -Dtest=OtherVendorsTest -Dsnodo.docs.write=true`, dove c'è la
                raccolta). L'hub accetta MDM T02, T10, T11 e ORU R01 con il contenuto di un certificato, e gli SIU di una
                prenotazione che conosce o di un'azienda collegata: gli altri tipi sono respinti (AR), questi se manca il
                contenuto o nessuno conosce l'appuntamento (AE). «nessuna»: il messaggio chiede di non rispondere.

                | risposta | messaggi |
                |---|---|
                """
                + summary.entrySet().stream()
                        .map(each -> "| %s | %d |".formatted(each.getKey(), each.getValue()))
                        .collect(Collectors.joining("\n"))
                + """


                | file | tipo | versione | risposta | HL7 0357 | codice |
                |---|---|---|---|---|---|
                """
                + verdicts.stream().map(Verdict::row).collect(Collectors.joining("\n"))
                + "\n";
    }
}
