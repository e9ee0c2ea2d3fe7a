package it.snodo.messages;

import it.snodo.config.ConfigurationRevision;
import it.snodo.fault.Fault;
import it.snodo.fault.Remedy;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.BookingArrival;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;

/**
 * The journal for bookings, whose answer comes later than the message is stored: first message and key, durable before
 * anything goes out; then, in the transaction of the register's own change, the answer. The keys are those of all messages,
 * so one id of a sender names one message of whatever domain.
 */
@Component
public class BookingJournal {

    private static final String STEPS = """
            insert into message_step (message_id, name, at, outcome, detail, config_revision)
            select :message, name, at, outcome, detail, :configuration
            from unnest(:names, :times, :outcomes, :details) as given (name, at, outcome, detail)""";

    private static final String CALL = """
            insert into message_call (message_id, at, destination, operation, method, url, request_type, request_size,
              request_sha256, request, answer_size, answer_sha256, answer, duration_ms, failure, trace_id)
            values (:message, :at, :destination, :operation, :method, :url, :type, :size, :hash, :request,
              cast(:answerSize as bigint), cast(:answerHash as bytea), cast(:answer as bytea), :duration, :failure,
              :control)""";

    private static final String END = """

            update message set state = :state, faults = cast(:faults as jsonb), control_id = :key,
              answer = case when not :tied then cast(:reply as bytea) end,
              booking_code = coalesce(:booking, booking_code), updated_at = now()
            where id = :message and state <> 'DISCARDED'""";

    /** The code that {@code record_booking} leaves to the message's end, for those that have not come to it. */
    private static final String NAMED = """
            update message m set booking_code = c.booking from booking_call c
            where c.message_id = m.id and c.booking is not null and m.booking_code is distinct from c.booking""";

    private final JdbcClient db;
    private final Journal journal;
    private final ConfigurationRevision configuration;

    BookingJournal(JdbcClient db, Journal journal, ConfigurationRevision configuration) {
        this.db = db;
        this.journal = journal;
        this.configuration = configuration;
    }

    /**
     * What people search a message by.
     *
     * @param patient as for certificates; null when the message names nobody
     * @param nre number of the prescription
     * @param booking SovraCup's code that the message itself names
     */
    public record Keys(String patient, String nre, String booking) {}

    /**
     * How far a message is.
     *
     * @param answer of this message; null while there is none
     * @param outcome what came of it, as JSON, when the answer is still to be written
     * @param booking the booking recorded for it; null as long as nothing was recorded for a CUP
     * @param abandoned nobody works on it any more
     * @param open there is work left, or an answer to be written
     */
    public record Standing(byte[] answer, String outcome, String booking, boolean abandoned, boolean open) {}

    /** A step of a message's way, for people. */
    public record Step(String name, Instant at, String outcome, String detail) {}

    /**
     * A command that went to a CUP, and what came back.
     *
     * @param method MLLP or FHIR
     * @param answer null when none came
     * @param failure why none came; null when one did
     */
    public record Call(
            String destination,
            String operation,
            String method,
            String url,
            byte[] request,
            byte[] answer,
            Instant at,
            long durationMs,
            String failure,
            String controlId) {}

    /** What the journal keeps of a message that comes: values by name, for the statement that stores message and key. */
    public Map<String, Object> beginning(BookingArrival arrival, Keys keys, String owner, Duration lease) {
        Map<String, Object> values = new HashMap<>();
        values.put("protocol", arrival.protocol());
        values.put("peer", arrival.peer());
        values.put("sender", sender(arrival));
        values.put("control", MessageStore.blankToNull(arrival.controlId()));
        values.put("type", arrival.type() == null ? "" : arrival.type());
        values.put("keyHash", keyHash(arrival, keys));
        values.put("hash", Journal.sha256(arrival.raw()));
        values.put("raw", arrival.raw());
        values.put("patient", keys.patient());
        values.put("nre", keys.nre());
        values.put("booking", keys.booking());
        values.put("configuration", configuration.current());
        values.put("owner", owner);
        values.put("lease", lease.toMillis() / 1000.0);
        return values;
    }

