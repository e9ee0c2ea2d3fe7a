package it.snodo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.parser.PipeParser;
import ca.uhn.hl7v2.util.Terser;
import com.sun.management.OperatingSystemMXBean;
import it.snodo.demo.MllpClient;
import it.snodo.intake.hl7v2.Hl7v2Intake;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How many messages a second are taken durably: 8 connections, each waits for its acknowledgement, 2 kB {@code MDM^T02},
 * all different, fsync on. First the hub is driven until its rate is steady.
 *
 * <p>Beside it the bare limit of the same JVM in the same run: read and one durable insert, read and one durable send, by
 * as many threads as there are connections. Reading is the hub's own, down to the canonical request, because an engine
 * that does not know what the message says can neither refuse it nor find it again. Not in the bare limit: the socket and
 * the frame, the checks of codes and rules, repetitions, search keys, the acknowledgement and the register. Its senders'
 * CPU is the work itself and stands in the column of the senders.
 */
class IntakeBench {

    private static final int CONNECTIONS = 8;
    private static final int SECONDS = Integer.getInteger("snodo.bench.seconds", 10);
    private static final int ROUNDS = Integer.getInteger("snodo.bench.rounds", 3);
    private static final int SIZE = 2048;
    /** The compiler is done when two rounds in a row have made a message hardly cheaper. */
    private static final double HARDLY = 0.97;

    private static final int LONGEST_WARM_UP = Integer.getInteger("snodo.bench.warm-up", 15);
    private static final List<String> AFTERWARDS =
            List.of("certificate-document", "certificate-signature", "certificate-recovery");

    private final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final Messages.Series messages = new Messages.Series("I", 5000, SIZE);
    private Path data;
    private JdbcClient db;

    /** One sender's way to hand a message over and know that it is safe. */
    private interface Way extends AutoCloseable {
        boolean send(byte[] message) throws Exception;

        @Override
        default void close() throws Exception {}
    }

    private interface Ways {
        Way open() throws Exception;
    }

    /**
     * CPU in ms a message: of the JVM without the senders, of the senders, of PostgreSQL. In ms in the whole round: the
     * collector's pauses, and what checkpoints that ended in it waited for the disk; a long wait of a message may be one.
     */
    private record Load(
            double perSecond,
            double p50,
            double p99,
            double max,
            double jvm,
            double senders,
            double db,
            long collecting,
            long syncing) {

        double cpu() {
            return jvm + senders + db;
        }
    }

