package it.snodo.certificate.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequestCodec;
import it.snodo.certificate.web.CertificateView.FailureView;
import it.snodo.certificate.web.CertificateView.PatientView;
import it.snodo.document.Caller;
import it.snodo.document.Callers;
import it.snodo.document.ReadAudit;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.registry.CodeTables;
import it.snodo.registry.Exemption;
import it.snodo.registry.Icd9;
import it.snodo.signature.SignatureProperties;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Certificates as their readers may see them: the specialist his own whole, the operator that they exist and how they stand,
 * never whose they are. Every question leaves a line in the audit. When a certificate ends is computed at each reading, from
 * the day of the visit and the table of durations.
 */
@Component
class CertificateReads {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SELECT = """
            with durations as materialized (
              select * from jsonb_to_recordset(cast(:durations as jsonb))
                as d(exemption text, diagnosis text, unit text, amount integer)),
            c as (
              select c.*, ends.valid_until, a.state as annulment,
                exists (select 1 from pratica p where p.certificate_number = c.number
                  and p.state not in ('RESPINTA', 'ANNULLATA')) as used,
                case when c.state = 'VALIDO' and ends.valid_until < (now() at time zone 'Europe/Rome')::date
                  then 'SCADUTO' else c.state end as shown_state,
                exists (select 1 from certificate later where later.replaces_document_id = c.document_id
                  and later.stage not in ('FAILED', 'ENDED')) as replacing
              from certificate c
              left join document visited on visited.id = c.document_id
              left join annulment a on a.certificate_number = c.number and a.state <> 'RITIRATO'
              left join lateral (
                -- as ExemptionDuration.endFrom
                select (case d.unit
                      when 'G' then day + make_interval(days => d.amount)
                      when 'M' then day + make_interval(months => d.amount)
                      when 'A' then day + make_interval(years => d.amount)
                      when 'C' then coalesce(cast(substring(c.request from '<birthDate>([0-9-]{10})</birthDate>') as date), day)
                        + make_interval(years => d.amount) end)::date as valid_until
                from (select (coalesce(visited.visit_at, c.made_at) at time zone 'Europe/Rome')::date as day) of_visit,
                  durations d
                where d.exemption = upper(btrim(c.exemption_code))
                  and (d.diagnosis is null or starts_with(replace(upper(btrim(c.diagnosis_code)), '.', ''), d.diagnosis))
                order by length(d.diagnosis) desc nulls last limit 1) ends on true)
            select c.number, c.shown_state, c.stage, c.sender, c.document_number, c.document_id, c.set_id, c.version,
                   c.replaces_document_id, c.patient_id, c.patient_family, c.patient_given, c.exemption_code,
                   c.diagnosis_code, c.signer, c.failure_code, c.failure, c.made_at, c.request, c.config_revision,
                   c.revision, c.valid_until, c.used, c.annulment, c.replacing
            from c where\s""";

    private final JdbcClient jdbc;
    private final Callers callers;
    private final ReadAudit audit;
    private final CodeTables tables;
    private final boolean remote;

    CertificateReads(
            JdbcClient jdbc,
            Callers callers,
            ReadAudit audit,
            CodeTables tables,
            ObjectProvider<SignatureProperties> signature) {
        this.jdbc = jdbc;
        this.callers = callers;
        this.audit = audit;
        this.tables = tables;
        SignatureProperties properties = signature.getIfAvailable();
        this.remote = properties != null && properties.mode() == SignatureProperties.Mode.REMOTE;
    }

    /** A row and whose it is, for the audit; the person is never told to an operator. */
    record Found(CertificateView view, String patientId) {}

    /** Who may ask at all: the FSE pulls documents, not certificates. */
    Caller allowed(String action, String subject, String object) {
        Caller caller = callers.current();
        if (!caller.has(Caller.SPECIALIST) && !caller.has(Caller.OPERATIONS)) {
            audit.record(caller, action, subject, object, "DENIED");
            throw new SnodoException(
                    SnodoCode.NOT_ALLOWED, "I certificati si consultano con il ruolo specialista o ops.");
        }
        return caller;
    }

    /** One that the caller may see; the look is audited. */
    Found look(Caller caller, long number, String action) {
        Map<String, Object> params = new HashMap<>();
        String where = visible(caller, params) + " and c.number = :number";
        params.put("number", number);
        Optional<Found> found = query(caller, where, params, true).stream().findFirst();
        audit.record(
                caller,
                action,
                found.map(Found::patientId).orElse(null),
                Long.toString(number),
                found.isPresent() ? "OK" : "NOT_FOUND");
        return found.orElseThrow(() -> absent(number));
    }

    /**
     * One that the caller signs himself, for something that changes it.
     *
     * @throws SnodoException NOT_FOUND when he may not see it, NOT_ALLOWED when he sees it and another doctor signs it,
     *     CHANGED_MEANWHILE when it is not the version that he has read
     */
    Found own(Caller caller, long number, String action, String ifMatch) {
        Found found = look(caller, number, action);
        if (!signs(caller, found.view().signer())) {
            audit.record(caller, action, found.patientId(), Long.toString(number), "DENIED");
            throw new SnodoException(
                    SnodoCode.NOT_ALLOWED,
                    "Il certificato n. " + number + " lo firma e lo annulla solo il medico indicato come firmatario.");
        }
        CertificateTag.require(ifMatch, found.view());
        return found;
    }

    static boolean signs(Caller caller, String signer) {
        return caller.actsForAll()
                || caller.has(Caller.SPECIALIST)
                        && caller.fiscalCode() != null
                        && caller.fiscalCode().equalsIgnoreCase(signer);
    }

