package it.snodo.booking.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import it.snodo.booking.Note;
import it.snodo.booking.catalogue.BookingCatalogue.LocalService;
import it.snodo.config.ConfigFolder;
import it.snodo.registry.CodeTables;
import it.snodo.registry.TableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BookingCatalogueTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 22);
    private static final CodeTables TABLES = new CodeTables(new ConfigFolder(Path.of(".")));
    private static final BookingCatalogue CATALOGUE = BookingCatalogue.of(new ConfigFolder(Path.of(".")), TABLES);

    private static final List<String> CONNECTED = List.of(
            "010203", "010204", "010205", "010206", "010207", "010208", "010209", "010210", "010211", "010212",
            "010213", "010301", "010904", "010905", "010906", "010907", "010908", "010909");

    @TempDir
    Path dir;

    // --- the tables as they are delivered ----------------------------------------------------------------------

    @Test
    void every_table_can_be_read() {
        CATALOGUE.warm();

        assertThat(CATALOGUE.items(DAY)).hasSizeGreaterThan(60);
        assertThat(CATALOGUE.incompatibilities(DAY)).isNotEmpty();
        assertThat(CATALOGUE.exemptionFormats(DAY)).isNotEmpty();
    }

    @Test
    void the_eighteen_aziende_of_today_are_connected() {
        assertThat(CATALOGUE.aziende(DAY)).extracting(CupAzienda::code).containsExactlyInAnyOrderElementsOf(CONNECTED);
        assertThat(CATALOGUE.aziende(DAY)).allSatisfy(each -> {
            assertThat(each.shortCode()).isEqualTo(each.code().substring(3));
            assertThat(each.host()).isNull();
            assertThat(each.port()).isZero();
        });
    }

    @Test
    void every_service_has_a_real_code_and_every_item_stands_once() {
        assertThat(CATALOGUE.items(DAY))
                .allSatisfy(each ->
                        assertThat(TABLES.service(each.code())).as(each.code()).isPresent());
        assertThat(CATALOGUE.items(DAY)).extracting(CatalogueItem::item).doesNotHaveDuplicates();
        assertThat(CATALOGUE.items(DAY)).allSatisfy(each -> assertThat(each.components())
                .allSatisfy(part -> assertThat(CATALOGUE.item(part, DAY)).isPresent()));
    }

    @Test
    void branches_have_a_name() {
        Set<String> branches = CATALOGUE.items(DAY).stream()
                .flatMap(each -> each.branches().stream())
                .filter(each -> !each.equals("00"))
                .collect(Collectors.toSet());

        assertThat(branches)
                .contains("43", "69")
                .allSatisfy(each -> assertThat(TABLES.discipline(each)).as(each).isPresent());
    }

    @Test
    void every_local_code_leads_back_to_its_item_and_none_is_used_twice() {
        int[] codes = new int[1];
        for (String azienda : CONNECTED) {
            for (CatalogueItem item : CATALOGUE.items(DAY)) {
                for (LocalService local : own(azienda, item)) {
                    codes[0]++;
                    assertThat(local.localCode())
                            .startsWith(azienda.substring(3) + "-")
                            .hasSize(8);
                    assertThat(CATALOGUE.regional(azienda, local.localCode(), DAY))
                            .contains(local);
                    assertThat(local.service()).isEqualTo(item.code());
                }
            }
        }
        assertThat(codes[0]).isGreaterThan(900);
    }

    private static List<LocalService> own(String azienda, CatalogueItem item) {
        return CATALOGUE.local(azienda, item.item(), DAY).stream()
                .filter(each -> each.item().equals(item.item()))
                .toList();
    }

    @Test
    void what_sovracup_does_not_book_has_no_local_code() {
        assertThat(CATALOGUE.items(DAY))
                .filteredOn(each -> !each.localCup().isEmpty()
                        || !each.firstAccess()
                        || Set.of("LABORATORY", "SPORT", "LEGAL", "REHABILITATION")
                                .contains(each.kind()))
                .hasSizeGreaterThan(8)
                .allSatisfy(each -> assertThat(CONNECTED)
                        .allSatisfy(azienda -> assertThat(own(azienda, each)).isEmpty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "89.7A.3",
                "95.02",
                "89.7A.7",
                "89.7B.8",
                "89.52",
                "88.72.2",
                "88.23.2-DX",
                "88.23.2-SX",
                "87.37.1",
                "89.37.1"
            })
    void the_usual_services_are_offered_everywhere(String item) {
        assertThat(CONNECTED).allSatisfy(azienda -> assertThat(CATALOGUE.local(azienda, item, DAY))
                .isNotEmpty());
    }

    @Test
    void every_note_form_and_incompatibility_belongs_to_a_service_of_the_catalogue() throws IOException {
        for (String line : Files.readAllLines(Path.of("mappings/booking-notes.csv")).stream()
                .skip(1)
                .toList()) {
            assertThat(CATALOGUE.item(line.split(",")[1], DAY)).as(line).isPresent();
        }
        assertThat(CATALOGUE.incompatibilities(DAY)).allSatisfy(pair -> {
            assertThat(CATALOGUE.item(pair.first(), DAY)).isPresent();
            assertThat(CATALOGUE.item(pair.second(), DAY)).isPresent();
        });
        for (int number = 1; number <= 13; number++) {
            assertThat(CATALOGUE.form("M%02d".formatted(number), DAY)).hasValueSatisfying(form -> assertThat(
                            form.services())
                    .allSatisfy(each -> assertThat(CATALOGUE.item(each, DAY)).isPresent()));
        }
    }

    @Test
    void every_exemption_of_today_has_a_format() throws IOException {
        for (String line : Files.readAllLines(Path.of("mappings/exemptions.csv")).stream()
                .skip(1)
                .toList()) {
            String code = line.split(",")[0];
            if (TABLES.exemption(code, DAY)
                    .filter(each -> !each.family().startsWith("legacy"))
                    .isPresent()) {
                assertThat(CATALOGUE.exemptionFormat(code, DAY)).as(code).isPresent();
            }
        }
    }

    // --- lookups ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "101,010301",
        "ASL 3,010301",
        "ASL10,010203",
        "105,010203",
        "109,010204",
        "108,010205",
        "901,010909",
        "ASO 902,010909",
        "908,010908",
        "904,010904",
        "010201,010301",
        "010213,010213",
        "213,010213"
    })
    void codes_of_2007_and_of_today_name_the_azienda_of_today(String given, String code) {
        assertThat(CATALOGUE.azienda(given, DAY)).map(CupAzienda::code).contains(code);
    }

    @ParameterizedTest
    @ValueSource(strings = {"111", "100", "ASL 11", "010920", "999", "030321", "", "X"})
    void others_are_not_connected(String given) {
        assertThat(CATALOGUE.azienda(given, DAY)).isEmpty();
    }

    @Test
    void what_held_for_the_old_aziende_holds_for_their_successor() {
        CupAzienda turin = CATALOGUE.azienda("ASL 4", DAY).orElseThrow();
        assertThat(turin.controlVisits()).isTrue();
        assertThat(turin.pharmacies()).isTrue();
        assertThat(turin.fax()).isFalse();
        CupAzienda city = CATALOGUE.azienda("902", DAY).orElseThrow();
        assertThat(city.fax()).isTrue();
        assertThat(city.pharmacies()).isFalse();
        assertThat(CATALOGUE.aziende(DAY)).filteredOn(CupAzienda::controlVisits).hasSize(1);
    }

    @Test
    void the_demo_speaks_all_four_profiles() {
        assertThat(List.of("301", "203", "204", "213", "909"))
                .extracting(each -> CATALOGUE.azienda(each, DAY).orElseThrow().profile())
                .containsExactly("SIU", "SRM", "OMG", "FHIR", "SIU");
    }

    @Test
    void a_specific_item_is_looked_for_first_and_the_service_itself_after() {
        assertThat(CATALOGUE.local("010301", "95.02-CATARATTA", DAY))
                .extracting(LocalService::item)
                .containsExactly("95.02-CATARATTA", "95.02");
        assertThat(CATALOGUE.local("010204", "95.02-CATARATTA", DAY))
                .extracting(LocalService::item)
                .containsExactly("95.02");
        assertThat(CATALOGUE.local("010301", "95.02", DAY))
                .extracting(LocalService::item)
                .containsExactly("95.02");
    }

    @Test
    void codes_are_found_in_any_case_and_items_only_by_their_service() {
        assertThat(CATALOGUE.item(" 95.02-cataratta ", DAY))
                .map(CatalogueItem::code)
                .contains("95.02");
        assertThat(CATALOGUE.itemsOf("95.02", DAY))
                .extracting(CatalogueItem::item)
                .containsExactlyInAnyOrder("95.02-CATARATTA", "95.02-GLAUCOMA");
        assertThat(CATALOGUE.itemsOf("89.52", DAY)).isEmpty();
        assertThat(CATALOGUE.item(null, DAY)).isEmpty();
    }

    @Test
    void an_item_has_the_notes_of_its_service_and_an_azienda_its_own() {
        assertThat(CATALOGUE.notes("95.02-CATARATTA", "010909", DAY))
                .extracting(Note::kind, Note::service)
                .contains(
                        org.assertj.core.groups.Tuple.tuple(Note.Kind.PATIENT, "95.02"),
                        org.assertj.core.groups.Tuple.tuple(Note.Kind.OPERATOR, "95.02-CATARATTA"));
        assertThat(CATALOGUE.notes("95.02-CATARATTA", "010301", DAY))
                .noneMatch(each -> each.kind() == Note.Kind.OPERATOR);
        assertThat(CATALOGUE.notes("88.72.2", null, DAY))
                .anyMatch(each -> each.text().contains("3 mesi"));
        assertThat(CATALOGUE.notes("45.23", null, DAY)).anyMatch(each -> each.form() != null);
    }

    @Test
    void questions_are_compared_as_words() {
        CatalogueItem eye = CATALOGUE.item("95.02", DAY).orElseThrow();
        assertThat(eye.isFreeAccessFor("controllo  ACUITA' visiva!")).isTrue();
        assertThat(eye.isFreeAccessFor("Visus OO")).isTrue();
        assertThat(eye.isFreeAccessFor("visusx")).isFalse();
        assertThat(eye.isFreeAccessFor(null)).isFalse();
        assertThat(eye.isMeantFor("cataratta")).isFalse();
        CatalogueItem cataract = CATALOGUE.item("95.02-CATARATTA", DAY).orElseThrow();
        assertThat(cataract.isMeantFor("sospetta cataratta")).isTrue();
        assertThat(cataract.isMeantFor("pseudocataratta")).isFalse();
        assertThat(cataract.isMeantFor(null)).isFalse();
    }

    @Test
    void slovenia_and_croatia_leave_when_they_join_the_union() {
        assertThat(CATALOGUE.convention("Slovenia", LocalDate.of(2004, 4, 30))).isPresent();
        assertThat(CATALOGUE.convention("Slovenia", LocalDate.of(2004, 5, 1))).isEmpty();
        assertThat(CATALOGUE.convention("HRV", LocalDate.of(2013, 6, 30))).isPresent();
        assertThat(CATALOGUE.convention("Croazia", LocalDate.of(2013, 7, 1))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bosnia", "Erzegovina", "bosnia-erzegovina", "Bosnia ed Erzegovina", "BA", "BIH", "252"})
    void bosnia_erzegovina_is_one_country_of_several_names(String name) {
        assertThat(CATALOGUE.convention(name, DAY)).map(ConventionCountry::code).contains("252");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Francia", "US", "", "Jugoslavia"})
    void others_have_no_convention(String name) {
        assertThat(CATALOGUE.convention(name, DAY)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "001,PATHOLOGY,false", "056,PATHOLOGY,false", "0A02,PATHOLOGY,false", "RA0010,RARE,false", "r99,RARE,false",
        "C01,INVALIDITY,true", "G02,INVALIDITY,false", "AB12,INVALIDITY,true", "E01,AGE_INCOME,true",
                "E02,UNEMPLOYED,true",
        "E03,INCOME,true", "E04,PENSION,true", "D02,PAP,false", "D03,MAMMOGRAPHY,false", "D04,COLONOSCOPY,false",
        "M20,PREGNANCY,false", "D01B,PREVENTION,false", "L04,ACCIDENT,false", "F01,OTHER,true"
    })
    void exemption_codes_tell_their_class_and_how_much_they_cover(String code, String type, boolean general) {
        assertThat(CATALOGUE.exemptionFormat(code, DAY)).hasValueSatisfying(found -> {
            assertThat(found.type()).isEqualTo(type);
            assertThat(found.general()).isEqualTo(general);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"000", "068", "ABCDE", "A1", "ABCDEFG", "Z99"})
    void what_has_no_format_is_none(String code) {
        assertThat(CATALOGUE.exemptionFormat(code, DAY)).isEmpty();
    }

    @Test
    void the_list_of_pathologies_was_longer_from_march_2017() {
        assertThat(CATALOGUE.exemptionFormat("057", LocalDate.of(2017, 3, 18))).isEmpty();
        assertThat(CATALOGUE.exemptionFormat("057", LocalDate.of(2017, 3, 19))).isPresent();
    }

    @Test
    void classes_of_priority_have_their_days() {
        CatalogueItem visit = CATALOGUE.item("89.7A.3", DAY).orElseThrow();
        CatalogueItem exam = CATALOGUE.item("89.52", DAY).orElseThrow();
        PriorityClass d = CATALOGUE.priority("d", DAY).orElseThrow();
        assertThat(d.days(visit)).isEqualTo(30);
        assertThat(d.days(exam)).isEqualTo(60);
        assertThat(CATALOGUE.priority("U", DAY).orElseThrow().bookable()).isFalse();
        assertThat(CATALOGUE.standardPriority(DAY).letter()).isEqualTo("P");
        assertThat(CATALOGUE.priority("X", DAY)).isEmpty();
    }

    @Test
    void a_merged_comune_gives_its_successor_from_the_day_of_the_merger() {
        assertThat(CATALOGUE.vanished("VALMALA", DAY)).contains(new VanishedComune("Valmala", "004034", "Busca"));
        assertThat(CATALOGUE.vanished("Valmala", LocalDate.of(2018, 12, 31))).isEmpty();
        assertThat(CATALOGUE.vanished("Torino", DAY)).isEmpty();
        assertThat(CATALOGUE.vanished(null, DAY)).isEmpty();
    }

    @Test
    void limits_have_the_numbers_of_the_manual() {
        assertThat(CATALOGUE.limit("prescription-days", DAY)).isEqualByComparingTo("60");
        assertThat(CATALOGUE.limit("ticket-cap", DAY)).isEqualByComparingTo("36.15");
        assertThatThrownBy(() -> CATALOGUE.limit("none", DAY))
                .isInstanceOf(TableException.class)
                .hasMessageContaining("booking-limits.csv")
                .hasMessageContaining("none");
    }

    // --- edited tables ----------------------------------------------------------------------------------------

    @Test
    void rows_hold_from_their_first_to_their_last_day() throws IOException {
        write(
                "booking-limits.csv",
                "name,value,valid_from,valid_to",
                "prescription-days,60,,2026-12-31",
                "prescription-days,180,2027-01-01,");
        BookingCatalogue edited = edited();

        assertThat(edited.limit("prescription-days", LocalDate.of(2026, 12, 31)))
                .isEqualByComparingTo("60");
        assertThat(edited.limit("prescription-days", LocalDate.of(2027, 1, 1))).isEqualByComparingTo("180");
    }

    @Test
    void adding_an_azienda_is_one_row() throws IOException {
        String row =
                "010214,214,ASL Nuova,ASL,active,,010,001272,,SRM,cup.example.org,2575,2.4,8859/1,cup214,NO_MSH18;TS_LOCAL,"
                        + "2027-01-01,2028-12-31,Y,N,Y,Y,N";
        Files.createDirectories(dir.resolve("mappings"));
        Files.writeString(
                dir.resolve("mappings/aziende.csv"), Files.readString(Path.of("mappings/aziende.csv")) + row + "\n");
        for (String name : List.of("booking-services.csv", "booking-local-codes.csv")) {
            Files.copy(Path.of("mappings", name), dir.resolve("mappings").resolve(name));
        }
        ConfigFolder folder = new ConfigFolder(dir);
        BookingCatalogue edited = BookingCatalogue.of(folder, new CodeTables(folder));

        LocalDate connected = LocalDate.of(2027, 1, 1);
        assertThat(edited.local("010214", "89.7A.3", connected))
                .as("without codes of its own it uses those of the catalogue")
                .containsExactly(new LocalService("010214", "89.7A.3", "89.7A.3", "89.7A.3"));
        assertThat(edited.regional("010214", "89.7A.3", connected)).isPresent();
        assertThat(edited.local("010214", "89.7A.3", LocalDate.of(2026, 12, 31)))
                .as("before it is connected it offers nothing")
                .isEmpty();
        assertThat(edited.azienda("214", LocalDate.of(2026, 12, 31))).isEmpty();
        assertThat(edited.azienda("214", LocalDate.of(2029, 1, 1))).isEmpty();
        Optional<CupAzienda> found = edited.azienda("214", LocalDate.of(2027, 1, 1));
        assertThat(found)
                .contains(new CupAzienda(
                        "010214",
                        "214",
                        "ASL Nuova",
                        "SRM",
                        "cup.example.org",
                        2575,
                        "2.4",
                        "8859/1",
                        "cup214",
                        true,
                        false,
                        true,
                        true,
                        false,
                        Set.of("NO_MSH18", "TS_LOCAL")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "booking-limits.csv|name,value,valid_from,valid_to|a,x,,|value",
                "booking-limits.csv|name,value,valid_from,valid_to|a,1,1/1/2026,|valid_from",
                "booking-notes.csv|kind,service,azienda,text,form,valid_from,valid_to|X,89.52,,t,,,|kind",
                "booking-local-codes.csv|azienda,service,item,local_code,valid_from,valid_to|010301,1,1,301-1,,|item",
                "booking-local-codes.csv|azienda,service,item,local_code,valid_from,valid_to|301,89.52,89.52,301-1,,|azienda",
                "priority-classes.csv|letter,name,visit_days,diagnostic_days,bookable,standard,valid_from,valid_to|P,n,-1,1,Y,Y,,|visit_days",
                "prescription-forms.csv|id,title,scope,accredited,services,valid_from,valid_to|M01,t,X,Y,,,|scope",
                "exemption-formats.csv|type,pattern,kind,valid_from,valid_to|RARE,(,PARTIAL,,|pattern",
                "booking-incompatibilities.csv|a,b,min_days,order,valid_from,valid_to|1,2,3,X,,|order",
                "comune-successors.csv|name,code,successor,merged|A,,999998,2019-01-01|successor",
                "aziende.csv|code,short_code,name,kind,status,successor,region,comune,telecom,profile,cup_host,cup_port,cup_version,cup_charset,cup_tls,cup_quirks,sovracup_from,sovracup_to,control_visits,pharmacies,fax,pay_after,mixed_exemption|010214,214,X,ASL,active,,010,,,SIU,,,2.5.2,,,,,,N,N,N,N,N|cup_version",
                "aziende.csv|code,short_code,name,kind,status,successor,region,comune,telecom,profile,cup_host,cup_port,cup_version,cup_charset,cup_tls,cup_quirks,sovracup_from,sovracup_to,control_visits,pharmacies,fax,pay_after,mixed_exemption|010214,214,X,ASL,active,,010,,,OMG,,,2.6,,,,,,N,N,N,N,N|cup_version",
                "convention-countries.csv|country,names,valid_from,valid_to|IT,Italia,,|country"
            })
    void a_wrong_cell_is_told_with_file_line_and_column(String file, String header, String row, String column)
            throws IOException {
        write(file, header, row);
        BookingCatalogue edited = edited();

        assertThatThrownBy(edited::warm)
                .isInstanceOf(TableException.class)
                .hasMessageContaining(file + ", riga 2, colonna «" + column + "»");
    }

    @Test
    void an_edit_takes_effect_and_a_slip_leaves_the_last_good_table_in_force() throws IOException {
        write("booking-limits.csv", "name,value,valid_from,valid_to", "ticket-cap,36.15,,");
        ConfigFolder folder = new ConfigFolder(dir);
        BookingCatalogue edited = BookingCatalogue.of(folder, TABLES);
        assertThat(edited.limit("ticket-cap", DAY)).isEqualByComparingTo("36.15");

        write("booking-limits.csv", "name,value,valid_from,valid_to", "ticket-cap,40.005,,");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(edited.limit("ticket-cap", DAY)).isEqualByComparingTo("40.005"));

        write("booking-limits.csv", "name,value,valid_from,valid_to", "ticket-cap,quaranta,,");
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            edited.limit("ticket-cap", DAY);
            assertThat(folder.refusedEdits()).singleElement().satisfies(refused -> assertThat(refused.reason())
                    .contains("booking-limits.csv, riga 2, colonna «value»"));
        });
        assertThat(edited.limit("ticket-cap", DAY)).isEqualByComparingTo("40.005");
    }

    private BookingCatalogue edited() {
        return BookingCatalogue.of(new ConfigFolder(dir), TABLES);
    }

    private void write(String file, String... lines) throws IOException {
        Files.createDirectories(dir.resolve("mappings"));
        Files.write(dir.resolve("mappings").resolve(file), List.of(lines));
    }
}
