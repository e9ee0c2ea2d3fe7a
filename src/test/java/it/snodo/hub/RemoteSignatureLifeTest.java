package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.signature.SignatureCheck;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The life of a certificate on a hub where doctors sign with a credential of their own: every state, every operation, every
 * role, from outside.
 */
class RemoteSignatureLifeTest {

    private static final RunningHub HUB = RunningHub.own(
            "--snodo.signature.mode=remote",
            "--snodo.signature.otp-interval=0s",
            "--snodo.signature.level=B-T",
            "--snodo.signature.tsa.urls=http://localhost:{simulator}/signer/tsa",
            "--snodo.signature.tsa.timeout=60s",
            "--snodo.signature.providers[0].code=PROVA",
            "--snodo.signature.providers[0].name=Provider di prova",
            "--snodo.signature.providers[0].api=CSC1",
            "--snodo.signature.providers[0].url=http://localhost:{simulator}/signer/csc/v1");
    private static final Outside OUT = new Outside(HUB);
    private static final String DOCTOR = "VRDLGU60A01L219E";
    private static final String ALIAS = "vrdlgu60a01l219e";
    private static final String PIN = "12345678";
    private static final String CONFIRMED = "{\"confirm\": true}";

    @AfterAll
    static void stop() {
        HUB.context.close();
    }

    private static Certificate certificate(String name) {
        return Certificate.plain(Outside.unique(name))
                .with("author.fiscalCode", DOCTOR)
                .with("author.family", "VERDI")
                .with("author.given", "LUIGI");
    }

    private static HttpResponse<byte[]> post(long number, String what, String user, String body, String... headers) {
        return HUB.post(
                "/api/v1/certificates/" + number + "/" + what,
                user,
                "application/json",
                body.getBytes(StandardCharsets.UTF_8),
                headers);
    }

    private static JsonNode read(long number) {
        return HUB.json("/api/v1/certificates/" + number, "specialista");
    }

    /** Sent, and waiting for its doctor. */
    private static long waiting(Certificate certificate) {
        return waiting(OUT.accepted(certificate));
    }

    private static long waiting(String controlId) {
        return OUT.state(controlId, "AWAITING_SIGNATURE")
                .path("certificateNumber")
                .asLong();
    }

    private static String otpOrder() {
        return "{\"provider\": \"PROVA\", \"alias\": \"" + ALIAS + "\"}";
    }

    private static String signature(String pin, String otp) {
        return "{\"provider\": \"PROVA\", \"alias\": \"" + ALIAS + "\", \"pin\": \"" + pin + "\", \"otp\": \"" + otp
                + "\"}";
    }

    /** Asks for an OTP and reads it from the doctor's telephone. */
    private static String otp(long number, String what) {
        HttpResponse<byte[]> answer = post(number, what, "verdi", otpOrder());
        assertThat(answer.statusCode()).as(Outside.text(answer)).isEqualTo(200);
        assertThat(HUB.read(answer).path("expiresAt").asText()).isNotBlank();
        JsonNode messages = HUB.simulator("/signer/_state").path("sms");
        return messages.get(messages.size() - 1).path("otp").asText();
    }

    private static void sign(long number) {
        HttpResponse<byte[]> answer = post(number, "signature", "verdi", signature(PIN, otp(number, "otp")));
        assertThat(answer.statusCode()).as(Outside.text(answer)).isEqualTo(200);
        assertThat(HUB.read(answer).path("state").asText()).isEqualTo("VALIDO");
    }

    private static long signed(Certificate certificate) {
        String id = OUT.accepted(certificate);
        long number = waiting(id);
        sign(number);
        OUT.published(id);
        return number;
    }

