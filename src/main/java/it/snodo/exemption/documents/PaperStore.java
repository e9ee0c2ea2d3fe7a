package it.snodo.exemption.documents;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of {@code exemption_document}. */
@Component
class PaperStore {

    static final String ATTESTATO = "ATTESTATO";
    static final String PROMEMORIA = "PROMEMORIA";
    /** After so many tries only a reader tries again. */
    static final int TRIES = 10;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            // noted by a later release
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final String SELECT =
            "select id, kind, number, version, issued_on, snapshot::text as snapshot, sha256,"
                    + " pdf, made_at from exemption_document where ";

    private final JdbcClient jdbc;

    PaperStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param pdf null until it is made */
    record Row(
            long id,
            String kind,
            long number,
            int version,
            LocalDate issued,
            PaperPage page,
            byte[] pdf,
            byte[] sha256,
            OffsetDateTime madeAt) {}

    /** Until the transaction ends, nobody else adds a version of this. */
    void lock(String what) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended(?, 0))")
                .param("exemption_document " + what)
                .query((row, n) -> 0)
                .list();
    }

    Optional<Row> lastAttestato(String patient) {
        return jdbc.sql(SELECT + "kind = 'ATTESTATO' and patient_id = ? order by version desc limit 1")
                .param(patient)
                .query((row, n) -> row(row))
                .optional();
    }

    Optional<Row> attestato(String patient, int version) {
        return jdbc.sql(SELECT + "kind = 'ATTESTATO' and patient_id = ? and version = ?")
                .params(patient, version)
                .query((row, n) -> row(row))
                .optional();
    }

    /** The newest first. */
    List<Row> attestati(String patient) {
        return jdbc.sql(SELECT.replace(" pdf,", " null::bytea as pdf,")
                        + "kind = 'ATTESTATO' and patient_id = ? order by version desc")
                .param(patient)
                .query((row, n) -> row(row))
                .list();
    }

    Optional<Row> lastPromemoria(long exemption) {
        return jdbc.sql(SELECT + "kind = 'PROMEMORIA' and exemption_id = ? order by version desc limit 1")
                .param(exemption)
                .query((row, n) -> row(row))
                .optional();
    }

    Row find(long id) {
        return jdbc.sql(SELECT + "id = ?").param(id).query((row, n) -> row(row)).single();
    }

    /**
     * Owes the next version from the caller's transaction on.
     *
     * @param last the version before; empty when this is the first
     * @param exemption null for an attestato
     * @return its id
     */
    long add(String kind, String patient, Long exemption, Optional<Row> last, PaperPage page, LocalDate day) {
        long number = last.map(Row::number).orElseGet(() -> jdbc.sql("select nextval('exemption_document_number')")
                .query(Long.class)
                .single());
        int version = last.map(Row::version).orElse(0) + 1;
        try {
            return jdbc.sql(
                            "insert into exemption_document (kind, number, version, patient_id, exemption_id, issued_on,"
                                    + " snapshot) values (?, ?, ?, ?, ?, ?, ?::jsonb) returning id")
                    .params(
                            kind,
                            number,
                            version,
                            patient,
                            exemption,
                            day,
                            JSON.writeValueAsString(page.as(number, version, day)))
                    .query(Long.class)
                    .single();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a page can always be written", e);
        }
    }

    List<Long> toMake(int atMost) {
        return jdbc.sql("select id from exemption_document where state = 'TO_MAKE' and next_try_at <= now()"
                        + " and attempts < ? order by next_try_at limit ?")
                .params(TRIES, atMost)
                .query(Long.class)
                .list();
    }

    int waiting() {
        return jdbc.sql("select count(*) from exemption_document where state = 'TO_MAKE' and attempts < ?")
                .param(TRIES)
                .query(Integer.class)
                .single();
    }

    /** Number, version and reason of those that are tried no more; at most a hundred. */
    List<String> stopped() {
        return jdbc.sql("select kind || ' ' || number || ' v' || version || ': ' || coalesce(failure, 'interrotto')"
                        + " from exemption_document where state = 'TO_MAKE' and attempts >= ? order by id limit 100")
                .param(TRIES)
                .query(String.class)
                .list();
    }

    /** Counts a try before it begins, so that one that ends the process counts too; the next is twice as far, at most an hour. */
    void begin(long id) {
        jdbc.sql("update exemption_document set attempts = attempts + 1, next_try_at = now()"
                        + " + least(10 * power(2, least(attempts, 20)), 3600) * interval '1 second'"
                        + " where id = ? and state = 'TO_MAKE'")
                .param(id)
                .update();
    }

    /** What is made already stays. */
    void made(long id, byte[] pdf, byte[] sha256) {
        jdbc.sql("update exemption_document set state = 'MADE', pdf = ?, sha256 = ?, made_at = now(), failure = null"
                        + " where id = ? and state = 'TO_MAKE'")
                .params(pdf, sha256, id)
                .update();
    }

    void failed(long id, String words) {
        jdbc.sql("update exemption_document set failure = ? where id = ? and state = 'TO_MAKE'")
                .params(words, id)
                .update();
    }

    private static Row row(ResultSet row) throws SQLException {
        try {
            return new Row(
                    row.getLong("id"),
                    row.getString("kind"),
                    row.getLong("number"),
                    row.getInt("version"),
                    row.getObject("issued_on", LocalDate.class),
                    JSON.readValue(row.getString("snapshot"), PaperPage.class),
                    row.getBytes("pdf"),
                    row.getBytes("sha256"),
                    row.getObject("made_at", OffsetDateTime.class));
        } catch (JsonProcessingException e) {
            throw new SQLException("snapshot of exemption_document " + row.getLong("id"), e);
        }
    }
}
