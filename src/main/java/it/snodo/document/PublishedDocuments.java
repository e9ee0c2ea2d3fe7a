package it.snodo.document;

import it.snodo.document.PublishedDocument.Content;
import it.snodo.document.PublishedDocument.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The documents that each caller may see. What he may not see is as if it did not exist, for him.
 *
 * <ul>
 *   <li>{@code fse}: what the FSE has taken, but for what is obscured or under special laws;
 *   <li>{@code specialista}: what he wrote or signed himself (a system that acts for all doctors: every document);
 *   <li>{@code ops}: that every document exists and in which state, never what is in it, nor whose a withheld one is.
 * </ul>
 *
 * Every question leaves a line in the audit before it is answered.
 */
@Component
public class PublishedDocuments {

    private static final String PUBLISHED = "(d.signed_pdf is not null and exists (select 1 from delivery v"
            + " where v.document_id = d.id and v.destination = 'FSE' and v.action in ('CREATE', 'REPLACE')"
            + " and v.state in ('DELIVERED', 'CONFIRMED')))";
    private static final String COLUMNS = "d.id, d.root, d.set_id, d.version, d.type_code, d.title, d.state,"
            + " d.confidentiality, d.withheld, " + PUBLISHED + " as published, d.patient_oid, d.patient_id, d.author,"
            + " d.custodian, d.visit_at, d.made_at, d.signed_at, c.replaces_document_id, d.certificate_number,"
            + " octet_length(d.signed_pdf) as pdf_size, d.signed_sha256, octet_length(d.cda) as cda_size, d.cda_sha256";
    private static final String FROM = " from document d join certificate c on c.number = d.certificate_number where ";

    private final JdbcClient jdbc;
    private final ReadAudit audit;
    private final DocumentsProperties properties;

    PublishedDocuments(JdbcClient jdbc, ReadAudit audit, DocumentsProperties properties) {
        this.jdbc = jdbc;
        this.audit = audit;
        this.properties = properties;
    }

    /**
     * @param total how many there are in all pages
     * @param next where the next page begins; null on the last one
     */
    public record Page(List<PublishedDocument> items, int total, DocumentQuery.Cursor next) {}

    /** The document's bytes as one of its forms. */
    public record Bytes(PublishedDocument document, Content content, byte[] bytes) {}

    /** Documents that match, newest first, one page of them. */
    public Page search(Caller caller, DocumentQuery query) {
        allowed(caller, "SEARCH_DOCUMENTS", query.patientId(), null, caller::mustBeReader);
        Map<String, Object> params = new HashMap<>();
        String where = visible(caller, params) + conditions(query, params);
        int total = jdbc.sql("select count(*)" + FROM + where)
                .params(params)
                .query(Integer.class)
                .single();
        String order = query.oldestFirst() ? "asc" : "desc";
        if (query.after() != null) {
            where += " and (d.made_at, d.id) " + (query.oldestFirst() ? ">" : "<") + " (:afterAt, :afterId)";
            params.put("afterAt", query.after().madeAt());
            params.put("afterId", query.after().id());
        }
        int limit = Math.max(1, Math.min(query.limit(), properties.maxPage()));
        params.put("limit", limit + 1);
        params.put("offset", Math.max(0, query.offset()));
        List<PublishedDocument> found = new ArrayList<>(jdbc.sql("select " + COLUMNS + FROM + where
                        + " order by d.made_at " + order + ", d.id " + order + " limit :limit offset :offset")
                .params(params)
                .query((row, n) -> document(row, caller))
                .list());
        boolean more = found.size() > limit;
        if (more) {
            found.remove(limit);
        }
        // One line for each person whose documents are shown, so that the person can be told.
        String object =
                String.join(" ", found.stream().map(PublishedDocument::id).toList());
        List<String> subjects = query.patientId() != null
                ? List.of(query.patientId())
                : found.stream()
                        .map(PublishedDocument::patientId)
                        .filter(patient -> patient != null)
                        .distinct()
                        .toList();
        if (subjects.isEmpty()) {
            audit.record(caller, "SEARCH_DOCUMENTS", null, object, "FOUND " + found.size());
        }
        for (String subject : subjects) {
            String objects = String.join(
                    " ",
                    found.stream()
                            .filter(one -> subject.equals(one.patientId()))
                            .map(PublishedDocument::id)
                            .toList());
            audit.record(caller, "SEARCH_DOCUMENTS", subject, objects, "FOUND " + found.size());
        }
        PublishedDocument last = found.isEmpty() ? null : found.get(found.size() - 1);
        return new Page(List.copyOf(found), total, more ? new DocumentQuery.Cursor(last.madeAt(), last.id()) : null);
    }

    /** One document; empty when there is none that the caller may see. */
    public Optional<PublishedDocument> find(Caller caller, String id) {
        allowed(caller, "READ_DOCUMENT", null, id, caller::mustBeReader);
        Optional<PublishedDocument> found = look(caller, id);
        audit.record(
                caller,
                "READ_DOCUMENT",
                found.map(PublishedDocument::patientId).orElse(null),
                id,
                found.isPresent() ? "OK" : "NOT_FOUND");
        return found;
    }

    /** The signed PDF; empty when there is none that the caller may read, or the document is annulled. */
    public Optional<Bytes> pdf(Caller caller, String id) {
        return bytes(caller, id, "READ_PDF", "signed_pdf");
    }

    /** The CDA; empty when there is none that the caller may read, or the document is annulled. */
    public Optional<Bytes> cda(Caller caller, String id) {
        return bytes(caller, id, "READ_CDA", "cda");
    }