    /** The same id for other content is refused, and that is written down with the first message. */
    public Fault duplicate(BookingArrival arrival, long messageId) {
        journal.otherContent(messageId, Journal.sha256(arrival.raw()), sender(arrival));
        return Fault.at(
                SnodoCode.DUPLICATE_OTHER_CONTENT,
                "",
                "Il messaggio «%s» del mittente «%s» è già stato ricevuto con un altro contenuto: usare un nuovo identificativo."
                        .formatted(arrival.controlId(), sender(arrival).replaceFirst("[|].*", "")));
    }

    /** How far a message is that is known by this key. */
    public Standing standing(BookingArrival arrival, long messageId) {
        return db.sql("""
                        select coalesce(k.answer, m.answer) answer, c.outcome, c.booking, c.message_id is not null open,
                          coalesce(c.leased_until < clock_timestamp(), false) abandoned
                        from (values (cast(:message as bigint))) asked (id)
                          left join known_messages(:senders, :controls) k on k.message_id = asked.id
                          left join message m on m.id = asked.id
                          left join booking_call c on c.message_id = asked.id""")
                .param("message", messageId)
                .param("senders", texts(sender(arrival)))
                .param("controls", texts(arrival.controlId()))
                .query((row, n) -> new Standing(
                        row.getBytes("answer"),
                        row.getString("outcome"),
                        row.getString("booking"),
                        row.getBoolean("abandoned"),
                        row.getBoolean("open")))
                .single();
    }

    /** Begins a message again that was left before anything was recorded for a CUP. @return false when somebody else has it */
    public boolean takeOver(long messageId, String owner, Duration lease) {
        return db.sql("""
                                update booking_call set owner = ?,
                                  leased_until = clock_timestamp() + make_interval(secs => ?)
                                where message_id = ? and booking is null and outcome is null
                                  and leased_until < clock_timestamp()""").params(owner, lease.toMillis() / 1000.0, messageId).update() == 1;
    }

    /**
     * From here on the message has a booking, and is never begun again. In the register's transaction.
     *
     * @return false when somebody else has taken the message over: nothing may be recorded
     */
    public boolean attach(long messageId, String owner, String booking) {
        return db.sql("""
                                with mine as (
                                  update booking_call set booking = :booking
                                  where message_id = :message and owner = :owner and outcome is null and booking is null
                                  returning message_id)
                                update message set booking_code = :booking where id = (select message_id from mine)""")
                        .param("booking", booking)
                        .param("message", messageId)
                        .param("owner", owner)
                        .update()
                == 1;
    }

    /** Whether this owner still has the message; locks it. */
    public boolean holds(long messageId, String owner) {
        return !db.sql("select 1 from booking_call where message_id = ? and owner = ? and outcome is null for update")
                .params(messageId, owner)
                .query(Integer.class)
                .list()
                .isEmpty();
    }

    /**
     * The answer, in the register's transaction. It is the final one for its id, but for a refusal that may be good tomorrow:
     * one under an id that was made of the content, and one whose remedy is to try again. Then the id is free, and whoever sends
     * the same message once more asks anew.
     *
     * @param faults why it was refused; empty when it was not
     * @param booking null leaves the one that is known
     * @param call the last one to a CUP, that is kept with it; null for none
     * @return the answer in force: the one given here, or an earlier one
     */
    public byte[] finish(
            BookingArrival arrival,
            long messageId,
            MessageState state,
            List<Fault> faults,
            String booking,
            byte[] answer,
            List<Step> steps,
            Call call) {
        String control = MessageStore.blankToNull(arrival.controlId());
        boolean refused = state == MessageState.REFUSED;
        boolean derived = control != null && control.startsWith("sha256:");
        boolean tied = control != null && !(refused && (derived || again(faults)));
        if (control != null) {
            // somebody else may have the id by now
            int stored = tied
                    ? db.sql("""
                                    update message_key set answer = ?, accepted = ?
                                    where control_id = ? and sender = ? and message_id = ? and answer is null""")
                            .params(answer, !refused, control, sender(arrival), messageId)
                            .update()
                    : db.sql("""
                                    delete from message_key
                                    where control_id = ? and sender = ? and message_id = ? and answer is null""").params(control, sender(arrival), messageId).update();
            if (stored == 0) {
                if (call != null) {
                    call(messageId, call);
                }
                byte[] earlier = standing(arrival, messageId).answer();
                return earlier == null ? answer : earlier;
            }
        }
        if (!tied && !derived && control != null) {
            db.sql("insert into message_former_key (kind, value, message_id) values ('control', ?, ?)")
                    .params(control, messageId)
                    .update();
        }
        db.sql("with gone as (delete from booking_call where message_id = :message),\n"
                        + "steps as (" + STEPS + ")"
                        + (call == null ? "" : ",\ncall as (" + CALL + ")")
                        + END)
                .params(values(messageId, steps))
                .params(call == null ? Map.of() : values(call))
                .param("state", state.name())
                .param("faults", faults.isEmpty() ? null : journal.toJson(faults))
                .param("key", derived && !tied ? null : control)
                .param("tied", tied)
                .param("reply", answer)
                .param("booking", booking)
                .update();
        return answer;
    }

