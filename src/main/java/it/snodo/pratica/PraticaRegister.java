package it.snodo.pratica;

import it.snodo.exemption.ExemptionListener.Asker;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The pratiche's own tables. Every change is a guarded update and its event, in the caller's transaction. */
@Component
class PraticaRegister {

    static final ZoneId ROME = ZoneId.of("Europe/Rome");

    private final JdbcClient db;
    private final Clock clock;

    @Autowired
    PraticaRegister(JdbcClient db) {
        this(db, Clock.systemUTC());
    }

    PraticaRegister(JdbcClient db, Clock clock) {
        this.db = db;
        this.clock = clock;
    }

    OffsetDateTime now() {
        return OffsetDateTime.now(clock.withZone(ROME)).truncatedTo(ChronoUnit.MICROS);
    }

    LocalDate today() {
        return LocalDate.now(clock.withZone(ROME));
    }

    Optional<Pratica> find(String number) {
        return db.sql("select * from pratica where number = ?")
                .param(number)
                .query(PraticaRegister::pratica)
                .optional();
    }

    /** Until the end of the caller's transaction nobody else changes it. */
    Pratica lock(String number) {
        return db.sql("select * from pratica where number = ? for update")
                .param(number)
                .query(PraticaRegister::pratica)
                .single();
    }

    /** The next number of the ASL in the year; given back when the caller's transaction is not committed. */
    private String nextNumber(String asl, int year) {
        long next = db.sql("""
                        insert into pratica_counter (asl, year, last) values (?, ?, 1)
                        on conflict (asl, year) do update set last = pratica_counter.last + 1 returning last""").params(asl, year).query(Long.class).single();
        return "%04d%s%08d".formatted(year, asl, next);
    }

    /**
     * Enters a new one with its first event.
     *
     * @param asked its number, times and revision do not count
     */
    Pratica enter(Pratica asked, Move move, Asker by) {
        OffsetDateTime now = now();
        String number = nextNumber(asked.asl(), now.getYear());
        boolean waits = asked.aura() != null;
        Pratica entered = db.sql("""
                        insert into pratica (number, asl, state, straight, certificate_number, patient_id, family, given,
                          birth_date, sex, aura_id, district, district_name, compiler_kind, compiler_fiscal_code, compiler_name,
                          exemption_code, diagnosis_code, requested_end, unlimited, beneficiary_note, internal_note, taken_by,
                          aura_action, aura, revision, created_at, updated_at)
                        values (:number, :asl, :state, :straight, :certificate, :patient, :family, :given, :birth, :sex, :auraId,
                          :district, :districtName, :kind, :compiler, :compilerName, :exemption, :diagnosis, :end, :unlimited,
                          :beneficiary, :internal, :taken, :action, :aura, 1, :now, :now) returning *""")
                .param("number", number)
                .param("asl", asked.asl())
                .param("state", asked.state().name())
                .param("straight", asked.straight())
                .param("certificate", asked.certificate())
                .param("patient", asked.patient().fiscalCode())
                .param("family", asked.patient().family())
                .param("given", asked.patient().given())
                .param("birth", asked.patient().birthDate())
                .param("sex", asked.patient().sex())
                .param("auraId", asked.patient().auraId())
                .param("district", asked.district())
                .param("districtName", asked.districtName())
                .param("kind", asked.compiler().kind().name())
                .param("compiler", asked.compiler().fiscalCode())
                .param("compilerName", asked.compiler().name())
                .param("exemption", asked.exemption())
                .param("diagnosis", asked.diagnosis())
                .param("end", asked.end())
                .param("unlimited", asked.unlimited())
                .param("beneficiary", asked.beneficiaryNote())
                .param("internal", asked.internalNote())
                .param("taken", asked.takenBy())
                .param("action", waits ? asked.aura().action() : null)
                .param("aura", waits ? asked.aura().state().name() : null)
                .param("now", now)
                .query(PraticaRegister::pratica)
                .single();
        event(entered, null, move, by, null);
        return entered;
    }

