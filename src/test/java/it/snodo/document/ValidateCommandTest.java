package it.snodo.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.SnodoApplication;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentNameDictionary;
import org.apache.pdfbox.pdmodel.PDEmbeddedFilesNameTreeNode;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.common.filespecification.PDComplexFileSpecification;
import org.apache.pdfbox.pdmodel.common.filespecification.PDEmbeddedFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateCommandTest {

    private static final String SOUND = CdaValidatorTest.sound();

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path good;
    private Path bad;

    @BeforeEach
    void write() throws IOException {
        good = Files.writeString(folder.resolve("buono.xml"), SOUND);
        bad = Files.writeString(
                folder.resolve("cattivo.xml"),
                SOUND.replaceAll("<confidentialityCode.*?/>", "")
                        .replace("code=\"F\"", "code=\"Z\"")
                        .replace("Nota di", ""));
    }

    @Test
    void one_line_a_file_says_all_there_is_to_say() {
        assertThat(run(good.toString(), bad.toString())).isEqualTo(1);

        assertThat(output().lines())
                .satisfiesExactly(line -> assertThat(line).isEqualTo("valido       " + good), line -> assertThat(line)
                        .startsWith("NON valido   " + bad + "  schema 12:")
                        .endsWith("; Schematron 6; codici Z [2.16.840.1.113883.5.1]; avvisi W001"));
    }

    @Test
    void json_is_one_array_with_the_promised_fields() throws Exception {
        assertThat(run("--json", good.toString(), bad.toString())).isEqualTo(1);

        JsonNode array = new ObjectMapper().readTree(out.toByteArray());
        assertThat(array).hasSize(2);
        assertThat(array.get(0).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("file", "schema", "schematron", "warnings", "codes", "signature", "verdict");
        assertThat(array.get(0).get("verdict").asText()).isEqualTo("valid");
        assertThat(array.get(1).get("verdict").asText()).isEqualTo("invalid");
        assertThat(array.get(1).get("schema").get(0).asText()).contains("confidentialityCode");
        assertThat(array.get(1).get("schematron").toString()).isEqualTo("[\"6\"]");
        assertThat(array.get(1).get("warnings").toString()).isEqualTo("[\"W001\"]");
        assertThat(array.get(1).get("codes").get(0).asText()).startsWith("Z [");
    }

    @Test
    void all_valid_is_exit_code_zero() {
        assertThat(run(good.toString())).isZero();
    }

    @Test
    void a_file_that_cannot_be_read_is_exit_code_two_and_the_others_are_checked() {
        assertThat(run(folder.resolve("niente.xml").toString(), good.toString()))
                .isEqualTo(2);

        assertThat(output())
                .containsPattern("illeggibile .*niente.xml +file inesistente")
                .containsPattern("(?m)^valido .*buono.xml$");
    }

    @Test
    void a_wrong_command_is_exit_code_two_with_the_usage() {
        for (String[] args : List.of(new String[0], new String[] {"--boh", "x", "y"}, new String[] {"--schema"})) {
            assertThat(run(args)).isEqualTo(2);
            assertThat(err.toString(StandardCharsets.UTF_8)).contains("uso: java -jar snodo.jar validate");
        }
        assertThat(run("--schematron", folder.resolve("niente.sch").toString(), good.toString()))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("niente.sch");
    }

    @Test
    void the_cda_inside_a_pdf_is_checked() throws Exception {
        Path pdf = folder.resolve("referto.pdf");
        Path spoilt = folder.resolve("guasto.pdf");
        Path bare = folder.resolve("vuoto.pdf");
        Path broken = Files.writeString(folder.resolve("rotto.pdf"), "%PDF-1.7\nnon è un PDF");
        pdf(pdf, "cda.xml", Files.readAllBytes(good));
        pdf(spoilt, "cda.xml", Files.readAllBytes(bad));
        pdf(bare, "altro.xml", Files.readAllBytes(good));

        assertThat(run(pdf.toString())).isZero();
        assertThat(run(spoilt.toString(), bare.toString(), broken.toString())).isEqualTo(1);

        assertThat(output().lines())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("valido       " + pdf),
                        line -> assertThat(line)
                                .startsWith("NON valido")
                                .contains("guasto.pdf")
                                .contains("Schematron 6"),
                        line -> assertThat(line)
                                .startsWith("NON valido")
                                .contains("vuoto.pdf")
                                .contains("non contiene un CDA"),
                        line -> assertThat(line)
                                .startsWith("NON valido")
                                .contains("rotto.pdf")
                                .contains("PDF non leggibile"));
    }

    @Test
    void what_cannot_be_read_is_named_for_what_it_is() throws IOException {
        Path junk = Files.write(folder.resolve("binario.bin"), new byte[] {(byte) 0xF0, 1, 2, 3, 0, (byte) 0xFF});
        Path empty = Files.write(folder.resolve("vuoto.xml"), new byte[0]);
        Path doctype = Files.writeString(
                folder.resolve("doctype.xml"),
                SOUND.replaceFirst(
                        "<ClinicalDocument",
                        "<!DOCTYPE ClinicalDocument [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><ClinicalDocument"));
        PrintStream console = System.err;
        ByteArrayOutputStream noise = new ByteArrayOutputStream();
        System.setErr(new PrintStream(noise));
        try {
            assertThat(run(junk.toString(), empty.toString(), doctype.toString(), folder.toString()))
                    .isEqualTo(2);
        } finally {
            System.setErr(console);
        }

        assertThat(output().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("NON valido").contains("binario.bin"),
                        line -> assertThat(line).startsWith("NON valido").contains("vuoto.xml"),
                        line -> assertThat(line)
                                .startsWith("NON valido")
                                .contains("DOCTYPE")
                                .doesNotContain("root:"),
                        line -> assertThat(line).startsWith("illeggibile").contains("è una cartella"));
        assertThat(noise.toString()).isEmpty();
    }

    @Test
    void help_is_no_error() {
        assertThat(run("--help")).isZero();
        assertThat(output()).contains("uso: java -jar snodo.jar validate");
    }

    @Test
    void it_runs_as_a_command_without_starting_the_hub() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SnodoApplication.class.getName(),
                "validate",
                "--json",
                bad.toString());
        builder.environment().putAll(Map.of("LC_ALL", "C"));
        Process process = builder.redirectError(folder.resolve("err").toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .start();

        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        JsonNode array = new ObjectMapper().readTree(Files.readAllBytes(folder.resolve("out")));
        assertThat(array.get(0).get("schema").get(0).asText()).contains("È previsto");
        assertThat(folder.resolve("err")).isEmptyFile();
    }

    private int run(String... args) {
        return ValidateCommand.run(args, new PrintStream(out), new PrintStream(err));
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void pdf(Path file, String name, byte[] content) throws IOException {
        try (PDDocument document = new PDDocument()) {
            document.addPage(new PDPage());
            PDComplexFileSpecification attachment = new PDComplexFileSpecification();
            attachment.setFile(name);
            attachment.setEmbeddedFile(new PDEmbeddedFile(document, new ByteArrayInputStream(content)));
            PDEmbeddedFilesNameTreeNode files = new PDEmbeddedFilesNameTreeNode();
            files.setNames(Map.of(name, attachment));
            PDDocumentNameDictionary names = new PDDocumentNameDictionary(document.getDocumentCatalog());
            names.setEmbeddedFiles(files);
            document.getDocumentCatalog().setNames(names);
            document.save(file.toFile());
        }
    }
}
