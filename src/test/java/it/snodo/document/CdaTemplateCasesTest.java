package it.snodo.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import it.snodo.certificate.CertificateRequestCodec;
import it.snodo.config.ConfigFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xmlunit.assertj3.XmlAssert;
import org.xmlunit.builder.Input;

/** Each folder in cda-templates/rsa/cases is a promise: this request gives this document. */
class CdaTemplateCasesTest {

    private static final CdaTemplates TEMPLATES = new CdaTemplates(new ConfigFolder(Path.of("")));

    /** {@code -Dsnodo.cases.write=true} writes the documents as they come now; a person reads the difference. */
    private static final boolean WRITE = Boolean.getBoolean("snodo.cases.write");

    static List<Path> cases() {
        try (Stream<Path> folders = Files.list(Path.of("cda-templates/rsa/cases"))) {
            return folders.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] document(Path folder) {
        return TEMPLATES.render(CdaTemplates.RSA_CERTIFICATE, request(folder));
    }

    private static String request(Path folder) {
        try {
            return Files.readString(folder.resolve("request.xml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_case_gives_its_expected_document(Path folder) throws IOException {
        byte[] document = document(folder);
        if (WRITE) {
            Files.write(folder.resolve("expected.xml"), document);
        }
        XmlAssert.assertThat(Input.fromByteArray(document))
                .and(Input.fromPath(folder.resolve("expected.xml")))
                .areIdentical();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_case_passes_the_official_schema_schematron_and_code_tables(Path folder) {
        Optional<OfficialRsa> official = OfficialRsa.find();
        assumeThat(official).isPresent();
        assertThat(official.orElseThrow().findings(document(folder))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_case_s_request_is_what_the_hub_would_write(Path folder) throws IOException {
        String written = CertificateRequestCodec.toXml(CertificateRequestCodec.documentFromXml(request(folder)));
        XmlAssert.assertThat(written)
                .and(request(folder))
                .ignoreComments()
                .ignoreWhitespace()
                .areSimilar();
        // and the template makes the same of both
        assertThat(TEMPLATES.render(CdaTemplates.RSA_CERTIFICATE, written)).isEqualTo(document(folder));
    }

    private static String text(String name) {
        return new String(document(Path.of("cda-templates/rsa/cases", name)), StandardCharsets.UTF_8);
    }

    /** The gateway's code keeps a person's identifiers by their extension: two of one value make it fail. */
    @Test
    void a_regional_number_that_repeats_another_identifier_is_left_out() {
        String request = request(Path.of("cda-templates/rsa/cases/stp-foreigner"))
                .replace("</stp>", "</stp><regionalId>STP0103010000123</regionalId>");
        String document = new String(TEMPLATES.render(CdaTemplates.RSA_CERTIFICATE, request), StandardCharsets.UTF_8);
        assertThat(document.substring(0, document.indexOf("</patientRole>"))).containsOnlyOnce("STP0103010000123");
    }

    @Test
    void a_filler_that_stands_for_no_diagnosis_appears_nowhere() {
        assertThat(text("rare-ra0030-filler")).contains("RA0030").doesNotContain("F022", "2.16.840.1.113883.6.103");
        assertThat(text("oncology-048-filler")).contains("\"048\"").doesNotContain("F002", "2.16.840.1.113883.6.103");
    }

    @Test
    void what_a_person_reads_keeps_silent_about_leggi_speciali_and_the_ward() {
        assertThat(text("leggi-speciali")).contains("<confidentialityCode code=\"V\"");
        assertThat(narrative("leggi-speciali")).isNotEmpty().noneMatch(line -> line.matches("(?i).*(speciali|SerD).*"));
    }

    @Test
    void what_a_person_reads_does_not_tell_that_something_is_kept_from_a_parent() {
        assertThat(narrative("minor-hidden-from-parent"))
                .isNotEmpty()
                .noneMatch(line -> line.matches("(?i).*(oscura|genitor|minor).*"));
    }

    private static List<String> narrative(String name) {
        return text(name).lines().filter(line -> line.contains("<text>")).toList();
    }

    @Test
    void the_official_files_find_what_is_wrong() {
        Optional<OfficialRsa> official = OfficialRsa.find();
        assumeThat(official).isPresent();
        String document = text("chronic-0a02");
        String wrong = document.replace("code=\"395\"", "code=\"3955\"")
                .replace("<languageCode code=\"it-IT\"/>", "")
                .replace("<realmCode code=\"IT\"/>", "<realmCode code=\"IT\"/><unknown/>");
        assertThat(official.orElseThrow().findings(wrong.getBytes(StandardCharsets.UTF_8)))
                .anyMatch(finding -> finding.startsWith("CODE 2.16.840.1.113883.6.103 3955"))
                .anyMatch(finding -> finding.startsWith("SCH ERRORE-7|"))
                .anyMatch(finding -> finding.startsWith("XSD "));
    }
}
