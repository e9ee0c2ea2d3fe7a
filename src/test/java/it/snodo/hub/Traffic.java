package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.demo.MllpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Hospitals that send certificates over MLLP while the ground gives way, each over a connection of its own that it keeps
 * as long as it holds. What got no answer, or an answer that asks for it, is sent again: the same control id, the same
 * bytes, until there is a yes or a no. Every acknowledgement is written down, and in the end everything is looked for
 * where it had to arrive.
 *
 * <p>Some messages are wrong on purpose, so that there are refusals; some are sent again after their yes.
 */
final class Traffic implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final int mllp;
    private final int http;
    private final Duration pause;
    private final Random random;
    private final List<Thread> senders = new ArrayList<>();
    private volatile boolean sending = true;

    /** Control id to acknowledgement, of what was accepted. */
    final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    /** Control ids of what was refused for good. */
    final Set<String> refused = ConcurrentHashMap.newKeySet();
    /** How often a message was answered "to be sent again". */
    final AtomicInteger putOff = new AtomicInteger();
    /** How often a message was sent after its connection had failed. */
    final AtomicInteger resent = new AtomicInteger();
    /** How often one was sent after its yes. */
    final AtomicInteger repeated = new AtomicInteger();
    /** Milliseconds from sending to the yes, of what was accepted at the first try, with the second it was sent in. */
    final Queue<long[]> latencies = new ConcurrentLinkedQueue<>();

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    /** @param pause of each sender between two messages */
    Traffic(int mllp, int http, int connections, Duration pause, long seed) {
        this.mllp = mllp;
        this.http = http;
        this.pause = pause;
        this.random = new Random(seed);
        for (int i = 0; i < connections; i++) {
            long own = random.nextLong();
            Thread sender = new Thread(() -> send(new Random(own)), "sender-" + i);
            sender.setDaemon(true);
            senders.add(sender);
        }
    }

    Traffic start() {
        senders.forEach(Thread::start);
        return this;
    }

    /** Waits until so many more have been accepted. */
    void flows(int more) {
        int before = acknowledged.size();
        await("certificates are accepted")
                .atMost(Duration.ofSeconds(180))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> acknowledged.size() >= before + more);
        healthy();
    }

    /** Nothing that should not have been answered was. */
    void healthy() {
        assertThat(wrong).as("answers that must not be").isEmpty();
    }

    /** Lets each sender bring its message to an end, and ends. */
    void stop() throws InterruptedException {
        sending = false;
        for (Thread sender : senders) {
            sender.join(240_000);
            assertThat(sender.isAlive())
                    .as(sender.getName() + " still waits for an answer")
                    .isFalse();
        }
        healthy();
    }

    @Override
    public void close() {
        sending = false;
        senders.forEach(Thread::interrupt);
    }

    // --- sending -----------------------------------------------------------------------------------------------

    private void send(Random own) {
        Line line = new Line();
        while (sending) {
            String id = Outside.unique("KILL");
            Certificate certificate = Certificate.plain(id);
            boolean bad = own.nextInt(10) == 0;
            if (bad) {
                certificate.with("exemption.code", "ZZZ999");
            }
            byte[] message = certificate.hl7(id).getBytes(StandardCharsets.UTF_8);
            String answer = answered(line, id, message);
            if (answer == null) {
                return;
            }
            boolean yes = answer.contains("MSA|AA|" + id);
            if (yes == bad) {
                wrong.add(id + ": " + answer);
            }
            if (!yes) {
                refused.add(id);
            } else if (acknowledged.put(id, answer) == null && own.nextInt(8) == 0) {
                repeated.incrementAndGet();
                String again = answered(line, id, message);
                if (again != null && !again.equals(answer)) {
                    wrong.add(id + " again: " + again + " instead of " + answer);
                }
            }
            LockSupport.parkNanos((long) (pause.toNanos() * (0.5 + own.nextDouble())));
        }
        line.close();
    }

    /** A yes or a no, whatever it takes; null when the sender is interrupted. */
    private String answered(Line line, String id, byte[] message) {
        for (int tries = 1; !Thread.currentThread().isInterrupted(); tries++) {
            long begun = System.nanoTime();
            String answer = line.exchange(message);
            if (answer == null) {
                resent.incrementAndGet();
                LockSupport.parkNanos(400_000_000);
            } else if (!answer.contains("|" + id)) {
                wrong.add(id + " was answered " + answer);
                line.close();
            } else if (answer.contains("SNODO-90") && !answer.contains("MSA|AA|")) {
                putOff.incrementAndGet();
                LockSupport.parkNanos(250_000_000);
            } else {
                if (tries == 1 && answer.contains("MSA|AA|")) {
                    latencies.add(
                            new long[] {System.nanoTime() / 1_000_000_000, (System.nanoTime() - begun) / 1_000_000});
                }
                return answer;
            }
        }
        return null;
    }

    /** One connection, opened again when it has failed. */
    private final class Line {

        private MllpClient client;

        /** The answer's text; null when none came. */
        String exchange(byte[] message) {
            try {
                if (client == null) {
                    client = new MllpClient(mllp);
                    client.timeout(120_000);
                }
                String answer = client.exchange(message);
                if (answer == null) {
                    close();
                }
                return answer;
            } catch (UncheckedIOException e) {
                close();
                return null;
            }
        }

        void close() {
            if (client != null) {
                client.close();
                client = null;
            }
        }
    }

    // --- looking -----------------------------------------------------------------------------------------------

    /**
     * Everything acknowledged is in the journal once, published, and once at each simulator; nothing else is there.
     *
     * @param outside base URL of the simulators, which nobody else has used
     */
    void everythingAcknowledgedArrivedOnceAndNothingElse(String outside) throws Exception {
        everythingAcknowledgedArrivedOnceAndNothingElse(outside, false);
    }

    /** @param others whether there were others before, whose documents are there too */
    void everythingAcknowledgedArrivedOnceAndNothingElse(String outside, boolean others) throws Exception {
        Set<String> documents = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        for (String id : acknowledged.keySet()) {
            JsonNode message = published(id);
            documents.add(message.path("documentId").asText());
            numbers.add(message.path("certificateNumber").asText());
        }
        assertThat(documents).as("documents").hasSameSizeAs(acknowledged.keySet());
        assertThat(numbers).as("certificate numbers").hasSameSizeAs(acknowledged.keySet());
        for (String id : refused) {
            JsonNode items = items(id);
            assertThat(items).as(id).hasSize(1);
            assertThat(items.path(0).path("state").asText()).as(id).isEqualTo("REFUSED");
        }
        await("the index has them all")
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> get(outside + "/fse/_state").path("documents").findValues("timesPublished").stream()
                        .allMatch(times -> times.asInt() > 0));
        JsonNode fse = get(outside + "/fse/_state");
        Set<String> atFse = once(fse, "identificativoDoc", "timesPublished");
        Set<String> atRol = once(get(outside + "/rol/_state"), "uniqueId", null);
        if (others) {
            assertThat(atFse).containsAll(documents).isEqualTo(atRol);
        } else {
            assertThat(atFse).as("documents at FSE").isEqualTo(new TreeSet<>(documents));
            assertThat(atRol).as("documents at ROL").isEqualTo(new TreeSet<>(documents));
        }
        assertThat(fse.path("sameContentPublishedTwice")).isEmpty();
    }

    private JsonNode published(String controlId) {
        JsonNode[] found = new JsonNode[1];
        await(controlId)
                .atMost(Duration.ofSeconds(240))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    JsonNode items = items(controlId);
                    assertThat(items).as(controlId).hasSize(1);
                    found[0] = items.path(0);
                    String state = found[0].path("state").asText();
                    assertThat(state).as(controlId).isNotIn("FAILED", "REFUSED");
                    return state.equals("PUBLISHED");
                });
        return found[0];
    }

    private JsonNode items(String controlId) throws IOException, InterruptedException {
        return get("http://localhost:" + http + "/api/v1/messages?controlId="
                        + URLEncoder.encode(controlId, StandardCharsets.UTF_8))
                .path("items");
    }

    /** The documents that are there, each once. */
    private static Set<String> once(JsonNode state, String name, String count) {
        List<String> found = new ArrayList<>();
        for (JsonNode document : state.path("documents")) {
            String id = document.path(name).asText();
            if (count != null) {
                assertThat(document.path(count).asInt()).as(id).isEqualTo(1);
            } else {
                assertThat(document.path("times").path("INSERIMENTO").asInt())
                        .as(id)
                        .isEqualTo(1);
            }
            found.add(id.substring(id.indexOf('^') + 1));
        }
        assertThat(found).doesNotHaveDuplicates();
        return new TreeSet<>(found);
    }

    static final String OPS =
            "Basic " + Base64.getEncoder().encodeToString("ops:demo".getBytes(StandardCharsets.UTF_8));

    static JsonNode get(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", OPS)
                .build();
        return JSON.readTree(
                CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
    }

    @Override
    public String toString() {
        return "%d certificates accepted, %d refused, %d answers \"send again\", %d sent again without an answer, %d repeated"
                .formatted(acknowledged.size(), refused.size(), putOff.get(), resent.get(), repeated.get());
    }
}
