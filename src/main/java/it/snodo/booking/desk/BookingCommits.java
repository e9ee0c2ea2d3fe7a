package it.snodo.booking.desk;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.Slot;
import it.snodo.booking.cup.CupPort.Reply;
import it.snodo.booking.desk.Register.CommandId;
import it.snodo.booking.desk.Register.Known;
import it.snodo.booking.desk.Register.KnownRows;
import it.snodo.intake.BookingArrival;
import it.snodo.messages.BookingJournal;
import it.snodo.messages.BookingJournal.Call;
import it.snodo.messages.BookingJournal.Keys;
import it.snodo.messages.BookingJournal.Step;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What a new booking asks of the database, in three calls: how every message of the desk begins ({@code begin_booking}), and the
 * two durable commits, which a caller waits for most ({@code record_booking}, {@code settle_booking}). Where these do not go
 * straight, the longer way is taken, statement by statement ({@link Register}).
 */
@Component("bookingCommits")
class BookingCommits {

    /** Numbers that are fetched at a time; those that are left when the hub ends are a gap. */
    private static final int NUMBERS = 64;

    private static final String BEGIN = """
            select * from begin_booking(new_protocol => :protocol, new_peer => :peer, new_sender => :sender,
              new_control => :control, new_type => :type, new_key_hash => :keyHash, new_hash => :hash, new_raw => :raw,
              new_patient => :patient, new_nre => :nre, new_booking => :booking, configuration => :configuration,
              attempt => :owner, lease => :lease, asked_person => :person, asked_name => :name, asked_number => :number,
              asked_at => :now, done_since => :since)""";

    private static final String RECORD = """
            select record_booking(new_code => :code, new_message => :message, attempt => :attempt, new_person => :person,
              judged_at => :judged, but_not => :but, known_standing => :standing, aziende => :aziende, agendas => :agendas,
              starts => :places, new_azienda => :azienda, new_person_name => :name, new_number => :number,
              new_patient => cast(:patient as jsonb), new_prescription => cast(:prescription as jsonb),
              new_lines => cast(:lines as jsonb), new_notes => cast(:notes as jsonb), new_ticket => :ticket,
              first_start => :starts, last_start => :ends, new_replaces => :replaces, new_sender => :sender, made => :made,
              new_command => :command, new_control => :control, new_bytes => :bytes, new_target => cast(:target as jsonb),
              new_notices => cast(:notices as jsonb), new_reason => :reason, new_owner => :owner, lease => :lease)""";

    private static final String SETTLE = """
            select settle_booking(command => :command, booked => :booked, recorded_revision => :revision, new_filler => :filler,
              new_lines => cast(:lines as jsonb), new_notes => cast(:notes as jsonb), new_ticket => :ticket, made => :made,
              said_code => :code, said_words => :words, of_message => :message, of_control => :key, of_sender => :sender,
              new_answer => :reply, step_names => :names, step_times => :times, step_outcomes => :outcomes,
              step_details => :details, configuration => :configuration, called => :at, call_destination => :destination,
              call_operation => :operation, call_method => :method, call_url => :url, call_type => :type, call_size => :size,
              call_hash => :hash, call_request => :request, call_answer_size => :answerSize, call_answer_hash => :answerHash,
              call_answer => :answer, call_duration => :duration, call_failure => :failure, call_control => :control)""";

    private final JdbcClient db;
    private final BookingJournal journal;
    private final Deque<Numbers> numbers = new ArrayDeque<>();

    BookingCommits(JdbcClient db, BookingJournal journal) {
        this.db = db;
        this.journal = journal;
    }

    /**
     * A message that is stored now, or was before.
     *
     * @param isNew it came for the first time
     * @param sameContent the same bytes as the first time
     * @param known of the person for whom a new message wants a booking; null when that was not asked, or cannot be read
     */
    record Begun(long messageId, boolean isNew, boolean sameContent, Known known) {}

    /** Of a new booking and its command. */
    private record Numbers(long booking, long command) {}

    /** What a new booking and its command are called. */
    record Names(String code, CommandId command) {}

    /** What came of the attempt to record a booking. */
    enum Recording {
        RECORDED,
        /** The person has other bookings than those that the rules have judged by. */
        CHANGED,
        /** Another request has its hand on one of the places. */
        TAKEN,
        /** Somebody else works on the message. */
        GONE
    }

