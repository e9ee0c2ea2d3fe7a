package it.snodo.booking.desk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.Booking.Earlier;
import it.snodo.booking.Booking.State;
import it.snodo.booking.BookingReading;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.Note;
import it.snodo.booking.Ruling;
import it.snodo.booking.Slot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;

/** Bookings, the commands to the CUPs and the places under way, as they lie in the database. */
@Component
class Register {

    static final ZoneId ROME = ZoneId.of("Europe/Rome");

    private static final String BOOKING = """
            select code, revision, state, azienda, filler_code, patient, prescription, lines, ticket, notes, pending, replaces,
              origin, created_at, updated_at
            from booking b""";

    private static final String COMMAND = """
            select id, booking, message_id, operation, azienda, control_id, bytes, state, target, notices, reason, in_favour_of,
              attempts, created_at, given_up
            from booking_command c""";

    /** Longer than what spoils what is done later. */
    private static final Duration LATELY = Duration.ofDays(31);

    private static final int MOST_ALIKE = 20;

    private final JdbcClient db;

    Register(JdbcClient db) {
        this.db = db;
    }

    // --- bookings --------------------------------------------------------------------------------------------

    Optional<Booking> find(String code) {
        return code == null
                ? Optional.empty()
                : db.sql(BOOKING + " where code = ?")
                        .param(code)
                        .query(Register::booking)
                        .optional();
    }

    /** The same, and nobody else changes it until the transaction ends. */
    Optional<Booking> lock(String code) {
        return db.sql(BOOKING + " where code = ? for update")
                .param(code)
                .query(Register::booking)
                .optional();
    }

    /** The booking of a command, locked. A new one that still is what was recorded with it is not read again. */
    Optional<Booking> lockOf(Command command) {
        if (command.operation() != Operation.BOOK) {
            return lock(command.booking());
        }
        return db.sql("select revision from booking where code = ? for update")
                .param(command.booking())
                .query(Long.class)
                .optional()
                .flatMap(revision -> revision == command.target().revision()
                        ? Optional.of(command.target().askedBy(null))
                        : find(command.booking()));
    }

    Optional<Booking> byFiller(String azienda, String filler) {
        return azienda == null || filler == null
                ? Optional.empty()
                : db.sql(BOOKING + " where azienda = ? and filler_code = ? order by created_at desc limit 1")
                        .params(azienda, filler)
                        .query(Register::booking)
                        .optional();
    }

    /** Until the transaction ends, nobody else makes a booking of what a CUP tells under this code. */
    void lockFiller(String azienda, String filler) {
        db.sql("select pg_advisory_xact_lock(hashtextextended(?, 7361648))")
                .param(azienda + " " + filler)
                .query((row, n) -> 0)
                .list();
    }

    /** Bookings of ours that stand, or may, whose code at the CUP is not known; the latest first. */
    List<Booking> withoutFiller(String azienda, Patient patient) {
        return db.sql(BOOKING + """
                        \s where (person = :person or person_name = :name) and azienda = :azienda and filler_code is null
                          and origin = 'SOVRACUP' and state in ('REQUESTED', 'UNKNOWN', 'BOOKED')
                        order by created_at desc""")
                .param("person", Persons.key(patient))
                .param("name", Persons.name(patient))
                .param("azienda", azienda)
                .query(Register::booking)
                .list();
    }

    /**
     * What the register knows of a person.
     *
     * @param at when it was asked
     * @param earlier open bookings that lie ahead, were lately (R32), or are of the same prescription (R30)
     * @param alike persons with the same identifier, or with the same names and birth date
     * @param standing of each of those that lie ahead what tells whether anything has happened to it since: code and revision
     */
    record Known(Instant at, List<Earlier> earlier, List<Patient> alike, List<String> standing) {

        /** Without one booking. */
        Known but(String code) {
            return code == null
                    ? this
                    : new Known(
                            at,
                            earlier.stream()
                                    .filter(each -> !each.code().equals(code))
                                    .toList(),
                            alike,
                            standing.stream()
                                    .filter(each -> !each.startsWith(code + "/"))
                                    .toList());
        }
    }

