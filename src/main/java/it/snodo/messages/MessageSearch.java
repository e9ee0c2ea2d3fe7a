package it.snodo.messages;

import java.sql.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Finds messages by any of their keys, newest first, in under a second among ten million.
 *
 * <p>A key that few messages share is resolved to ids first, by its own index, so that the planner cannot choose to walk
 * the whole journal in order instead; sender, patient and state have indexes that end with the id and are walked newest
 * first. Times become ids, so that partitions outside are not looked at.
 */
@Component
class MessageSearch {

    static final String COLUMNS = """
            select id, received_at, protocol, peer, sender, type, control_id, state, document_id, fse_identifier,
                   certificate_number, booking_code, nre, patient_id, faults, size
            from message
            """;

    private final JdbcClient db;
    private volatile Timestamp lastEarly;

    MessageSearch(JdbcClient db) {
        this.db = db;
    }

    /** At most {@code limit} messages, newest first. */
    <T> List<T> find(MessageFilter filter, int limit, RowMapper<T> row) {
        Conditions conditions = new Conditions();
        List<Long> ids = candidates(filter, limit);
        if (ids != null && ids.isEmpty()) {
            return List.of();
        }
        if (ids != null) {
            conditions.add("id = any(?)", ids.toArray(Long[]::new));
        }
        rowConditions(filter, conditions);
        if (filter.sender() == null) {
            return page(COLUMNS + conditions.where() + newest(limit), conditions.values, row);
        }
        List<String> senders = senders(filter.sender());
        if (senders.isEmpty()) {
            return List.of();
        }
        // Each sender's newest out of its own part of the index, and of these the newest.
        List<String> each = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (String sender : senders) {
            Conditions own = conditions.copy();
            own.add("sender collate \"C\" = ?", sender);
            each.add("(" + COLUMNS + own.where() + newest(limit) + ")");
            values.addAll(own.values);
        }
        return page("select * from (" + String.join(" union all ", each) + ") senders" + newest(limit), values, row);
    }

    private <T> List<T> page(String sql, List<Object> values, RowMapper<T> row) {
        return db.sql(sql).params(values).query(row).list();
    }

    private static String newest(int limit) {
        return " order by id desc limit " + limit;
    }

    /** Conditions that a row can answer by itself. */
    private void rowConditions(MessageFilter filter, Conditions conditions) {
        conditions.add("control_id = ?", filter.controlId());
        conditions.add("patient_id = ?", filter.patient());
        conditions.add("document_id = ?", filter.documentId());
        conditions.add("fse_identifier = ?", filter.fseIdentifier());
        conditions.add("certificate_number = ?", filter.certificateNumber());
        conditions.add("nre = ?", filter.nre());
        conditions.add("booking_code = ?", filter.bookingCode());
        if (filter.state() != null) {
            // written out, because the partial index is only used when the planner sees which state it is
            conditions.texts.add("state = '" + filter.state().name() + "'");
        }
        if (filter.from() != null) {
            Timestamp from = Timestamp.from(filter.from());
            conditions.add("received_at >= ?", from);
            if (lastEarly().before(from)) {
                conditions.add("id >= ?", MessageIds.first(filter.from()));
            }
        }
        if (filter.to() != null) {
            conditions.add("received_at < ?", Timestamp.from(filter.to()));
            conditions.add("id < ?", MessageIds.first(filter.to().plus(Duration.ofMillis(1))));
        }
        conditions.add("id < ?", filter.before());
    }

    /** When the last message came whose id does not carry the time. */
    private Timestamp lastEarly() {
        if (lastEarly == null) {
            lastEarly = db.sql("select coalesce(max(received_at), timestamptz 'epoch') from message where id < ?")
                    .param(MessageIds.FIRST_TIMED)
                    .query(Timestamp.class)
                    .single();
        }
        return lastEarly;
    }

