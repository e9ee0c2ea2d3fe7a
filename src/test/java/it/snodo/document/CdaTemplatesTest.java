package it.snodo.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import it.snodo.certificate.CertificateDocument;
import it.snodo.certificate.CertificateRequestCodec;
import it.snodo.config.ConfigFolder;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CdaTemplatesTest {

    private static final String INPUT = "<input>uno</input>";

    @TempDir
    Path home;

    private CdaTemplates templates() {
        return new CdaTemplates(new ConfigFolder(home));
    }

    /** A type of its own, so that nothing of the jar's copy of the RSA is met. */
    private void write(String name, String body) throws IOException {
        Path file = home.resolve("cda-templates/try").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
                <xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
                %s
                </xsl:stylesheet>
                """.formatted(body));
    }

    private static String text(byte[] document) {
        return new String(document, StandardCharsets.UTF_8);
    }

    private static CertificateDocument chronic() throws IOException {
        return CertificateRequestCodec.documentFromXml(
                Files.readString(Path.of("cda-templates/rsa/cases/chronic-0a02/request.xml")));
    }

    @Test
    void without_a_folder_on_disk_the_jar_s_template_is_used() throws IOException {
        assertThat(text(templates().render(chronic())))
                .startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
                .contains("<ClinicalDocument");
    }

    @Test
    void the_same_request_gives_the_same_bytes() throws IOException {
        CertificateDocument document = chronic();
        CdaTemplates templates = templates();
        assertThat(templates.render(document)).isEqualTo(templates.render(document));
        assertThat(templates().render(document)).isEqualTo(templates.render(document));
    }

    @Test
    void the_result_is_utf_8_with_its_declaration_whatever_the_template_says() throws IOException {
        write("main.xsl", """
                <xsl:output encoding="ISO-8859-1" omit-xml-declaration="yes"/>
                <xsl:template match="/"><esito>è 🫀</esito></xsl:template>
                """);
        assertThat(text(templates().render("try/main", INPUT)))
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?><esito>è 🫀</esito>");
    }

    @Test
    void an_edit_of_an_included_file_takes_effect_without_restart() throws IOException {
        write("main.xsl", """
                <xsl:include href="part.xsl"/>
                <xsl:template match="/"><xsl:call-template name="part"/></xsl:template>
                """);
        write("part.xsl", "<xsl:template name=\"part\"><prima/></xsl:template>");
        CdaTemplates templates = templates();
        assertThat(text(templates.render("try/main", INPUT))).contains("<prima/>");
        write("part.xsl", "<xsl:template name=\"part\"><dopo-la-modifica/></xsl:template>");
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(text(templates.render("try/main", INPUT)))
                .contains("<dopo-la-modifica/>"));
    }

    @Test
    void a_broken_edit_leaves_the_last_good_template_in_force_and_is_named() throws IOException {
        write("main.xsl", "<xsl:template match=\"/\"><buono/></xsl:template>");
        CdaTemplates templates = templates();
        templates.render("try/main", INPUT);
        write("main.xsl", "<xsl:template match=\"/\">\n<xsl:value-of select=\"1 +\"/></xsl:template>");
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            assertThat(text(templates.render("try/main", INPUT))).contains("<buono/>");
            assertThat(templates.errors().get("try/main")).startsWith("cda-templates/try/main.xsl, riga 3: ");
        });
    }

    @Test
    void a_template_that_does_not_compile_is_named_with_file_and_line() throws IOException {
        write("main.xsl", "<xsl:include href=\"part.xsl\"/>");
        write("part.xsl", "<xsl:template match=\"/\">\n\n<xsl:value-of select=\"$nessuno\"/></xsl:template>");
        assertThatThrownBy(() -> templates().render("try/main", INPUT))
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.TEMPLATE_FAILED))
                .hasMessageStartingWith("cda-templates/try/part.xsl, riga 4: ");
    }

    @Test
    void a_template_that_fails_at_work_is_named_with_file_and_line() throws IOException {
        write("main.xsl", """
                <xsl:template match="/">
                <esito><xsl:value-of select="xs:date(input)" xmlns:xs="http://www.w3.org/2001/XMLSchema"/></esito>
                </xsl:template>
                """);
        assertThatThrownBy(() -> templates().render("try/main", INPUT))
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.TEMPLATE_FAILED))
                .hasMessageStartingWith("cda-templates/try/main.xsl, riga 3: ");
    }

    @Test
    void what_concerns_only_the_hub_stays_out_of_the_document() throws IOException {
        String request = Files.readString(Path.of("cda-templates/rsa/cases/chronic-0a02/request.xml"))
                .replace(
                        "<ticket>",
                        "<onlineCollection><requested>true</requested><pin>73911</pin></onlineCollection><ticket>");
        assertThat(request).contains("73911");
        assertThat(text(templates().render(CdaTemplates.RSA_CERTIFICATE, request)))
                .doesNotContain("73911", "CC-2026-000977", "CARTELLA");
    }

    @Test
    void a_single_name_leaves_the_other_unknown_not_empty() throws IOException {
        String request = Files.readString(Path.of("cda-templates/rsa/cases/minimum/request.xml"))
                .replace("<given>MARIA</given>", "<given> </given>");
        assertThat(text(templates().render(CdaTemplates.RSA_CERTIFICATE, request)))
                .contains("<given nullFlavor=\"UNK\"/>");
    }

    @Test
    void a_missing_author_is_said_in_words() throws IOException {
        String request = Files.readString(Path.of("cda-templates/rsa/cases/minimum/request.xml"))
                .replaceAll("(?s)<author>.*</author>", "");
        assertThatThrownBy(() -> templates().render(CdaTemplates.RSA_CERTIFICATE, request))
                .isInstanceOf(SnodoException.class)
                .hasMessageContaining("participants.xsl")
                .hasMessageContaining("Manca il medico autore");
    }

    @Test
    void a_template_includes_nothing_from_outside_its_folder() throws IOException {
        Path outside = Files.writeString(home.resolve("outside.xsl"), """
                <xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
                <xsl:template match="/"><fuori/></xsl:template></xsl:stylesheet>
                """);
        for (String href : new String[] {"../../outside.xsl", outside.toUri().toString(), "http://localhost/x.xsl"}) {
            write("main.xsl", "<xsl:include href=\"" + href + "\"/>");
            assertThatThrownBy(() -> templates().render("try/main", INPUT))
                    .as(href)
                    .isInstanceOf(SnodoException.class);
        }
    }

    @Test
    void a_template_reads_and_writes_no_file_at_work() throws IOException {
        Path secret = Files.writeString(home.resolve("secret.xml"), "<segreto/>");
        Path written = home.resolve("written.xml");
        for (String instruction : new String[] {
            "<xsl:copy-of select=\"doc('" + secret.toUri() + "')\"/>",
            "<xsl:value-of select=\"unparsed-text('" + secret.toUri() + "')\"/>",
            "<xsl:result-document href=\"" + written.toUri() + "\"><x/></xsl:result-document>"
        }) {
            write("main.xsl", "<xsl:template match=\"/\"><r>" + instruction + "</r></xsl:template>");
            assertThatThrownBy(() -> templates().render("try/main", INPUT))
                    .as(instruction)
                    .isInstanceOf(SnodoException.class);
        }
        assertThat(written).doesNotExist();
    }

    @Test
    void an_input_with_a_doctype_is_refused() throws IOException {
        write("main.xsl", "<xsl:template match=\"/\"><r><xsl:value-of select=\".\"/></r></xsl:template>");
        Path secret = Files.writeString(home.resolve("secret.txt"), "segreto");
        String input = "<!DOCTYPE a [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]><a>&x;</a>";
        assertThatThrownBy(() -> templates().render("try/main", input))
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.TEMPLATE_FAILED));
    }
}
