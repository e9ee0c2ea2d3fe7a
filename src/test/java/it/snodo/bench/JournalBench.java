package it.snodo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How fast the journal finds a message by each of its keys among millions, asked over HTTP as people ask it. The rows are
 * made by the database over the last twelve months: {@code -Dsnodo.bench.journal.rows}, one million unless told; ten million need
 * about 12 GB of disk and several minutes.
 */
class JournalBench {

    private static final long ROWS = Long.getLong("snodo.bench.journal.rows", 1_000_000);
    private static final int ASKED = Integer.getInteger("snodo.bench.journal.searches", 200);
    private static final int STEP = 500_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Random random = new Random(7);
    private String base;

    @Test
    void any_message_is_found_by_any_key(@TempDir Path data) throws Exception {
        try (EmbeddedHub hub = new EmbeddedHub(data)) {
            base = "http://localhost:" + hub.context.getEnvironment().getProperty("local.server.port")
                    + "/api/v1/messages?";
            JdbcClient db = hub.context.getBean(JdbcClient.class);
            long start = System.nanoTime();
            fill(db);
            long made = (System.nanoTime() - start) / 1_000_000_000;
            long size = db.sql("select sum(pg_total_relation_size(c.oid)) from pg_class c where c.relkind = 'r'"
                            + " and c.relname like 'message%'")
                    .query(Long.class)
                    .single();
            Report.section(
                    "Search in the journal",
                    "%d messages over twelve months, made in %d s, %.1f GB with indexes. Each search over HTTP, %d times with"
                                    .formatted(ROWS, made, size / 1e9, ASKED)
                            + " another value, the first three not counted.");
            Report.row("by", "p50 ms", "p99 ms", "max ms", "hits");
            Report.rule(4);
            for (Map.Entry<String, LongFunction<String>> key : keys().entrySet()) {
                ask(key.getKey(), key.getValue());
            }
        }
    }

    /** What row n has, as {@link #fill} makes it. */
    private Map<String, LongFunction<String>> keys() {
        Map<String, LongFunction<String>> keys = new LinkedHashMap<>();
        keys.put("nothing: the newest", n -> "");
        keys.put("controlId", n -> "controlId=M-" + n);
        keys.put("controlId, unknown", n -> "controlId=X-" + n);
        keys.put("documentId", n -> "documentId=SNB" + n);
        keys.put("fseIdentifier", n -> "fseIdentifier=" + encode("2.16.840.1.113883.2.9.2.10.4.4^SNB" + n));
        keys.put("certificateNumber", n -> "certificateNumber=" + (1_000_000_000 + n));
        keys.put("nre", n -> "nre=010A4" + (1_000_000_000 + n / 3 * 3));
        keys.put("bookingCode", n -> "bookingCode=B" + n / 50 * 50);
        keys.put("workflowInstanceId", n -> "workflowInstanceId=WF" + n / 10 * 10);
        keys.put("traceId", n -> "traceId=TR" + n / 10 * 10);
        keys.put("govwayId", n -> "govwayId=GW" + n / 10 * 10);
        keys.put("patient", n -> "patient=PAT" + n % 400_000);
        keys.put("patient with many messages", n -> "patient=PAT-OFTEN");
        keys.put("sender", n -> "sender=APP" + n % 20);
        keys.put("sender with facility", n -> "sender=" + encode("APP" + n % 20 + "|OSP" + n % 60));
        keys.put("sender, unknown", n -> "sender=NONE" + n);
        keys.put("state FAILED", n -> "state=FAILED");
        keys.put("state PUBLISHED", n -> "state=PUBLISHED");
        keys.put("state BOOKED, none there", n -> "state=BOOKED");
        keys.put("an hour", n -> hour(n, ""));
        keys.put("sender and an hour", n -> hour(n, "&sender=APP" + n % 20));
        keys.put("patient and state", n -> "patient=PAT" + n % 400_000 + "&state=PUBLISHED");
        keys.put("q, a control id", n -> "q=M-" + n);
        keys.put("q, a patient", n -> "q=PAT" + n % 400_000);
        keys.put("q, unknown", n -> "q=X" + n);
        return keys;
    }