    /**
     * Changes one that is locked, with its event.
     *
     * @param columns what changes beside state, revision and time
     * @param words what the history says beside notes and reason; null when nothing
     */
    Pratica change(Pratica before, Move move, PraticaState to, Asker by, Map<String, Object> columns, String words) {
        Map<String, Object> params = new HashMap<>(columns);
        String set = columns.keySet().stream()
                .sorted()
                .map(column -> ", " + column + " = :" + column)
                .collect(Collectors.joining());
        params.put("to_state", to.name());
        params.put("now", now());
        params.put("number", before.number());
        params.put("was_state", before.state().name());
        params.put("was_revision", before.revision());
        Pratica after = db.sql("update pratica set state = :to_state, revision = revision + 1, updated_at = :now" + set
                        + " where number = :number and state = :was_state and revision = :was_revision returning *")
                .params(params)
                .query(PraticaRegister::pratica)
                .optional()
                .orElseThrow(() -> new IllegalStateException("pratica " + before.number() + " was not locked"));
        event(after, before.state(), move, by, words);
        return after;
    }

    private void event(Pratica after, PraticaState from, Move move, Asker by, String words) {
        db.sql("""
                        insert into pratica_event (pratica, revision, at, move, from_state, state, actor, actor_role, reason_code,
                          beneficiary_note, internal_note, words)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        after.number(),
                        after.revision(),
                        after.updatedAt(),
                        move.name(),
                        from == null ? null : from.name(),
                        after.state().name(),
                        by.who(),
                        by.role(),
                        after.reason() == null ? null : after.reason().name(),
                        after.beneficiaryNote(),
                        after.internalNote(),
                        words)
                .update();
    }

    /** The newest first. */
    List<PraticaEvent> events(String number) {
        return db.sql("select * from pratica_event where pratica = ? order by revision desc")
                .param(number)
                .query(PraticaRegister::event)
                .list();
    }

    /** When it came to the state that it is in: notes and attachments move only its last change. */
    OffsetDateTime stateSince(Pratica pratica) {
        return pratica.revision() == 1
                ? pratica.createdAt()
                : db.sql("""
                                select at from pratica_event where pratica = ? and from_state is distinct from state
                                  and revision <= ? order by revision desc limit 1""")
                        .params(pratica.number(), pratica.revision())
                        .query((row, n) -> time(row, "at"))
                        .optional()
                        .orElse(pratica.updatedAt());
    }

    PraticaEvent last(String number) {
        return db.sql("select * from pratica_event where pratica = ? order by revision desc limit 1")
                .param(number)
                .query(PraticaRegister::event)
                .single();
    }

    static Pratica pratica(ResultSet row, int n) throws SQLException {
        String aura = row.getString("aura");
        String reason = row.getString("reason_code");
        return new Pratica(
                row.getString("number"),
                row.getString("asl"),
                PraticaState.valueOf(row.getString("state")),
                row.getBoolean("straight"),
                row.getObject("certificate_number", Long.class),
                time(row, "certificate_annulled_at"),
                row.getObject("certificate_replaced_by", Long.class),
                new Pratica.Person(
                        row.getString("patient_id"),
                        row.getString("family"),
                        row.getString("given"),
                        row.getObject("birth_date", LocalDate.class),
                        row.getString("sex"),
                        row.getString("aura_id")),
                row.getString("district"),
                row.getString("district_name"),
                new Pratica.Compiler(
                        Pratica.Compiler.Kind.valueOf(row.getString("compiler_kind")),
                        row.getString("compiler_fiscal_code"),
                        row.getString("compiler_name")),
                row.getString("exemption_code"),
                row.getString("diagnosis_code"),
                row.getObject("requested_end", LocalDate.class),
                row.getBoolean("unlimited"),
                reason == null ? null : RejectionReason.valueOf(reason),
                row.getString("beneficiary_note"),
                row.getString("internal_note"),
                row.getString("taken_by"),
                aura == null
                        ? null
                        : new Pratica.Publication(
                                row.getString("aura_action"),
                                Pratica.Publication.Outcome.valueOf(aura),
                                row.getString("aura_code"),
                                row.getString("aura_words")),
                row.getObject("exemption_id", Long.class),
                row.getInt("revision"),
                time(row, "created_at"),
                time(row, "updated_at"));
    }

    private static PraticaEvent event(ResultSet row, int n) throws SQLException {
        String from = row.getString("from_state");
        String reason = row.getString("reason_code");
        return new PraticaEvent(
                row.getInt("revision"),
                time(row, "at"),
                Move.valueOf(row.getString("move")),
                from == null ? null : PraticaState.valueOf(from),
                PraticaState.valueOf(row.getString("state")),
                row.getString("actor"),
                row.getString("actor_role"),
                reason == null ? null : RejectionReason.valueOf(reason),
                row.getString("beneficiary_note"),
                row.getString("internal_note"),
                row.getString("words"));
    }

    static OffsetDateTime time(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.atZoneSameInstant(ROME).toOffsetDateTime();
    }
}
