package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import it.snodo.demo.MllpClient;
import java.io.IOException;
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
        return MllpClient.frame(String.join("\r", lines) + "\r");
    }

    @Test
    void a_locked_journal_holds_the_answers_back_and_every_message_is_answered_once_it_is_free() throws Exception {
        RunningHub hub = RunningHub.get();
        Assumptions.assumeTrue(hub.context != null, "the database of a hub elsewhere is not ours to lock");
        String run = UUID.randomUUID().toString().substring(0, 8);
        List<MllpClient> peers = new ArrayList<>();
        try (Connection lock = hub.context.getBean(DataSource.class).getConnection();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("lock table message in access exclusive mode");
            for (int i = 0; i < CONNECTIONS; i++) {
                MllpClient peer = new MllpClient(hub.mllp);
                peers.add(peer);
                for (int k = 0; k < EACH; k++) {
                    peer.send(frame(run + "-" + i + "-" + k));
                }
            }
            // The hub's own workers wait for the lock, each with one message; nobody has an answer.
            await().atMost(Duration.ofSeconds(20)).until(() -> waiting(statement) > 0);
            for (MllpClient peer : peers) {
                assertThat(peer.available()).isZero();
            }
            lock.rollback();
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            for (int k = 0; k < EACH; k++) {
                // refused for its content, or to be sent again when it had to wait too long: never silence, never AA
                assertThat(peers.get(i).receive()).contains("MSA|AE|" + run + "-" + i + "-" + k);
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
