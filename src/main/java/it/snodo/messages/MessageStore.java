package it.snodo.messages;

import it.snodo.certificate.CertificateRegister;
import it.snodo.intake.Incoming;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Function;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * The tables {@code message} and {@code message_key} as the acceptance reads and writes them: any number of messages in
 * one trip, for each trip to the database is paid by every message.
 */
final class MessageStore {

    private final JdbcClient db;

    MessageStore(JdbcClient db) {
        this.db = db;
    }

    /**
     * What is known under a sender and control id, or else the id for a new message.
     *
     * @param answer the very acknowledgement that was given
     */
    record Known(
            long id,
            boolean isNew,
            byte[] sha256,
            byte[] answer,
            boolean accepted,
            Long certificateNumber,
            String documentId) {}

    private static final RowMapper<Known> KNOWN = (row, n) -> new Known(
            row.getLong("id"),
            row.getBoolean("is_new"),
            row.getBytes("sha256"),
            row.getBytes("answer"),
            row.getBoolean("accepted"),
            row.getObject("certificate_number", Long.class),
            row.getString("document_id"));

    /**
     * In the order of the messages.
     *
     * @param patience how long the rest of the transaction waits for each lock that somebody else holds
     */
    List<Known> known(List<Incoming> messages, Duration patience) {
        return db.sql("""
                        select coalesce(k.message_id, new_message_id(now())) id, k.message_id is null is_new,
                               k.sha256, k.answer, k.accepted, k.certificate_number, k.document_id
                        from wait_for_locks(?) cross join known_messages(?, ?) with ordinality k
                        order by k.ordinality
                        """)
                .params(
                        Math.toIntExact(patience.toMillis()),
                        texts(messages, MessageStore::sender),
                        texts(messages, each -> blankToNull(each.controlId())))
                .query(KNOWN)
                .list();
    }

    /**
     * A message to write.
     *
     * @param controlId null when the message is not known again by it
     * @param raw the bytes to keep
     * @param faults as JSON; null when accepted
     */
    record Row(
            long id,
            Incoming message,
            String controlId,
            byte[] sha256,
            byte[] raw,
            byte[] answer,
            MessageState state,
            String faults,
            String patient,
            String documentId,
            String fseIdentifier,
            Long certificateNumber) {}

    /**
     * Messages and keys in one statement.
     *
     * @param configuration the revision under which they were accepted
     */
    void insert(List<Row> rows, String configuration) {
        db.sql("""
                        with given as (
                          select * from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) as
                            given (id, protocol, peer, sender, control_id, type, sha256, size, raw, answer, state,
                              faults, patient_id, nre, document_id, fse_identifier, certificate_number)),
                        stored as (
                          insert into message (id, protocol, peer, sender, control_id, type, sha256, size, raw, answer,
                            state, faults, patient_id, nre, document_id, fse_identifier, certificate_number,
                            config_revision)
                          select id, protocol, peer, sender, control_id, type, sha256, size, raw,
                            case when control_id is null then answer end, state, cast(faults as jsonb), patient_id, nre,
                            document_id, fse_identifier, certificate_number, cast(? as text)
                          from given)
                        insert into message_key (message_id, sender, control_id, sha256, answer, accepted,
                          certificate_number, document_id)
                        select id, sender, control_id, sha256, answer, faults is null, certificate_number, document_id
                        from given where control_id is not null
                        """)
                .params(
                        numbers(rows, Row::id),
                        texts(rows, each -> each.message().protocol()),
                        texts(rows, each -> each.message().peer()),
                        texts(rows, each -> sender(each.message())),
                        texts(rows, Row::controlId),
                        texts(rows, MessageStore::type),
                        bytes(rows, Row::sha256),
                        sizes(rows),
                        bytes(rows, Row::raw),
                        bytes(rows, Row::answer),
                        texts(rows, each -> each.state().name()),
                        texts(rows, Row::faults),
                        texts(rows, Row::patient),
                        texts(rows, MessageStore::nre),
                        texts(rows, Row::documentId),
                        texts(rows, Row::fseIdentifier),
                        numbers(rows, Row::certificateNumber),
                        configuration)
                .update();
    }

