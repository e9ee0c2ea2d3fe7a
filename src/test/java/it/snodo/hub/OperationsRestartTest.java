package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.demo.CupPorts;
import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import it.snodo.simulator.cup.CupSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What people have ordered holds after the hub was killed and started again. */
class OperationsRestartTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int[] ports =
            IntStream.generate(RunningHub::freePort).limit(4).toArray();

    private final int cups = CupPorts.reserve();

    @Test
    void a_pause_a_batch_and_half_a_move_go_on_after_a_kill_and_an_expected_down_window_is_told_and_tries_nothing()
            throws Exception {
        SimulatorSettings cupsOutside =
                SimulatorSettings.onPort(0).withCup(new CupSettings(cups, "localhost", ports[2]));
        try (Simulators outside = new Simulators(cupsOutside).start()) {
            goesOn(outside.url());
        }
    }

    private void goesOn(String outside) throws Exception {
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "hubs")), "operations")
                .toAbsolutePath();
        Process first = hub(folder);
        BookingSample person = new BookingSample().with("prescription.form=M01");
        String old;
        String moved;
        try {
            old = booked(person);
            // the old place cannot be given back for now: the hub dies between the two steps
            outside(outside, "POST", "/cup/301/rules", "{\"operation\":\"REVOKE\",\"times\":0,\"wire\":\"DROP\"}");
            moved = booked(person.with("movesFrom=" + old + ";lines[0].azienda=010203"));
            send("POST", "/api/v1/destinations/FSE/pause", "{\"reason\":\"fermo concordato\"}");
            send(
                    "POST",
                    "/api/v1/batches",
                    "{\"name\":\"lungo\",\"action\":\"discard\",\"perMinute\":60,\"reason\":\"prova\",\"ids\":[1,2,3,4,5,6]}");
        } finally {
            first.destroyForcibly().waitFor();
        }
        assertThat(standing(outside)).containsExactlyInAnyOrder("301 " + old, "203 " + moved);
        outside(outside, "DELETE", "/cup/301/rules", null);
        Process second = hub(folder, "--snodo.publication.rol.expected-down=00:00-24:00");
        try {
            assertThat(destination("FSE").path("state").asText()).isEqualTo("PAUSED");
            assertThat(destination("FSE").path("pause").path("reason").asText()).isEqualTo("fermo concordato");
            assertThat(destination("ROL").path("state").asText()).isEqualTo("EXPECTED_DOWN");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(send("GET", "/api/v1/batches/lungo", null)
                                    .path("state")
                                    .asText())
                            .isEqualTo("DONE"));
            await("the second step of the move is done")
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(standing(outside)).containsExactly("203 " + moved));
            assertThat(booking(person, old)).isEqualTo("REVOKED");
            assertThat(booking(person, moved)).isEqualTo("BOOKED");
            assertThat(send("GET", "/api/v1/batches/lungo", null)
                            .path("refused")
                            .asInt())
                    .as("none of these messages exists")
                    .isEqualTo(6);
            JsonNode health = JSON.readTree(
                    call("GET", ports[1], "/actuator/health", null).body());
            assertThat(health.path("status").asText()).isEqualTo("UP");
            assertThat(health.toString()).contains("fermo concordato").contains("00:00-24:00");
        } finally {
            HubProcess.stop(second);
        }
    }

    private String booked(BookingSample sample) throws Exception {
        JsonNode answer = send("POST", "/api/v1/bookings", new String(sample.json(), StandardCharsets.UTF_8));
        assertThat(answer.path("result").asText()).isEqualTo("BOOKED");
        return answer.path("booking").path("code").asText();
    }

    private String booking(BookingSample sample, String code) throws Exception {
        return send("GET", "/api/v1/bookings/" + code + "?fiscalCode=" + sample.text("/patient/fiscalCode"), null)
                .path("state")
                .asText();
    }

    /** Azienda and code of every place that is taken. */
    private static List<String> standing(String outside) throws Exception {
        List<String> standing = new ArrayList<>();
        for (String azienda : List.of("301", "203")) {
            for (JsonNode one :
                    outside(outside, "GET", "/cup/" + azienda + "/state", null).path("bookings")) {
                if (one.path("state").asText().equals("BOOKED")) {
                    standing.add(azienda + " " + one.path("placer").asText());
                }
            }
        }
        return standing;
    }

    private static JsonNode outside(String outside, String method, String path, String json) throws Exception {
        HttpResponse<String> answer = CLIENT.send(
                HttpRequest.newBuilder(URI.create(outside + path))
                        .method(
                                method,
                                json == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path).isBetween(200, 299);
        return JSON.readTree(answer.body());
    }

    private Process hub(Path folder, String... more) throws IOException {
        String[] arguments = {
            "--snodo.mllp.port=" + ports[2],
            "--snodo.simulator.port=" + ports[3],
            "--snodo.cup.base-port=" + cups,
            "--snodo.fse.base-url=http://localhost:" + ports[3] + "/fse/v1",
            "--snodo.rol.base-url=http://localhost:" + ports[3] + "/rol",
            "--snodo.data-dir=" + folder.resolve("data")
        };
        return HubProcess.start(
                ports[0],
                ports[1],
                folder,
                "operations-restart.log",
                java.util.stream.Stream.concat(java.util.stream.Stream.of(arguments), java.util.stream.Stream.of(more))
                        .toArray(String[]::new));
    }

    private JsonNode destination(String name) throws Exception {
        for (JsonNode one : send("GET", "/api/v1/destinations", null).path("items")) {
            if (one.path("name").asText().equals(name)) {
                return one;
            }
        }
        throw new AssertionError(name);
    }

    private JsonNode send(String method, String path, String json) throws Exception {
        HttpResponse<String> answer = call(method, ports[0], path, json);
        assertThat(answer.statusCode()).as(path + " " + answer.body()).isBetween(200, 202);
        return JSON.readTree(answer.body());
    }

    private static HttpResponse<String> call(String method, int port, String path, String json) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                        .header(
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString("ops:demo".getBytes(StandardCharsets.UTF_8)))
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                json == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
