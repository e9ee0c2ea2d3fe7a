package it.snodo.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import it.snodo.Shared;
import it.snodo.config.ConfigFolder;
import it.snodo.document.ValidationReport.Finding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/** Our verdicts beside those that the Ministry's published validator really gave on the same documents. */
class GatewayVerdictTest {

    private static final Pattern ID = Pattern.compile("\\[(?:ERRORE-|Errore )([0-9a-z]+)\\|");
    private static final ConfigFolder HERE = new ConfigFolder(Path.of("."));
    private static Path fse;

    @BeforeAll
    static void find() {
        assumeTrue(Shared.dir("fse/gateway-captures").isPresent(), "no recorded verdicts here");
        fse = Shared.dir("fse").orElseThrow();
    }

    @Test
    void every_recorded_verdict_is_ours_too_with_the_same_ids() throws Exception {
        compare(CdaValidator.of(HERE, null, null, null));
    }

    @Test
    void and_so_it_is_with_the_official_files_in_place_of_ours() throws Exception {
        Path schematron;
        try (Stream<Path> files = Files.list(fse.resolve("schematron"))) {
            schematron = files.findFirst().orElseThrow();
        }
        compare(CdaValidator.of(HERE, fse.resolve("xsd"), schematron, fse.resolve("terminology")));
    }

    private void compare(CdaValidator validator) throws Exception {
        List<String> differences = new ArrayList<>();
        int compared = 0;
        for (String line : Files.readAllLines(fse.resolve("gateway-captures/validator-verdicts.tsv"))) {
            String[] cells = line.split("\t", -1);
            Path file = fse.resolve("examples/" + cells[0].replace("invalid-validator-KO", "invalid") + "/" + cells[1]);
            if (!Files.isRegularFile(file) || cells.length < 6) {
                continue;
            }
            byte[] cda = Files.readAllBytes(file);
            ValidationReport ours = validator.validate(cells[2].isEmpty() ? cda : SchematronAgreementTest.mended(cda));
            Set<String> ids = new TreeSet<>();
            ours.failed().stream().map(Finding::id).forEach(ids::add);
            String verdict = !ours.schema().isEmpty()
                    ? "SYNTAX_ERROR"
                    : !ids.isEmpty() ? "SEMANTIC_ERROR" : ours.unknownCodes().isEmpty() ? "OK" : "VOCABULARY_ERROR";
            Set<String> theirs = new TreeSet<>();
            Matcher matcher = ID.matcher(cells[5]);
            while (matcher.find()) {
                theirs.add(matcher.group(1));
            }
            if (cells[4].startsWith("{") || cells[5].contains("not found on database")) {
                // no templateId, or an unknown one: the gateway finds no Schematron to run, ours says what is wrong
                theirs = ids.contains("4") ? ids : theirs;
                cells[4] = "SEMANTIC_ERROR";
            }
            if (!verdict.equals(cells[4]) || !ids.equals(theirs)) {
                differences.add(cells[1] + cells[2] + ": gateway " + cells[4] + theirs + " ours " + verdict + ids
                        + ours.schema());
            }
            compared++;
        }
        assertThat(differences).isEmpty();
        assertThat(compared).isGreaterThan(100);
    }

    @Test
    void our_code_lists_say_what_the_gateways_say_of_every_code_in_the_examples() throws Exception {
        CodeTables ours = CodeTables.read(HERE, null);
        CodeTables theirs = CodeTables.read(HERE, fse.resolve("terminology"));
        Set<String> withoutList = Set.of("2.16.840.1.113883.6.73", "2.16.840.1.113883.2.9.6.1.48");
        Set<List<String>> pairs = new HashSet<>();
        try (Stream<Path> files = Files.walk(fse.resolve("examples"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".xml")).toList()) {
                var reader = Xml.reader();
                reader.setContentHandler(new DefaultHandler() {
                    @Override
                    public void startElement(String uri, String name, String qName, Attributes a) {
                        if (a.getValue("codeSystem") != null && a.getValue("code") != null) {
                            pairs.add(List.of(a.getValue("codeSystem"), a.getValue("code")));
                        }
                    }
                });
                reader.parse(file.toUri().toString());
            }
        }
        // and every code that the gateway knows, with a wrong one beside it
        try (Stream<Path> files = Files.list(fse.resolve("terminology"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".csv")).toList()) {
                String system = file.getFileName().toString().replace(".csv", "");
                try (var rows = CSVFormat.DEFAULT
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .get()
                        .parse(Files.newBufferedReader(file))) {
                    rows.forEach(row -> {
                        pairs.add(List.of(system, row.get("code")));
                        pairs.add(List.of(system, row.get("code") + "~"));
                    });
                }
            }
        }
        assertThat(pairs)
                .hasSizeGreaterThan(80_000)
                .filteredOn(p -> !withoutList.contains(p.get(0)) && !p.get(0).equals("1.2.840.10008.2.16.4"))
                .allSatisfy(p -> assertThat(ours.fault(p.get(0), null, p.get(1)))
                        .isEqualTo(theirs.fault(p.get(0), null, p.get(1))));
    }
}