    /**
     * Stores message and key. They are there for everybody to see, and are on disk at the latest with the next commit of any
     * kind: nothing goes out to a CUP, and nobody is answered, before a commit of the desk has followed. A crash between them
     * leaves nothing, and nobody was told anything.
     *
     * @param wanted the request, when it is for a new booking; null otherwise
     */
    Begun begin(BookingArrival arrival, Keys keys, BookingRequest wanted, String owner, Duration lease) {
        Instant now = Instant.now();
        Map<String, Object> values = journal.beginning(arrival, keys, owner, lease);
        byte[] content = (byte[]) values.get("keyHash");
        Begun begun = Register.asking(
                        db.sql(BEGIN).params(values),
                        wanted == null ? null : wanted.patient(),
                        wanted == null ? null : wanted.prescription(),
                        now)
                .query((ResultSet rows) -> {
                    if (!rows.next()) {
                        return null;
                    }
                    long id = rows.getLong("message_id");
                    return rows.getBoolean("is_new")
                            ? new Begun(id, true, true, wanted == null ? null : known(rows, now))
                            : new Begun(id, false, MessageDigest.isEqual(content, rows.getBytes("sha256")), null);
                });
        // the key was freed in this very moment
        return begun == null ? begin(arrival, keys, wanted, owner, lease) : begun;
    }

    /** The rows behind the first. What cannot be read is asked for again where a failure frees the message. */
    private static Known known(ResultSet rows, Instant now) throws SQLException {
        KnownRows known = new KnownRows();
        try {
            while (rows.next()) {
                known.processRow(rows);
            }
        } catch (IllegalStateException | IllegalArgumentException unreadable) {
            return null;
        }
        return known.known(now);
    }

    Names newNames() {
        Numbers next = next();
        return new Names(Register.code(next.booking), Register.commandId(next.command));
    }

    private synchronized Numbers next() {
        if (numbers.isEmpty()) {
            numbers.addAll(db.sql("""
                            select nextval('booking_number') booking, nextval('booking_command_number') command
                            from generate_series(1, ?)""")
                    .param(NUMBERS)
                    .query((row, n) -> new Numbers(row.getLong("booking"), row.getLong("command")))
                    .list());
        }
        return numbers.remove();
    }

    /** A moment as the database keeps it. */
    static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    /** An amount as the database keeps it. */
    static BigDecimal euro(BigDecimal amount) {
        return amount == null ? null : amount.setScale(2, RoundingMode.HALF_UP);
    }

    /**
     * Puts a hand on the places and records booking and command; a commit of its own, and durable. Nothing is written unless it
     * is RECORDED.
     *
     * @param known what the rules knew of the person's other bookings
     * @param but a booking of the person that does not count; null for none
     */
    Recording record(
            Work work,
            Booking booking,
            Command command,
            List<Slot> slots,
            Known known,
            String but,
            String owner,
            Duration lease) {
        List<Slot> places = Register.places(slots);
        return Recording.valueOf(Register.columns(db.sql(RECORD), booking)
                .param("message", work.messageId)
                .param("attempt", work.owner)
                .param("judged", Timestamp.from(known.at()))
                .param("but", but)
                .param("standing", Register.texts(known.standing().stream()))
                .param("aziende", Register.texts(places.stream().map(Slot::azienda)))
                .param("agendas", Register.texts(places.stream().map(Slot::agenda)))
                .param("places", Register.starts(places))
                .param("replaces", booking.replaces())
                .param("sender", work.arrival.sender())
                .param("made", Timestamp.from(booking.created()))
                .param("command", command.id())
                .param("control", command.controlId())
                .param("bytes", command.bytes())
                .param("target", Register.json(command.target()))
                .param("notices", Register.json(command.notices()))
                .param("reason", command.reason())
                .param("owner", owner)
                .param("lease", lease.toMillis() / 1000.0)
                .query(String.class)
                .single());
    }

    /**
     * Ends a command to which the CUP has said yes, and its message; a commit of its own, and durable.
     *
     * @param standing the booking as it stands then
     * @return false when something has happened to the booking meanwhile: nothing was written
     */
    boolean settle(
            Work work, Command command, Reply reply, Booking standing, byte[] answer, List<Step> steps, Call call) {
        Map<String, Object> values = new HashMap<>(journal.ending(work.arrival, work.messageId, answer, steps, call));
        values.put("command", command.id());
        values.put("booked", command.booking());
        values.put("revision", command.target().revision());
        values.put("filler", standing.fillerCode());
        values.put("lines", Register.json(standing.lines()));
        values.put("notes", Register.json(standing.notes()));
        values.put("ticket", standing.ticket());
        values.put("made", Timestamp.from(standing.updated()));
        values.put("code", reply.code());
        values.put("words", reply.words());
        return db.sql(SETTLE).params(values).query(Boolean.class).single();
    }
}
