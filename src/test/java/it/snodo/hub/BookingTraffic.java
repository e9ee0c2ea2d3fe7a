package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.registry.CodiceFiscale;
import it.snodo.registry.InvalidIdentifierException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Desks that book over REST and over MLLP, and revoke, while the ground gives way and CUPs misbehave. What got no answer, or
 * "not known yet", is sent again: the same key, the same bytes, until there is a yes or a no. In the end the CUPs hold what
 * was answered with yes, and nothing else.
 */
final class BookingTraffic implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    /** Of different protocols: SIU, SRM, OMG, FHIR. */
    private static final List<String> AZIENDE = List.of("301", "203", "204", "213");

    private static final String MONTHS = "ABCDEHLMPRST";
    private static final AtomicInteger PERSONS = new AtomicInteger();

    private final int http;
    private final int mllp;
    private final Duration pause;
    private final Random random;
    private final List<Thread> desks = new ArrayList<>();
    private volatile boolean working = true;

    private final Set<String> booked = ConcurrentHashMap.newKeySet();
    private final Set<String> revoked = ConcurrentHashMap.newKeySet();
    /** Of those booked, how many over MLLP. */
    private final AtomicInteger overMllp = new AtomicInteger();

    private final AtomicInteger misbehaviour = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger again = new AtomicInteger();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    BookingTraffic(int http, int mllp, int number, Duration pause, long seed) {
        this.http = http;
        this.mllp = mllp;
        this.pause = pause;
        this.random = new Random(seed);
        for (int i = 0; i < number; i++) {
            long own = random.nextLong();
            Thread desk = new Thread(() -> work(new Random(own)), "desk-" + i);
            desk.setDaemon(true);
            desks.add(desk);
        }
    }

    BookingTraffic start() {
        desks.forEach(Thread::start);
        return this;
    }

    private void work(Random own) {
        try (MllpLine line = new MllpLine(mllp)) {
            while (working) {
                if (!(own.nextBoolean() ? overRest(own) : overMllp(line, own))) {
                    return;
                }
                LockSupport.parkNanos(pause.toNanos());
            }
        }
    }

    /** @return false when the test ends */
    private boolean overRest(Random own) {
        JsonNode answer = answered(booking(own));
        if (answer == null) {
            return false;
        }
        int status = answer.path("status").asInt();
        if (status == 201) {
            booked(answer.path("booking").path("code").asText());
            return own.nextInt(3) > 0 || revoke(answer.path("booking"));
        }
        if (status == 409 || status == 422 || status == 503) {
            refused.incrementAndGet();
        } else {
            wrong.add(answer.toString());
        }
        return true;
    }

    private void booked(String code) {
        if (code.isBlank() || !booked.add(code)) {
            wrong.add("«" + code + "» was given twice");
        }
    }

    /** @return false when the test ends */
    private boolean overMllp(MllpLine line, Random own) {
        String id = Outside.unique("SRM").replace("-", "").substring(3);
        byte[] message = new BookingSample()
                .with("lines[0].azienda=010" + AZIENDE.get(own.nextInt(AZIENDE.size()))
                        + ";confirmations=[\"SC-059\",\"SC-084\",\"SC-040\",\"SC-043\"]")
                .srm(id)
                .getBytes(StandardCharsets.UTF_8);
        String answer = answered(line, message, id);
        if (answer == null) {
            return false;
        }
        if (MllpLine.answers(answer, "AA", id)) {
            booked(MllpLine.field(answer, "SCH", 1).split("\\^")[0]);
            overMllp.incrementAndGet();
            String repeated = own.nextInt(4) == 0 ? answered(line, message, id) : answer;
            if (repeated != null && !repeated.equals(answer)) {
                wrong.add(id + " again: " + repeated + " instead of " + answer);
            }
        } else if (MllpLine.answers(answer, "AE", id)) {
            refused.incrementAndGet();
        } else {
            wrong.add(id + ": " + answer);
        }
        return true;
    }

    /** The final answer, however often it has to be asked for; null when the test ends. */
    private String answered(MllpLine line, byte[] message, String id) {
        while (!Thread.currentThread().isInterrupted()) {
            String answer = line.exchange(message);
            boolean open = answer == null
                    || MllpLine.answers(answer, "AE", id)
                            && (MllpLine.field(answer, "SCH", 25).startsWith("Pending")
                                    || answer.contains("SNODO-90")
                                    || answer.contains("SNODO-8009"));
            if (!open) {
                return answer;
            }
            again.incrementAndGet();
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
        }
        return null;
    }

    /**
     * The next booking or revocation at one of the CUPs is carried out, and its answer comes late, not at all, or to another
     * message.
     */
    void misbehave(String outside, Random random) {
        String rule = "{\"operation\":\"" + (random.nextInt(4) == 0 ? "REVOKE" : "BOOK") + "\","
                + switch (random.nextInt(4)) {
                    case 0 -> "\"delayMs\":" + (1000 + random.nextInt(9000));
                    case 1 -> "\"wire\":\"SILENT\"";
                    case 2 -> "\"msa2\":\"FOREIGN\"";
                    default -> "\"wire\":\"LOST_ANSWER\"";
                }
                + "}";
        call(HttpRequest.newBuilder(
                        URI.create(outside + "/cup/" + AZIENDE.get(random.nextInt(AZIENDE.size())) + "/rules"))
                .POST(HttpRequest.BodyPublishers.ofString(rule))
                .build());
        misbehaviour.incrementAndGet();
    }

    private HttpRequest booking(Random own) {
        String person = person(PERSONS.incrementAndGet());
        String body = """
                {"patient":%s,
                 "prescription":{"numbers":["010A0%010d"],"compiled":"%s","priority":"P","form":"M01"},
                 "confirmations":["SC-059","SC-084","SC-040","SC-043"],
                 "lines":[{"service":"89.7A.3"}],"wish":{"azienda":"010%s"}}""".formatted(
                        person,
                        4_000_000_000L + PERSONS.get() * 1000L + own.nextInt(1000),
                        LocalDate.now(),
                        AZIENDE.get(own.nextInt(AZIENDE.size())));
        return request("/api/v1/bookings")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    /** @return false when the test ends */
    private boolean revoke(JsonNode booking) {
        JsonNode patient = booking.path("patient");
        JsonNode line = booking.path("lines").path(0);
        String code = booking.path("code").asText();
        JsonNode answer = answered(request("/api/v1/bookings/" + code + "?family="
                        + patient.path("family").asText()
                        + "&given=" + patient.path("given").asText()
                        + "&birthDate=" + patient.path("birthDate").asText()
                        + "&service=" + line.path("service").asText()
                        + "&start=" + line.path("slot").path("start").asText().substring(0, 16)
                        + "&phone=0115661566")
                .DELETE()
                .build());
        if (answer == null) {
            return false;
        }
        if (answer.path("status").asInt() == 200) {
            revoked.add(code);
        } else {
            wrong.add("revoke of " + code + ": " + answer);
        }
        return true;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + path))
                .timeout(Duration.ofSeconds(120))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString("cup:demo".getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", Outside.unique("BOOK"));
    }

    /** The final answer, however often it has to be asked for; null when the test ends. */
    private JsonNode answered(HttpRequest request) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                HttpResponse<String> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 202 && !isPutOff(answer)) {
                    JsonNode read = JSON.readTree(answer.body());
                    return read.isObject()
                            ? ((com.fasterxml.jackson.databind.node.ObjectNode) read).put("status", answer.statusCode())
                            : read;
                }
            } catch (IOException down) {
                // the hub has been killed
            } catch (InterruptedException e) {
                return null;
            }
            again.incrementAndGet();
            LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
        }
        return null;
    }

    /** Every 5xx but the one that says that the CUP could not be reached, which is a no. */
    private static boolean isPutOff(HttpResponse<String> answer) {
        return answer.statusCode() >= 500 && !answer.body().contains("SNODO-8002");
    }

    /** A person of his own: Maria Rossi, born on another day each time. */
    private static String person(int n) {
        int day = 1 + n % 28;
        int month = n / 28 % 12;
        int year = 20 + n / 336 % 80;
        String start = "RSSMRA%02d%s%02dL219".formatted(year, MONTHS.charAt(month), day);
        for (char letter = 'A'; letter <= 'Z'; letter++) {
            try {
                CodiceFiscale.parse(start + letter, CodiceFiscale.Strictness.STRICT);
                return """
                        {"fiscalCode":"%s%s","family":"Rossi","given":"Mario","birthDate":"19%02d-%02d-%02d","sex":"M",\
                        "phones":["0115661566"],"asl":"301"}""".formatted(start, letter, year, month + 1, day);
            } catch (InvalidIdentifierException other) {
                // the next letter
            }
        }
        throw new IllegalStateException(start);
    }

    void flows(int more) {
        int before = booked.size();
        await("bookings are made")
                .atMost(HubProcess.PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> booked.size() >= before + more || !wrong.isEmpty());
        assertThat(wrong).isEmpty();
    }

    /** Waits until one has come over MLLP. */
    void flowsOverMllp() {
        await("a booking is made over MLLP")
                .atMost(HubProcess.PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> overMllp.get() > 0 || !wrong.isEmpty());
        assertThat(wrong).isEmpty();
    }

    void stop() throws InterruptedException {
        working = false;
        for (Thread desk : desks) {
            desk.join(HubProcess.PATIENCE.toMillis());
            assertThat(desk.isAlive()).as(desk.getName() + " still waits").isFalse();
        }
        assertThat(wrong).isEmpty();
    }

    /** The CUPs hold what was answered with yes and was not revoked, once, and nothing else. */
    void everythingBookedStandsOnceAndNothingElse(String outside) {
        Set<String> wanted = new TreeSet<>(booked);
        wanted.removeAll(revoked);
        List<String> standing = new ArrayList<>();
        for (String azienda : AZIENDE) {
            for (JsonNode booking : state(outside, azienda).path("bookings")) {
                if (booking.path("state").asText().equals("BOOKED")) {
                    standing.add(booking.path("placer").asText());
                }
            }
        }
        assertThat(standing).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(booked).isNotEmpty();
        assertThat(overMllp).as("booked over MLLP").hasPositiveValue();
    }

    private static JsonNode state(String outside, String azienda) {
        try {
            return JSON.readTree(call(HttpRequest.newBuilder(URI.create(outside + "/cup/" + azienda + "/state"))
                    .build()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] call(HttpRequest request) {
        try {
            HttpResponse<byte[]> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).as("%s", request).isBetween(200, 299);
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        working = false;
        desks.forEach(Thread::interrupt);
    }

    @Override
    public String toString() {
        return booked.size() + " booked (" + overMllp + " over MLLP), CUPs misbehaved " + misbehaviour + " times, "
                + revoked.size() + " revoked, " + refused + " refused, " + again + " asked again";
    }
}