    private String hour(long n, String more) {
        var from = java.time.Instant.now().minusSeconds(31_536_000L * n / ROWS);
        return "from=" + encode(from.minusSeconds(3600) + "") + "&to=" + encode(from + "") + more;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void ask(String what, LongFunction<String> query) throws Exception {
        long[] times = new long[ASKED];
        long hits = 0;
        for (int i = -3; i < ASKED; i++) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(base + query.apply(1 + (long) (random.nextDouble() * (ROWS - 1)))))
                    .header(
                            "Authorization",
                            "Basic " + Base64.getEncoder().encodeToString("ops:demo".getBytes(StandardCharsets.UTF_8)))
                    .build();
            long start = System.nanoTime();
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            long took = System.nanoTime() - start;
            assertThat(answer.statusCode())
                    .as(new String(answer.body(), StandardCharsets.UTF_8))
                    .isEqualTo(200);
            if (i >= 0) {
                times[i] = took;
                JsonNode items = JSON.readTree(answer.body()).path("items");
                hits += items.size();
            }
        }
        Arrays.sort(times);
        Report.row(
                what,
                times[ASKED / 2] / 1e6,
                times[(int) (ASKED * 0.99)] / 1e6,
                times[ASKED - 1] / 1e6,
                hits / (double) ASKED);
        boolean known = !what.contains("unknown") && !what.contains("none there") && !what.contains("hour");
        assertThat(hits > 0).as("%s finds what is there", what).isEqualTo(known || hits > 0);
    }

    /**
     * Row n of N came N-n steps before now. Most are published; the raw bytes are shorter than a message's, because what is
     * measured is the search.
     */
    private static void fill(JdbcClient db) {
        db.sql("select make_message_partitions(cast(now() - interval '13 months' as date), 13)")
                .query(Integer.class)
                .single();
        for (long low = 0; low < ROWS; low += STEP) {
            db.sql("""
                            with given as (
                              select n, now() - make_interval(secs => 31536000.0 * (:rows - n) / :rows) as at
                              from generate_series(cast(:low as bigint) + 1, cast(:high as bigint)) n),
                            stored as (
                              insert into message (id, received_at, updated_at, protocol, peer, sender, control_id, type, sha256, size,
                                raw, state, patient_id, nre, document_id, fse_identifier, certificate_number, booking_code)
                              select first_message_id(at) + (n & 4095), at, at, 'MLLP', '10.1.2.3',
                                'APP' || n % 20 || '|OSP' || n % 60, 'M-' || n, 'MDM^T02', sha256(convert_to('M-' || n, 'UTF8')), 2048,
                                decode(repeat(md5(cast(n as text)), 20), 'hex'),
                                case when n % 1000 = 0 then 'FAILED' when n % 20 = 1 then 'REFUSED' else 'PUBLISHED' end,
                                case when n % 100 = 7 then 'PAT-OFTEN' else 'PAT' || n % 400000 end,
                                case when n % 3 = 0 then '010A4' || 1000000000 + n end,
                                'SNB' || n, '2.16.840.1.113883.2.9.2.10.4.4^SNB' || n, 1000000000 + n,
                                case when n % 50 = 0 then 'B' || n end
                              from given returning id, received_at, sender, control_id, sha256, patient_id, document_id,
                                certificate_number),
                            certified as (
                              insert into certificate (number, message_id, action, state, stage, sender, document_number, document_id,
                                set_id, version, request, patient_id, patient_family, patient_given, made_at)
                              overriding system value
                              select certificate_number, id, 'NEW', 'VALIDO', 'PUBLISHED', sender, control_id, document_id, document_id, 1,
                                '', patient_id, '', '', received_at from stored),
                            called as (
                              insert into message_call (message_id, at, destination, operation, method, url, request_size, duration_ms,
                                trace_id, transaction_id, workflow_id)
                              select first_message_id(at) + (n & 4095), at, 'FSE', 'CREATE', 'POST', 'http://fse/documents', 1, 1,
                                'TR' || n, 'GW' || n, 'WF' || n
                              from given where n % 10 = 0)
                            insert into message_key (control_id, sender, message_id, sha256, answer, accepted)
                            select control_id, sender, id, sha256, decode(repeat('00', 200), 'hex'), true from stored""")
                    .param("rows", ROWS)
                    .param("low", low)
                    .param("high", Math.min(low + STEP, ROWS))
                    .update();
        }
        db.sql("vacuum analyze").update();
    }
}