    /** All that the rules ask of the register about the person of a new booking, in one look. */
    Known known(Patient patient, Prescription prescription) {
        return known(patient, prescription, true);
    }

    /** The same about the person of a booking that is there: nobody has to tell him from others any more. */
    Known known(Booking standing) {
        return known(standing.patient(), standing.prescription(), false).but(standing.code());
    }

    private Known known(Patient patient, Prescription prescription, boolean alike) {
        Instant now = Instant.now();
        KnownRows rows = new KnownRows();
        asking(
                        db.sql("select * from known_of_person(:person, :name, :number, :now, :since, :alike)"),
                        patient,
                        prescription,
                        now)
                .param("alike", alike)
                .query(rows);
        return rows.known(now);
    }

    /** Who is asked about. */
    static JdbcClient.StatementSpec asking(
            JdbcClient.StatementSpec sql, Patient patient, Prescription prescription, Instant now) {
        return sql.param("person", Persons.key(patient))
                .param("name", Persons.name(patient))
                .param("number", number(prescription))
                .param("now", Timestamp.from(now))
                .param("since", Timestamp.from(now.minus(LATELY)));
    }

    /** Puts together what the rows of {@code known_of_person} tell. */
    static final class KnownRows implements RowCallbackHandler {

        private final List<Earlier> earlier = new ArrayList<>();
        private final List<Patient> alike = new ArrayList<>();
        private final List<String> standing = new ArrayList<>();

        @Override
        public void processRow(ResultSet row) throws SQLException {
            if (row.getString("code") != null) {
                earlier.add(earlier(row));
                if (row.getBoolean("ahead")) {
                    standing.add(standing(row));
                }
            } else if (alike.size() < MOST_ALIKE) {
                alike.add(read(row.getString("patient"), new TypeReference<Patient>() {}));
            }
        }

        /** @param at when it was asked */
        Known known(Instant at) {
            return new Known(at, earlier, alike, standing);
        }
    }

    private static String standing(ResultSet row) throws SQLException {
        return row.getString("code") + "/" + row.getLong("revision");
    }

    private static Earlier earlier(ResultSet row) throws SQLException {
        return new Earlier(
                row.getString("code"),
                State.valueOf(row.getString("state")),
                row.getString("azienda"),
                row.getString("prescription_number"),
                row.getTimestamp("created_at").toInstant().atZone(ROME).toLocalDate(),
                read(row.getString("lines"), new TypeReference<List<BookedLine>>() {}),
                row.getString("origin"));
    }

    /** All bookings of a person, soonest first. */
    List<Booking> ofPerson(String person) {
        return db.sql(BOOKING + " where person = ? order by starts_at, code")
                .param(person)
                .query(Register::booking)
                .list();
    }

    String newCode() {
        long number =
                db.sql("select nextval('booking_number')").query(Long.class).single();
        return code(number);
    }

    static String code(long number) {
        String digits = Long.toString(number);
        return "SC" + OffsetDateTime.now(ROME).getYear() + "0".repeat(Math.max(0, 6 - digits.length())) + digits;
    }

    /** @return the booking as it lies there */
    Booking insert(Booking booking, long messageId, String sender) {
        return columns(db.sql("""
                        insert into booking (code, message_id, revision, state, azienda, filler_code, person, person_name,
                          prescription_number, patient, prescription, lines, notes, ticket, starts_at, ends_at, pending, replaces,
                          origin, sender)
                        values (:code, :message, :revision, :state, :azienda, :filler, :person, :name, :number,
                          cast(:patient as jsonb), cast(:prescription as jsonb), cast(:lines as jsonb), cast(:notes as jsonb),
                          :ticket, :starts, :ends, :pending, :replaces, :origin, :sender)
                        returning revision, ticket, created_at, updated_at"""), booking)
                .param("message", messageId)
                .param("revision", booking.revision())
                .param("replaces", booking.replaces())
                .param("origin", booking.origin())
                .param("sender", sender)
                .query((row, n) -> written(booking, row))
                .single();
    }

