package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.Shared;
import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hub is killed while certificates come in. What it said yes to is there, once; its simulators live outside it. */
@Tag("kill")
class KillTest {

    private static final int CONNECTIONS = 4;
    private static final int KILLS = 2;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final int http = RunningHub.freePort();
    private final int management = RunningHub.freePort();
    private final int mllp = RunningHub.freePort();
    private final Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private volatile boolean sending = true;

    @TempDir
    Path data;

    @Test
    void what_was_acknowledged_before_a_kill_is_published_once() throws Exception {
        Random random = new Random(Long.getLong("snodo.test.seed", System.nanoTime()));
        SimulatorSettings settings =
                SimulatorSettings.onPort(0).withFseFiles(Shared.dir("fse").orElse(null));
        Process hub = null;
        try (Simulators outside = new Simulators(settings).start()) {
            List<Thread> senders = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                senders.add(new Thread(this::send, "sender-" + i));
            }
            hub = start(outside.url());
            senders.forEach(Thread::start);
            for (int kill = 0; kill < KILLS; kill++) {
                int before = acknowledged.size();
                await("certificates come in")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> acknowledged.size() > before + 3);
                // SIGKILL at a moment that nobody has chosen
                new CountDownLatch(1).await(random.nextInt(3000), TimeUnit.MILLISECONDS);
                hub.destroyForcibly().waitFor();
                hub = start(outside.url());
            }
            int before = acknowledged.size();
            await("certificates come in again")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> acknowledged.size() > before + 5);
            sending = false;
            for (Thread sender : senders) {
                sender.join(60_000);
            }
            Set<String> ids = new HashSet<>(acknowledged);
            assertThat(ids).as("each id was answered once").hasSameSizeAs(acknowledged);

            Set<String> documents = new HashSet<>();
            for (String id : ids) {
                documents.add(published(id));
            }

            assertThat(documents).hasSameSizeAs(ids);
            assertThat(once(outside.url() + "/fse/_state", "identificativoDoc", "timesPublished"))
                    .isEqualTo(documents);
            assertThat(once(outside.url() + "/rol/_state", "uniqueId", null)).isEqualTo(documents);
            assertThat(get(outside.url() + "/fse/_state").path("sameContentPublishedTwice"))
                    .isEmpty();
            System.out.println(ids.size() + " certificates, " + KILLS + " kills");
        } finally {
            sending = false;
            if (hub != null) {
                HubProcess.stop(hub);
            }
        }
    }

    /** The documents that are there, each once. */
    private static Set<String> once(String state, String name, String count) throws Exception {
        List<String> found = new ArrayList<>();
        for (JsonNode document : get(state).path("documents")) {
            if (count != null) {
                assertThat(document.path(count).asInt())
                        .as(document.path(name).asText())
                        .isEqualTo(1);
            }
            String id = document.path(name).asText();
            found.add(id.substring(id.indexOf('^') + 1));
        }
        assertThat(found).doesNotHaveDuplicates();
        return new HashSet<>(found);
    }

    private String published(String controlId) {
        String[] document = new String[1];
        await(controlId)
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    JsonNode items = get("http://localhost:" + http + "/api/v1/messages?controlId=" + controlId)
                            .path("items");
                    assertThat(items).as(controlId).hasSize(1);
                    document[0] = items.path(0).path("documentId").asText();
                    assertThat(items.path(0).path("state").asText()).isNotIn("FAILED", "REFUSED");
                    return items.path(0).path("state").asText().equals("PUBLISHED");
                });
        return document[0];
    }

    /** Sends certificate after certificate; what gets no answer is sent again, the very same, until it has one. */
    private void send() {
        while (sending) {
            String id = Outside.unique("KILL");
            byte[] message = Certificate.plain(id).hl7(id).getBytes(StandardCharsets.UTF_8);
            String answer = "";
            while (answer.isEmpty()) {
                try (Socket socket = new Socket("localhost", mllp)) {
                    socket.setSoTimeout(20_000);
                    answer = exchange(socket, message);
                } catch (IOException notThere) {
                    answer = "";
                    java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
                }
            }
            if (!answer.contains("MSA|AA|" + id)) {
                throw new AssertionError(answer);
            }
            acknowledged.add(id);
            java.util.concurrent.locks.LockSupport.parkNanos(250_000_000);
        }
    }

    private static String exchange(Socket socket, byte[] message) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x0B);
        frame.writeBytes(message);
        frame.write(0x1C);
        frame.write('\r');
        socket.getOutputStream().write(frame.toByteArray());
        socket.getOutputStream().flush();
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        for (int b = in.read(); b != 0x1C; b = in.read()) {
            if (b < 0) {
                return "";
            }
            answer.write(b);
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    private Process start(String outside) throws IOException {
        return HubProcess.start(
                http,
                management,
                Path.of("").toAbsolutePath(),
                "kill-test.log",
                "--snodo.mllp.port=" + mllp,
                "--snodo.simulator.port=" + RunningHub.freePort(),
                "--snodo.fse.base-url=" + outside + "/fse/v1",
                "--snodo.rol.base-url=" + outside + "/rol",
                "--snodo.data-dir=" + data);
    }

    private static JsonNode get(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(20))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString("ops:demo".getBytes(StandardCharsets.UTF_8)))
                .build();
        return JSON.readTree(
                CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
    }
}
