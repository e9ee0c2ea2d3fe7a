package it.snodo.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import it.snodo.intake.Incoming;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** What stays in the journal and what goes, with the clock moved. */
class JournalUpkeepTest {

    private static final Duration YEAR = Duration.ofDays(366);

    private static EmbeddedPostgres postgres;
    private static HikariDataSource database;
    private static JdbcClient db;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        database = new HikariDataSource();
        database.setJdbcUrl(postgres.getJdbcUrl("postgres", "postgres"));
        db = JdbcClient.create(database);
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
        postgres.close();
    }

    @BeforeEach
    void empty() {
        Flyway flyway =
                Flyway.configure().dataSource(database).cleanDisabled(false).load();
        flyway.clean();
        flyway.migrate();
    }

    private static JournalUpkeep upkeep(Duration ahead) {
        return new JournalUpkeep(
                db,
                new DataSourceTransactionManager(database),
                new RetentionProperties(
                        Duration.ofDays(400), Duration.ofDays(200), Duration.ofDays(90), Duration.ofDays(90)),
                new SimpleMeterRegistry(),
                Clock.offset(Clock.fixed(Instant.now(), ZoneOffset.UTC), ahead));
    }

    private static Journal journal() {
        return new Journal(db, new DataSourceTransactionManager(database), null, new ObjectMapper(), () -> "r1");
    }

    /** A message with a step and a call; its id says that it came so long ago. */
    private static long message(String controlId, MessageState state, Duration ago) {
        if (!ago.isNegative()) {
            // made as the hub made it at the time
            db.sql("select make_message_partitions(cast(now() - cast(? as interval) as date), 1)")
                    .param(ago.toSeconds() + " seconds")
                    .query(Integer.class)
                    .single();
        }
        long id = db.sql("""
                        insert into message (id, received_at, updated_at, protocol, sender, control_id, type, sha256, size, raw,
                          state)
                        values (new_message_id(now() - cast(:ago as interval)), now() - cast(:ago as interval),
                          now() - cast(:ago as interval), 'MLLP', 'APP|OSP', :controlId, 'MDM^T02', sha256(:raw), 3, :raw, :state)
                        returning id""")
                .param("ago", ago.toSeconds() + " seconds")
                .param("controlId", controlId)
                .param("raw", raw(controlId))
                .param("state", state.name())
                .query(Long.class)
                .single();
        db.sql("""
                        insert into message_key (control_id, sender, message_id, sha256, answer, accepted)
                        values (?, 'APP|OSP', ?, sha256(?), ?, true)""")
                .params(controlId, id, raw(controlId), raw("MSA|AA|" + controlId))
                .update();
        journal().step(id, "documento", "OK", null);
        db.sql("""
                        insert into message_call (message_id, destination, operation, method, url, request_size, duration_ms)
                        values (?, 'FSE', 'CREATE', 'POST', 'u', 1, 1)""").param(id).update();
        return id;
    }

    private static byte[] raw(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> in(String table) {
        return db.sql("select control_id from message where id in (select "
                        + (table.equals("message") ? "id" : "message_id") + " from " + table + ") order by control_id")
                .query(String.class)
                .list();
    }

    private static long rows(String table) {
        return db.sql("select count(*) from " + table).query(Long.class).single();
    }

    @Test
    void each_outcome_has_its_time_and_what_is_open_never_goes() {
        for (MessageState state : MessageState.values()) {
            for (int i = 0; i < (state == MessageState.PUBLISHED ? 20 : 1); i++) {
                message(state + "-" + i, state, Duration.ofDays(100));
            }
        }

        upkeep(Duration.ZERO).run();
        assertThat(rows("message")).as("young enough").isEqualTo(28);
        upkeep(Duration.ofDays(290)).run();
        assertThat(rows("message")).as("delivered ones stay 400 days").isEqualTo(28);
        upkeep(Duration.ofDays(340)).run();

        List<String> open = List.of("ACCEPTED-0", "AWAITING_SIGNATURE-0", "FAILED-0", "PROCESSING-0");
        assertThat(in("message")).isEqualTo(open);
        assertThat(in("message_step")).isEqualTo(open);
        assertThat(in("message_call")).isEqualTo(open);
        assertThat(rows("message_step")).isEqualTo(4);
        assertThat(rows("message_call")).isEqualTo(4);
        upkeep(Duration.ofDays(4000)).run();
        assertThat(in("message")).isEqualTo(open);
    }

    @Test
    void a_partition_goes_whole_when_nothing_has_to_stay() {
        message("OLD", MessageState.PUBLISHED, Duration.ofDays(40));
        String partition = db.sql("select tableoid::regclass::text from message")
                .query(String.class)
                .single();
        assertThat(partition).isNotEqualTo("message_default");

        upkeep(Duration.ofDays(450)).run();

        assertThat(rows("message") + rows("message_step") + rows("message_call"))
                .isZero();
        assertThat(db.sql("select to_regclass(?) is null")
                        .param(partition)
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void what_a_message_was_searched_by_before_its_correction_goes_with_it() {
        long stuck = message("STUCK", MessageState.FAILED, YEAR);
        long gone = message("GONE", MessageState.PUBLISHED, YEAR);
        long young = message("YOUNG", MessageState.PUBLISHED, Duration.ofDays(1));
        for (long id : new long[] {stuck, gone, young}) {
            db.sql(
                            "insert into message_former_key (kind, value, message_id) values ('patient', 'PRIMA', ?), ('nre', 'N', ?)")
                    .params(id, id)
                    .update();
        }

        upkeep(YEAR).run();

        assertThat(in("message")).containsExactly("STUCK", "YOUNG");
        assertThat(db.sql("select kind from message_former_key where message_id = ? order by kind")
                        .param(stuck)
                        .query(String.class)
                        .list())
                .containsExactly("nre", "patient");
        assertThat(in("message_former_key")).containsOnly("STUCK", "YOUNG");
        assertThat(rows("message_former_key")).isEqualTo(4);
    }

    @Test
    void a_message_that_was_let_go_is_still_known_when_it_is_sent_again() {
        long id = message("OLD", MessageState.PUBLISHED, YEAR);
        upkeep(YEAR).run();
        assertThat(rows("message")).isZero();

        Accepted again = journal().accept(incoming("OLD", raw("OLD")));
        Accepted other = journal().accept(incoming("OLD", raw("other bytes")));

        assertThat(again.repeated()).isTrue();
        assertThat(again.outcome().messageId()).isEqualTo(id);
        assertThat(new String(again.answer(), StandardCharsets.UTF_8)).isEqualTo("MSA|AA|OLD");
        assertThat(other.accepted()).isFalse();
        assertThat(other.repeated()).isFalse();
        assertThat(rows("message")).isZero();
        // what is written about it now goes with the time too
        assertThat(rows("message_step")).isEqualTo(1);
        upkeep(YEAR.multipliedBy(2)).run();
        assertThat(rows("message_step")).isZero();
    }

    @Test
    void what_was_kept_can_still_be_changed_and_goes_when_it_is_closed() {
        long id = message("STUCK", MessageState.FAILED, YEAR);
        for (int i = 0; i < 5; i++) {
            message("DONE-" + i, MessageState.PUBLISHED, YEAR);
        }
        upkeep(YEAR).run();
        assertThat(in("message")).containsExactly("STUCK");

        journal().state(id, MessageState.DISCARDED);
        journal().step(id, "chiusura", "OK", "inviato su carta");

        upkeep(Duration.ofDays(100)).run();
        assertThat(in("message")).as("closed today").containsExactly("STUCK");
        upkeep(Duration.ofDays(201)).run();
        assertThat(rows("message") + rows("message_step")).isZero();
    }

    @Test
    void the_coming_months_have_their_partitions_and_what_had_none_is_moved_in() {
        upkeep(Duration.ofDays(400)).run();
        long inFuture = message("AHEAD", MessageState.ACCEPTED, Duration.ofDays(-410));
        long beyond = message("BEYOND", MessageState.ACCEPTED, Duration.ofDays(-800));

        assertThat(partition(inFuture)).matches("message_\\d{4}_\\d\\d");
        assertThat(partition(beyond)).isEqualTo("message_default");
        upkeep(Duration.ofDays(790)).run();
        assertThat(partition(beyond)).matches("message_\\d{4}_\\d\\d");
        assertThat(in("message_step")).containsExactly("AHEAD", "BEYOND");
        assertThat(in("message_call")).containsExactly("AHEAD", "BEYOND");
    }

    private static String partition(long id) {
        return db.sql("select tableoid::regclass::text from message where id = ?")
                .param(id)
                .query(String.class)
                .single();
    }

    private static Incoming incoming(String controlId, byte[] raw) {
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
                (message, outcome) -> raw("built"));
    }
}
