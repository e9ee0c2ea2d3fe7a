package it.snodo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Fifty bookings a second at eighteen CUPs, of which three answer after a second and one is down: what the hub adds to the
 * CUP's own time ({@code snodo.booking.added}, that leaves out the waiting for CUPs), and whether each yes stands at its CUP once.
 * Hub, CUPs and callers share this machine. {@code snodo.bench.booking-seconds} (60), {@code snodo.bench.booking-rate} (50).
 */
class BookingBench {

    private static final int SECONDS = Integer.getInteger("snodo.bench.booking-seconds", 60);
    private static final int RATE = Integer.getInteger("snodo.bench.booking-rate", 50);
    private static final List<String> SLOW = List.of("205", "206", "207");
    private static final String DEAD = "208";
    private static final String SERVICE = "89.7A.3";

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger persons = new AtomicInteger();
    private String hub;
    private String outside;

    @TempDir
    Path data;

    @Test
    void what_the_hub_adds_to_a_cups_own_time() throws Exception {
        try (EmbeddedHub running = new EmbeddedHub(data)) {
            ConfigurableEnvironment environment = running.context.getEnvironment();
            hub = "http://127.0.0.1:" + environment.getProperty("server.port");
            outside = "http://127.0.0.1:" + environment.getProperty("snodo.simulator.port");
            List<String> aziende = new ArrayList<>();
            get(outside + "/cup/state")
                    .path("cups")
                    .forEach(one -> aziende.add(one.path("cup").asText()));
            assertThat(aziende).hasSize(18);
            for (String slow : SLOW) {
                post(outside + "/cup/" + slow + "/rules", "{\"delayMs\":1000,\"times\":0}");
            }
            post(outside + "/cup/" + DEAD + "/down", "");
            drive(aziende, 20, new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
            Map<String, AtomicInteger> answers = new ConcurrentHashMap<>();
            Map<String, String> booked = new ConcurrentHashMap<>();
            long[] times = drive(aziende, SECONDS, answers, booked);

            Timer added = running.context
                    .getBean(MeterRegistry.class)
                    .get("snodo.booking.added")
                    .timer();
            Report.section(
                    "Bookings",
                    RATE + " a second for " + SECONDS + " s, 18 CUPs, three slow (1 s), one down; answers: "
                            + new TreeMap<>(answers));
            Report.row("", "p50 ms", "p99 ms", "most ms");
            Report.rule(3);
            Map<Double, Double> percentiles = new HashMap<>();
            Arrays.stream(added.takeSnapshot().percentileValues())
                    .forEach(each -> percentiles.put(each.percentile(), each.value(TimeUnit.MILLISECONDS)));
            Report.row(
                    "added by the hub",
                    percentiles.get(0.5),
                    percentiles.get(0.99),
                    added.takeSnapshot().max(TimeUnit.MILLISECONDS));
            Report.row(
                    "as the callers saw it",
                    times[times.length / 2] / 1e6,
                    times[(int) (times.length * 0.99)] / 1e6,
                    times[times.length - 1] / 1e6);
            standOnce(aziende, booked);
        }
    }

    /** Calls at fixed times, however long the answers take. @return the callers' times, sorted */
    private long[] drive(
            List<String> aziende, int seconds, Map<String, AtomicInteger> answers, Map<String, String> booked) {
        List<CompletableFuture<Long>> calls = new ArrayList<>();
        long begun = System.nanoTime();
        for (int i = 0; i < seconds * RATE; i++) {
            LockSupport.parkNanos(begun + i * 1_000_000_000L / RATE - System.nanoTime());
            String azienda = aziende.get(i % aziende.size());
            long sent = System.nanoTime();
            calls.add(client.sendAsync(booking(azienda), HttpResponse.BodyHandlers.ofString())
                    .thenApply(answer -> {
                        String kind = azienda.equals(DEAD) ? "dead " : SLOW.contains(azienda) ? "slow " : "";
                        String why = answer.statusCode() == 201 ? "" : " " + refusal(answer.body());
                        answers.computeIfAbsent(kind + answer.statusCode() + why, key -> new AtomicInteger())
                                .incrementAndGet();
                        if (answer.statusCode() == 201) {
                            booked.put(code(answer.body()), azienda);
                        }
                        return System.nanoTime() - sent;
                    }));
        }
        return calls.stream().mapToLong(CompletableFuture::join).sorted().toArray();
    }

    private String refusal(String body) {
        try {
            return json.readTree(body).path("code").asText();
        } catch (java.io.IOException e) {
            return "";
        }
    }

    private String code(String body) {
        try {
            return json.readTree(body).path("booking").path("code").asText();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private HttpRequest booking(String azienda) {
        int n = persons.incrementAndGet();
        String body = """
                {"patient":{"stp":"STP%013d","family":"Bianchi","given":"Anna","birthDate":"%s","sex":"F",
                  "phones":["0115661566"],"entitlement":{"category":"STP","stpIssued":"%s"}},
                 "prescription":{"numbers":["010A0%010d"],"compiled":"%s","priority":"P","form":"M02"},
                 "confirmations":["SC-059","SC-084","SC-040","SC-043"],
                 "lines":[{"service":"%s"}],"wish":{"azienda":"010%s"}}""".formatted(
                        n,
                        LocalDate.of(1950, 1, 1).plusDays(n % 18_000),
                        LocalDate.now().minusDays(10),
                        4_000_000_000L + n,
                        LocalDate.now(),
                        SERVICE,
                        azienda);
        return HttpRequest.newBuilder(URI.create(hub + "/api/v1/bookings"))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString("cup:demo".getBytes()))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "bench-" + n)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private void standOnce(List<String> aziende, Map<String, String> booked) throws Exception {
        Map<String, Integer> standing = new HashMap<>();
        for (String azienda : aziende) {
            get(outside + "/cup/" + azienda + "/state").path("bookings").forEach(one -> {
                if (one.path("state").asText().equals("BOOKED")) {
                    standing.merge(one.path("placer").asText(), 1, Integer::sum);
                }
            });
        }
        assertThat(standing.keySet()).containsAll(booked.keySet());
        assertThat(standing.values()).allMatch(times -> times == 1);
    }

    private JsonNode get(String address) throws Exception {
        return json.readTree(client.send(
                        HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofByteArray())
                .body());
    }

    private void post(String address, String body) throws Exception {
        client.send(
                HttpRequest.newBuilder(URI.create(address))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
    }
}
