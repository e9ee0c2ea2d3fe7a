package it.snodo.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import it.snodo.certificate.CertificateRegister.Planned;
import it.snodo.certificate.CertificateRegister.Registration;
import it.snodo.intake.Incoming;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** A database of the version before, with messages in it, is taken over. */
class JournalMigrationTest {

    @Test
    void messages_of_the_version_before_are_kept_and_known() throws Exception {
        try (EmbeddedPostgres postgres =
                EmbeddedPostgres.builder().setServerConfig("fsync", "off").start()) {
            DataSource database = postgres.getPostgresDatabase();
            migrate(database, "3");
            JdbcClient db = JdbcClient.create(database);
            byte[] raw = "MSH|the same bytes".getBytes(StandardCharsets.UTF_8);
            db.sql("""
                            insert into message (protocol, sender, control_id, type, sha256, size, raw, answer, state, faults,
                              patient_id, document_id, certificate_number)
                            values ('MLLP', 'APP|OSP', 'OLD-1', 'MDM^T02', sha256(:raw), 18, :raw, 'MSA|AA|OLD-1', 'PUBLISHED',
                                null, 'RSSMRA80A01L219M', 'SN1', 1),
                              ('MLLP', 'APP|OSP', 'OLD-2', 'MDM^T02', sha256(:raw), 18, :raw, 'MSA|AE|OLD-2', 'REFUSED',
                                '[{"code":"SNODO-2001","path":"a","location":"","reason":"x"}]', null, null, null),
                              ('MLLP', 'APP|OSP', null, 'MDM^T02', sha256(:raw), 18, :raw, 'MSA|AE|', 'REFUSED', '[]', null,
                                null, null)""").param("raw", raw).update();
            db.sql(
                            "insert into message_step (message_id, name, outcome) values (1, 'accettazione', 'OK'), (1, 'firma', 'OK')")
                    .update();
            db.sql("""
                            insert into certificate (message_id, action, state, stage, sender, document_number, document_id, set_id,
                              version, request, patient_id, patient_family, patient_given, made_at)
                            values (1, 'NEW', 'VALIDO', 'PUBLISHED', 'APP|OSP', 'D1', 'SN1', 'SN1', 1, '', 'p', 'f', 'g', now())""").update();

            migrate(database, "latest");

            Journal journal =
                    new Journal(db, new DataSourceTransactionManager(database), null, new ObjectMapper(), () -> "r1");
            Accepted again = journal.accept(message("OLD-1", raw));
            assertThat(again.repeated()).isTrue();
            assertThat(again.outcome().messageId()).isEqualTo(1);
            assertThat(again.outcome().certificateNumber()).isEqualTo(1);
            assertThat(new String(again.answer(), StandardCharsets.UTF_8)).isEqualTo("MSA|AA|OLD-1");
            assertThat(journal.accept(message("OLD-2", raw)).accepted()).isFalse();
            assertThat(journal.accept(message("OLD-1", "other".getBytes(StandardCharsets.UTF_8)))
                            .repeated())
                    .isFalse();

            assertThat(db.sql("select count(*) from message").query(Long.class).single())
                    .isEqualTo(3);
            assertThat(db.sql("select count(*) from message_step where message_id = 1 and name = 'firma'")
                            .query(Long.class)
                            .single())
                    .isEqualTo(1);
            // of messages that come together, in one call, each is told apart from what was there
            MessageStore store = new MessageStore(db);
            Long[] ids = store.take(
                    List.of(
                            complete("OLD-1", raw, 11, "D5"),
                            complete("NEW-1", raw, 12, "D1"),
                            complete("NEW-2", raw, 13, "D2"),
                            new MessageStore.Complete(row("NEW-3", raw, null, "[]"), null)),
                    OffsetDateTime.now(),
                    "r1",
                    Patience.OF_A_GROUP);
            assertThat(ids).hasSize(4).startsWith(null, null).satisfies(all -> assertThat(List.of(all[2], all[3]))
                    .allMatch(id -> id > MessageIds.FIRST_TIMED)
                    .doesNotHaveDuplicates());
            assertThat(db.sql("select control_id from message_key where message_id > ? order by control_id")
                            .param(MessageIds.FIRST_TIMED)
                            .query(String.class)
                            .list())
                    .containsExactly("NEW-2", "NEW-3");
            assertThat(db.sql("select m.id || ' ' || c.number || ' ' || c.document_id from message m join certificate c"
                                    + " on c.message_id = m.id where m.control_id = 'NEW-2'")
                            .query(String.class)
                            .list())
                    .containsExactly(ids[2] + " 13 SN13");
            assertThat(db.sql("select count(*) from message where id > ?")
                            .param(MessageIds.FIRST_TIMED)
                            .query(Long.class)
                            .single())
                    .isEqualTo(2);
            // and where nothing is known all are stored, each with its own
            Long[] fresh = store.take(
                    List.of(
                            complete("NEW-4", raw, 14, "D4"),
                            new MessageStore.Complete(row("NEW-5", raw, null, "[]"), null),
                            complete("NEW-6", raw, 16, "D6")),
                    OffsetDateTime.now(),
                    "r1",
                    Patience.OF_A_GROUP);
            assertThat(db.sql(
                                    "select concat_ws(' ', k.control_id, m.state, c.number, c.document_number) from message m"
                                            + " join message_key k on k.message_id = m.id left join certificate c on c.message_id = m.id"
                                            + " where m.id in (?, ?, ?) order by array_position(array[?, ?, ?]::bigint[], m.id)")
                            .params(fresh[0], fresh[1], fresh[2], fresh[0], fresh[1], fresh[2])
                            .query(String.class)
                            .list())
                    .containsExactly("NEW-4 ACCEPTED 14 D4", "NEW-5 REFUSED", "NEW-6 ACCEPTED 16 D6");
            // new steps of old messages, and new messages, find their place
            journal.step(1, "prova", "OK", null);
            journal.state(1, MessageState.DISCARDED);
            assertThat(db.sql("select state from message where id = 1")
                            .query(String.class)
                            .single())
                    .isEqualTo("DISCARDED");
        }
    }

    private static MessageStore.Complete complete(String controlId, byte[] raw, long number, String documentNumber) {
        Registration registration = new Registration(number, "SN" + number, "r^SN" + number, "g1", List.of());
        return new MessageStore.Complete(
                row(controlId, raw, registration, null),
                new Planned(number, "APP|OSP", documentNumber, "<xml/>", "F", "G", null, null, null, registration));
    }

    private static MessageStore.Row row(String controlId, byte[] raw, Registration made, String faults) {
        return new MessageStore.Row(
                0,
                message(controlId, raw),
                controlId,
                new byte[32],
                raw,
                "MSA".getBytes(StandardCharsets.UTF_8),
                faults == null ? MessageState.ACCEPTED : MessageState.REFUSED,
                faults,
                "P",
                made == null ? null : made.documentId(),
                made == null ? null : made.fseIdentifier(),
                made == null ? null : made.certificateNumber());
    }

    private static void migrate(DataSource database, String to) {
        Flyway.configure().dataSource(database).target(to).load().migrate();
    }

    private static Incoming message(String controlId, byte[] raw) {
        return new Incoming(
                "MLLP",
                "test",
                "APP|OSP",
                controlId,
                "MDM^T02",
                raw,
                null,
                List.of(),
                Map.of(),
                (message, outcome) -> "built".getBytes(StandardCharsets.UTF_8));
    }
}
