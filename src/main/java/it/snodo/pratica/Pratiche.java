package it.snodo.pratica;

import it.snodo.access.Operator;
import it.snodo.exemption.ExemptionListener.Asker;
import it.snodo.exemption.ExemptionRegister;
import it.snodo.exemption.IssuedExemption;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.registry.ExemptionValidity;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What people do to pratiche. Every move is one transaction: the row locked, the caller's revision and the table of
 * transitions asked, the guarded update and its event written, and what AURA is owed. A refused move changes nothing.
 */
@Component
public class Pratiche {

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("dd/MM/uuuu 'alle' HH:mm:ss");

    private final PraticaRegister register;
    private final PraticaAccess access;
    private final JustifyingCertificates certificates;
    private final ExemptionRegister exemptions;
    private final ExemptionValidity validity;
    private final AuraDesk aura;
    private final TransactionTemplate transaction;

    Pratiche(
            PraticaRegister register,
            PraticaAccess access,
            JustifyingCertificates certificates,
            ExemptionRegister exemptions,
            ExemptionValidity validity,
            AuraDesk aura,
            PlatformTransactionManager transactions) {
        this.register = register;
        this.access = access;
        this.certificates = certificates;
        this.exemptions = exemptions;
        this.validity = validity;
        this.aura = aura;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Notes that come with a move; a null leaves what is there, a blank erases it.
     *
     * @param beneficiary the citizen sees it
     * @param internal he does not
     */
    public record Notes(String beneficiary, String internal) {

        public static final Notes NONE = new Notes(null, null);

        Map<String, Object> columns() {
            Map<String, Object> columns = new HashMap<>();
            put(columns, "beneficiary_note", beneficiary);
            put(columns, "internal_note", internal);
            return columns;
        }

        private static void put(Map<String, Object> columns, String column, String note) {
            if (note != null) {
                columns.put(column, note.isBlank() ? null : note.strip());
            }
        }
    }

    // --- reading ---------------------------------------------------------------------------------------------

    /** @throws SnodoException NOT_FOUND when there is none that the operator may see */
    public Pratica read(Operator operator, String number) {
        return access.visible(operator, number, "lettura della pratica");
    }

    /** What happened to it, the newest first. */
    public List<PraticaEvent> history(Operator operator, String number) {
        access.readable(operator, number, "lettura della cronologia");
        return register.events(number);
    }

    /**
     * The certificate that justifies it, as it was signed: whoever works on a pratica reads it.
     *
     * @throws SnodoException NOT_FOUND when there is none, as of a citizen's own request
     */
    public byte[] certificate(Operator operator, String number) {
        Pratica pratica = access.readable(operator, number, "lettura del certificato della pratica");
        return Optional.ofNullable(pratica.certificate())
                .flatMap(certificates::signedPdf)
                .orElseThrow(() -> new SnodoException(
                        SnodoCode.NOT_FOUND, "La pratica n. " + number + " non ha un certificato da scaricare."));
    }

    /** Whether the operator sees the person and the notes, or only that it exists and how it stands. */
    public boolean seesContent(Operator operator, Pratica pratica) {
        return PraticaAccess.seesContent(operator, pratica);
    }

    /** When it came to the state that it is in. */
    public OffsetDateTime stateSince(Pratica pratica) {
        return register.stateSince(pratica);
    }

    /** What the operator can do to it now. */
    public List<Move> possible(Operator operator, Pratica pratica) {
        return PraticaAccess.worksOn(operator, pratica)
                ? Transitions.possible(pratica.standing(), Transitions.DISTRICT)
                : List.of();
    }

    // --- moves -----------------------------------------------------------------------------------------------

    /** @param revision the one the caller has seen; null: whatever it is now */
    public Moved takeCharge(Operator operator, String number, Integer revision) {
        Asker by = PraticaAccess.district(operator);
        Pratica after = move(
                operator,
                number,
                Move.PRENDI_IN_CARICO,
                revision,
                (pratica, to) -> register.change(pratica, Move.PRENDI_IN_CARICO, to.state(), by, taken(by), null));
        return new Moved(after, false, "Pratica " + number + " presa in carico con successo");
    }

    /**
     * Validates: AURA is asked, and only its OK makes the exemption hold. Takes it in charge first, when nobody has.
     *
     * @throws PraticaRefused when something stands against the exemption, or AURA said no
     */
    public Moved validate(Operator operator, String number, Integer revision, Wanted wanted) {
        Asker by = PraticaAccess.district(operator);
        Pratica asked = move(operator, number, Move.VALIDA, revision, (pratica, to) -> {
            IssuedExemption exemption = exemption(pratica, by, wanted);
            List<Fault> faults = new ArrayList<>(withdrawn(pratica));
            faults.addAll(exemptions.checkAlone(exemption));
            if (!faults.isEmpty()) {
                throw new PraticaRefused(faults, pratica);
            }
            Pratica inCharge = pratica.state() == PraticaState.INVIATA
                    ? register.change(pratica, Move.PRENDI_IN_CARICO, PraticaState.IN_LAVORAZIONE, by, taken(by), null)
                    : pratica;
            long id = exemptions.open(exemption, by, false);
            Map<String, Object> columns = asking("VALIDA");
            columns.put("exemption_id", id);
            columns.put("requested_end", exemption.to());
            columns.put("unlimited", exemption.to() == null);
            Pratica waiting = register.change(inCharge, Move.VALIDA, to.state(), by, columns, null);
            aura.publisher().publish(id);
            return waiting;
        });
        return aura.settle(asked, true, "Pratica " + number + " validata con successo");
    }

    /** @param reason as the caller gave it: a code or its words */
    public Moved reject(Operator operator, String number, Integer revision, String reason, Notes notes) {
        Asker by = PraticaAccess.district(operator);
        access.workable(operator, number, Move.RESPINGI);
        RejectionReason known = RejectionReason.of(reason)
                .orElseThrow(() -> new PraticaRefused(
                        List.of(Fault.at(
                                SnodoCode.REJECTION_REASON_MISSING,
                                "reason",
                                (reason == null || reason.isBlank()
                                                ? "Seleziona motivazione: "
                                                : "La motivazione «" + reason + "» non è prevista: ")
                                        + "requisiti non sufficienti, documentazione non corretta, documentazione"
                                        + " insufficiente o altro.")),
                        null));
        Map<String, Object> columns = notes.columns();
        columns.put("reason_code", known.name());
        Pratica after = change(operator, number, Move.RESPINGI, revision, by, columns);
        return new Moved(after, false, "Pratica " + number + " respinta con successo");
    }

    /** Before it is validated here only; afterwards AURA ends the exemption first. */
    public Moved annul(Operator operator, String number, Integer revision, Notes notes) {
        Asker by = PraticaAccess.district(operator);
        String done = "Pratica " + number + " annullata con successo";
        Pratica after = move(operator, number, Move.ANNULLA, revision, (pratica, to) -> {
            Map<String, Object> columns = notes.columns();
            if (to != Standing.IN_ANNULLAMENTO) {
                return register.change(pratica, Move.ANNULLA, to.state(), by, columns, null);
            }
            columns.putAll(asking("ANNULLA"));
            Pratica waiting = register.change(pratica, Move.ANNULLA, to.state(), by, columns, null);
            exemptions.end(pratica.exemptionId(), by);
            aura.publisher().annul(pratica.exemptionId());
            return waiting;
        });
        return after.standing() == Standing.IN_ANNULLAMENTO
                ? aura.settle(after, true, done)
                : new Moved(after, false, done);
    }

    /** Writes notes; what is not given stays. */
    public Pratica annotate(Operator operator, String number, Integer revision, Notes notes) {
        return change(operator, number, Move.ANNOTA, revision, PraticaAccess.district(operator), notes.columns());
    }

    /** A move that changes nothing but the pratica. */
    private Pratica change(
            Operator operator, String number, Move move, Integer revision, Asker by, Map<String, Object> columns) {
        return move(
                operator,
                number,
                move,
                revision,
                (pratica, to) -> register.change(pratica, move, to.state(), by, columns, null));
    }

    /**
     * One move in one transaction.
     *
     * @param work writes it, given the locked pratica and where it goes
     */
    Pratica move(
            Operator operator,
            String number,
            Move move,
            Integer revision,
            BiFunction<Pratica, Standing, Pratica> work) {
        Pratica seen = access.workable(operator, number, move);
        return transaction.execute(status -> {
            certificates.lockedState(seen.certificate());
            Pratica pratica = register.lock(number);
            if (revision != null && revision != pratica.revision()) {
                throw changed(pratica);
            }
            Transitions.Row row = Transitions.of(pratica.standing(), move);
            if (!row.allowed()) {
                throw incoherent(pratica, row);
            }
            return work.apply(pratica, row.to());
        });
    }

    private PraticaConflict incoherent(Pratica pratica, Transitions.Row row) {
        PraticaEvent last = register.last(pratica.number());
        return new PraticaConflict(
                pratica.standing().waits() ? SnodoCode.PRATICA_WAITS_FOR_AURA : SnodoCode.PRATICA_NOT_COHERENT,
                "Stato pratica non coerente: " + row.refusal() + ". La pratica n. " + pratica.number() + " è in stato "
                        + pratica.state().label() + "; ultimo evento: " + told(last) + ".",
                pratica,
                last);
    }

    private PraticaConflict changed(Pratica pratica) {
        PraticaEvent last = register.last(pratica.number());
        return new PraticaConflict(
                SnodoCode.CHANGED_MEANWHILE,
                "La pratica n. " + pratica.number() + " è cambiata dopo la lettura: " + told(last) + ". Ora è in stato "
                        + pratica.state().label() + ".",
                pratica,
                last);
    }

    private static String told(PraticaEvent event) {
        // of one that AURA never knew nothing is waited for
        String done = event.move() == Move.ANNULLA && event.state() == PraticaState.ANNULLATA
                ? "annullata"
                : event.move().done();
        return done + " il " + MOMENT.format(event.at()) + ", " + event.actor()
                + (event.role() == null ? "" : " (" + event.role() + ")");
    }

    // --- the exemption ---------------------------------------------------------------------------------------

    private List<Fault> withdrawn(Pratica pratica) {
        return certificates
                .lockedState(pratica.certificate())
                .filter(state -> !"VALIDO".equals(state))
                .map(state -> List.of(Fault.at(
                        SnodoCode.CERTIFICATE_WITHDRAWN,
                        "certificate",
                        "Il certificato n. " + pratica.certificate() + " che giustifica la pratica è stato "
                                + state.toLowerCase(Locale.ROOT) + ": la pratica non si può validare.")))
                .orElse(List.of());
    }

    private IssuedExemption exemption(Pratica pratica, Asker by, Wanted wanted) {
        LocalDate today = register.today();
        Optional<ExemptionValidity.End> proposed = pratica.end() != null || pratica.unlimited()
                ? Optional.of(new ExemptionValidity.End(pratica.end()))
                : pratica.certificate() != null
                        ? Optional.empty()
                        : validity.end(
                                pratica.exemption(),
                                pratica.diagnosis(),
                                today,
                                pratica.patient().birthDate());
        return issued(
                pratica, by, today, wanted.or(proposed, pratica.exemption()).last(), register.now());
    }

    /** What AURA is to be told. */
    static IssuedExemption issued(Pratica pratica, Asker by, LocalDate from, LocalDate to, OffsetDateTime now) {
        Pratica.Person patient = pratica.patient();
        return new IssuedExemption(
                0,
                pratica.number(),
                pratica.certificate(),
                patient.fiscalCode(),
                patient.auraId(),
                patient.family(),
                patient.given(),
                patient.birthDate(),
                patient.sex(),
                pratica.asl(),
                by.who(),
                pratica.exemption(),
                pratica.diagnosis(),
                from,
                to,
                IssuedExemption.State.PENDING,
                null,
                null,
                now,
                0);
    }

    private static Map<String, Object> taken(Asker by) {
        return new HashMap<>(Map.of("taken_by", by.who()));
    }

    static Map<String, Object> asking(String action) {
        Map<String, Object> columns = new HashMap<>();
        columns.put("aura_action", action);
        columns.put("aura", Pratica.Publication.Outcome.IN_ATTESA.name());
        columns.put("aura_code", null);
        columns.put("aura_words", null);
        return columns;
    }
}
