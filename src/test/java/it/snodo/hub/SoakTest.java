package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import it.snodo.Shared;
import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A long time at half of what the machine can do, with partners that fail now and then: heap and threads stay as they
 * are, acknowledgements get no slower, everything arrives once. An hour; {@code snodo.soak.minutes} and
 * {@code snodo.soak.rate} (messages a second; measured first when it is not given) say otherwise. The graph is
 * {@code target/soak.png}. Only with {@code -Psoak}.
 */
@Tag("soak")
@EnabledIfSystemProperty(named = "snodo.soak", matches = "true")
class SoakTest {

    private static final int MINUTES = Integer.getInteger("snodo.soak.minutes", 60);
    private static final double RATE = Double.parseDouble(System.getProperty("snodo.soak.rate", "0"));
    private static final long SEED = Long.getLong("snodo.soak.seed", System.nanoTime());
    private static final int CONNECTIONS = 8;
    /** Certificates by which the highest rate is measured: some minutes, the compiler's included. */
    private static final int MANY = 2_000;

    private static final int SAMPLE_SECONDS = 5;
    /** How long the hub is given to load and compile what it needs before it is measured. */
    private static final double WARM = 0.2;

    private static final List<String> FAULTS = List.of(
            "\"wire\":\"LOST_ANSWER\",\"times\":2",
            "\"wire\":\"RESET\",\"times\":3",
            "\"wire\":\"TWICE\",\"times\":3",
            "\"delayMs\":3000,\"times\":4",
            "\"error\":{\"status\":503},\"times\":8",
            "\"error\":{\"status\":502},\"times\":3",
            "\"error\":{\"status\":429,\"retryAfter\":3},\"times\":1");

    /** The hub at one moment: megabytes, numbers, deliveries. */
    private record Sample(
            double second,
            double heap,
            double resident,
            double threads,
            double files,
            double connections,
            double waiting) {}

    private record Fault(double second, String name) {}

    private final List<Fault> faults = new ArrayList<>();

    @TempDir
    Path data;

    @Test
    void an_hour_leaves_heap_threads_and_latency_as_they_were() throws Exception {
        SimulatorSettings settings =
                SimulatorSettings.onPort(0).withFseFiles(Shared.dir("fse").orElse(null));
        HubRun hub = new HubRun(data, "soak-test.log");
        try (Simulators outside = new Simulators(settings).start()) {
            hub.start(outside.url());
            double rate = RATE > 0 ? RATE : highest(hub, outside.url()) / 2;
            Duration pause = Duration.ofMillis(Math.round(CONNECTIONS * 1000 / rate));
            System.out.printf("Soak: %d minutes at %.1f messages/s, seed %d%n", MINUTES, rate, SEED);
            try (Traffic traffic = new Traffic(hub.mllp, hub.http, CONNECTIONS, pause, SEED)) {
                long begun = System.nanoTime();
                traffic.start();
                List<Sample> samples = watch(hub, outside.url(), begun, traffic);
                traffic.stop();
                List<double[]> latencies = traffic.latencies.stream()
                        .map(one -> new double[] {(one[0] - begun) / 1e9, one[1] / 1e6})
                        .sorted(Comparator.comparingDouble(one -> one[0]))
                        .toList();
                draw(samples, latencies, rate, traffic);

                double end = MINUTES * 60.0;
                List<double[]> warm =
                        latencies.stream().filter(one -> one[0] > end * WARM).toList();
                double mean = warm.stream().mapToDouble(one -> one[1]).average().orElseThrow();
                double growth = slope(warm) * end * (1 - WARM);
                List<Sample> early = between(samples, end * WARM, end * 0.5);
                List<Sample> late = between(samples, end * 0.7, Double.MAX_VALUE);
                double heapThen = least(early, Sample::heap);
                double heapNow = least(late, Sample::heap);
                double threadsThen = most(between(samples, 0, end * 0.5), Sample::threads);
                double threadsNow = most(late, Sample::threads);
                double filesThen = most(early, Sample::files);
                double filesNow = most(late, Sample::files);
                double connectionsNow = most(late, Sample::connections);
                double waitingNow = least(late, Sample::waiting);
                System.out.printf(
                        Locale.ROOT,
                        "Soak: %s; latency mean %.1f ms, growth by regression %.1f ms; least heap %.0f MB then %.0f MB; resident"
                                + " %.0f MB then %.0f MB; most threads %.0f then %.0f; most open files %.0f then %.0f; most"
                                + " database connections %.0f then %.0f; least deliveries waiting %.0f then %.0f; %s%n",
                        traffic,
                        mean,
                        growth,
                        heapThen,
                        heapNow,
                        most(early, Sample::resident),
                        most(late, Sample::resident),
                        threadsThen,
                        threadsNow,
                        filesThen,
                        filesNow,
                        most(early, Sample::connections),
                        connectionsNow,
                        least(early, Sample::waiting),
                        waitingNow,
                        Path.of("target", "soak.png"));
                assertThat(growth).as("growth of the latency over the run, ms").isLessThan(10 + mean / 2);
                assertThat(heapNow).as("least heap of the last third, MB").isLessThan(heapThen * 1.2 + 24);
                assertThat(threadsNow).as("most threads of the last third").isLessThanOrEqualTo(threadsThen + 8);
                assertThat(filesNow).as("most open files of the last third").isLessThanOrEqualTo(filesThen + 20);
                assertThat(connectionsNow).as("most connections of the pool").isLessThanOrEqualTo(32);
                assertThat(waitingNow)
                        .as("least deliveries waiting in the last third")
                        .isLessThanOrEqualTo(least(early, Sample::waiting) + 10 * rate);
                forget(outside.url());
                traffic.everythingAcknowledgedArrivedOnceAndNothingElse(outside.url(), true);
            }
        } finally {
            hub.stop();
        }
    }