    @Test
    void messages_taken_durably(@TempDir Path data) throws Exception {
        this.data = data;
        try (EmbeddedHub hub = new EmbeddedHub(data)) {
            CamelContext camel = hub.context.getBean(CamelContext.class);
            Hl7v2Intake intake = hub.context.getBean(Hl7v2Intake.class);
            DataSource database = hub.context.getBean(DataSource.class);
            ConnectionFactory broker = hub.context.getBean(ConnectionFactory.class);
            db = JdbcClient.create(database);
            db.sql(
                            "create table bench_bare (id bigint generated always as identity primary key, control_id text, raw bytea)")
                    .update();
            Ways hubWay = () -> over(new MllpClient(hub.mllp));
            Ways insertWay = () -> inserting(database, intake);
            Ways sendWay = () -> sending(broker, reader(intake));
            Ways hapiWay = () -> sending(broker, hapi());

            for (String route : AFTERWARDS) {
                camel.getRouteController().stopRoute(route);
            }
            onceOnly(hub.mllp);
            Report.section(
                    "Durable intake",
                    CONNECTIONS + " connections, " + SIZE
                            + " bytes MDM^T02, each another certificate, acknowledged after"
                            + " the commit, fsync on, rounds of " + SECONDS
                            + " s. Senders, hub and broker share one JVM;"
                            + " PostgreSQL is beside it. CPU is ms a message: hub, senders, PostgreSQL. GC and checkpoints:"
                            + " ms of the whole round in which all threads stood, and in which a checkpoint waited for the disk.");
            Report.row(
                    "",
                    "msg/s",
                    "p50 ms",
                    "p99 ms",
                    "max ms",
                    "CPU hub",
                    "senders",
                    "PostgreSQL",
                    "all",
                    "GC",
                    "checkpoints");
            Report.rule(10);
            warmUp(hubWay);
            measure(insertWay, 3);
            measure(sendWay, 3);

            // in turns, so that what else the machine does meets them all
            List<Load> taken = new ArrayList<>();
            List<Load> inserts = new ArrayList<>();
            List<Load> sends = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                taken.add(tell("**hub, only the way to the acknowledgement**", measure(hubWay, SECONDS)));
                inserts.add(tell("bare: read + durable insert", measure(insertWay, SECONDS)));
                sends.add(tell("bare: read + durable Artemis send", measure(sendWay, SECONDS)));
            }
            // for information: the limit of an engine that reads with the parser most of them have
            measure(hapiWay, SECONDS);
            tell("for information: HAPI's parse + durable Artemis send", measure(hapiWay, SECONDS));
            for (String route : AFTERWARDS) {
                camel.getRouteController().startRoute(route);
            }
            // what makes documents is compiled first, as what takes messages was: there are enough of them waiting
            pause(6 * SECONDS);
            tell("hub, with everything running (1)", measure(hubWay, SECONDS));
            long before = signed(db);
            tell("hub, with everything running (2)", measure(hubWay, SECONDS));
            long burst = signed(db) - before;
            pause(SECONDS);
            long quiet = signed(db) - before - burst;
            Report.say(
                    "\nHub against the bare limit, medians: %.0f of %.0f inserts/s = %.0f%%, of %.0f sends/s = %.0f%%;"
                                    .formatted(
                                            median(taken),
                                            median(inserts),
                                            100 * median(taken) / median(inserts),
                                            median(sends),
                                            100 * median(taken) / median(sends))
                            + " %.1f documents a second were made and signed in the last row, %.1f when no messages came any more."
                                    .formatted(burst / (double) SECONDS, quiet / (double) SECONDS));
            if (!lost(db)) {
                Report.say("Every acknowledged message is in the journal with its certificate.");
            }
        }
    }

    private void warmUp(Ways hub) throws Exception {
        double least = Double.MAX_VALUE;
        int steady = 0;
        for (int round = 1; round <= LONGEST_WARM_UP && steady < 2; round++) {
            double cpu = tell("hub, warming up (" + round + ")", measure(hub, SECONDS))
                    .cpu();
            steady = cpu > least * HARDLY ? steady + 1 : 0;
            least = Math.min(least, cpu);
        }
    }

    private static void pause(int seconds) {
        Awaitility.await()
                .pollDelay(Duration.ofSeconds(seconds))
                .atMost(Duration.ofSeconds(seconds + 60))
                .until(() -> true);
    }

    private static double median(List<Load> loads) {
        double[] rates = loads.stream().mapToDouble(Load::perSecond).sorted().toArray();
        return rates[rates.length / 2];
    }

    /** What is fast must be right: the same again has no second effect, the same document under another id is refused. */
    private void onceOnly(int port) throws Exception {
        byte[] message = Messages.certificate("ONCE", 1, SIZE);
        byte[] changed = new String(message, StandardCharsets.UTF_8)
                .replace("Controllo programmato", "Controllo anticipato")
                .getBytes(StandardCharsets.UTF_8);
        byte[] otherId = new String(message, StandardCharsets.UTF_8)
                .replace("|ONCE-1|", "|ONCE-2|")
                .getBytes(StandardCharsets.UTF_8);
        try (MllpClient sender = new MllpClient(port)) {
            assertThat(taken(sender, message)).isTrue();
            assertThat(taken(sender, message)).isTrue();
            assertThat(taken(sender, changed)).isFalse();
            assertThat(taken(sender, otherId)).isFalse();
            acknowledged.incrementAndGet();
        }
    }

    private static boolean taken(MllpClient sender, byte[] message) {
        return sender.exchange(message).contains("MSA|AA");
    }

    private static long signed(JdbcClient db) {
        return db.sql("select count(*) from document where signed_pdf is not null")
                .query(Long.class)
                .single();
    }

    private boolean lost(JdbcClient db) {
        long journal = db.sql(
                        "select count(*) from message m join certificate c on c.message_id = m.id where m.state <> 'REFUSED'")
                .query(Long.class)
                .single();
        assertThat(journal).isEqualTo(acknowledged.get());
        return false;
    }

    private Load measure(Ways ways, int seconds) throws Exception {
        // what the one way has left in the heap is not for the next to carry about: hundreds of MB of sent messages,
        // above all
        System.gc();
        ExecutorService senders = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            long collecting = collecting();
            long syncing = syncing();
            long cpu = process.getProcessCpuTime();
            long database = databaseCpu();
            long begun = System.nanoTime();
            long end = begun + seconds * 1_000_000_000L;
            List<Future<Sent>> runs = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                runs.add(senders.submit(() -> send(ways, end)));
            }
            List<Sent> sent = new ArrayList<>();
            for (Future<Sent> run : runs) {
                sent.add(run.get());
            }
            double took = (System.nanoTime() - begun) / 1e9;
            double jvm = (process.getProcessCpuTime() - cpu) / 1e6;
            double postgres = (databaseCpu() - database) / 1e6;
            double own = sent.stream().mapToLong(Sent::cpu).sum() / 1e6;
            long[] all = sent.stream()
                    .flatMapToLong(each -> Arrays.stream(each.times()))
                    .sorted()
                    .toArray();
            return new Load(
                    all.length / took,
                    all[all.length / 2] / 1e6,
                    all[(int) (all.length * 0.99)] / 1e6,
                    all[all.length - 1] / 1e6,
                    (jvm - own) / all.length,
                    own / all.length,
                    postgres / all.length,
                    collecting() - collecting,
                    syncing() - syncing);
        } finally {
            senders.shutdown();
        }
    }

    private static long collecting() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }

    private long syncing() {
        return db.sql("select checkpoint_sync_time::bigint from pg_stat_bgwriter")
                .query(Long.class)
                .single();
    }

    /** CPU that the database's processes have used so far, in ns; those that have ended are not counted. */
    private long databaseCpu() throws Exception {
        Path pid = data.resolve("postgres").resolve("postmaster.pid");
        ProcessHandle postmaster = ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(pid).get(0).trim()))
                .orElseThrow();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants())
                .mapToLong(each ->
                        each.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
                .sum();
    }

    /** @param cpu of the sender itself, in ns */
    private record Sent(long[] times, long cpu) {}

    private Sent send(Ways ways, long end) throws Exception {
        long[] times = new long[1 << 16];
        int count = 0;
        long cpu = threads.getCurrentThreadCpuTime();
        try (Way way = ways.open()) {
            while (System.nanoTime() < end && count < times.length) {
                byte[] message = messages.next();
                long start = System.nanoTime();
                if (!way.send(message)) {
                    throw new IllegalStateException("refused");
                }
                times[count++] = System.nanoTime() - start;
            }
        }
        return new Sent(Arrays.copyOf(times, count), threads.getCurrentThreadCpuTime() - cpu);
    }

    private static Load tell(String what, Load load) throws Exception {
        Report.row(
                what,
                load.perSecond,
                load.p50,
                load.p99,
                load.max,
                load.jvm,
                load.senders,
                load.db,
                load.cpu(),
                load.collecting,
                load.syncing);
        return load;
    }

    private Way over(MllpClient sender) {
        return new Way() {
            @Override
            public boolean send(byte[] message) throws Exception {
                boolean taken = taken(sender, message);
                if (taken) {
                    acknowledged.incrementAndGet();
                }
                return taken;
            }

            @Override
            public void close() throws Exception {
                sender.close();
            }
        };
    }

    private static Way inserting(DataSource database, Hl7v2Intake intake) throws Exception {
        java.sql.Connection connection = database.getConnection();
        PreparedStatement insert =
                connection.prepareStatement("insert into bench_bare (control_id, raw) values (?, ?)");
        return new Way() {
            @Override
            public boolean send(byte[] message) throws Exception {
                insert.setString(1, intake.read(message, "bench").get(0).controlId());
                insert.setBytes(2, message);
                return insert.executeUpdate() == 1; // commits by itself
            }

            @Override
            public void close() throws Exception {
                connection.close();
            }
        };
    }

    /** Reads a message and gives its id. */
    private interface Reader {
        String controlId(byte[] message) throws Exception;
    }

    private static Reader reader(Hl7v2Intake intake) {
        return message -> intake.read(message, "bench").get(0).controlId();
    }

    /** HAPI as it comes, into its own model of the message and no further. */
    private static Reader hapi() {
        PipeParser parser = new DefaultHapiContext().getPipeParser();
        return message -> new Terser(parser.parse(new String(message, StandardCharsets.UTF_8))).get("/MSH-10");
    }

    private static Way sending(ConnectionFactory broker, Reader reader) throws Exception {
        Connection connection = broker.createConnection();
        connection.start();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageProducer producer = session.createProducer(session.createQueue("bench.bare"));
        producer.setDeliveryMode(DeliveryMode.PERSISTENT);
        return new Way() {
            @Override
            public boolean send(byte[] message) throws Exception {
                BytesMessage bytes = session.createBytesMessage();
                bytes.setStringProperty("controlId", reader.controlId(message));
                bytes.writeBytes(message);
                producer.send(bytes); // comes back when the broker has it on disk
                return true;
            }

            @Override
            public void close() throws Exception {
                connection.close();
            }
        };
    }
}