    /** Writes a booking as it stands now; its revision grows. */
    Booking update(Booking booking) {
        return columns(db.sql("""
                        update booking b set revision = revision + 1, state = :state, azienda = :azienda, filler_code = :filler,
                          person = :person, person_name = :name, patient = cast(:patient as jsonb), prescription = cast(:prescription as jsonb),
                          prescription_number = :number, lines = cast(:lines as jsonb), notes = cast(:notes as jsonb),
                          ticket = :ticket, starts_at = :starts, ends_at = :ends, pending = :pending,
                          replaces = :replaces, updated_at = now()
                        where code = :code
                        returning revision, ticket, created_at, updated_at"""), booking)
                .param("replaces", booking.replaces())
                .query((row, n) -> written(booking, row))
                .single();
    }

    /** What was written, with what the database makes of it. */
    private static Booking written(Booking of, ResultSet row) throws SQLException {
        return of.but()
                .revision(row.getLong("revision"))
                .ticket(row.getBigDecimal("ticket"))
                .created(row.getTimestamp("created_at").toInstant())
                .updated(row.getTimestamp("updated_at").toInstant())
                .made();
    }

    /** What an insert and an update write alike. */
    static JdbcClient.StatementSpec columns(JdbcClient.StatementSpec sql, Booking booking) {
        return sql.param("code", booking.code())
                .param("state", booking.state().name())
                .param("azienda", booking.azienda())
                .param("filler", booking.fillerCode())
                .param("person", Persons.key(booking.patient()))
                .param("name", Persons.name(booking.patient()))
                .param("number", number(booking.prescription()))
                .param("patient", json(booking.patient()))
                .param("prescription", json(booking.prescription()))
                .param("lines", json(booking.lines()))
                .param("notes", json(booking.notes()))
                .param("ticket", booking.ticket())
                .param("starts", start(booking, true))
                .param("ends", start(booking, false))
                .param(
                        "pending",
                        booking.pending() == null ? null : booking.pending().name());
    }

    // --- places under way ------------------------------------------------------------------------------------

    /** Places that can be held, each once, always in the same order: two who want the same never wait for each other. */
    static List<Slot> places(List<Slot> slots) {
        Set<List<Object>> seen = new HashSet<>();
        return slots.stream()
                .filter(each -> each != null && each.start() != null && each.agenda() != null)
                .sorted(Comparator.comparing(Slot::azienda)
                        .thenComparing(Slot::agenda)
                        .thenComparing(each -> each.start().toInstant()))
                .filter(each -> seen.add(
                        List.of(each.azienda(), each.agenda(), each.start().toInstant())))
                .toList();
    }

    static SqlArrayValue starts(List<Slot> places) {
        return new SqlArrayValue("timestamptz", (Object[]) places.stream()
                .map(each -> Timestamp.from(each.start().toInstant()))
                .toArray(Timestamp[]::new));
    }

    /** Puts a hand on all these places. @return false when another request has its hand on one of them */
    boolean reserve(String booking, List<Slot> slots) {
        List<Slot> places = places(slots);
        if (places.isEmpty()) {
            return true;
        }
        long mine = db.sql("""
                        insert into booking_slot (azienda, agenda, start, booking)
                        select azienda, agenda, start, :booking from unnest(:aziende, :agendas, :starts)
                          as given (azienda, agenda, start)
                        on conflict do nothing""")
                .param("booking", booking)
                .param("aziende", texts(places.stream().map(Slot::azienda)))
                .param("agendas", texts(places.stream().map(Slot::agenda)))
                .param("starts", starts(places))
                .update();
        if (mine == places.size()) {
            return true;
        }
        if (mine > 0) {
            free(booking);
        }
        return false;
    }

    static SqlArrayValue texts(Stream<String> texts) {
        return new SqlArrayValue("text", (Object[]) texts.toArray(String[]::new));
    }

    void free(String booking) {
        db.sql("delete from booking_slot where booking = ?").param(booking).update();
    }

