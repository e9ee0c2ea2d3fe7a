package it.snodo.intake.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequestCodec;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.Demo;
import it.snodo.intake.Incoming;
import it.snodo.intake.IntakeProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class RestIntakeTest {

    private final RestIntake intake =
            new RestIntake(new IntakeProperties(DataSize.ofMegabytes(5), Duration.ofSeconds(20)));

    private Incoming read(String body) {
        return intake.parse(body.getBytes(StandardCharsets.UTF_8), null, "utente", "REST", "POST /certificates");
    }

    private static String sample(String from, String to) {
        String text = Demo.text("09-rest.json");
        assertThat(text).contains(from);
        return text.replace(from, to);
    }

    @Test
    void the_samples_are_read_whole_and_as_the_codec_reads_them() throws Exception {
        for (String name : List.of("09-rest.json", "10-rest-minima.json")) {
            Incoming message = read(Demo.text(name));
            assertThat(message.faults()).isEmpty();
            assertThat(message.request()).isEqualTo(CertificateRequestCodec.fromJson(Demo.text(name)));
            assertThat(message.sender()).isEqualTo("PORTALE-AMBULATORI|ASL CITTÀ DI TORINO");
        }
    }

    @Test
    void an_unknown_field_is_named_with_its_pointer_and_the_fields_there_are() {
        Incoming message =
                read(sample("\"fiscalCode\": \"RLNTRS49T42L219H\"", "\"codiceFiscale\": \"RLNTRS49T42L219H\""));
        assertThat(message.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.code()).isEqualTo(SnodoCode.FIELD_MALFORMED);
            assertThat(fault.location()).isEqualTo("/patient/codiceFiscale");
            assertThat(fault.reason()).contains("«codiceFiscale» non esiste").contains("fiscalCode, stp, eni");
        });
    }

    @Test
    void all_faults_of_form_are_found_at_once_each_at_its_pointer() {
        String body = Demo.text("09-rest.json")
                .replace("\"birthDate\": \"1949-12-02\"", "\"birthDate\": \"02/12/1949\"")
                .replace("\"specialLaws\": false", "\"specialLaws\": \"no\"")
                .replace("\"visitTime\": \"2026-11-13T15:05:00+01:00\"", "\"visitTime\": \"2026-11-13 15:05\"")
                .replace("\"action\": \"NEW\"", "\"action\": \"NUOVO\"")
                .replace(
                        "\"istatCode\": \"001272\"\n    },\n    \"phone\"",
                        "\"istatCode\": 1272\n    },\n    \"phone\"")
                .replace("\"In dieta priva", "7, \"In dieta priva");
        Incoming message = read(body);
        assertThat(message.faults())
                .extracting(Fault::location)
                .containsExactlyInAnyOrder(
                        "/action",
                        "/patient/birthDate",
                        "/patient/address/istatCode",
                        "/visitTime",
                        "/pathology/1",
                        "/specialLaws");
        assertThat(message.faults())
                .allSatisfy(fault -> assertThat(fault.reason()).isNotBlank());
        assertThat(message.request().patient().family()).isEqualTo("ROLANDO");
    }

    @Test
    void a_date_that_is_no_day_of_the_calendar_is_refused() {
        Incoming message = read(sample("1949-12-02", "1949-02-30"));
        assertThat(message.faults()).singleElement().satisfies(fault -> assertThat(fault.reason())
                .contains("1949-02-30"));
    }

    @Test
    void what_is_no_json_is_told_where_it_breaks() {
        assertThat(read("{\"action\": \"NEW\",\n  oops}").faults())
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo(SnodoCode.MESSAGE_UNREADABLE);
                    assertThat(fault.reason()).contains("riga 2");
                });
        assertThat(read("").faults()).singleElement().satisfies(fault -> assertThat(fault.reason())
                .contains("vuoto"));
        assertThat(read("[]").faults()).singleElement().satisfies(fault -> assertThat(fault.reason())
                .contains("una lista"));
        assertThat(read("{} {}").faults()).hasSize(1);
        assertThat(read("{\"nre\":\"1\",\"nre\":\"2\"}").faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.reason()).contains("ripetuto"));
        byte[] latin1 = "{\"nre\":\"è\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(intake.parse(latin1, null, "u", "REST", "t").faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.reason()).contains("UTF-8"));
    }

    @Test
    void a_control_character_is_refused_where_it_stands() {
        Incoming message = read(sample("\"question\": \"Anemia", "\"question\": \"\\u0000Anemia"));
        assertThat(message.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.location()).isEqualTo("/question");
            assertThat(fault.reason()).contains("U+0000");
        });
    }

    @Test
    void the_same_body_has_the_same_id_without_a_key_and_the_key_wins() {
        String body = Demo.text("09-rest.json");
        assertThat(read(body).controlId()).isEqualTo(read(body).controlId()).startsWith("sha256:");
        assertThat(read(body + " ").controlId()).isNotEqualTo(read(body).controlId());
        assertThat(intake.parse(body.getBytes(StandardCharsets.UTF_8), " chiave ", "u", "REST", "t")
                        .controlId())
                .isEqualTo("chiave");
    }

    @Test
    void a_fault_found_later_gets_the_pointer_of_its_field_even_when_the_field_was_absent() {
        Incoming message = read(sample("\"regime\": \"SSN\",", ""))
                .withFaults(List.of(
                        Fault.at(SnodoCode.FIELD_MISSING, "regime", "Manca il regime."),
                        Fault.at(SnodoCode.CODE_UNKNOWN, "pathology[1]", "x"),
                        Fault.at(SnodoCode.FIELD_MISSING, "patient.team.cardNumber", "x")));
        assertThat(message.faults())
                .extracting(Fault::location)
                .containsExactly("/regime", "/pathology/1", "/patient/team");
    }

    @Test
    void a_field_that_could_not_be_read_is_not_also_called_missing() {
        Incoming message = read(sample("\"birthDate\": \"1949-12-02\"", "\"birthDate\": \"ieri\""))
                .withFaults(List.of(Fault.at(SnodoCode.FIELD_MISSING, "patient.birthDate", "Manca.")));
        assertThat(message.faults()).extracting(Fault::code).containsExactly(SnodoCode.FIELD_MALFORMED);
    }

    @Test
    void the_refusal_is_a_problem_that_names_each_error() throws Exception {
        Incoming message = read(sample("\"ticket\": \"S\"", "\"ticket\": 1, \"extra\": true"));
        JsonNode problem = answer(message, new Incoming.Outcome(5, false, null, null, message.faults()));
        assertThat(problem.path("status").asInt()).isEqualTo(422);
        assertThat(problem.path("code").asText()).isEqualTo("SNODO-2002");
        assertThat(problem.path("type").asText()).endsWith("SNODO-2002");
        assertThat(problem.path("errors")).hasSize(2);
        assertThat(problem.path("errors").findValuesAsText("pointer")).containsExactlyInAnyOrder("/ticket", "/extra");
        assertThat(problem.path("errors").get(0).path("reason").asText()).isNotBlank();
    }

    @Test
    void the_acceptance_says_what_was_made_and_where() throws Exception {
        Incoming message = read(Demo.text("09-rest.json"));
        JsonNode receipt = answer(message, new Incoming.Outcome(5, true, 977L, "doc-1", List.of()));
        assertThat(receipt.path("status").asInt()).isEqualTo(201);
        assertThat(receipt.path("messageId").asLong()).isEqualTo(5);
        assertThat(receipt.path("certificateNumber").asLong()).isEqualTo(977);
        assertThat(receipt.path("documentId").asText()).isEqualTo("doc-1");
        assertThat(receipt.path("state").asText()).isEqualTo("ACCEPTED");
        assertThat(receipt.path("location").asText()).isEqualTo("/api/v1/certificates/977");
    }

    @Test
    void a_body_over_the_limit_is_refused_without_being_read() {
        RestIntake small = new RestIntake(new IntakeProperties(DataSize.ofBytes(10), Duration.ofSeconds(20)));
        Incoming message = small.parse(Demo.bytes("09-rest.json"), null, "u", "REST", "t");
        assertThat(message.request()).isNull();
        assertThat(message.faults()).extracting(Fault::code).containsExactly(SnodoCode.FRAME_TOO_LARGE);
    }

    @Property(tries = 300)
    void whatever_is_sent_reading_ends_with_a_request_or_a_reason(@ForAll byte[] noise) {
        Incoming message = intake.parse(noise, null, "u", "REST", "t");
        assertThat(message.request() != null || !message.faults().isEmpty()).isTrue();
    }

    @Property(tries = 200)
    void any_text_in_a_field_is_kept_or_refused_never_changed(@ForAll String text) throws Exception {
        CertificateRequest request = CertificateRequestCodec.fromJson(Demo.text("10-rest-minima.json"));
        JsonMapper mapper = JsonMapper.builder().build();
        var tree = (com.fasterxml.jackson.databind.node.ObjectNode)
                mapper.readTree(CertificateRequestCodec.toJson(request));
        tree.put("question", text);
        Incoming message = read(mapper.writeValueAsString(tree));
        String kept = message.request().question();
        assertThat(!message.faults().isEmpty() || (kept == null ? "" : kept).equals(trimmed(text)))
                .isTrue();
    }

    /** A hard blank is a blank too; two quotes are HL7's way to say nothing. */
    private static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        String rest = text.substring(from, to);
        return rest.equals("\"\"") ? "" : rest;
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || c == '\u00A0';
    }

    @Test
    void what_cannot_be_seen_is_kept_and_a_control_character_is_refused_also_at_the_edge() throws Exception {
        for (String invisible : List.of("\uFEFF", "\u200B", "\u2060", "\u00AD", "\u202E")) {
            String text = invisible + "dolore" + invisible;
            assertThat(read(withQuestion(text)).request().question()).isEqualTo(text);
        }
        for (String control : List.of("\u001C", "\u000B", "\u0000")) {
            Incoming message = read(withQuestion("dolore" + control));
            assertThat(message.faults()).extracting(Fault::path).containsExactly("question");
        }
    }

    private static String withQuestion(String text) throws Exception {
        JsonMapper mapper = JsonMapper.builder().build();
        var tree = (com.fasterxml.jackson.databind.node.ObjectNode) mapper.readTree(Demo.text("10-rest-minima.json"));
        return mapper.writeValueAsString(tree.put("question", text));
    }

    private static JsonNode answer(Incoming message, Incoming.Outcome outcome) throws Exception {
        return JsonMapper.builder().build().readTree(message.answer().build(message, outcome));
    }
}
