package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.signature.PdfCheck;
import it.snodo.signature.SignatureCheck;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A doctor annuls over REST, on a hub that signs by itself. */
class AnnulmentTest {

    private static final RunningHub HUB = RunningHub.get();
    private static final Outside OUT = new Outside(HUB);
    private static final String CONFIRMED = "{\"confirm\": true, \"reason\": \"Intestato alla persona sbagliata\"}";

    private static HttpResponse<byte[]> post(long number, String what, String user, String body, String... headers) {
        return HUB.post(
                "/api/v1/certificates/" + number + "/" + what,
                user,
                "application/json",
                body.getBytes(StandardCharsets.UTF_8),
                headers);
    }

    private static long published(Certificate certificate) {
        return OUT.published(OUT.accepted(certificate))
                .path("certificateNumber")
                .asLong();
    }

    private static JsonNode read(long number) {
        return HUB.json("/api/v1/certificates/" + number, "specialista");
    }

    @Test
    void a_doctor_annuls_with_a_signed_certificato_annullativo_and_what_was_published_is_taken_back() throws Exception {
        Certificate certificate = Certificate.plain(Outside.unique("DOC"));
        long number = published(certificate);
        JsonNode before = read(number);
        assertThat(before.path("state").asText()).isEqualTo("VALIDO");
        assertThat(before.path("actions").toString())
                .isEqualTo("[\"ANNULLA\",\"RICHIEDI_ESENZIONE\",\"CREA_E_VALIDA\"]");

        HttpResponse<byte[]> answer = post(number, "annulment", "specialista", CONFIRMED);

        assertThat(answer.statusCode()).as(Outside.text(answer)).isEqualTo(200);
        JsonNode annulment = HUB.read(answer);
        assertThat(annulment.path("state").asText()).isEqualTo("FIRMATO");
        assertThat(annulment.path("words").asText()).isEqualTo("Certificato di malattia " + number + " annullato");
        assertThat(annulment.path("publications").findValuesAsText("action")).containsExactly("DELETE", "ANNULLAMENTO");
        JsonNode now = read(number);
        assertThat(now.path("state").asText()).isEqualTo("ANNULLATO");
        assertThat(now.path("actions")).isEmpty();
        String document = now.path("documentId").asText();
        OUT.delivery(document, "DELETE", "DELIVERED", "CONFIRMED");
        OUT.delivery(document, "ANNULLAMENTO", "DELIVERED", "CONFIRMED");
        assertThat(OUT.atFse(document).path("state").asText()).isEqualTo("DELETED");

        HttpResponse<byte[]> pdf = HUB.get("/api/v1/certificates/" + number + "/annulment/document", "specialista");
        assertThat(pdf.statusCode()).isEqualTo(200);
        assertThat(new SignatureCheck(List.of()).check(pdf.body()).isSignedOnce())
                .isTrue();
        assertThat(PdfCheck.failedRules(pdf.body())).isEmpty();
        try (var file = Loader.loadPDF(pdf.body())) {
            assertThat(new PDFTextStripper().getText(file).replaceAll("\\s+", " "))
                    .contains("annulla il certificato n. " + number)
                    .contains(document + ", versione 1")
                    .contains("Intestato alla persona sbagliata")
                    .doesNotContain(before.path("diagnosis").asText())
                    .doesNotContain(before.path("exemptionTitle").asText());
        }
        HttpResponse<byte[]> again = post(number, "annulment", "specialista", CONFIRMED);
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(Outside.text(again)).contains("SNODO-2009").contains("già stato annullato");
    }

