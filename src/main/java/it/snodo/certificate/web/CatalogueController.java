package it.snodo.certificate.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.pratica.RejectionReason;
import it.snodo.registry.CodeTables;
import it.snodo.registry.Diagnosis;
import it.snodo.registry.Exemption;
import it.snodo.registry.ExemptionDuration;
import it.snodo.registry.Icd9;
import it.snodo.registry.Pairing;
import it.snodo.registry.Unit;
import java.text.Normalizer;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The lists of the wizard, by code or by words, from the tables in {@code mappings/}. */
@RestController
@RequestMapping(path = "/api/v1/catalogue", produces = MediaType.APPLICATION_JSON_VALUE)
class CatalogueController {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final Set<String> GROUPS = Set.of("MC", "MR", "IN", "AL");
    private static final int MOST = 200;

    private final CodeTables tables;

    CatalogueController(CodeTables tables) {
        this.tables = tables;
    }

    @Schema(name = "CatalogueExemptions")
    record Exemptions(List<ExemptionItem> items) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "CatalogueExemption")
    record ExemptionItem(
            @Schema(example = "048") String code,
            String title,
            @Schema(description = "Codice e descrizione") String label,

            @Schema(description = "MC, MR, IN o AL", example = "MC")
            String group,

            @Schema(example = "Malattie croniche") String kind,

            @Schema(description = "Se il certificato deve portare una diagnosi")
            boolean diagnosisRequired,

            @Schema(description = "Durata predefinita; assente quando non è definita")
            DurationView duration) {}

    @Schema(name = "ExemptionDuration")
    record DurationView(
            @Schema(description = "G giorni, M mesi, A anni, C fino a quel compleanno, I illimitata", example = "A")
            String unit,

            @Schema(example = "5") int amount,
            @Schema(example = "5 anni") String words) {}

    @Schema(name = "CatalogueDiagnoses")
    record DiagnosesPage(List<DiagnosisItem> items) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "CatalogueDiagnosis")
    record DiagnosisItem(
            @Schema(description = "Da inviare nel certificato", example = "3655")
            String code,

            @Schema(description = "Come si mostra", example = "3655 - Glaucoma primario ad angolo aperto")
            String label,

            String title,

            @Schema(description = "Se la tabella la lega all'esenzione; assente senza esenzione")
            Boolean listed) {}

    @Schema(name = "CatalogueUnits")
    record Units(List<UnitItem> items) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "CatalogueUnit")
    record UnitItem(
            @Schema(example = "44946") String code,
            String name,
            @Schema(description = "Codice e nome") String label,

            @Schema(description = "Azienda, sei cifre", example = "010211")
            String azienda,

            @Schema(description = "Codice della struttura") String structure) {}

    @Schema(name = "CatalogueWords")
    record Words(List<WordItem> items) {}

    @Schema(name = "CatalogueWord")
    record WordItem(String code, String title) {}

    @GetMapping("/exemptions")
    Exemptions exemptions(@RequestParam(required = false) String group, @RequestParam(required = false) String q) {
        String wanted = group == null ? null : group.strip().toUpperCase(Locale.ROOT);
        if (wanted != null && !GROUPS.contains(wanted)) {
            throw new SnodoException(SnodoCode.REQUEST_INVALID, "Il parametro group può essere solo MC, MR, IN o AL.");
        }
        LocalDate today = LocalDate.now(ROME);
        return new Exemptions(tables.exemptions().stream()
                .filter(one -> one.validOn(today) && (wanted == null || wanted.equals(one.group())))
                .filter(one -> wanted(q, one.code(), one.title()))
                .sorted(Comparator.comparing(Exemption::code))
                .map(this::item)
                .toList());
    }

    private ExemptionItem item(Exemption one) {
        return new ExemptionItem(
                one.code(),
                one.title(),
                one.code() + " - " + one.title(),
                one.group(),
                one.familyLabel(),
                one.diagnosisRequired(),
                tables.duration(one.code(), null)
                        .map(CatalogueController::duration)
                        .orElse(null));
    }

    private static DurationView duration(ExemptionDuration one) {
        boolean single = one.amount() == 1;
        return new DurationView(
                one.unit(),
                one.amount(),
                switch (one.unit()) {
                    case "G" -> one.amount() + (single ? " giorno" : " giorni");
                    case "M" -> one.amount() + (single ? " mese" : " mesi");
                    case "A" -> one.amount() + (single ? " anno" : " anni");
                    case "C" -> "fino al compimento di " + one.amount() + (single ? " anno" : " anni");
                    default -> "illimitata";
                });
    }

    @GetMapping("/diagnoses")
    DiagnosesPage diagnoses(
            @RequestParam(required = false) String exemption, @RequestParam(required = false) String q) {
        if (exemption == null || exemption.isBlank()) {
            return new DiagnosesPage(known(q, code -> true)
                    .limit(MOST)
                    .map(one -> item(one, null))
                    .toList());
        }
        Exemption of = tables.exemption(exemption)
                .orElseThrow(() -> new SnodoException(
                        SnodoCode.REQUEST_INVALID, "Il codice dell'esenzione «" + exemption.strip() + "» non esiste."));
        List<String> fillers = tables.fillersFor(of.code());
        if (!fillers.isEmpty()) {
            return new DiagnosesPage(fillers.stream()
                    .filter(code -> wanted(q, code, Diagnoses.NONE))
                    .map(CatalogueController::none)
                    .toList());
        }
        List<DiagnosisItem> items = new ArrayList<>();
        boolean pairs = known(null, code -> true)
                .findFirst()
                .map(any -> tables.pairing(of.code(), any.code()) != Pairing.UNKNOWN)
                .orElse(false);
        if (!of.diagnosisRequired() && wanted(q, "000", Diagnoses.NONE)) {
            items.add(none("000"));
        }
        known(q, code -> !pairs || tables.pairing(of.code(), code) == Pairing.LISTED)
                .limit(MOST)
                .forEach(one -> items.add(item(one, pairs)));
        return new DiagnosesPage(items);
    }

    private Stream<Diagnosis> known(String q, Predicate<String> code) {
        return tables.diagnoses().stream()
                .filter(one -> wanted(q, Icd9.undotted(one.code()), one.title())
                        || q != null && one.code().startsWith(q.strip().toUpperCase(Locale.ROOT)))
                .filter(one -> code.test(one.code()))
                .sorted(Comparator.comparing(Diagnosis::code));
    }

    private static DiagnosisItem item(Diagnosis one, Boolean listed) {
        String code = Icd9.undotted(one.code());
        return new DiagnosisItem(code, code + " - " + one.title(), one.title(), listed);
    }

    private static DiagnosisItem none(String filler) {
        return new DiagnosisItem(filler, Diagnoses.NONE, "-", true);
    }

    @GetMapping("/units")
    Units units(@RequestParam(required = false) String azienda, @RequestParam(required = false) String q) {
        Optional<String> of = azienda == null || azienda.isBlank()
                ? Optional.empty()
                : Optional.of(tables.azienda(azienda)
                        .orElseThrow(() -> new SnodoException(
                                SnodoCode.REQUEST_INVALID, "L'azienda «" + azienda.strip() + "» non esiste."))
                        .code());
        return new Units(tables.units().stream()
                .filter(one -> of.isEmpty() || of.get().equals(one.azienda()))
                .filter(one -> wanted(q, one.code(), one.name()))
                .sorted(Comparator.comparing(Unit::code))
                .limit(MOST)
                .map(one -> new UnitItem(
                        one.code(), one.name(), one.code() + " - " + one.name(), one.azienda(), one.structure()))
                .toList());
    }

    @GetMapping("/regimes")
    Words regimes() {
        return new Words(tables.regimes().stream()
                .filter(one -> one.certificate())
                .map(one -> new WordItem(one.code(), one.title()))
                .toList());
    }

    @GetMapping("/rejection-reasons")
    Words rejectionReasons() {
        return new Words(Stream.of(RejectionReason.values())
                .map(one -> new WordItem(one.name(), one.label()))
                .toList());
    }

    /** The code begins with what is looked for, or the words have all of its words, whatever the accents. */
    private static boolean wanted(String q, String code, String words) {
        if (q == null || q.isBlank()) {
            return true;
        }
        String asked = plain(q);
        if (plain(code).startsWith(asked)) {
            return true;
        }
        String all = plain(words);
        return Stream.of(asked.split("\\s+")).allMatch(all::contains);
    }

    private static String plain(String text) {
        return Normalizer.normalize(text.strip(), Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toUpperCase(Locale.ROOT);
    }
}
