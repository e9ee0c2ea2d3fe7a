package it.snodo.messages;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Finds messages by any of their keys, newest first, in under a second among ten million.
 *
 * <p>A key that few messages share is resolved to ids first, by its own index. Patient, sender and state are asked for as a range
 * of their index, which ends with the id: ten million rows by one sender, or one that sent nothing for a year, then cost the
 * same, whatever the statistics make the planner believe. Times become ids, so that partitions outside are not looked at.
 */
@Component
class MessageSearch {

    static final String COLUMNS = """
            select id, received_at, protocol, peer, sender, type, control_id, state, document_id, fse_identifier,
                   certificate_number, booking_code, nre, patient_id, faults, size, sha256, config_revision
            from message
            """;

    private final JdbcClient db;
    private volatile Instant lastEarly;

    MessageSearch(JdbcClient db) {
        this.db = db;
    }

    /** At most {@code limit} messages, newest first. */
    <T> List<T> find(MessageFilter filter, int limit, RowMapper<T> row) {
        List<Long> ids = candidates(filter, limit);
        List<String> senders = filter.sender() == null ? null : senders(filter.sender());
        if (ids != null && ids.isEmpty() || senders != null && senders.isEmpty()) {
            return List.of();
        }
        Range range = range(filter);
        Conditions conditions = conditions(filter, range);
        String state = filter.state() == null ? null : filter.state().name();
        if (ids != null) {
            conditions.add("id = any(?)", ids.toArray(Long[]::new));
        }
        if (senders != null && (ids != null || filter.patient() != null)) {
            conditions.add("sender = any(?)", senders.toArray(String[]::new));
        }
        // One of patient, sender and state leads; it must not be asked for by an equality too, which would let the
        // planner
        // take the order of the ids for the order asked for.
        if (ids == null && filter.patient() != null) {
            conditions.add("state = ?", state);
            conditions.texts.add("patient_id is not null");
            Conditions former = conditions.copy();
            conditions.between("patient_id", filter.patient(), range);
            List<Found<T>> found =
                    page(select(conditions, "patient_id desc, id desc", limit), conditions.values, withId(row));
            former.add("id = any(?)", formerly("patient", filter.patient()));
            return newest(found, page(select(former, "id desc", limit), former.values, withId(row)), limit);
        }
        if (filter.patient() != null) {
            conditions.texts.add("(patient_id = ? or id = any(?))");
            conditions.values.addAll(List.of(filter.patient(), formerly("patient", filter.patient())));
        }
        if (ids == null && senders != null) {
            conditions.add("state = ?", state);
            return ofSenders(senders, conditions, range, limit, row);
        }
        if (ids == null && state != null && filter.state() != MessageState.PUBLISHED) {
            conditions.texts.add("state <> 'PUBLISHED'");
            conditions.between("state", state, range);
            return page(select(conditions, "state desc, id desc", limit), conditions.values, row);
        }
        conditions.add("state = ?", state);
        return page(select(conditions, "id desc", limit), conditions.values, row);
    }

    private record Found<T>(long id, T row) {}

    private static <T> RowMapper<Found<T>> withId(RowMapper<T> row) {
        return (result, n) -> new Found<>(result.getLong("id"), row.mapRow(result, n));
    }

    private static <T> List<T> newest(List<Found<T>> some, List<Found<T>> others, int limit) {
        Map<Long, T> all = new TreeMap<>(Comparator.reverseOrder());
        some.forEach(one -> all.put(one.id(), one.row()));
        others.forEach(one -> all.put(one.id(), one.row()));
        return all.values().stream().limit(limit).toList();
    }

    /** Messages that had this once. */
    private Long[] formerly(String kind, String value) {
        return db.sql("select message_id from message_former_key where kind = ? and value = ?")
                .params(kind, value)
                .query(Long.class)
                .list()
                .toArray(Long[]::new);
    }

    /** Each sender's newest out of its own part of the index, and of these the newest. */
    private <T> List<T> ofSenders(
            List<String> senders, Conditions conditions, Range range, int limit, RowMapper<T> row) {
        List<String> each = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        for (String sender : senders) {
            Conditions own = conditions.copy();
            own.between("sender collate \"C\"", sender, range);
            each.add("(" + select(own, "sender collate \"C\" desc, id desc", limit) + ")");
            values.addAll(own.values);
        }
        String all = "select * from (" + String.join(" union all ", each) + ") senders order by id desc limit " + limit;
        return page(all, values, row);
    }

    private static String select(Conditions conditions, String order, int limit) {
        return COLUMNS + conditions.where() + " order by " + order + " limit " + limit;
    }

    private <T> List<T> page(String sql, List<Object> values, RowMapper<T> row) {
        return db.sql(sql).params(values).query(row).list();
    }

    /** Ids from {@code low} to below {@code high}. */
    private record Range(long low, long high) {}

