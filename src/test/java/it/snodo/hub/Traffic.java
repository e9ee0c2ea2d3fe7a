package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
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
 * Hospitals that send certificates while the ground gives way, each over an MLLP connection of its own that it keeps as
 * long as it holds. What got no answer, or an answer that asks for it, is sent again: the same control id, the same bytes,
 * until there is a yes or a no. Every acknowledgement is written down, and in the end everything is looked for where it
 * had to arrive.
 *
 * <p>Some messages are wrong on purpose, so that there are refusals; some are sent again after their yes. With
 * {@link #variety()} some go over REST, and some documents are replaced or annulled.
 */
final class Traffic implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    /** At the end of an annulment's control id. */
    private static final String ANNULMENT = "-A";

    private final int mllp;
    private final int http;
    private final Duration pause;
    private final Random random;
    private final List<Thread> senders = new ArrayList<>();
    private volatile boolean sending = true;
    private boolean variety;

    /** Control id, which is the document's number too, to acknowledgement, of the documents accepted. */
    final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    /** Replaced document to the one that took its place, by control id. */
    private final Map<String, String> replaced = new ConcurrentHashMap<>();
    /** Annulled document to its annulment, by control id. */
    private final Map<String, String> annulled = new ConcurrentHashMap<>();
    /** Control ids of what was refused for good. */
    final Set<String> refused = ConcurrentHashMap.newKeySet();
    /** How often a message was answered "to be sent again". */
    final AtomicInteger putOff = new AtomicInteger();
    /** How often a message was sent after its connection had failed. */
    final AtomicInteger resent = new AtomicInteger();
    /** How often one was sent after its yes. */
    final AtomicInteger repeated = new AtomicInteger();
    /** Of what was accepted at the first try: the moment it was sent and how long the yes took, in nanoseconds. */
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

    /** Some messages over REST, replacements, annulments; before the start. */
    Traffic variety() {
        variety = true;
        return this;
    }

    Traffic start() {
        senders.forEach(Thread::start);
        return this;
    }

    /** Waits until so many more have been accepted. */
    void flows(int more) {
        int before = acknowledged.size();
        await("certificates are accepted")
                .atMost(HubProcess.PATIENCE)
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
            sender.join(HubProcess.PATIENCE.toMillis());
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
        MllpLine line = new MllpLine(mllp);
        while (sending) {
            String id = Outside.unique("KILL");
            Certificate certificate = Certificate.plain(id);
            boolean bad = own.nextInt(10) == 0;
            if (bad) {
                certificate.with("exemption.code", "ZZZ999");
            }
            Way way = variety && own.nextInt(5) == 0 ? new Rest(certificate, id) : way(line, certificate, id);
            Boolean yes = judged(way, id, bad, own);
            if (yes == null) {
                return;
            }
            if (yes && variety && !corrected(line, certificate, own)) {
                return;
            }
            LockSupport.parkNanos((long) (pause.toNanos() * (0.5 + own.nextDouble())));
        }
        line.close();
    }

    /** Sends it, and now and then again after its yes; null when the sender is interrupted. */
    private Boolean judged(Way way, String id, boolean bad, Random own) {
        String answer = answered(way, id);
        if (answer == null) {
            return null;
        }
        boolean yes = way.isYes(answer);
        if (yes == bad) {
            wrong.add(id + ": " + answer);
        }
        if (!yes) {
            refused.add(id);
            return false;
        }
        if (!id.endsWith(ANNULMENT)) {
            acknowledged.put(id, answer);
        }
        if (own.nextInt(8) == 0) {
            repeated.incrementAndGet();
            String again = answered(way, id);
            if (again != null && !again.equals(answer)) {
                wrong.add(id + " again: " + again + " instead of " + answer);
            }
        }
        return true;
    }

    /** Some are replaced at once or annulled at once, some replaced and then annulled; false when interrupted. */
    private boolean corrected(MllpLine line, Certificate certificate, Random own) {
        Certificate now = certificate;
        if (own.nextInt(5) == 0) {
            String id = Outside.unique("KILL");
            now = certificate.replacement(id).with("question", "Visita rettificata.");
            replaced.put(certificate.number(), id);
            if (judged(way(line, now, id), id, false, own) == null) {
                return false;
            }
        }
        if (own.nextInt(5) == 0) {
            String id = now.number() + ANNULMENT;
            annulled.put(now.number(), id);
            return judged(way(line, now.annulment(now.number()), id), id, false, own) != null;
        }
        return true;
    }

    /** A yes or a no, whatever it takes; null when the sender is interrupted. */
    private String answered(Way way, String id) {
        for (int tries = 1; !Thread.currentThread().isInterrupted(); tries++) {
            long begun = System.nanoTime();
            String answer = way.exchange();
            if (answer == null) {
                resent.incrementAndGet();
                LockSupport.parkNanos(400_000_000);
            } else if (way.isForeign(answer)) {
                wrong.add(id + " was answered " + answer);
                way.giveUp();
                LockSupport.parkNanos(400_000_000);
            } else if (answer.contains("SNODO-90") && !way.isYes(answer)) {
                putOff.incrementAndGet();
                LockSupport.parkNanos(250_000_000);
            } else {
                if (tries == 1 && way.isYes(answer)) {
                    latencies.add(new long[] {begun, System.nanoTime() - begun});
                }
                return answer;
            }
        }
        return null;
    }

    /** One message on its way to the hub, the same bytes as often as it is sent. */
    private interface Way {

        /** The answer; null when none came. */
        String exchange();

        boolean isYes(String answer);

        /** Whether it answers something else. */
        boolean isForeign(String answer);

        void giveUp();
    }

    private final class Rest implements Way {

        private final HttpRequest request;

        Rest(Certificate certificate, String id) {
            request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + "/api/v1/certificates"))
                    .timeout(Duration.ofSeconds(120))
                    .header("Authorization", basic("specialista"))
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", id)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(certificate.rest()))
                    .build();
        }

        @Override
        public String exchange() {
            try {
                HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
                return answer.statusCode() + " " + answer.body();
            } catch (IOException e) {
                return null;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }

        @Override
        public boolean isYes(String answer) {
            return answer.startsWith("201 ");
        }

        @Override
        public boolean isForeign(String answer) {
            return !isYes(answer) && !answer.contains("SNODO-");
        }

        @Override
        public void giveUp() {
            // each is a call of its own
        }
    }

    private static Way way(MllpLine line, Certificate certificate, String id) {
        byte[] message = certificate.hl7(id).getBytes(StandardCharsets.UTF_8);
        return new Way() {
            @Override
            public String exchange() {
                return line.exchange(message);
            }

            @Override
            public boolean isYes(String answer) {
                return MllpLine.answers(answer, "AA", id);
            }

            @Override
            public boolean isForeign(String answer) {
                return !MllpLine.answers(answer, null, id);
            }

            @Override
            public void giveUp() {
                line.close();
            }
        };
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
        Map<String, String> documentOf = new HashMap<>();
        for (String id : acknowledged.keySet()) {
            JsonNode message = ended(id, annulled.containsKey(id));
            String document = message.path("documentId").asText();
            documentOf.put(id, document);
            numbers.add(message.path("certificateNumber").asText());
            // an annulment that came before the signature leaves nothing to publish
            if (message.path("state").asText().equals("PUBLISHED")) {
                documents.add(document);
            }
        }
        for (String annulment : annulled.values()) {
            ended(annulment, false);
        }
        assertThat(documentOf.values()).as("documents").doesNotHaveDuplicates();
        assertThat(numbers).as("certificate numbers").hasSameSizeAs(acknowledged.keySet());
        for (String id : refused) {
            JsonNode items = items(id);
            assertThat(items).as(id).hasSize(1);
            assertThat(items.path(0).path("state").asText()).as(id).isEqualTo("REFUSED");
        }
        await("the index has them all")
                .atMost(HubProcess.PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> get(outside + "/fse/_state").path("documents").findValues("timesPublished").stream()
                                .allMatch(times -> times.asInt() > 0)
                        && get(outside + "/fse/_state").path("waitingForIndex").asInt() == 0);
        JsonNode fse = get(outside + "/fse/_state");
        JsonNode rol = get(outside + "/rol/_state");
        Set<String> atFse = once(fse, "identificativoDoc", "timesPublished");
        Set<String> atRol = once(rol, "uniqueId", null);
        if (others) {
            assertThat(atFse).containsAll(documents).isEqualTo(atRol);
        } else {
            assertThat(atFse).as("documents at FSE").isEqualTo(new TreeSet<>(documents));
            assertThat(atRol).as("documents at ROL").isEqualTo(new TreeSet<>(documents));
        }
        assertThat(fse.path("sameContentPublishedTwice")).isEmpty();
        correctionsTookEffectOnce(fse, rol, documentOf, documents);
    }

    private void correctionsTookEffectOnce(
            JsonNode fse, JsonNode rol, Map<String, String> documentOf, Set<String> published) {
        Map<String, JsonNode> atFse = byDocument(fse, "identificativoDoc");
        Map<String, JsonNode> atRol = byDocument(rol, "uniqueId");
        documentOf.forEach((id, document) -> {
            if (!published.contains(document)) {
                return;
            }
            String next = documentOf.get(replaced.getOrDefault(id, ""));
            boolean isReplaced = next != null && published.contains(next);
            boolean isAnnulled = annulled.containsKey(id);
            JsonNode there = atFse.get(document);
            assertThat(there.path("state").asText())
                    .as("FSE " + id)
                    .isEqualTo(isAnnulled ? "DELETED" : isReplaced ? "REPLACED" : "PUBLISHED");
            assertThat(there.path("timesReplaced").asInt()).as("FSE " + id).isEqualTo(isReplaced ? 1 : 0);
            assertThat(there.path("timesDeleted").asInt()).as("FSE " + id).isEqualTo(isAnnulled ? 1 : 0);
            if (isReplaced) {
                assertThat(there.path("replacedBy").asText()).as("FSE " + id).endsWith("^" + next);
            }
            JsonNode times = atRol.get(document).path("times");
            assertThat(times.path("ANNULLAMENTO").asInt()).as("ROL " + id).isEqualTo(isAnnulled ? 1 : 0);
        });
    }

    private static Map<String, JsonNode> byDocument(JsonNode state, String name) {
        Map<String, JsonNode> all = new HashMap<>();
        state.path("documents").forEach(document -> {
            String id = document.path(name).asText();
            all.put(id.substring(id.indexOf('^') + 1), document);
        });
        return all;
    }

    /** @param orDiscarded whether it may have been closed before it went out */
    private JsonNode ended(String controlId, boolean orDiscarded) {
        JsonNode[] found = new JsonNode[1];
        await(controlId)
                .atMost(HubProcess.PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    JsonNode items = items(controlId);
                    assertThat(items).as(controlId).hasSize(1);
                    found[0] = items.path(0);
                    String state = found[0].path("state").asText();
                    if (state.equals("FAILED") || state.equals("REFUSED")) {
                        throw new AssertionError(controlId + " is " + state + ": "
                                + get("http://localhost:" + http + "/api/v1/messages/"
                                        + found[0].path("id").asText()));
                    }
                    return state.equals("PUBLISHED") || orDiscarded && state.equals("DISCARDED");
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

    static final String OPS = basic("ops");

    private static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":demo").getBytes(StandardCharsets.UTF_8));
    }

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
        return "%d certificates accepted, %d refused, %d replaced, %d annulled, %d answers \"send again\", %d sent again without an answer, %d repeated"
                .formatted(
                        acknowledged.size(),
                        refused.size(),
                        replaced.size(),
                        annulled.size(),
                        putOff.get(),
                        resent.get(),
                        repeated.get());
    }
}