    // --- commands --------------------------------------------------------------------------------------------

    /** Number and id of a command that is still to be made. */
    record CommandId(long number, String controlId) {}

    /** MSH-10 holds twenty characters; never given twice, also after the loss of the database. */
    CommandId newCommandId() {
        long number = db.sql("select nextval('booking_command_number')")
                .query(Long.class)
                .single();
        return commandId(number);
    }

    static CommandId commandId(long number) {
        String time = Long.toString(Instant.now().getEpochSecond(), 36);
        return new CommandId(
                number, ("SB" + time + "-" + Long.toString(number, 36)).toUpperCase(java.util.Locale.ROOT));
    }

    void insert(Command command, String owner, Duration lease) {
        db.sql("""
                        insert into booking_command (id, booking, message_id, operation, azienda, control_id, bytes, state, target,
                          notices, reason, in_favour_of, attempts, owner, leased_until)
                        values (:id, :booking, :message, :operation, :azienda, :control, :bytes, :state, cast(:target as jsonb),
                          cast(:notices as jsonb), :reason, :favour, :attempts, :owner,
                          clock_timestamp() + make_interval(secs => :lease))""")
                .param("id", command.id())
                .param("booking", command.booking())
                .param("message", command.messageId())
                .param("operation", command.operation().name())
                .param("azienda", command.azienda())
                .param("control", command.controlId())
                .param("bytes", command.bytes())
                .param("state", command.state().name())
                .param("target", json(command.target()))
                .param("notices", json(command.notices()))
                .param("reason", command.reason())
                .param("favour", command.inFavourOf())
                .param("attempts", command.attempts())
                .param("owner", owner)
                .param("lease", lease.toMillis() / 1000.0)
                .update();
    }

    Optional<Command> command(long id) {
        return db.sql(COMMAND + " where id = ?")
                .param(id)
                .query(Register::command)
                .optional();
    }

    /** Commands of a booking that have no outcome yet, in order. */
    List<Command> open(String booking) {
        return db.sql(COMMAND + " where booking = ? and state in ('WAITING', 'SENT', 'UNKNOWN') order by id")
                .param(booking)
                .query(Register::command)
                .list();
    }

    /** All commands of a booking, in order. */
    List<Command> all(String booking) {
        return db.sql(COMMAND + " where booking = ? order by id")
                .param(booking)
                .query(Register::command)
                .list();
    }

    /** An open command, as far as it matters to others. */
    record Open(long id, Operation operation) {}

    /** Commands of a booking that have no outcome yet, in order, without what they say. */
    List<Open> openOf(String booking) {
        return db.sql("""
                        select id, operation from booking_command
                        where booking = ? and state in ('WAITING', 'SENT', 'UNKNOWN') order by id""")
                .param(booking)
                .query((row, n) -> new Open(row.getLong("id"), Operation.valueOf(row.getString("operation"))))
                .list();
    }

    /** Whether this command still has no outcome; its booking must be locked. */
    boolean isOpen(long command) {
        return db.sql("select state in ('WAITING', 'SENT', 'UNKNOWN') from booking_command where id = ?")
                .param(command)
                .query(Boolean.class)
                .single();
    }

    void end(long command, Command.State state, String code, String words) {
        db.sql("""
                        update booking_command set state = ?, last_code = ?, last_words = ?, owner = null, leased_until = null,
                          updated_at = now()
                        where id = ?""").params(state.name(), code, words, command).update();
    }

    /** The same, and no place of its booking is under way any more. */
    void endAndFree(Command command, Command.State state, String code, String words) {
        db.sql("""
                        with gone as (delete from booking_slot where booking = ?)
                        update booking_command set state = ?, last_code = ?, last_words = ?, owner = null, leased_until = null,
                          updated_at = now()
                        where id = ?""")
                .params(command.booking(), state.name(), code, words, command.id())
                .update();
    }

