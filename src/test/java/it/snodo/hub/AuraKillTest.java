package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.Shared;
import it.snodo.aura.PlayedAura;
import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import it.snodo.simulator.wire.Answer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The hub is killed (SIGKILL) between its request to AURA and the answer: whether AURA has done it or not, in the end the
 * exemption stands there once and the pratica is validated. Only with {@code -Pchaos}; the same in one process, call by call, is
 * in {@code AuraDeliveryTest}.
 */
@Tag("chaos")
@EnabledIfSystemProperty(named = "snodo.chaos", matches = "true")
class AuraKillTest {

    private static final String PERSON =
            Certificate.fiscalCode("FERRERO", "TERESA", LocalDate.of(1955, 6, 7), true, "L219");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_hub_killed_while_aura_is_silent_leaves_one_exemption_there(boolean takesEffect) throws Exception {
        try (Simulators outside = new Simulators(SimulatorSettings.onPort(0)
                                .withFseFiles(Shared.dir("fse").orElse(null)))
                        .start();
                PlayedAura aura = new PlayedAura()) {
            aura.password = "segreta";
            aura.person(
                    "11", PERSON, "cognome", "FERRERO", "nome", "TERESA", "sesso", "F", "dataNascita", "1955-06-07");
            HubRun hub = new HubRun(
                    data,
                    "aura-kill-test.log",
                    "--snodo.aura.base-url=" + aura.url(),
                    "--snodo.aura.user=" + aura.user,
                    "--snodo.aura.password=" + aura.password);
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch killed = new CountDownLatch(1);
            try {
                hub.start(outside.url());
                long certificate = certificate(hub.http);
                aura.answers(call -> {
                    if (!call.operation().equals("esenzionePatologia")) {
                        return answer -> answer;
                    }
                    if (takesEffect) {
                        return answer -> silent(asked, killed);
                    }
                    silent(asked, killed);
                    return null;
                });
                CompletableFuture<HttpResponse<String>> never = CLIENT.sendAsync(
                        request(hub.http, "/api/v1/certificates/" + certificate + "/exemption", "verdi", "{}"),
                        HttpResponse.BodyHandlers.ofString());
                asked.await();
                hub.kill();
                killed.countDown();
                assertThat(never.handle((answer, failed) -> answer == null ? 0 : answer.statusCode())
                                .join())
                        .isIn(0, 202);
                assertThat(aura.effects).hasSize(takesEffect ? 1 : 0);

                aura.behave();
                hub.start(outside.url());
                await().atMost(HubProcess.PATIENCE)
                        .untilAsserted(() -> assertThat(get(hub.http, "/api/v1/pratiche?fiscalCode=" + PERSON, "verdi")
                                        .findValuesAsText("stateLabel"))
                                .containsExactly("Validata"));
                assertThat(aura.effects).as("told once").hasSize(1);
                assertThat(aura.held).hasSize(1);
                assertThat(get(hub.http, "/api/v1/exemptions?fiscalCode=" + PERSON, "verdi")
                                .path("items")
                                .findValuesAsText("state"))
                        .containsExactly("ACTIVE");
            } finally {
                killed.countDown();
                hub.stop();
            }
        }
    }

    private static Answer silent(CountDownLatch asked, CountDownLatch killed) {
        asked.countDown();
        try {
            killed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Answer.nothing().sent(Answer.Manner.DROP);
    }

    /** Number of one that is signed. */
    private static long certificate(int port) throws Exception {
        String number = "AURA-KILL-" + System.nanoTime();
        byte[] body = Certificate.plain(number)
                .with("patient.fiscalCode", PERSON)
                .with("patient.family", "FERRERO")
                .with("patient.given", "TERESA")
                .with("patient.birthDate", "1955-06-07")
                .with("patient.gender", "F")
                .with("author.fiscalCode", "VRDLGU60A01L219E")
                .with("author.family", "VERDI")
                .with("author.given", "LUIGI")
                .with("exemption.code", "019")
                .with("exemption.description", "GLAUCOMA")
                .with("diagnosis.code", "365.5")
                .with("diagnosis.description", "GLAUCOMA")
                .rest();
        HttpResponse<String> sent = CLIENT.send(
                request(port, "/api/v1/certificates", "specialista", new String(body, StandardCharsets.UTF_8)),
                HttpResponse.BodyHandlers.ofString());
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(201);
        long certificate = JSON.readTree(sent.body()).path("certificateNumber").asLong();
        await().atMost(HubProcess.PATIENCE).until(() -> get(port, "/api/v1/certificates/" + certificate, "verdi")
                .path("state")
                .asText()
                .equals("VALIDO"));
        return certificate;
    }

    private static JsonNode get(int port, String path, String user) throws Exception {
        return JSON.readTree(CLIENT.send(request(port, path, user, null), HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private static HttpRequest request(int port, String path, String user, String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "k" + System.nanoTime())
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString((user + ":demo").getBytes(StandardCharsets.UTF_8)));
        return (json == null ? request : request.POST(HttpRequest.BodyPublishers.ofString(json))).build();
    }
}
