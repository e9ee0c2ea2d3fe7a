package it.snodo.exemption.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import it.snodo.access.Audit;
import it.snodo.access.Operator;
import it.snodo.access.Operators;
import it.snodo.aura.Aura;
import it.snodo.aura.PatientProfile;
import it.snodo.exemption.Exemptions;
import it.snodo.exemption.IssuedExemption;
import it.snodo.exemption.documents.ExemptionPapers;
import it.snodo.exemption.documents.ExemptionPapers.Paper;
import it.snodo.exemption.documents.ExemptionPapers.Version;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
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

/**
 * Exemptions and their documents, for specialists and districts. What somebody may not see is answered like what is not
 * there. Every question leaves a line in the audit before anything is handed out.
 */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "exemptions", description = "Esenzioni: elenco, dettaglio, attestato e promemoria")
class ExemptionsController {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final String PDF_EXAMPLE = "%PDF-1.7 …";

    private final ObjectProvider<Exemptions> exemptions;
    private final ObjectProvider<Aura> aura;
    private final ExemptionPapers papers;
    private final ExemptionAccess access;
    private final ExemptionViews views;
    private final Operators operators;
    private final Audit audit;

    ExemptionsController(
            ObjectProvider<Exemptions> exemptions,
            ObjectProvider<Aura> aura,
            ExemptionPapers papers,
            ExemptionAccess access,
            ExemptionViews views,
            Operators operators,
            Audit audit) {
        this.exemptions = exemptions;
        this.aura = aura;
        this.papers = papers;
        this.access = access;
        this.views = views;
        this.operators = operators;
        this.audit = audit;
    }

    /** A person's exemptions. */
    @Schema(name = "ExemptionList")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Found(
            List<ExemptionViews.View> items,

            @Schema(
                    description = "DISPONIBILE se l'elenco comprende ciò che dice AURA, NON_DISPONIBILE se AURA non ha"
                            + " risposto; assente se non è stata interrogata")
            String aura) {}

    /** A version of an attestato. */
    @Schema(name = "AttestatoVersion")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record VersionView(
            long number,
            int version,
            @Schema(description = "Se è quella che vale") boolean current,
            LocalDate issuedOn,
            @Schema(description = "I codici che elenca") List<String> exemptions,
            OffsetDateTime madeAt,

            @Schema(description = "Impronta del PDF; assente finché non è prodotto")
            String sha256,

            @Schema(
                    description = "Assente se dice, di un'esenzione che ora è sotto leggi speciali, più di quanto"
                            + " chi chiede può vedere")
            String href) {}

    /** The versions of an attestato, the newest first. */
    @Schema(name = "AttestatoVersions")
    record Versions(List<VersionView> items) {}

