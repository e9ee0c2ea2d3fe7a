package it.snodo.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Callers who book over REST at fixed times, however long the answers take; a process of their own, so that what they cost is
 * not the hub's. Times count from the moment at which a call was due.
 *
 * <pre>BookingCallers hub aziende seconds rate mode prefix answers.json</pre>
 *
 * <p>A rate below zero is so many callers who each wait for their answer, {@code seconds * -rate} calls in all.
 *
 * <p>{@code chosen} leaves the place to the hub; {@code named} has searched before and names a free place in each call.
 */
final class BookingCallers {

    /** First visits that every CUP has, in agendas of their own: one alone would be booked out within minutes. */
    private static final List<String> SERVICES =
            List.of("89.7A.3", "89.7A.2", "89.7A.4", "89.7A.7", "89.7A.8", "89.7A.9", "89.7B.5", "89.7B.8", "89.7B.9");

    private static final Pattern TIMING = Pattern.compile("(hub|cup);dur=([0-9.]+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** For calls that follow each other instead of coming at fixed times. */
    private final Semaphore room;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String hub;
    private final String prefix;
    private int persons;

    private BookingCallers(String hub, String prefix, int atOnce) {
        this.hub = hub;
        this.room = atOnce > 0 ? new Semaphore(atOnce) : null;
        this.prefix = prefix;
    }

    /**
     * What came of a call.
     *
     * @param hub milliseconds that the hub says were its own; 0 when it says nothing
     * @param cup milliseconds that it says it has waited for a CUP
     */
    private record Done(String azienda, int status, String code, String booking, double took, double hub, double cup) {}

    public static void main(String[] given) throws Exception {
        List<String> aziende = List.of(given[1].split(","));
        int seconds = Integer.parseInt(given[2]);
        int rate = Integer.parseInt(given[3]);
        int calls = seconds * Math.abs(rate);
        BookingCallers callers = new BookingCallers(given[0], given[5], -rate);
        Map<String, Deque<ObjectNode>> places = new HashMap<>();
        if (given[4].equals("named")) {
            for (String azienda : aziende) {
                places.put(azienda, callers.places(azienda, calls / aziende.size() + 2));
            }
        }
        Queue<Done> done = callers.drive(aziende, calls, rate, places);
        List<ObjectNode> rows = new ArrayList<>();
        for (Done each : done) {
            rows.add(JSON.createObjectNode()
                    .put("azienda", each.azienda)
                    .put("status", each.status)
                    .put("code", each.code)
                    .put("booking", each.booking)
                    .put("took", each.took)
                    .put("hub", each.hub)
                    .put("cup", each.cup));
        }
        Files.write(Path.of(given[6]), JSON.writeValueAsBytes(rows));
        if (given.length > 7) {
            summary(done);
        }
        // the client's own threads would keep the process for a while
        System.exit(0);
    }

    private static void summary(Queue<Done> done) {
        Map<String, Integer> kinds = new java.util.TreeMap<>();
        done.forEach(each -> kinds.merge(each.status + " " + each.code, 1, Integer::sum));
        System.out.println(kinds);
        for (String what : List.of("took", "hub", "cup")) {
            double[] all = done.stream()
                    .mapToDouble(each -> what.equals("took") ? each.took : what.equals("hub") ? each.hub : each.cup)
                    .sorted()
                    .toArray();
            System.out.printf(
                    "%s p50 %.1f p99 %.1f max %.1f%n",
                    what, all[all.length / 2], all[(int) (all.length * 0.99)], all[all.length - 1]);
        }
    }

    private Queue<Done> drive(List<String> aziende, int calls, int rate, Map<String, Deque<ObjectNode>> places) {
        Queue<Done> done = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<?>> open = new ArrayList<>();
        long begun = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            long planned = begun + i * 1_000_000_000L / Math.max(1, rate);
            String azienda = aziende.get(i % aziende.size());
            HttpRequest request =
                    booking(azienda, SERVICES.get(i / aziende.size() % SERVICES.size()), places.get(azienda));
            while (room == null && planned > System.nanoTime()) {
                LockSupport.parkNanos(planned - System.nanoTime());
            }
            if (room != null) {
                room.acquireUninterruptibly();
            }
            long due = room == null ? planned : System.nanoTime();
            open.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                    .handle((answer, failure) -> {
                        if (room != null) {
                            room.release();
                        }
                        return done.add(
                                failure != null
                                        ? new Done(
                                                azienda, 0, failure.getClass().getSimpleName(), "", since(due), 0, 0)
                                        : done(azienda, answer, since(due)));
                    }));
        }
        open.forEach(CompletableFuture::join);
        return done;
    }

    private static double since(long due) {
        return (System.nanoTime() - due) / 1e6;
    }

    private static Done done(String azienda, HttpResponse<byte[]> answer, double took) {
        JsonNode body = read(answer.body());
        double hub = 0;
        double cup = 0;
        Matcher timing =
                TIMING.matcher(answer.headers().firstValue("Server-Timing").orElse(""));
        while (timing.find()) {
            double millis = Double.parseDouble(timing.group(2));
            hub = timing.group(1).equals("hub") ? millis : hub;
            cup = timing.group(1).equals("cup") ? millis : cup;
        }
        return new Done(
                azienda,
                answer.statusCode(),
                body.path("code").asText(),
                body.path("booking").path("code").asText(),
                took,
                hub,
                cup);
    }

    private HttpRequest booking(String azienda, String service, Deque<ObjectNode> places) {
        int n = ++persons;
        ObjectNode place = places == null ? null : places.poll();
        String line = place == null
                ? "{\"service\":\"" + service + "\"}"
                : "{\"service\":\"" + place.path("service").asText() + "\",\"slot\":" + place.path("slot") + "}";
        // every other one with a form that private structures do not take
        String body = """
                {"patient":{"stp":"STP%013d","family":"Bianchi","given":"Anna","birthDate":"%s","sex":"F",
                  "phones":["0115661566"],"entitlement":{"category":"STP","stpIssued":"%s"}},
                 "prescription":{"numbers":["010A0%010d"],"compiled":"%s","priority":"P","form":"%s"},
                 "confirmations":["SC-059","SC-084","SC-040","SC-043"],
                 "lines":[%s],"wish":{"azienda":"010%s"}}""".formatted(
                n + prefix.hashCode() % 1000 * 1_000_000L + 1_000_000_000L,
                LocalDate.of(1950, 1, 1).plusDays(n % 18_000),
                LocalDate.now().minusDays(10),
                4_000_000_000L + n,
                LocalDate.now(),
                place != null && place.path("slot").path("privateStructure").asBoolean() || n % 2 == 0 ? "M01" : "M02",
                line,
                azienda);
        return request("/api/v1/bookings")
                .header("Idempotency-Key", prefix + "-" + n)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    /** Free places of an azienda, as many as will be wanted, of all services in turn. */
    private Deque<ObjectNode> places(String azienda, int wanted) throws Exception {
        Deque<ObjectNode> found = new ArrayDeque<>();
        int each = wanted / SERVICES.size() + 1;
        for (String service : SERVICES) {
            LocalDate from = LocalDate.now();
            java.util.Set<String> taken = new java.util.HashSet<>();
            while (taken.size() < each) {
                String query = """
                        {"lines":[{"service":"%s"}],"limit":100,"wish":{"azienda":"010%s","from":"%s"}}""".formatted(service, azienda, from);
                JsonNode answer = read(client.send(
                                request("/api/v1/availability")
                                        .POST(HttpRequest.BodyPublishers.ofString(query))
                                        .build(),
                                HttpResponse.BodyHandlers.ofByteArray())
                        .body());
                LocalDate last = from;
                for (JsonNode one : answer.path("absolute")) {
                    String start = one.path("slot").path("start").asText();
                    last = LocalDate.parse(start.substring(0, 10));
                    if (taken.size() < each
                            && taken.add(one.path("slot").path("agenda").asText() + start)) {
                        found.add((ObjectNode) one);
                    }
                }
                if (answer.path("absolute").isEmpty()) {
                    break;
                }
                from = last.isAfter(from) ? last : from.plusDays(1);
            }
        }
        return found;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(hub + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString("cup:demo".getBytes()))
                .header("Content-Type", "application/json");
    }

    private static JsonNode read(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
