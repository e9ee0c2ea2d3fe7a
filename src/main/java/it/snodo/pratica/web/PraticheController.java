package it.snodo.pratica.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import it.snodo.access.Operators;
import it.snodo.pratica.Attachments;
import it.snodo.pratica.Issuing;
import it.snodo.pratica.Moved;
import it.snodo.pratica.Pratica;
import it.snodo.pratica.PraticaEvent;
import it.snodo.pratica.PraticaSearch;
import it.snodo.pratica.PraticaState;
import it.snodo.pratica.Pratiche;
import it.snodo.pratica.Wanted;
import it.snodo.registry.CodeTables;
import it.snodo.registry.CodiceFiscale;
import it.snodo.registry.Exemption;
import it.snodo.registry.Identifiers;
import it.snodo.registry.InvalidIdentifierException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The district's work: pratiche are searched, read, taken in charge, validated, rejected, annulled, annotated. */
@RestController
@RequestMapping("/api/v1/pratiche")
class PraticheController {

    private static final int LAST_YEAR = 9999;

    private static final String NOTHING_FOUND =
            "ATTENZIONE! Non ci sono elementi corrispondenti ai parametri di ricerca inseriti";
    private static final int LONGEST_NOTE = 4000;

    private final Operators operators;
    private final Pratiche pratiche;
    private final Issuing issuing;
    private final PraticaSearch search;
    private final Attachments attachments;
    private final CodeTables tables;
    private final PraticaView.Maker views;

    PraticheController(
            Operators operators,
            Pratiche pratiche,
            Issuing issuing,
            PraticaSearch search,
            Attachments attachments,
            CodeTables tables,
            PraticaView.Maker views) {
        this.operators = operators;
        this.pratiche = pratiche;
        this.issuing = issuing;
        this.search = search;
        this.attachments = attachments;
        this.tables = tables;
        this.views = views;
    }

