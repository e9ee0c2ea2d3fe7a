package it.snodo.publication.fse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.publication.Outcome;
import it.snodo.publication.PublicationStore;
import it.snodo.publication.PublicationSubject;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FseGatewayTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final JsonMapper JSON = new JsonMapper();

    private StubGateway stub;
    private FseGateway gateway;
    private static PublicationSubject subject;

    @BeforeAll
    static void store() {
        PublicationStore store = PublicationStore.fresh();
        store.document("OLD");
        store.document("NEW", "OLD", PublicationStore.request(null, null, "010A01234567890"), "N");
        store.validated("NEW", "root.hash.x^^^^urn:ihe:iti:xdw:2013:workflowInstanceId", Duration.ZERO);
        subject = store.subjects().of("NEW");
    }

    @BeforeEach
    void start() {
        stub = new StubGateway();
        gateway = FseKit.gateway(FseKit.properties(stub.url()));
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        stub.close();
    }

    @Test
    void a_publication_carries_the_signed_pdf_byte_for_byte_and_its_hash() throws IOException {
        stub.success(202, "w");
        gateway.create(subject, "2.16.840.1.113883.2.9.2.10.4.3.1", TRACE);
        StubGateway.Asked asked = stub.last();
        assertThat(asked.operation()).isEqualTo("POST /v1/documents");
        assertThat(asked.headers().get("Content-Type")).startsWith("multipart/form-data");
        assertThat(asked.headers().get("Accept")).isEqualTo("application/json");
        assertThat(asked.headers().get("traceparent")).matches("00-" + TRACE + "-[0-9a-f]{16}-01");
        String text = asked.text();
        assertThat(text)
                .contains("name=\"file\"; filename=\"NEW.pdf\"")
                .contains("Content-Type: application/pdf")
                .contains("name=\"requestBody\"")
                .contains("Content-Type: application/json")
                .contains(new String(subject.signedPdf(), StandardCharsets.ISO_8859_1));
        assertThat(asked.claims().get("attachment_hash"))
                .isEqualTo(FseGateway.sha256(subject.signedPdf()))
                .asString()
                .matches("[0-9a-f]{64}");
    }

    @Test
    void the_metadata_say_what_the_certificate_says() throws IOException {
        stub.success(202, "w");
        gateway.create(subject, "2.16.840.1.113883.2.9.2.10.4.3.1", TRACE);
        JsonNode body = body(stub.last());
        assertThat(body.get("identificativoDoc").asText()).isEqualTo(PublicationStore.ROOT + "^NEW");
        assertThat(body.get("workflowInstanceId").asText()).isEqualTo(subject.workflowId());
        assertThat(body.get("tipologiaStruttura").asText()).isEqualTo("Ospedale");
        assertThat(body.get("assettoOrganizzativo").asText()).isEqualTo("AD_PSC019");
        assertThat(body.get("tipoAttivitaClinica").asText())
                .as("there is an NRE")
                .isEqualTo("ERP");
        assertThat(body.get("dataInizioPrestazione").asText()).isEqualTo("20260310083000");
        assertThat(body.get("dataFinePrestazione").asText()).isEqualTo("20260310090000");
        assertThat(body.get("administrativeRequest").get(0).asText()).isEqualTo("SSN");
        assertThat(body.has("attiCliniciRegoleAccesso")).isFalse();
        assertThat(body.has("conservazioneANorma")).isFalse();
        assertThat(body.has("priorita")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // leggi speciali, hidden from parent, patient's decision, confidentiality -> code
                "false, false, -, N, -",
                "true, false, -, V, P99",
                "true, false, false, V, P00",
                "false, true, -, N, P99",
                "false, true, false, N, P99",
                "false, false, true, R, P99",
                "false, false, false, N, -"
            })
    void visibility_is_one_code_and_never_shows_a_minor_s_document_to_the_parent(
            boolean special, boolean parent, Boolean obscured, String confidentiality, String code) {
        PublicationStore store = PublicationStore.fresh();
        store.document("X", null, PublicationStore.request(special, parent, null), confidentiality);
        store.jdbc
                .sql("update document set obscured = :obscured")
                .param("obscured", obscured, java.sql.Types.BOOLEAN)
                .update();
        assertThat(FseMetadata.visibility(store.subjects().of("X"))).isEqualTo(code);
    }

    @Test
    void ids_in_the_path_are_percent_encoded() {
        String id = "2.16.840.1.113883.2.9.2.10.4.4%5E";
        stub.success(202, "w")
                .success(202, "w")
                .success(200, "w")
                .success(200, "w")
                .then(200, "{\"transactionData\":[]}");
        gateway.replace(subject, "1", TRACE);
        gateway.validateAndReplace(subject, "1", TRACE);
        gateway.delete(subject, TRACE);
        gateway.updateMetadata(subject, true, "1", TRACE);
        gateway.statusByWorkflow(subject.workflowId());
        assertThat(stub.operations())
                .containsExactly(
                        "PUT /v1/documents/" + id + "OLD",
                        "PUT /v1/documents/validate-and-replace/" + id + "OLD",
                        "DELETE /v1/documents/" + id + "NEW",
                        "PUT /v1/documents/" + id + "NEW/metadata",
                        "GET /v1/status/root.hash.x%5E%5E%5E%5Eurn%3Aihe%3Aiti%3Axdw%3A2013%3AworkflowInstanceId");
    }

    @Test
    void both_tokens_are_signed_by_the_signature_certificate_and_live_in_seconds() throws Exception {
        stub.success(201, "w");
        gateway.validate(subject, FseGateway.Activity.VALIDATION, TRACE);
        StubGateway.Asked asked = stub.last();
        RSASSAVerifier verifier =
                new RSASSAVerifier((RSAPublicKey) FseKit.certificate().getPublicKey());
        for (String token : new String[] {
            asked.headers().get("Authorization").substring(7), asked.headers().get("FSE-JWT-Signature")
        }) {
            JWSObject jws = JWSObject.parse(token);
            assertThat(jws.verify(verifier)).isTrue();
            assertThat(jws.getHeader().getAlgorithm().getName()).isEqualTo("RS256");
            assertThat(jws.getHeader().getType().getType()).isEqualTo("JWT");
            assertThat(jws.getHeader().getX509CertChain().get(0).decode())
                    .isEqualTo(FseKit.certificate().getEncoded());
            long now = Instant.now().getEpochSecond();
            var claims = jws.getPayload().toJSONObject();
            assertThat((Long) claims.get("iat")).isBetween(now - 330, now - 270);
            assertThat((Long) claims.get("exp")).isBetween(now + 570, now + 630);
            assertThat(claims).doesNotContainKey("nbf");
            assertThat(claims.get("aud")).isEqualTo(stub.url());
        }
        assertThat(asked.bearer().get("iss")).isEqualTo("auth:" + FseKit.CN);
        assertThat(asked.claims().get("iss")).isEqualTo("integrity:" + FseKit.CN);
        assertThat(asked.claims().get("sub")).isEqualTo("VRDLGU60B02L219X^^^&2.16.840.1.113883.2.9.4.3.2&ISO");
        assertThat(asked.claims().get("person_id")).isEqualTo("RSSMRA80A01L219M^^^&2.16.840.1.113883.2.9.4.3.2&ISO");
        assertThat(asked.bearer().get("jti")).isNotEqualTo(asked.claims().get("jti"));
    }

    @Test
    void an_institution_with_accents_can_be_read_by_the_dispatcher_s_plain_base64() {
        stub.success(201, "w");
        gateway.validate(subject, FseGateway.Activity.VALIDATION, TRACE);
        String payload = stub.last().headers().get("FSE-JWT-Signature").split("\\.")[1];
        String json = new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8);
        assertThat(json).contains("Citt\\u00E0 della Salute");
        assertThat(stub.last().claims().get("locality"))
                .isEqualTo("Città della Salute^^^^^&2.16.840.1.113883.2.9.4.1.2&ISO^^^^010003")
                .asString()
                .matches("^[^^]*\\^{5}&[^&]*&ISO\\^{4}[^^&]*$");
        assertThat(FseTokens.json(java.util.Map.of("a", "x>?~" + (char) 127)))
                .isEqualTo("{\"a\":\"x\\u003e\\u003f\\u007e\\u007f\"}");
    }

    @Test
    void a_status_question_names_the_certificate_so_that_the_gateway_finds_its_issuer() {
        stub.then(
                200,
                "{\"transactionData\":[{\"eventType\":\"SEND_TO_INI\",\"eventStatus\":\"SUCCESS\",\"traceId\":\"q\"}]}");
        FseGateway.Status status = gateway.statusByWorkflow("w");
        assertThat(stub.last().bearer().get("sub")).isEqualTo(FseKit.CN);
        assertThat(status.events()).extracting(FseEvent::type).containsExactly("SEND_TO_INI");
    }

    @Test
    void a_refused_connection_certainly_changed_nothing() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (FseGateway dead = FseKit.gateway(FseKit.properties("http://127.0.0.1:" + port + "/v1"))) {
            Outcome.Retry retry = (Outcome.Retry) dead.create(subject, "1", TRACE);
            assertThat(retry.code()).isEqualTo(SnodoCode.DESTINATION_UNREACHABLE);
            assertThat(retry.unknown()).isFalse();
            assertThat(retry.outage()).isTrue();
        }
    }

    @Test
    void a_dropped_connection_and_half_an_answer_leave_the_outcome_of_a_publication_unknown() {
        stub.drop().then(exchange -> {
            exchange.sendResponseHeaders(202, 500);
            exchange.getResponseBody().write("{\"traceID\":".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            exchange.close();
        });
        for (int i = 0; i < 2; i++) {
            Outcome.Retry retry = (Outcome.Retry) gateway.create(subject, "1", TRACE);
            assertThat(retry.code()).isEqualTo(SnodoCode.OUTCOME_UNKNOWN);
            assertThat(retry.unknown()).isTrue();
        }
        stub.drop();
        Outcome.Retry validation = (Outcome.Retry) gateway.validate(subject, FseGateway.Activity.VALIDATION, TRACE);
        assertThat(validation.unknown())
                .as("a validation may simply be asked again")
                .isFalse();
    }

    @Test
    void a_gateway_that_does_not_answer_is_left_after_the_time_limit() throws IOException {
        try (FseGateway hasty =
                FseKit.gateway(FseKit.properties(stub.url(), Duration.ofMillis(200), FseKit.keyStore()))) {
            stub.then(exchange -> {
                // The socket stays open; the server is closed at the end of the test.
            });
            Outcome.Retry retry = (Outcome.Retry) hasty.create(subject, "1", TRACE);
            assertThat(retry.unknown()).isTrue();
            assertThat(retry.outage()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401, https://govway.org/handling-errors/401/TokenAuthenticationFailed.html, Retry, SNODO-5015",
        "401, https://govway.org/handling-errors/401/TokenInTheFuture.html, Retry, SNODO-5003",
        "400, https://govway.org/handling-errors/400/InteroperabilityInvalidRequest.html, Retry, SNODO-5015",
        "502, https://govway.org/handling-errors/502/InvalidResponse.html, Retry, SNODO-5003",
        "503, https://govway.org/handling-errors/503/GatewayError.html, Retry, SNODO-5002",
        "504, https://govway.org/handling-errors/504/EndpointReadTimeout.html, Retry, SNODO-5003",
        "429, https://govway.org/handling-errors/429/LimitExceeded.html, Retry, SNODO-5002",
        "403, https://govway.org/handling-errors/403/AuthorizationDeny.html, Retry, SNODO-5015",
        "400, /msg/fhir-mapping-type, Repair, SNODO-5004",
        "504, /msg/fhir-mapping-timeout, Retry, SNODO-5003",
        "400, /msg/workflow-id-error-extraction, Repair, SNODO-5004",
        "400, /msg/wii, Revalidate, SNODO-5008",
        "404, /msg/eds-error, Retry, SNODO-5003",
        "503, /msg/not-implemented, Repair, SNODO-5004",
        "400, /msg/simulation-error, Repair, SNODO-5004",
        "409, about:blank, Stop, SNODO-5006",
        "501, about:blank, Stop, SNODO-5006",
        "504, mw/io_error, Retry, SNODO-5003",
        "500, mw/internal_error, Retry, SNODO-5003",
        "418, about:blank, Repair, SNODO-5004",
        "302, about:blank, Retry, SNODO-5003",
        "408, about:blank, Retry, SNODO-5003",
        "407, about:blank, Retry, SNODO-5015",
        "401, about:blank, Retry, SNODO-5015",
        "403, '', Retry, SNODO-5015",
        "403, mw/forbidden, Retry, SNODO-5015",
        "403, /msg/anything-new, Repair, SNODO-5005",
        "405, about:blank, Repair, SNODO-5004",
        "415, about:blank, Repair, SNODO-5004",
        "404, about:blank, Retry, SNODO-5003",
        "400, /msg/validator, Repair, SNODO-5004",
        "400, /msg/jwt-validation, Repair, SNODO-5005",
        "500, /msg/mocked-service, Repair, SNODO-5005",
        "500, /msg/service-error, Retry, SNODO-5003",
        "500, /errors, Retry, SNODO-5003",
        "404, /errors/validation, Repair, SNODO-5004",
        "500, /err/server, Retry, SNODO-5003",
        "401, https://govway.org/handling-errors/401/TokenExpired.html, Retry, SNODO-5003",
        "401, https://govway.org/handling-errors/401/TokenNotBefore.html, Retry, SNODO-5003",
        "401, https://govway.org/handling-errors/401/TokenAuthenticationRequired.html, Retry, SNODO-5015",
        "400, https://govway.org/handling-errors/400/BadRequest.html, Repair, SNODO-5004",
        "404, https://govway.org/handling-errors/404/UndefinedOperation.html, Repair, SNODO-5004",
        "413, https://govway.org/handling-errors/413/RequestSizeExceeded.html, Repair, SNODO-5011",
        "503, https://govway.org/handling-errors/503/APISuspended.html, Retry, SNODO-5002"
    })
    void errors_of_the_edge_and_of_no_capture_have_a_remedy_too(int status, String type, String kind, String code) {
        stub.problem(status, type, "d");
        assertThat(said(gateway.create(subject, "1", TRACE))).isEqualTo(kind + " " + code);
    }

    private static String said(Outcome outcome) {
        SnodoCode code = null;
        if (outcome instanceof Outcome.Retry retry) {
            code = retry.code();
        } else if (outcome instanceof Outcome.Repair repair) {
            code = repair.code();
        } else if (outcome instanceof Outcome.Revalidate again) {
            code = again.code();
        } else if (outcome instanceof Outcome.Stop stop) {
            code = stop.code();
        }
        return outcome.getClass().getSimpleName() + (code == null ? "" : " " + code.code());
    }

    /** The services behind the dispatcher speak through it, each in words of its own. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "404, /msg/record-not-found, IniException: Non è stato possibile recuperare i riferimenti, Repair SNODO-5010",
                "404, /msg/record-not-found, Record non trovato., Repair SNODO-5010",
                "404, /err/resource, Id documento non presente, Repair SNODO-5010",
                "404, /errors/ini, Query has returned no data, Repair SNODO-5010",
                "404, /errors, Document with the specified workflowInstanceId not found, Repair SNODO-5010",
                "404, /msg/ini-error, No results from the query, Repair SNODO-5010",
                // what is no word about the document must not be taken for one
                "404, /msg/record-not-found, IniException: Servizio momentaneamente sospeso, Retry SNODO-5003",
                "404, /msg/record-not-found, IniException: R238 regione non coerente, Repair SNODO-5013",
                "404, /msg/eds-error, Document cannot be found on the Server FHIR, Retry SNODO-5003",
                "404, about:blank, No static resource, Retry SNODO-5003",
                "404, -, -, Retry SNODO-5003",
                "404, https://govway.org/handling-errors/404/UndefinedOperation.html, -, Repair SNODO-5004"
            })
    void a_document_is_unknown_only_where_somebody_who_looked_for_it_says_so(
            int status, String type, String detail, String expected) {
        for (int operation = 0; operation < 3; operation++) {
            if (type == null) {
                stub.then(status, "<html><body>404 Not Found</body></html>");
            } else {
                stub.problem(status, type, detail == null ? "" : detail);
            }
            Outcome outcome =
                    switch (operation) {
                        case 0 -> gateway.delete(subject, TRACE);
                        case 1 -> gateway.updateMetadata(subject, false, "1", TRACE);
                        default -> gateway.replace(subject, "1", TRACE);
                    };
            assertThat(said(outcome)).isEqualTo(expected);
        }
    }

    /** No proxy's page and no empty body may pass for the gateway, whatever the status. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "200, <html>Manutenzione</html>, Retry SNODO-5012",
                "200, -, Retry SNODO-5012",
                "202, {}, Retry SNODO-5012",
                "202, \"ok\", Retry SNODO-5012",
                "302, <html>login</html>, Retry SNODO-5003",
                "404, -, Retry SNODO-5003",
                "413, <html>Request Entity Too Large</html>, Repair SNODO-5011",
                "500, <html>Oops</html>, Retry SNODO-5003",
                "502, <html>Bad Gateway</html>, Retry SNODO-5003",
                "503, -, Retry SNODO-5002",
                "504, -, Retry SNODO-5003"
            })
    void answers_of_others_on_the_way_lose_no_document(int status, String body, String expected) {
        stub.then(status, body == null ? "" : body);
        Outcome outcome = gateway.create(subject, "1", TRACE);
        assertThat(said(outcome)).isEqualTo(expected);
        if (status < 300) {
            assertThat(((Outcome.Retry) outcome).unknown())
                    .as("it is asked for before it is sent again")
                    .isTrue();
        }
    }

    @Test
    void a_page_in_answer_to_a_question_is_no_answer() {
        stub.then(200, "<html>");
        Outcome.Retry retry = (Outcome.Retry) gateway.statusByTrace(TRACE).outcome();
        assertThat(retry.outage()).isTrue();
        stub.then(404, "<html>");
        assertThat(((Outcome.Retry) gateway.statusByTrace(TRACE).outcome()).outage())
                .as("nothing is known, not that nothing arrived")
                .isTrue();
        stub.problem(404, "/err/resource", "Record non trovato");
        assertThat(((Outcome.Retry) gateway.statusByTrace(TRACE).outcome()).outage())
                .isFalse();
    }

    @Test
    void govway_may_name_its_error_in_a_header_only() {
        stub.then(exchange -> {
            exchange.getResponseHeaders().set("GovWay-Transaction-ErrorType", "TokenInTheFuture");
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        assertThat(said(gateway.create(subject, "1", TRACE))).isEqualTo("Retry SNODO-5003");
    }

    @ParameterizedTest
    @CsvSource({"R224 documento gia' registrato, Done", "INI error R227, Repair", "R238, Repair", "qualcosa, Retry"})
    void the_index_s_codes_decide_and_r224_is_success(String detail, String kind) {
        stub.problem(500, "/msg/ini-error", detail);
        assertThat(gateway.create(subject, "1", TRACE).getClass().getSimpleName())
                .isEqualTo(kind);
    }

    @Test
    void retry_after_and_govway_s_ids_are_kept() {
        stub.then(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "7");
            exchange.getResponseHeaders().set("GovWay-Transaction-ID", "gw-1");
            exchange.sendResponseHeaders(429, -1);
            exchange.close();
        });
        Outcome.Retry retry = (Outcome.Retry) gateway.create(subject, "1", TRACE);
        assertThat(retry.after()).isEqualTo(Duration.ofSeconds(7));
        assertThat(retry.answer().transactionId()).isEqualTo("gw-1");
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(it.snodo.publication.HttpChannel.retryAfter("Thu, 01 Jan 2026 00:01:00 GMT", now))
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(it.snodo.publication.HttpChannel.retryAfter("soon", now)).isNull();
    }

    @Test
    void without_keys_nothing_is_sent_and_the_reason_is_named() throws IOException {
        try (FseGateway keyless = FseKit.gateway(FseKit.properties(stub.url(), Duration.ofSeconds(1), null))) {
            assertThatThrownBy(() -> keyless.create(subject, "1", TRACE))
                    .isInstanceOfSatisfying(SnodoException.class, e -> assertThat(e.code())
                            .isEqualTo(SnodoCode.PUBLICATION_NOT_CONFIGURED))
                    .hasMessageContaining("snodo.fse.signature-key-store");
        }
        assertThat(stub.asked).isEmpty();
    }

    private static JsonNode body(StubGateway.Asked asked) throws IOException {
        String text = asked.text();
        return JSON.readTree(text.substring(text.indexOf("{", text.indexOf("name=\"requestBody\""))));
    }
}