    @Test
    void a_certificate_of_every_protocol_waits_for_its_doctor_and_is_published_with_his_signature() {
        Certificate byHl7 = certificate("HL");
        Certificate byRest = certificate("RE");
        Certificate byFhir = certificate("FH");
        List<String> sent = new ArrayList<>();
        sent.add(OUT.accepted(byHl7));
        String key = Outside.unique("K");
        assertThat(OUT.rest(byRest, key).statusCode()).isEqualTo(201);
        sent.add(key);
        String bundle = Outside.unique("B");
        assertThat(OUT.fhirMessage(byFhir, bundle).statusCode()).isEqualTo(200);
        sent.add("urn:prove:messaggi|" + bundle);
        for (String id : sent) {
            long number = waiting(id);
            JsonNode waits = read(number);
            assertThat(waits.path("state").asText()).isEqualTo("DA_FIRMARE");
            assertThat(waits.path("actions").toString()).isEqualTo("[\"FIRMA\",\"ANNULLA\"]");
            sign(number);
            JsonNode now = read(number);
            assertThat(now.path("actions").toString()).contains("ANNULLA").doesNotContain("FIRMA");
            String document = OUT.published(id).path("documentId").asText();
            SignatureCheck.Report report = new SignatureCheck(List.of()).check(OUT.content(document, "pdf"));
            assertThat(report.isSignedOnce()).isTrue();
            assertThat(report.signatures().get(0).fiscalCode()).isEqualTo(DOCTOR);
        }
    }

    @Test
    void a_signature_without_its_timestamp_is_completed_when_the_authority_answers_and_not_asked_of_the_doctor_again() {
        String id = OUT.accepted(certificate("MARCA"));
        long number = waiting(id);
        String otp = otp(number, "otp");
        OUT.order("signer", "{\"operation\": \"tsa\", \"times\": 0, \"error\": {\"status\": 503}}");
        try {
            HttpResponse<byte[]> answer = post(number, "signature", "verdi", signature(PIN, otp));
            assertThat(answer.statusCode()).as(Outside.text(answer)).isEqualTo(503);
            assertThat(Outside.text(answer)).contains("SNODO-4028").contains("è conservata");
            assertThat(read(number).path("state").asText()).isEqualTo("DA_FIRMARE");
        } finally {
            OUT.forget("signer");
        }
        await().atMost(java.time.Duration.ofSeconds(180))
                .until(() -> read(number).path("state").asText().equals("VALIDO"));
        JsonNode message = OUT.published(id);
        assertThat(message.toString()).contains("PAdES B-T");
        SignatureCheck.Report report = new SignatureCheck(List.of())
                .check(OUT.content(message.path("documentId").asText(), "pdf"));
        assertThat(report.isSignedOnce()).isTrue();
        assertThat(report.signatures().get(0).format()).isEqualTo("PAdES-BASELINE-T");
    }

    private static String etag(HttpResponse<byte[]> answer) {
        return answer.headers().firstValue("ETag").orElse("none");
    }

    private static String etag(long number) {
        return etag(HUB.get("/api/v1/certificates/" + number, "verdi"));
    }

    @Test
    void the_calls_of_an_annulment_tell_the_certificates_tag_and_heed_the_one_they_are_given() {
        long number = signed(certificate("TAG"));
        String valid = etag(number);
        assertThat(post(number, "annulment", "verdi", CONFIRMED, "If-Match", "\"altro\"")
                        .statusCode())
                .isEqualTo(412);
        HttpResponse<byte[]> asked = post(number, "annulment", "verdi", CONFIRMED, "If-Match", valid);
        assertThat(asked.statusCode()).as(Outside.text(asked)).isEqualTo(202);
        String waits = etag(asked);
        assertThat(waits).isEqualTo(etag(number)).isNotEqualTo(valid);
        assertThat(etag(HUB.get("/api/v1/certificates/" + number + "/annulment", "verdi")))
                .isEqualTo(waits);
        String otp = otp(number, "annulment/otp");
        assertThat(post(number, "annulment/signature", "verdi", signature(PIN, otp), "If-Match", valid)
                        .statusCode())
                .isEqualTo(412);
        HttpResponse<byte[]> done =
                post(number, "annulment/signature", "verdi", signature(PIN, otp), "If-Match", waits);
        assertThat(done.statusCode()).as(Outside.text(done)).isEqualTo(200);
        assertThat(etag(done)).isEqualTo(etag(number)).isNotEqualTo(waits);
    }

