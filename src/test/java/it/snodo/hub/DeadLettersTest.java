package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators do with what cannot go on, through the hub's ports, while FSE and ROL misbehave. */
class DeadLettersTest {

    private static final RunningHub HUB = RunningHub.get();
    private static final Outside OUT = new Outside(HUB);

    @AfterEach
    void everything_works_again() {
        OUT.forget("fse");
        OUT.forget("rol");
        post("/api/v1/destinations/ROL/resume", "ops", "{}");
        post("/api/v1/destinations/FSE/resume", "ops", "{}");
    }

    // --- bringing about ----------------------------------------------------------------------------------------

    /** A certificate whose document the gateway has refused before it was signed. */
    private static JsonNode refusedByGateway(String what) {
        OUT.order(
                "fse",
                "{\"operation\":\"VALIDATION\",\"error\":{\"type\":\"/msg/semantic\",\"detail\":\"motivo di prova\"}}");
        return failed(what);
    }

    /** A certificate that ROL has and the gateway refuses to publish, once. */
    private static JsonNode refusedAtPublication(String what) {
        OUT.order(
                "fse",
                "{\"operation\":\"CREATE\",\"error\":{\"type\":\"/msg/mandatory-element\",\"detail\":\"elemento di prova\"}}");
        JsonNode entry = failed(what);
        OUT.delivery(entry.path("documentId").asText(), "INSERIMENTO", "CONFIRMED", "DELIVERED");
        return entry;
    }

    private static JsonNode failed(String what) {
        String id = OUT.accepted(Certificate.plain(Outside.unique(what)));
        OUT.state(id, "FAILED");
        OUT.forget("fse");
        return HUB.message(id);
    }

