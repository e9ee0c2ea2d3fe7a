package it.snodo.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import it.snodo.config.ConfigFolder;
import it.snodo.document.ValidationReport.Finding;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CdaValidatorTest {

    private static final ConfigFolder HERE = new ConfigFolder(Path.of("."));
    private static final CdaValidator VALIDATOR = CdaValidator.of(HERE, null, null, null);
    private static final String SOUND = sound();

    @Test
    void a_sound_document_is_valid() {
        ValidationReport report = validate(SOUND);

        assertThat(report).isEqualTo(new ValidationReport(List.of(), List.of(), List.of(), List.of()));
        assertThat(report.isValid()).isTrue();
    }

    /** What is spoilt, how, and the ids that must follow: no more and no fewer. */
    static Stream<Arguments> spoilt() {
        return Stream.of(
                spoil("<realmCode code=\"IT\"/>", "", "1 2"),
                spoil("<realmCode code=\"IT\"/>", "<realmCode code=\"FR\"/>", "2"),
                spoil("2.16.840.1.113883.2.9.10.1.9.1\" extension=\"1.1\"", "2.16.840.1.113883.2.9.10.1.9.1\"", "4"),
                spoil("11488-4", "57133-1", "5"),
                spoil("code=\"N\"", "code=\"U\"", "6"),
                spoil("<languageCode code=\"it-IT\"/>", "", "7"),
                spoil("extension=\"PROVA.2\"", "extension=\"PROVA.1\"", "8"),
                spoil("(?s)<relatedDocument.*?</relatedDocument>", "", "9"),
                spoil("4.3.2\" extension=\"VRDNNA75D41L219X\"", "4.3.99\" extension=\"X\"", "10a"),
                spoil("4.3.2\" extension=\"VRDNNA75D41L219X\"", "4.3.7\" extension=\"X\"", "10b"),
                spoil(
                        "(<id root=\"2.16.840.1.113883.2.9.4.3.2\" extension=\"VRDNNA75D41L219X\"/>)",
                        "$1<id root=\"2.16.840.1.113883.2.9.2.10.4.1.1\" extension=\"1\"/>",
                        "10c"),
                spoil("<city>Torino</city><streetAddressLine>via", "<streetAddressLine>via", "11"),
                spoil("<given>Anna Maria</given>", "<given>Anna</given><given>Maria</given>", "14"),
                spoil("<administrativeGenderCode.*?/>", "", "15 16"),
                spoil("<birthTime.*?/>", "", "17"),
                spoil("<birthplace>.*?</birthplace>", "<birthplace><place/></birthplace>", "18"),
                spoil("(?s)(<assignedAuthor>.*?)<telecom.*?/>", "$1", "20"),
                spoil("(?s)(<dataEnterer>.*?)4.3.2", "$14.3.3", "24"),
                spoil("<name>Azienda di Prova</name>", "", "27"),
                spoil("<city>Torino</city><streetAddressLine>corso", "<streetAddressLine>corso", "28"),
                spoil("(?s)<legalAuthenticator>.*?</legalAuthenticator>", "", "29"),
                spoil("signatureCode code=\"S\"", "signatureCode code=\"X\"", "30"),
                spoil("code=\"PROG\"", "code=\"ALTRO\"", "33a"),
                spoil("2.16.840.1.113883.2.9.5.1.4\"", "2.16.840.1.113883.2.9.5.1.5\"", "33b"),
                spoil("(<performer typeCode.*?</performer>)", "$1$1", "33c"),
                spoil("performer typeCode=\"PRF\"", "performer typeCode=\"PPRF\"", "33c"),
                spoil("(?s)<componentOf>.*?</componentOf>", "", "39"),
                spoil("<asOrganizationPartOf>.*?</asOrganizationPartOf>", "<asOrganizationPartOf/>", "42"),
                spoil("telecom use=\"WP\" value=\"tel:0110000001\"", "telecom value=\"tel:0110000001\"", "43"),
                spoil("telecom use=\"WP\" value=\"tel:0110000002\"", "telecom use=\"HP\" value=\"tel:1\"", "43a"),
                spoil("VRDNNA75D41L219X", "vrdnna75d41l219x", "44"),
                spoil("<name>Ospedale di Prova</name>", "<name><prefix>Osp.</prefix>Prova</name>", "48"),
                spoil("<given>Luca</given>", "<delimiter>,</delimiter><given>Luca</given>", "49 49 49"),
                spoil("<high value=\"20260303103000", "<high value=\"20260303093000", "50"),
                spoil("addr use=\"WP\"", "addr use=\"H\"", "51"),
                spoil("<originalText><reference value=\"#probl\"/>", "<originalText><reference/>", "52"),
                spoil("<text>Prima visita.</text>", "", "b2"),
                spoil("(?s)<component><section>\\s*<code code=\"47045-0.*?</component>", "", "b4 b5"),
                spoil("(?s)(structuredBody>.*?<code code=\")29299-5", "$157827-8", "b20"),
                spoil("29298-7", "29299-5", "b21"),
                spoil("75326-9", "75325-1", "b24"),
                spoil("LA28752-6", "LA99999-9", "b45a"),
                spoil("MTH\" codeSystem=\"2.16.840.1.113883.5.111", "MTH\" codeSystem=\"2.16.840.1.113883.5.11", "b36"),
                spoil("52473-6", "52473-7", "b50"),
                spoil("code=\"J01C\" codeSystem=\"2.16.840.1.113883.6.73\"", "nullFlavor=\"NI\"", "b61"),
                spoil(
                        "<translation code=\"024402136\" codeSystem=\"2.16.840.1.113883.2.9.6.1.5\"",
                        "<translation code=\"A10BA02\" codeSystem=\"2.16.840.1.113883.6.73\"",
                        "b76"),
                spoil("<effectiveTime value=\"20260303100000\\+0100\"/>", "", "b80"),
                spoil("29308-4", "29308-5", "b85"),
                spoil("moodCode=\"PRP\"><code", "moodCode=\"INT\"><code", "b88"),
                spoil("<low value=\"20260304\"/>", "", "b91"),
                spoil("<quantity value=\"2\"/>", "", "b96"),
                spoil("<playingEntity><name><given>Luca</given>", "<playingEntity><name>", "b98"));
    }

    @ParameterizedTest(name = "{2}: {0} -> {1}")
    @MethodSource("spoilt")
    void each_fault_is_named_by_its_official_id_and_nothing_else_is(String part, String by, String ids) {
        String spoilt = SOUND.replaceAll(part, by);
        assertThat(spoilt).as("the document has the part").isNotEqualTo(SOUND);

        ValidationReport report = validate(spoilt);

        assertThat(report.failed()).extracting(Finding::id).containsExactlyInAnyOrder(ids.split(" "));
        assertThat(report.failed()).allSatisfy(f -> {
            assertThat(f.text()).hasSizeGreaterThan(30).doesNotContain("\n");
            assertThat(f.location()).startsWith("/ClinicalDocument[1]");
        });
        assertThat(report.isValid()).isFalse();
    }

    @Test
    void a_recommendation_is_a_warning_and_leaves_the_document_valid() {
        ValidationReport report = validate(SOUND.replace("Nota di consulto", "Consulto"));

        assertThat(report.warnings()).extracting(Finding::id).containsExactly("W001");
        assertThat(report.isValid()).isTrue();
    }

    @Test
    void the_message_says_what_the_document_holds() {
        ValidationReport report = validate(SOUND.replace("<code code=\"29299-5\"", "<code code=\"57827-8\""));

        assertThat(report.failed()).singleElement().satisfies(f -> {
            assertThat(f.text()).contains("'57827-8' non è ammessa");
            assertThat(f.location()).endsWith("/structuredBody[1]/component[1]/section[1]");
        });
    }

    @Test
    void a_schema_error_names_its_place_in_italian_and_the_other_checks_are_done_all_the_same() {
        ValidationReport report = validate(SOUND.replaceAll("<confidentialityCode.*?/>", ""));

        assertThat(report.schema())
                .singleElement()
                .asString()
                .matches("12:\\d+ cvc-complex-type.2.4.a: contenuto non valido.*confidentialityCode.*");
        assertThat(report.failed()).extracting(Finding::id).containsExactly("6");
    }

    @Test
    void an_unknown_type_id_is_a_schema_error_like_the_gateways() {
        assertThat(validate(SOUND.replace("POCD_MT000040UV02", "POCD_XX")).schema())
                .containsExactly(
                        "0:0 typeId 'POCD_XX' sconosciuto: il gateway conosce POCD_MT000040UV02 e POCD_HD000040");
        assertThat(validate(SOUND.replaceAll("<typeId.*?/>", "")).schema())
                .containsExactly("0:0 typeId assente: il gateway conosce POCD_MT000040UV02 e POCD_HD000040");
    }

    @Test
    void both_national_schemas_are_known_and_differ() {
        String hd = SOUND.replace("POCD_MT000040UV02", "POCD_HD000040");
        String deceased = "(<birthTime.*?/>)";

        assertThat(validate(hd).schema()).isEmpty();
        assertThat(validate(SOUND.replaceAll(deceased, "$1<deceasedInd value=\"false\"/>"))
                        .schema())
                .isEmpty();
        assertThat(validate(hd.replaceAll(deceased, "$1<deceasedInd value=\"false\"/>"))
                        .schema())
                .hasSize(1);
    }

    @Test
    void what_is_not_well_formed_is_a_schema_error_with_its_place() {
        assertThat(validate("<ClinicalDocument>\n<a></ClinicalDocument>").schema())
                .singleElement()
                .asString()
                .startsWith("2:");
        assertThat(validate("").schema()).hasSize(1);
        assertThat(VALIDATOR.validate(new byte[] {0, 1, 2}).isValid()).isFalse();
    }

    @Test
    void a_document_type_declaration_is_refused_and_no_file_is_read() {
        String xxe = SOUND.replace("?>\n<Clin", "?>\n<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>\n<Clin")
                .replace("Glicemia alta.", "&e;");

        ValidationReport report = validate(xxe);

        assertThat(report.isValid()).isFalse();
        assertThat(report.schema()).singleElement().asString().containsIgnoringCase("DOCTYPE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "250.00\" codeSystem=\"2.16.840.1.113883.6.103 | 2500\" codeSystem=\"2.16.840.1.113883.6.103 | 2500 [2.16.840.1.113883.6.103]",
                "code=\"F\" codeSystem=\"2.16.840.1.113883.5.1\" | code=\"f\" codeSystem=\"2.16.840.1.113883.5.1\" | f [2.16.840.1.113883.5.1]",
                "code=\"F\" codeSystem | codeSystem | ' [2.16.840.1.113883.5.1]: manca il codice'",
                "code=\"F\" codeSystem | code=\"F\" codeSystemVersion=\"9\" codeSystem | F [2.16.840.1.113883.5.1]: versione 9 sconosciuta, quella valida è 2.1.0",
                "2.16.840.1.113883.2.9.2.10.6.11 | 2.16.840.1.113883.2.9.999.6.11 | 89.7A.7 [2.16.840.1.113883.2.9.999.6.11]: sistema di codifica non ammesso",
                "code=\"LA16666-2\" | code=\"LA18821-1\" | LA18821-1 [2.16.840.1.113883.2.9.77.22.11.7]",
            })
    void a_code_that_the_gateway_does_not_know_is_named(String part, String by, String named) {
        ValidationReport report = validate(SOUND.replace(part, by));

        assertThat(report.unknownCodes()).contains(named);
        assertThat(report.isValid()).isFalse();
    }

    @Test
    void codes_of_systems_that_the_gateway_does_not_manage_or_whose_list_is_too_long_are_not_looked_at() {
        String odd = SOUND.replace("code=\"89.01.7\"", "code=\"??\"").replace("1558-6", "0000-0");

        assertThat(validate(odd).unknownCodes()).isEmpty();
    }

    @Test
    void a_folder_of_code_lists_takes_the_place_of_ours(@TempDir Path lists) throws Exception {
        Files.writeString(lists.resolve("2.16.840.1.113883.6.1.csv"), "version,code\n2.82,1558-6\n");

        ValidationReport report = CdaValidator.of(HERE, null, null, lists).validate(bytes(SOUND));

        assertThat(report.unknownCodes())
                .contains("11488-4 [2.16.840.1.113883.6.1]")
                .noneMatch(c -> c.contains("1558-6"));
    }

    @Test
    void an_edit_of_the_schematron_takes_effect_and_a_slip_in_it_leaves_the_last_good_one(@TempDir Path home)
            throws Exception {
        Path rules = Files.createDirectories(home.resolve("xsd")).resolve("rsa.sch");
        String ours = Files.readString(Path.of("xsd/rsa.sch"));
        Files.writeString(rules, ours);
        copyTables(home);
        CdaValidator validator = CdaValidator.of(new ConfigFolder(home), null, null, null);
        assertThat(validator.validate(bytes(SOUND)).isValid()).isTrue();

        Files.writeString(rules, ours.replace("count(hl7:languageCode) = 1", "count(hl7:languageCode) = 2"));
        Awaitility.await()
                .untilAsserted(() -> assertThat(validator.validate(bytes(SOUND)).failed())
                        .extracting(Finding::id)
                        .containsExactly("7"));

        Files.writeString(rules, ours.replace("count(hl7:languageCode) = 1", "count(hl7:languageCode = 1"));
        Awaitility.await().during(java.time.Duration.ofMillis(1200)).untilAsserted(() -> assertThat(
                        validator.validate(bytes(SOUND)).failed())
                .extracting(Finding::id)
                .containsExactly("7"));
    }

    @Test
    void a_schematron_with_abstract_patterns_can_be_put_in_place(@TempDir Path home) throws Exception {
        Path rules = home.resolve("mine.sch");
        Files.writeString(rules, """
                <schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">
                  <ns prefix="h" uri="urn:hl7-org:v3"/>
                  <pattern abstract="true" id="once">
                    <rule context="$parent"><assert id="rsa-X1" test="count($child) = 1">una volta <name/></assert></rule>
                  </pattern>
                  <pattern is-a="once"><param name="parent" value="h:patient"/><param name="child" value="h:desc"/></pattern>
                  <pattern><rule context="h:id/@extension"><report id="rsa-X2" test="starts-with(., 'PROVA')">prova</report></rule></pattern>
                </schema>
                """);

        ValidationReport report = CdaValidator.of(HERE, null, rules, null).validate(bytes(SOUND));

        assertThat(report.failed())
                .containsExactly(new Finding(
                        "X1", "una volta patient", "/ClinicalDocument[1]/recordTarget[1]/patientRole[1]/patient[1]"));
        assertThat(report.warnings())
                .extracting(Finding::location)
                .containsExactly(
                        "/ClinicalDocument[1]/id[1]/@extension",
                        "/ClinicalDocument[1]/relatedDocument[1]/parentDocument[1]/id[1]/@extension");
    }

    @Test
    void a_schematron_that_cannot_be_compiled_is_refused_with_its_name(@TempDir Path home) throws Exception {
        Path rules = home.resolve("broken.sch");
        Files.writeString(
                rules,
                "<schema xmlns='http://purl.oclc.org/dsdl/schematron'><pattern>"
                        + "<rule context='a['><assert test='1'>x</assert></rule></pattern></schema>");
        CdaValidator validator = CdaValidator.of(HERE, null, rules, null);

        assertThatThrownBy(() -> validator.validate(bytes(SOUND)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("broken.sch");
    }

    @Test
    void many_threads_get_the_same_verdict() {
        String bad = SOUND.replace("11488-4", "1");

        assertThat(IntStream.range(0, 200)
                        .parallel()
                        .mapToObj(
                                i -> validate(i % 2 == 0 ? SOUND : bad).failed().size())
                        .toList())
                .containsExactlyElementsOf(
                        IntStream.range(0, 200).mapToObj(i -> i % 2).toList());
    }

    private static void copyTables(Path home) throws Exception {
        Path tables = Files.createDirectories(home.resolve(CodeTables.FOLDER));
        try (Stream<Path> files = Files.list(Path.of(CodeTables.FOLDER))) {
            for (Path file : files.toList()) {
                Files.copy(file, tables.resolve(file.getFileName()));
            }
        }
    }

    private static Arguments spoil(String part, String by, String ids) {
        return Arguments.of(part, by, ids);
    }

    private static ValidationReport validate(String cda) {
        return VALIDATOR.validate(bytes(cda));
    }

    private static byte[] bytes(String cda) {
        return cda.getBytes(StandardCharsets.UTF_8);
    }

    static String sound() {
        try (InputStream in = CdaValidatorTest.class.getResourceAsStream("rsa-valid.xml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
