package it.snodo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Bookings at eighteen CUPs, of which three answer after a second and one is down: what the hub adds to a healthy CUP's own
 * time, and whether each yes stands at its CUP once. Hub, CUPs and callers have a JVM each; all share the machine.
 *
 * <p>{@code snodo.bench.booking-seconds} (60), {@code snodo.bench.booking-rate} (50), {@code snodo.bench.booking-mode}
 * ({@code chosen}: the hub chooses the place; {@code named}: callers have searched before and name it).
 */
class BookingBench {

    private static final int SECONDS = Integer.getInteger("snodo.bench.booking-seconds", 60);
    private static final int RATE = Integer.getInteger("snodo.bench.booking-rate", 50);
    private static final String MODE = System.getProperty("snodo.bench.booking-mode", "chosen");
    /** The JIT compiler is done with the most of it after some thousand. */
    private static final int WARM = Integer.getInteger("snodo.bench.booking-warm", 4000);

    private static final List<String> SLOW = List.of("205", "206", "207");
    private static final String DEAD = "208";
    /** {@code snodo.booking.answer-within}. */
    private static final double DEADLINE_MILLIS = 10_000;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private String hub;
    private String outside;

    @TempDir
    Path data;

    @Test
    void what_the_hub_adds_to_a_cups_own_time() throws Exception {
        double[] forced = forcedWrites();
        Path told = data.resolve("ports.txt");
        Process cups = program("booking-outside.log", BookingOutside.class.getName(), told.toString());
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(told));
            String[] ports = Files.readString(told).split(" ");
            outside = "http://127.0.0.1:" + ports[0];
            measure(forced, "--snodo.cup.base-port=" + ports[1]);
        } finally {
            cups.destroyForcibly();
        }
    }

    private void measure(double[] forced, String where) throws Exception {
        try (EmbeddedHub running = new EmbeddedHub(data, where)) {
            hub = "http://127.0.0.1:" + running.context.getEnvironment().getProperty("server.port");
            List<String> aziende = new ArrayList<>();
            get(outside + "/cup/state")
                    .path("cups")
                    .forEach(one -> aziende.add(one.path("cup").asText()));
            assertThat(aziende).hasSize(18);
            call(aziende, WARM / 4, -4, "warm");
            for (String azienda : aziende) {
                post(outside + "/cup/" + azienda + "/reset", "");
            }
            for (String slow : SLOW) {
                post(outside + "/cup/" + slow + "/rules", "{\"delayMs\":1000,\"times\":0}");
            }
            post(outside + "/cup/" + DEAD + "/down", "");
            long processor = processor();
            long databases = databases();
            long[] pauses = pauses();
            double[] log = log(running);
            List<JsonNode> answers = call(aziende, SECONDS, RATE, "bench");
            double calls = SECONDS * RATE;

            Report.section(
                    "Bookings",
                    "places " + MODE + ", " + RATE + " a second for " + SECONDS
                            + " s, 18 CUPs, three slow (1 s), one down; answers: " + kinds(answers));
            Report.row("milliseconds", "p50", "p99", "most");
            Report.rule(3);
            Predicate<JsonNode> healthy =
                    each -> kind(each).isEmpty() && each.path("status").asInt() == 201;
            report("healthy CUPs: added, as the hub says", answers, healthy, each -> each.path("hub")
                    .asDouble());
            report(
                    "healthy CUPs: caller's time less the CUP's",
                    answers,
                    healthy,
                    each -> each.path("took").asDouble() - each.path("cup").asDouble());
            report("healthy CUPs: the caller's time", answers, healthy, each -> each.path("took")
                    .asDouble());
            report("slow CUPs: the caller's time", answers, each -> kind(each).equals("slow "), each -> each.path(
                            "took")
                    .asDouble());
            report("dead CUP: the caller's time", answers, each -> kind(each).equals("dead "), each -> each.path("took")
                    .asDouble());
            added(running.context.getBean(MeterRegistry.class));
            long[] paused = pauses();
            double[] logged = log(running);
            Report.section(
                    "What a booking costs",
                    "processor: hub %.1f ms, PostgreSQL %.1f ms"
                            .formatted(
                                    (processor() - processor) / 1e6 / calls, (databases() - databases) / 1e6 / calls),
                    "log of the database: %.1f kB, forced to the disk %.2f times"
                            .formatted((logged[0] - log[0]) / 1e3 / calls, (logged[1] - log[1]) / calls),
                    "the disk's own time for a forced write of 8 kB, before: p50 %.1f ms, p99 %.1f ms"
                            .formatted(forced[forced.length / 2], forced[(int) (forced.length * 0.99)]),
                    "garbage collections: %d, %d ms in all".formatted(paused[0] - pauses[0], paused[1] - pauses[1]));
            standOnce(aziende, answers);
            assertThat(answers)
                    .filteredOn(each -> kind(each).equals("dead "))
                    .allMatch(each -> each.path("took").asDouble() < DEADLINE_MILLIS
                            && each.path("status").asInt() != 0);
        }
    }

    /** Milliseconds of each, in order: two of them are in each booking, whatever the hub does. */
    private double[] forcedWrites() throws Exception {
        Path file = data.resolve("forced");
        double[] times = new double[300];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(8192 * times.length));
            channel.force(true);
            for (int i = 0; i < times.length; i++) {
                Thread.sleep(5);
                long began = System.nanoTime();
                channel.write(ByteBuffer.allocate(8192), 8192L * i);
                channel.force(false);
                times[i] = (System.nanoTime() - began) / 1e6;
            }
        }
        Files.delete(file);
        Arrays.sort(times);
        return times;
    }

    /** Collections since the start, and their milliseconds. */
    private static long[] pauses() {
        long[] all = new long[2];
        ManagementFactory.getGarbageCollectorMXBeans().forEach(each -> {
            all[0] += each.getCollectionCount();
            all[1] += each.getCollectionTime();
        });
        return all;
    }

    /** Bytes that the database has written ahead, and how often it has forced them to the disk. */
    private static double[] log(EmbeddedHub running) {
        return running.context
                .getBean(JdbcClient.class)
                .sql("select wal_bytes, wal_sync from pg_stat_wal")
                .query((row, n) -> new double[] {row.getDouble(1), row.getDouble(2)})
                .single();
    }

    private void report(
            String what, List<JsonNode> answers, Predicate<JsonNode> which, ToDoubleFunction<JsonNode> value)
            throws Exception {
        double[] sorted =
                answers.stream().filter(which).mapToDouble(value).sorted().toArray();
        if (sorted.length > 0) {
            Report.row(
                    what, sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.99)], sorted[sorted.length - 1]);
        }
    }

    private static void added(MeterRegistry meters) throws Exception {
        Timer added = meters.get("snodo.booking.added").timer();
        Map<Double, Double> percentiles = new HashMap<>();
        Arrays.stream(added.takeSnapshot().percentileValues())
                .forEach(each -> percentiles.put(each.percentile(), each.value(TimeUnit.MILLISECONDS)));
        Report.row(
                "snodo.booking.added, all, last minutes",
                percentiles.get(0.5),
                percentiles.get(0.99),
                added.takeSnapshot().max(TimeUnit.MILLISECONDS));
    }

    private static String kind(JsonNode answer) {
        String azienda = answer.path("azienda").asText();
        return azienda.equals(DEAD) ? "dead " : SLOW.contains(azienda) ? "slow " : "";
    }

    private static Map<String, Integer> kinds(List<JsonNode> answers) {
        Map<String, Integer> kinds = new TreeMap<>();
        answers.forEach(each -> kinds.merge(
                (kind(each) + each.path("status").asText() + " "
                                + each.path("code").asText())
                        .strip(),
                1,
                Integer::sum));
        return kinds;
    }

    /** Callers in a process of their own. */
    private List<JsonNode> call(List<String> aziende, int seconds, int rate, String prefix) throws Exception {
        Path answers = data.resolveSibling(prefix + "-answers.json");
        Process callers = program(
                "booking-callers.log",
                BookingCallers.class.getName(),
                hub,
                String.join(",", aziende),
                String.valueOf(seconds),
                String.valueOf(rate),
                MODE,
                prefix,
                answers.toString());
        try {
            assertThat(callers.waitFor()).as("see target/booking-callers.log").isZero();
        } finally {
            callers.destroyForcibly();
        }
        List<JsonNode> read = StreamSupport.stream(
                        json.readTree(answers.toFile()).spliterator(), false)
                .toList();
        Files.delete(answers);
        return read;
    }

    /** A program of these classes; what it complains of lies in {@code target}. */
    private static Process program(String log, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .replace("%20", " ")));
        command.addAll(List.of(words));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File("target", log))
                .start();
    }

    /** Nanoseconds of processor that this JVM has had. */
    private static long processor() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** The same of the database's processes; those that have ended count no more. */
    private long databases() throws Exception {
        List<String> lines = Files.readAllLines(data.resolve("postgres").resolve("postmaster.pid"));
        ProcessHandle first =
                ProcessHandle.of(Long.parseLong(lines.get(0).strip())).orElseThrow();
        return Stream.concat(Stream.of(first), first.descendants())
                .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
                .mapToLong(Duration::toNanos)
                .sum();
    }

    private void standOnce(List<String> aziende, List<JsonNode> answers) throws Exception {
        List<String> booked = answers.stream()
                .filter(each -> each.path("status").asInt() == 201)
                .map(each -> each.path("booking").asText())
                .toList();
        assertThat(booked).isNotEmpty().doesNotHaveDuplicates();
        Map<String, Integer> standing = new HashMap<>();
        for (String azienda : aziende) {
            get(outside + "/cup/" + azienda + "/state").path("bookings").forEach(one -> {
                if (one.path("state").asText().equals("BOOKED")) {
                    standing.merge(one.path("placer").asText(), 1, Integer::sum);
                }
            });
        }
        assertThat(standing.keySet()).containsAll(booked);
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
