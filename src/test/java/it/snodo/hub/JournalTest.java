package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The journal as operations see it: any key finds the message, every message in and out is there with its bytes. */
class JournalTest {

    private static final RunningHub HUB = RunningHub.get();
    private static final Outside OUT = new Outside(HUB);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode search(String name, String value) {
        return HUB.json("/api/v1/messages?" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8), "ops")
                .path("items");
    }

    private static List<Long> ids(JsonNode items) {
        List<Long> ids = new ArrayList<>();
        items.forEach(item -> ids.add(item.path("id").asLong()));
        return ids;
    }

    private static JsonNode calls(long message) {
        return HUB.json("/api/v1/messages/" + message + "/calls", "assistenza").path("items");
    }

    private static JsonNode call(JsonNode calls, String destination, String operation) {
        for (JsonNode call : calls) {
            if (call.path("destination").asText().equals(destination)
                    && call.path("operation").asText().equals(operation)) {
                return call;
            }
        }
        throw new AssertionError(destination + " " + operation + " is not among " + calls);
    }

    @Test
    void any_key_finds_the_message_alone_and_by_q() {
        Certificate certificate = Certificate.plain(Outside.unique("KEY"))
                .with("nre", "010A4" + (1000000000 + System.nanoTime() % 899999999));
        String controlId = OUT.accepted(certificate);
        JsonNode message = OUT.published(controlId);
        long id = message.path("id").asLong();
        JsonNode create = call(calls(id), "FSE", "CREATE");

        Map<String, String> keys = Map.of(
                "controlId", controlId,
                "documentId", message.path("documentId").asText(),
                "fseIdentifier", message.path("fseIdentifier").asText(),
                "certificateNumber", message.path("certificateNumber").asText(),
                "nre", message.path("nre").asText(),
                "workflowInstanceId", create.path("workflowInstanceId").asText(),
                "traceId", create.path("traceId").asText());
        keys.forEach((name, value) -> {
            assertThat(value).as(name).isNotBlank();
            assertThat(ids(search(name, value))).as(name + " " + value).containsExactly(id);
            assertThat(ids(search("q", value))).as("q " + value).contains(id);
        });
        String person = certificate.text("patient.fiscalCode");
        assertThat(ids(search("patient", person))).contains(id);
        assertThat(ids(search("q", person))).contains(id);
        assertThat(ids(search("q", id + ""))).contains(id);
        assertThat(ids(search("sender", message.path("sender").asText()))).contains(id);
        assertThat(ids(search("sender", message.path("sender").asText().replaceFirst("[|].*", ""))))
                .contains(id);
        assertThat(search("q", "no such key")).isEmpty();
        assertThat(search("govwayId", "no such id")).isEmpty();
        assertThat(search("sender", "NOBODY")).isEmpty();
        String from = message.path("receivedAt").asText();
        assertThat(ids(HUB.json(
                                "/api/v1/messages?from=" + URLEncoder.encode(from, StandardCharsets.UTF_8)
                                        + "&controlId=" + URLEncoder.encode(controlId, StandardCharsets.UTF_8),
                                "ops")
                        .path("items")))
                .containsExactly(id);
        assertThat(ids(HUB.json(
                                "/api/v1/messages?to=" + URLEncoder.encode(from, StandardCharsets.UTF_8) + "&controlId="
                                        + URLEncoder.encode(controlId, StandardCharsets.UTF_8),
                                "ops")
                        .path("items")))
                .isEmpty();
    }

    @Test
    void what_went_out_is_kept_with_its_outcome_and_without_document_or_PIN() throws Exception {
        String pin = "51" + (100000 + System.nanoTime() % 899999);
        Certificate certificate = Certificate.plain(Outside.unique("OUT"))
                .with("onlineCollection.requested", "true")
                .with("onlineCollection.pin", pin);
        JsonNode message = OUT.published(OUT.accepted(certificate));
        long id = message.path("id").asLong();

        JsonNode calls = calls(id);

        for (JsonNode one : List.of(
                call(calls, "FSE", "VALIDATION"), call(calls, "FSE", "CREATE"), call(calls, "ROL", "INSERIMENTO"))) {
            assertThat(one.path("status").asInt()).as(one.toString()).isBetween(200, 202);
            assertThat(one.path("url").asText()).startsWith("http://localhost:" + HUB.simulator + "/");
            assertThat(one.path("requestSize").asLong()).isGreaterThan(10_000);
            assertThat(one.path("requestSha256").asText()).hasSize(64);
            assertThat(one.path("documentId").asText())
                    .isEqualTo(message.path("documentId").asText());
            assertThat(one.path("traceId").asText()).isNotBlank();
            String path = "/api/v1/messages/" + id + "/calls/" + one.path("id").asText();
            HttpResponse<byte[]> request = HUB.get(path + "/request", "ops");
            HttpResponse<byte[]> answer = HUB.get(path + "/answer", "ops");
            assertThat(JSON.readTree(request.body()).isObject()).isTrue();
            assertThat(request.body().length).isLessThan(10_000);
            assertThat(Outside.text(request)).doesNotContain(pin);
            assertThat(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(answer.body())))
                    .isEqualTo(one.path("answerSha256").asText());
            assertThat(HUB.get(path + "/request", "assistenza").statusCode()).isEqualTo(403);
        }
        assertThat(call(calls, "FSE", "CREATE").path("documentPart").asText()).isEqualTo("SIGNED_PDF");
        assertThat(call(calls, "ROL", "INSERIMENTO").has("deliveryId")).isTrue();
    }

    @Test
    void a_PIN_does_not_rest_in_the_journal_and_the_same_message_is_known_all_the_same() {
        if (HUB.context == null) {
            return;
        }
        String pin = "62" + (100000 + System.nanoTime() % 899999);
        Certificate certificate = Certificate.plain(Outside.unique("PIN"))
                .with("onlineCollection.requested", "true")
                .with("onlineCollection.pin", pin);
        String id = Outside.unique("C");
        String message = certificate.hl7(id);
        String first = OUT.mllp(message);

        assertThat(first).contains("MSA|AA|");
        assertThat(OUT.mllp(message)).isEqualTo(first);
        assertThat(OUT.mllp(message.replace(pin, "99999999")))
                .contains("MSA|AE|")
                .contains("SNODO-1007");
        byte[] raw = HUB.context
                .getBean(JdbcClient.class)
                .sql("select raw from message where control_id = ?")
                .param(id)
                .query(byte[].class)
                .single();
        assertThat(new String(raw, StandardCharsets.UTF_8))
                .contains("|PIN^PIN^99SNODO||********")
                .doesNotContain(pin);
    }

    @Test
    void pages_go_on_where_the_last_one_ended_newest_first() {
        String sender = Outside.unique("PAG");
        List<Long> sent = new ArrayList<>();
        for (int i = 0; i < 55; i++) {
            // refused for its type: one step and no certificate
            String id = sender + "-" + i;
            OUT.mllp("MSH|^~\\&|" + sender + "|OSP" + i % 2 + "|SNODO|REGIONE|20260301||ADT^A01|" + id + "|P|2.5");
            sent.add(0, HUB.message(id).path("id").asLong());
        }

        JsonNode first = HUB.json("/api/v1/messages?sender=" + sender, "ops");
        JsonNode second = HUB.json(
                "/api/v1/messages?sender=" + sender + "&next="
                        + first.path("next").asText(),
                "ops");

        List<Long> all = ids(first.path("items"));
        all.addAll(ids(second.path("items")));
        assertThat(first.path("items")).hasSize(50);
        assertThat(second.has("next")).isFalse();
        assertThat(all).isEqualTo(sent);
        assertThat(ids(search("sender", sender + "|OSP1"))).hasSize(27);
        assertThat(search("state", "REFUSED").path(0).path("state").asText()).isEqualTo("REFUSED");
    }

    @Test
    void FHIR_if_none_exist_gives_what_is_there_and_creates_nothing() throws Exception {
        Certificate certificate = Certificate.plain(Outside.unique("INE"));
        HttpResponse<byte[]> first = conditional(certificate, Outside.unique("B"));
        assertThat(first.statusCode()).as(Outside.text(first)).isEqualTo(200);
        String created = JSON.readTree(first.body())
                .path("entry")
                .path(0)
                .path("response")
                .path("location")
                .asText();

        HttpResponse<byte[]> again = conditional(certificate, Outside.unique("B"));
        HttpResponse<byte[]> other =
                conditional(certificate.copy().with("question", "Un altro quesito."), Outside.unique("B"));

        assertThat(again.statusCode()).as(Outside.text(again)).isEqualTo(200);
        JsonNode response = JSON.readTree(again.body()).path("entry").path(0).path("response");
        assertThat(response.path("status").asText()).startsWith("200");
        assertThat(response.path("location").asText()).isEqualTo(created);
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(Outside.text(other)).contains("SNODO-2007");
        String document = created.replaceFirst(".*/", "");
        OUT.delivery(document, "INSERIMENTO", "CONFIRMED");
        OUT.publishedOnce(document);
        List<String> states = new ArrayList<>();
        search("documentId", document)
                .forEach(item -> states.add(item.path("state").asText()));
        assertThat(states).containsExactlyInAnyOrder("PUBLISHED", "DISCARDED");
    }

    private static HttpResponse<byte[]> conditional(Certificate certificate, String id) throws Exception {
        JsonNode bundle = JSON.readTree(certificate.fhirTransaction(id));
        for (JsonNode entry : bundle.path("entry")) {
            if (entry.path("resource").path("resourceType").asText().equals("Composition")) {
                JsonNode identifier = entry.path("resource").path("identifier");
                ((ObjectNode) entry.path("request"))
                        .put(
                                "ifNoneExist",
                                "identifier=" + identifier.path("system").asText() + "|"
                                        + identifier.path("value").asText());
            }
        }
        return HUB.post("/fhir", "specialista", "application/fhir+json", JSON.writeValueAsBytes(bundle));
    }

    // --- what is no message ------------------------------------------------------------------------------------

    /** It is written down behind the answer. */
    private static JsonNode newest(String name, String value, String type, String state) {
        return org.awaitility.Awaitility.await(type + " of " + value)
                .atMost(java.time.Duration.ofSeconds(90))
                .until(
                        () -> {
                            for (JsonNode item : search(name, value)) {
                                if (item.path("type").asText().equals(type)) {
                                    return item;
                                }
                            }
                            return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
                        },
                        item -> item.path("state").asText().equals(state));
    }

    @Test
    void a_body_refused_by_its_size_is_in_the_journal_with_who_sent_it_and_its_beginning() throws Exception {
        // one that is announced is refused unread: a client that sent it all might not come to hear the answer
        try (java.net.Socket socket = new java.net.Socket("localhost", HUB.http)) {
            socket.setSoTimeout(120_000);
            String login =
                    java.util.Base64.getEncoder().encodeToString("specialista:demo".getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream()
                    .write(("POST /api/v1/certificates HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic " + login
                                    + "\r\nContent-Type: application/json\r\nContent-Length: 6291456\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));
            String status = new java.io.BufferedReader(
                            new java.io.InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            assertThat(status).startsWith("HTTP/1.1 413");
        }
        JsonNode announced = newest("sender", "specialista", "POST /certificates", "REFUSED");
        assertThat(announced.path("protocol").asText()).isEqualTo("REST");
        assertThat(announced.path("peer").asText()).startsWith("specialista ");
        assertThat(announced.path("size").asInt()).isEqualTo(6291456);
        assertThat(announced.path("faults").path(0).path("code").asText()).isEqualTo("SNODO-1008");

        java.io.ByteArrayOutputStream packed = new java.io.ByteArrayOutputStream();
        try (var gzip = new java.util.zip.GZIPOutputStream(packed)) {
            gzip.write(new byte[6 * 1024 * 1024]);
        }
        assertThat(HUB.post(
                                "/fhir/$process-message",
                                "specialista",
                                "application/fhir+json",
                                packed.toByteArray(),
                                "Content-Encoding",
                                "gzip")
                        .statusCode())
                .isEqualTo(413);
        JsonNode read = newest("sender", "specialista", "POST /$process-message", "REFUSED");
        assertThat(read.path("protocol").asText()).isEqualTo("FHIR");
        assertThat(read.path("size").asInt()).isEqualTo(packed.size());
        assertThat(read.path("sha256").asText())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(packed.toByteArray())));
        assertThat(HUB.get("/api/v1/messages/" + read.path("id").asText() + "/raw", "ops")
                        .body())
                .as("a PIN in packed bytes could not be blackened")
                .isEmpty();
    }

    @Test
    void a_notification_of_the_gateway_is_in_the_journal_with_what_came_of_it() {
        String callback = "/fse-callback/v1/workflow/status";
        String type = "POST " + callback;
        JsonNode message = OUT.published(OUT.accepted(Certificate.plain(Outside.unique("NOTIFY"))));
        String workflow = call(calls(message.path("id").asLong()), "FSE", "CREATE")
                .path("workflowInstanceId")
                .asText();
        byte[] known = ("{\"workflowInstanceId\":\"" + workflow + "\",\"events\":[]}").getBytes(StandardCharsets.UTF_8);
        assertThat(HUB.post(callback, null, "application/json", known).statusCode())
                .isEqualTo(200);
        JsonNode told = newest("documentId", message.path("documentId").asText(), type, "PUBLISHED");
        assertThat(told.path("protocol").asText()).isEqualTo("FSE");
        assertThat(told.path("peer").asText()).isNotBlank();
        assertThat(told.path("size").asInt()).isEqualTo(known.length);
        assertThat(HUB.json("/api/v1/messages/" + told.path("id").asText(), "ops")
                        .toString())
                .contains("chiesto subito al gateway");
        assertThat(HUB.get("/api/v1/messages/" + told.path("id").asText() + "/raw", "ops")
                        .body())
                .isEqualTo(known);

        HUB.post(
                callback,
                null,
                "application/json",
                "{\"workflowInstanceId\":\"nobody\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(newest("sender", "FSE", type, "DISCARDED").path("documentId").isMissingNode())
                .isTrue();
        assertThat(HUB.post(callback, null, "application/json", "{".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(400);
        assertThat(newest("sender", "FSE", type, "REFUSED")
                        .path("faults")
                        .path(0)
                        .path("code")
                        .asText())
                .isEqualTo("SNODO-6004");
    }
}
