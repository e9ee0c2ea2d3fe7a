package it.snodo.certificate.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequestCodec;
import it.snodo.document.Caller;
import it.snodo.document.Callers;
import it.snodo.document.PublishedDocuments;
import it.snodo.document.ReadAudit;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Certificates for those who work with them: the specialist sees his own whole, the operator sees that they exist and
 * how they stand, never whose they are. Every question leaves a line in the audit.
 */
@RestController
@RequestMapping("/api/v1/certificates")
@Tag(name = "certificates", description = "Certificati di esenzione: richiesta, ricerca, lettura")
class CertificatesController {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final MediaType CDA = new MediaType("application", "xml", StandardCharsets.UTF_8);
    private static final Set<String> STATES = Set.of("DA_FIRMARE", "VALIDO", "SOSTITUITO", "ANNULLATO");
    private static final int MOST = 100;
    private static final String SELECT = """
            select c.number, c.state, c.stage, c.sender, c.document_number, c.document_id, c.set_id, c.version,
                   c.replaces_document_id, c.patient_id, c.patient_family, c.patient_given, c.exemption_code,
                   c.diagnosis_code, c.signer, c.failure_code, c.failure, c.made_at, c.request, c.config_revision
            from certificate c where\s""";

    private final JdbcClient jdbc;
    private final Callers callers;
    private final ReadAudit audit;
    private final PublishedDocuments documents;

    CertificatesController(JdbcClient jdbc, Callers callers, ReadAudit audit, PublishedDocuments documents) {
        this.jdbc = jdbc;
        this.callers = callers;
        this.audit = audit;
        this.documents = documents;
    }

    /** A page; {@code next} goes into {@code cursor} of the next call. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CertificatePage(List<CertificateView> items, String next) {}

    /** Whose it is. */
    record PatientView(String id, String family, String given) {}

    /** Why it cannot go on. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record FailureView(String code, String reason) {}

    /**
     * @param stage how far the work has come
     * @param patient null for an operator, as are exemption, diagnosis, the failure's reason and the request
     * @param configurationRevision what the editable folders held when it was accepted
     * @param request what the hospital sent; only when one certificate is read
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CertificateView(
            long number,
            String state,
            String stage,
            String sender,
            String documentNumber,
            String documentId,
            String setId,
            int version,
            String replaces,
            OffsetDateTime madeAt,
            PatientView patient,
            String exemption,
            String diagnosis,
            String signer,
            FailureView failure,
            String configurationRevision,
            CertificateRequest request) {}

    /** A row and whose it is, for the audit; the person is never told to an operator. */
    private record Found(CertificateView view, String patientId) {}

