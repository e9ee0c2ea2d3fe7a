package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import it.snodo.demo.MllpClient;
import it.snodo.fault.SnodoCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** While the journal is locked nobody is told yes and nothing is lost; who is locked out of one message holds up no other. */
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
            lock.rollback();
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            for (int k = 0; k < EACH; k++) {
                // refused for its content, or to be sent again when it had to wait too long: never silence, never AA
                assertThat(peers.get(i).receive()).contains("MSA|AE|" + run + "-" + i + "-" + k);
            }
            peers.get(i).close();
        }
        try (MllpClient peer = new MllpClient(hub.mllp)) {
            peer.send(frame(run + "-0-0"));
            assertThat(peer.receive()).doesNotContain(SnodoCode.STORE_UNAVAILABLE.code());
        }
        assertThat(hub.message(run + "-0-0").path("state").asText()).isEqualTo("REFUSED");
    }

    @Test
    void who_waits_for_a_lock_that_somebody_keeps_is_told_to_send_again_and_holds_up_nobody() throws Exception {
        RunningHub hub = RunningHub.get();
        Assumptions.assumeTrue(hub.context != null, "the database of a hub elsewhere is not ours to lock");
        String run = UUID.randomUUID().toString().substring(0, 8);
        String locked = run + "-locked";
        try (Connection lock = hub.context.getBean(DataSource.class).getConnection();
                Statement statement = lock.createStatement();
                MllpClient peer = new MllpClient(hub.mllp)) {
            String sender = sender(hub, run + "-first");
            lock.setAutoCommit(false);
            statement.execute(
                    "insert into message_key (control_id, sender, message_id, sha256, answer, accepted) values ('"
                            + locked + "', '" + sender.replace("'", "''") + "', 1, '', '', true)");
            peer.send(frame(locked));
            await().atMost(Duration.ofSeconds(60)).until(() -> waiting(statement) > 0);
            for (int i = 0; i < 20; i++) {
                try (MllpClient other = new MllpClient(hub.mllp)) {
                    other.send(frame(run + "-" + i));
                    assertThat(other.receive())
                            .contains("MSA|AE|" + run + "-" + i)
                            .doesNotContain(SnodoCode.STORE_UNAVAILABLE.code());
                }
            }
            assertThat(peer.receive()).contains("MSA|AE|" + locked).contains(SnodoCode.STORE_UNAVAILABLE.code());
            lock.rollback();
            peer.send(frame(locked));
            assertThat(peer.receive()).contains("MSA|AE|" + locked).doesNotContain(SnodoCode.STORE_UNAVAILABLE.code());
        }
    }

    /** The name that the journal knows the sender of the message by. */
    private static String sender(RunningHub hub, String id) throws Exception {
        try (MllpClient peer = new MllpClient(hub.mllp);
                Connection connection = hub.context.getBean(DataSource.class).getConnection();
                PreparedStatement key =
                        connection.prepareStatement("select sender from message_key where control_id = ?")) {
            peer.send(frame(id));
            assertThat(peer.receive()).contains("MSA|AE|" + id);
            key.setString(1, id);
            try (ResultSet row = key.executeQuery()) {
                assertThat(row.next()).isTrue();
                return row.getString(1);
            }
        }
    }

    private static int waiting(Statement statement) throws Exception {
        try (var result = statement.executeQuery("select count(*) from pg_locks where not granted")) {
            result.next();
            return result.getInt(1);
        }
    }
}
