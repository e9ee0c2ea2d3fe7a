package it.snodo.messages;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * No search walks through the journal, however old or rare what it asks for is. Told by how many rows the database read,
 * because at this size a clock would not tell.
 */
class MessageSearchTest {

    private static final int ROWS = 20_000;

    private static EmbeddedPostgres postgres;
    private static HikariDataSource database;
    private static JdbcClient db;
    private static MessageSearch search;

    /** One message of its own kind is the oldest; all others are alike and newer. */
    @BeforeAll
    static void fill() throws Exception {
        postgres = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        database = new HikariDataSource();
        database.setJdbcUrl(postgres.getJdbcUrl("postgres", "postgres"));
        database.setMaximumPoolSize(1);
        Flyway.configure().dataSource(postgres.getPostgresDatabase()).load().migrate();
        db = JdbcClient.create(database);
        db.sql("select make_message_partitions(cast(now() - interval '5 months' as date), 5)")
                .query(Integer.class)
                .single();
        db.sql("""
                        insert into message (id, received_at, protocol, sender, control_id, type, sha256, size, raw, state, patient_id,
                          nre, document_id, fse_identifier, certificate_number)
                        select first_message_id(at) + (n & 4095), at, 'MLLP', case n when 1 then 'RARE|OSP' else 'OFTEN|OSP' end,
                          'M' || n, 'MDM^T02', '', 1, decode(repeat(md5(cast(n as text)), 10), 'hex'),
                          case n when 1 then 'FAILED' else 'PUBLISHED' end, case n when 1 then 'RARE' else 'OFTEN' end,
                          'NRE' || n, 'SN' || n, '1.2^SN' || n, n
                        from (select n, now() - make_interval(mins => 8 * (:rows - n)) as at from generate_series(1, :rows) n) given""").param("rows", ROWS).update();
        db.sql("insert into message_key (control_id, sender, message_id, sha256, answer, accepted)"
                        + " select control_id, sender, id, '', '', true from message")
                .update();
        db.sql("""
                        insert into certificate (number, message_id, action, state, stage, sender, document_number, document_id, set_id,
                          version, request, patient_id, patient_family, patient_given, made_at)
                        overriding system value
                        select certificate_number, id, 'NEW', 'VALIDO', 'PUBLISHED', sender, control_id, document_id, document_id, 1, '',
                          patient_id, '', '', received_at from message""").update();
        db.sql("analyze").update();
        search = new MessageSearch(db);
    }

    @AfterAll
    static void stop() throws Exception {
        database.close();
        postgres.close();
    }

    private static MessageFilter filter(
            String any, String controlId, String sender, String patient, MessageState state, String document) {
        return new MessageFilter(
                any, controlId, sender, patient, state, document, null, null, null, null, null, null, null, null, null,
                null);
    }

    private static List<String> find(MessageFilter filter) {
        // Often enough that the driver prepares the statement and the database plans it once for all values.
        List<String> found = List.of();
        for (int i = 0; i < 12; i++) {
            db.sql("select pg_stat_force_next_flush()").query((row, n) -> 1).list();
            long before = read();
            found = search.find(filter, 51, (row, n) -> row.getString("control_id"));
            db.sql("select pg_stat_force_next_flush()").query((row, n) -> 1).list();
            assertThat(read() - before).as("rows read for %s", filter).isLessThan(1000);
        }
        return found;
    }

    private static long read() {
        return db.sql("select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_user_tables"
                        + " where relname like 'message%'")
                .query(Long.class)
                .single();
    }

    @Test
    void what_is_rare_and_old_is_found_without_a_walk() {
        assertThat(find(filter(null, null, "RARE", null, null, null))).containsExactly("M1");
        assertThat(find(filter(null, null, "RARE|OSP", null, null, null))).containsExactly("M1");
        assertThat(find(filter(null, null, null, "RARE", null, null))).containsExactly("M1");
        assertThat(find(filter(null, null, null, null, MessageState.FAILED, null)))
                .containsExactly("M1");
        assertThat(find(filter(null, null, null, null, null, "SN1"))).containsExactly("M1");
        assertThat(find(filter(null, "M1", null, null, null, null))).containsExactly("M1");
        assertThat(find(filter("RARE", null, null, null, null, null))).containsExactly("M1");
        assertThat(find(filter("NRE1", null, null, null, null, null))).containsExactly("M1");
        assertThat(find(filter(null, null, "OFTEN", "RARE", null, null))).isEmpty();
    }