    /** @param where a condition on {@code c}, with what may follow it */
    List<Found> query(Caller caller, String where, Map<String, Object> params, boolean whole) {
        Map<String, Object> all = new HashMap<>(params);
        all.put("durations", durations());
        return new ArrayList<>(jdbc.sql(SELECT + where)
                .params(all)
                .query((row, n) -> found(row, caller, whole))
                .list());
    }

    static String visible(Caller caller, Map<String, Object> params) {
        if (caller.has(Caller.OPERATIONS) || caller.actsForAll()) {
            return "true";
        }
        if (caller.fiscalCode() == null) {
            return "false";
        }
        params.put("own", caller.fiscalCode());
        return "(c.signer = :own or exists (select 1 from document d where d.certificate_number = c.number"
                + " and (d.author = :own or d.signer = :own)))";
    }

    /** One line of audit for each person whose certificates are shown. */
    void record(Caller caller, String asked, List<Found> found) {
        Map<String, List<String>> shown = new TreeMap<>();
        for (Found one : found) {
            shown.computeIfAbsent(one.patientId(), p -> new ArrayList<>())
                    .add(Long.toString(one.view().number()));
        }
        if (!caller.has(Caller.SPECIALIST) || shown.isEmpty()) {
            audit.record(caller, "SEARCH_CERTIFICATES", asked, null, "FOUND " + found.size());
            return;
        }
        shown.forEach((patient, numbers) -> audit.record(
                caller, "SEARCH_CERTIFICATES", patient, String.join(" ", numbers), "FOUND " + numbers.size()));
    }

    static SnodoException absent(long number) {
        return new SnodoException(
                SnodoCode.NOT_FOUND, "Il certificato " + number + " non esiste, non è visibile o non ha il documento.");
    }

    /** The table of durations under every spelling of an exemption; a diagnosis without its dot. */
    private String durations() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (CodeTables.Lasting one : tables.durations()) {
            for (String spelling : tables.spellings(one.exemption())) {
                Map<String, Object> row = new HashMap<>();
                row.put("exemption", spelling);
                row.put("diagnosis", one.diagnosis() == null ? null : Icd9.undotted(one.diagnosis()));
                row.put("unit", one.duration().unit());
                row.put("amount", one.duration().amount());
                rows.add(row);
            }
        }
        try {
            return JSON.writeValueAsString(rows);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Found found(ResultSet row, Caller caller, boolean whole) throws SQLException {
        String signer = row.getString("signer");
        // Whoever is both sees as an operator the certificates of others, as a doctor his own.
        boolean content = caller.actsForAll()
                || (caller.has(Caller.SPECIALIST) && (!caller.has(Caller.OPERATIONS) || signs(caller, signer)));
        String patient = row.getString("patient_id");
        String failure = row.getString("failure_code");
        String request = row.getString("request");
        String state = row.getString("shown_state");
        String stage = row.getString("stage");
        String annulment = row.getString("annulment");
        boolean used = row.getBoolean("used");
        Optional<Exemption> exemption = content && row.getString("exemption_code") != null
                ? tables.exemption(row.getString("exemption_code"))
                : Optional.empty();
        Date until = row.getDate("valid_until");
        return new Found(
                new CertificateView(
                        row.getLong("number"),
                        state,
                        stage,
                        row.getString("sender"),
                        row.getString("document_number"),
                        row.getString("document_id"),
                        row.getString("set_id"),
                        row.getInt("version"),
                        row.getString("replaces_document_id"),
                        row.getObject("made_at", OffsetDateTime.class)
                                .atZoneSameInstant(ROME)
                                .toOffsetDateTime(),
                        content
                                ? new PatientView(
                                        patient, row.getString("patient_family"), row.getString("patient_given"))
                                : null,
                        content ? row.getString("exemption_code") : null,
                        exemption.map(Exemption::title).orElse(null),
                        exemption.map(Exemption::familyLabel).orElse(null),
                        content ? row.getString("diagnosis_code") : null,
                        content ? Diagnoses.shown(tables, row.getString("diagnosis_code")) : null,
                        content && until != null ? LocalDate.parse(until.toString()) : null,
                        signer,
                        content ? used : null,
                        annulment,
                        signs(caller, signer)
                                ? actions(state, stage, annulment, used, row.getBoolean("replacing"))
                                : List.of(),
                        failure == null ? null : new FailureView(failure, content ? row.getString("failure") : null),
                        row.getString("config_revision"),
                        row.getInt("revision"),
                        content && whole && !request.isEmpty() ? request(request) : null),
                patient);
    }

    private List<String> actions(String state, String stage, String annulment, boolean used, boolean replacing) {
        List<String> actions = new ArrayList<>();
        boolean ended = state.equals("ANNULLATO") || state.equals("SOSTITUITO");
        boolean annulling = "RICHIESTO".equals(annulment) || "DA_FIRMARE".equals(annulment);
        if (remote && state.equals("DA_FIRMARE") && stage.equals("AWAITING_SIGNATURE")) {
            actions.add("FIRMA");
        }
        if (!ended && !annulling && !replacing) {
            actions.add("ANNULLA");
        }
        if (remote && "DA_FIRMARE".equals(annulment)) {
            actions.add("FIRMA_ANNULLAMENTO");
        }
        if (annulling) {
            actions.add("RITIRA_ANNULLAMENTO");
        }
        if (state.equals("VALIDO") && !used && !annulling && !replacing) {
            actions.add("RICHIEDI_ESENZIONE");
            actions.add("CREA_E_VALIDA");
        }
        return actions;
    }

    private static CertificateRequest request(String xml) {
        try {
            // nobody but the citizen has a reason to read the PIN
            return CertificateRequestCodec.fromXml(xml).withoutPin();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored request can be read", e);
        }
    }
}