    @Operation(
            summary = "Cerca i certificati, dal più recente",
            description = "Ruoli: specialista (i propri), ops (solo stato e date, senza dati della persona).")
    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<CertificatePage> search(
            @Parameter(description = "DA_FIRMARE, VALIDO, SOSTITUITO o ANNULLATO") @RequestParam(required = false)
                    String state,
            @Parameter(description = "Codice di esenzione, per esempio 013.250") @RequestParam(required = false)
                    String exemption,
            @Parameter(description = "Emesso dal giorno (AAAA-MM-GG, ora italiana)") @RequestParam(required = false)
                    String from,
            @Parameter(description = "Emesso fino al giorno compreso (AAAA-MM-GG)") @RequestParam(required = false)
                    String to,
            @Parameter(description = "Inizio del cognome, o cognome e inizio del nome, senza distinguere le maiuscole")
                    @RequestParam(required = false)
                    String name,
            @Parameter(description = "Codice fiscale, o STP, ENI, numero TEAM") @RequestParam(required = false)
                    String fiscalCode,
            @Parameter(description = "Il valore di next della pagina precedente") @RequestParam(required = false)
                    String cursor,
            @Parameter(description = "Quanti per pagina, al massimo 100") @RequestParam(defaultValue = "50")
                    int limit) {
        Caller caller = allowed("SEARCH_CERTIFICATES", fiscalCode, null);
        if (!caller.has(Caller.SPECIALIST) && (name != null || fiscalCode != null || exemption != null)) {
            audit.record(caller, "SEARCH_CERTIFICATES", fiscalCode, null, "DENIED");
            throw new SnodoException(
                    SnodoCode.NOT_ALLOWED, "Chi gestisce l'hub cerca i certificati per stato e data, non per persona.");
        }
        Map<String, Object> params = new HashMap<>();
        StringBuilder where = new StringBuilder(visible(caller, params));
        and(where, params, "c.state = :state", "state", known(state));
        and(where, params, "c.exemption_code = :exemption", "exemption", exemption);
        and(where, params, "c.patient_id = :patient", "patient", upper(fiscalCode));
        and(where, params, "c.made_at >= :from", "from", day(from, "from", 0));
        and(where, params, "c.made_at < :to", "to", day(to, "to", 1));
        and(
                where,
                params,
                "(upper(c.patient_family || ' ' || c.patient_given) like :name escape '!')",
                "name",
                name == null ? null : upper(name).replaceAll("([!%_])", "!$1") + "%");
        and(where, params, "c.number < :before", "before", number(cursor));
        int size = Math.max(1, Math.min(limit, MOST));
        params.put("limit", size + 1);
        List<Found> found = new ArrayList<>(jdbc.sql(SELECT + where + " order by c.number desc limit :limit")
                .params(params)
                .query((row, n) -> view(row, caller, false))
                .list());
        boolean more = found.size() > size;
        if (more) {
            found.remove(size);
        }
        record(caller, upper(fiscalCode), found);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new CertificatePage(
                        found.stream().map(Found::view).toList(),
                        more ? cursor(found.get(size - 1).view().number()) : null));
    }

    @Operation(
            summary = "Un certificato, con la richiesta ricevuta",
            description = "Ruoli: specialista (i propri), ops (solo stato e date, senza dati della persona).")
    @GetMapping(path = "/{number}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<CertificateView> read(@Parameter(description = "Numero del certificato") @PathVariable long number) {
        Caller caller = allowed("READ_CERTIFICATE", null, Long.toString(number));
        Found found = look(caller, number, "READ_CERTIFICATE").orElseThrow(() -> absent(number));
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(found.view());
    }

    @Operation(summary = "Il PDF firmato del certificato", description = "Ruolo: specialista (i propri).")
    @GetMapping("/{number}/document")
    ResponseEntity<byte[]> document(@Parameter(description = "Numero del certificato") @PathVariable long number) {
        Caller caller = callers.current();
        String id = documentId(caller, number, "READ_PDF");
        return content(documents.pdf(caller, id), number, ".pdf", MediaType.APPLICATION_PDF);
    }

    @Operation(summary = "Il CDA del certificato", description = "Ruolo: specialista (i propri).")
    @GetMapping("/{number}/cda")
    ResponseEntity<byte[]> cda(@Parameter(description = "Numero del certificato") @PathVariable long number) {
        Caller caller = callers.current();
        String id = documentId(caller, number, "READ_CDA");
        return content(documents.cda(caller, id), number, ".xml", CDA);
    }

    /** Who may ask at all: the FSE pulls documents, not certificates. */
    private Caller allowed(String action, String subject, String object) {
        Caller caller = callers.current();
        if (!caller.has(Caller.SPECIALIST) && !caller.has(Caller.OPERATIONS)) {
            audit.record(caller, action, subject, object, "DENIED");
            throw new SnodoException(
                    SnodoCode.NOT_ALLOWED, "I certificati si consultano con il ruolo specialista o ops.");
        }
        return caller;
    }

    /** The document of a certificate; reading it is judged and audited where documents are. */
    private String documentId(Caller caller, long number, String action) {
        if (!caller.has(Caller.SPECIALIST)) {
            audit.record(caller, action, null, "certificate " + number, "DENIED");
            throw new SnodoException(
                    SnodoCode.NOT_ALLOWED, "Il contenuto di un certificato si legge con il ruolo specialista.");
        }
        return jdbc.sql("select document_id from certificate where number = ?")
                .param(number)
                .query(String.class)
                .optional()
                .orElseThrow(() -> absent(number));
    }

    private Optional<Found> look(Caller caller, long number, String action) {
        Map<String, Object> params = new HashMap<>();
        String where = visible(caller, params) + " and c.number = :number";
        params.put("number", number);
        Optional<Found> found = jdbc.sql(SELECT + where)
                .params(params)
                .query((row, n) -> view(row, caller, true))
                .optional();
        audit.record(
                caller,
                action,
                found.map(Found::patientId).orElse(null),
                Long.toString(number),
                found.isPresent() ? "OK" : "NOT_FOUND");
        return found;
    }

    private static String visible(Caller caller, Map<String, Object> params) {
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
    private void record(Caller caller, String asked, List<Found> found) {
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

    private static Found view(ResultSet row, Caller caller, boolean whole) throws SQLException {
        // Whoever is both sees as an operator the certificates of others, as a doctor his own.
        boolean content = caller.actsForAll()
                || (caller.has(Caller.SPECIALIST)
                        && (!caller.has(Caller.OPERATIONS)
                                || (caller.fiscalCode() != null
                                        && caller.fiscalCode().equals(row.getString("signer")))));
        String patient = row.getString("patient_id");
        String failure = row.getString("failure_code");
        String request = row.getString("request");
        return new Found(
                new CertificateView(
                        row.getLong("number"),
                        row.getString("state"),
                        row.getString("stage"),
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
                        content ? row.getString("diagnosis_code") : null,
                        row.getString("signer"),
                        failure == null ? null : new FailureView(failure, content ? row.getString("failure") : null),
                        row.getString("config_revision"),
                        content && whole && !request.isEmpty() ? request(request) : null),
                patient);
    }

    private static CertificateRequest request(String xml) {
        try {
            // nobody but the citizen has a reason to read the PIN
            return CertificateRequestCodec.fromXml(xml).withoutPin();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored request can be read", e);
        }
    }

    private static ResponseEntity<byte[]> content(
            Optional<PublishedDocuments.Bytes> found, long number, String suffix, MediaType type) {
        PublishedDocuments.Bytes bytes = found.orElseThrow(() -> absent(number));
        return ResponseEntity.ok()
                .contentType(type)
                .eTag("\"" + bytes.content().sha256() + "\"")
                .cacheControl(CacheControl.noStore())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("certificato-" + number + suffix)
                                .build()
                                .toString())
                .body(bytes.bytes());
    }

    private static void and(
            StringBuilder where, Map<String, Object> params, String condition, String name, Object value) {
        if (value != null) {
            where.append(" and ").append(condition);
            params.put(name, value);
        }
    }

    private static String upper(String text) {
        return text == null ? null : text.strip().toUpperCase(java.util.Locale.ROOT);
    }

    private static String known(String state) {
        if (state == null || STATES.contains(upper(state))) {
            return upper(state);
        }
        throw new SnodoException(
                SnodoCode.REQUEST_INVALID,
                "Il parametro state può essere solo DA_FIRMARE, VALIDO, SOSTITUITO o ANNULLATO.");
    }

    private static OffsetDateTime day(String text, String name, int plus) {
        try {
            return text == null
                    ? null
                    : LocalDate.parse(text).plusDays(plus).atStartOfDay(ROME).toOffsetDateTime();
        } catch (DateTimeException e) {
            throw new SnodoException(
                    SnodoCode.REQUEST_INVALID, "Il parametro " + name + " deve essere un giorno come 2026-03-01.");
        }
    }

    private static String cursor(long number) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
    }

    private static Long number(String cursor) {
        try {
            return cursor == null
                    ? null
                    : Long.valueOf(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new SnodoException(SnodoCode.REQUEST_INVALID, "Il parametro cursor non è quello restituito in next.");
        }
    }

    private static SnodoException absent(long number) {
        return new SnodoException(
                SnodoCode.NOT_FOUND, "Il certificato " + number + " non esiste, non è visibile o non ha il documento.");
    }
}