    @Test
    void a_booking_that_its_cup_has_not_answered_yet_is_found_by_its_code() {
        db.sql("""
                        insert into booking (code, message_id, state, azienda, person, lines, origin)
                        select 'SC2026000001', id, 'UNKNOWN', '010301', '', '[]', 'SOVRACUP' from message where control_id = 'M1'""").update();
        assertThat(find(new MessageFilter(
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        "SC2026000001",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null)))
                .containsExactly("M1");
        assertThat(find(filter("SC2026000001", null, null, null, null, null))).containsExactly("M1");
    }

    @Test
    void what_is_not_there_is_not_looked_for_everywhere() {
        assertThat(find(filter("X", null, null, null, null, null))).isEmpty();
        assertThat(find(filter(null, null, "NOBODY", null, null, null))).isEmpty();
        assertThat(find(filter(null, null, null, "NOBODY", null, null))).isEmpty();
        assertThat(find(filter(null, null, null, null, MessageState.BOOKED, null)))
                .isEmpty();
    }

    @Test
    void what_is_everywhere_comes_newest_first() {
        assertThat(find(filter(null, null, "OFTEN", null, null, null)))
                .hasSize(51)
                .startsWith("M" + ROWS, "M" + (ROWS - 1));
        assertThat(find(filter(null, null, null, "OFTEN", null, null)))
                .hasSize(51)
                .startsWith("M" + ROWS);
        assertThat(find(filter(null, null, null, null, MessageState.PUBLISHED, null)))
                .hasSize(51)
                .startsWith("M" + ROWS);
    }

    @Test
    void an_hour_long_ago_is_found_without_what_came_since() {
        Instant from = Instant.now().minus(Duration.ofMinutes(8 * (ROWS - 1000)));
        MessageFilter hour = new MessageFilter(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                from,
                from.plus(Duration.ofHours(1)),
                null);

        assertThat(find(hour)).hasSizeBetween(7, 8);
    }

    @Test
    void a_corrected_message_is_found_by_what_it_came_with_and_by_what_it_is_now() {
        long id = db.sql("select id from message where control_id = 'M7'")
                .query(Long.class)
                .single();
        db.sql(
                        "insert into message_former_key (kind, value, message_id) values ('patient', 'BEFORE', ?), ('nre', 'NREBEFORE', ?)")
                .params(id, id)
                .update();
        assertThat(find(filter(null, null, null, "BEFORE", null, null))).containsExactly("M7");
        assertThat(find(filter(null, null, null, "BEFORE", MessageState.FAILED, null)))
                .isEmpty();
        assertThat(find(filter(null, "M7", null, "BEFORE", null, null))).containsExactly("M7");
        assertThat(find(filter(null, "M8", null, "BEFORE", null, null))).isEmpty();
        assertThat(find(filter("BEFORE", null, null, null, null, null))).containsExactly("M7");
        assertThat(find(filter("NREBEFORE", null, null, null, null, null))).containsExactly("M7");
        assertThat(find(filter(null, null, null, "RARE", null, null))).containsExactly("M1");
        assertThat(find(filter(null, null, null, "OFTEN", null, null)))
                .hasSize(51)
                .startsWith("M" + ROWS);
    }

    @Test
    void what_was_refused_for_the_moment_is_found_by_its_id_beside_what_came_of_it_later() {
        List<Long> ids = db.sql("select id from message where control_id in ('M11', 'M12') order by control_id")
                .query(Long.class)
                .list();
        db.sql("update message set control_id = 'M12' where id = ?")
                .param(ids.get(0))
                .update();
        db.sql("insert into message_former_key (kind, value, message_id) values ('control', 'M12', ?)")
                .param(ids.get(0))
                .update();
        assertThat(find(filter(null, "M12", null, null, null, null))).containsExactly("M12", "M12");
        assertThat(find(filter("M12", null, null, null, null, null))).containsExactly("M12", "M12");
    }
}