    @Test
    void a_certificate_that_replaces_one_goes_on_when_the_doctor_has_signed_that() {
        Certificate first = certificate("PRIMA");
        long number = waiting(first);
        String later = OUT.accepted(first.replacement(Outside.unique("POI")));
        sign(number);
        long second = waiting(later);
        assertThat(read(number).path("state").asText()).isEqualTo("VALIDO");
        assertThat(post(number, "annulment", "verdi", CONFIRMED).statusCode())
                .as("it is being replaced")
                .isEqualTo(409);
        sign(second);
        OUT.published(later);
        assertThat(read(number).path("state").asText()).isEqualTo("SOSTITUITO");
    }

    @Test
    void without_the_signature_of_the_certificato_annullativo_nothing_is_annulled() {
        Certificate certificate = certificate("ANN");
        long number = signed(certificate);
        String document = read(number).path("documentId").asText();

        HttpResponse<byte[]> asked = post(number, "annulment", "verdi", CONFIRMED);
        assertThat(asked.statusCode()).as(Outside.text(asked)).isEqualTo(202);
        assertThat(HUB.read(asked).path("state").asText()).isEqualTo("DA_FIRMARE");
        HttpResponse<byte[]> again = post(number, "annulment", "verdi", CONFIRMED);
        assertThat(HUB.read(again).path("documentId"))
                .as("who asks again gets the same one")
                .isEqualTo(HUB.read(asked).path("documentId"));
        String message = OUT.accepted(certificate.annulment(certificate.number()));
        OUT.state(message, "AWAITING_SIGNATURE");
        assertThat(OUT.mllp(certificate.replacement(Outside.unique("NEW")).hl7(Outside.unique("C"))))
                .contains("SNODO-2009")
                .contains("in corso di annullamento");

        String otp = otp(number, "annulment/otp");
        HttpResponse<byte[]> wrong = post(number, "annulment/signature", "verdi", signature("87654321", otp));
        assertThat(wrong.statusCode()).as(Outside.text(wrong)).isBetween(400, 499);
        assertThat(Outside.text(wrong)).doesNotContain("87654321").doesNotContain(otp);
        isNowhereInTheStore("87654321");
        assertThat(read(number).path("state").asText()).isEqualTo("VALIDO");
        assertThat(read(number).path("actions").toString())
                .isEqualTo("[\"FIRMA_ANNULLAMENTO\",\"RITIRA_ANNULLAMENTO\"]");
        assertThat(OUT.atFse(document).path("timesDeleted").asInt()).isZero();
        assertThat(OUT.atRol(document).path("times").path("ANNULLAMENTO").asInt())
                .isZero();

        HttpResponse<byte[]> good =
                post(number, "annulment/signature", "verdi", signature(PIN, otp(number, "annulment/otp")));
        assertThat(good.statusCode()).as(Outside.text(good)).isEqualTo(200);
        assertThat(HUB.read(good).path("state").asText()).isEqualTo("FIRMATO");
        assertThat(read(number).path("state").asText()).isEqualTo("ANNULLATO");
        OUT.published(message);
        assertThat(OUT.atFse(document).path("timesDeleted").asInt()).isEqualTo(1);
        SignatureCheck.Report report = new SignatureCheck(List.of())
                .check(HUB.get("/api/v1/certificates/" + number + "/annulment/document", "verdi")
                        .body());
        assertThat(report.isSignedOnce()).isTrue();
        assertThat(report.signatures().get(0).fiscalCode()).isEqualTo(DOCTOR);
    }

