package it.snodo.certificate.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import it.snodo.access.Operator;
import it.snodo.access.Operators;
import it.snodo.aura.Aura;
import it.snodo.aura.AuraUnavailable;
import it.snodo.aura.PatientProfile;
import it.snodo.certificate.web.CertificateReads.Found;
import it.snodo.document.Caller;
import it.snodo.document.Callers;
import it.snodo.document.ReadAudit;
import it.snodo.exemption.CertificateSecrecy;
import it.snodo.exemption.Exemptions;
import it.snodo.exemption.IssuedExemption;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.registry.CodeTables;
import it.snodo.registry.Exemption;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The first step of the wizard: the person on AURA, with the certificates and exemptions that there are already. */
@RestController
class PatientController {

    private static final Pattern CODE = Pattern.compile("[A-Z0-9]{11,20}");
    private static final String SPECIALIST = "specialista";
    private static final String DISTRICT = "distretto";
    private static final int MOST = 100;

    private final ObjectProvider<Aura> aura;
    private final ObjectProvider<Exemptions> exemptions;
    private final CertificateReads reads;
    private final Callers callers;
    private final Operators operators;
    private final ReadAudit audit;
    private final CodeTables tables;
    private final CertificateSecrecy secrecy;

    PatientController(
            ObjectProvider<Aura> aura,
            ObjectProvider<Exemptions> exemptions,
            CertificateReads reads,
            Callers callers,
            Operators operators,
            ReadAudit audit,
            CodeTables tables,
            CertificateSecrecy secrecy) {
        this.aura = aura;
        this.exemptions = exemptions;
        this.reads = reads;
        this.callers = callers;
        this.operators = operators;
        this.audit = audit;
        this.tables = tables;
        this.secrecy = secrecy;
    }