    /** @param message how many were found, in the manual's words */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "PraticaPage")
    record PageView(List<PraticaView> items, long total, String message, String next) {}

    @Schema(name = "PraticaHistory")
    record HistoryView(List<PraticaView.EventView> items) {}

    @Schema(name = "PraticaValidation")
    record Validation(
            @Schema(description = "ultimo giorno di validità; se manca vale la proposta della pratica")
            LocalDate end,

            @Schema(description = "true: senza fine") Boolean unlimited) {}

    @Schema(name = "PraticaRejection")
    record Rejection(
            @Schema(
                    description = "REQUISITI_NON_SUFFICIENTI, DOCUMENTAZIONE_NON_CORRETTA,"
                            + " DOCUMENTAZIONE_INSUFFICIENTE o ALTRO; resta interna al sistema")
            String reason,

            @Schema(description = "nota interna") String note,
            @Schema(description = "nota per il cittadino") String beneficiaryNote) {}

    @Schema(name = "PraticaAnnulment")
    record Annulment(
            @Schema(description = "nota interna") String note,
            @Schema(description = "nota per il cittadino") String beneficiaryNote) {}

    @Schema(name = "PraticaNotes", description = "Un campo assente resta com'è, un testo vuoto lo cancella")
    record NotesBody(String beneficiaryNote, String internalNote) {}

    @Schema(name = "PraticaSubmission")
    record Submission(
            @Schema(description = "codice fiscale dell'assistito; i suoi dati vengono da AURA")
            String patientFiscalCode,

            @Schema(description = "chi l'ha compilata; se manca, l'assistito stesso")
            PraticaView.CompilerView compiler,

            String exemption,

            @Schema(description = "ICD-9-CM; assente se non c'è")
            String diagnosis,

            LocalDate end,
            Boolean unlimited,
            String beneficiaryNote,
            String internalNote) {}

    // --- reading ---------------------------------------------------------------------------------------------

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PageView> search(
            @RequestParam(required = false) String state,
            @RequestParam(required = false) String exemption,
            @RequestParam(required = false) String from,
            @RequestParam(required = false) String to,
            @RequestParam(required = false) String family,
            @RequestParam(required = false) String given,
            @RequestParam(required = false) String fiscalCode,
            @RequestParam(required = false) String tab,
            @RequestParam(required = false) String cursor,
            @RequestParam(defaultValue = "20") int limit) {
        var operator = operators.current();
        PraticaSearch.Page page = search.find(
                operator,
                new PraticaSearch.Filter(
                        state(state),
                        tab(tab),
                        exemption(exemption),
                        day(from, "from"),
                        day(to, "to"),
                        text(family),
                        text(given),
                        upper(fiscalCode)),
                cursor,
                limit);
        List<PraticaView> items = page.items().stream()
                .map(one -> views.view(one, reader(operator, one, null), null, pratiche.possible(operator, one), null))
                .toList();
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new PageView(
                        items,
                        page.total(),
                        page.total() == 0 ? NOTHING_FOUND : "Risultati trovati: " + page.total(),
                        page.next()));
    }

    @GetMapping(path = "/{number}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PraticaView> read(@PathVariable String number, @RequestParam(required = false) String view) {
        var operator = operators.current();
        Pratica pratica = pratiche.read(operator, number);
        return answer(200, shown(pratica, reader(operator, pratica, view), null));
    }

    @GetMapping(path = "/{number}/history", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<HistoryView> history(
            @PathVariable String number,
            @RequestParam(defaultValue = "false") boolean all,
            @RequestParam(required = false) String view) {
        var operator = operators.current();
        boolean whole = beneficiary(view) == null;
        List<PraticaEvent> events = pratiche.history(operator, number);
        boolean note = whole || PraticaView.Maker.noteIsHis(pratiche.read(operator, number));
        List<PraticaView.EventView> lines = events.stream()
                .filter(event -> event.transition() || all && whole)
                .map(event -> PraticaView.EventView.of(event, whole, note))
                .toList();
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(new HistoryView(lines));
    }

    // --- moves -----------------------------------------------------------------------------------------------

    @PostMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PraticaView> submit(@RequestBody Submission body) {
        if (text(body.exemption()) == null) {
            throw Answers.invalid("Manca il codice di esenzione (exemption).");
        }
        PraticaView.CompilerView by = body.compiler();
        Pratica.Compiler.Kind kind = by == null || by.kind() == null ? Pratica.Compiler.Kind.UTENTE : by.kind();
        if (kind == Pratica.Compiler.Kind.MEDICO) {
            throw Answers.invalid(
                    "Un medico invia la pratica dal suo certificato: qui il compilatore è UTENTE o DELEGATO.");
        }
        String compiler = by == null || text(by.fiscalCode()) == null ? null : fiscalCode(by.fiscalCode());
        if (kind == Pratica.Compiler.Kind.DELEGATO && (compiler == null || text(by.name()) == null)) {
            throw Answers.invalid("Di un delegato servono codice fiscale e nome (compiler.fiscalCode, compiler.name).");
        }
        Moved moved = issuing.submit(
                operators.current(),
                new Issuing.Submission(
                        fiscalCode(body.patientFiscalCode()),
                        new Pratica.Compiler(kind, compiler, by == null ? null : text(by.name())),
                        body.exemption(),
                        body.diagnosis(),
                        new Wanted(body.end(), body.unlimited()),
                        notes(body.beneficiaryNote(), body.internalNote())));
        return created(moved);
    }

    @PostMapping(path = "/{number}/take-charge", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PraticaView> takeCharge(
            @PathVariable String number, @RequestHeader(name = "If-Match", required = false) String ifMatch) {
        return moved(pratiche.takeCharge(operators.current(), number, Answers.revision(ifMatch)));
    }

    @PostMapping(path = "/{number}/validate", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PraticaView> validate(
            @PathVariable String number,
            @RequestHeader(name = "If-Match", required = false) String ifMatch,
            @RequestBody(required = false) Validation body) {
        Wanted wanted = body == null ? Wanted.NOTHING : new Wanted(body.end(), body.unlimited());
        return moved(pratiche.validate(operators.current(), number, Answers.revision(ifMatch), wanted));
    }

    @PostMapping(path = "/{number}/reject", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PraticaView> reject(
            @PathVariable String number,
            @RequestHeader(name = "If-Match", required = false) String ifMatch,
            @RequestBody(required = false) Rejection body) {
        return moved(pratiche.reject(
                operators.current(),
                number,
                Answers.revision(ifMatch),
                body == null ? null : body.reason(),
                body == null ? Pratiche.Notes.NONE : notes(body.beneficiaryNote(), body.note())));
    }

    @PostMapping(path = "/{number}/annul", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PraticaView> annul(
            @PathVariable String number,
            @RequestHeader(name = "If-Match", required = false) String ifMatch,
            @RequestBody(required = false) Annulment body) {
        return moved(pratiche.annul(
                operators.current(),
                number,
                Answers.revision(ifMatch),
                body == null ? Pratiche.Notes.NONE : notes(body.beneficiaryNote(), body.note())));
    }

    @PutMapping(path = "/{number}/notes", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PraticaView> notes(
            @PathVariable String number,
            @RequestHeader(name = "If-Match", required = false) String ifMatch,
            @RequestBody NotesBody body) {
        Pratica pratica = pratiche.annotate(
                operators.current(),
                number,
                Answers.revision(ifMatch),
                notes(body.beneficiaryNote(), body.internalNote()));
        return answer(200, shown(pratica, PraticaView.Reader.OPERATOR, null));
    }

    // --- attachments -----------------------------------------------------------------------------------------

    @PostMapping(
            path = "/{number}/attachments",
            consumes = MediaType.MULTIPART_FORM_DATA_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PraticaView.AttachmentView> attach(
            @PathVariable String number,
            @RequestHeader(name = "If-Match", required = false) String ifMatch,
            @Parameter(hidden = true) @RequestHeader("Content-Type") String type,
            @RequestBody byte[] body) {
        Upload upload = Upload.of(type, body);
        Attachments.Added added =
                attachments.add(operators.current(), number, Answers.revision(ifMatch), upload.name(), upload.bytes());
        return ResponseEntity.status(added.added() ? 201 : 200)
                .location(URI.create("/api/v1/pratiche/" + number + "/attachments/"
                        + added.attachment().id()))
                .eTag(Answers.tag(added.pratica().revision()))
                .cacheControl(CacheControl.noStore())
                .body(PraticaView.AttachmentView.of(added.attachment()));
    }

    @GetMapping("/{number}/attachments/{id}")
    ResponseEntity<byte[]> attachment(@PathVariable String number, @PathVariable long id) {
        Attachments.Content content = attachments.read(operators.current(), number, id);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(content.attachment().name(), StandardCharsets.UTF_8)
                                .build()
                                .toString())
                .header("X-Content-Type-Options", "nosniff")
                .contentType(
                        MediaType.parseMediaType(content.attachment().kind().mediaType()))
                .body(content.bytes());
    }

    @GetMapping("/{number}/certificate")
    ResponseEntity<byte[]> certificate(@PathVariable String number) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("certificato-pratica-" + number + ".pdf")
                                .build()
                                .toString())
                .contentType(MediaType.APPLICATION_PDF)
                .body(pratiche.certificate(operators.current(), number));
    }

    // --- answers ---------------------------------------------------------------------------------------------

    private ResponseEntity<PraticaView> moved(Moved moved) {
        return answer(moved.waits() ? 202 : 200, shown(moved.pratica(), PraticaView.Reader.OPERATOR, moved.message()));
    }

    private ResponseEntity<PraticaView> created(Moved moved) {
        return ResponseEntity.created(
                        URI.create("/api/v1/pratiche/" + moved.pratica().number()))
                .eTag(Answers.tag(moved.pratica().revision()))
                .cacheControl(CacheControl.noStore())
                .body(shown(moved.pratica(), PraticaView.Reader.OPERATOR, moved.message()));
    }

    private PraticaView shown(Pratica pratica, PraticaView.Reader reader, String message) {
        return views.view(
                pratica,
                reader,
                attachments.of(pratica.number()),
                pratiche.possible(operators.current(), pratica),
                message);
    }

    private static ResponseEntity<PraticaView> answer(int status, PraticaView view) {
        return ResponseEntity.status(status)
                .eTag(Answers.tag(view.revision()))
                .cacheControl(CacheControl.noStore())
                .body(view);
    }

    private PraticaView.Reader reader(it.snodo.access.Operator operator, Pratica pratica, String view) {
        if (!pratiche.seesContent(operator, pratica)) {
            return PraticaView.Reader.OPERATIONS;
        }
        return beneficiary(view) == null ? PraticaView.Reader.OPERATOR : PraticaView.Reader.BENEFICIARY;
    }

    // --- what comes in ---------------------------------------------------------------------------------------

    private static PraticaView.Reader beneficiary(String view) {
        if (text(view) == null) {
            return null;
        }
        if (!view.strip().equalsIgnoreCase("beneficiario")) {
            throw Answers.invalid("Il parametro view può essere solo beneficiario.");
        }
        return PraticaView.Reader.BENEFICIARY;
    }

    /** Notes of a call: a null leaves what is there. */
    static Pratiche.Notes notes(String beneficiary, String internal) {
        for (String note : new String[] {beneficiary, internal}) {
            if (note != null && note.length() > LONGEST_NOTE) {
                throw Answers.invalid("Una nota può avere al massimo " + LONGEST_NOTE + " caratteri.");
            }
        }
        return new Pratiche.Notes(beneficiary, internal);
    }

    private static String fiscalCode(String value) {
        if (text(value) == null) {
            throw Answers.invalid("Manca il codice fiscale.");
        }
        try {
            return CodiceFiscale.parse(value, CodiceFiscale.Strictness.LENIENT).toString();
        } catch (InvalidIdentifierException e) {
            throw Answers.invalid(e.getMessage());
        }
    }

    private static PraticaState state(String value) {
        String key = upper(value);
        if (key == null || key.equals("TUTTE")) {
            return null;
        }
        try {
            return PraticaState.valueOf(key.replace(' ', '_'));
        } catch (IllegalArgumentException e) {
            throw Answers.invalid("Lo stato " + Identifiers.quoted(value)
                    + " non esiste: INVIATA, IN_LAVORAZIONE, VALIDATA, RESPINTA, ANNULLATA o TUTTE.");
        }
    }

    private static PraticaSearch.Filter.Tab tab(String value) {
        String key = upper(value);
        if (key == null) {
            return null;
        }
        return switch (key) {
            case "DA-FARE", "DA_FARE" -> PraticaSearch.Filter.Tab.DA_FARE;
            case "CHIUSE" -> PraticaSearch.Filter.Tab.CHIUSE;
            default -> throw Answers.invalid("Il parametro tab può essere solo da-fare o chiuse.");
        };
    }

    private String exemption(String value) {
        String key = upper(value);
        return key == null || key.equals("TUTTE")
                ? null
                : tables.exemption(key).map(Exemption::code).orElse(key);
    }

    private static LocalDate day(String value, String name) {
        try {
            LocalDate day = text(value) == null ? null : LocalDate.parse(value.strip());
            if (day != null && day.getYear() > LAST_YEAR) {
                throw new DateTimeException("a year that the database does not know");
            }
            return day;
        } catch (DateTimeException e) {
            throw Answers.invalid("Il parametro " + name + " deve essere un giorno AAAA-MM-GG.");
        }
    }

    private static String upper(String value) {
        String text = text(value);
        return text == null ? null : text.toUpperCase(Locale.ROOT);
    }

    private static String text(String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }
}
