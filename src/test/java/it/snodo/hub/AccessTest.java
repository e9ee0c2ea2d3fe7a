package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Who may see what, asked from outside. */
@ExtendWith(OutputCaptureExtension.class)
class AccessTest {

    private static final RunningHub HUB = RunningHub.get();
    private static final Outside OUT = new Outside(HUB);
    private static final String FHIR_PROBLEM = "\"resourceType\":\"OperationOutcome\"";

    @Test
    void without_credentials_every_interface_says_401_in_its_own_form() {
        for (String path : List.of(
                "/api/v1/messages", "/api/v1/documents?patient=X", "/api/v1/publications", "/api/v1/documents/X/pdf")) {
            HttpResponse<byte[]> answer = HUB.get(path, null);
            assertThat(answer.statusCode()).as(path).isEqualTo(401);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).contains("application/problem+json");
            assertThat(Outside.text(answer)).contains("SNODO-6001");
        }
        for (String path : List.of("/fhir/DocumentReference?identifier=x", "/fhir/Binary/X-pdf")) {
            HttpResponse<byte[]> answer = HUB.get(path, null);
            assertThat(answer.statusCode()).as(path).isEqualTo(401);
            assertThat(Outside.text(answer)).contains(FHIR_PROBLEM).contains("SNODO-6001");
        }
        HttpResponse<byte[]> posted = HUB.post(
                "/api/v1/certificates",
                null,
                "application/json",
                Certificate.plain("X").rest());
        assertThat(posted.statusCode()).isEqualTo(401);
        assertThat(HUB.post("/fhir/$process-message", null, "application/fhir+json", new byte[] {'{', '}'})
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void the_wrong_role_is_told_403_in_the_form_of_the_interface() {
        HttpResponse<byte[]> messages = HUB.get("/api/v1/messages", "fse");
        assertThat(messages.statusCode()).isEqualTo(403);
        assertThat(Outside.text(messages)).contains("SNODO-6002");
        HttpResponse<byte[]> posted = HUB.post(
                "/api/v1/certificates",
                "fse",
                "application/json",
                Certificate.plain("X").rest());
        assertThat(posted.statusCode()).isEqualTo(403);
        HttpResponse<byte[]> fhir = HUB.post(
                "/fhir/$process-message",
                "fse",
                "application/fhir+json",
                Certificate.plain("X").fhirMessage("X"));
        assertThat(fhir.statusCode()).isEqualTo(403);
        assertThat(Outside.text(fhir)).contains(FHIR_PROBLEM).contains("SNODO-6002");
        assertThat(HUB.get("/fhir/DocumentReference?identifier=x", "cup").statusCode())
                .isEqualTo(403);
        assertThat(HUB.get("/api/v1/documents?patient=X", "cup").statusCode()).isEqualTo(403);
        assertThat(OUT.put("/api/v1/documents/X/metadata", "fse", "{\"obscured\":true}")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void bookings_are_for_desks_and_operations() {
        byte[] none = new byte[] {'{', '}'};
        for (String user : List.of("specialista", "fse", "assistenza", "distretto")) {
            assertThat(HUB.post("/api/v1/bookings", user, "application/json", none)
                            .statusCode())
                    .as(user)
                    .isEqualTo(403);
            assertThat(HUB.post("/api/v1/availability", user, "application/json", none)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(HUB.get("/api/v1/bookings/SC2026000001?fiscalCode=X", user)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(HUB.get("/fhir/Appointment?patient.identifier=X", user).statusCode())
                    .isEqualTo(403);
            assertThat(HUB.get("/fhir/Appointment/SC2026000001?patient.identifier=X", user)
                            .statusCode())
                    .as(user)
                    .isEqualTo(403);
            assertThat(HUB.get("/fhir/Appointment/$find?service-type=89.7A.3", user)
                            .statusCode())
                    .as(user)
                    .isEqualTo(403);
            assertThat(HUB.post("/fhir/Appointment", user, "application/fhir+json", none)
                            .statusCode())
                    .isEqualTo(403);
        }
        for (String user : List.of("cup", "ops")) {
            assertThat(HUB.get("/api/v1/bookings/SC2026000001", user).statusCode())
                    .as("who does not say whose it is")
                    .isEqualTo(422);
            assertThat(HUB.get("/fhir/Appointment?patient.identifier=X", user).statusCode())
                    .isEqualTo(200);
            assertThat(HUB.get("/fhir/Appointment/SC2026000001?patient.identifier=X", user)
                            .statusCode())
                    .as("allowed to ask, and there is nothing")
                    .isEqualTo(404);
        }
        HttpResponse<byte[]> certificate = HUB.post(
                "/fhir/$process-message",
                "cup",
                "application/fhir+json",
                Certificate.plain("X").fhirMessage("X"));
        assertThat(certificate.statusCode()).isEqualTo(403);
    }

    @Test
    void health_is_open_and_says_little_and_the_rest_of_management_is_for_operations() {
        HttpResponse<byte[]> health = HUB.management("/actuator/health", null);
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(Outside.text(health)).contains("UP").doesNotContain("components");
        assertThat(Outside.text(HUB.management("/actuator/health", "ops"))).contains("components");
        for (String path : List.of("camelroutes", "prometheus", "metrics", "info", "camel")) {
            assertThat(HUB.management("/actuator/" + path, null).statusCode())
                    .as(path)
                    .isEqualTo(401);
            assertThat(HUB.management("/actuator/" + path, "fse").statusCode())
                    .as(path)
                    .isEqualTo(403);
        }
        assertThat(HUB.management("/actuator/prometheus", "ops").statusCode()).isEqualTo(200);
    }

    @Test
    void each_route_tells_what_operations_want_to_know() {
        OUT.published(OUT.accepted(Certificate.plain(Outside.unique("ROUTES"))));

        JsonNode answer = HUB.read(HUB.management("/actuator/camelroutes", "ops"));
        JsonNode routes = answer.isArray() ? answer : answer.path("routes");

        assertThat(routes.size()).isGreaterThan(10);
        for (JsonNode route : routes) {
            for (String name : List.of("id", "description", "from", "state", "uptime")) {
                assertThat(route.path(name).asText()).as(name + " of " + route).isNotBlank();
            }
            for (String name : List.of(
                    "exchangesTotal",
                    "exchangesFailed",
                    "exchangesInflight",
                    "meanProcessingTime",
                    "maxProcessingTime")) {
                assertThat(route.path(name).isNumber())
                        .as(name + " of " + route)
                        .isTrue();
            }
        }
        assertThat(routes.findValuesAsText("id"))
                .contains("certificate-mllp", "certificate-rest", "certificate-document", "certificate-signature");
    }

    @Test
    void what_is_withheld_does_not_exist_for_the_FSE_by_any_way() {
        Certificate special = Certificate.plain(Outside.unique("LSP"))
                .with("specialLaws", "true")
                .with("confidentiality", "V");
        Certificate hidden = Certificate.plain(Outside.unique("OSG"))
                .with("obscuredToParent", "true")
                .with("patient.birthDate", "2012-03-04")
                .with(
                        "patient.fiscalCode",
                        Certificate.fiscalCode("ROSSI", "MARIO", java.time.LocalDate.of(2012, 3, 4), false, "L219"));
        for (Certificate certificate : List.of(special, hidden)) {
            String document =
                    OUT.published(OUT.accepted(certificate)).path("documentId").asText();
            String person = certificate.text("patient.fiscalCode");
            assertThat(HUB.get("/api/v1/documents/" + document, "specialista").statusCode())
                    .isEqualTo(200);
            for (String path : List.of(
                    "/api/v1/documents/" + document,
                    "/api/v1/documents/" + document + "/pdf",
                    "/api/v1/documents/" + document + "/cda",
                    "/fhir/DocumentReference/" + document,
                    "/fhir/Binary/" + document + "-pdf",
                    "/fhir/Binary/" + document + "-cda")) {
                HttpResponse<byte[]> answer = HUB.get(path, "fse");
                assertThat(answer.statusCode()).as(path).isEqualTo(404);
            }
            for (String path : List.of(
                    "/api/v1/documents?patient=" + person,
                    "/fhir/DocumentReference?patient.identifier=http://hl7.it/sid/codiceFiscale%7C" + person,
                    "/fhir/DocumentReference?_id=" + document)) {
                HttpResponse<byte[]> answer = HUB.get(path, "fse");
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
                // the address asked for is echoed
                assertThat(Outside.text(answer).replace(path, "")).as(path).doesNotContain(document);
            }
        }
    }

    @Test
    void a_PIN_is_in_no_log_and_in_no_answer_of_the_journal(CapturedOutput output) {
        String pin = "7391" + (10000 + (int) (System.nanoTime() % 89999));
        Certificate certificate = Certificate.plain(Outside.unique("PIN"))
                .with("onlineCollection.requested", "true")
                .with("onlineCollection.pin", pin);
        String id = OUT.accepted(certificate);
        Certificate refused = Certificate.plain(Outside.unique("PIN"))
                .with("onlineCollection.requested", "true")
                .with("onlineCollection.pin", pin)
                .with("exemption.code", "ZZZ");
        assertThat(OUT.mllp(refused.hl7(Outside.unique("C"))))
                .contains("MSA|AE|")
                .doesNotContain(pin);

        JsonNode entry = OUT.published(id);
        String document = entry.path("documentId").asText();

        assertThat(entry.toString()).doesNotContain(pin);
        assertThat(HUB.json("/api/v1/publications?documentId=" + document, "ops")
                        .toString())
                .doesNotContain(pin);
        assertThat(new String(OUT.content(document, "cda"), java.nio.charset.StandardCharsets.UTF_8))
                .doesNotContain(pin);
        HttpResponse<byte[]> raw =
                HUB.get("/api/v1/messages/" + entry.path("id").asText() + "/raw", "ops");
        assertThat(Outside.text(raw)).doesNotContain(pin);
        assertThat(output.getAll()).doesNotContain(pin).doesNotContain(certificate.text("patient.fiscalCode"));
    }
}
