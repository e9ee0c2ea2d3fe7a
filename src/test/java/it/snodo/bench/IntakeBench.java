package it.snodo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import it.snodo.intake.hl7v2.Hl7v2Intake;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * How many messages a second are taken durably: 8 connections, each waits for its acknowledgement, 2 kB {@code MDM^T02},
 * all different, fsync on. Beside it the bare limit of the same JVM in the same run: read and one durable insert, read
 * and one durable send.
 */
class IntakeBench {

    private static final int CONNECTIONS = 8;
    private static final int SECONDS = Integer.getInteger("snodo.bench.seconds", 15);
    private static final int SIZE = 2048;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** One sender's way to hand a message over and know that it is safe. */
    private interface Way extends AutoCloseable {
        boolean send(byte[] message) throws Exception;

        @Override
        default void close() throws Exception {}
    }

    private interface Ways {
        Way open() throws Exception;
    }

    private record Load(double perSecond, double p50, double p99, double max, double cpu) {}

    @Test
    void messages_taken_durably(@TempDir Path data) throws Exception {
        try (EmbeddedHub hub = new EmbeddedHub(data)) {
            CamelContext camel = hub.context.getBean(CamelContext.class);
            Hl7v2Intake intake = hub.context.getBean(Hl7v2Intake.class);
            DataSource database = hub.context.getBean(DataSource.class);
            ConnectionFactory broker = hub.context.getBean(ConnectionFactory.class);
            JdbcClient db = JdbcClient.create(database);
            db.sql(
                            "create table bench_bare (id bigint generated always as identity primary key, control_id text, raw bytea)")
                    .update();
            Ways hubWay = () -> over(new Mllp(hub.mllp));
            Ways insertWay = () -> inserting(database, intake);
            Ways sendWay = () -> sending(broker, intake);

            for (String route : List.of("certificate-document", "certificate-signature", "certificate-recovery")) {
                camel.getRouteController().stopRoute(route);
            }
            onceOnly(hub.mllp);
            measure(hubWay, 2 * SECONDS); // until the compiler has seen everything often enough
            measure(insertWay, 3);
            measure(sendWay, 3);

            Report.section(
                    "Durable intake",
                    CONNECTIONS + " connections, " + SIZE + " bytes MDM^T02, acknowledged after the commit, fsync on, "
                            + SECONDS + " s each. Senders, hub and broker share one JVM; PostgreSQL is beside it.");
            Report.row("", "msg/s", "p50 ms", "p99 ms", "max ms", "CPU ms/msg");
            Report.rule(5);
            Load taken = measure(hubWay, SECONDS);
            tell("**hub, making of documents stopped**", taken);
            Load insert = measure(insertWay, SECONDS);
            tell("bare: read + durable insert", insert);
            Load send = measure(sendWay, SECONDS);
            tell("bare: read + durable Artemis send", send);
            long before = signed(db);
            for (String route : List.of("certificate-document", "certificate-signature", "certificate-recovery")) {
                camel.getRouteController().startRoute(route);
            }
            tell("hub, with everything running", measure(hubWay, SECONDS));
            Report.say(
                    "\nHub against the bare limit: %.0f%% of the insert, %.0f%% of the send. Meanwhile %.1f documents a"
                                    .formatted(
                                            100 * taken.perSecond / insert.perSecond,
                                            100 * taken.perSecond / send.perSecond,
                                            (signed(db) - before) / (double) SECONDS)
                            + " second were made and signed in the last row.");
            if (!lost(db)) {
                Report.say("Every acknowledged message is in the journal with its certificate.");
            }
        }
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
        try (Mllp sender = new Mllp(port)) {
            assertThat(sender.send(message)).isTrue();
            assertThat(sender.send(message)).isTrue();
            assertThat(sender.send(changed)).isFalse();
            assertThat(sender.send(otherId)).isFalse();
            acknowledged.incrementAndGet();
        }
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

    private final AtomicInteger acknowledged = new AtomicInteger();

    private Load measure(Ways ways, int seconds) throws Exception {
        ExecutorService senders = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            long cpu = process.getProcessCpuTime();
            long begun = System.nanoTime();
            long end = begun + seconds * 1_000_000_000L;
            List<Future<long[]>> runs = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                runs.add(senders.submit(() -> send(ways, end)));
            }
            List<long[]> times = new ArrayList<>();
            for (Future<long[]> run : runs) {
                times.add(run.get());
            }
            double took = (System.nanoTime() - begun) / 1e9;
            double spent = (process.getProcessCpuTime() - cpu) / 1e6;
            long[] all = times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            return new Load(
                    all.length / took,
                    all[all.length / 2] / 1e6,
                    all[(int) (all.length * 0.99)] / 1e6,
                    all[all.length - 1] / 1e6,
                    spent / all.length);
        } finally {
            senders.shutdown();
        }
    }

    private long[] send(Ways ways, long end) throws Exception {
        long[] times = new long[1 << 16];
        int count = 0;
        try (Way way = ways.open()) {
            while (System.nanoTime() < end && count < times.length) {
                byte[] message = Messages.certificate("I", NUMBER.incrementAndGet(), SIZE);
                long start = System.nanoTime();
                if (!way.send(message)) {
                    throw new IllegalStateException("refused");
                }
                times[count++] = System.nanoTime() - start;
            }
        }
        return Arrays.copyOf(times, count);
    }

    private static void tell(String what, Load load) throws Exception {
        Report.row(what, load.perSecond, load.p50, load.p99, load.max, load.cpu);
    }

    private Way over(Mllp mllp) {
        return new Way() {
            @Override
            public boolean send(byte[] message) throws Exception {
                boolean taken = mllp.send(message);
                if (taken) {
                    acknowledged.incrementAndGet();
                }
                return taken;
            }

            @Override
            public void close() throws Exception {
                mllp.close();
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

    private static Way sending(ConnectionFactory broker, Hl7v2Intake intake) throws Exception {
        Connection connection = broker.createConnection();
        connection.start();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageProducer producer = session.createProducer(session.createQueue("bench.bare"));
        producer.setDeliveryMode(DeliveryMode.PERSISTENT);
        return new Way() {
            @Override
            public boolean send(byte[] message) throws Exception {
                BytesMessage bytes = session.createBytesMessage();
                bytes.setStringProperty(
                        "controlId", intake.read(message, "bench").get(0).controlId());
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
