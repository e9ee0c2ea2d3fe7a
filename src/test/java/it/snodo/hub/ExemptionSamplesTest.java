package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.demo.ExemptionPlayer;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes of certificates in the demo: exemptions, with AURA and without, and an annulment. */
class ExemptionSamplesTest {

    private static final RunningHub HUB = RunningHub.get();
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Those of the three exemptions. */
    private static final List<String> PERSONS = List.of("GLLSFN72B11L219C", "BGGLMR57B58L219T", "BRBLRA59M70L219S");

    @TempDir
    Path folder;

    @Test
    void each_scene_ends_as_it_should_and_a_second_play_tells_aura_nothing() throws Exception {
        String chronic = chronic();
        ExemptionPlayer player = new ExemptionPlayer(JSON, HUB.http, HUB.simulator, folder);
        assertThat(player.play(chronic)).isTrue();
        assertThat(folder.resolve("attestato-GLLSFN72B11L219C.pdf")).isNotEmptyFile();
        long told = told();
        assertThat(told).isEqualTo(PERSONS.size());
        assertThat(player.play(chronic)).isTrue();
        assertThat(told()).isEqualTo(told);
    }

    /** Number of the first sample's certificate, signed and published. */
    private static String chronic() throws Exception {
        try (InputStream in = ExemptionPlayer.class.getResourceAsStream("/demo/01-cronica.hl7")) {
            HUB.mllp(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        JsonNode message = await().atMost(Duration.ofMinutes(5))
                .until(
                        () -> HUB.json("/api/v1/messages?controlId=DEMO-0001", "ops")
                                .path("items")
                                .path(0),
                        each -> each.path("state").asText().equals("PUBLISHED"));
        return message.path("certificateNumber").asText();
    }

    /** How often AURA was told something of the three. */
    private static long told() throws Exception {
        String state = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + HUB.simulator + "/aura/_state"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return StreamSupport.stream(JSON.readTree(state).path("effects").spliterator(), false)
                .filter(each -> PERSONS.contains(each.path("fiscalCode").asText()))
                .count();
    }
}