    /** Whether all that is said against a message is said to pass by itself. */
    private static boolean again(List<Fault> faults) {
        return !faults.isEmpty() && faults.stream().allMatch(each -> each.code().remedy() == Remedy.RETRY);
    }

    /**
     * What the end of a message that asked for something, and had it, brings with it: values by name, for a statement that
     * ends message and command together.
     */
    public Map<String, Object> ending(
            BookingArrival arrival, long messageId, byte[] answer, List<Step> steps, Call call) {
        Map<String, Object> values = values(messageId, steps);
        values.putAll(values(call));
        values.put("sender", sender(arrival));
        values.put("key", MessageStore.blankToNull(arrival.controlId()));
        values.put("reply", answer);
        return values;
    }

    /** The caller was told "not known yet": a repetition of his message waits for the outcome. */
    public void release(long messageId, String owner, List<Step> steps) {
        db.sql("update booking_call set leased_until = clock_timestamp() where message_id = ? and owner = ?")
                .params(messageId, owner)
                .update();
        db.sql(NAMED + " and m.id = ?").param(messageId).update();
        steps(messageId, steps);
    }

    /** What came of it after the caller had gone; in the register's transaction. */
    public void outcome(long messageId, String outcome, MessageState state, List<Fault> faults, Step step) {
        db.sql("update booking_call set outcome = cast(? as jsonb) where message_id = ? and outcome is null")
                .params(outcome, messageId)
                .update();
        db.sql("""
                        update message set state = :state, faults = cast(:faults as jsonb), updated_at = now()
                        where id = :message and state <> 'DISCARDED'""")
                .param("state", state.name())
                .param("faults", faults.isEmpty() ? null : journal.toJson(faults))
                .param("message", messageId)
                .update();
        steps(messageId, List.of(step));
    }

    /** A person was called because something took too long, and it is done. */
    public void wellAfterAll(long messageId) {
        db.sql("update message set state = 'BOOKED', updated_at = now() where id = ? and state = 'FAILED'")
                .param(messageId)
                .update();
    }

    public void steps(long messageId, List<Step> steps) {
        if (steps.isEmpty()) {
            return;
        }
        db.sql(STEPS).params(values(messageId, steps)).update();
    }

    private Map<String, Object> values(long messageId, List<Step> steps) {
        Map<String, Object> values = new HashMap<>();
        values.put("message", messageId);
        values.put("configuration", configuration.current());
        values.put("names", texts(steps.stream().map(Step::name).toArray(String[]::new)));
        values.put("times", new SqlArrayValue("timestamptz", (Object[])
                steps.stream().map(each -> Timestamp.from(each.at())).toArray(Timestamp[]::new)));
        values.put("outcomes", texts(steps.stream().map(Step::outcome).toArray(String[]::new)));
        values.put("details", texts(steps.stream().map(Step::detail).toArray(String[]::new)));
        return values;
    }