    /**
     * How many certificates a second are brought to their end when there is always one that waits. They are accepted first:
     * what comes goes before what is there, and a hub that takes hundreds a second publishes few meanwhile.
     */
    private static double highest(HubRun hub, String outside) throws Exception {
        try (Traffic all = new Traffic(hub.mllp, hub.http, CONNECTIONS, Duration.ofMillis(20), SEED + 1)) {
            all.start();
            all.flows(MANY);
            all.stop();
            long begun = System.nanoTime();
            int before = published(outside);
            int most = all.acknowledged.size();
            await("all that was accepted is published")
                    .atMost(Duration.ofMinutes(20))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> published(outside) >= most);
            double rate = (most - before) * 1e9 / (System.nanoTime() - begun);
            System.out.printf(Locale.ROOT, "Soak: at most %.1f certificates/s, of %d%n", rate, most - before);
            return Math.max(1, rate);
        }
    }

    private static int published(String outside) throws Exception {
        return Traffic.get(outside + "/rol/_state").path("documents").size();
    }

    private List<Sample> watch(HubRun hub, String outside, long begun, Traffic traffic) throws Exception {
        Random random = new Random(SEED);
        List<Sample> samples = new ArrayList<>();
        double fault = 20;
        for (double now = 0; now < MINUTES * 60.0; now = (System.nanoTime() - begun) / 1e9) {
            new CountDownLatch(1).await(SAMPLE_SECONDS, TimeUnit.SECONDS);
            String metrics = text("http://localhost:" + hub.management + "/actuator/prometheus");
            samples.add(new Sample(
                    (System.nanoTime() - begun) / 1e9,
                    sum(metrics, "jvm_memory_used_bytes\\{[^}]*area=\"heap\"[^}]*}") / (1 << 20),
                    hub.residentMegabytes(),
                    sum(metrics, "jvm_threads_live_threads(?:\\{[^}]*})?"),
                    sum(metrics, "process_files_open_files(?:\\{[^}]*})?"),
                    sum(metrics, "hikaricp_connections\\{[^}]*}"),
                    sum(metrics, "snodo_deliveries_open\\{[^}]*state=\"WAITING\"[^}]*}")));
            traffic.healthy();
            if (now > fault) {
                fault = now + 15 + random.nextInt(45);
                String system = random.nextBoolean() ? "fse" : "rol";
                String operation = system.equals("fse") ? "CREATE" : "INSERIMENTO";
                String what = FAULTS.get(random.nextInt(FAULTS.size()));
                post(outside + "/" + system + "/_control", "{\"operation\":\"" + operation + "\"," + what + "}");
                faults.add(new Fault(
                        (System.nanoTime() - begun) / 1e9, system.toUpperCase(Locale.ROOT) + " " + name(what)));
            }
        }
        return samples;
    }

    /** {@code LOST_ANSWER x2}, {@code 503 x8}, {@code 3000 ms x4}. */
    private static String name(String fault) {
        String what = fault.replaceAll(".*\"(?:wire|status|delayMs)\":\"?(\\w+).*", "$1");
        return (fault.contains("delayMs") ? what + " ms" : what) + " x"
                + fault.replaceAll(".*\"times\":(\\d+).*", "$1");
    }

    private void draw(List<Sample> samples, List<double[]> latencies, double rate, Traffic traffic) throws IOException {
        double end = Math.max(MINUTES * 60.0, samples.get(samples.size() - 1).second);
        SoakGraph graph = new SoakGraph(
                "Snodo under steady load, partners failing now and then",
                end,
                "%s, seed %d; Java %s, %d processors; asked for %.1f certificates/s, %.1f/s came"
                        .formatted(
                                ZonedDateTime.now(ZoneOffset.UTC)
                                                .format(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
                                                .substring(0, 16)
                                        + " UTC",
                                SEED,
                                System.getProperty("java.version"),
                                Runtime.getRuntime().availableProcessors(),
                                rate,
                                traffic.acknowledged.size() / end),
                traffic.toString());
        graph.panel("Memory of the hub", "MB")
                .line("heap in use", over(samples, Sample::heap))
                .line("resident", over(samples, Sample::resident));
        graph.panel("Threads of the hub", "number").line("live threads", over(samples, Sample::threads));
        graph.panel("Open files and sockets of the hub", "number").line("open", over(samples, Sample::files));
        graph.panel("Connections to PostgreSQL", "number").line("connections", over(samples, Sample::connections));
        double bucket = Math.max(SAMPLE_SECONDS, end / 120);
        graph.panel("Sent until acknowledged, each %.0f s".formatted(bucket), "ms")
                .line("median", quantile(latencies, bucket, 0.5))
                .line("99th percentile", quantile(latencies, bucket, 0.99));
        graph.panel("Deliveries to FSE and ROL that wait", "number").line("waiting", over(samples, Sample::waiting));
        faults.forEach(fault -> graph.mark(fault.second, fault.name));
        graph.write(Path.of("target", "soak.png"));
    }

    private static List<double[]> over(List<Sample> samples, ToDoubleFunction<Sample> value) {
        return samples.stream()
                .map(sample -> new double[] {sample.second, value.applyAsDouble(sample)})
                .toList();
    }

    /** @param points in the order of time */
    private static List<double[]> quantile(List<double[]> points, double bucket, double quantile) {
        Map<Long, List<Double>> buckets = new TreeMap<>();
        points.forEach(point -> buckets.computeIfAbsent((long) (point[0] / bucket), none -> new ArrayList<>())
                .add(point[1]));
        List<double[]> all = new ArrayList<>();
        buckets.forEach((number, values) -> {
            values.sort(null);
            int at = (int) Math.ceil(quantile * values.size()) - 1;
            all.add(new double[] {(number + 0.5) * bucket, values.get(Math.max(0, at))});
        });
        return all;
    }

    private static void forget(String outside) throws Exception {
        for (String system : List.of("fse", "rol")) {
            HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(outside + "/" + system + "/_control"))
                                    .DELETE()
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
        }
    }

    private static void post(String url, String json) throws Exception {
        HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .POST(HttpRequest.BodyPublishers.ofString(json))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
    }

    private static String text(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .header("Authorization", Traffic.OPS)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static double sum(String metrics, String name) {
        Matcher line = Pattern.compile("(?m)^" + name + " (\\S+)$").matcher(metrics);
        double sum = 0;
        while (line.find()) {
            sum += Double.parseDouble(line.group(1));
        }
        return sum;
    }

    /** Of the straight line that lies nearest to all points (least squares). */
    private static double slope(List<double[]> points) {
        double meanX = points.stream().mapToDouble(p -> p[0]).average().orElseThrow();
        double meanY = points.stream().mapToDouble(p -> p[1]).average().orElseThrow();
        double over = points.stream()
                .mapToDouble(p -> (p[0] - meanX) * (p[1] - meanY))
                .sum();
        double under = points.stream()
                .mapToDouble(p -> (p[0] - meanX) * (p[0] - meanX))
                .sum();
        return under == 0 ? 0 : over / under;
    }

    private static List<Sample> between(List<Sample> samples, double from, double to) {
        return samples.stream()
                .filter(sample -> sample.second >= from && sample.second <= to)
                .toList();
    }

    /** Of the heap: what is left after collections. */
    private static double least(List<Sample> samples, ToDoubleFunction<Sample> value) {
        return samples.stream().mapToDouble(value).min().orElseThrow();
    }

    private static double most(List<Sample> samples, ToDoubleFunction<Sample> value) {
        return samples.stream().mapToDouble(value).max().orElseThrow();
    }
}