    @Test
    void an_annulment_that_is_not_confirmed_or_comes_from_another_changes_nothing() {
        Certificate certificate = Certificate.plain(Outside.unique("NO"));
        long number = published(certificate);
        String tag = HUB.get("/api/v1/certificates/" + number, "specialista")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        assertThat(post(number, "annulment", "specialista", "{\"confirm\": false}")
                        .statusCode())
                .isEqualTo(422);
        HttpResponse<byte[]> unknownField =
                post(number, "annulment", "specialista", "{\"confirm\": true, \"pine\": \"8520\"}");
        assertThat(unknownField.statusCode()).isEqualTo(400);
        assertThat(Outside.text(unknownField)).doesNotContain("8520").contains("ammessi");
        HttpResponse<byte[]> bell =
                post(number, "annulment", "specialista", "{\"confirm\": true, \"reason\": \"a\\u0007\"}");
        assertThat(bell.statusCode()).isEqualTo(400);
        assertThat(Outside.text(bell)).contains("«reason»", "caratteri di controllo");
        HttpResponse<byte[]> number4 = post(number, "annulment", "specialista", "{\"confirm\": true, \"pin\": 8520}");
        assertThat(number4.statusCode()).isEqualTo(400);
        assertThat(Outside.text(number4)).doesNotContain("8520").contains("«pin»");
        HttpResponse<byte[]> broken = post(number, "annulment", "specialista", "{\"confirm\": true, \"pin\": 8520x}");
        assertThat(broken.statusCode()).isEqualTo(400);
        assertThat(Outside.text(broken)).doesNotContain("8520");
        // neither is its signer
        assertThat(post(number, "annulment", "neri", CONFIRMED).statusCode()).isEqualTo(404);
        for (String user : List.of("ops", "distretto", "fse", "cup", "assistenza")) {
            assertThat(post(number, "annulment", user, CONFIRMED).statusCode())
                    .as(user)
                    .isEqualTo(403);
        }
        HttpResponse<byte[]> stale =
                post(number, "annulment", "specialista", CONFIRMED, "If-Match", "\"9-DA_FIRMARE--\"");
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(Outside.text(stale)).contains("VALIDO");
        for (String signing : List.of("otp", "signature", "annulment/otp", "annulment/signature")) {
            HttpResponse<byte[]> automatic = post(
                    number,
                    signing,
                    "specialista",
                    signing.endsWith("otp")
                            ? "{\"provider\": \"SIM\", \"alias\": \"x\"}"
                            : "{\"provider\": \"SIM\", \"alias\": \"x\", \"pin\": \"85208520\"}");
            assertThat(automatic.statusCode()).as(signing).isEqualTo(409);
            assertThat(Outside.text(automatic)).contains("automatica").doesNotContain("85208520");
        }
        assertThat(post(number, "annulment/withdrawal", "specialista", "").statusCode())
                .isEqualTo(409);
        assertThat(HUB.get("/api/v1/certificates/" + number + "/annulment", "specialista")
                        .statusCode())
                .isEqualTo(404);
        HttpResponse<byte[]> same = HUB.get("/api/v1/certificates/" + number, "specialista");
        assertThat(same.headers().firstValue("ETag")).contains(tag);
        assertThat(HUB.read(same).path("state").asText()).isEqualTo("VALIDO");
        assertThat(post(number, "annulment", "specialista", CONFIRMED, "If-Match", tag)
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void what_is_being_replaced_or_has_been_is_not_annulled() {
        Certificate first = Certificate.plain(Outside.unique("OLD"));
        long number = published(first);
        OUT.published(OUT.accepted(first.replacement(Outside.unique("NEW"))));
        assertThat(read(number).path("state").asText()).isEqualTo("SOSTITUITO");
        HttpResponse<byte[]> answer = post(number, "annulment", "specialista", CONFIRMED);
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(Outside.text(answer)).contains("già stato sostituito");
    }

    // --- search, catalogue, person, description ----------------------------------------------------------------

    @Test
    void certificates_are_found_by_what_the_manual_asks_and_shown_as_cards() {
        String family = "ZANETTI" + (char) ('A' + (int) (System.nanoTime() % 26));
        Certificate certificate = Certificate.plain(Outside.unique("CARD"))
                .with("patient.family", family)
                .with(
                        "patient.fiscalCode",
                        Certificate.fiscalCode(family, "MARIO", java.time.LocalDate.of(1970, 3, 4), false, "L219"));
        long number = published(certificate);
        for (String query : List.of(
                "family=" + family.toLowerCase(java.util.Locale.ROOT) + "&given=mar&state=VALIDO",
                "family=zanetti&exemption=002a&state=TUTTI",
                "fiscalCode=" + certificate.text("patient.fiscalCode"))) {
            JsonNode items =
                    HUB.json("/api/v1/certificates?" + query, "specialista").path("items");
            assertThat(items.findValuesAsText("number")).as(query).contains(String.valueOf(number));
        }
        JsonNode card = HUB.json(
                        "/api/v1/certificates?fiscalCode=" + certificate.text("patient.fiscalCode"), "specialista")
                .path("items")
                .get(0);
        assertThat(card.path("kind").asText()).isEqualTo("Malattie croniche");
        assertThat(card.path("exemptionTitle").asText()).isNotBlank();
        assertThat(card.path("diagnosisShown").asText()).startsWith("395 - ");
        assertThat(card.path("used").asBoolean(true)).isFalse();
        assertThat(card.path("patient").path("family").asText()).isEqualTo(family);
        JsonNode none = HUB.json("/api/v1/certificates?family=nessuno&state=SCADUTO", "specialista");
        assertThat(none.path("items")).isEmpty();
        assertThat(none.path("message").asText()).startsWith("ATTENZIONE! Non ci sono elementi corrispondenti");
        for (String query : List.of("family=x", "given=x")) {
            assertThat(HUB.get("/api/v1/certificates?" + query, "ops").statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void the_catalogue_offers_for_048_only_the_diagnosis_that_is_none() {
        JsonNode found = HUB.json("/api/v1/catalogue/exemptions?group=MC&q=048", "specialista")
                .path("items");
        assertThat(found).hasSize(1);
        assertThat(found.get(0).path("duration").path("words").asText()).isEqualTo("5 anni");
        JsonNode diagnoses = HUB.json("/api/v1/catalogue/diagnoses?exemption=048", "specialista")
                .path("items");
        assertThat(diagnoses).hasSize(1);
        assertThat(diagnoses.get(0).path("code").asText()).isEqualTo("F002");
        assertThat(diagnoses.get(0).path("label").asText()).isEqualTo("000 - -");
        assertThat(HUB.json("/api/v1/catalogue/diagnoses?exemption=0A02&q=395", "distretto")
                        .path("items")
                        .findValuesAsText("code"))
                .contains("395");
        assertThat(HUB.json("/api/v1/catalogue/units?azienda=010211&q=verduno", "specialista")
                        .path("items")
                        .findValuesAsText("code"))
                .containsExactly("44946");
        assertThat(HUB.json("/api/v1/catalogue/regimes", "specialista")
                        .path("items")
                        .findValuesAsText("code"))
                .contains("SSN", "INPATIENT", "NOSSN", "SSR", "DONOR")
                .doesNotContain("AUTO");
        assertThat(HUB.json("/api/v1/catalogue/rejection-reasons", "distretto").path("items"))
                .hasSize(4);
        assertThat(HUB.json("/api/v1/signature-providers", "specialista")
                        .path("mode")
                        .asText())
                .isEqualTo("AUTOMATIC");
        assertThat(HUB.get("/api/v1/catalogue/exemptions?group=XX", "specialista")
                        .statusCode())
                .isEqualTo(400);
        assertThat(HUB.get("/api/v1/catalogue/exemptions", "fse").statusCode()).isEqualTo(403);
    }

    @Test
    void a_person_is_shown_with_the_doctors_own_certificates_and_the_reading_is_written_down() {
        Certificate certificate = Certificate.plain(Outside.unique("PERS"));
        long number = published(certificate);
        String person = "/api/v1/patients/" + certificate.text("patient.fiscalCode") + "?aura=optional";
        JsonNode page = HUB.json(person, "specialista");
        assertThat(page.path("aura").asText()).isIn("TROVATO", "NON_TROVATO", "NON_DISPONIBILE");
        assertThat(page.path("certificates").findValuesAsText("number")).contains(String.valueOf(number));
        assertThat(HUB.json(person, "verdi").path("certificates"))
                .as("another doctor's")
                .isEmpty();
        assertThat(HUB.json(person, "distretto").path("certificates")).isEmpty();
        assertThat(HUB.get(person, "ops").statusCode()).isEqualTo(403);
        HttpResponse<byte[]> day = HUB.get("/api/v1/certificates?from=%2B999999999-12-31", "specialista");
        assertThat(day.statusCode()).isEqualTo(400);
        assertThat(Outside.text(day)).contains("from");
        assertThat(HUB.get("/api/v1/patients/non-un-codice", "specialista").statusCode())
                .isEqualTo(400);
    }

    private static HttpResponse<byte[]> send(Certificate certificate, String user) {
        return HUB.post("/api/v1/certificates", user, "application/json", certificate.rest());
    }

    @Test
    void a_doctor_who_logs_in_as_himself_sends_nothing_in_the_name_of_another() {
        Certificate verdis = Certificate.plain(Outside.unique("VRD"))
                .with("author.fiscalCode", "VRDLGU60A01L219E")
                .with("author.family", "VERDI")
                .with("author.given", "LUIGI")
                // of whom Verdi writes nothing in the other tests
                .without("patient.birthplace")
                .with("patient.fiscalCode", "CVLBRN58C21A479N")
                .with("patient.family", "CAVALLO")
                .with("patient.given", "BRUNO")
                .with("patient.birthDate", "1958-03-21");
        for (HttpResponse<byte[]> refused : List.of(
                send(verdis, "neri"),
                HUB.post(
                        "/fhir/$process-message",
                        "neri",
                        "application/fhir+json",
                        verdis.fhirMessage("F-" + verdis.number())))) {
            assertThat(refused.statusCode()).as(Outside.text(refused)).isEqualTo(403);
            assertThat(Outside.text(refused)).contains("SNODO-6002", "il firmatario è un altro");
        }
        HttpResponse<byte[]> own = send(verdis, "verdi");
        assertThat(own.statusCode()).as(Outside.text(own)).isEqualTo(201);
        long number = HUB.read(own).path("certificateNumber").asLong();
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(() -> read(number).path("stage").asText().equals("PUBLISHED"));
        JsonNode before = read(number);

        Certificate neris = verdis.replacement(Outside.unique("NRE"))
                .with("author.fiscalCode", "NREMRC68T10F205A")
                .with("author.family", "NERI")
                .with("author.given", "MARCO");
        for (Certificate wanted : List.of(neris, verdis.annulment(Outside.unique("ANN")))) {
            HttpResponse<byte[]> refused = send(wanted, "neri");
            assertThat(refused.statusCode()).as(Outside.text(refused)).isEqualTo(404);
            assertThat(Outside.text(refused)).contains("SNODO-2008", "non risulta inviato");
        }
        assertThat(read(number)).isEqualTo(before);
        // a system that brings those of all its doctors
        assertThat(send(verdis.annulment(Outside.unique("ALL")), "specialista").statusCode())
                .isEqualTo(202);
    }

    @Test
    void a_generated_client_asks_for_the_answer_and_not_for_the_problem() {
        JsonNode api = HUB.json("/v3/api-docs", null);
        assertThat(api.at("/components/schemas").has("Configuration"))
                .as("a name that generated clients have taken")
                .isFalse();
        for (JsonNode schema : api.at("/components/schemas")) {
            List<String> names = new ArrayList<>();
            schema.path("properties").fieldNames().forEachRemaining(names::add);
            assertThat(names)
                    .as("a generated setter of one field and the name of another")
                    .noneMatch(name -> names.stream()
                            .anyMatch(other -> name.equals(
                                    "set" + other.substring(0, 1).toUpperCase(Locale.ROOT) + other.substring(1))));
        }
        int looked = 0;
        for (var paths = api.path("paths").fields(); paths.hasNext(); ) {
            var path = paths.next();
            for (var operations = path.getValue().fields(); operations.hasNext(); ) {
                var operation = operations.next();
                List<String> kinds = new ArrayList<>();
                operation.getValue().path("responses").forEach(response -> response.path("content")
                        .fieldNames()
                        .forEachRemaining(kinds::add));
                if (kinds.contains("application/json")) {
                    assertThat(kinds.get(0))
                            .as(operation.getKey() + " " + path.getKey())
                            .isEqualTo("application/json");
                    looked++;
                }
            }
        }
        assertThat(looked).isGreaterThan(30);
    }

    @Test
    void each_call_of_a_doctor_is_described_with_an_example_and_under_a_name_of_its_own() {
        JsonNode api = HUB.json("/v3/api-docs", null);
        List<String> ids = api.path("paths").findValuesAsText("operationId");
        assertThat(ids).doesNotHaveDuplicates();
        for (JsonNode reference : api.findValues("$ref")) {
            assertThat(api.at(reference.asText().substring(1)).isMissingNode())
                    .as(reference.asText())
                    .isFalse();
        }
        int described = 0;
        for (var paths = api.path("paths").fields(); paths.hasNext(); ) {
            var path = paths.next();
            if (!path.getKey()
                            .matches(
                                    "/api/v1/(certificates.*|catalogue/.*|signature-providers|patients/\\{fiscalCode})")
                    || path.getKey().matches(".*/exemption(-request)?")) {
                continue;
            }
            for (var operations = path.getValue().fields(); operations.hasNext(); ) {
                var operation = operations.next();
                String call = operation.getKey() + " " + path.getKey();
                assertThat(operation.getValue().path("summary").asText())
                        .as(call)
                        .isNotBlank();
                for (String content :
                        List.of("/requestBody/content/application~1json", "/responses/200/content/application~1json")) {
                    JsonNode json = operation.getValue().at(content);
                    assertThat(json.isMissingNode() || json.has("example") || json.has("examples"))
                            .as(call + content)
                            .isTrue();
                    assertThat(json.isMissingNode() || json.path("schema").has("$ref"))
                            .as(call + content + " schema")
                            .isTrue();
                }
                described++;
            }
        }
        assertThat(described).isGreaterThan(15);
    }
}