    private Optional<Bytes> bytes(Caller caller, String id, String action, String column) {
        allowed(caller, action, null, id, caller::mustReadContent);
        // The operator's view of a document is wider than his right to read it.
        Caller reader = new Caller(
                caller.name(),
                caller.roles().stream()
                        .filter(role -> !role.equals(Caller.OPERATIONS))
                        .collect(java.util.stream.Collectors.toSet()),
                caller.fiscalCode());
        Optional<PublishedDocument> found = look(reader, id)
                .filter(document -> document.pdf() != null)
                // Only who wrote an annulled document may still read it.
                .filter(document -> document.state() != State.ANNULLED || wrote(reader, document));
        audit.record(
                caller,
                action,
                found.map(PublishedDocument::patientId).orElse(null),
                id,
                found.isPresent() ? "OK" : "NOT_FOUND");
        return found.map(document -> new Bytes(
                document,
                column.equals("cda") ? document.cda() : document.pdf(),
                jdbc.sql("select " + column + " from document where id = :id")
                        .param("id", id)
                        .query((row, n) -> row.getBytes(1))
                        .single()));
    }

    private static boolean wrote(Caller caller, PublishedDocument document) {
        return caller.has(Caller.SPECIALIST)
                && caller.fiscalCode() != null
                && (caller.actsForAll() || caller.fiscalCode().equals(document.author()));
    }

    private void allowed(Caller caller, String action, String subject, String object, Runnable check) {
        try {
            check.run();
        } catch (it.snodo.fault.SnodoException e) {
            audit.record(caller, action, subject, object, "DENIED");
            throw e;
        }
    }

    private Optional<PublishedDocument> look(Caller caller, String id) {
        Map<String, Object> params = new HashMap<>();
        String where = visible(caller, params) + " and d.id = :id";
        params.put("id", id);
        return jdbc.sql("select " + COLUMNS + FROM + where)
                .params(params)
                .query((row, n) -> document(row, caller))
                .optional();
    }

    private static String visible(Caller caller, Map<String, Object> params) {
        List<String> any = new ArrayList<>();
        if (caller.has(Caller.OPERATIONS)) {
            any.add("true");
        }
        if (caller.has(Caller.FSE)) {
            any.add("(not d.withheld and " + PUBLISHED + ")");
        }
        if (caller.actsForAll()) {
            any.add("true");
        } else if (caller.has(Caller.SPECIALIST) && caller.fiscalCode() != null) {
            any.add("(d.author = :own or c.signer = :own)");
            params.put("own", caller.fiscalCode());
        }
        return any.isEmpty() ? "false" : "(" + String.join(" or ", any) + ")";
    }

    private static String conditions(DocumentQuery query, Map<String, Object> params) {
        StringBuilder where = new StringBuilder();
        if (!query.ids().isEmpty()) {
            where.append(" and d.id in (:ids)");
            params.put("ids", query.ids());
        }
        if (query.patientOid() != null) {
            where.append(" and d.patient_oid = :patientOid");
            params.put("patientOid", query.patientOid());
        }
        if (query.patientId() != null) {
            where.append(" and d.patient_id = :patientId");
            params.put("patientId", query.patientId());
        }
        if (!query.types().isEmpty()) {
            where.append(" and d.type_code in (:types)");
            params.put("types", query.types());
        }
        if (!query.states().isEmpty()) {
            where.append(" and d.state in (:states)");
            params.put("states", query.states().stream().map(Enum::name).toList());
        }
        bounds(query.made(), "made", "d.made_at", where, params);
        bounds(query.visit(), "visit", "d.visit_at", where, params);
        return where.toString();
    }

    private static void bounds(
            List<DocumentQuery.Bound> bounds,
            String name,
            String column,
            StringBuilder where,
            Map<String, Object> params) {
        for (int i = 0; i < bounds.size(); i++) {
            // The operator is one of four, checked where the bound is made.
            where.append(" and ")
                    .append(column)
                    .append(' ')
                    .append(bounds.get(i).operator())
                    .append(" :")
                    .append(name)
                    .append(i);
            params.put(name + i, bounds.get(i).at());
        }
    }

    private static PublishedDocument document(ResultSet row, Caller caller) throws SQLException {
        boolean withheld = row.getBoolean("withheld");
        boolean hidePatient = withheld && caller.roles().stream().allMatch(Caller.OPERATIONS::equals);
        byte[] pdfHash = row.getBytes("signed_sha256");
        HexFormat hex = HexFormat.of();
        return new PublishedDocument(
                row.getString("id"),
                row.getString("root"),
                row.getString("set_id"),
                row.getInt("version"),
                row.getString("type_code"),
                row.getString("title"),
                State.valueOf(row.getString("state")),
                row.getString("confidentiality"),
                withheld,
                row.getBoolean("published"),
                row.getString("patient_oid"),
                hidePatient ? null : row.getString("patient_id"),
                row.getString("author"),
                row.getString("custodian"),
                row.getObject("visit_at", OffsetDateTime.class),
                row.getObject("made_at", OffsetDateTime.class),
                row.getObject("signed_at", OffsetDateTime.class),
                row.getString("replaces_document_id"),
                row.getLong("certificate_number"),
                pdfHash == null ? null : new Content(row.getLong("pdf_size"), hex.formatHex(pdfHash)),
                new Content(row.getLong("cda_size"), hex.formatHex(row.getBytes("cda_sha256"))));
    }
}
