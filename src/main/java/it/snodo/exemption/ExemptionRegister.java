package it.snodo.exemption;

import it.snodo.aura.PatientProfile;
import it.snodo.exemption.ExemptionListener.Asker;
import it.snodo.exemption.IssuedExemption.State;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.registry.CodeTables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The exemptions' own table. An exemption is pending until AURA has said OK, holds until AURA has said OK to its end; each
 * change is made in the transaction of who causes it. Whoever changes an exemption has locked its pratica first.
 */
@Component
public class ExemptionRegister implements Exemptions {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final String SELECT = "select * from exemption where ";

    private final JdbcClient db;
    private final TransactionTemplate callersTransaction;
    private final ApplicationEventPublisher events;
    private final ObjectProvider<ExemptionListener> listener;
    private final ObjectProvider<ExemptionPublisher> publisher;
    private final ExemptionChecks checks;
    private final Identities identities;
    private final Clock clock;

    @Autowired
    ExemptionRegister(
            JdbcClient db,
            PlatformTransactionManager transactions,
            ApplicationEventPublisher events,
            ObjectProvider<ExemptionListener> listener,
            ObjectProvider<ExemptionPublisher> publisher,
            CodeTables tables,
            Identities identities) {
        this(db, transactions, events, listener, publisher, tables, identities, Clock.systemUTC());
    }