    /** As text or as bytes, in any column of any table. */
    private static void isNowhereInTheStore(String secret) {
        JdbcClient jdbc = HUB.context.getBean(JdbcClient.class);
        String bytes = java.util.HexFormat.of().formatHex(secret.getBytes(StandardCharsets.US_ASCII));
        for (String table : jdbc.sql("select quote_ident(table_name) from information_schema.tables"
                        + " where table_schema = 'public' and table_type = 'BASE TABLE'")
                .query(String.class)
                .list()) {
            assertThat(jdbc.sql("select count(*) from " + table + " t where t::text like '%" + secret + "%'"
                                    + " or t::text like '%" + bytes + "%'")
                            .query(Long.class)
                            .single())
                    .as(table)
                    .isZero();
        }
    }

    @Test
    void a_credential_without_OTP_annuls_in_one_call() {
        long number = signed(certificate("UNA"));
        HttpResponse<byte[]> answer = post(
                number,
                "annulment",
                "verdi",
                "{\"confirm\": true, \"provider\": \"PROVA\", \"alias\": \"nootp-" + ALIAS + "\", \"pin\": \"" + PIN
                        + "\"}");
        assertThat(answer.statusCode()).as(Outside.text(answer)).isEqualTo(200);
        assertThat(read(number).path("state").asText()).isEqualTo("ANNULLATO");
    }

    @Test
    void an_annulment_that_is_withdrawn_leaves_a_valid_certificate_that_may_be_replaced() {
        Certificate certificate = certificate("RIT");
        long number = signed(certificate);
        String message = OUT.accepted(certificate.annulment(certificate.number()));
        OUT.state(message, "AWAITING_SIGNATURE");
        HttpResponse<byte[]> answer = post(number, "annulment/withdrawal", "verdi", "");
        assertThat(answer.statusCode()).as(Outside.text(answer)).isEqualTo(200);
        assertThat(HUB.read(answer).path("state").asText()).isEqualTo("VALIDO");
        OUT.state(message, "DISCARDED");
        long second = waiting(OUT.accepted(certificate.replacement(Outside.unique("NEW"))));
        sign(second);
        assertThat(read(number).path("state").asText()).isEqualTo("SOSTITUITO");
    }

    @Test
    void a_certificate_that_was_never_signed_is_annulled_at_once() {
        Certificate certificate = certificate("MAI");
        String id = OUT.accepted(certificate);
        long number = waiting(id);
        HttpResponse<byte[]> answer = post(number, "annulment", "verdi", CONFIRMED);
        assertThat(answer.statusCode()).as(Outside.text(answer)).isEqualTo(200);
        assertThat(HUB.read(answer).path("state").asText()).isEqualTo("SENZA_FIRMA");
        assertThat(read(number).path("state").asText()).isEqualTo("ANNULLATO");
        OUT.state(id, "DISCARDED");
    }

    // --- every state, every operation, every role --------------------------------------------------------------

    private static final Map<String, String> OPERATIONS = new LinkedHashMap<>();

    static {
        OPERATIONS.put("otp", otpOrder());
        OPERATIONS.put("signature", signature("00000000", "000000"));
        OPERATIONS.put("annulment", CONFIRMED);
        OPERATIONS.put("annulment/otp", otpOrder());
        OPERATIONS.put("annulment/signature", signature("00000000", "000000"));
        OPERATIONS.put("annulment/withdrawal", "");
    }

    /** What the doctor may do in each state; all else is refused with words. */
    private static final Map<String, List<String>> ALLOWED = Map.of(
            "DA_FIRMARE", List.of("otp", "signature", "annulment"),
            "VALIDO", List.of("annulment"),
            "SCADUTO", List.of("annulment"),
            "IN_ANNULLAMENTO", List.of("annulment", "annulment/otp", "annulment/signature", "annulment/withdrawal"),
            "SOSTITUITO", List.of(),
            "ANNULLATO", List.of());