    /** It is tried again later. */
    void again(long command, Command.State state, String words, Duration wait) {
        db.sql("""
                        update booking_command set state = ?, last_words = ?, owner = null, leased_until = null,
                          next_try_at = clock_timestamp() + make_interval(secs => ?), updated_at = now()
                        where id = ?""")
                .params(state.name(), words, wait.toMillis() / 1000.0, command)
                .update();
    }

    /** It goes out now, with these bytes. */
    void sent(long command, byte[] bytes) {
        db.sql("update booking_command set state = 'SENT', bytes = ?, updated_at = now() where id = ?")
                .params(bytes, command)
                .update();
    }

    /**
     * Takes commands whose time has come, at most one of a booking, the first that is open, and so many of an azienda: one
     * whose CUP is dead keeps nobody else waiting.
     *
     * @param running how many of an azienda are under way here; they count
     */
    List<Command> take(String owner, Duration lease, int most, int mostOfAzienda, Map<String, Integer> running) {
        List<Map.Entry<String, Integer>> busy = List.copyOf(running.entrySet());
        List<Long> ids = db.sql("""
                        with due as (
                          select id, azienda, next_try_at from booking_command c
                          where state in ('WAITING', 'SENT', 'UNKNOWN') and next_try_at <= clock_timestamp()
                            and (leased_until is null or leased_until < clock_timestamp())
                            and not exists (select 1 from booking_command before where before.booking = c.booking
                              and before.id < c.id and before.state in ('WAITING', 'SENT', 'UNKNOWN'))),
                        busy as (select azienda, running from unnest(:busy, :running) as given (azienda, running)),
                        ranked as (
                          select d.id, d.next_try_at, coalesce(b.running, 0)
                            + row_number() over (partition by d.azienda order by d.next_try_at, d.id) n
                          from due d left join busy b on b.azienda = d.azienda),
                        few as (
                          select c.id from ranked r join booking_command c on c.id = r.id
                          where r.n <= :each and c.state in ('WAITING', 'SENT', 'UNKNOWN')
                            and (c.leased_until is null or c.leased_until < clock_timestamp())
                          order by r.n, r.next_try_at limit :most for update of c skip locked)
                        update booking_command c set owner = :owner, attempts = attempts + 1,
                          leased_until = clock_timestamp() + make_interval(secs => :lease)
                        where id in (select id from few)
                        returning c.id""")
                .param("busy", new SqlArrayValue("text", (Object[])
                        busy.stream().map(Map.Entry::getKey).toArray(String[]::new)))
                .param("running", new SqlArrayValue("integer", (Object[])
                        busy.stream().map(Map.Entry::getValue).toArray(Integer[]::new)))
                .param("owner", owner)
                .param("lease", lease.toMillis() / 1000.0)
                .param("each", mostOfAzienda)
                .param("most", most)
                .query(Long.class)
                .list();
        return ids.isEmpty()
                ? List.of()
                : db.sql(COMMAND + " where id = any(?) order by id")
                        .param(new SqlArrayValue("bigint", (Object[]) ids.toArray(Long[]::new)))
                        .query(Register::command)
                        .list();
    }

    /** At the start: what others had taken, they have no more. */
    int releaseOthers(String owner) {
        return db.sql("""
                        update booking_command set leased_until = null, owner = null, next_try_at = least(next_try_at, now())
                        where state in ('WAITING', 'SENT', 'UNKNOWN') and owner is not null and owner <> ?""").param(owner).update();
    }

    /** Now, and no longer later. @return false when there is nothing to ask */
    boolean askNow(String booking) {
        return db.sql("""
                                update booking_command set next_try_at = now()
                                where booking = ? and state in ('WAITING', 'SENT', 'UNKNOWN')""").param(booking).update() > 0;
    }

    /** Commands that have no outcome for too long and that nobody was told of. */
    List<Command> tooLong(Duration age) {
        return db.sql(COMMAND + """
                        \s where state in ('WAITING', 'SENT', 'UNKNOWN') and not given_up
                          and created_at < now() - make_interval(secs => ?) order by id limit 100""")
                .param(age.toMillis() / 1000.0)
                .query(Register::command)
                .list();
    }

