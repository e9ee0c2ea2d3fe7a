package it.snodo.certificate;

import static it.snodo.certificate.Requests.annulment;
import static it.snodo.certificate.Requests.good;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.certificate.CertificateChecks.Source;
import it.snodo.certificate.CertificateProperties.DiagnosisPairs;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.registry.CodiceFiscale.Strictness;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateRulesTest {

    private static final Source SYSTEM = Source.SYSTEM;
    private static final CertificateChecks RULES = Requests.rules(Requests.PROPERTIES, Strictness.CHECK);
    private static final CertificateResolver RESOLVER =
            new TableResolver(Requests.TABLES, Requests.AZIENDE, Requests.PROPERTIES);

    private static List<Fault> check(Requests.Change change) {
        return RULES.check(change.request(), SYSTEM);
    }

    private static Fault only(Requests.Change change) {
        List<Fault> faults = check(change);
        assertThat(faults).as("one fault and no more").hasSize(1);
        Fault fault = faults.get(0);
        assertThat(fault.reason()).as("a whole sentence").matches("(?s)[A-ZÈ«].*\\.");
        return fault;
    }

    @Test
    void a_good_request_has_no_fault() {
        assertThat(check(good())).isEmpty();
    }

    /** Path, wrong value, kind of fault, what the reason must say. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "patient.fiscalCode|RSSMRA80A01H501X|IDENTIFIER_INVALID|RSSMRA80A01H501X",
                "patient.fiscalCode|RSSMRA80A01H501|IDENTIFIER_INVALID|ne ha 15",
                "patient.fiscalCode|12345678903|IDENTIFIER_INVALID|provvisorio",
                "patient.stp|STP123|IDENTIFIER_INVALID|STP123",
                "patient.eni|ENI12345678901234|IDENTIFIER_INVALID|13 cifre",
                "patient.family|---|FIELD_MALFORMED|«---»",
                "patient.given|12|FIELD_MALFORMED|«12»",
                "patient.birthDate|2026-03-02|FIELD_MALFORMED|02/03/2026",
                "patient.birthDate|1880-01-01|FIELD_MALFORMED|01/01/1880",
                "patient.gender|X|CODE_UNKNOWN|«X»",
                "patient.address.country|Atlantide|CODE_UNKNOWN|«Atlantide»",
                "patient.address.postalCode|1012|FIELD_MALFORMED|5 cifre",
                "patient.address.province|XX|CODE_UNKNOWN|«XX»",
                "patient.address.istatCode|L219|FIELD_MALFORMED|«L219»",
                "patient.birthplace.istatCode|H501|FIELD_MALFORMED|«H501»",
                "author.fiscalCode|VRDLGU60A01L219X|IDENTIFIER_INVALID|«E»",
                "author.fiscalCode|12345678903|IDENTIFIER_INVALID|16 caratteri",
                "author.family|.|FIELD_MALFORMED|cognome del medico",
                "author.telecom|stanza 3|FIELD_MALFORMED|«stanza 3»",
                "encounter.kind|P|CODE_UNKNOWN|«P»",
                "encounter.end|2026-03-01T09:00:00+01:00|NOT_ALLOWED_TOGETHER|precede",
                "encounter.start|2027-03-01T09:00:00+01:00|FIELD_MALFORMED|futuro",
                "encounter.azienda|019999|CODE_UNKNOWN|«019999»",
                "encounter.structureCode|AB|FIELD_MALFORMED|«AB»",
                "encounter.unitTelecom|boh|FIELD_MALFORMED|«boh»",
                "visitTime|2026-03-01T12:16:00+01:00|FIELD_MALFORMED|01/03/2026 12:16",
                "exemption.code|13|CODE_UNKNOWN|«13»",
                "exemption.code|ZZZ|CODE_UNKNOWN|catalogo",
                "exemption.code|034|CODE_UNKNOWN|14/09/2017 (passata alle malattie rare: RFG101)",
                "exemption.code|P12|CODE_UNKNOWN|non è più in uso",
                "diagnosis.code|999.99|CODE_UNKNOWN|«999.99»",
                "diagnosis.code|5310|CODE_UNKNOWN|non è accettato dal FSE",
                "diagnosis.code|F002|CODE_NOT_COHERENT|0A02",
                "diagnosis.code|F999|CODE_UNKNOWN|«F999»",
                "diagnosis.code|000|CODE_NOT_COHERENT|ICD-9-CM",
                "service.code|99.99.99|CODE_UNKNOWN|«99.99.99»",
                "regime|AUTO|CODE_UNKNOWN|SSN, INPATIENT, NOSSN, SSR, DONOR",
                "regime|X|CODE_UNKNOWN|«X»",
                "confidentiality|Q|CODE_UNKNOWN|«Q»",
                "nre|130A|IDENTIFIER_INVALID|15 caratteri",
                "ticket|Z|CODE_UNKNOWN|S, N, P, E, U, R, F",
                "replacedDocumentNumber|D-0|NOT_ALLOWED_TOGETHER|D-0"
            })
    void a_wrong_field_has_one_fault_that_names_it(String path, String value, SnodoCode code, String says) {
        Fault fault = only(good().set(path, value));
        assertThat(fault.path()).isEqualTo(path);
        assertThat(fault.code()).isEqualTo(code);
        assertThat(fault.reason()).contains(says);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sender.application",
                "documentNumber",
                "patient.family",
                "patient.given",
                "patient.birthDate",
                "patient.gender",
                "author",
                "author.fiscalCode",
                "author.family",
                "author.given",
                "visitTime",
                "exemption.code",
                "pathology",
                "patient.fiscalCode"
            })
    void a_missing_needed_field_has_one_fault(String path) {
        Fault fault = only(good().without(path));
        assertThat(fault.path()).isEqualTo(path);
        assertThat(fault.code()).isEqualTo(SnodoCode.FIELD_MISSING);
        assertThat(fault.reason()).startsWith("Manca ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sender.facility",
                "sender.facilityCode",
                "patient.address",
                "patient.phone",
                "patient.birthplace",
                "encounter.id",
                "encounter.start",
                "encounter.end",
                "encounter.kind",
                "encounter.azienda",
                "encounter.structureCode",
                "encounter.unitCode",
                "encounter.unitName",
                "encounter",
                "question",
                "service",
                "conclusions",
                "regime",
                "confidentiality",
                "nre",
                "ticket"
            })
    void what_is_optional_may_be_missing(String path) {
        Requests.Change change = good().without(path);
        assertThat(check(change)).isEmpty();
        assertThat(RESOLVER.resolve(change.request())).isNotNull();
    }

    @Test
    void the_exemption_may_be_missing_only_with_its_code() {
        assertThat(only(good().without("exemption")).path()).isEqualTo("exemption.code");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NICOLÒ",
                "O'Neill-Müller",
                "Žilvinas",
                "Mária Żółć",
                "de' Conti Łukasz",
                "李",
                "Àé ìòù",
                "Jean-François Marie",
                "Nguyễn Thị Ánh"
            })
    void names_of_the_whole_world_are_good(String name) {
        assertThat(check(good().set("patient.given", name).set("patient.family", name)))
                .isEmpty();
    }

    @Test
    void a_name_of_a_hundred_characters_is_good_and_of_a_hundred_and_one_is_not() {
        assertThat(check(good().set("patient.family", "A".repeat(100)))).isEmpty();
        Fault fault = only(good().set("patient.family", "A".repeat(101)));
        assertThat(fault.code()).isEqualTo(SnodoCode.FIELD_TOO_LONG);
        assertThat(fault.reason()).contains("101").contains("100");
    }

    @Test
    void a_foreign_patient_needs_only_one_of_stp_eni_and_team() {
        assertThat(check(good().without("patient.fiscalCode").set("patient.stp", "STP0010011234567")))
                .isEmpty();
        assertThat(check(good().without("patient.fiscalCode").set("patient.eni", "eni0010011234567")))
                .isEmpty();
        assertThat(
                        check(
                                good().without("patient.fiscalCode")
                                        .json(
                                                "patient.team",
                                                "{\"cardNumber\":\"80276000000000000001\",\"personalNumber\":\"A123456789\",\"state\":\"DEU\"}")))
                .isEmpty();
    }

    @Test
    void a_team_card_needs_both_numbers() {
        Fault fault =
                only(good().without("patient.fiscalCode").json("patient.team", "{\"cardNumber\":\"80276000001\"}"));
        assertThat(fault.path()).isEqualTo("patient.team.personalNumber");
        fault = only(good().json("patient.team", "{\"personalNumber\":\"A1\"}"));
        assertThat(fault.path()).isEqualTo("patient.team.cardNumber");
        fault = only(good().json(
                        "patient.team", "{\"cardNumber\":\"8038000001\",\"personalNumber\":\"A1\",\"state\":\"ITA\"}"));
        assertThat(fault.path()).isEqualTo("patient.team.cardNumber");
        fault = only(good().json(
                        "patient.team", "{\"cardNumber\":\"8027600001\",\"personalNumber\":\"A1\",\"state\":\"ZZZ\"}"));
        assertThat(fault.path()).isEqualTo("patient.team.state");
    }

    @Test
    void the_state_written_before_a_card_s_numbers_is_set_apart() {
        CertificateRequest request = good().json(
                        "patient.team",
                        "{\"cardNumber\":\"DEU.80276000000000000001\",\"personalNumber\":\"DEU.A123456789\"}")
                .request();
        assertThat(RULES.check(request, SYSTEM)).isEmpty();
        assertThat(request.patient().team())
                .isEqualTo(new CertificateRequest.TeamCard("80276000000000000001", "A123456789", "DEU"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "ND", "XXXXXXXXXXXXXXXX", "  "})
    void what_stands_for_no_codice_fiscale_is_none(String placeholder) {
        assertThat(only(good().set("patient.fiscalCode", placeholder)).reason()).contains("STP, ENI e TEAM");
        assertThat(check(good().set("patient.fiscalCode", placeholder).set("patient.stp", "STP0010011234567")))
                .isEmpty();
    }

    @Test
    void lower_case_and_blanks_are_put_right() {
        CertificateRequest request = good().set("patient.fiscalCode", " rssmra80a01h501u ")
                .set("patient.gender", "m")
                .set("patient.family", "  D'ANGELO\u00A0")
                .set("regime", "ssn")
                .set("exemption.code", " 002a ")
                .request();
        assertThat(RULES.check(request, SYSTEM)).isEmpty();
        assertThat(request.patient().fiscalCode()).isEqualTo("RSSMRA80A01H501U");
        assertThat(request.patient().family()).isEqualTo("D'ANGELO");
    }

    @Test
    void the_calendar_of_a_codice_fiscale_is_checked_only_strictly() {
        CertificateRequest request =
                good().set("patient.fiscalCode", "AAAAAA00B77B000F").request();
        assertThat(RULES.check(request, SYSTEM)).isEmpty();
        assertThat(Requests.rules(Requests.PROPERTIES, Strictness.STRICT).check(request, SYSTEM))
                .singleElement()
                .extracting(Fault::path)
                .isEqualTo("patient.fiscalCode");
    }

    @Test
    void all_faults_come_at_once_in_the_order_of_the_fields() {
        List<Fault> faults = check(good().set("ticket", "Z")
                .without("documentNumber")
                .set("patient.gender", "Q")
                .set("patient.fiscalCode", "X")
                .without("author")
                .json("pathology", "[\"buono\",\"rotto\\u0007\",\"ancora\\u0001\"]")
                .set("regime", "Q")
                .without("visitTime"));
        assertThat(faults.stream().map(Fault::path))
                .containsExactly(
                        "documentNumber",
                        "patient.fiscalCode",
                        "patient.gender",
                        "author",
                        "visitTime",
                        "pathology[1]",
                        "pathology[2]",
                        "regime",
                        "ticket");
    }

    @Test
    void control_characters_are_refused_where_they_stand() {
        Fault fault = only(good().json("pathology", "[\"uno\",\"due\\u0007\"]"));
        assertThat(fault.path()).isEqualTo("pathology[1]");
        assertThat(fault.reason()).contains("posizione 4").contains("U+0007");
        assertThat(only(good().json("patient.family", "\"ROS\\nSI\"")).reason()).contains("U+000A");
        assertThat(only(good().set("patient.family", "NICOL\uFFFD")).reason()).contains("set di caratteri");
        assertThat(check(good().json("pathology", "[\"riga\\nriga\\tcolonna\\r\\n\"]")))
                .isEmpty();
        assertThat(check(good().set("patient.family", "𝔘nicode"))).isEmpty();
    }

    @Test
    void blank_paragraphs_are_no_text() {
        assertThat(only(good().json("pathology", "[\" \",\"\\n\",null]")).path())
                .isEqualTo("pathology");
        assertThat(check(good().json("pathology", "[null,\" \",\"testo\"]"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "048, F002", "048, 000", "048, 174.9", "048, 2252", "048, 2351", "RA0030, F022", "RA0030, F777", "RA0030, 000",
        "RCG077, F123", "C01, 000", "E01, F001", "019, 3655", "037, 7310", "0A02, V422", "031, 401", "002A, 395",
        "R99, 000", "M50, 6420", "0A02, 250.00"
    })
    void exemption_and_diagnosis_that_go_together(String exemption, String diagnosis) {
        Requests.Change change = good().set("exemption.code", exemption).set("diagnosis.code", diagnosis);
        assertThat(check(change)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"048, 250.00", "048, F022", "RA0030, F002", "019, F022", "037, 000", "C01, F002"})
    void exemption_and_diagnosis_that_do_not(String exemption, String diagnosis) {
        Fault fault = only(good().set("exemption.code", exemption).set("diagnosis.code", diagnosis));
        assertThat(fault.path()).isEqualTo("diagnosis.code");
        assertThat(fault.code()).isEqualTo(SnodoCode.CODE_NOT_COHERENT);
        assertThat(fault.reason()).contains(exemption);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RA0030", "RNG110", "C03", "E02", "M01", "G01", "L04", "S01", "N01", "V01", "D03", "B01", "T01", "F01",
                "I01", "P03", "X01", "TDL01", "040", "049", "050", "051", "057", "058", "R99"
            })
    void some_exemptions_need_no_diagnosis(String exemption) {
        assertThat(check(good().set("exemption.code", exemption).without("diagnosis")))
                .isEmpty();
    }

    private static List<Fault> ofDoctor(Requests.Change change) {
        return RULES.check(change.request(), Source.DOCTOR);
    }

    private static Requests.Change filledIn() {
        return good().set("specialLaws", false);
    }

    @Test
    void a_doctor_fills_in_every_field_and_each_that_is_missing_is_named_at_once() {
        Requests.Change empty = good().without("exemption")
                .without("diagnosis")
                .without("pathology")
                .without("regime")
                .without("encounter.unitCode")
                .set("patient.birthDate", "2015-02-01");
        assertThat(ofDoctor(empty))
                .allMatch(fault -> fault.code() == SnodoCode.FIELD_MISSING)
                .allMatch(fault -> fault.reason().startsWith("Manca"))
                .extracting(Fault::path)
                .containsExactly(
                        "encounter.unitCode",
                        "exemption.code",
                        "diagnosis.code",
                        "pathology",
                        "regime",
                        "specialLaws",
                        "obscuredToParent");
        assertThat(ofDoctor(filledIn().without("encounter")))
                .extracting(Fault::path)
                .containsExactly("encounter.unitCode");
        assertThat(ofDoctor(filledIn())).isEmpty();
    }

    @Test
    void another_system_may_leave_to_the_defaults_what_a_doctor_may_not() {
        assertThat(check(good().without("regime").without("encounter.unitCode").set("patient.birthDate", "2015-02-01")))
                .isEmpty();
    }

    @Test
    void oscurato_al_genitore_is_said_of_a_minor_and_never_true_of_an_adult() {
        Requests.Change minor = filledIn().set("patient.birthDate", "2008-03-02");
        assertThat(ofDoctor(minor)).extracting(Fault::path).containsExactly("obscuredToParent");
        assertThat(ofDoctor(minor.set("obscuredToParent", false))).isEmpty();
        assertThat(ofDoctor(minor.set("obscuredToParent", true))).isEmpty();
        assertThat(ofDoctor(filledIn().set("obscuredToParent", true)))
                .extracting(Fault::code)
                .containsExactly(SnodoCode.NOT_ALLOWED_TOGETHER);
    }

    @ParameterizedTest
    @CsvSource({"048, F002, 000", "048, F002, 153.9", "048, F002, F022", "RA0030, F022, 000"})
    void a_doctor_has_one_diagnosis_for_some_exemptions(String exemption, String only, String other) {
        assertThat(ofDoctor(filledIn().set("exemption.code", exemption).set("diagnosis.code", only)))
                .isEmpty();
        assertThat(ofDoctor(filledIn().set("exemption.code", exemption).set("diagnosis.code", other)))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo(SnodoCode.CODE_NOT_COHERENT);
                    assertThat(fault.path()).isEqualTo("diagnosis.code");
                    assertThat(fault.reason()).contains(exemption);
                });
    }

    @Test
    void a_doctor_says_also_that_there_is_no_diagnosis() {
        assertThat(ofDoctor(filledIn().set("exemption.code", "C03").without("diagnosis")))
                .extracting(Fault::path)
                .containsExactly("diagnosis.code");
        assertThat(ofDoctor(filledIn().set("exemption.code", "C03").set("diagnosis.code", "000")))
                .isEmpty();
    }

    @Test
    void a_replacement_is_as_complete_as_a_new_one_and_an_annulment_need_not_be() {
        assertThat(ofDoctor(good().set("action", "REPLACEMENT").set("replacedDocumentNumber", "D-0")))
                .extracting(Fault::path)
                .containsExactly("specialLaws");
        assertThat(ofDoctor(annulment()
                        .without("exemption")
                        .without("diagnosis")
                        .without("pathology")
                        .without("regime")
                        .without("encounter")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0A02, ICD-9-CM", "048, F002", "013, ICD-9-CM"})
    void the_others_do(String exemption, String says) {
        Fault fault = only(good().set("exemption.code", exemption).without("diagnosis"));
        assertThat(fault.path()).isEqualTo("diagnosis.code");
        assertThat(fault.reason()).contains(says);
    }

    @Test
    void pairs_that_are_not_listed_are_refused_only_when_the_region_says_so() {
        CertificateRequest request = good().set("exemption.code", "019")
                .set("diagnosis.code", "250.00")
                .request();
        assertThat(RULES.check(request, SYSTEM)).isEmpty();
        CertificateProperties refuse =
                new CertificateProperties(DiagnosisPairs.REFUSE, Duration.ofMinutes(15), ZoneId.of("Europe/Rome"));
        assertThat(Requests.rules(refuse, Strictness.CHECK).check(request, SYSTEM))
                .singleElement()
                .extracting(Fault::reason)
                .asString()
                .contains("019 (Glaucoma)");
    }

    @Test
    void an_exemption_counts_on_the_day_of_the_visit() {
        assertThat(check(good().set("exemption.code", "034")
                        .set("diagnosis.code", "358.0")
                        .set("visitTime", "2017-09-14T10:00:00+02:00")
                        .without("encounter.start")))
                .isEmpty();
    }

    @Test
    void a_visit_may_be_a_little_ahead_of_our_clock() {
        assertThat(check(good().set("visitTime", "2026-03-01T12:14:00+01:00"))).isEmpty();
    }

    @Test
    void nobody_is_seen_before_being_born() {
        assertThat(only(good().set("visitTime", "1979-01-01T10:00:00+01:00")
                                .set("exemption.code", "057")
                                .without("encounter.start"))
                        .path())
                .isEqualTo("patient.birthDate");
    }

    @Test
    void the_azienda_comes_from_whatever_names_one() {
        assertThat(check(good().without("encounter.azienda").set("sender.facilityCode", "101")))
                .isEmpty();
        assertThat(check(good().without("encounter.azienda").set("sender.facilityCode", "2.16.840.1.113883.2.9.4.3.2")))
                .as("from the structure")
                .isEmpty();
        Requests.Change unitOnly = good().without("encounter.azienda")
                .without("encounter.structureCode")
                .without("sender.facilityCode");
        assertThat(check(unitOnly)).isEmpty();
        assertThat(Requests.AZIENDE.find(unitOnly.request()).orElseThrow().code())
                .isEqualTo("010301");

        Fault unknown = only(good().without("encounter").set("sender.facilityCode", "HIS-7"));
        assertThat(unknown.path()).isEqualTo("sender.facilityCode");
        assertThat(unknown.reason()).contains("«HIS-7»");
        Fault missing = only(good().without("encounter").without("sender.facilityCode"));
        assertThat(missing.path()).isEqualTo("encounter.azienda");
        assertThat(missing.code()).isEqualTo(SnodoCode.FIELD_MISSING);
    }

    @Test
    void a_structure_that_is_not_in_the_table_is_allowed() {
        assertThat(check(good().set("encounter.structureCode", "999123"))).isEmpty();
    }

    @Test
    void an_author_that_nobody_can_reach_is_refused() {
        Fault fault = only(good().set("encounter.azienda", "150201")
                .without("encounter.unitCode")
                .set("author.fiscalCode", "AAAAAA00A11B000J"));
        assertThat(fault.path()).isEqualTo("author.telecom");
    }

    @Test
    void leggi_speciali_want_a_very_restricted_document() {
        assertThat(only(good().set("specialLaws", true)).path()).isEqualTo("confidentiality");
        assertThat(check(good().set("specialLaws", true).set("confidentiality", "V")))
                .isEmpty();
        assertThat(check(good().set("specialLaws", true).without("confidentiality")))
                .isEmpty();
    }

    @Test
    void only_a_minor_s_document_is_hidden_from_the_parents() {
        Fault fault = only(good().set("obscuredToParent", true));
        assertThat(fault.path()).isEqualTo("obscuredToParent");
        assertThat(fault.reason()).contains("46 anni");
        assertThat(check(good().set("obscuredToParent", true).set("patient.birthDate", "2008-03-02")))
                .isEmpty();
        assertThat(only(good().set("obscuredToParent", true).set("patient.birthDate", "2008-03-01")))
                .extracting(Fault::path)
                .isEqualTo("obscuredToParent");
    }

    @Test
    void online_collection_needs_a_pin_which_no_reason_tells() {
        assertThat(only(good().json("onlineCollection", "{\"requested\":true}")).path())
                .isEqualTo("onlineCollection.pin");
        assertThat(check(good().json("onlineCollection", "{\"requested\":true,\"pin\":\"12345\"}")))
                .isEmpty();
        assertThat(check(good().json("onlineCollection", "{\"requested\":false}")))
                .isEmpty();
        String pin = "864201357".repeat(4);
        for (String wrong : List.of(pin, "86420\\u00071357")) {
            Fault fault = only(good().json("onlineCollection", "{\"requested\":true,\"pin\":\"" + wrong + "\"}"));
            assertThat(fault.path()).isEqualTo("onlineCollection.pin");
            assertThat(fault.reason()).doesNotContain("86420");
        }
    }

    @Test
    void a_replacement_says_what_it_replaces() {
        assertThat(check(good().set("action", "REPLACEMENT").set("replacedDocumentNumber", "D-0")))
                .isEmpty();
        assertThat(only(good().set("action", "REPLACEMENT")).code()).isEqualTo(SnodoCode.FIELD_MISSING);
        assertThat(only(good().set("action", "REPLACEMENT").set("replacedDocumentNumber", "D-1"))
                        .code())
                .isEqualTo(SnodoCode.NOT_ALLOWED_TOGETHER);
    }

    @Test
    void an_annulment_needs_only_its_numbers() {
        Requests.Change bare = annulment()
                .without("patient")
                .without("author")
                .without("encounter")
                .without("visitTime")
                .without("exemption")
                .without("diagnosis")
                .without("pathology")
                .without("sender.facilityCode");
        assertThat(check(bare)).isEmpty();
        assertThat(RESOLVER.resolve(bare.request())).isNotNull();
        assertThat(check(annulment())).isEmpty();
        assertThat(check(annulment().json("patient", "{\"fiscalCode\":\"RSSMRA80A01H501U\"}")))
                .isEmpty();
        assertThat(only(annulment().json("patient", "{\"fiscalCode\":\"RSSMRA80A01H501X\"}"))
                        .path())
                .isEqualTo("patient.fiscalCode");
        assertThat(only(annulment().without("replacedDocumentNumber")).path()).isEqualTo("replacedDocumentNumber");
    }

    @Test
    void a_request_without_anything_is_answered_and_not_thrown_at() {
        CertificateRequest nothing = new CertificateRequest(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null, null, null, null);
        assertThat(RULES.check(nothing, SYSTEM).stream().map(Fault::path))
                .containsExactly(
                        "action",
                        "sender",
                        "documentNumber",
                        "patient",
                        "author",
                        "encounter.azienda",
                        "visitTime",
                        "exemption.code",
                        "pathology");
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of(
                "sender.application",
                "sender.facility",
                "sender.facilityCode",
                "documentNumber",
                "patient.fiscalCode",
                "patient.stp",
                "patient.eni",
                "patient.team.cardNumber",
                "patient.team.personalNumber",
                "patient.team.state",
                "patient.regionalId",
                "patient.family",
                "patient.given",
                "patient.gender",
                "patient.address.use",
                "patient.address.street",
                "patient.address.city",
                "patient.address.postalCode",
                "patient.address.province",
                "patient.address.country",
                "patient.address.istatCode",
                "patient.phone",
                "patient.birthplace.name",
                "patient.birthplace.istatCode",
                "author.fiscalCode",
                "author.family",
                "author.given",
                "author.telecom",
                "encounter.kind",
                "encounter.id",
                "encounter.azienda",
                "encounter.structureCode",
                "encounter.structureName",
                "encounter.unitCode",
                "encounter.unitName",
                "encounter.unitTelecom",
                "question",
                "exemption.code",
                "exemption.description",
                "diagnosis.code",
                "diagnosis.description",
                "service.code",
                "service.description",
                "regime",
                "confidentiality",
                "nre",
                "ticket");
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(30),
                Arbitraries.strings().ascii().ofMaxLength(12),
                Arbitraries.strings().withChars("0123456789.VEFRX-").ofMaxLength(8),
                Arbitraries.of(
                        "", " ", "\"\"", "0", "999", "999999", "100", "IT", "000", "F", "E", "V", ".", "48", "é"));
    }

    @Property(tries = 3000)
    void nothing_that_a_sender_writes_breaks_checks_or_resolver(
            @ForAll("paths") String one,
            @ForAll("texts") String text,
            @ForAll("paths") String other,
            @ForAll("texts") String more) {
        CertificateRequest request = good().set(one, text).set(other, more).request();
        List<Fault> faults = RULES.check(request, SYSTEM);
        assertThat(faults.stream().map(Fault::path).distinct()).hasSameSizeAs(faults);
        if (faults.isEmpty()) {
            CertificateDocument.Resolved resolved = RESOLVER.resolve(request);
            assertThat(resolved.azienda()).isNotNull();
            assertThat(resolved.authorTelecom()).isNotNull();
            assertThat(CertificateRequestCodec.toXml(request)).isNotEmpty();
        }
    }
}