    private static Map<String, Long> oneOfEachState() {
        Map<String, Long> numbers = new LinkedHashMap<>();
        numbers.put("DA_FIRMARE", waiting(certificate("DAF")));
        numbers.put("VALIDO", signed(certificate("VAL")));
        Certificate old = certificate("SCA").with("exemption.code", "048").with("diagnosis.code", "F002");
        long expired = signed(old);
        JdbcClient jdbc = HUB.context.getBean(JdbcClient.class);
        assertThat(read(expired).path("validUntil").asText()).isEqualTo("2031-11-12");
        jdbc.sql("update document set visit_at = visit_at - interval '6 years' where certificate_number = ?")
                .param(expired)
                .update();
        numbers.put("SCADUTO", expired);
        Certificate replaced = certificate("SOS");
        numbers.put("SOSTITUITO", signed(replaced));
        sign(waiting(OUT.accepted(replaced.replacement(Outside.unique("NEW")))));
        numbers.put("ANNULLATO", waiting(certificate("ANN")));
        post(numbers.get("ANNULLATO"), "annulment", "verdi", CONFIRMED);
        numbers.put("IN_ANNULLAMENTO", signed(certificate("INA")));
        post(numbers.get("IN_ANNULLAMENTO"), "annulment", "verdi", CONFIRMED);
        return numbers;
    }

    private static String standing(long number) {
        JsonNode now = read(number);
        HttpResponse<byte[]> annulment = HUB.get("/api/v1/certificates/" + number + "/annulment", "specialista");
        return now.path("state") + " " + now.path("stage") + " " + now.path("actions") + " "
                + (annulment.statusCode() == 200 ? HUB.read(annulment).path("state") : "");
    }

    @Test
    void what_a_state_or_a_role_does_not_allow_is_refused_with_words_and_changes_nothing() {
        Map<String, Long> numbers = oneOfEachState();
        numbers.forEach((state, number) -> {
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(read(number).path("stage").asText())
                            .isIn("PUBLISHED", "AWAITING_SIGNATURE", "ENDED"));
            String before = standing(number);
            if (!state.equals("IN_ANNULLAMENTO")) {
                assertThat(before).startsWith("\"" + state + "\"");
            }
            OPERATIONS.forEach((operation, body) -> {
                for (String user : List.of("ops", "distretto", "fse", "cup", "assistenza", "neri")) {
                    HttpResponse<byte[]> refused = post(number, operation, user, body);
                    assertThat(refused.statusCode())
                            .as(state + " " + operation + " " + user)
                            .isEqualTo(user.equals("neri") ? 404 : 403);
                }
                assertThat(post(number, operation, null, body).statusCode())
                        .as(state + " " + operation + " nobody")
                        .isEqualTo(401);
                if (!ALLOWED.get(state).contains(operation)) {
                    for (String user : List.of("verdi", "specialista")) {
                        HttpResponse<byte[]> refused = post(number, operation, user, body);
                        assertThat(refused.statusCode())
                                .as(state + " " + operation + " " + user + " " + Outside.text(refused))
                                .isEqualTo(409);
                        assertThat(HUB.read(refused).path("detail").asText())
                                .as(state + " " + operation)
                                .contains(String.valueOf(number));
                    }
                }
            });
            assertThat(standing(number)).as(state).isEqualTo(before);
        });
        JsonNode expired = HUB.json("/api/v1/certificates?state=SCADUTO", "verdi");
        assertThat(expired.path("items").findValuesAsText("number"))
                .containsExactly(String.valueOf(numbers.get("SCADUTO")));
        assertThat(HUB.json("/api/v1/certificates?state=VALIDO", "verdi")
                        .path("items")
                        .findValuesAsText("number"))
                .doesNotContain(String.valueOf(numbers.get("SCADUTO")))
                .contains(String.valueOf(numbers.get("VALIDO")));
        HttpResponse<byte[]> annulled = post(numbers.get("SCADUTO"), "annulment", "verdi", CONFIRMED);
        assertThat(annulled.statusCode()).as("an expired one may be annulled").isEqualTo(202);
    }
}