    private Range range(MessageFilter filter) {
        long high = filter.before() == null ? Long.MAX_VALUE : filter.before();
        if (filter.to() != null) {
            high = Math.min(high, MessageIds.first(filter.to().plus(Duration.ofMillis(1))));
        }
        boolean timed = filter.from() != null && lastEarly().isBefore(filter.from());
        return new Range(timed ? MessageIds.first(filter.from()) : Long.MIN_VALUE, high);
    }

    /** What a row can answer by itself, but for what may lead. */
    private static Conditions conditions(MessageFilter filter, Range range) {
        Conditions conditions = new Conditions();
        conditions.add("control_id = ?", filter.controlId());
        conditions.add("document_id = ?", filter.documentId());
        conditions.add("fse_identifier = ?", filter.fseIdentifier());
        conditions.add("certificate_number = ?", filter.certificateNumber());
        conditions.add("received_at >= ?", filter.from() == null ? null : Timestamp.from(filter.from()));
        conditions.add("received_at < ?", filter.to() == null ? null : Timestamp.from(filter.to()));
        conditions.add("id >= ?", range.low() == Long.MIN_VALUE ? null : range.low());
        conditions.add("id < ?", range.high() == Long.MAX_VALUE ? null : range.high());
        return conditions;
    }

    /** When the last message came whose id does not carry the time. */
    private Instant lastEarly() {
        if (lastEarly == null) {
            lastEarly = db.sql("select coalesce(max(received_at), timestamptz 'epoch') from message where id < ?")
                    .param(MessageIds.FIRST_TIMED)
                    .query(Timestamp.class)
                    .single()
                    .toInstant();
        }
        return lastEarly;
    }

    /** Ids of the messages that may be meant, by the keys that few share; null when none of these is asked for. */
    private List<Long> candidates(MessageFilter filter, int limit) {
        List<Long> found = null;
        found = both(found, filter.any(), any -> anyKey(any, filter.before(), limit));
        found = both(found, filter.controlId(), this::controlId);
        found = both(found, filter.documentId(), this::document);
        found = both(found, filter.fseIdentifier(), key -> document(extension(key)));
        found = both(
                found,
                filter.certificateNumber(),
                key -> ids("select id from message where certificate_number = ?", key));
        found = both(found, filter.nre(), this::nre);
        found = both(found, filter.bookingCode(), this::booking);
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

    /** All messages about it: what asked for it, what annulled it or found it there, and notifications. */
    private List<Long> document(String id) {
        return db.sql("""
                        select m.id from certificate c join message m on m.certificate_number = c.number where c.document_id = :id
                        union select id from message where document_id = :id and certificate_number is null""").param("id", id).query(Long.class).list();
    }

    /** Also what was refused for the moment under this id, before it was sent again. */
    private List<Long> controlId(String key) {
        return db.sql("""
                        select message_id from message_key where control_id = :key
                        union select message_id from message_former_key where kind = 'control' and value = :key""").param("key", key).query(Long.class).list();
    }

    /** The messages about it, and the one that asks for it while its CUP is. */
    private List<Long> booking(String code) {
        return db.sql("""
                        select id from message where booking_code = :code
                        union select message_id from booking where code = :code""").param("code", code).query(Long.class).list();
    }

    private List<Long> nre(String nre) {
        return db.sql("""
                        select id from message where nre = :nre
                        union select message_id from message_former_key where kind = 'nre' and value = :nre""").param("nre", nre).query(Long.class).list();
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
        found.addAll(controlId(key));
        found.addAll(ids("select message_id from message_call where trace_id = ?", key));
        found.addAll(ids("select message_id from message_call where transaction_id = ?", key));
        found.addAll(document(extension(key)));
        found.addAll(nre(key));
        found.addAll(List.of(formerly("patient", key)));
        found.addAll(booking(key));
        if (key.matches("\\d{1,18}")) {
            long number = Long.parseLong(key);
            found.addAll(ids("select id from message where certificate_number = ?", number));
            found.add(number);
        }
        Conditions person = new Conditions();
        person.texts.add("patient_id is not null");
        person.between("patient_id", key, new Range(Long.MIN_VALUE, before == null ? Long.MAX_VALUE : before));
        found.addAll(
                db.sql("select id from message" + person.where() + " order by patient_id desc, id desc limit " + limit)
                        .params(person.values)
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
                        union (select sender from message where sender collate "C" >= :sender
                          and sender collate "C" <= :sender order by sender collate "C" limit 1)
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

        /** As a range of the index (column, id), that the planner cannot take for another order. */
        void between(String column, String value, Range range) {
            texts.add("(" + column + ", id) >= (?, ?) and (" + column + ", id) < (?, ?)");
            values.addAll(List.of(value, range.low(), value, range.high()));
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