    @Operation(
            summary = "Le esenzioni di una persona, dalla più recente",
            description =
                    "Ruoli: specialista (le persone per cui ha firmato un certificato), distretto (quelle rilasciate"
                            + " dalla sua ASL; tutte, se la persona è assistita o residente nella sua ASL). Chi non può vedere"
                            + " riceve un elenco vuoto. Con aura=true anche quelle che sono solo su AURA, se risponde.",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description = "L'elenco",
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = Found.class),
                                            examples = @ExampleObject(name = "una esenzione", value = """
                                                                    {"items":[{"id":17,"source":"HUB","code":"019","title":"Glaucoma",
                                                                    "kind":"Malattie croniche","diagnosis":"3655","diagnosisTitle":"Glaucoma associato ad anomalie del cristallino",
                                                                    "from":"2026-10-20","unlimited":true,"state":"ACTIVE","stateWords":"Attiva","inForce":true,
                                                                    "onAura":true,"asl":"010301","aslName":"ASL Città di Torino","pratica":"202601030100000007",
                                                                    "certificate":977,"issuedAt":"2026-10-20T09:00:00+02:00"}],"aura":"DISPONIBILE"}"""))))
    @GetMapping(path = "/exemptions", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Found> search(
            @Parameter(description = "Codice fiscale della persona", example = "SPSCCT61E44L219O")
                    @RequestParam(required = false)
                    String fiscalCode,
            @Parameter(description = "true: anche quelle che sono solo su AURA") @RequestParam(defaultValue = "false")
                    boolean aura) {
        if (fiscalCode == null || fiscalCode.isBlank()) {
            throw new SnodoException(SnodoCode.REQUEST_INVALID, "Il parametro fiscalCode è obbligatorio.");
        }
        String person = person(fiscalCode);
        Operator who = operators.current();
        ExemptionAccess.Seen seen = access.of(who, person, of(person));
        if (!seen.whole() && seen.exemptions().isEmpty()) {
            audit.denied("exemptions", person, "SEARCH_EXEMPTIONS");
            return ok().body(new Found(List.of(), null));
        }
        audit.read("exemptions", person, "SEARCH_EXEMPTIONS");
        Optional<List<PatientProfile.Exemption>> there = aura && seen.whole() ? onAura(person) : Optional.empty();
        LocalDate today = today();
        List<ExemptionViews.View> items = new ArrayList<>();
        for (IssuedExemption one : seen.exemptions()) {
            Boolean known = there.map(list -> list.stream().anyMatch(other -> ExemptionViews.same(one, other)))
                    .orElse(null);
            items.add(views.of(one, today, known));
        }
        there.ifPresent(list -> list.stream()
                .filter(other -> seen.exemptions().stream().noneMatch(one -> ExemptionViews.same(one, other)))
                .map(other -> views.of(other, today))
                .forEach(items::add));
        String said = !aura || !seen.whole() ? null : there.isPresent() ? "DISPONIBILE" : "NON_DISPONIBILE";
        return ok().body(new Found(items, said));
    }

    @Operation(
            summary = "Un'esenzione con le prestazioni esenti e i suoi documenti",
            description = "Ruoli: specialista, distretto, come nell'elenco. ETag: la revisione.",
            responses = {
                @ApiResponse(
                        responseCode = "200",
                        description = "L'esenzione",
                        content =
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(implementation = ExemptionViews.Detail.class),
                                        examples = @ExampleObject(name = "morbo di Paget", value = """
                                                                {"exemption":{"id":17,"source":"HUB","code":"037","title":"Morbo di Paget","kind":"Malattie croniche",
                                                                "diagnosis":"7310","from":"2026-10-20","unlimited":true,"state":"ACTIVE","stateWords":"Attiva",
                                                                "inForce":true,"asl":"010301","aslName":"ASL Città di Torino","pratica":"202601030100000007",
                                                                "certificate":977},"beneficiary":{"fiscalCode":"SPSCCT61E44L219O","family":"ESPOSITO","given":"CONCETTA",
                                                                "birthDate":"1961-05-04","sex":"F"},"services":{"count":1,"items":[{"code":"90.11.4","title":"Calcio totale",
                                                                "note":"S/U/dU","cyclic":false}]},"links":{"self":"/api/v1/exemptions/17",
                                                                "promemoria":"/api/v1/exemptions/17/promemoria","attestato":"/api/v1/patients/SPSCCT61E44L219O/attestato"}}"""))),
                @ApiResponse(responseCode = "304", description = "È ancora quella nota", content = @Content)
            })
    @GetMapping(path = "/exemptions/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ExemptionViews.Detail> read(
            @Parameter(description = "Numero dell'esenzione") @PathVariable long id,
            @RequestHeader(value = HttpHeaders.IF_NONE_MATCH, required = false) String known) {
        IssuedExemption one = visible(id, "READ_EXEMPTION");
        String tag = "\"" + one.revision() + "\"";
        if (known != null && known.contains(tag)) {
            return ResponseEntity.status(304)
                    .eTag(tag)
                    .cacheControl(CacheControl.noStore())
                    .build();
        }
        return ok().eTag(tag).body(views.detail(one, today()));
    }

    @Operation(
            summary = "Il promemoria di un'esenzione in PDF/A",
            description =
                    "Ruoli: specialista, distretto. Solo di un'esenzione attiva, altrimenti 409. ETag: l'impronta.",
            responses = {
                @ApiResponse(
                        responseCode = "200",
                        description = "Il promemoria",
                        content =
                                @Content(
                                        mediaType = MediaType.APPLICATION_PDF_VALUE,
                                        schema = @Schema(type = "string", format = "binary"),
                                        examples = @ExampleObject(name = "pdf", value = PDF_EXAMPLE))),
                @ApiResponse(responseCode = "304", description = "È ancora quello noto", content = @Content),
                @ApiResponse(
                        responseCode = "409",
                        description = "L'esenzione non è attiva",
                        content =
                                @Content(
                                        mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                                        schema = @Schema(ref = "#/components/schemas/Problem")))
            })
    @GetMapping("/exemptions/{id}/promemoria")
    ResponseEntity<byte[]> promemoria(
            @Parameter(description = "Numero dell'esenzione") @PathVariable long id,
            @RequestHeader(value = HttpHeaders.IF_NONE_MATCH, required = false) String known) {
        IssuedExemption one = visible(id, "PRINT_EXEMPTION_PROMEMORIA");
        return pdf(papers.promemoria(one), "promemoria-esenzione-" + one.code() + "-" + one.id(), known);
    }

    @Operation(
            summary = "L'attestato di esenzione di una persona in PDF/A",
            description =
                    "Ruoli: specialista, distretto. Quello che vale, con le esenzioni attive rilasciate con questo servizio, o una versione"
                            + " precedente. ETag: l'impronta. Snodo-Document-Version: la versione.",
            responses = {
                @ApiResponse(
                        responseCode = "200",
                        description = "L'attestato",
                        content =
                                @Content(
                                        mediaType = MediaType.APPLICATION_PDF_VALUE,
                                        schema = @Schema(type = "string", format = "binary"),
                                        examples = @ExampleObject(name = "pdf", value = PDF_EXAMPLE))),
                @ApiResponse(responseCode = "304", description = "È ancora quello noto", content = @Content)
            })
    @GetMapping("/patients/{fiscalCode}/attestato")
    ResponseEntity<byte[]> attestato(
            @Parameter(description = "Codice fiscale della persona", example = "SPSCCT61E44L219O") @PathVariable
                    String fiscalCode,
            @Parameter(description = "Versione; se manca quella che vale") @RequestParam(required = false)
                    Integer version,
            @RequestHeader(value = HttpHeaders.IF_NONE_MATCH, required = false) String known) {
        String person = person(fiscalCode);
        String action = "PRINT_ATTESTATO" + (version == null ? "" : " " + version);
        mayReadAttestato(person, action, version);
        Paper paper = papers.attestato(person, version).orElseThrow(() -> noAttestato(person));
        return pdf(paper, "attestato-esenzione-" + paper.number() + "-v" + paper.version(), known);
    }

    @Operation(
            summary = "Le versioni dell'attestato di una persona, dalla più recente",
            description = "Ruoli: specialista, distretto. Nessuna versione viene mai tolta.",
            responses =
                    @ApiResponse(
                            responseCode = "200",
                            description = "Le versioni",
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                                            schema = @Schema(implementation = Versions.class),
                                            examples = @ExampleObject(name = "una versione", value = """
                                                                    {"items":[{"number":12,"version":1,"current":true,"issuedOn":"2026-11-22","exemptions":["019"],
                                                                    "madeAt":"2026-11-22T10:00:02+01:00","sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                                                                    "href":"/api/v1/patients/SPSCCT61E44L219O/attestato?version=1"}]}"""))))
    @GetMapping(path = "/patients/{fiscalCode}/attestato/versions", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Versions> versions(
            @Parameter(description = "Codice fiscale della persona", example = "SPSCCT61E44L219O") @PathVariable
                    String fiscalCode) {
        String person = person(fiscalCode);
        mayReadAttestato(person, "LIST_ATTESTATO_VERSIONS", null);
        List<Version> found = papers.versions(person);
        Operator who = operators.current();
        List<IssuedExemption> all = of(person);
        if (found.isEmpty()) {
            throw noAttestato(person);
        }
        int last = found.get(0).version();
        return ok().body(new Versions(found.stream()
                .map(one -> new VersionView(
                        one.number(),
                        one.version(),
                        one.version() == last,
                        one.issuedOn(),
                        one.exemptions(),
                        one.madeAt() == null
                                ? null
                                : one.madeAt().atZoneSameInstant(ROME).toOffsetDateTime(),
                        one.sha256(),
                        access.version(who, person, all, one.told())
                                ? "/api/v1/patients/" + person + "/attestato?version=" + one.version()
                                : null))
                .toList()));
    }

    private IssuedExemption visible(long id, String action) {
        Operator who = operators.current();
        Optional<IssuedExemption> found =
                Optional.ofNullable(exemptions.getIfAvailable()).flatMap(known -> known.find(id));
        String person = found.map(IssuedExemption::patientFiscalCode).orElse(null);
        boolean seen = found.filter(
                        one -> access.of(who, person, List.of(one)).exemptions().contains(one))
                .isPresent();
        if (!seen) {
            audit.denied("exemption " + id, person, action);
            throw new SnodoException(SnodoCode.NOT_FOUND, "L'esenzione " + id + " non esiste o non è visibile.");
        }
        audit.read("exemption " + id, person, action);
        return found.get();
    }

    private void mayReadAttestato(String person, String action, Integer version) {
        Operator who = operators.current();
        List<IssuedExemption> all = of(person);
        boolean read = access.attestato(who, person, all)
                && (version == null
                        || papers.told(person, version)
                                .map(told -> access.version(who, person, all, told))
                                .orElse(true));
        if (!read) {
            audit.denied("attestato", person, action);
            throw noAttestato(person);
        }
        audit.read("attestato", person, action);
    }

    private List<IssuedExemption> of(String person) {
        Exemptions known = exemptions.getIfAvailable();
        return known == null ? List.of() : known.of(person);
    }

    /** Empty when AURA gave no answer. */
    private Optional<List<PatientProfile.Exemption>> onAura(String person) {
        Aura known = aura.getIfAvailable();
        if (known == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    known.profile(person).map(PatientProfile::exemptions).orElse(List.of()));
        } catch (SnodoException e) {
            return Optional.empty();
        }
    }

    private static ResponseEntity<byte[]> pdf(Paper paper, String name, String known) {
        String tag = "\"" + paper.sha256() + "\"";
        if (known != null && known.contains(tag)) {
            return ResponseEntity.status(304)
                    .eTag(tag)
                    .cacheControl(CacheControl.noStore())
                    .build();
        }
        return ok().eTag(tag)
                .contentType(MediaType.APPLICATION_PDF)
                .header("Snodo-Document-Version", Integer.toString(paper.version()))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(name + ".pdf")
                                .build()
                                .toString())
                .body(paper.pdf());
    }

    private static ResponseEntity.BodyBuilder ok() {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore());
    }

    private static SnodoException noAttestato(String person) {
        return new SnodoException(
                SnodoCode.NOT_FOUND, "Nessun attestato di esenzione visibile per il codice fiscale " + person + ".");
    }

    private static String person(String fiscalCode) {
        return fiscalCode.strip().toUpperCase(Locale.ROOT);
    }

    private static LocalDate today() {
        return LocalDate.now(ROME);
    }
}
