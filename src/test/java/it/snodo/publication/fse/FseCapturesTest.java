package it.snodo.publication.fse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import it.snodo.Shared;
import it.snodo.publication.Outcome;
import it.snodo.publication.PublicationStore;
import it.snodo.publication.PublicationSubject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What the Ministry's published gateway code answered, 312 times: each answer must be understood as it was meant. */
class FseCapturesTest {

    private static final JsonMapper JSON = new JsonMapper();

    /** Problem type and status to what we make of it; what is not here must be a success. */
    private static final Map<String, String> MEANING = new TreeMap<>(Map.ofEntries(
            Map.entry("400 /msg/syntax", "Repair SNODO-5004"),
            Map.entry("422 /msg/semantic", "Repair SNODO-5004"),
            Map.entry("400 /msg/vocabulary", "Repair SNODO-5004"),
            Map.entry("400 /msg/cda-element", "Repair SNODO-5004"),
            Map.entry("415 /msg/document-type", "Repair SNODO-5004"),
            Map.entry("400 /msg/document-type", "Repair SNODO-5004"),
            Map.entry("400 /msg/empty-file", "Repair SNODO-5004"),
            Map.entry("400 /msg/document-hash", "Repair SNODO-5004"),
            Map.entry("400 /msg/sign-error", "Repair SNODO-5004"),
            Map.entry("400 /msg/mandatory-element", "Repair SNODO-5004"),
            Map.entry("400 /msg/invalid-format", "Repair SNODO-5004"),
            Map.entry("400 /msg/id-doc", "Repair SNODO-5004"),
            Map.entry("400 /msg/generic-error", "Repair SNODO-5004"),
            Map.entry("400 /msg/generic-error FHIR", "Retry SNODO-5003"),
            Map.entry("400 /msg/wii", "Repair SNODO-5004"),
            Map.entry("400 about:blank", "Repair SNODO-5004"),
            Map.entry("405 about:blank", "Repair SNODO-5004"),
            Map.entry("415 about:blank", "Repair SNODO-5004"),
            Map.entry("413 about:blank", "Repair SNODO-5011"),
            Map.entry("400 /msg/cda-match", "Revalidate SNODO-5008"),
            Map.entry("400 /msg/max-day-limit-exceed", "Revalidate SNODO-5007"),
            Map.entry("403 /msg/jwt-validation", "Repair SNODO-5005"),
            Map.entry("403 /msg/jwt-validation DOCUMENT", "Repair SNODO-5004"),
            Map.entry("403 /msg/mandatory-element-token", "Repair SNODO-5005"),
            Map.entry("401 /msg/mandatory-element-token", "Repair SNODO-5005"),
            Map.entry("403 /msg/missing-token", "Retry SNODO-5015 outage"),
            Map.entry("400 /msg/missing-token", "Retry SNODO-5015 outage"),
            Map.entry("401 /msg/unauthorized", "Repair SNODO-5005"),
            Map.entry("404 /msg/record-not-found", "Repair SNODO-5010"),
            Map.entry("404 /err/resource", "Repair SNODO-5010"),
            Map.entry("404 /err/resource STATUS", "Retry SNODO-5012"),
            Map.entry("500 /msg/ini-error", "Retry SNODO-5003"),
            Map.entry("500 /msg/generic-error", "Retry SNODO-5003"),
            Map.entry("500 /msg/connection-refused", "Retry SNODO-5003 outage"),
            Map.entry("504 /msg/generic-timeout", "Retry SNODO-5003 outage")));

