package it.snodo.simulator.fse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The simulated gateway over real sockets, with rules of its own: what it takes, forgets, refuses and spoils to order. */
class FseGatewayTest {
    private static final String ROOT = "2.16.840.1.113883.2.9.2.10.4.4^";

    @TempDir
    Path data;

    private Simulators simulators;
    private Client client;

    @BeforeEach
    void start() {
        start(FseSettings.defaults().withIndex(true, Duration.ofMillis(20)));
    }

    private void start(FseSettings settings) {
        simulators = new Simulators(SimulatorSettings.onPort(0)
                        .withDataDir(data)
                        .withFseFiles(null)
                        .withFse(settings))
                .start();
        client = new Client(simulators.url() + "/fse");
    }

    @AfterEach
    void stop() {
        simulators.close();
    }

    private JsonNode indexEvent(String wii) {
        return await().atMost(Duration.ofSeconds(10))
                .until(
                        () -> {
                            for (JsonNode event : client.status(wii).json().path("transactionData")) {
                                if (event.path("eventType").asText().equals("SEND_TO_INI")) {
                                    return event;
                                }
                            }
                            return null;
                        },
                        event -> event != null);
    }

    private JsonNode document(String id) throws IOException {
        for (JsonNode document : client.state().path("documents")) {
            if (document.path("identificativoDoc").asText().equals(ROOT + id)) {
                return document;
            }
        }
        return Client.JSON.missingNode();
    }

    @Test
    void a_document_travels_from_validation_to_the_index() throws Exception {
        byte[] pdf = SampleCda.pdf("1");
        Client.Reply validated = client.validate(pdf, SampleCda.PERSON);
        assertThat(validated.status()).as(validated.text()).isEqualTo(201);
        String wii = validated.json().path("workflowInstanceId").asText();
        byte[] signed = SamplePdf.signed(pdf);
        Client.Reply published =
                client.send(client.creation(signed, SampleCda.PERSON, Client.publicationBody(ROOT + "D1", wii)));
        assertThat(published.status()).as(published.text()).isEqualTo(202);
        assertThat(published.json().path("workflowInstanceId").asText()).isEqualTo(wii);
        assertThat(indexEvent(wii).path("eventStatus").asText()).isEqualTo("SUCCESS");
        assertThat(document("D1").path("timesPublished").asInt()).isEqualTo(1);
        assertThat(document("D1").path("hash").asText()).isEqualTo(CdaText.sha256(signed));
    }

    @Test
    void a_lost_answer_means_that_the_document_was_taken_and_the_retry_is_told_so() throws Exception {
        byte[] pdf = SampleCda.pdf("2");
        byte[] signed = SamplePdf.signed(pdf);
        client.order("{\"operation\":\"CREATE\",\"document\":\"D2$\",\"wire\":\"LOST_ANSWER\"}");
        assertThatThrownBy(() -> client.publish(pdf, signed, SampleCda.PERSON, ROOT + "D2"))
                .isInstanceOf(IOException.class);
        await().untilAsserted(() ->
                assertThat(document("D2").path("timesPublished").asInt()).isEqualTo(1));

        Client.Reply again = client.publish(pdf, signed, SampleCda.PERSON, ROOT + "D2");
        assertThat(again.status()).isEqualTo(202);
        JsonNode event = indexEvent(again.json().path("workflowInstanceId").asText());
        assertThat(event.path("eventStatus").asText()).isEqualTo("BLOCKING_ERROR");
        assertThat(event.path("message").asText()).contains("R224");
        assertThat(document("D2").path("timesPublished").asInt()).isEqualTo(1);
        assertThat(document("D2").path("refused").asInt()).isEqualTo(1);
    }

