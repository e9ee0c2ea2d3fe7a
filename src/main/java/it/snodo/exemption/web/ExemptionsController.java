package it.snodo.exemption.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
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

    @GetMapping(path = "/exemptions", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Found> search(
            @RequestParam(required = false) String fiscalCode, @RequestParam(defaultValue = "false") boolean aura) {
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

    @GetMapping(path = "/exemptions/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ExemptionViews.Detail> read(
            @PathVariable long id, @RequestHeader(value = HttpHeaders.IF_NONE_MATCH, required = false) String known) {
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

    @GetMapping("/exemptions/{id}/promemoria")
    ResponseEntity<byte[]> promemoria(
            @PathVariable long id, @RequestHeader(value = HttpHeaders.IF_NONE_MATCH, required = false) String known) {
        IssuedExemption one = visible(id, "PRINT_EXEMPTION_PROMEMORIA");
        return pdf(papers.promemoria(one), "promemoria-esenzione-" + one.code() + "-" + one.id(), known);
    }

    @GetMapping("/patients/{fiscalCode}/attestato")
    ResponseEntity<byte[]> attestato(
            @PathVariable String fiscalCode,
            @RequestParam(required = false) Integer version,
            @RequestHeader(value = HttpHeaders.IF_NONE_MATCH, required = false) String known) {
        String person = person(fiscalCode);
        String action = "PRINT_ATTESTATO" + (version == null ? "" : " " + version);
        mayReadAttestato(person, action, version);
        Paper paper = papers.attestato(person, version).orElseThrow(() -> noAttestato(person));
        return pdf(paper, "attestato-esenzione-" + paper.number() + "-v" + paper.version(), known);
    }

    @GetMapping(path = "/patients/{fiscalCode}/attestato/versions", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Versions> versions(@PathVariable String fiscalCode) {
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