    @Test
    void every_recorded_answer_is_understood() throws IOException {
        Optional<Path> folder = Shared.dir("fse/gateway-captures");
        Assumptions.assumeTrue(folder.isPresent(), "captures are not here");
        PublicationStore store = PublicationStore.fresh();
        store.document("OLD");
        store.document("NEW", "OLD", PublicationStore.request(null, null, null), "N");
        store.validated("NEW", "wii", java.time.Duration.ZERO);
        PublicationSubject subject = store.subjects().of("NEW");
        List<Path> files;
        try (Stream<Path> all = Files.list(folder.get())) {
            files = all.filter(file -> file.getFileName().toString().matches("\\d{3}-.*\\.json"))
                    .sorted()
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(300);
        List<String> wrong = new ArrayList<>();
        TreeSet<String> met = new TreeSet<>();
        try (StubGateway stub = new StubGateway();
                FseGateway gateway = FseKit.gateway(FseKit.properties(stub.url()))) {
            for (Path file : files) {
                JsonNode capture = JSON.readTree(file.toFile());
                JsonNode response = capture.get("response");
                stub.then(response.get("status").asInt(), response.get("body").toString());
                Outcome outcome = call(gateway, subject, capture.get("request"));
                String expected = expected(capture, met);
                if (!said(outcome).equals(expected)) {
                    wrong.add(file.getFileName() + ": " + said(outcome) + " instead of " + expected);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(met).as("the table says nothing that was never seen").isEqualTo(MEANING.keySet());
    }

    private static String expected(JsonNode capture, TreeSet<String> met) {
        JsonNode response = capture.get("response");
        int status = response.get("status").asInt();
        if (status < 300) {
            return "Done";
        }
        String key = status + " " + response.get("body").path("type").asText();
        String instance = response.get("body").path("instance").asText();
        if (instance.endsWith("/jwt-person-id") || instance.endsWith("/jwt-document-type")) {
            key += " DOCUMENT";
        }
        if (response.get("body").path("detail").asText().contains("risorse FHIR")) {
            key += " FHIR";
        }
        if (key.equals("404 /err/resource")
                && capture.get("request").get("path").asText().contains("/status/")) {
            key += " STATUS";
        }
        met.add(key);
        return MEANING.getOrDefault(key, "nothing known about " + key);
    }

    private static Outcome call(FseGateway gateway, PublicationSubject subject, JsonNode request) {
        String method = request.get("method").asText();
        String path = request.get("path").asText();
        String trace = "0af7651916cd43dd8448eb211c80319c";
        if (path.contains("/status/search/")) {
            return gateway.statusByTrace("x").outcome();
        }
        if (path.contains("/status")) {
            return gateway.statusByWorkflow("x").outcome();
        }
        if (path.contains("validation") || path.endsWith("/documents/validate")) {
            return gateway.validate(subject, FseGateway.Activity.VALIDATION, trace);
        }
        if (method.equals("DELETE")) {
            return gateway.delete(subject, trace);
        }
        if (path.contains("/metadata")) {
            return gateway.updateMetadata(subject, false, "1.2", trace);
        }
        if (path.contains("validate-and-create")) {
            return gateway.validateAndCreate(subject, "1.2", trace);
        }
        if (path.contains("validate-and-replace")) {
            return gateway.validateAndReplace(subject, "1.2", trace);
        }
        return method.equals("PUT") ? gateway.replace(subject, "1.2", trace) : gateway.create(subject, "1.2", trace);
    }

    private static String said(Outcome outcome) {
        if (outcome instanceof Outcome.Done) {
            return "Done";
        }
        if (outcome instanceof Outcome.Retry retry) {
            return "Retry " + retry.code().code() + (retry.outage() ? " outage" : "");
        }
        if (outcome instanceof Outcome.Revalidate again) {
            return "Revalidate " + again.code().code();
        }
        if (outcome instanceof Outcome.Repair repair) {
            return "Repair " + repair.code().code();
        }
        return "Stop " + ((Outcome.Stop) outcome).code().code();
    }

    /** The claims of a request that the gateway accepted: ours have the same names, and the same fixed values. */
    @Test
    void our_claims_are_those_of_the_requests_that_were_accepted() throws IOException {
        Optional<Path> folder = Shared.dir("fse/gateway-captures");
        Assumptions.assumeTrue(folder.isPresent(), "captures are not here");
        PublicationStore store = PublicationStore.fresh();
        store.document("OLD");
        store.document("NEW", "OLD", PublicationStore.request(null, null, null), "N");
        store.validated("NEW", "wii", java.time.Duration.ZERO);
        PublicationSubject subject = store.subjects().of("NEW");
        try (StubGateway stub = new StubGateway();
                FseGateway gateway = FseKit.gateway(FseKit.properties(stub.url()))) {
            for (String name : List.of(
                    "001-validation-ok",
                    "101-create-ok",
                    "201-replace-ok",
                    "214-metadata-ok",
                    "237-delete-ok",
                    "248-validate-and-create-ok",
                    "254-validate-and-replace-ok")) {
                JsonNode capture =
                        JSON.readTree(folder.get().resolve(name + ".json").toFile());
                JsonNode theirs = capture.get("request").get("claims");
                stub.success(202, "w");
                call(gateway, subject, capture.get("request"));
                Map<String, Object> ours = stub.last().claims();
                TreeSet<String> names = new TreeSet<>();
                theirs.fieldNames().forEachRemaining(names::add);
                assertThat(new TreeSet<>(ours.keySet())).as(name).isEqualTo(names);
                for (String fixed : List.of(
                        "purpose_of_use",
                        "action_id",
                        "resource_hl7_type",
                        "subject_role",
                        "subject_organization",
                        "subject_organization_id")) {
                    assertThat(ours.get(fixed))
                            .as(name + " " + fixed)
                            .isEqualTo(theirs.path(fixed).asText(null));
                }
                assertThat(ours.get("patient_consent")).isEqualTo(true);
                TreeSet<String> fields = new TreeSet<>();
                capture.get("request").get("body").fieldNames().forEachRemaining(fields::add);
                if (capture.get("request").get("body").isObject()) {
                    TreeSet<String> sent = fieldsOf(stub.last());
                    // What the captured request chose to say beyond what is needed, and what ours adds.
                    fields.remove("conservazioneANorma");
                    sent.remove("administrativeRequest");
                    assertThat(sent).as(name).isEqualTo(fields);
                }
            }
        }
    }

    private static TreeSet<String> fieldsOf(StubGateway.Asked asked) throws IOException {
        String text = asked.text();
        int start = text.contains("name=\"requestBody\"") ? text.indexOf("{", text.indexOf("name=\"requestBody\"")) : 0;
        JsonNode body = JSON.readTree(text.substring(start));
        TreeSet<String> names = new TreeSet<>();
        body.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
