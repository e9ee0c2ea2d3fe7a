package it.snodo.http;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.intake.Demo;
import it.snodo.intake.Incoming;
import jakarta.jms.BytesMessage;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jms.core.JmsTemplate;

@OverHttp
class HttpTest {

    private static final FhirContext FHIR = FhirContext.forR4Cached();
    private static final String CF = "DLSMLC75S43L219B";

    @LocalServerPort
    int port;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    HttpSlice.Acceptance acceptance;

    @Autowired
    ObjectMapper json;

    @Autowired
    JmsTemplate jms;

    private final HttpClient http = HttpClient.newHttpClient();

    // --- helpers ---------------------------------------------------------------------------------------------

    private HttpResponse<byte[]> send(String user, String method, String path, byte[] body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (user != null) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString((user + ":p").getBytes(StandardCharsets.UTF_8)));
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> get(String user, String path, String... headers) throws Exception {
        return send(user, "GET", path, null, headers);
    }

    private HttpResponse<byte[]> postJson(String body, String... headers) throws Exception {
        String[] all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = "application/json";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return send("specialista", "POST", "/api/v1/certificates", body.getBytes(StandardCharsets.UTF_8), all);
    }

    private JsonNode tree(HttpResponse<byte[]> response) throws Exception {
        return json.readTree(response.body());
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String type(HttpResponse<?> response) {
        return response.headers().firstValue("Content-Type").orElse("");
    }

    private static <T extends org.hl7.fhir.instance.model.api.IBaseResource> T fhir(
            Class<T> type, HttpResponse<byte[]> response) {
        return FHIR.newJsonParser().parseResource(type, text(response));
    }

    private static String unique(String sample) {
        return Demo.text(sample).replaceAll("CERT-2026-\\d+", "C-" + System.nanoTime());
    }

    private void document(String id, String state, boolean withheld, String delivery, String madeAt) throws Exception {
        byte[] pdf = ("%PDF " + id).getBytes(StandardCharsets.UTF_8);
        byte[] cda = ("<ClinicalDocument>" + id + "</ClinicalDocument>").getBytes(StandardCharsets.UTF_8);
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        Long message = jdbc.sql("insert into message (protocol, sender, type, sha256, size, raw, answer, state)"
                        + " values ('REST', 's', 't', '\\x00', 0, '\\x00', '\\x00', 'PUBLISHED') returning id")
                .query(Long.class)
                .single();
        Long number = jdbc.sql(
                        "insert into certificate (message_id, action, state, stage, sender, document_number,"
                                + " document_id, set_id, version, request, patient_id, patient_family, patient_given, made_at)"
                                + " values (?, 'NEW', 'VALIDO', 'PUBLISHED', 's', ?, ?, ?, 1, '', ?, 'F', 'G', now()) returning number")
                .params(message, id, id, id, CF)
                .query(Long.class)
                .single();
        jdbc.sql("insert into document (id, certificate_number, root, set_id, version, type_code, title, state,"
                        + " confidentiality, withheld, patient_oid, patient_id, author, custodian, visit_at, made_at,"
                        + " cda, cda_sha256, unsigned_pdf, signed_pdf, signed_sha256, signed_at)"
                        + " values (?, ?, '2.16.840.1.113883.2.9.2.10.4.4', ?, 1, '11488-4',"
                        + " 'Referto di Specialistica Ambulatoriale', ?, 'N', ?, '2.16.840.1.113883.2.9.4.3.2', ?,"
                        + " 'LVRSRA82P49L219Q', '010301', ?, ?, ?, ?, '', ?, ?, now())")
                .params(
                        id,
                        number,
                        id,
                        state,
                        withheld,
                        CF,
                        OffsetDateTime.parse(madeAt),
                        OffsetDateTime.parse(madeAt),
                        cda,
                        sha.digest(cda),
                        pdf,
                        sha.digest(pdf))
                .update();
        if (delivery != null) {
            jdbc.sql("insert into delivery (destination, action, document_id, certificate_number, state)"
                            + " values ('FSE', 'CREATE', ?, ?, ?)")
                    .params(id, number, delivery)
                    .update();
        }
    }

    @BeforeEach
    void documents() throws Exception {
        document("d1", "CURRENT", false, "CONFIRMED", "2026-03-01T10:00:00+01:00");
        document("d2", "SUPERSEDED", false, "DELIVERED", "2026-03-02T10:00:00+01:00");
        document("d3", "ANNULLED", false, "CONFIRMED", "2026-03-03T10:00:00+01:00");
        document("segreto", "CURRENT", true, "CONFIRMED", "2026-03-04T10:00:00+01:00");
        document("attesa", "CURRENT", false, "WAITING", "2026-03-05T10:00:00+01:00");
    }

    @AfterEach
    void empty() {
        acceptance.broken = false;
        for (String table : List.of("audit", "delivery", "document", "certificate", "message")) {
            jdbc.sql("delete from " + table).update();
        }
    }

    private List<Map<String, Object>> audit() {
        return jdbc.sql("select actor, role, action, subject, object, outcome from audit order by id")
                .query()
                .listOfRows();
    }

    private static String q(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private List<String> found(String user, String query) throws Exception {
        HttpResponse<byte[]> response = get(user, "/fhir/DocumentReference?" + query);
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        return fhir(Bundle.class, response).getEntry().stream()
                .map(entry -> entry.getResource().getIdElement().getIdPart())
                .toList();
    }

    // --- REST intake -----------------------------------------------------------------------------------------

    @Test
    void a_certificate_posted_as_json_is_created_and_its_place_told() throws Exception {
        HttpResponse<byte[]> response = postJson(unique("09-rest.json"), "Idempotency-Key", "k-" + System.nanoTime());
        assertThat(response.statusCode()).as(text(response)).isEqualTo(201);
        assertThat(type(response)).startsWith("application/json");
        assertThat(response.headers().firstValue("Location"))
                .contains("/api/v1/certificates/"
                        + tree(response).path("certificateNumber").asLong());
        assertThat(acceptance.incoming.values())
                .anySatisfy(message -> assertThat(message.peer()).isEqualTo("specialista"));
    }

    @Test
    void the_same_post_again_gets_the_same_bytes_and_has_no_second_effect() throws Exception {
        String body = unique("09-rest.json");
        HttpResponse<byte[]> first = postJson(body);
        int effects = acceptance.journal.size();
        HttpResponse<byte[]> second = postJson(body);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(acceptance.journal).hasSize(effects);
    }

    @Test
    void a_wrong_certificate_is_a_problem_that_names_every_error() throws Exception {
        HttpResponse<byte[]> response = postJson(unique("09-rest.json")
                .replace("\"regime\": \"SSN\",", "")
                .replace("\"specialLaws\": false", "\"specialLaws\": 0"));
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(type(response)).startsWith("application/problem+json");
        assertThat(tree(response).path("errors").findValuesAsText("pointer"))
                .containsExactly("/specialLaws", "/regime");
    }

    @Test
    void when_nothing_can_be_stored_the_sender_is_told_to_come_back() throws Exception {
        acceptance.broken = true;
        HttpResponse<byte[]> response = postJson(unique("09-rest.json"));
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(tree(response).path("code").asText()).isEqualTo("SNODO-9002");
        HttpResponse<byte[]> fhir = send(
                "specialista",
                "POST",
                "/fhir/$process-message",
                unique("07-fhir-messaggio.json").getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/fhir+json");
        assertThat(fhir.statusCode()).isEqualTo(503);
        assertThat(fhir(OperationOutcome.class, fhir)
                        .getIssueFirstRep()
                        .getCode()
                        .toCode())
                .isEqualTo("transient");
    }

    @Test
    void what_spring_refuses_is_a_problem_with_a_code_too() throws Exception {
        HttpResponse<byte[]> media =
                send("specialista", "POST", "/api/v1/certificates", "x".getBytes(), "Content-Type", "text/plain");
        assertThat(media.statusCode()).isEqualTo(415);
        assertThat(tree(media).path("code").asText()).isEqualTo("SNODO-6006");
        HttpResponse<byte[]> method = send("fse", "DELETE", "/api/v1/documents/d1", null);
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(tree(method).path("code").asText()).isEqualTo("SNODO-6005");
        HttpResponse<byte[]> path = get("fse", "/api/v1/nulla");
        assertThat(path.statusCode()).isEqualTo(404);
        assertThat(tree(path).path("code").asText()).isEqualTo("SNODO-6003");
        HttpResponse<byte[]> value = get("fse", "/api/v1/documents?patient=X&state=BOH");
        assertThat(value.statusCode()).isEqualTo(400);
        assertThat(tree(value).path("detail").asText()).contains("CURRENT");
    }

    // --- FHIR intake -----------------------------------------------------------------------------------------

    @Test
    void process_message_answers_with_a_message() throws Exception {
        HttpResponse<byte[]> response = send(
                "specialista",
                "POST",
                "/fhir/$process-message",
                unique("07-fhir-messaggio.json").getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/fhir+json");
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        assertThat(type(response)).startsWith("application/fhir+json");
        MessageHeader header =
                (MessageHeader) fhir(Bundle.class, response).getEntryFirstRep().getResource();
        assertThat(header.getResponse().getCode()).isEqualTo(MessageHeader.ResponseType.OK);
        assertThat(response.headers().firstValue("Snodo-Message-Id")).isPresent();
    }

    @Test
    void a_transaction_is_answered_entry_by_entry() throws Exception {
        for (String path : List.of("/fhir", "/fhir/")) {
            HttpResponse<byte[]> response = send(
                    "specialista",
                    "POST",
                    path,
                    unique("08-fhir-transazione.json").getBytes(StandardCharsets.UTF_8),
                    "Content-Type",
                    "application/fhir+json");
            assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
            assertThat(fhir(Bundle.class, response).getType()).isEqualTo(Bundle.BundleType.TRANSACTIONRESPONSE);
        }
    }

    @Test
    void a_wrong_bundle_is_answered_by_an_outcome_in_the_format_asked_for() throws Exception {
        byte[] wrong = unique("07-fhir-messaggio.json")
                .replace("StructureDefinition/regime", "StructureDefinition/regimee")
                .replaceAll(
                        "057b3148-cda6-5c43-80da-388ab7648709",
                        java.util.UUID.randomUUID().toString())
                .getBytes(StandardCharsets.UTF_8);
        HttpResponse<byte[]> response = send(
                "specialista",
                "POST",
                "/fhir/$process-message",
                wrong,
                "Content-Type",
                "application/fhir+json",
                "Accept",
                "application/fhir+xml");
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(type(response)).startsWith("application/fhir+xml");
        OperationOutcome outcome = FHIR.newXmlParser().parseResource(OperationOutcome.class, text(response));
        assertThat(outcome.getIssue())
                .extracting(issue -> issue.getDetails().getCodingFirstRep().getCode())
                .containsExactly("SNODO-2002", "SNODO-2001");
        HttpResponse<byte[]> noise =
                send("specialista", "POST", "/fhir", "{oops".getBytes(), "Content-Type", "application/fhir+json");
        assertThat(noise.statusCode()).isEqualTo(400);
        assertThat(fhir(OperationOutcome.class, noise)
                        .getIssueFirstRep()
                        .getDetails()
                        .getCodingFirstRep()
                        .getCode())
                .isEqualTo("SNODO-1001");
    }

    @Test
    void the_capability_statement_is_open_and_lists_what_there_is() throws Exception {
        HttpResponse<byte[]> response = get(null, "/fhir/metadata");
        assertThat(response.statusCode()).isEqualTo(200);
        CapabilityStatement statement = fhir(CapabilityStatement.class, response);
        assertThat(statement.getFhirVersion().toCode()).isEqualTo("4.0.1");
        assertThat(statement.getRestFirstRep().getResource())
                .extracting(CapabilityStatement.CapabilityStatementRestResourceComponent::getType)
                .contains("DocumentReference", "Binary");
        assertThat(text(response)).contains("process-message").contains("\"transaction\"");
        assertThat(response.headers().firstValue("X-Powered-By")).isEmpty();
    }

    // --- pull ------------------------------------------------------------------------------------------------

    @Test
    void an_fse_consumer_finds_what_was_published_and_nothing_that_is_withheld() throws Exception {
        assertThat(found("fse", "patient.identifier=" + q("http://hl7.it/sid/codiceFiscale|" + CF)))
                .containsExactly("d3", "d2", "d1");
        assertThat(found("fse", "patient=" + q("http://hl7.it/sid/codiceFiscale|" + CF)))
                .containsExactly("d3", "d2", "d1");
        assertThat(found("fse", "patient.identifier=" + q("urn:oid:2.16.840.1.113883.2.9.4.3.2|" + CF)))
                .hasSize(3);
        assertThat(found("fse", "patient=" + CF)).hasSize(3);
        assertThat(found("fse", "patient.identifier=" + q("http://hl7.it/sid/stp|" + CF)))
                .isEmpty();
        assertThat(found("fse", "identifier=" + q("urn:oid:2.16.840.1.113883.2.9.2.10.4.4|segreto")))
                .isEmpty();
        assertThat(get("fse", "/fhir/DocumentReference/segreto").statusCode()).isEqualTo(404);
        assertThat(get("fse", "/fhir/Binary/segreto-pdf").statusCode()).isEqualTo(404);
        assertThat(get("fse", "/api/v1/documents/segreto").statusCode()).isEqualTo(404);
        assertThat(get("fse", "/api/v1/documents/segreto/pdf").statusCode()).isEqualTo(404);
        assertThat(get("fse", "/api/v1/documents/attesa").statusCode()).isEqualTo(404);
        // No difference between what is withheld and what is not there.
        assertThat(text(get("fse", "/api/v1/documents/segreto")).replace("segreto", "X"))
                .isEqualTo(text(get("fse", "/api/v1/documents/nessuno")).replace("nessuno", "X"));
    }

    @Test
    void the_search_is_narrowed_by_status_type_date_and_identifier() throws Exception {
        String patient = "patient.identifier=" + q("http://hl7.it/sid/codiceFiscale|" + CF);
        assertThat(found("fse", patient + "&status=current")).containsExactly("d1");
        assertThat(found("fse", patient + "&status=current,superseded")).containsExactly("d2", "d1");
        assertThat(found("fse", patient + "&type=" + q("http://loinc.org|11488-4")))
                .hasSize(3);
        assertThat(found("fse", patient + "&type=34105-7")).isEmpty();
        assertThat(found("fse", patient + "&date=ge2026-03-02&date=le2026-03-02"))
                .containsExactly("d2");
        assertThat(found("fse", patient + "&date=gt2026-03-02")).containsExactly("d3");
        assertThat(found("fse", patient + "&date=lt2026-03-02")).containsExactly("d1");
        assertThat(found("fse", patient + "&date=2026-03-02")).containsExactly("d2");
        assertThat(found("fse", patient + "&date=2026-03")).hasSize(3);
        assertThat(found("fse", patient + "&date=ge" + q("2026-03-02T10:00:00+01:00")))
                .containsExactly("d3", "d2");
        assertThat(found("fse", patient + "&date=gt" + q("2026-03-02T10:00:00+01:00")))
                .containsExactly("d3");
        assertThat(found("fse", patient + "&period=lt2026-03-02")).containsExactly("d1");
        assertThat(found("fse", patient + "&_sort=date")).containsExactly("d1", "d2", "d3");
        assertThat(found("fse", "identifier=" + q("2.16.840.1.113883.2.9.2.10.4.4^d2")))
                .containsExactly("d2");
        assertThat(found("fse", "_id=d1")).containsExactly("d1");
        HttpResponse<byte[]> wide = get("fse", "/fhir/DocumentReference?status=current");
        assertThat(wide.statusCode()).isEqualTo(400);
        assertThat(fhir(OperationOutcome.class, wide).getIssueFirstRep().getDiagnostics())
                .contains("patient");
        HttpResponse<byte[]> system = get("fse", "/fhir/DocumentReference?patient.identifier=" + q("http://x|y"));
        assertThat(system.statusCode()).isEqualTo(400);
    }

    @Test
    void a_search_may_be_posted_so_that_no_name_is_in_an_address() throws Exception {
        HttpResponse<byte[]> response = send(
                "fse",
                "POST",
                "/fhir/DocumentReference/_search",
                ("patient.identifier=" + q("http://hl7.it/sid/codiceFiscale|" + CF)).getBytes(),
                "Content-Type",
                "application/x-www-form-urlencoded");
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        assertThat(fhir(Bundle.class, response).getEntry()).hasSize(3);
    }

    @Test
    void pages_are_linked() throws Exception {
        HttpResponse<byte[]> response = get(
                "fse",
                "/fhir/DocumentReference?_count=2&patient.identifier=" + q("http://hl7.it/sid/codiceFiscale|" + CF));
        Bundle page = fhir(Bundle.class, response);
        assertThat(page.getTotal()).isEqualTo(3);
        assertThat(page.getEntry()).hasSize(2);
        String next = page.getLink("next").getUrl();
        HttpResponse<byte[]> second = get("fse", next.substring(next.indexOf("/fhir/")));
        Bundle rest = fhir(Bundle.class, second);
        assertThat(rest.getEntry()).hasSize(1);
        assertThat(rest.getEntryFirstRep().getResource().getIdElement().getIdPart())
                .isEqualTo("d1");
        assertThat(rest.getLink("next")).isNull();
    }

    @Test
    void a_document_reference_says_what_mhd_wants_to_know() throws Exception {
        DocumentReference reference = fhir(DocumentReference.class, get("fse", "/fhir/DocumentReference/d1"));
        assertThat(reference.getMasterIdentifier().getSystem()).isEqualTo("urn:oid:2.16.840.1.113883.2.9.2.10.4.4");
        assertThat(reference.getMasterIdentifier().getValue()).isEqualTo("d1");
        assertThat(reference.getStatus().toCode()).isEqualTo("current");
        assertThat(reference.getType().getCodingFirstRep().getCode()).isEqualTo("11488-4");
        assertThat(reference.getSubject().getIdentifier().getValue()).isEqualTo(CF);
        assertThat(reference.getContent()).hasSize(2);
        var pdf = reference.getContentFirstRep().getAttachment();
        assertThat(pdf.getContentType()).isEqualTo("application/pdf");
        assertThat(pdf.getSize()).isEqualTo("%PDF d1".length());
        assertThat(pdf.getHash()).isEqualTo(MessageDigest.getInstance("SHA-1").digest("%PDF d1".getBytes()));
        HttpResponse<byte[]> binary = get("fse", "/fhir/" + pdf.getUrl());
        assertThat(type(binary)).startsWith("application/pdf");
        assertThat(text(binary)).isEqualTo("%PDF d1");
        HttpResponse<byte[]> resource = get("fse", "/fhir/" + pdf.getUrl(), "Accept", "application/fhir+json");
        assertThat(tree(resource).path("resourceType").asText()).isEqualTo("Binary");
        HttpResponse<byte[]> cda = get("fse", "/fhir/Binary/d1-cda");
        assertThat(type(cda)).startsWith("text/xml");
        assertThat(text(cda)).isEqualTo("<ClinicalDocument>d1</ClinicalDocument>");
        assertThat(get("fse", "/fhir/Binary/d3-pdf").statusCode()).isEqualTo(404);
    }

    @Test
    void documents_are_found_and_fetched_over_rest_page_by_page() throws Exception {
        JsonNode first = tree(get("fse", "/api/v1/documents?patient=" + CF + "&limit=2"));
        assertThat(first.path("items").findValuesAsText("id")).containsExactly("d3", "d2");
        JsonNode second = tree(get(
                "fse",
                "/api/v1/documents?patient=" + CF + "&limit=2&cursor="
                        + first.path("next").asText()));
        assertThat(second.path("items").findValuesAsText("id")).containsExactly("d1");
        assertThat(second.has("next")).isFalse();
        JsonNode one = tree(get("fse", "/api/v1/documents/d1"));
        assertThat(one.path("fseIdentifier").asText()).isEqualTo("2.16.840.1.113883.2.9.2.10.4.4^d1");
        HttpResponse<byte[]> pdf = get("fse", one.path("pdf").path("href").asText());
        assertThat(text(pdf)).isEqualTo("%PDF d1");
        assertThat(pdf.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        assertThat(pdf.headers().firstValue("Content-Disposition").orElse("")).contains("certificato-d1.pdf");
        String tag = pdf.headers().firstValue("ETag").orElseThrow();
        assertThat(get("fse", "/api/v1/documents/d1/pdf", "If-None-Match", tag).statusCode())
                .isEqualTo(304);
        assertThat(tree(get("fse", "/api/v1/documents?patient=" + CF + "&from=2026-03-02&to=2026-03-02"))
                        .path("items")
                        .findValuesAsText("id"))
                .containsExactly("d2");
        assertThat(get("fse", "/api/v1/documents").statusCode()).isEqualTo(400);
        assertThat(get("fse", "/api/v1/documents?patient=X&cursor=%25").statusCode())
                .isEqualTo(400);
    }

    @Test
    void without_a_role_there_is_nothing() throws Exception {
        for (String path : List.of("/fhir/DocumentReference/d1", "/fhir/Binary/d1-pdf", "/api/v1/documents/d1")) {
            HttpResponse<byte[]> nobody = get(null, path);
            assertThat(nobody.statusCode()).isEqualTo(401);
            assertThat(text(nobody)).contains("SNODO-6001");
            HttpResponse<byte[]> other = get("distretto", path);
            assertThat(other.statusCode()).isEqualTo(403);
            assertThat(text(other)).contains("SNODO-6002");
        }
        assertThat(audit()).extracting(row -> row.get("outcome")).containsOnly("DENIED");
        assertThat(type(get(null, "/fhir/Binary/d1-pdf"))).startsWith("application/fhir+json");
        assertThat(type(get(null, "/api/v1/documents/d1"))).startsWith("application/problem+json");
    }

    @Test
    void each_role_sees_its_own_part() throws Exception {
        // Operations: that it exists, not what is in it, nor of whom when it is withheld.
        JsonNode withheld = tree(get("ops", "/api/v1/documents/segreto"));
        assertThat(withheld.has("patient")).isFalse();
        assertThat(get("ops", "/api/v1/documents/d1/pdf").statusCode()).isEqualTo(403);
        // The doctor: what he wrote, withheld or not.
        assertThat(text(get("medico", "/api/v1/documents/segreto/pdf"))).isEqualTo("%PDF segreto");
        assertThat(text(get("medico", "/api/v1/documents/d3/cda"))).contains("d3");
        // Somebody of whom nobody knows which doctor he is.
        assertThat(get("specialista", "/api/v1/documents/d1").statusCode()).isEqualTo(404);
    }

    @Test
    void every_read_leaves_a_line() throws Exception {
        get("fse", "/fhir/Binary/d1-pdf");
        get("fse", "/api/v1/documents/segreto");
        get("fse", "/api/v1/documents?patient=" + CF);
        assertThat(audit()).hasSize(3);
        assertThat(audit().get(0))
                .containsEntry("actor", "fse")
                .containsEntry("role", "fse")
                .containsEntry("action", "READ_PDF")
                .containsEntry("subject", CF)
                .containsEntry("object", "d1")
                .containsEntry("outcome", "OK");
        assertThat(audit().get(1)).containsEntry("outcome", "NOT_FOUND").containsEntry("object", "segreto");
        assertThat(audit().get(2))
                .containsEntry("action", "SEARCH_DOCUMENTS")
                .containsEntry("subject", CF)
                .containsEntry("object", "d3 d2 d1");
    }

    // --- certificates ----------------------------------------------------------------------------------------

    private long number(String id) {
        return jdbc.sql("select number from certificate where document_id = ?")
                .param(id)
                .query(Long.class)
                .single();
    }

    private JsonNode certificates(String user, String query) throws Exception {
        HttpResponse<byte[]> response = get(user, "/api/v1/certificates" + query);
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        assertThat(response.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        return tree(response);
    }

    @Test
    void certificates_are_searched_page_by_page_and_narrowed() throws Exception {
        jdbc.sql("update certificate set patient_family = 'D''ALÌ', exemption_code = '013.250', state = 'DA_FIRMARE',"
                        + " made_at = '2026-03-01T23:30:00+01:00' where document_id = 'd2'")
                .update();
        JsonNode first = certificates("medico", "?limit=3");
        assertThat(first.path("items").findValuesAsText("documentId")).containsExactly("attesa", "segreto", "d3");
        JsonNode second =
                certificates("medico", "?limit=3&cursor=" + first.path("next").asText());
        assertThat(second.path("items").findValuesAsText("documentId")).containsExactly("d2", "d1");
        assertThat(second.has("next")).isFalse();
        for (String query : List.of(
                "?exemption=013.250",
                "?state=da_firmare",
                "?name=" + q("d'al"),
                "?name=" + q("D'ALÌ G"),
                "?from=2026-03-01&to=2026-03-01")) {
            assertThat(certificates("medico", query).path("items").findValuesAsText("documentId"))
                    .as(query)
                    .containsExactly("d2");
        }
        assertThat(certificates("medico", "?name=%25").path("items")).isEmpty();
        assertThat(certificates("medico", "?fiscalCode=" + CF.toLowerCase()).path("items"))
                .hasSize(5);
        for (String wrong : List.of("?state=BOH", "?from=ieri", "?cursor=%25")) {
            assertThat(get("medico", "/api/v1/certificates" + wrong).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
    }

    @Test
    void a_specialist_reads_his_own_certificate_and_its_document() throws Exception {
        long number = number("segreto");
        JsonNode one = certificates("medico", "/" + number);
        assertThat(one.path("number").asLong()).isEqualTo(number);
        assertThat(one.path("patient").path("id").asText()).isEqualTo(CF);
        assertThat(text(get("medico", "/api/v1/certificates/" + number + "/document")))
                .isEqualTo("%PDF segreto");
        HttpResponse<byte[]> cda = get("medico", "/api/v1/certificates/" + number + "/cda");
        assertThat(type(cda)).startsWith("application/xml");
        assertThat(text(cda)).contains("segreto");
        // somebody of whom nobody knows which doctor he is
        assertThat(get("specialista", "/api/v1/certificates/" + number).statusCode())
                .isEqualTo(404);
        assertThat(get("specialista", "/api/v1/certificates/" + number + "/document")
                        .statusCode())
                .isEqualTo(404);
        assertThat(certificates("specialista", "").path("items")).isEmpty();
        assertThat(get("medico", "/api/v1/certificates/999999999").statusCode()).isEqualTo(404);
        assertThat(audit().get(0))
                .containsEntry("action", "READ_CERTIFICATE")
                .containsEntry("subject", CF)
                .containsEntry("outcome", "OK");
    }

    @Test
    void the_operator_sees_certificates_without_the_person_and_others_nothing() throws Exception {
        jdbc.sql("update certificate set exemption_code = '013.250', failure_code = 'SNODO-4001', failure = 'dato'")
                .update();
        long number = number("d1");
        JsonNode one = certificates("ops", "/" + number);
        assertThat(one.path("state").asText()).isEqualTo("VALIDO");
        assertThat(one.path("failure").path("code").asText()).isEqualTo("SNODO-4001");
        assertThat(one.toString()).doesNotContain(CF).doesNotContain("013.250").doesNotContain("dato");
        assertThat(certificates("ops", "?from=2026-01-01").toString()).doesNotContain(CF);
        for (String path : List.of("?name=F", "?fiscalCode=" + CF, "?exemption=013.250", "/" + number + "/document")) {
            assertThat(get("ops", "/api/v1/certificates" + path).statusCode())
                    .as(path)
                    .isEqualTo(403);
        }
        for (String user : List.of("fse", "distretto")) {
            assertThat(get(user, "/api/v1/certificates").statusCode()).isEqualTo(403);
            assertThat(get(user, "/api/v1/certificates/" + number + "/cda").statusCode())
                    .isEqualTo(403);
        }
        assertThat(get(null, "/api/v1/certificates").statusCode()).isEqualTo(401);
    }

    // --- JMS -------------------------------------------------------------------------------------------------

    @Test
    void a_text_on_the_queue_is_answered_with_a_text() throws Exception {
        String body = unique("09-rest.json");
        Message reply = jms.sendAndReceive("snodo.certificates.in", session -> session.createTextMessage(body));
        assertThat(reply).isInstanceOf(TextMessage.class);
        assertThat(json.readTree(((TextMessage) reply).getText()).path("status").asInt())
                .isEqualTo(201);
        assertThat(acceptance.incoming.values()).anySatisfy(message -> {
            assertThat(message.protocol()).isEqualTo("JMS");
            assertThat(message.raw()).isEqualTo(body.getBytes(StandardCharsets.UTF_8));
        });
    }

    @Test
    void a_bundle_on_the_queue_is_answered_in_fhir() throws Exception {
        byte[] body = unique("08-fhir-transazione.json")
                .replaceFirst("\"id\": \"[^\"]+\"", "\"id\": \"jms-" + System.nanoTime() + "\"")
                .getBytes(StandardCharsets.UTF_8);
        Message reply = jms.sendAndReceive("snodo.certificates.in", session -> {
            BytesMessage message = session.createBytesMessage();
            message.writeBytes(body);
            return message;
        });
        assertThat(reply).isInstanceOf(BytesMessage.class);
        assertThat(new String(reply.getBody(byte[].class), StandardCharsets.UTF_8))
                .contains("transaction-response");
    }

    @Test
    void what_is_refused_is_on_the_queue_of_the_refused() throws Exception {
        jms.setReceiveTimeout(10_000);
        jms.send("snodo.certificates.in", session -> session.createTextMessage("che cos'è?" + System.nanoTime()));
        Message refused = jms.receive("snodo.certificates.refused");
        assertThat(refused).isNotNull();
        assertThat(((TextMessage) refused).getText()).contains("SNODO-1001");
    }

    @Test
    void canonical_xml_on_the_queue_is_understood() throws Exception {
        var request = it.snodo.certificate.CertificateRequestCodec.fromJson(unique("10-rest-minima.json"));
        String xml = it.snodo.certificate.CertificateRequestCodec.toXml(request);
        Message reply = jms.sendAndReceive("snodo.certificates.in", session -> session.createTextMessage(xml));
        assertThat(json.readTree(((TextMessage) reply).getText()).path("status").asInt())
                .isEqualTo(201);
        assertThat(acceptance.incoming.values().stream().map(Incoming::request)).contains(request);
    }
}
