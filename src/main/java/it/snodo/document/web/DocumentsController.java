package it.snodo.document.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import it.snodo.document.Caller;
import it.snodo.document.Callers;
import it.snodo.document.DocumentQuery;
import it.snodo.document.PublishedDocument;
import it.snodo.document.PublishedDocument.State;
import it.snodo.document.PublishedDocuments;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The pull of documents over REST; the same documents as {@code /fhir/DocumentReference}, in a plainer dress. */
@RestController
@RequestMapping("/api/v1/documents")
class DocumentsController {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final MediaType CDA = new MediaType("application", "xml", java.nio.charset.StandardCharsets.UTF_8);

    private final PublishedDocuments documents;
    private final Callers callers;

    DocumentsController(PublishedDocuments documents, Callers callers) {
        this.documents = documents;
        this.callers = callers;
    }

    /** A page; {@code next} goes into {@code cursor} of the next call. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DocumentPage(List<DocumentView> items, String next) {}

    /** A form of the document that can be fetched. */
    record ContentView(String href, String contentType, long size, String sha256) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DocumentView(
            String id,
            String fseIdentifier,
            // not setId: beside an id, generated Java would have that setter twice
            String documentSetId,
            int version,
            String type,
            String title,
            State state,
            boolean published,
            String confidentiality,
            String patient,
            String author,
            String custodian,
            OffsetDateTime visitAt,
            OffsetDateTime madeAt,
            OffsetDateTime signedAt,
            String replaces,
            long certificateNumber,
            ContentView pdf,
            ContentView cda) {}

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<DocumentPage> search(
            @RequestParam(required = false) String patient,
            @RequestParam(required = false) String type,
            @RequestParam(required = false) String from,
            @RequestParam(required = false) String to,
            @RequestParam(required = false) State state,
            @RequestParam(required = false) String cursor,
            @RequestParam(defaultValue = "50") int limit) {
        Caller caller = callers.current();
        caller.mustBeReader();
        if (patient == null && caller.has(Caller.FSE) && !caller.has(Caller.OPERATIONS)) {
            throw new SnodoException(
                    SnodoCode.REQUEST_INVALID, "Il parametro patient è obbligatorio per chi consulta il FSE.");
        }
        List<DocumentQuery.Bound> made = new ArrayList<>();
        if (from != null) {
            made.add(new DocumentQuery.Bound(">=", moment(from, "from", false)));
        }
        if (to != null) {
            made.add(new DocumentQuery.Bound("<", moment(to, "to", true)));
        }
        String value = patient == null
                ? null
                : patient.substring(patient.lastIndexOf('|') + 1).strip();
        PublishedDocuments.Page page = documents.search(
                caller,
                new DocumentQuery(
                        null,
                        null,
                        value,
                        type == null ? null : Set.of(type),
                        state == null ? null : Set.of(state),
                        made,
                        null,
                        false,
                        cursor == null ? null : cursor(cursor),
                        0,
                        limit));
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new DocumentPage(
                        page.items().stream().map(DocumentsController::view).toList(),
                        page.next() == null ? null : page.next().encode()));
    }

    @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<DocumentView> read(@PathVariable String id) {
        PublishedDocument document = documents.find(callers.current(), id).orElseThrow(() -> absent(id));
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(view(document));
    }

    @GetMapping("/{id}/pdf")
    ResponseEntity<byte[]> pdf(
            @PathVariable String id, @RequestHeader(value = HttpHeaders.IF_NONE_MATCH, required = false) String known) {
        return content(documents.pdf(callers.current(), id), id, ".pdf", MediaType.APPLICATION_PDF, known);
    }

    @GetMapping("/{id}/cda")
    ResponseEntity<byte[]> cda(
            @PathVariable String id, @RequestHeader(value = HttpHeaders.IF_NONE_MATCH, required = false) String known) {
        return content(documents.cda(callers.current(), id), id, ".xml", CDA, known);
    }

    private static ResponseEntity<byte[]> content(
            Optional<PublishedDocuments.Bytes> found, String id, String suffix, MediaType type, String known) {
        PublishedDocuments.Bytes bytes = found.orElseThrow(() -> absent(id));
        String tag = "\"" + bytes.content().sha256() + "\"";
        if (known != null && known.contains(tag)) {
            return ResponseEntity.status(304)
                    .eTag(tag)
                    .cacheControl(CacheControl.noStore())
                    .build();
        }
        return ResponseEntity.ok()
                .contentType(type)
                .eTag(tag)
                .cacheControl(CacheControl.noStore())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("certificato-" + id.replaceAll("[^A-Za-z0-9._-]", "_") + suffix)
                                .build()
                                .toString())
                .body(bytes.bytes());
    }

    private static DocumentView view(PublishedDocument document) {
        String href = "/api/v1/documents/" + document.id();
        return new DocumentView(
                document.id(),
                document.fseIdentifier(),
                document.setId(),
                document.version(),
                document.typeCode(),
                document.title(),
                document.state(),
                document.published(),
                document.confidentiality(),
                document.patientId(),
                document.author(),
                document.custodian(),
                document.visitAt(),
                document.madeAt(),
                document.signedAt(),
                document.replaces(),
                document.certificateNumber(),
                content(document.pdf(), href + "/pdf", MediaType.APPLICATION_PDF_VALUE),
                content(document.cda(), href + "/cda", MediaType.APPLICATION_XML_VALUE));
    }

    private static ContentView content(PublishedDocument.Content content, String href, String type) {
        return content == null ? null : new ContentView(href, type, content.size(), content.sha256());
    }

    private static OffsetDateTime moment(String text, String name, boolean end) {
        try {
            if (text.length() == 10) {
                LocalDate day = LocalDate.parse(text);
                return (end ? day.plusDays(1) : day).atStartOfDay(ROME).toOffsetDateTime();
            }
            return OffsetDateTime.parse(text);
        } catch (DateTimeException e) {
            throw new SnodoException(
                    SnodoCode.REQUEST_INVALID,
                    "Il parametro " + name + " deve essere una data come 2026-03-01 o un istante come"
                            + " 2026-03-01T10:15:00+01:00.");
        }
    }

    private static DocumentQuery.Cursor cursor(String text) {
        try {
            return DocumentQuery.Cursor.decode(text);
        } catch (IllegalArgumentException e) {
            throw new SnodoException(SnodoCode.REQUEST_INVALID, "Il parametro cursor non è quello restituito in next.");
        }
    }

    private static SnodoException absent(String id) {
        return new SnodoException(SnodoCode.NOT_FOUND, "Il documento «" + id + "» non esiste o non è visibile.");
    }
}