    public ExemptionRegister(
            JdbcClient db,
            PlatformTransactionManager transactions,
            ApplicationEventPublisher events,
            ObjectProvider<ExemptionListener> listener,
            ObjectProvider<ExemptionPublisher> publisher,
            CodeTables tables,
            Identities identities,
            Clock clock) {
        this.db = db;
        this.callersTransaction = new TransactionTemplate(
                transactions, new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_MANDATORY));
        this.events = events;
        this.listener = listener;
        this.publisher = publisher;
        this.checks = new ExemptionChecks(tables);
        this.identities = identities;
        this.clock = clock;
    }

    // --- reading ---------------------------------------------------------------------------------------------

    @Override
    public Optional<IssuedExemption> find(long id) {
        return db.sql(SELECT + "id = ?")
                .param(id)
                .query(ExemptionRegister::exemption)
                .optional();
    }

    @Override
    public List<IssuedExemption> of(String patientFiscalCode) {
        return db.sql(SELECT + "patient_fiscal_code in (:persons) order by id desc")
                .param("persons", identities.of(patientFiscalCode))
                .query(ExemptionRegister::exemption)
                .list();
    }

    // --- checks ----------------------------------------------------------------------------------------------

    @Override
    public List<Fault> check(IssuedExemption exemption, Optional<PatientProfile> profile) {
        boolean byDoctor = db.sql("select by_doctor from exemption where id = ?")
                .param(exemption.id())
                .query(Boolean.class)
                .single();
        List<Fault> faults = new ArrayList<>(wanted(exemption));
        if (faults.isEmpty()) {
            faults.addAll(check(exemption, byDoctor, profile));
        }
        return faults;
    }

    /** The same of one that is not in the register yet, whose id is 0. */
    public List<Fault> check(IssuedExemption exemption, boolean byDoctor, Optional<PatientProfile> profile) {
        List<Fault> faults = new ArrayList<>(checks.person(profile));
        profile.ifPresent(known -> faults.addAll(checks.asl(exemption, byDoctor, known)));
        faults.addAll(checks.alone(exemption));
        faults.addAll(checks.others(
                exemption,
                of(exemption.patientFiscalCode()),
                profile.map(PatientProfile::exemptions).orElse(List.of())));
        return faults;
    }

    /** What can be said before AURA is asked for the person. */
    public List<Fault> checkAlone(IssuedExemption exemption) {
        List<Fault> faults = new ArrayList<>(checks.alone(exemption));
        faults.addAll(checks.others(exemption, of(exemption.patientFiscalCode()), List.of()));
        return faults;
    }

    /** Catalogue, period and age only: for one that is asked for and may be issued later. */
    public List<Fault> checkCatalogue(IssuedExemption exemption) {
        return checks.alone(exemption);
    }

    /** Whether an exemption can be asked for that person at all. */
    public List<Fault> checkPerson(Optional<PatientProfile> profile) {
        return checks.person(profile);
    }

    /** Six digits of an ASL of the region; empty for any other. */
    public Optional<String> aslOfRegion(String code) {
        return Optional.ofNullable(checks.asl(code)).filter(ExemptionChecks::inRegion);
    }

    /** A delivery that a person makes go on again may belong to a pratica that has been closed meanwhile. */
    private List<Fault> wanted(IssuedExemption exemption) {
        record Standing(String state, Long exemptionId, String certificate) {}
        Standing standing =
                db.sql("""
                        select p.state, p.exemption_id,
                          (select c.state from certificate c where c.number = p.certificate_number) as certificate
                        from pratica p where p.number = ?""").param(exemption.pratica()).query(Standing.class).single();
        if (!"IN_LAVORAZIONE".equals(standing.state)
                || standing.exemptionId == null
                || standing.exemptionId != exemption.id()) {
            return List.of(Fault.at(
                    SnodoCode.EXEMPTION_NOT_WANTED,
                    "",
                    "La pratica n. " + exemption.pratica() + " non attende più questa esenzione."));
        }
        if ("ANNULLATO".equals(standing.certificate) || "SOSTITUITO".equals(standing.certificate)) {
            return List.of(Fault.at(
                    SnodoCode.CERTIFICATE_WITHDRAWN,
                    "certificate",
                    "Il certificato n. " + exemption.certificate() + " che giustifica l'esenzione è stato "
                            + standing.certificate.toLowerCase(java.util.Locale.ROOT) + "."));
        }
        return List.of();
    }

    // --- changing, in the caller's transaction -----------------------------------------------------------------

    /**
     * Enters an exemption that AURA is to be told of.
     *
     * @param exemption its id, state and revision do not count
     * @return its id
     */
    public long open(IssuedExemption exemption, Asker by, boolean byDoctor) {
        return callersTransaction.execute(status -> db.sql("""
                        insert into exemption (pratica, certificate, patient_fiscal_code, aura_id, family, given, birth_date, sex,
                          asl, issuer, issuer_role, by_doctor, code, diagnosis, valid_from, valid_to, state, issued_at, updated_at,
                          revision)
                        values (:pratica, :certificate, :patient, :aura, :family, :given, :birth, :sex, :asl, :issuer, :role,
                          :byDoctor, :code, :diagnosis, :from, :to, 'PENDING', :now, :now, 1) returning id""")
                .param("pratica", exemption.pratica())
                .param("certificate", exemption.certificate())
                .param("patient", exemption.patientFiscalCode())
                .param("aura", exemption.auraId())
                .param("family", exemption.family())
                .param("given", exemption.given())
                .param("birth", exemption.birthDate())
                .param("sex", exemption.sex())
                .param("asl", exemption.asl())
                .param("issuer", by.who())
                .param("role", by.role())
                .param("byDoctor", byDoctor)
                .param("code", exemption.code())
                .param("diagnosis", exemption.diagnosis())
                .param("from", exemption.from())
                .param("to", exemption.to())
                .param("now", now())
                .query(Long.class)
                .single());
    }

    /**
     * One that holds is to be ended today: on AURA too, before it is.
     *
     * @throws IllegalStateException when it does not hold
     */
    public void end(long id, Asker by) {
        callersTransaction.executeWithoutResult(status -> {
            // one that has ended by itself keeps its end: AURA would make it longer
            int changed = db.sql("""
                            update exemption set state = 'ANNULLING', annulled_on = least(:today, coalesce(valid_to, :today)),
                              annulled_by = :by, annulled_role = :role, refusal = null, refusal_code = null, updated_at = :now,
                              revision = revision + 1
                            where id = :id and state = 'ACTIVE'""")
                    .param("today", LocalDate.now(clock.withZone(ROME)))
                    .param("by", by.who())
                    .param("role", by.role())
                    .param("now", now())
                    .param("id", id)
                    .update();
            if (changed != 1) {
                throw new IllegalStateException("exemption " + id + " does not hold");
            }
        });
    }

    @Override
    public void published(long id, String auraId) {
        callersTransaction.executeWithoutResult(status -> {
            Row row = lock(id);
            State state = row.exemption.state();
            // refused and tried again by a person: it counts, unless the pratica has asked for the same once more
            if (state != State.PENDING && (state != State.REFUSED || isAskedAgain(row.exemption))) {
                return;
            }
            db.sql("""
                            update exemption set state = 'ACTIVE', aura_id = coalesce(:aura, aura_id), refusal = null,
                              refusal_code = null, updated_at = :now, revision = revision + 1 where id = :id""")
                    .param("aura", auraId)
                    .param("now", now())
                    .param("id", id)
                    .update();
            IssuedExemption holds = find(id).orElseThrow();
            boolean wanted = listener().published(holds, row.asker);
            events.publishEvent(new ExemptionsChanged(holds.patientFiscalCode(), id));
            if (!wanted) {
                end(id, row.asker);
                publisher.getObject().annul(id);
            }
        });
    }

    @Override
    public void annulled(long id) {
        callersTransaction.executeWithoutResult(status -> {
            Row row = lock(id);
            if (row.exemption.state() != State.ANNULLING) {
                return;
            }
            state(id, State.ANNULLED, null, null);
            IssuedExemption ended = find(id).orElseThrow();
            listener().annulled(ended, row.ender);
            events.publishEvent(new ExemptionsChanged(ended.patientFiscalCode(), id));
        });
    }

    @Override
    public void refused(long id, SnodoCode code, String words) {
        callersTransaction.executeWithoutResult(status -> {
            Row row = lock(id);
            if (row.exemption.state() == State.PENDING) {
                state(id, State.REFUSED, code, words);
                listener().notPublished(find(id).orElseThrow(), row.asker, code, words);
            } else if (row.exemption.state() == State.ANNULLING) {
                state(id, State.ACTIVE, code, words);
                db.sql("update exemption set annulled_on = null, annulled_by = null, annulled_role = null where id = ?")
                        .param(id)
                        .update();
                listener().notAnnulled(find(id).orElseThrow(), row.ender, code, words);
            }
        });
    }

    private void state(long id, State state, SnodoCode code, String words) {
        db.sql("""
                        update exemption set state = :state, refusal_code = :code, refusal = :words, updated_at = :now,
                          revision = revision + 1 where id = :id""")
                .param("state", state.name())
                .param("code", code == null ? null : code.name())
                .param("words", words)
                .param("now", now())
                .param("id", id)
                .update();
    }

    private boolean isAskedAgain(IssuedExemption refused) {
        return db.sql("""
                        select exists (select 1 from exemption where pratica = ? and id > ? and valid_from = ?
                          and state in ('PENDING', 'ACTIVE'))""")
                .params(refused.pratica(), refused.id(), refused.from())
                .query(Boolean.class)
                .single();
    }

    private record Row(IssuedExemption exemption, Asker asker, Asker ender) {}

    /** Its pratica first, as everybody does who changes both. */
    private Row lock(long id) {
        db.sql("select 1 from pratica where number = (select pratica from exemption where id = ?) for update")
                .param(id)
                .query(Integer.class)
                .optional();
        return db.sql(SELECT + "id = ? for update")
                .param(id)
                .query((row, n) -> new Row(
                        exemption(row, n),
                        new Asker(row.getString("issuer"), row.getString("issuer_role")),
                        new Asker(row.getString("annulled_by"), row.getString("annulled_role"))))
                .single();
    }

    private ExemptionListener listener() {
        return listener.getObject();
    }

    private OffsetDateTime now() {
        return OffsetDateTime.now(clock.withZone(ROME)).truncatedTo(ChronoUnit.MICROS);
    }

    private static IssuedExemption exemption(ResultSet row, int n) throws SQLException {
        return new IssuedExemption(
                row.getLong("id"),
                row.getString("pratica"),
                row.getObject("certificate", Long.class),
                row.getString("patient_fiscal_code"),
                row.getString("aura_id"),
                row.getString("family"),
                row.getString("given"),
                row.getObject("birth_date", LocalDate.class),
                row.getString("sex"),
                row.getString("asl"),
                row.getString("issuer"),
                row.getString("code"),
                row.getString("diagnosis"),
                row.getObject("valid_from", LocalDate.class),
                row.getObject("valid_to", LocalDate.class),
                State.valueOf(row.getString("state")),
                row.getObject("annulled_on", LocalDate.class),
                row.getString("refusal"),
                row.getObject("issued_at", OffsetDateTime.class)
                        .atZoneSameInstant(ROME)
                        .toOffsetDateTime(),
                row.getInt("revision"));
    }
}