    /**
     * A message with all that is to be stored of it.
     *
     * @param row its id means nothing yet
     * @param certificate null when it makes none
     */
    record Complete(Row row, CertificateRegister.Planned certificate) {}

    /**
     * Messages, keys and certificates in one call with its commit; for outside of a transaction. First as if none were
     * known; when some are, the database has turned all away, and in a second call each is looked at.
     *
     * @param made when the certificates are made
     * @param patience how long each lock that somebody else holds is waited for
     * @return in the order of the messages their ids; null for one whose key or document number is known already, of which
     *     nothing was stored
     */
    Long[] take(List<Complete> messages, OffsetDateTime made, String configuration, Duration patience) {
        try {
            return take("take_new_messages", messages, made, configuration, patience);
        } catch (DuplicateKeyException known) {
            return take("take_messages", messages, made, configuration, patience);
        }
    }

    private Long[] take(
            String function, List<Complete> messages, OffsetDateTime made, String configuration, Duration patience) {
        List<Row> rows = messages.stream().map(Complete::row).toList();
        List<CertificateRegister.Planned> certificates =
                messages.stream().map(Complete::certificate).toList();
        return db.sql("select " + function + "(" + "?, ".repeat(26) + "?)")
                .params(
                        Math.toIntExact(patience.toMillis()),
                        texts(rows, each -> sender(each.message())),
                        texts(rows, Row::controlId),
                        texts(rows, each -> each.message().protocol()),
                        texts(rows, each -> each.message().peer()),
                        texts(rows, MessageStore::type),
                        bytes(rows, Row::sha256),
                        sizes(rows),
                        bytes(rows, Row::raw),
                        bytes(rows, Row::answer),
                        texts(rows, each -> each.state().name()),
                        texts(rows, Row::faults),
                        texts(rows, Row::patient),
                        texts(rows, MessageStore::nre),
                        texts(rows, Row::documentId),
                        texts(rows, Row::fseIdentifier),
                        configuration,
                        numbers(rows, Row::certificateNumber),
                        texts(certificates, orNull(CertificateRegister.Planned::sender)),
                        texts(certificates, orNull(CertificateRegister.Planned::documentNumber)),
                        texts(certificates, orNull(CertificateRegister.Planned::request)),
                        texts(certificates, orNull(CertificateRegister.Planned::family)),
                        texts(certificates, orNull(CertificateRegister.Planned::given)),
                        texts(certificates, orNull(CertificateRegister.Planned::exemption)),
                        texts(certificates, orNull(CertificateRegister.Planned::diagnosis)),
                        texts(certificates, orNull(CertificateRegister.Planned::signer)),
                        made)
                .query((row, n) -> (Long[]) row.getArray(1).getArray())
                .single();
    }

    private static Function<CertificateRegister.Planned, String> orNull(
            Function<CertificateRegister.Planned, String> value) {
        return each -> each == null ? null : value.apply(each);
    }

    private static String type(Row row) {
        return row.message().type() == null ? "" : row.message().type();
    }

    private static String nre(Row row) {
        return row.message().request() == null ? null : row.message().request().nre();
    }

    private static SqlArrayValue sizes(List<Row> rows) {
        return new SqlArrayValue("integer", (Object[])
                rows.stream().map(each -> each.message().raw().length).toArray(Integer[]::new));
    }

    // The driver sends arrays of these types in binary form; of objects it would make text.

    private static <T> SqlArrayValue texts(List<T> rows, Function<T, String> value) {
        return new SqlArrayValue("text", (Object[]) rows.stream().map(value).toArray(String[]::new));
    }

    private static <T> SqlArrayValue numbers(List<T> rows, Function<T, Long> value) {
        return new SqlArrayValue("bigint", (Object[]) rows.stream().map(value).toArray(Long[]::new));
    }

    private static <T> SqlArrayValue bytes(List<T> rows, Function<T, byte[]> value) {
        return new SqlArrayValue("bytea", (Object[]) rows.stream().map(value).toArray(byte[][]::new));
    }

    /** A sender that did not say who it is has the empty name, so that its repetitions are known all the same. */
    static String sender(Incoming message) {
        return message.sender() == null ? "" : message.sender();
    }

    static String blankToNull(String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
