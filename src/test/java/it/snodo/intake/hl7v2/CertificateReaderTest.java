package it.snodo.intake.hl7v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequest.Action;
import it.snodo.certificate.CertificateRequest.Address;
import it.snodo.certificate.CertificateRequest.Code;
import it.snodo.certificate.CertificateRequest.Encounter;
import it.snodo.certificate.CertificateRequest.OnlineCollection;
import it.snodo.certificate.CertificateRequest.Place;
import it.snodo.certificate.CertificateRequest.Professional;
import it.snodo.certificate.CertificateRequest.Sender;
import it.snodo.certificate.CertificateRequest.TeamCard;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.Incoming;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of each field of a message. */
class CertificateReaderTest {

    private final Hl7v2Intake intake = Listener.intake(Listener.properties());

    private Incoming read(Object message) {
        List<Incoming> messages =
                Listener.certificates(intake, message.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(messages).hasSize(1);
        return messages.get(0);
    }

    private CertificateRequest request(Object message) {
        Incoming read = read(message);
        assertThat(read.faults()).isEmpty();
        return read.request();
    }

    private Fault onlyFault(Object message) {
        Incoming read = read(message);
        assertThat(read.faults()).hasSize(1);
        return read.faults().get(0);
    }

    @Test
    void every_field_of_the_profile_finds_its_place() {
        Incoming message = read(Samples.certificate("M1"));
        assertThat(message.faults()).isEmpty();
        assertThat(message.protocol()).isEqualTo("MLLP");
        assertThat(message.controlId()).isEqualTo("M1");
        assertThat(message.type()).isEqualTo("MDM^T02");
        assertThat(message.sender()).isEqualTo("CARTELLA|ASL CITTA' DI TORINO");
        CertificateRequest request = message.request();
        assertThat(request.action()).isEqualTo(Action.NEW);
        assertThat(request.sender()).isEqualTo(new Sender("CARTELLA", "ASL CITTA' DI TORINO", "010301"));
        assertThat(request.documentNumber()).isEqualTo("CERT-1");
        assertThat(request.replacedDocumentNumber()).isNull();
        assertThat(request.patient().fiscalCode()).isEqualTo("BGGLMR57B58L219T");
        assertThat(request.patient().regionalId()).isEqualTo("7000148");
        assertThat(request.patient().family()).isEqualTo("BOGGIO");
        assertThat(request.patient().given()).isEqualTo("ELENA MARIA");
        assertThat(request.patient().birthDate()).isEqualTo(LocalDate.of(1957, 2, 18));
        assertThat(request.patient().gender()).isEqualTo("F");
        assertThat(request.patient().address())
                .isEqualTo(new Address("H", "VIA NIZZA 52", "MONCALIERI", "10024", "TO", "100", "001156"));
        assertThat(request.patient().phone()).isEqualTo("+390115550148");
        assertThat(request.patient().birthplace()).isEqualTo(new Place("TORINO", "001272"));
        assertThat(request.author())
                .isEqualTo(new Professional("GRBPLA72C54L219X", "GRIBAUDO", "PAOLA", "+390115550100"));
        assertThat(request.legalAuthenticator())
                .isEqualTo(new Professional("BRTMRC68P22D205D", "BERTOGLIO", "MARCO", null));
        assertThat(request.encounter())
                .isEqualTo(new Encounter(
                        "O",
                        "AMB1",
                        OffsetDateTime.parse("2026-11-12T10:30:00+01:00"),
                        OffsetDateTime.parse("2026-11-12T11:00:00+01:00"),
                        "010301",
                        "010003",
                        null,
                        "44946",
                        "Cardiologia",
                        null));
        assertThat(request.visitTime()).isEqualTo(OffsetDateTime.parse("2026-11-12T10:30:00+01:00"));
        assertThat(request.question()).isEqualTo("Controllo.");
        assertThat(request.exemption()).isEqualTo(new Code("0A02", "MALATTIE CARDIACHE"));
        assertThat(request.diagnosis()).isEqualTo(new Code("395", "VALVOLA AORTICA"));
        assertThat(request.pathology()).containsExactly("Stenosi aortica.", "Pressione 135/80.");
        assertThat(request.service()).isEqualTo(new Code("89.01.3", "VISITA CARDIOLOGICA"));
        assertThat(request.conclusions()).containsExactly("Si propone l'esenzione.", "Controllo a sei mesi.");
        assertThat(request.regime()).isEqualTo("SSN");
        assertThat(request.confidentiality()).isEqualTo("R");
        assertThat(request.specialLaws()).isFalse();
        assertThat(request.obscuredToParent()).isTrue();
        assertThat(request.nre()).isEqualTo("010A00400012345");
        assertThat(request.onlineCollection()).isEqualTo(new OnlineCollection(true, "48213"));
        assertThat(request.ticket()).isEqualTo("S");
    }

    @Test
    void every_field_that_came_has_its_location() {
        assertThat(read(Samples.certificate("M2")).locations())
                .containsEntry("patient.fiscalCode", "PID^1^3^1")
                .containsEntry("patient.regionalId", "PID^1^3^2")
                .containsEntry("patient.family", "PID^1^5^1^1")
                .containsEntry("patient.birthDate", "PID^1^7")
                .containsEntry("patient.address.istatCode", "PID^1^11^2^9")
                .containsEntry("author.given", "TXA^1^5^1^3")
                .containsEntry("author.telecom", "OBX^11^5")
                .containsEntry("exemption.code", "OBX^3^5^1^1")
                .containsEntry("pathology[1]", "OBX^4^5^1")
                .containsEntry("conclusions[1]", "OBX^6^5^2")
                .containsEntry("onlineCollection.pin", "OBX^13^5");
    }

    @Test
    void a_field_that_did_not_come_has_the_location_where_it_belongs() {
        Samples bare =
                Samples.certificate("M3").without("OBX|3").with("PID", 7, "").with("PID", 3, "");
        assertThat(read(bare).locations())
                .containsEntry("patient.birthDate", "PID^1^7")
                .containsEntry("patient.fiscalCode", "PID^1^3")
                .containsEntry("exemption", "OBX^^3");
    }

    @ParameterizedTest
    @CsvSource({"T02,MDM_T02,NEW", "T10,MDM_T02,REPLACEMENT", "T11,MDM_T01,ANNULMENT", "T10,MDM_T10,REPLACEMENT"})
    void the_event_says_what_is_asked_for(String event, String structure, Action action) {
        CertificateRequest request =
                request(Samples.certificate("M4").with("MSH", 9, "MDM^" + event + "^" + structure));
        assertThat(request.action()).isEqualTo(action);
        assertThat(request.replacedDocumentNumber()).isEqualTo(action == Action.NEW ? null : "CERT-0");
    }

    @Test
    void an_annulment_needs_no_observations() {
        Samples annulment = Samples.certificate("M5")
                .with("MSH", 9, "MDM^T11^MDM_T01")
                .without("OBX")
                .with("TXA", 2, "");
        assertThat(request(annulment).action()).isEqualTo(Action.ANNULMENT);
    }

    @Test
    void an_ORU_carries_the_same_with_OBR_in_the_place_of_TXA() {
        Samples oru = Samples.certificate("M6")
                .with("MSH", 9, "ORU^R01^ORU_R01")
                .without("TXA")
                .without("EVN")
                .plus("OBR|1|P1|CERT-9^LIS|11488-4^Referto^LN|||202611121030" + "|".repeat(18) + "F" + "|".repeat(7)
                        + "GRBPLA72C54L219X&GRIBAUDO&PAOLA");
        CertificateRequest request = request(oru);
        assertThat(request.documentNumber()).isEqualTo("CERT-9");
        assertThat(request.visitTime()).isEqualTo(OffsetDateTime.parse("2026-11-12T10:30:00+01:00"));
        assertThat(request.author().fiscalCode()).isEqualTo("GRBPLA72C54L219X");
        assertThat(request.author().given()).isEqualTo("PAOLA");
        assertThat(request.exemption().code()).isEqualTo("0A02");
        assertThat(read(oru).locations()).containsEntry("author.family", "OBR^1^32^1^1^2");
    }

    // --- identifiers -----------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BGGLMR57B58L219T^^^MEF&2.16.840.1.113883.2.9.4.3.2&ISO^NNITA",
                "BGGLMR57B58L219T^^^MEF^NNITA",
                "BGGLMR57B58L219T^^^MEF",
                "BGGLMR57B58L219T^^^^NI",
                "BGGLMR57B58L219T^^^&2.16.840.1.113883.2.9.4.3.2&ISO",
                "BGGLMR57B58L219T^^^OSP&1.2.3&ISO^SS",
                "bgglmr57b58l219t",
                "-1^^^MEF^NNITA~BGGLMR57B58L219T",
                "123^^^OSP^PI~BGGLMR57B58L219T^^^X^TAX"
            })
    void a_codice_fiscale_is_known_however_it_is_labelled(String pid3) {
        assertThat(request(Samples.certificate("N1").with("PID", 3, pid3))
                        .patient()
                        .fiscalCode())
                .isEqualTo("BGGLMR57B58L219T");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 18, 19})
    void a_codice_fiscale_is_found_where_old_senders_put_it(int field) {
        Incoming read = read(
                Samples.certificate("N2").with("PID", 3, "55^^^OSP^PI").with("PID", field, "BGGLMR57B58L219T^^^CF"));
        assertThat(read.request().patient().fiscalCode()).isEqualTo("BGGLMR57B58L219T");
        assertThat(read.locations()).containsEntry("patient.fiscalCode", "PID^1^" + field + "^1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "ND", "XXXXXXXXXXXXXXXX", "0000000000000000", "\"\"", "N.D."})
    void a_placeholder_is_no_codice_fiscale(String placeholder) {
        assertThat(request(Samples.certificate("N3").with("PID", 3, placeholder + "^^^MEF^NNITA"))
                        .patient()
                        .fiscalCode())
                .isNull();
    }

    @Test
    void a_mistyped_codice_fiscale_is_kept_so_that_it_can_be_named() {
        assertThat(request(Samples.certificate("N4").with("PID", 3, "BGGLMR57B58L219"))
                        .patient()
                        .fiscalCode())
                .isEqualTo("BGGLMR57B58L219");
    }

    @Test
    void of_two_persons_or_two_documents_none_is_chosen() {
        String cf = "BGGLMR57B58L219T^^^MEF^NNITA";
        assertThat(read(Samples.certificate("N5").with("PID", 3, cf + "~RSSMRA80A01H501U^^^MEF^NNITA"))
                        .faults())
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo(SnodoCode.NOT_ALLOWED_TOGETHER);
                    assertThat(fault.location()).isEqualTo("PID^1^3^2");
                    assertThat(fault.reason()).contains("due codici fiscali diversi");
                });
        assertThat(read(Samples.certificate("N6").with("PID", 3, cf + "~RSSMRA80A01H501U^^^MEF^NNITA^^^20200101~" + cf))
                        .faults())
                .as("the same again, and one no longer in force")
                .isEmpty();
        assertThat(read(Samples.certificate("N7").plus("PID|2||" + cf)).faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.location()).isEqualTo("PID^2"));
    }

    @Test
    void STP_ENI_and_TEAM_are_told_apart() {
        CertificateRequest stp = request(Samples.certificate("N5")
                .with("PID", 3, "STP0010011234567^^^STP&2.16.840.1.113883.2.9.4.3.17&ISO^STP"));
        assertThat(stp.patient().stp()).isEqualTo("STP0010011234567");
        assertThat(stp.patient().fiscalCode()).isNull();
        assertThat(request(Samples.certificate("N6").with("PID", 3, "ENI0010011234567^^^MEF^NNITA"))
                        .patient()
                        .eni())
                .isEqualTo("ENI0010011234567");
        assertThat(request(Samples.certificate("N7")
                                .with(
                                        "PID",
                                        3,
                                        "DEU.80276000000000000001^^^TEAM&2.16.840.1.113883.2.9.4.3.7&ISO^TEAM"
                                                + "~DEU.A123456789^^^TEAM&2.16.840.1.113883.2.9.4.3.3&ISO^NNDEU"))
                        .patient()
                        .team())
                .isEqualTo(new TeamCard("80276000000000000001", "A123456789", "DEU"));
    }

    // --- texts -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "Johnson \\T\\ Johnson;Johnson & Johnson",
                "a\\F\\b\\S\\c\\R\\d\\E\\e;a|b^c~d\\e",
                "lone \\ stays;lone \\ stays",
                "C:\\dir\\file;C:\\dir\\file",
                "\\H\\bold\\N\\ plain;bold plain",
                "caff\\XC3A8\\;caffè",
                "caff\\XC3\\\\XA8\\;caffè",
                "unknown \\Zab\\ stays;unknown \\Zab\\ stays",
                "dose 5^mg & 3;dose 5^mg & 3",
                "D'Angelo «così»;D'Angelo «così»"
            })
    void escapes_are_undone_and_the_rest_is_left_alone(String raw, String text) {
        assertThat(request(Samples.certificate("O1").with("OBX", 4, 5, raw)).pathology())
                .containsExactly(text);
    }

    @Test
    void repeated_observations_repetitions_and_line_breaks_are_paragraphs() {
        CertificateRequest request = request(Samples.certificate("O2")
                .with("OBX", 4, 5, "uno\\.br\\\\.br\\due~tre\\X0D\\quattro")
                .plus("OBX|15|TX|47045-0^^LN||cinque||||||F"));
        assertThat(request.pathology()).containsExactly("uno", "due", "tre", "quattro", "cinque");
    }

    @Test
    void a_second_exemption_or_regime_is_refused_and_not_overlooked() {
        Fault other = onlyFault(Samples.certificate("O5").plus("OBX|15|CE|57827-8^^LN||013^DIABETE^99ESE||||||F"));
        assertThat(other.code()).isEqualTo(SnodoCode.NOT_ALLOWED_TOGETHER);
        assertThat(other.path()).isEqualTo("exemption");
        assertThat(other.location()).matches("OBX\\^\\d+\\^5\\^1");
        assertThat(other.reason()).contains("«013»");
        Fault repetition = onlyFault(Samples.certificate("O6").plus("OBX|15|IS|REGIME^^99SNODO||SSN~NOSSN||||||F"));
        assertThat(repetition.location()).endsWith("^5^2");
        assertThat(repetition.reason()).contains("«NOSSN»");
        request(Samples.certificate("O7").plus("OBX|15|IS|REGIME^^99SNODO||SSN||||||F"));
    }

    @Test
    void a_line_end_inside_a_text_goes_on_with_the_text() {
        CertificateRequest request =
                request(Samples.certificate("O3").with("OBX", 4, 5, "prima riga\rseconda riga\nterza"));
        assertThat(request.pathology()).containsExactly("prima riga", "seconda riga", "terza");
        assertThat(request.ticket()).isEqualTo("S");
    }

    @Test
    void what_cannot_be_seen_is_part_of_a_text_and_stays() {
        for (String invisible : List.of("\uFEFF", "\u200B", "\u2060")) {
            String text = invisible + "Controllo" + invisible;
            assertThat(request(Samples.certificate("O5").with("OBX", 1, 5, text))
                            .question())
                    .isEqualTo(text);
        }
    }

    @Test
    void deleted_values_are_absent() {
        CertificateRequest request = request(Samples.certificate("O4")
                .with("OBX", 1, 5, "\"\"")
                .with("PID", 13, "\"\"")
                .with("TXA", 10, "\"\""));
        assertThat(request.question()).isNull();
        assertThat(request.patient().phone()).isNull();
        assertThat(request.legalAuthenticator()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "non fornito;",
                "0115550148;0115550148",
                "^PRN^PH^^39^011^5550148;+390115550148",
                "^^^x@y.example;x@y.example"
            })
    void a_phone_is_taken_in_each_of_its_forms(String xtn, String phone) {
        assertThat(request(Samples.certificate("O5").with("PID", 13, xtn))
                        .patient()
                        .phone())
                .isEqualTo(phone);
    }

    @Test
    void other_separators_are_read_from_the_header() {
        String other = Samples.certificate("O6")
                .toString()
                .replace('|', '@')
                .replace('^', '$')
                .replace('~', '*')
                .replace('&', '%');
        assertThat(request(other.replace("MSH@$*\\%", "MSH@$*\\%")).patient().fiscalCode())
                .isEqualTo("BGGLMR57B58L219T");
    }

    @Test
    void segments_we_do_not_know_and_observations_of_others_are_no_harm() {
        CertificateRequest request = request(Samples.certificate("O7")
                .plus("ZZZ|1|anything")
                .plus("OBX|15|NM|8867-4^Heart rate^LN||72|/min|||||F")
                .plus("OBX|16|ST|TICKET^other^99XYZ||Q||||||F"));
        assertThat(request.ticket()).isEqualTo("S");
    }

    // --- times -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "20260715,2026-07-15T00:00+02:00",
        "2026071510,2026-07-15T10:00+02:00",
        "202607151030,2026-07-15T10:30+02:00",
        "20260715103015,2026-07-15T10:30:15+02:00",
        "20260115103015,2026-01-15T10:30:15+01:00",
        "20260115103015.1234+0000,2026-01-15T10:30:15.123400Z",
        "20260115103015-0500,2026-01-15T10:30:15-05:00"
    })
    void times_without_offset_are_Italian(String written, OffsetDateTime meant) {
        assertThat(request(Samples.certificate("P1").with("TXA", 4, written)).visitTime())
                .isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"20260230", "2026-01-05", "1957", "195702", "19571302", "ieri", "20260115 10:30", "202601152530"
            })
    void what_is_no_time_is_a_fault_that_shows_the_value(String written) {
        Fault fault = onlyFault(Samples.certificate("P2").with("TXA", 4, written));
        assertThat(fault.code()).isEqualTo(SnodoCode.FIELD_MALFORMED);
        assertThat(fault.path()).isEqualTo("visitTime");
        assertThat(fault.location()).isEqualTo("TXA^1^4");
        assertThat(fault.reason()).contains("«" + written + "»").contains(Hl7Time.TIME_FORM);
    }

    // --- faults ----------------------------------------------------------------------------------------------

    @Test
    void all_malformed_values_are_named_at_once_in_the_order_of_the_message() {
        Samples wrong = Samples.certificate("Q1")
                .with("PID", 7, "19570230")
                .with("OBX", 8, 5, "X")
                .with("OBX", 3, 2, "NM")
                .with("OBX", 2, 2, "");
        assertThat(read(wrong).faults())
                .extracting(Fault::code, Fault::location)
                .containsExactlyInAnyOrder(
                        tuple(SnodoCode.FIELD_MALFORMED, "PID^1^7"),
                        tuple(SnodoCode.FIELD_MALFORMED, "OBX^8^5"),
                        tuple(SnodoCode.FIELD_MALFORMED, "OBX^3^2"),
                        tuple(SnodoCode.FIELD_MISSING, "OBX^2^2"));
    }

    @Test
    void a_field_that_could_not_be_read_is_not_also_missing() {
        Incoming read = read(Samples.certificate("Q2").with("PID", 7, "19570230"));
        Incoming checked = read.withFaults(List.of(
                Fault.at(SnodoCode.FIELD_MISSING, "patient.birthDate", "assente"),
                Fault.at(SnodoCode.IDENTIFIER_INVALID, "patient.fiscalCode", "lettera errata")));
        assertThat(checked.faults()).extracting(Fault::location).containsExactly("PID^1^7", "PID^1^3^1");
    }

    @Test
    void another_type_of_document_is_refused() {
        Fault fault = onlyFault(Samples.certificate("Q3").with("TXA", 2, "34133-9"));
        assertThat(fault.code()).isEqualTo(SnodoCode.CODE_UNKNOWN);
        assertThat(fault.location()).isEqualTo("TXA^1^2");
    }

    @Test
    void no_PIN_is_ever_told() {
        Samples wrong = Samples.certificate("Q4").with("OBX", 13, 2, "NM2").with("OBX", 12, 5, "?");
        assertThat(read(wrong).faults().toString()).doesNotContain("48213");
        assertThat(read(Samples.certificate("Q5")).request().onlineCollection().toString())
                .doesNotContain("48213");
    }

    @ParameterizedTest
    @CsvSource({
        "01-cronica,395,0A02",
        "02-rara,F022,RA0030",
        "03-tumore-048,F002,048",
        "04-minore-oscurato,307.1,005",
        "05-leggi-speciali,042,020"
    })
    void the_demo_messages_are_read_whole(String file, String diagnosis, String exemption) throws IOException {
        Incoming read = read(Files.readString(Path.of("src/main/resources/demo/" + file + ".hl7")));
        assertThat(read.faults()).isEmpty();
        CertificateRequest request = read.request();
        assertThat(request.diagnosis().code()).isEqualTo(diagnosis);
        assertThat(request.exemption().code()).isEqualTo(exemption);
        assertThat(request.sender().facilityCode()).isEqualTo("010301");
        assertThat(request.encounter().id()).startsWith("AMB2026");
        assertThat(request.encounter().structureCode()).isEqualTo("010003");
        assertThat(request.encounter().start()).isNotNull();
        assertThat(request.documentNumber()).startsWith("CERT-2026-");
        assertThat(request.author().telecom()).isNotNull();
        assertThat(request.patient().birthplace().istatCode()).hasSize(6);
        assertThat(request.specialLaws()).isEqualTo(file.startsWith("05"));
        assertThat(request.hiddenFromParent()).isEqualTo(file.startsWith("04"));
    }

    @Test
    void a_line_that_starts_no_segment_is_a_fault_where_joining_is_turned_off() {
        Hl7v2Intake strict = Listener.intake(Listener.properties("join-continuation-lines=false"));
        String broken =
                Samples.certificate("R1").with("OBX", 4, 5, "prima\rseconda").toString();
        assertThat(Listener.certificates(strict, broken.getBytes(StandardCharsets.UTF_8))
                        .get(0)
                        .faults())
                .extracting(Fault::code)
                .containsExactly(SnodoCode.MESSAGE_UNREADABLE);
    }

    @Test
    void several_messages_without_batch_headers_are_taken_one_by_one_where_that_is_allowed() {
        Hl7v2Intake lenient = Listener.intake(Listener.properties("accept-unwrapped-batches=true"));
        String two = Samples.certificate("S1").toString() + Samples.certificate("S2");
        assertThat(Listener.certificates(lenient, two.getBytes(StandardCharsets.UTF_8)))
                .extracting(Incoming::controlId)
                .containsExactly("S1", "S2");
    }

    @Test
    void a_hostile_number_of_parts_costs_no_more_than_their_length() {
        String repetitions = Samples.certificate("T1")
                .with("OBX", 4, 5, "x~".repeat(500_000))
                .with("PID", 3, "1^^^OSP~".repeat(100_000))
                .toString();
        assertTimeout(
                Duration.ofSeconds(10),
                () -> assertThat(read(repetitions).request().pathology()).hasSize(500_000));
        String segments = Samples.certificate("T2") + "OBX|\r".repeat(200_000);
        assertThat(read(segments).faults()).extracting(Fault::code).containsExactly(SnodoCode.MESSAGE_UNREADABLE);
    }

    @Test
    void a_control_id_too_long_to_be_remembered_is_refused() {
        Incoming read = read(Samples.certificate("X".repeat(5000)));
        assertThat(read.controlId()).isNull();
        assertThat(read.faults()).extracting(Fault::code).containsExactly(SnodoCode.FIELD_TOO_LONG);
    }
}