    public void call(long messageId, Call call) {
        db.sql(CALL).param("message", messageId).params(values(call)).update();
    }

    private static Map<String, Object> values(Call call) {
        Map<String, Object> values = new HashMap<>();
        values.put("at", Timestamp.from(call.at()));
        values.put("destination", call.destination());
        values.put("operation", call.operation());
        values.put("method", call.method());
        values.put("url", call.url());
        values.put("type", call.method().equals("FHIR") ? "application/fhir+json" : "application/hl7-v2");
        values.put("size", (long) call.request().length);
        values.put("hash", Journal.sha256(call.request()));
        values.put("request", call.request());
        values.put("answerSize", call.answer() == null ? null : (long) call.answer().length);
        values.put("answerHash", call.answer() == null ? null : Journal.sha256(call.answer()));
        values.put("answer", call.answer());
        values.put("duration", call.durationMs());
        values.put("failure", call.failure());
        values.put("control", call.controlId());
        return values;
    }

    /** A search, that has no effect and no key. */
    public void search(
            BookingArrival arrival, Keys keys, MessageState state, List<Fault> faults, byte[] answer, Step step) {
        long id = db.sql("""
                        insert into message (protocol, peer, sender, control_id, type, sha256, size, raw, answer, state, faults,
                          patient_id, nre, config_revision)
                        values (:protocol, :peer, :sender, :control, :type, :hash, :size, :raw, :answer, :state,
                          cast(:faults as jsonb), :patient, :nre, :configuration)
                        returning id""")
                .param("protocol", arrival.protocol())
                .param("peer", arrival.peer())
                .param("sender", sender(arrival))
                .param("control", MessageStore.blankToNull(arrival.controlId()))
                .param("type", arrival.type() == null ? "" : arrival.type())
                .param("hash", Journal.sha256(arrival.raw()))
                .param("size", arrival.raw().length)
                .param("raw", arrival.raw())
                .param("answer", answer)
                .param("state", state.name())
                .param("faults", faults.isEmpty() ? null : journal.toJson(faults))
                .param("patient", keys.patient())
                .param("nre", keys.nre())
                .param("configuration", configuration.current())
                .query(Long.class)
                .single();
        steps(id, List.of(step));
    }

    /**
     * At the start: whoever worked here before works no more.
     *
     * @param owner of this process: what stands before the slash in the owners of its attempts
     */
    public int releaseOthers(String owner) {
        db.sql(NAMED).update();
        return db.sql(
                        "update booking_call set leased_until = clock_timestamp() where split_part(owner, '/', 1) <> ? and leased_until > now()")
                .params(owner)
                .update();
    }

    /**
     * Messages that were left before anything was recorded for a CUP, and that nobody has repeated since: nothing happened.
     * Their key is free again.
     */
    public int expire(Instant before, String words) {
        List<Long> expired =
                db.sql("""
                        with gone as (
                          delete from booking_call where booking is null and outcome is null and leased_until < ?
                          returning message_id, control_id, sender),
                        keys as (
                          delete from message_key k using gone g
                          where k.control_id = g.control_id and k.sender = g.sender and k.answer is null)
                        update message m set state = 'REFUSED', updated_at = now() from gone g
                        where m.id = g.message_id returning m.id""").param(Timestamp.from(before)).query(Long.class).list();
        expired.forEach(id -> journal.step(id, "abbandono", "REFUSED", words));
        return expired.size();
    }

    private static SqlArrayValue texts(String... texts) {
        return new SqlArrayValue("text", (Object[]) texts);
    }

    /** One request with an empty body and one id is another one when it goes to another booking. */
    private static byte[] keyHash(BookingArrival arrival, Keys keys) {
        byte[] about = ("booking\n" + arrival.type() + "\n" + keys.booking() + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] all = java.util.Arrays.copyOf(about, about.length + arrival.raw().length);
        System.arraycopy(arrival.raw(), 0, all, about.length, arrival.raw().length);
        return Journal.sha256(all);
    }

    private static String sender(BookingArrival arrival) {
        return arrival.sender() == null ? "" : arrival.sender();
    }
}