    @Test
    void a_connection_dropped_or_reset_before_the_effect_leaves_nothing_behind() throws Exception {
        byte[] pdf = SampleCda.pdf("3");
        byte[] signed = SamplePdf.signed(pdf);
        client.order("[{\"operation\":\"CREATE\",\"wire\":\"DROP\"},{\"operation\":\"CREATE\",\"wire\":\"RESET\"}]");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> client.publish(pdf, signed, SampleCda.PERSON, ROOT + "D3"))
                    .isInstanceOf(IOException.class);
        }
        assertThat(client.state().path("waitingForIndex").asInt()).isZero();
        assertThat(client.state().path("effects")).isEmpty();
        assertThat(client.publish(pdf, signed, SampleCda.PERSON, ROOT + "D3").status())
                .isEqualTo(202);
    }

    @Test
    void half_an_answer_reaches_the_client_as_a_broken_one_and_the_effect_stands() throws Exception {
        byte[] pdf = SampleCda.pdf("4");
        client.order("{\"operation\":\"CREATE\",\"wire\":\"HALF\"}");
        assertThatThrownBy(() -> client.publish(pdf, SamplePdf.signed(pdf), SampleCda.PERSON, ROOT + "D4"))
                .isInstanceOf(IOException.class);
        await().untilAsserted(() ->
                assertThat(document("D4").path("timesPublished").asInt()).isEqualTo(1));
    }

    @Test
    void errors_are_answered_to_order_for_the_calls_meant() throws Exception {
        byte[] pdf = SampleCda.pdf("5");
        client.order("{\"operation\":\"VALIDATION\",\"skip\":1,\"times\":2,"
                + "\"error\":{\"status\":503,\"retryAfter\":7}}");
        assertThat(client.validate(pdf, SampleCda.PERSON).status()).isEqualTo(201);
        Client.Reply busy = client.validate(pdf, SampleCda.PERSON);
        assertThat(busy.status()).isEqualTo(503);
        assertThat(busy.raw().headers().firstValue("Retry-After")).hasValue("7");
        assertThat(client.validate(pdf, SampleCda.PERSON).status()).isEqualTo(503);
        assertThat(client.validate(pdf, SampleCda.PERSON).status()).isEqualTo(201);

        client.order("{\"operation\":\"VALIDATION\",\"error\":{\"govway\":\"TokenInTheFuture\"}}");
        Client.Reply future = client.validate(pdf, SampleCda.PERSON);
        assertThat(future.status()).isEqualTo(401);
        assertThat(future.json().path("type").asText()).endsWith("/401/TokenInTheFuture.html");
        assertThat(future.raw().headers().firstValue("GovWay-Transaction-ID")).isPresent();

        client.order("{\"operation\":\"VALIDATION\",\"error\":{\"type\":\"/msg/generic-timeout\"}}");
        Client.Reply late = client.validate(pdf, SampleCda.PERSON);
        assertThat(late.status()).isEqualTo(504);
        assertThat(late.json().path("type").asText()).isEqualTo("/msg/generic-timeout");
    }

    @Test
    void a_rule_that_makes_no_sense_is_refused_by_name() throws Exception {
        Client.Reply refused = client.send(client.to("/_control")
                .POST(HttpRequest.BodyPublishers.ofString("{\"wire\":\"FORSE\"}"))
                .build());
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("detail").asText()).contains("LOST_ANSWER");
    }

    @Test
    void a_slow_answer_comes_late_but_whole() throws Exception {
        client.order("{\"operation\":\"VALIDATION\",\"delayMs\":300}");
        Instant before = Instant.now();
        assertThat(client.validate(SampleCda.pdf("6"), SampleCda.PERSON).status())
                .isEqualTo(201);
        assertThat(Duration.between(before, Instant.now())).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void what_was_taken_survives_a_restart_and_what_waited_is_finished() throws Exception {
        simulators.close();
        start(FseSettings.defaults().withIndex(true, Duration.ofDays(1)));
        byte[] pdf = SampleCda.pdf("7");
        byte[] signed = SamplePdf.signed(pdf);
        String wii = client.publish(pdf, signed, SampleCda.PERSON, ROOT + "D7")
                .json()
                .path("workflowInstanceId")
                .asText();
        String waiting = client.validate(SampleCda.pdf("8"), SampleCda.PERSON)
                .json()
                .path("workflowInstanceId")
                .asText();
        assertThat(client.state().path("waitingForIndex").asInt()).isEqualTo(1);

        simulators.close();
        start(FseSettings.defaults().withIndex(true, Duration.ofMillis(20)));
        assertThat(indexEvent(wii).path("eventStatus").asText()).isEqualTo("SUCCESS");
        assertThat(document("D7").path("timesPublished").asInt()).isEqualTo(1);
        assertThat(client.send(client.creation(
                                SamplePdf.signed(SampleCda.pdf("8")),
                                SampleCda.PERSON,
                                Client.publicationBody(ROOT + "D8", waiting)))
                        .status())
                .isEqualTo(202);

        simulators.close();
        start();
        assertThat(document("D7").path("timesPublished").asInt()).isEqualTo(1);
        Client.Reply again = client.publish(pdf, signed, SampleCda.PERSON, ROOT + "D7");
        assertThat(indexEvent(again.json().path("workflowInstanceId").asText())
                        .path("message")
                        .asText())
                .contains("R224");
    }

    @Test
    void the_same_content_under_two_ids_shows_as_two_effects() throws Exception {
        byte[] pdf = SampleCda.pdf("9");
        client.publish(pdf, SamplePdf.signed(pdf), SampleCda.PERSON, ROOT + "D9a");
        client.publish(pdf, SamplePdf.signed(pdf), SampleCda.PERSON, ROOT + "D9b");
        await().untilAsserted(() ->
                assertThat(client.state().path("effectsTaken").asInt()).isEqualTo(2));
        assertThat(client.state().path("sameContentPublishedTwice").path(0)).hasSize(2);
    }

    @Test
    void very_restricted_documents_must_be_obscured_or_the_index_refuses_them() throws Exception {
        UnaryOperator<String> v = t -> t.replace("<confidentialityCode code=\"N\"", "<confidentialityCode code=\"V\"");
        byte[] pdf = SampleCda.pdf("10", v);
        Client.Reply bare = client.publish(pdf, SamplePdf.signed(pdf), SampleCda.PERSON, ROOT + "D10");
        assertThat(bare.status()).isEqualTo(202);
        assertThat(indexEvent(bare.json().path("workflowInstanceId").asText())
                        .path("message")
                        .asText())
                .contains("R227");

        String wii = client.validate(pdf, SampleCda.PERSON)
                .json()
                .path("workflowInstanceId")
                .asText();
        ObjectNode body = Client.publicationBody(ROOT + "D10", wii);
        body.putArray("attiCliniciRegoleAccesso").add("P99");
        client.send(client.creation(SamplePdf.signed(pdf), SampleCda.PERSON, body));
        assertThat(indexEvent(wii).path("eventStatus").asText()).isEqualTo("SUCCESS");
    }

    @Test
    void replacement_metadata_and_delete_change_what_is_known_once_each() throws Exception {
        byte[] first = SampleCda.pdf("11");
        client.publish(first, SamplePdf.signed(first), SampleCda.PERSON, ROOT + "D11");
        await().until(() -> document("D11").path("state").asText().equals("PUBLISHED"));
        byte[] second = SampleCda.pdf("12");
        String wii = client.validate(second, SampleCda.PERSON)
                .json()
                .path("workflowInstanceId")
                .asText();
        Client.Reply replaced = client.send(client.replacement(
                ROOT + "D11", SamplePdf.signed(second), SampleCda.PERSON, Client.publicationBody(ROOT + "D12", wii)));
        assertThat(replaced.status()).as(replaced.text()).isEqualTo(202);
        await().until(() -> document("D12").path("state").asText().equals("PUBLISHED"));
        assertThat(document("D11").path("state").asText()).isEqualTo("REPLACED");
        assertThat(document("D11").path("replacedBy").asText()).isEqualTo(ROOT + "D12");

        ObjectNode metadata = Client.publicationBody(ROOT + "D12", null);
        metadata.remove("identificativoDoc");
        metadata.putArray("attiCliniciRegoleAccesso").add("P99");
        Client.Reply updated = client.send(client.authorized(
                        client.to("/v1/documents/" + (ROOT + "D12").replace("^", "%5E") + "/metadata"),
                        Client.claims(SampleCda.PERSON, "UPDATE", "ACCESS UPDATE", null))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(metadata.toString()))
                .build());
        assertThat(updated.status()).as(updated.text()).isEqualTo(200);
        assertThat(document("D12")
                        .path("metadata")
                        .path("attiCliniciRegoleAccesso")
                        .path(0)
                        .asText())
                .isEqualTo("P99");

        HttpRequest.Builder deletion = client.to("/v1/documents/" + (ROOT + "D12").replace("^", "%5E"));
        assertThat(client.send(client.authorized(deletion, Client.claims(SampleCda.PERSON, "DELETE", "UPDATE", null))
                                .DELETE()
                                .build())
                        .status())
                .isEqualTo(200);
        assertThat(document("D12").path("timesDeleted").asInt()).isEqualTo(1);
        Client.Reply gone = client.send(client.authorized(
                        client.to("/v1/documents/" + (ROOT + "D12").replace("^", "%5E")),
                        Client.claims(SampleCda.PERSON, "DELETE", "UPDATE", null))
                .DELETE()
                .build());
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.json().path("type").asText()).isEqualTo("/msg/record-not-found");
    }

    @Test
    void the_outcome_is_pushed_to_the_address_that_the_call_named() throws Exception {
        BlockingQueue<String> pushed = new LinkedBlockingQueue<>();
        HttpServer hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.createContext("/fse/v1/workflow/status", exchange -> {
            pushed.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        hub.start();
        try {
            byte[] pdf = SampleCda.pdf("13");
            byte[] signed = SamplePdf.signed(pdf);
            String wii = client.validate(pdf, SampleCda.PERSON)
                    .json()
                    .path("workflowInstanceId")
                    .asText();
            HttpRequest creation = client.creation(signed, SampleCda.PERSON, Client.publicationBody(ROOT + "D13", wii));
            HttpRequest named = HttpRequest.newBuilder(creation, (name, value) -> true)
                    .header(
                            "X-Callback-Url",
                            "http://localhost:" + hub.getAddress().getPort() + "/fse")
                    .build();
            assertThat(client.send(named).status()).isEqualTo(202);
            String body = pushed.poll(10, TimeUnit.SECONDS);
            assertThat(body).isNotNull();
            JsonNode events = Client.JSON.readTree(body).path("events");
            assertThat(events).hasSize(3);
            assertThat(events.path(2).path("eventType").asText()).isEqualTo("SEND_TO_INI");
        } finally {
            hub.stop(0);
        }
    }

    // --- the edge

    private Client.Reply validateWith(ObjectNode bearer, String signatureToken) throws IOException {
        return client.send(Client.multipart(
                        client.to("/v1/documents/validation")
                                .header("Authorization", "Bearer " + Client.token(bearer))
                                .header("FSE-JWT-Signature", signatureToken),
                        "POST",
                        SampleCda.pdf("20"),
                        "a.pdf",
                        "{\"activity\":\"VALIDATION\",\"mode\":\"ATTACHMENT\"}",
                        "application/json")
                .build());
    }

    private static String goodToken() {
        return Client.token(Client.claims(SampleCda.PERSON, "CREATE", "TREATMENT", null));
    }

    @Test
    void the_edge_stops_expired_premature_altered_and_repeated_tokens() throws Exception {
        long now = Instant.now().getEpochSecond();
        ObjectNode expired = Client.bearerClaims("S1#111PROVA").put("exp", now - 1);
        assertThat(validateWith(expired, goodToken()).status()).isEqualTo(401);

        ObjectNode early = Client.bearerClaims("S1#111PROVA").put("iat", now + 300);
        Client.Reply future = validateWith(early, goodToken());
        assertThat(future.status()).isEqualTo(401);
        assertThat(future.json().path("title").asText()).isEqualTo("TokenInTheFuture");

        String good = goodToken();
        String altered = good.substring(0, good.length() - 8) + "AAAAAAAA";
        assertThat(validateWith(Client.bearerClaims("S1#111PROVA"), altered)
                        .json()
                        .path("title")
                        .asText())
                .isEqualTo("TokenAuthenticationFailed");

        ObjectNode stranger = Client.bearerClaims("S1#111PROVA").put("iss", "auth:S1#222ALTRI");
        assertThat(validateWith(stranger, goodToken()).status()).isEqualTo(400);

        ObjectNode once =
                Client.bearerClaims("S1#111PROVA").put("jti", UUID.randomUUID().toString());
        assertThat(validateWith(once, goodToken()).status()).isEqualTo(201);
        Client.Reply twice = validateWith(once, goodToken());
        assertThat(twice.status()).isEqualTo(400);
        assertThat(twice.json().path("title").asText()).isEqualTo("InteroperabilityInvalidRequest");
    }

    // --- own rules

    @Test
    void without_official_files_documents_are_judged_by_own_rules() throws Exception {
        record Case(UnaryOperator<String> change, int status, String type, String says) {}
        for (Case c : new Case[] {
            new Case(t -> t, 201, "", ""),
            new Case(t -> t.replaceFirst("<confidentialityCode[^>]*/>", ""), 400, "/msg/syntax", "cvc-complex-type"),
            new Case(t -> t.replace("<city>Torino</city>", ""), 422, "/msg/semantic", "ERRORE-11|"),
            new Case(
                    t -> t.replace("<signatureCode code=\"S\"/>", "<signatureCode code=\"X\"/>"),
                    422,
                    "/msg/semantic",
                    "ERRORE-30|"),
            new Case(t -> t.replace("code=\"47045-0\"", "code=\"57827-8\""), 422, "/msg/semantic", "ERRORE-b20|"),
            new Case(t -> t.replace("code=\"250.00\"", "code=\"25000\""), 400, "/msg/vocabulary", "25000"),
            new Case(
                    t -> t.replace("code=\"F\" codeSystem", "code=\"Z\" codeSystem"),
                    400,
                    "/msg/vocabulary",
                    "Codes: Z"),
            new Case(t -> t.replace("</author>", ""), 400, "/msg/syntax", "xsd"),
            new Case(t -> t.replace("?>", "?><!DOCTYPE x>"), 400, "/msg/syntax", "xsd"),
        }) {
            Client.Reply reply = client.validate(SampleCda.pdf("30", c.change()), SampleCda.PERSON);
            assertThat(reply.status()).as(reply.text()).isEqualTo(c.status());
            assertThat(reply.json().path("type").asText("")).isEqualTo(c.type());
            assertThat(reply.json().path("detail").asText("")).contains(c.says());
        }
    }
}