    void givenUp(long command) {
        db.sql("update booking_command set given_up = true where id = ?")
                .param(command)
                .update();
    }

    /**
     * Bookings that wait for a CUP, and second steps of a saga that a CUP has refused.
     *
     * @param since of the oldest
     */
    record Waiting(String kind, String azienda, long number, Instant since) {}

    /** By kind (WAITING, SENT, UNKNOWN; STOPPED for what a person has to look at) and azienda. */
    List<Waiting> waiting() {
        return db.sql("""
                        select case when state = 'REFUSED' then 'STOPPED' else state end kind, azienda, count(*) number,
                          min(created_at) since
                        from booking_command
                        where state in ('WAITING', 'SENT', 'UNKNOWN')
                          or state = 'REFUSED' and in_favour_of is not null and closed_by is null
                        group by 1, 2 order by 1, 2""")
                .query((row, n) -> new Waiting(
                        row.getString("kind"),
                        row.getString("azienda"),
                        row.getLong("number"),
                        row.getTimestamp("since").toInstant()))
                .list();
    }

    /** The oldest bookings of which a person should know. */
    List<String> stuck(Duration age) {
        return db.sql("""
                        select booking from booking_command
                        where state in ('WAITING', 'SENT', 'UNKNOWN') and created_at < now() - make_interval(secs => ?)
                          or state = 'REFUSED' and in_favour_of is not null and closed_by is null
                        order by id limit 20""").param(age.toMillis() / 1000.0).query(String.class).list();
    }

    void closedBy(long command, String who) {
        db.sql("update booking_command set closed_by = ? where id = ?")
                .params(who, command)
                .update();
    }

    // --- rows ------------------------------------------------------------------------------------------------

    private static Booking booking(ResultSet row, int n) throws SQLException {
        String pending = row.getString("pending");
        return new Booking(
                row.getString("code"),
                row.getLong("revision"),
                State.valueOf(row.getString("state")),
                row.getString("azienda"),
                row.getString("filler_code"),
                read(row.getString("patient"), new TypeReference<Patient>() {}),
                read(row.getString("prescription"), new TypeReference<Prescription>() {}),
                read(row.getString("lines"), new TypeReference<List<BookedLine>>() {}),
                row.getBigDecimal("ticket"),
                read(row.getString("notes"), new TypeReference<List<Note>>() {}),
                pending == null ? null : Operation.valueOf(pending),
                row.getString("replaces"),
                row.getString("origin"),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant());
    }

    private static Command command(ResultSet row, int n) throws SQLException {
        List<Ruling> notices = read(row.getString("notices"), new TypeReference<List<Ruling>>() {});
        return new Command(
                row.getLong("id"),
                row.getString("booking"),
                row.getLong("message_id"),
                Operation.valueOf(row.getString("operation")),
                row.getString("azienda"),
                row.getString("control_id"),
                row.getBytes("bytes"),
                Command.State.valueOf(row.getString("state")),
                read(row.getString("target"), new TypeReference<Booking>() {}),
                notices == null ? List.of() : notices,
                row.getString("reason"),
                row.getString("in_favour_of"),
                row.getInt("attempts"),
                row.getTimestamp("created_at").toInstant(),
                row.getBoolean("given_up"));
    }

    private static Timestamp start(Booking booking, boolean first) {
        return booking.lines().stream()
                .map(BookedLine::slot)
                .filter(each -> each != null && each.start() != null)
                .map(each -> each.start().toInstant())
                .min(first ? Comparator.naturalOrder() : Comparator.reverseOrder())
                .map(Timestamp::from)
                .orElse(null);
    }

    static String number(Prescription prescription) {
        return prescription == null || prescription.numbers().isEmpty()
                ? null
                : prescription.numbers().stream()
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    static String json(Object value) {
        try {
            return value == null ? null : BookingReading.json().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("every booking record can be written", e);
        }
    }

    static <T> T read(String json, TypeReference<T> type) {
        try {
            return json == null ? null : BookingReading.json().readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the register holds what cannot be read", e);
        }
    }
}