    private static HttpResponse<byte[]> post(String path, String user, String json, String... headers) {
        return HUB.post(path, user, "application/json", json.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static JsonNode ok(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode()).as(Outside.text(answer)).isBetween(200, 202);
        return HUB.read(answer);
    }

    private static void refused(HttpResponse<byte[]> answer, int status, String code) {
        assertThat(answer.statusCode()).as(Outside.text(answer)).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = HUB.read(answer);
        assertThat(problem.path("code").asText()).isEqualTo(code);
        assertThat(problem.path("detail").asText()).isNotBlank();
    }

    private static JsonNode letter(JsonNode entry) {
        for (JsonNode one : HUB.json("/api/v1/dead-letters", "assistenza").path("items")) {
            if (one.path("messageId").asLong() == entry.path("id").asLong()) {
                return one;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }

    private static String published(JsonNode entry) {
        String path = "/api/v1/messages/" + entry.path("id").asText();
        await("message " + entry.path("id"))
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(150))
                .until(() -> HUB.json(path, "ops").path("state").asText().equals("PUBLISHED"));
        return entry.path("documentId").asText();
    }

    // --- repair ------------------------------------------------------------------------------------------------

    @Test
    void a_refused_document_is_repaired_with_a_diff_and_goes_out_with_its_number_and_identity() {
        JsonNode entry = refusedByGateway("REPAIR");
        JsonNode letter = letter(entry);
        assertThat(letter.path("destination").asText()).isEqualTo("HUB");
        assertThat(letter.path("code").asText()).isEqualTo("SNODO-5004");
        assertThat(letter.path("cause").asText()).contains("motivo di prova");
        assertThat(letter.path("nextStep").asText()).contains("repair");
        String message = "/api/v1/messages/" + entry.path("id").asText();

        assertThat(HUB.get(message + "/content", "assistenza").statusCode())
                .as("health data")
                .isEqualTo(403);
        HttpResponse<byte[]> answer = HUB.get(message + "/content", "ops");
        JsonNode content = ok(answer);
        String tag = answer.headers().firstValue("ETag").orElseThrow();
        assertThat(content.path("editable").asBoolean()).isTrue();
        ObjectNode request = (ObjectNode) content.path("request");

        ObjectNode wrong = request.deepCopy();
        wrong.withObject("/patient").remove("family");
        refused(post(message + "/repair", "ops", correction(request, "prova")), 428, "SNODO-7003");
        refused(post(message + "/repair", "ops", correction(wrong, "prova"), "If-Match", "\"77\""), 412, "SNODO-7002");
        refused(post(message + "/repair", "assistenza", correction(wrong, "x"), "If-Match", tag), 403, "SNODO-6002");
        JsonNode tried = ok(post(message + "/repair?dryRun=true", "ops", correction(wrong, "prova"), "If-Match", tag));
        assertThat(tried.path("faults").findValuesAsText("field")).contains("patient.family");
        HttpResponse<byte[]> faulty = post(message + "/repair", "ops", correction(wrong, "prova"), "If-Match", tag);
        assertThat(faulty.statusCode()).isEqualTo(422);
        assertThat(Outside.text(faulty)).contains("patient.family");
        ObjectNode other = request.deepCopy();
        other.put("documentNumber", "ALTRO");
        assertThat(Outside.text(post(message + "/repair", "ops", correction(other, "prova"), "If-Match", tag)))
                .contains("documentNumber");

        ObjectNode mended = request.deepCopy();
        mended.withObject("/patient").put("phone", "+39 011 555 0199");
        JsonNode rehearsed =
                ok(post(message + "/repair?dryRun=true", "ops", correction(mended, "telefono"), "If-Match", tag));
        assertThat(rehearsed.path("diff").findValuesAsText("field")).containsExactly("patient.phone");
        assertThat(rehearsed.path("rehearsal").asText()).isNotBlank();
        assertThat(HUB.get(message + "/content", "ops").headers().firstValue("ETag"))
                .as("a dry run stores nothing")
                .hasValue(tag);

        JsonNode repaired = ok(post(message + "/repair", "ops", correction(mended, "telefono"), "If-Match", tag));
        assertThat(repaired.path("diff").path(0).path("after").asText()).isEqualTo("+39 011 555 0199");
        String document = published(entry);
        OUT.inForceOnce(document);
        assertThat(new String(OUT.content(document, "cda"), StandardCharsets.UTF_8))
                .contains("0115550199");
        assertThat(letter(entry).isMissingNode()).isTrue();

        JsonNode again = ok(post(message + "/repair", "ops", correction(mended, "telefono"), "If-Match", tag));
        assertThat(again.path("words").asText()).contains("già");
        refused(post(message + "/repair", "ops", correction(request, "indietro"), "If-Match", tag), 412, "SNODO-7002");
        JsonNode after = HUB.json(message + "/content", "ops");
        assertThat(after.path("editable").asBoolean()).isFalse();
        assertThat(after.path("repairs").path(0).path("actor").asText()).isEqualTo("ops");
        assertThat(after.path("repairs").path(0).path("reason").asText()).isEqualTo("telefono");
        assertThat(HUB.json(message, "ops").path("certificateNumber")).isEqualTo(entry.path("certificateNumber"));
    }

    private static String correction(JsonNode request, String reason) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("reason", reason);
        body.set("request", request);
        return body.toString();
    }

    @Test
    void a_pin_is_never_shown_to_who_repairs_and_stays_as_it_was() {
        OUT.order("fse", "{\"operation\":\"VALIDATION\",\"error\":{\"type\":\"/msg/semantic\",\"detail\":\"x\"}}");
        Certificate certificate = Certificate.plain(Outside.unique("REPPIN"));
        ObjectNode body = (ObjectNode) read(certificate.rest());
        body.withObject("/onlineCollection").put("requested", true).put("pin", "73951");
        String key = Outside.unique("KEY");
        JsonNode receipt = ok(post("/api/v1/certificates", "specialista", body.toString(), "Idempotency-Key", key));
        OUT.state(key, "FAILED");
        OUT.forget("fse");
        String message = "/api/v1/messages/" + receipt.path("messageId").asText();
        HttpResponse<byte[]> answer = HUB.get(message + "/content", "ops");
        assertThat(Outside.text(answer)).contains("****").doesNotContain("73951");
        ObjectNode mended = (ObjectNode) HUB.read(answer).path("request");
        mended.withObject("/patient").put("phone", "011 5550177");
        JsonNode repaired = ok(post(
                message + "/repair",
                "ops",
                correction(mended, "telefono"),
                "If-Match",
                answer.headers().firstValue("ETag").orElseThrow()));
        assertThat(repaired.path("diff").findValuesAsText("field")).containsExactly("patient.phone");
        published(HUB.json(message, "ops"));
    }

    private static JsonNode read(byte[] json) {
        try {
            return new com.fasterxml.jackson.databind.ObjectMapper().readTree(json);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void what_somebody_has_already_is_not_rewritten() {
        JsonNode entry = refusedAtPublication("NOREP");
        String message = "/api/v1/messages/" + entry.path("id").asText();
        HttpResponse<byte[]> answer = HUB.get(message + "/content", "ops");
        JsonNode content = ok(answer);
        assertThat(content.path("editable").asBoolean()).isFalse();
        assertThat(content.path("whyNot").asText()).contains("sostituzione");
        ObjectNode mended = (ObjectNode) content.path("request");
        mended.withObject("/patient").put("phone", "011 5550100");
        refused(
                post(
                        message + "/repair",
                        "ops",
                        correction(mended, "x"),
                        "If-Match",
                        answer.headers().firstValue("ETag").orElseThrow()),
                409,
                "SNODO-7001");
    }

    @Test
    void what_nobody_has_is_made_again_even_though_it_was_signed() {
        OUT.order("rol", "{\"operation\":\"INSERIMENTO\",\"error\":{\"status\":400}}");
        OUT.order("fse", "{\"operation\":\"CREATE\",\"error\":{\"type\":\"/msg/mandatory-element\",\"detail\":\"x\"}}");
        String id = OUT.accepted(Certificate.plain(Outside.unique("SIGNED")));
        JsonNode entry = HUB.message(id);
        String document = entry.path("documentId").asText();
        OUT.delivery(document, "INSERIMENTO", "FAILED");
        OUT.delivery(document, "CREATE", "FAILED");
        String message = "/api/v1/messages/" + entry.path("id").asText();
        HttpResponse<byte[]> answer = HUB.get(message + "/content", "ops");
        ObjectNode mended = (ObjectNode) ok(answer).path("request");
        mended.withObject("/patient").put("phone", "+39 011 555 0188");
        ok(post(
                message + "/repair",
                "ops",
                correction(mended, "telefono"),
                "If-Match",
                answer.headers().firstValue("ETag").orElseThrow()));
        assertThat(published(entry)).isEqualTo(document);
        OUT.inForceOnce(document);
        OUT.sound(document, false);
        assertThat(new String(OUT.content(document, "cda"), StandardCharsets.UTF_8))
                .contains("0115550188");
        assertThat(letter(entry).isMissingNode()).isTrue();
    }

    // --- replay and discard ------------------------------------------------------------------------------------

    @Test
    void a_dead_delivery_is_replayed_after_a_dry_run_and_takes_effect_once() {
        JsonNode entry = refusedAtPublication("REPLAY");
        String message = "/api/v1/messages/" + entry.path("id").asText();
        JsonNode letter = letter(entry);
        assertThat(letter.path("destination").asText()).isEqualTo("FSE");
        assertThat(letter.path("step").asText()).isEqualTo("CREATE");
        assertThat(letter.path("attempts").asInt()).isEqualTo(1);
        assertThat(letter.path("lastAnswer").asText()).contains("elemento di prova");
        assertThat(HUB.json("/api/v1/dead-letters?destination=ROL", "ops")
                        .path("items")
                        .findValuesAsText("messageId"))
                .doesNotContain(entry.path("id").asText());

        JsonNode tried = ok(post(message + "/replay", "ops", "{}"));
        assertThat(tried.path("dryRun").asBoolean()).isTrue();
        assertThat(tried.path("changes").findValuesAsText("to")).containsExactly("WAITING");
        assertThat(HUB.json(message, "ops").path("state").asText()).isEqualTo("FAILED");
        refused(post(message + "/replay?dryRun=false", "assistenza", "{}"), 403, "SNODO-6002");

        ok(post(message + "/replay?dryRun=false", "ops", "{\"reason\":\"gateway corretto\"}"));
        OUT.inForceOnce(published(entry));
        refused(post(message + "/replay?dryRun=false", "ops", "{}"), 409, "SNODO-7001");
        OUT.inForceOnce(entry.path("documentId").asText());
        refused(post("/api/v1/messages/999999999/replay", "ops", "{}"), 404, "SNODO-6003");
    }

    @Test
    void a_failed_message_is_closed_with_a_reason_and_its_sender_may_use_the_number_again() {
        OUT.order("fse", "{\"operation\":\"VALIDATION\",\"error\":{\"type\":\"/msg/semantic\",\"detail\":\"x\"}}");
        Certificate certificate = Certificate.plain(Outside.unique("DISCARD"));
        String id = OUT.accepted(certificate);
        OUT.state(id, "FAILED");
        OUT.forget("fse");
        String message = "/api/v1/messages/" + HUB.message(id).path("id").asText();
        refused(post(message + "/discard", "ops", "{}"), 400, "SNODO-6004");
        ok(post(message + "/discard?dryRun=true", "ops", "{\"reason\":\"prova\"}"));
        assertThat(HUB.json(message, "ops").path("state").asText()).isEqualTo("FAILED");
        ok(post(message + "/discard", "ops", "{\"reason\":\"inviato per errore\"}"));
        JsonNode closed = HUB.json(message, "ops");
        assertThat(closed.path("state").asText()).isEqualTo("DISCARDED");
        assertThat(closed.path("steps").toString()).contains("inviato per errore");
        assertThat(letter(HUB.message(id)).isMissingNode()).isTrue();
        assertThat(ok(post(message + "/discard", "ops", "{\"reason\":\"di nuovo\"}"))
                        .path("changes")
                        .size())
                .isZero();
        refused(post(message + "/replay", "ops", "{}"), 409, "SNODO-7001");
        String second = OUT.accepted(certificate, "AGAIN/" + certificate.number());
        OUT.published(second);
    }

    @Test
    void dead_letters_are_a_metric_and_a_detail_of_health_and_no_illness() {
        refusedByGateway("METRIC");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(Outside.text(HUB.management("/actuator/prometheus", "ops")))
                        .containsPattern("snodo_dead_letters\\{code=\"SNODO-5004\",destination=\"HUB\"} [1-9]"));
        JsonNode health = HUB.read(HUB.management("/actuator/health", "ops"));
        assertThat(health.path("status").asText()).isEqualTo("UP");
        assertThat(health.path("components")
                        .path("deadLetters")
                        .path("details")
                        .path("total")
                        .asInt())
                .isPositive();
    }

    // --- destinations ------------------------------------------------------------------------------------------

    private static JsonNode destination(String name) {
        for (JsonNode one : HUB.json("/api/v1/destinations", "assistenza").path("items")) {
            if (one.path("name").asText().equals(name)) {
                return one;
            }
        }
        throw new AssertionError("no destination " + name);
    }

    @Test
    void a_paused_destination_gets_nothing_while_the_other_goes_on_and_a_failure_after_the_pause_is_redelivered() {
        refused(post("/api/v1/destinations/ROL/pause", "ops", "{}"), 400, "SNODO-6004");
        refused(post("/api/v1/destinations/ROL/pause", "assistenza", "{\"reason\":\"x\"}"), 403, "SNODO-6002");
        refused(post("/api/v1/destinations/XYZ/pause", "ops", "{\"reason\":\"x\"}"), 404, "SNODO-6003");
        JsonNode paused = ok(post("/api/v1/destinations/ROL/pause", "ops", "{\"reason\":\"manutenzione del ROL\"}"));
        assertThat(paused.path("state").asText()).isEqualTo("PAUSED");
        assertThat(paused.path("pause").path("owner").asText()).isEqualTo("ops");

        String id = OUT.accepted(Certificate.plain(Outside.unique("PAUSED")));
        String document = HUB.message(id).path("documentId").asText();
        OUT.delivery(document, "CREATE", "CONFIRMED");
        assertThat(OUT.delivery(document, "INSERIMENTO").path("state").asText()).isEqualTo("WAITING");
        assertThat(OUT.delivery(document, "INSERIMENTO").path("attempts").asInt())
                .isZero();
        assertThat(OUT.delivery(document, "INSERIMENTO").path("held").asText())
                .contains("ROL è in pausa", "manutenzione del ROL", "ops");
        assertThat(destination("ROL").path("queueDepth").asInt()).isPositive();
        assertThat(destination("FSE").path("state").asText()).isEqualTo("UP");
        assertThat(HUB.read(HUB.management("/actuator/camelroutes/publication-rol", "ops"))
                        .path("state")
                        .asText())
                .isEqualTo("Stopped");
        JsonNode health = HUB.read(HUB.management("/actuator/health", "ops"));
        assertThat(health.path("status").asText()).isEqualTo("UP");
        assertThat(health.toString()).contains("manutenzione del ROL");

        OUT.order(
                "rol", "{\"operation\":\"INSERIMENTO\",\"document\":\"" + document + "\",\"error\":{\"status\":500}}");
        assertThat(ok(post("/api/v1/destinations/ROL/resume", "ops", "{}"))
                        .path("state")
                        .asText())
                .isEqualTo("UP");
        OUT.published(id);
        OUT.inForceOnce(document);
        assertThat(OUT.delivery(document, "INSERIMENTO").path("attempts").asInt())
                .isEqualTo(2);
    }

    @Test
    void a_destination_that_does_not_recognise_the_hub_makes_no_dead_letters_and_says_so_to_operators() {
        OUT.order("rol", "{\"operation\":\"INSERIMENTO\",\"error\":{\"status\":401}}");
        String id = OUT.accepted(Certificate.plain(Outside.unique("HUB401")));
        String document = HUB.message(id).path("documentId").asText();
        OUT.delivery(document, "INSERIMENTO", "CONFIRMED");
        assertThat(OUT.delivery(document, "INSERIMENTO").path("attempts").asInt())
                .isEqualTo(2);
        OUT.published(id);
        OUT.inForceOnce(document);
        assertThat(destination("ROL").path("lastFailureWords").asText()).contains("non riconosce l'hub");
        assertThat(HUB.read(HUB.management("/actuator/health", "ops"))
                        .at("/components/destinations/details/ROL/lastFailureWords")
                        .asText())
                .contains("non riconosce l'hub");
    }

    @Test
    void a_pause_with_an_end_ends_by_itself() {
        String until = OffsetDateTime.now().plusSeconds(3).toString();
        ok(post("/api/v1/destinations/fse/pause", "ops", "{\"reason\":\"tre secondi\",\"until\":\"" + until + "\"}"));
        String id = OUT.accepted(Certificate.plain(Outside.unique("ENDS")));
        OUT.published(id);
        assertThat(OffsetDateTime.now()).isAfter(OffsetDateTime.parse(until));
        assertThat(destination("FSE").path("state").asText()).isEqualTo("UP");
        OUT.inForceOnce(HUB.message(id).path("documentId").asText());
    }

    @Test
    void the_cup_of_an_azienda_is_seen_and_paused_like_the_others() {
        assertThat(destination("CUP-010206").path("state").asText()).isEqualTo("UP");
        JsonNode paused = ok(post("/api/v1/destinations/CUP-010206/pause", "ops", "{\"reason\":\"fermo concordato\"}"));
        try {
            assertThat(paused.path("state").asText()).isEqualTo("PAUSED");
            HttpResponse<byte[]> refused = book("010206");
            assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("in pausa", "fermo concordato");
            assertThat(refused.statusCode()).isNotEqualTo(201);
        } finally {
            post("/api/v1/destinations/CUP-010206/resume", "ops", "{}");
        }
        assertThat(destination("CUP-010206").path("state").asText()).isEqualTo("UP");
        assertThat(book("010206").statusCode()).isEqualTo(201);
    }

    private static HttpResponse<byte[]> book(String azienda) {
        return HUB.post(
                "/api/v1/bookings",
                "cup",
                "application/json",
                new BookingSample().with("lines[0].azienda=" + azienda).json(),
                "Idempotency-Key",
                Outside.unique("booking"));
    }

    // --- batches -----------------------------------------------------------------------------------------------

    @Test
    void many_are_replayed_in_a_named_batch_that_tells_how_far_it_is() {
        List<JsonNode> entries = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            entries.add(refusedAtPublication("BATCH" + i));
        }
        String name = Outside.unique("blocco");
        String ids = entries.get(0).path("id") + "," + entries.get(1).path("id") + ",999999999";
        String order =
                "{\"name\":\"" + name + "\",\"action\":\"replay\",\"perMinute\":600,\"reason\":\"gateway corretto\","
                        + "\"ids\":[" + ids + "]}";
        refused(post("/api/v1/batches", "assistenza", order), 403, "SNODO-6002");
        refused(post("/api/v1/batches", "ops", order.replace("gateway corretto", " ")), 400, "SNODO-6004");
        assertThat(ok(post("/api/v1/batches", "ops", order)).path("total").asInt())
                .isEqualTo(3);
        assertThat(ok(post("/api/v1/batches", "ops", order)).path("total").asInt())
                .as("the same order is the same batch")
                .isEqualTo(3);
        refused(post("/api/v1/batches", "ops", order.replace("600", "60")), 409, "SNODO-7001");
        JsonNode[] progress = new JsonNode[1];
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            progress[0] = HUB.json("/api/v1/batches/" + name, "assistenza");
            return progress[0].path("state").asText().equals("DONE");
        });
        assertThat(progress[0].path("done").asInt()).isEqualTo(2);
        assertThat(progress[0].path("refusals").path(0).path("words").asText()).contains("SNODO-6003");
        OUT.inForceOnce(published(entries.get(0)));
        OUT.inForceOnce(published(entries.get(1)));
        assertThat(letter(entries.get(2)).isMissingNode()).as("not asked for").isFalse();

