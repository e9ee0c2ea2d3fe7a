package it.snodo.exemption.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import it.snodo.aura.PatientProfile;
import it.snodo.exemption.IssuedExemption;
import it.snodo.registry.Azienda;
import it.snodo.registry.CodeTables;
import it.snodo.registry.Diagnosis;
import it.snodo.registry.ExemptService;
import it.snodo.registry.Exemption;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Exemptions in the words that people read. */
@Component
class ExemptionViews {

    /** How the region's service shows that there is no diagnosis. */
    private static final String NONE = "000";

    private final CodeTables tables;

    ExemptionViews(CodeTables tables) {
        this.tables = tables;
    }

    /** An exemption in a list. */
    @Schema(name = "Exemption")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            @Schema(description = "Assente se è solo su AURA", example = "17")
            Long id,

            @Schema(description = "HUB: rilasciata da qui; AURA: nota solo all'anagrafe regionale", example = "HUB")
            String source,

            @Schema(example = "048") String code,
            String title,
            @Schema(example = "Malattie croniche") String kind,

            @Schema(description = "ICD-9-CM senza punto; 000 se non c'è", example = "3655")
            String diagnosis,

            @Schema(description = "«-» se non c'è diagnosi") String diagnosisTitle,
            LocalDate from,

            @Schema(description = "Ultimo giorno; assente se illimitata")
            LocalDate to,

            boolean unlimited,

            @Schema(description = "PENDING, ACTIVE, ANNULLING, ANNULLED o REFUSED; per AURA solo ACTIVE o ENDED")
            String state,

            @Schema(description = "Lo stato in parole", example = "Attiva")
            String stateWords,

            @Schema(description = "Se dà diritto oggi") boolean inForce,

            @Schema(description = "Se AURA la riporta; assente se non è stata interrogata")
            Boolean onAura,

            @Schema(description = "Sei cifre della ASL che l'ha rilasciata", example = "010301")
            String asl,

            String aslName,

            @Schema(description = "Numero della pratica, 18 cifre", example = "202601030100000007")
            String pratica,

            @Schema(description = "Numero del certificato che la giustifica")
            Long certificate,

            LocalDate annulledOn,
            OffsetDateTime issuedAt) {}

    /** Whose it is. */
    @Schema(name = "ExemptionBeneficiary")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Beneficiary(String fiscalCode, String family, String given, LocalDate birthDate, String sex) {}

    /** "Elenco prestazioni esenti". */
    @Schema(name = "ExemptServices")
    record Services(int count, List<ServiceView> items) {}

    /** A free service. */
    @Schema(name = "ExemptService")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ServiceView(
            @Schema(description = "Codice con il punto; assente se la riga vale per molte prestazioni")
            String code,

            @Schema(description = "Codice della tariffa regionale")
            String regional,

            String title,
            String note,
            boolean cyclic) {}

    /** One exemption with all that belongs to it. */
    @Schema(name = "ExemptionDetail")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Detail(
            View exemption,
            Beneficiary beneficiary,
            String refusal,
            Services services,

            @Schema(description = "Indirizzi di ciò che le appartiene, per nome")
            Map<String, String> links) {}

    View of(IssuedExemption one, LocalDate today, Boolean onAura) {
        Words words = words(one.code(), one.diagnosis(), today);
        return new View(
                one.id(),
                "HUB",
                one.code(),
                words.title,
                words.kind,
                words.diagnosis,
                words.diagnosisTitle,
                one.from(),
                one.to(),
                one.to() == null,
                one.state().name(),
                words(one, today),
                one.holdsOn(today),
                onAura,
                one.asl(),
                tables.azienda(one.asl()).map(Azienda::name).orElse(null),
                one.pratica(),
                one.certificate(),
                one.annulledOn(),
                one.issuedAt());
    }

    View of(PatientProfile.Exemption one, LocalDate today) {
        Words words = words(one.code(), one.diagnosis(), today);
        boolean active = one.activeOn(today);
        return new View(
                null,
                "AURA",
                one.code(),
                words.title != null ? words.title : one.title(),
                words.kind,
                words.diagnosis,
                words.diagnosisTitle != null ? words.diagnosisTitle : one.diagnosisTitle(),
                one.from(),
                one.to(),
                one.to() == null,
                active ? "ACTIVE" : "ENDED",
                active ? "Attiva" : "Non in vigore",
                active,
                true,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    Detail detail(IssuedExemption one, LocalDate today) {
        List<ServiceView> services = tables.exemptServices(one.code(), one.diagnosis(), today).stream()
                .map(ExemptionViews::service)
                .toList();
        return new Detail(
                of(one, today, null),
                new Beneficiary(one.patientFiscalCode(), one.family(), one.given(), one.birthDate(), one.sex()),
                one.refusal(),
                new Services(services.size(), services),
                links(one));
    }

    private static Map<String, String> links(IssuedExemption one) {
        Map<String, String> links = new LinkedHashMap<>();
        links.put("self", "/api/v1/exemptions/" + one.id());
        links.put("pratica", "/api/v1/pratiche/" + one.pratica());
        if (one.certificate() != null) {
            links.put("certificate", "/api/v1/certificates/" + one.certificate());
            links.put("certificateDocument", "/api/v1/certificates/" + one.certificate() + "/document");
        }
        links.put("promemoria", "/api/v1/exemptions/" + one.id() + "/promemoria");
        links.put("attestato", "/api/v1/patients/" + one.patientFiscalCode() + "/attestato");
        return links;
    }

    private static ServiceView service(ExemptService one) {
        return new ServiceView(one.code(), one.regional(), one.title(), one.classNote(), one.cyclic());
    }

    private record Words(String title, String kind, String diagnosis, String diagnosisTitle) {}

    private Words words(String code, String diagnosis, LocalDate today) {
        Optional<Exemption> known = tables.exemption(code, today).or(() -> tables.exemption(code));
        boolean none = diagnosis == null || CodeTables.isFiller(diagnosis);
        return new Words(
                known.map(Exemption::title).orElse(null),
                known.map(Exemption::familyLabel).orElse(null),
                none ? NONE : diagnosis,
                none ? "-" : tables.diagnosis(diagnosis).map(Diagnosis::title).orElse(null));
    }

    private static String words(IssuedExemption one, LocalDate today) {
        return switch (one.state()) {
            case PENDING -> "In attesa di AURA";
            case ACTIVE ->
                one.holdsOn(today) ? "Attiva" : today.isBefore(one.from()) ? "Non ancora iniziata" : "Scaduta";
            case ANNULLING -> "In annullamento, in attesa di AURA";
            case ANNULLED -> "Annullata";
            case REFUSED -> "Rifiutata da AURA";
        };
    }

    /** Whether AURA's is the same as the one issued here: person apart, code, diagnosis and first day. */
    static boolean same(IssuedExemption here, PatientProfile.Exemption there) {
        return here.code().equals(there.code())
                && Objects.equals(bare(here.diagnosis()), bare(there.diagnosis()))
                && here.from().equals(there.from());
    }

    private static String bare(String diagnosis) {
        return diagnosis == null || CodeTables.isFiller(diagnosis) ? null : diagnosis;
    }
}