    /** Ids of the messages that may be meant, by the keys that few share; null when none of these is asked for. */
    private List<Long> candidates(MessageFilter filter, int limit) {
        List<Long> found = null;
        found = both(found, filter.any(), any -> anyKey(any, filter.before(), limit));
        found = both(
                found, filter.controlId(), key -> ids("select message_id from message_key where control_id = ?", key));
        found = both(found, filter.documentId(), key -> ids("select id from message where document_id = ?", key));
        found = both(
                found,
                filter.fseIdentifier(),
                key -> ids("select id from message where document_id = ?", extension(key)));
        found = both(
                found,
                filter.certificateNumber(),
                key -> ids("select id from message where certificate_number = ?", key));
        found = both(found, filter.nre(), key -> ids("select id from message where nre = ?", key));
        found = both(found, filter.bookingCode(), key -> ids("select id from message where booking_code = ?", key));
        found = both(found, filter.trace(), key -> ids("select message_id from message_call where trace_id = ?", key));
        found = both(
                found,
                filter.transaction(),
                key -> ids("select message_id from message_call where transaction_id = ?", key));
        return both(found, filter.workflow(), this::workflow);
    }

    private interface Finder<K> {
        List<Long> ids(K key);
    }

    private static <K> List<Long> both(List<Long> found, K key, Finder<K> finder) {
        if (key == null || found != null && found.isEmpty()) {
            return found;
        }
        List<Long> more = finder.ids(key);
        if (found == null) {
            return more;
        }
        List<Long> kept = new ArrayList<>(found);
        kept.retainAll(more);
        return kept;
    }

    private List<Long> ids(String sql, Object key) {
        return db.sql(sql).param(key).query(Long.class).list();
    }

    private List<Long> workflow(String workflow) {
        return db.sql("""
                        select message_id from message_call where workflow_id = :workflow
                        union select c.message_id from delivery d join certificate c on c.number = d.certificate_number
                          where d.workflow_id = :workflow""").param("workflow", workflow).query(Long.class).list();
    }

    /** The newest messages that have this under any key. */
    private List<Long> anyKey(String key, Long before, int limit) {
        List<Long> found = new ArrayList<>(workflow(key));
        found.addAll(ids("select message_id from message_key where control_id = ?", key));
        found.addAll(ids("select message_id from message_call where trace_id = ?", key));
        found.addAll(ids("select message_id from message_call where transaction_id = ?", key));
        found.addAll(ids("select id from message where document_id = ?", extension(key)));
        found.addAll(ids("select id from message where nre = ?", key));
        found.addAll(ids("select id from message where booking_code = ?", key));
        if (key.matches("\\d{1,18}")) {
            long number = Long.parseLong(key);
            found.addAll(ids("select id from message where certificate_number = ?", number));
            found.add(number);
        }
        found.addAll(db.sql("select id from message where patient_id = ? and id < ?" + newest(limit))
                .params(key, before == null ? Long.MAX_VALUE : before)
                .query(Long.class)
                .list());
        return found.stream().distinct().toList();
    }

    /** Of {@code root^extension} the extension, that is the document's id. */
    private static String extension(String identifier) {
        return identifier.substring(identifier.lastIndexOf('^') + 1);
    }

    /** All senders of this name: application alone, or application and facility. */
    private List<String> senders(String sender) {
        // From each name to the next by the index: as many steps as there are facilities, however many messages.
        return db.sql("""
                        with recursive known as (
                          (select sender from message where sender collate "C" >= :low and sender collate "C" < :high
                            order by sender collate "C" limit 1)
                          union all
                          select (select m.sender from message m where m.sender collate "C" > known.sender
                              and m.sender collate "C" < :high order by m.sender collate "C" limit 1)
                          from known where known.sender is not null)
                        select sender from known where sender is not null
                        union (select sender from message where sender collate "C" = :sender limit 1)
                        limit 500""")
                .param("sender", sender)
                .param("low", sender + "|")
                .param("high", sender + "}")
                .query(String.class)
                .list();
    }

    /** Parts of a where clause with their values. */
    private static final class Conditions {

        final List<String> texts = new ArrayList<>();
        final List<Object> values = new ArrayList<>();

        void add(String condition, Object value) {
            if (value != null) {
                texts.add(condition);
                values.add(value);
            }
        }

        Conditions copy() {
            Conditions copy = new Conditions();
            copy.texts.addAll(texts);
            copy.values.addAll(values);
            return copy;
        }

        String where() {
            return texts.isEmpty() ? "" : " where " + String.join(" and ", texts);
        }
    }
}
