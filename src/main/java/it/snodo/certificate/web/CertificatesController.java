package it.snodo.certificate.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import it.snodo.certificate.web.CertificateReads.Found;
import it.snodo.document.Caller;
import it.snodo.document.Callers;
import it.snodo.document.PublishedDocuments;
import it.snodo.document.ReadAudit;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.registry.CodeTables;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

/** Certificates for those who look for them and read them: {@link CertificateReads} says who sees what. */
@RestController
@RequestMapping("/api/v1/certificates")
class CertificatesController {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final MediaType CDA = new MediaType("application", "xml", StandardCharsets.UTF_8);
    private static final String ALL = "TUTTI";
    private static final Set<String> STATES = Set.of("DA_FIRMARE", "VALIDO", "SCADUTO", "SOSTITUITO", "ANNULLATO", ALL);
    private static final int MOST = 100;
    private static final int LAST_YEAR = 9999;
    static final String NOTHING_FOUND =
            "ATTENZIONE! Non ci sono elementi corrispondenti ai parametri di ricerca inseriti";

    private final JdbcClient jdbc;
    private final Callers callers;
    private final ReadAudit audit;
    private final PublishedDocuments documents;
    private final CertificateReads reads;
    private final CodeTables tables;

    CertificatesController(
            JdbcClient jdbc,
            Callers callers,
            ReadAudit audit,
            PublishedDocuments documents,
            CertificateReads reads,
            CodeTables tables) {
        this.jdbc = jdbc;
        this.callers = callers;
        this.audit = audit;
        this.documents = documents;
        this.reads = reads;
        this.tables = tables;
    }

    /** A page; {@code next} goes into {@code cursor} of the next call. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "CertificatePage")
    record CertificatePage(
            List<CertificateView> items,

            @Schema(description = "Da passare in cursor per la pagina seguente; assente nell'ultima")
            String next,

            @Schema(description = "In parole, quando non si è trovato nulla")
            String message) {}

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<CertificatePage> search(
            @RequestParam(required = false) String state,
            @RequestParam(required = false) String exemption,
            @RequestParam(required = false) String from,
            @RequestParam(required = false) String to,
            @RequestParam(required = false) String name,
            @RequestParam(required = false) String family,
            @RequestParam(required = false) String given,
            @RequestParam(required = false) String fiscalCode,
            @RequestParam(required = false) String cursor,
            @RequestParam(defaultValue = "50") int limit) {
        Caller caller = reads.allowed("SEARCH_CERTIFICATES", fiscalCode, null);
        if (!caller.has(Caller.SPECIALIST)
                && (name != null || family != null || given != null || fiscalCode != null || exemption != null)) {
            audit.record(caller, "SEARCH_CERTIFICATES", fiscalCode, null, "DENIED");
            throw new SnodoException(
                    SnodoCode.NOT_ALLOWED, "Chi gestisce l'hub cerca i certificati per stato e data, non per persona.");
        }
        Map<String, Object> params = new HashMap<>();
        StringBuilder where = new StringBuilder(CertificateReads.visible(caller, params));
        and(where, params, "c.shown_state = :state", "state", known(state));
        and(where, params, "upper(btrim(c.exemption_code)) in (:exemption)", "exemption", spellings(exemption));
        and(where, params, "c.patient_id = :patient", "patient", upper(fiscalCode));
        and(where, params, "c.made_at >= :from", "from", day(from, "from", 0));
        and(where, params, "c.made_at < :to", "to", day(to, "to", 1));
        and(
                where,
                params,
                "(upper(c.patient_family || ' ' || c.patient_given) like :name escape '!')",
                "name",
                beginning(name));
        and(where, params, "upper(c.patient_family) like :family escape '!'", "family", beginning(family));
        and(where, params, "upper(c.patient_given) like :given escape '!'", "given", beginning(given));
        and(where, params, "c.number < :before", "before", number(cursor));
        int size = Math.max(1, Math.min(limit, MOST));
        params.put("limit", size + 1);
        List<Found> found = reads.query(caller, where + " order by c.number desc limit :limit", params, false);
        boolean more = found.size() > size;
        if (more) {
            found.remove(size);
        }
        reads.record(caller, upper(fiscalCode), found);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new CertificatePage(
                        found.stream().map(Found::view).toList(),
                        more ? cursor(found.get(size - 1).view().number()) : null,
                        found.isEmpty() ? NOTHING_FOUND : null));
    }

    @GetMapping(path = "/{number}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<CertificateView> read(@PathVariable long number) {
        Caller caller = reads.allowed("READ_CERTIFICATE", null, Long.toString(number));
        return answer(reads.look(caller, number, "READ_CERTIFICATE"));
    }

    static ResponseEntity<CertificateView> answer(Found found) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .eTag(CertificateTag.of(found.view()))
                .body(found.view());
    }

    @GetMapping("/{number}/document")
    ResponseEntity<byte[]> document(@PathVariable long number) {
        Caller caller = callers.current();
        String id = documentId(caller, number, "READ_PDF");
        return content(documents.pdf(caller, id), number, ".pdf", MediaType.APPLICATION_PDF);
    }

    @GetMapping("/{number}/cda")
    ResponseEntity<byte[]> cda(@PathVariable long number) {
        Caller caller = callers.current();
        String id = documentId(caller, number, "READ_CDA");
        return content(documents.cda(caller, id), number, ".xml", CDA);
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
                .orElseThrow(() -> CertificateReads.absent(number));
    }

    private static ResponseEntity<byte[]> content(
            Optional<PublishedDocuments.Bytes> found, long number, String suffix, MediaType type) {
        PublishedDocuments.Bytes bytes = found.orElseThrow(() -> CertificateReads.absent(number));
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

    /** Whatever the doctor calls it, and whatever the sender has called it. */
    private Set<String> spellings(String exemption) {
        if (exemption == null) {
            return null;
        }
        Set<String> all = new TreeSet<>(tables.spellings(upper(exemption)));
        all.add(upper(exemption));
        return all;
    }

    private static String beginning(String name) {
        return name == null ? null : upper(name).replaceAll("([!%_])", "!$1") + "%";
    }

    private static String upper(String text) {
        return text == null ? null : text.strip().toUpperCase(Locale.ROOT);
    }

    private static String known(String state) {
        String asked = upper(state);
        if (asked == null || asked.equals(ALL)) {
            return null;
        }
        if (STATES.contains(asked)) {
            return asked;
        }
        throw new SnodoException(
                SnodoCode.REQUEST_INVALID,
                "Il parametro state può essere solo DA_FIRMARE, VALIDO, SCADUTO, SOSTITUITO, ANNULLATO o TUTTI.");
    }

    private static OffsetDateTime day(String text, String name, int plus) {
        try {
            if (text == null) {
                return null;
            }
            LocalDate day = LocalDate.parse(text);
            if (day.getYear() > LAST_YEAR) {
                throw new DateTimeException("a year that the database does not know");
            }
            return day.plusDays(plus).atStartOfDay(ROME).toOffsetDateTime();
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
}
