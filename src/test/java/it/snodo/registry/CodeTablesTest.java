package it.snodo.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import it.snodo.Shared;
import it.snodo.config.ConfigFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodeTablesTest {

    private static final LocalDate DAY = LocalDate.of(2026, 3, 1);
    private static final CodeTables TABLES = new CodeTables(new ConfigFolder(Path.of(".")));

    @Test
    void every_table_of_the_repository_can_be_read() {
        TABLES.warm();
        assertThat(TABLES.errors()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "002A, 0A02",
        "002B, 0B02",
        "002C, 0C02",
        "031, 0031",
        "031A, 0A31",
        "A02, 0A02",
        "B02, 0B02",
        "C02, C02",
        "A31, 0A31",
        "' 0a02 ', 0A02",
        "013, 013",
        "ra0030, RA0030",
        "C01, C01",
        "TDL01, TDL01",
        "R99, R99"
    })
    void an_exemption_is_found_by_any_of_its_spellings(String written, String canonical) {
        assertThat(TABLES.exemption(written, DAY))
                .get()
                .extracting(Exemption::code)
                .isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"13", "31", "999", "0002", "RA9999", ""})
    void leading_zeros_are_part_of_a_code(String code) {
        assertThat(TABLES.exemption(code, DAY)).isEmpty();
    }

    @Test
    void a_code_with_two_lives_means_what_it_means_on_the_day() {
        assertThat(TABLES.exemption("P02", LocalDate.of(1998, 5, 1))
                        .orElseThrow()
                        .title())
                .isEqualTo("Angioedema ereditario");
        assertThat(TABLES.exemption("P02", DAY).orElseThrow().family()).isEqualTo("prevention_national");
        assertThat(TABLES.exemption("P12", DAY)).isEmpty();
        assertThat(TABLES.exemption("P12")).isPresent();
    }

    @Test
    void myasthenia_is_a_rare_disease_since_september_2017() {
        assertThat(TABLES.exemption("034", LocalDate.of(2017, 9, 14))).isPresent();
        assertThat(TABLES.exemption("034", LocalDate.of(2017, 9, 15))).isEmpty();
        assertThat(TABLES.exemption("RFG101", DAY).orElseThrow().familyLabel()).isEqualTo("Malattie rare");
    }

    @ParameterizedTest
    @CsvSource({
        "3655, 365.5",
        "365.5, 365.5",
        "395, 395",
        "V422, V42.2",
        "v42.2, V42.2",
        "E8500, E850.0",
        "29620, 296.20"
    })
    void a_diagnosis_is_found_with_and_without_its_dot(String written, String dotted) {
        assertThat(Icd9.dotted(written)).isEqualTo(dotted);
        assertThat(TABLES.diagnosis(written)).get().extracting(Diagnosis::code).isEqualTo(dotted);
    }

    @Test
    void words_are_fit_for_a_patient_to_read() {
        assertThat(TABLES.diagnosis("395").orElseThrow().title()).isEqualTo("Malattie della valvola aortica");
        assertThat(TABLES.exemption("RD0030", DAY).orElseThrow().title())
                .isEqualTo("Porpora di Henoch-Schönlein ricorrente");
        assertThat(TABLES.service("89.7A.3").orElseThrow().title()).isEqualTo("Prima visita cardiologica");
        assertThat(TABLES.structure("010003").orElseThrow().name()).isEqualTo("Ospedale Maria Vittoria");
    }

    @Test
    void fillers_are_told_from_diagnoses() {
        assertThat(CodeTables.isFiller("F002")).isTrue();
        assertThat(CodeTables.isFiller("000")).isTrue();
        assertThat(CodeTables.isFiller("395")).isFalse();
        assertThat(TABLES.fillersFor("048")).containsExactly("F002");
        assertThat(TABLES.fillerExemptions("F022")).containsExactly("RA0030");
    }

    @ParameterizedTest
    @CsvSource({
        "0A02, 395, LISTED", "0A02, 3959, LISTED", "019, 365, LISTED", "019, 250.00, NOT_LISTED", "048, 174.9, LISTED",
        "048, 2252, LISTED", "048, 235.1, LISTED", "048, 250.00, REFUSED", "048, V10.3, REFUSED", "040, 765.1, UNKNOWN"
    })
    void pairs_hold_for_a_category_and_its_subdivisions(String exemption, String diagnosis, Pairing expected) {
        assertThat(TABLES.pairing(exemption, diagnosis)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "010301, 010301",
        "301, 010301",
        "010201, 010301",
        "202, 010301",
        "101, 010301",
        "105, 010203",
        "110, 010203",
        "107, 010204",
        "108, 010205",
        "901, 010909",
        "903, 010909",
        "904, 010904",
        "ASL 3, 010301",
        "ASL10, 010203",
        "ASO 901, 010909",
        "2.16.840.1.113883.2.9.2.10.4.4.10.301, 010301",
        "2.16.840.1.113883.2.9.4.1.1.10203, 010203",
        "120201, 120201"
    })
    void an_azienda_is_found_by_its_new_short_and_old_codes(String written, String code) {
        assertThat(TABLES.azienda(written)).get().extracting(Azienda::code).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"010999999", "111", "1", "ASL", "2.16.840.1.113883.2.9.4.3.2", "xyz"})
    void what_is_no_azienda_is_not_found(String code) {
        assertThat(TABLES.azienda(code)).isEmpty();
    }

    @Test
    void every_azienda_of_the_region_can_be_reached_and_has_its_region_and_seat() {
        assertThat(TABLES.aziende().stream()
                        .filter(a -> a.region().equals("010") && !a.kind().equals("IRCCS")))
                .hasSize(18)
                .allSatisfy(azienda -> {
                    assertThat(azienda.telecom()).startsWith("https://");
                    assertThat(TABLES.comune(azienda.comune())).isPresent();
                });
        assertThat(TABLES.region("010").orElseThrow().organization()).isEqualTo("Regione Piemonte");
    }

    @Test
    void places_are_found_by_code_and_by_name() {
        assertThat(TABLES.comune("001272").orElseThrow()).isEqualTo(new Comune("001272", "Torino", "TO"));
        assertThat(TABLES.comuneNamed("AGLIE'", null).orElseThrow().name()).isEqualTo("Agliè");
        assertThat(TABLES.comuneNamed("LIVO", null)).as("two have this name").isEmpty();
        assertThat(TABLES.comuneNamed("LIVO", "CO")).isPresent();
        assertThat(TABLES.province("Torino")).contains("TO");
        assertThat(TABLES.province("vb")).contains("VB");
        for (String germany : List.of("216", "999216", "DE", "deu", "Germania")) {
            assertThat(TABLES.country(germany)).get().extracting(Country::code).isEqualTo("216");
        }
        assertThat(TABLES.country("IT").orElseThrow().italy()).isTrue();
        assertThat(TABLES.country("Perù")).isPresent();
        assertThat(TABLES.country("PERU")).isPresent();
    }

    @Test
    void durations_depend_on_exemption_and_diagnosis() {
        assertThat(TABLES.duration("048", null).orElseThrow().endFrom(DAY, null))
                .isEqualTo(LocalDate.of(2031, 3, 1));
        assertThat(TABLES.duration("0A02", "V422").orElseThrow().endFrom(DAY, null))
                .isNull();
        assertThat(TABLES.duration("0A02", "395"))
                .as("the law's value is not known")
                .isEmpty();
        assertThat(TABLES.duration("013", "25000").orElseThrow().endFrom(DAY, null))
                .isNull();
        assertThat(TABLES.duration("002", "V434").orElseThrow().endFrom(DAY, null))
                .isNull();
        assertThat(TABLES.duration("002", "395")).isEmpty();
        assertThat(TABLES.duration("005", "307.1"))
                .as("a chronic disease without a value of its own has no other")
                .isEmpty();
    }

    @Test
    void a_whole_family_may_have_one_duration() {
        assertThat(TABLES.duration("RA0030", "F022").orElseThrow().endFrom(DAY, null))
                .isNull();
        assertThat(TABLES.duration("C01", null)).isEmpty();
    }

    @Test
    void exempt_services_depend_on_exemption_and_diagnosis() {
        assertThat(TABLES.exemptServices("037", "7310", DAY))
                .extracting(ExemptService::title)
                .contains("Alanina aminotransferasi (ALT) (GPT)", "Calcio totale");
        assertThat(TABLES.exemptServices("037", "731.1", DAY)).isEmpty();
        assertThat(TABLES.exemptServices("048", "F002", DAY)).hasSize(1);
        assertThat(TABLES.exemptServices("013", null, DAY))
                .as("no open list is known")
                .isEmpty();
    }

    @Test
    void imported_exempt_services_take_effect_and_end_with_their_period(@TempDir Path dir) throws IOException {
        copy(dir);
        Files.writeString(dir.resolve("mappings/exemption-services.csv"), """
                exemption,diagnosis,service,dotted,title,class_note,cyclic,valid_from,valid_to,note
                0A02,395,8901,89.7A.3,,,N,,,
                0A02,395.0,,90.11.4,,S,Y,,,
                0A02,*,,87.44.1,Radiografia del torace,,N,,2026-02-28,
                0A02,000,,90.09.2,,,N,,,
                """);
        CodeTables tables = new CodeTables(new ConfigFolder(dir));
        assertThat(tables.exemptServices("002A", "3950", DAY))
                .as("a subdivision has its own and its category's, under any spelling of the exemption")
                .extracting(ExemptService::code)
                .containsExactly("90.11.4", "89.7A.3");
        assertThat(tables.exemptServices("0A02", "395", DAY.minusDays(1)))
                .extracting(ExemptService::code)
                .containsExactly("89.7A.3", "87.44.1");
        assertThat(tables.exemptServices("0A02", null, DAY))
                .extracting(ExemptService::code)
                .containsExactly("90.09.2");
    }

    @Test
    void codes_that_refer_to_other_tables_are_in_them() throws IOException {
        for (CSVRecord pair : rows(Path.of("mappings/exemption-diagnoses.csv"))) {
            assertThat(TABLES.exemption(pair.get("exemption")))
                    .as(pair.toString())
                    .isPresent();
            if (pair.get("diagnosis_to").isEmpty()) {
                assertThat(TABLES.diagnosis(pair.get("diagnosis")))
                        .as(pair.toString())
                        .isPresent();
            }
        }
        for (CSVRecord structure : rows(Path.of("mappings/structures.csv"))) {
            assertThat(TABLES.azienda(structure.get("azienda")))
                    .as(structure.toString())
                    .isPresent();
            assertThat(TABLES.comune(structure.get("comune")))
                    .as(structure.toString())
                    .isPresent();
        }
        for (CSVRecord unit : rows(Path.of("mappings/units.csv"))) {
            assertThat(TABLES.azienda(unit.get("azienda"))).isPresent();
            assertThat(TABLES.structure(unit.get("structure"))).isPresent();
            assertThat(TABLES.practiceSetting(unit.get("practice_setting"))).isPresent();
        }
        for (CSVRecord doctor : rows(Path.of("mappings/professionals.csv"))) {
            CodiceFiscale.parse(doctor.get("fiscal_code"), CodiceFiscale.Strictness.STRICT);
            assertThat(TABLES.unit(doctor.get("unit"))).isPresent();
        }
        for (CSVRecord row : rows(Path.of("mappings/exemption-services.csv"))) {
            assertThat(TABLES.exemption(row.get("exemption")))
                    .as(row.toString())
                    .isPresent();
            if (!row.get("diagnosis").equals("*")) {
                assertThat(TABLES.diagnosis(row.get("diagnosis")))
                        .as(row.toString())
                        .isPresent();
            }
            if (!row.get("dotted").isEmpty()) {
                assertThat(TABLES.service(row.get("dotted"))).as(row.toString()).isPresent();
            }
        }
        for (CSVRecord row : rows(Path.of("mappings/exemption-issuers.csv"))) {
            if (!row.get("fiscal_code").equals("*")) {
                assertThat(TABLES.professional(row.get("fiscal_code")))
                        .as(row.toString())
                        .isPresent();
            }
            assertThat(TABLES.azienda(row.get("asl")).orElseThrow().kind())
                    .as(row.toString())
                    .isEqualTo("ASL");
        }
    }

    @Test
    void every_code_of_the_sources_is_in_our_tables() throws IOException {
        Path tables = Shared.dir("tables").orElse(null);
        Assumptions.assumeTrue(tables != null);
        for (CSVRecord row : rows(tables.resolve("exemption_codes.csv"))) {
            assertThat(TABLES.exemption(row.get("code"))).as(row.get("code")).isPresent();
            assertThat(TABLES.exemption(row.get("code_in_source")))
                    .as(row.get("code_in_source"))
                    .isPresent();
        }
        for (CSVRecord row : rows(tables.resolve("rare_disease_codes.csv"))) {
            assertThat(TABLES.exemption(row.get("code"), DAY))
                    .as(row.get("code"))
                    .isPresent();
        }
        for (CSVRecord row : rows(tables.resolve("icd9cm_it_diagnoses.csv"))) {
            if (!row.get("icd9cm").equals("E")) {
                assertThat(TABLES.diagnosis(row.get("icd9cm")))
                        .as(row.get("icd9cm"))
                        .isPresent();
            }
        }
        for (CSVRecord row : rows(tables.resolve("catalogo_prestazioni_nazionale.csv"))) {
            assertThat(TABLES.service(row.get("code"))).as(row.get("code")).isPresent();
        }
        for (CSVRecord row : rows(tables.resolve("piedmont_asr.csv"))) {
            assertThat(TABLES.azienda(row.get("id_azienda_6"))).isPresent();
            assertThat(TABLES.azienda(row.get("code_3"))).isPresent();
        }
        for (CSVRecord row : rows(tables.resolve("istat_comuni.csv"))) {
            assertThat(TABLES.comune(row.get("istat_code"))).isPresent();
        }
    }

    @Test
    void a_diagnosis_that_the_gateway_does_not_know_is_marked() throws IOException {
        Path list = Shared.dir("fse/terminology/2.16.840.1.113883.6.103.csv").orElse(null);
        Assumptions.assumeTrue(list != null);
        List<String> gateway = rows(list).stream().map(row -> row.get("code")).toList();
        var known = new java.util.HashSet<>(gateway);
        for (CSVRecord row : rows(Path.of("mappings/diagnoses.csv"))) {
            assertThat(row.get("fse").equals("Y")).as(row.get("code")).isEqualTo(known.contains(row.get("code")));
        }
    }

    private static List<CSVRecord> rows(Path file) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (var parser = format.parse(Files.newBufferedReader(file))) {
            return parser.getRecords();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "aziende.csv|010301,301|01030,301|mappings/aziende.csv, riga 15, colonna «code»",
                "aziende.csv|,active,|,aktive,|mappings/aziende.csv, riga 4, colonna «status»",
                "diagnoses.csv|001.1,|0011,|mappings/diagnoses.csv, riga 4, colonna «code»",
                "exemptions.csv|2017-09-14|14/09/2017|mappings/exemptions.csv, riga 35, colonna «valid_to»",
                "exemptions.csv|code,family|codice,family|manca la colonna «code»",
                "regimes.csv|SSN,|,|mappings/regimes.csv, riga 2, colonna «code»: vuota",
                "units.csv|44946,|44946,x,|mappings/units.csv, riga 2: 7 colonne invece di 6",
                "exemption-services.csv|037,731.0,,90.09.2|037,731.0,,|mappings/exemption-services.csv, riga 4",
                "oids.csv|113883.6.1,LOINC|113883.6.01,LOINC|mappings/oids.csv, riga 11, colonna «oid»"
            })
    void a_wrong_row_is_named_by_file_line_and_column(
            String file, String good, String bad, String named, @TempDir Path dir) throws IOException {
        copy(dir);
        Path table = dir.resolve("mappings").resolve(file);
        String text = Files.readString(table);
        String old = good.replace("\\n", "\n");
        Assumptions.assumeTrue(text.contains(old), "the row is still there");
        Files.writeString(table, text.replaceFirst(java.util.regex.Pattern.quote(old), bad));
        CodeTables tables = new CodeTables(new ConfigFolder(dir));
        assertThatThrownBy(tables::warm).isInstanceOf(TableException.class).hasMessageContaining(named);
    }

    @Test
    void a_file_that_is_not_utf8_is_named(@TempDir Path dir) throws IOException {
        copy(dir);
        Files.write(
                dir.resolve("mappings/regimes.csv"),
                "code,title,certificate\nSSR,progettualità,Y\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> new CodeTables(new ConfigFolder(dir)).regime("SSR"))
                .hasMessageContaining("mappings/regimes.csv")
                .hasMessageContaining("UTF-8");
    }

    @Test
    void an_edited_table_takes_effect_and_a_broken_one_does_not(@TempDir Path dir) throws IOException {
        copy(dir);
        CodeTables tables = new CodeTables(new ConfigFolder(dir));
        assertThat(tables.exemption("E05", DAY)).isEmpty();
        Path file = dir.resolve("mappings/exemptions.csv");
        String good = Files.readString(file) + "E05,income,Esenzione regionale di prova,optional,regional,,,,\n";
        // A spreadsheet's byte order mark does no harm.
        Files.writeString(file, "\uFEFF" + good);
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> tables.exemption("E05", DAY)
                .isPresent());

        Files.writeString(file, good + "E06,nessuna famiglia,x,optional,regional,,,,\n");
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> {
            tables.exemption("E05", DAY);
            return !tables.errors().isEmpty();
        });
        assertThat(tables.errors()).singleElement().asString().contains("colonna «family»", "nessuna famiglia");
        assertThat(tables.exemption("E05", DAY)).isPresent();
    }

    @Test
    void the_copy_in_the_jar_serves_an_empty_directory(@TempDir Path empty) {
        assertThat(new CodeTables(new ConfigFolder(empty)).exemption("048", DAY))
                .isPresent();
    }

    private static void copy(Path dir) throws IOException {
        Path mappings = Files.createDirectories(dir.resolve("mappings"));
        try (Stream<Path> files = Files.list(Path.of("mappings"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".csv")).toList()) {
                Files.copy(file, mappings.resolve(file.getFileName()));
            }
        }
    }
}