        String slow = Outside.unique("lento");
        ok(post(
                "/api/v1/batches",
                "ops",
                "{\"name\":\"" + slow + "\",\"action\":\"discard\",\"perMinute\":1,\"reason\":\"prova\",\"ids\":["
                        + "999999998,999999999," + entries.get(2).path("id") + "]}"));
        HttpResponse<byte[]> stopped = HUB.delete("/api/v1/batches/" + slow, "ops");
        assertThat(HUB.read(stopped).path("state").asText()).isEqualTo("STOPPED");
        assertThat(HUB.read(stopped).path("pending").asInt()).isPositive();
        assertThat(HUB.json("/api/v1/messages/" + entries.get(2).path("id").asText(), "ops")
                        .path("state")
                        .asText())
                .isEqualTo("FAILED");
    }

    @Test
    void a_batch_finds_its_messages_by_destination_code_and_time() {
        OffsetDateTime before = OffsetDateTime.now();
        JsonNode entry = refusedAtPublication("FILTER");
        String since = before.toInstant().toString();
        assertThat(HUB.json("/api/v1/dead-letters?destination=fse&code=SNODO-5004&since=" + since, "ops")
                        .path("items")
                        .findValuesAsText("messageId"))
                .containsExactly(entry.path("id").asText());
        assertThat(HUB.json("/api/v1/dead-letters?code=SNODO-9001&since=" + since, "ops")
                        .path("items"))
                .isEmpty();
        String name = Outside.unique("scarto");
        JsonNode created = ok(post(
                "/api/v1/batches",
                "ops",
                "{\"name\":\"" + name + "\",\"action\":\"discard\",\"reason\":\"prova di blocco\",\"perMinute\":600,"
                        + "\"filter\":{\"destination\":\"FSE\",\"code\":\"SNODO-5004\",\"since\":\"" + since + "\"}}"));
        assertThat(created.path("total").asInt()).isEqualTo(1);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> HUB.json("/api/v1/messages/" + entry.path("id").asText(), "ops")
                        .path("state")
                        .asText()
                        .equals("DISCARDED"));
        assertThat(letter(entry).isMissingNode()).isTrue();
        JsonNode delivery = OUT.delivery(entry.path("documentId").asText(), "CREATE", "STOPPED");
        assertThat(delivery.path("words").asText()).isEqualTo("prova di blocco");
    }

    @Test
    void the_description_of_the_interface_tells_all_of_it() {
        JsonNode paths = HUB.json("/v3/api-docs", null).path("paths");
        for (String call : List.of(
                "/api/v1/dead-letters get",
                "/api/v1/messages/{id}/content get",
                "/api/v1/messages/{id}/repair post",
                "/api/v1/messages/{id}/replay post",
                "/api/v1/messages/{id}/discard post",
                "/api/v1/batches post",
                "/api/v1/batches/{name} delete",
                "/api/v1/destinations get",
                "/api/v1/destinations/{name}/pause post")) {
            String[] parts = call.split(" ");
            assertThat(paths.path(parts[0]).path(parts[1]).path("summary").asText())
                    .as(call)
                    .isNotBlank();
        }
    }

    @Test
    void a_corrected_message_is_found_by_its_new_number_and_by_the_one_it_came_with() {
        long some = System.nanoTime() % 800_000_000;
        String came = "010A4" + (1_000_000_000 + some);
        String corrected = "010A4" + (1_900_000_000 + some % 90_000_000);
        OUT.order(
                "fse",
                "{\"operation\":\"VALIDATION\",\"error\":{\"type\":\"/msg/semantic\",\"detail\":\"motivo di prova\"}}");
        String id = OUT.accepted(Certificate.plain(Outside.unique("KEYS")).with("nre", came));
        OUT.state(id, "FAILED");
        OUT.forget("fse");
        JsonNode entry = HUB.message(id);
        String message = "/api/v1/messages/" + entry.path("id").asText();
        HttpResponse<byte[]> content = HUB.get(message + "/content", "ops");
        ObjectNode request = (ObjectNode) ok(content).path("request").deepCopy();
        ok(post(
                message + "/repair",
                "ops",
                correction(request.put("nre", corrected), "ricetta sbagliata"),
                "If-Match",
                content.headers().firstValue("ETag").orElseThrow()));
        for (String nre : List.of(came, corrected)) {
            for (String key : List.of("nre", "q")) {
                assertThat(HUB.json("/api/v1/messages?" + key + "=" + nre, "ops")
                                .path("items")
                                .findValuesAsText("id"))
                        .containsExactly(entry.path("id").asText());
            }
        }
        assertThat(HUB.json(message, "ops").path("nre").asText()).isEqualTo(corrected);
        published(entry);
    }

    // --- quarantine --------------------------------------------------------------------------------------------

    private static byte[] hl7(String id) {
        return Certificate.plain(id).hl7(id).replace('\n', '\r').getBytes(StandardCharsets.UTF_8);
    }

    /** The dead letter of what came with these words in its cause or origin. */
    private static JsonNode stray(String mark) {
        return await("dead letter of " + mark)
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> {
                            for (JsonNode one : HUB.json("/api/v1/dead-letters?destination=INTAKE", "assistenza")
                                    .path("items")) {
                                if (one.toString().contains(mark)) {
                                    return one;
                                }
                            }
                            return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
                        },
                        one -> !one.isMissingNode());
    }

    private static boolean waits(JsonNode letter) {
        return HUB.json("/api/v1/dead-letters?destination=INTAKE", "ops")
                .toString()
                .contains(letter.path("id").asText());
    }

    @Test
    void bytes_in_quarantine_are_a_dead_letter_that_is_tried_repeated_once_and_gone() {
        String id = Outside.unique("QUAR");
        HUB.context
                .getBean(it.snodo.intake.Quarantine.class)
                .put(hl7(id), "10.1.2.3:" + id, new IllegalStateException("guasto di prova"));
        JsonNode letter = stray(id);
        assertThat(letter.path("code").asText()).isEqualTo("SNODO-9001");
        assertThat(letter.path("cause").asText())
                .contains("IllegalStateException")
                .doesNotContain("guasto di prova");
        assertThat(letter.path("nextStep").asText()).contains("AE", "replay", "discard");
        assertThat(letter.path("size").asInt()).isEqualTo(hl7(id).length);
        assertThat(HUB.get(letter.path("bytes").asText(), "assistenza").statusCode())
                .isEqualTo(403);
        assertThat(HUB.get(letter.path("bytes").asText(), "ops").body()).isEqualTo(hl7(id));
        assertThat(new String(
                        HUB.management("/actuator/health/deadLetters", "ops").body(), StandardCharsets.UTF_8))
                .contains("INTAKE SNODO-9001");

        String path = "/api/v1/dead-letters/" + letter.path("id").asText();
        JsonNode tried = ok(post(path + "/replay", "ops", "{}"));
        assertThat(tried.path("dryRun").asBoolean()).isTrue();
        assertThat(tried.path("messages").path(0).path("outcome").asText()).isEqualTo("ACCEPTED");
        assertThat(HUB.message(id).isMissingNode()).isTrue();
        refused(post(path + "/replay", "assistenza", "{}"), 403, "SNODO-6002");

        JsonNode done = ok(post(path + "/replay?dryRun=false", "ops", "{\"reason\":\"versione corretta\"}"));
        assertThat(done.path("messages").path(0).path("outcome").asText()).isEqualTo("ACCEPTED");
        assertThat(waits(letter)).isFalse();
        OUT.state(id, "PUBLISHED");
        assertThat(HUB.json("/api/v1/messages/" + HUB.message(id).path("id").asText(), "ops")
                        .toString())
                .contains("dalla quarantena", "versione corretta");
        refused(post(path + "/replay", "ops", "{}"), 404, "SNODO-6003");

        HUB.context
                .getBean(it.snodo.intake.Quarantine.class)
                .put(hl7(id), "10.1.2.4:" + id, new IllegalStateException("guasto di prova"));
        String again = "/api/v1/dead-letters/" + stray(id).path("id").asText();
        assertThat(ok(post(again + "/replay?dryRun=false", "ops", "{}"))
                        .path("messages")
                        .path(0)
                        .path("outcome")
                        .asText())
                .as("the sender has sent it again meanwhile")
                .isEqualTo("KNOWN");
    }

    @Test
    void bytes_in_quarantine_that_nobody_wants_are_closed_in_the_journal_with_a_reason() {
        String id = Outside.unique("GIVENUP");
        HUB.context
                .getBean(it.snodo.intake.Quarantine.class)
                .put(("MSH|" + id).getBytes(StandardCharsets.UTF_8), id, new IllegalStateException("x"));
        JsonNode letter = stray(id);
        String path = "/api/v1/dead-letters/" + letter.path("id").asText();
        refused(post(path + "/discard", "ops", "{}"), 400, "SNODO-6004");
        JsonNode done = ok(post(path + "/discard", "ops", "{\"reason\":\"prova di carico\"}"));
        String message = "/api/v1/messages/"
                + done.path("messages").path(0).path("messageId").asText();
        JsonNode entry = HUB.json(message, "ops");
        assertThat(entry.path("state").asText()).isEqualTo("DISCARDED");
        assertThat(entry.toString()).contains("prova di carico");
        assertThat(new String(HUB.get(message + "/raw", "ops").body(), StandardCharsets.UTF_8))
                .isEqualTo("MSH|" + id);
        assertThat(waits(letter)).isFalse();
    }

    @Test
    void what_the_broker_has_given_up_is_a_dead_letter_and_can_still_be_accepted() {
        String id = Outside.unique("DEAD");
        new org.springframework.jms.core.JmsTemplate(HUB.context.getBean(jakarta.jms.ConnectionFactory.class))
                .send("snodo.dead", session -> {
                    var message = session.createTextMessage(
                            new String(Certificate.plain(id).rest(), StandardCharsets.UTF_8));
                    message.setStringProperty("SnodoControlId", id);
                    return message;
                });
        JsonNode letter = await().atMost(Duration.ofSeconds(90))
                .until(() -> stray("JMS coda"), one -> one.path("size").asInt() > 100);
        assertThat(letter.path("nextStep").asText()).contains("non esiste altrove");
        String path = "/api/v1/dead-letters/" + letter.path("id").asText();
        JsonNode done = ok(post(path + "/replay?dryRun=false", "ops", "{}"));
        assertThat(done.path("messages").path(0).path("controlId").asText()).isEqualTo(id);
        OUT.state(id, "PUBLISHED");
        assertThat(HUB.message(id).path("protocol").asText()).isEqualTo("JMS");
        assertThat(waits(letter)).isFalse();
    }
}
