package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** While the database holds the journal locked nothing is answered and nothing is lost; afterwards all is, in order. */
class SlowStoreTest {

    private static final int CONNECTIONS = 12;
    private static final int EACH = 5;

    private static byte[] frame(String id) throws IOException {
        String message = new String(
                SlowStoreTest.class.getResourceAsStream("/demo/06-errata.hl7").readAllBytes(), StandardCharsets.UTF_8);
        String[] lines = message.strip().split("[\\r\\n]+");
        String[] fields = lines[0].split("\\|", -1);
        fields[9] = id;
        lines[0] = String.join("|", fields);
        return ("\u000b" + String.join("\r", lines) + "\r\u001c\r").getBytes(StandardCharsets.UTF_8);
    }

    private static String answer(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int next = in.read(); next != 0x1C; next = in.read()) {
            if (next < 0) {
                throw new IOException("closed");
            }
            out.write(next);
        }
        in.read();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_locked_journal_holds_the_answers_back_and_every_message_is_answered_once_it_is_free() throws Exception {
        RunningHub hub = RunningHub.get();
        Assumptions.assumeTrue(hub.context != null, "the database of a hub elsewhere is not ours to lock");
        String run = UUID.randomUUID().toString().substring(0, 8);
        List<Socket> peers = new ArrayList<>();
        try (Connection lock = hub.context.getBean(DataSource.class).getConnection();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("lock table message in access exclusive mode");
            for (int i = 0; i < CONNECTIONS; i++) {
                Socket peer = new Socket("localhost", hub.mllp);
                peer.setSoTimeout(60_000);
                peers.add(peer);
                for (int k = 0; k < EACH; k++) {
                    peer.getOutputStream().write(frame(run + "-" + i + "-" + k));
                }
            }
            // The hub's own workers wait for the lock, each with one message; nobody has an answer.
            await().atMost(Duration.ofSeconds(20)).until(() -> waiting(statement) > 0);
            for (Socket peer : peers) {
                assertThat(peer.getInputStream().available()).isZero();
            }
            lock.rollback();
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            for (int k = 0; k < EACH; k++) {
                // refused for its content, or to be sent again when it had to wait too long: never silence, never AA
                assertThat(answer(peers.get(i).getInputStream())).contains("MSA|AE|" + run + "-" + i + "-" + k);
            }
            peers.get(i).close();
        }
        assertThat(hub.message(run + "-0-0").path("state").asText()).isEqualTo("REFUSED");
    }

    private static int waiting(Statement statement) throws Exception {
        try (var result = statement.executeQuery("select count(*) from pg_locks where not granted")) {
            result.next();
            return result.getInt(1);
        }
    }
}