    /** @param profile null when AURA does not know the person, or was not asked with success */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "PatientPage", description = "La persona, con i certificati e le esenzioni che ha già")
    record PatientPage(
            @Schema(example = "RSSMRA80A01L219M") String fiscalCode,

            @Schema(
                    description = "TROVATO, NON_TROVATO, o NON_DISPONIBILE quando AURA non risponde",
                    allowableValues = {"TROVATO", "NON_TROVATO", "NON_DISPONIBILE"})
            String aura,

            ProfileView profile,

            @Schema(description = "I certificati di chi legge; nessuno per un operatore di distretto")
            List<CertificateView> certificates,

            List<PatientExemption> exemptions) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "PatientProfile", description = "Il profilo anagrafico su AURA")
    record ProfileView(
            String auraId,
            String fiscalCode,
            String family,
            String given,
            String sex,
            LocalDate birthDate,
            LocalDate deathDate,
            @Schema(description = "Luogo di nascita") String birthPlace,
            @Schema(description = "Indirizzo di residenza") String residence,

            @Schema(description = "Comune di residenza, codice ISTAT")
            String residenceComune,

            @Schema(description = "ASL di residenza, sei cifre", example = "010301")
            String aslOfResidence,

            @Schema(description = "ASL di assistenza, sei cifre", example = "010301")
            String aslOfCare,

            String district,
            String districtName,

            @Schema(description = "Codice fiscale del medico di famiglia")
            String doctor,

            String doctorName,
            @Schema(description = "Se il profilo è attivo") boolean active) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "PatientExemption", description = "Un'esenzione della persona")
    record PatientExemption(
            @Schema(
                    description = "AURA, o HUB per quelle rilasciate qui",
                    allowableValues = {"AURA", "HUB"})
            String source,

            @Schema(example = "048") String code,
            String title,

            @Schema(description = "Diagnosi, 000 - - quando non c'è")
            String diagnosis,

            LocalDate from,

            @Schema(description = "Ultimo giorno; assente quando è illimitata")
            LocalDate to,

            @Schema(description = "Solo per quelle dell'hub: PENDING, ACTIVE, ANNULLING, ANNULLED, REFUSED")
            String state,

            @Schema(description = "Numero della pratica, per quelle dell'hub")
            String pratica,

            @Schema(description = "Numero del certificato, per quelle dell'hub")
            Long certificate) {}

    @GetMapping(path = "/api/v1/patients/{fiscalCode}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PatientPage> read(
            @PathVariable String fiscalCode, @RequestParam(name = "aura", required = false) String mode) {
        String code = fiscalCode.strip().toUpperCase(Locale.ROOT);
        if (!CODE.matcher(code).matches()) {
            throw new SnodoException(SnodoCode.REQUEST_INVALID, "Serve il codice fiscale della persona, 16 caratteri.");
        }
        Caller caller = callers.current();
        Operator operator = operators.current();
        if (!operator.has(SPECIALIST) && !operator.has(DISTRICT)) {
            audit.record(caller, "READ_PATIENT", code, null, "DENIED");
            throw new SnodoException(
                    SnodoCode.NOT_ALLOWED, "Una persona si consulta con il ruolo specialista o distretto.");
        }
        audit.record(caller, "READ_PATIENT", code, null, "ASKED");
        Optional<PatientProfile> profile = Optional.empty();
        String answered;
        try {
            profile = registry().profile(code);
            answered = profile.isPresent() ? "TROVATO" : "NON_TROVATO";
        } catch (AuraUnavailable e) {
            if (!"optional".equals(mode)) {
                throw e;
            }
            answered = "NON_DISPONIBILE";
        }
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .body(new PatientPage(
                        code,
                        answered,
                        profile.map(PatientController::view).orElse(null),
                        certificates(caller, code),
                        exemptions(operator, code, profile)));
    }

    private Aura registry() {
        Aura known = aura.getIfAvailable();
        if (known == null) {
            throw new AuraUnavailable(
                    SnodoCode.AURA_NOT_CONFIGURED, "AURA non è configurata su questo hub.", false, null);
        }
        return known;
    }

    private List<CertificateView> certificates(Caller caller, String patient) {
        if (!caller.has(Caller.SPECIALIST)) {
            return List.of();
        }
        // as a doctor only: the operator's view is wider
        Caller doctor = new Caller(caller.name(), java.util.Set.of(Caller.SPECIALIST), caller.fiscalCode());
        Map<String, Object> params = new HashMap<>();
        String where = CertificateReads.visible(doctor, params)
                + " and c.patient_id = :patient order by c.number desc limit " + MOST;
        params.put("patient", patient);
        List<Found> found = reads.query(doctor, where, params, false);
        reads.record(caller, patient, found);
        return found.stream().map(Found::view).toList();
    }

    /**
     * What there is already, so that the same is not asked for twice. A doctor is told all but what another doctor's certificate
     * keeps under leggi speciali; a district all of a person of its ASL, of others what its ASL has issued. What is kept back is
     * not told from AURA either.
     */
    private List<PatientExemption> exemptions(Operator who, String patient, Optional<PatientProfile> profile) {
        Exemptions register = exemptions.getIfAvailable();
        List<IssuedExemption> own = register == null ? List.of() : register.of(patient);
        List<IssuedExemption> seen =
                own.stream().filter(one -> sees(who, one, profile)).toList();
        List<PatientExemption> all = new ArrayList<>();
        if (who.has(SPECIALIST) || isOfItsAsl(who, profile)) {
            profile.map(PatientProfile::exemptions).orElse(List.of()).stream()
                    .filter(there -> own.stream().noneMatch(one -> !seen.contains(one) && same(one, there)))
                    .map(this::view)
                    .forEach(all::add);
        }
        seen.stream().map(this::view).forEach(all::add);
        return all;
    }

    private boolean sees(Operator who, IssuedExemption one, Optional<PatientProfile> profile) {
        boolean asDoctor = who.has(SPECIALIST)
                && (Operator.ALL.equals(who.fiscalCode())
                        || !secrecy.underSpecialLaws(one)
                        || secrecy.isOf(who.fiscalCode(), one));
        return asDoctor || isOfItsAsl(who, profile) || (who.has(DISTRICT) && who.worksFor(one.asl()));
    }

    private static boolean isOfItsAsl(Operator who, Optional<PatientProfile> profile) {
        return who.has(DISTRICT)
                && (Operator.ALL.equals(who.asl())
                        || profile.filter(known ->
                                        who.worksFor(known.aslOfCare()) || who.worksFor(known.aslOfResidence()))
                                .isPresent());
    }

    private static boolean same(IssuedExemption one, PatientProfile.Exemption there) {
        return one.code().equalsIgnoreCase(there.code()) && one.from().equals(there.from());
    }

    private PatientExemption view(PatientProfile.Exemption one) {
        return new PatientExemption(
                "AURA",
                one.code(),
                one.title() == null ? title(one.code()) : one.title(),
                shown(one.diagnosis()),
                one.from(),
                one.to(),
                null,
                null,
                null);
    }

    private PatientExemption view(IssuedExemption one) {
        return new PatientExemption(
                "HUB",
                one.code(),
                title(one.code()),
                shown(one.diagnosis()),
                one.from(),
                one.to(),
                one.state().name(),
                one.pratica(),
                one.certificate());
    }

    private String title(String code) {
        return code == null
                ? null
                : tables.exemption(code).map(Exemption::title).orElse(null);
    }

    private String shown(String diagnosis) {
        return diagnosis == null ? Diagnoses.NONE : Diagnoses.shown(tables, diagnosis);
    }

    private static ProfileView view(PatientProfile known) {
        return new ProfileView(
                known.auraId(),
                known.fiscalCode(),
                known.family(),
                known.given(),
                known.sex(),
                known.birthDate(),
                known.deathDate(),
                known.birthPlaceName() == null ? known.birthPlace() : known.birthPlaceName(),
                known.residence(),
                known.residenceComune(),
                known.aslOfResidence(),
                known.aslOfCare(),
                known.district(),
                known.districtName(),
                known.doctor(),
                known.doctorName(),
                known.active());
    }
}
