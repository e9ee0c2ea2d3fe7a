package it.snodo.exemption.web;

import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.OptionalParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.param.TokenOrListParam;
import ca.uhn.fhir.rest.param.TokenParam;
import ca.uhn.fhir.rest.server.IResourceProvider;
import it.snodo.access.Audit;
import it.snodo.access.Operator;
import it.snodo.access.Operators;
import it.snodo.document.fhir.FhirFaults;
import it.snodo.document.fhir.PatientSystems;
import it.snodo.exemption.Exemptions;
import it.snodo.exemption.IssuedExemption;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.Coverage.CoverageStatus;
import org.hl7.fhir.r4.model.IdType;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads exemptions as Coverage: by person, by number of the pratica, by id. Every question leaves a line in the audit. */
@Component
class CoverageProvider implements IResourceProvider {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final String FISCAL_CODE_OID = "2.16.840.1.113883.2.9.4.3.2";

    private final ObjectProvider<Exemptions> exemptions;
    private final ExemptionAccess access;
    private final Coverages coverages;
    private final Operators operators;
    private final Audit audit;
    private final JdbcClient jdbc;

    CoverageProvider(
            ObjectProvider<Exemptions> exemptions,
            ExemptionAccess access,
            Coverages coverages,
            Operators operators,
            Audit audit,
            JdbcClient jdbc) {
        this.exemptions = exemptions;
        this.access = access;
        this.coverages = coverages;
        this.operators = operators;
        this.audit = audit;
        this.jdbc = jdbc;
    }

    @Override
    public Class<Coverage> getResourceType() {
        return Coverage.class;
    }

    @Read
    public Coverage read(@IdParam IdType id) {
        return FhirFaults.translate(() -> {
            List<IssuedExemption> found = byId(id.getIdPart());
            if (found.isEmpty()) {
                audit.denied("Coverage " + id.getIdPart(), null, "READ_COVERAGE");
            }
            return shown(found, "READ_COVERAGE").stream()
                    .findFirst()
                    .orElseThrow(() -> FhirFaults.absent("Coverage", id.getIdPart()));
        });
    }

    @Search
    public List<Coverage> search(
            @OptionalParam(name = "beneficiary.identifier") TokenParam beneficiary,
            @OptionalParam(name = "patient.identifier") TokenParam patient,
            @OptionalParam(name = Coverage.SP_IDENTIFIER) TokenParam identifier,
            @OptionalParam(name = Coverage.SP_STATUS) TokenOrListParam status,
            @OptionalParam(name = "_id") TokenParam id) {
        return FhirFaults.translate(() -> {
            Set<CoverageStatus> wanted = statuses(status);
            TokenParam person = beneficiary != null ? beneficiary : patient;
            if (person == null && identifier == null && id == null) {
                throw new SnodoException(
                        SnodoCode.REQUEST_INVALID,
                        "La ricerca richiede beneficiary.identifier (o patient.identifier) con"
                                + " http://hl7.it/sid/codiceFiscale|valore, identifier (numero della pratica) o _id.");
            }
            List<IssuedExemption> found = null;
            if (person != null) {
                found = of(fiscalCode(person));
            }
            if (identifier != null) {
                found = both(found, byPratica(identifier));
            }
            if (id != null) {
                found = both(found, byId(id.getValue()));
            }
            LocalDate today = LocalDate.now(ROME);
            List<IssuedExemption> matching = found.stream()
                    .filter(one -> status == null || wanted.contains(Coverages.status(one, today)))
                    .toList();
            if (matching.isEmpty()) {
                audit.read("Coverage", person == null ? null : fiscalCode(person), "SEARCH_COVERAGE");
            }
            return shown(matching, "SEARCH_COVERAGE");
        });
    }

    /** What the caller may see of them, with a line of audit for each person. */
    private List<Coverage> shown(List<IssuedExemption> found, String action) {
        Operator who = operators.current();
        Map<String, List<IssuedExemption>> byPerson = new LinkedHashMap<>();
        found.forEach(one -> byPerson.computeIfAbsent(one.patientFiscalCode(), person -> new ArrayList<>())
                .add(one));
        List<Coverage> shown = new ArrayList<>();
        byPerson.forEach((person, all) -> {
            List<IssuedExemption> seen = access.of(who, person, all).exemptions();
            String object = "Coverage "
                    + String.join(
                            " ",
                            all.stream().map(one -> Long.toString(one.id())).toList());
            if (seen.isEmpty()) {
                audit.denied(object, person, action);
            } else {
                audit.read(object, person, action);
            }
            seen.forEach(one -> shown.add(coverages.of(one, access.underSpecialLaws(one))));
        });
        return shown;
    }

    private static List<IssuedExemption> both(List<IssuedExemption> one, List<IssuedExemption> other) {
        return one == null ? other : one.stream().filter(other::contains).toList();
    }

    private List<IssuedExemption> of(String person) {
        Exemptions known = exemptions.getIfAvailable();
        return known == null ? List.of() : known.of(person);
    }

    private List<IssuedExemption> byId(String id) {
        Exemptions known = exemptions.getIfAvailable();
        if (known == null || !id.matches("[0-9]{1,18}")) {
            return List.of();
        }
        return known.find(Long.parseLong(id)).stream().toList();
    }

    private List<IssuedExemption> byPratica(TokenParam identifier) {
        String system = identifier.getSystem();
        if (system != null && !system.isEmpty() && !system.equals(Coverages.PRATICA)) {
            return List.of();
        }
        return jdbc
                .sql("select id from exemption where pratica = ? order by id desc")
                .param(identifier.getValue())
                .query(Long.class)
                .list()
                .stream()
                .flatMap(id -> byId(Long.toString(id)).stream())
                .toList();
    }

    private static String fiscalCode(TokenParam person) {
        String system = person.getSystem();
        String value = person.getValue();
        if (value == null || value.isBlank()) {
            throw new SnodoException(
                    SnodoCode.REQUEST_INVALID, "L'identificativo del beneficiario va scritto come sistema|valore.");
        }
        if (system != null && !system.isBlank() && !FISCAL_CODE_OID.equals(PatientSystems.oid(system))) {
            throw new SnodoException(
                    SnodoCode.REQUEST_INVALID,
                    "Le esenzioni si cercano per codice fiscale (http://hl7.it/sid/codiceFiscale), non per «" + system
                            + "».");
        }
        return value.strip().toUpperCase(Locale.ROOT);
    }

    private static Set<CoverageStatus> statuses(TokenOrListParam status) {
        Set<CoverageStatus> wanted = new HashSet<>();
        if (status != null) {
            for (TokenParam token : status.getValuesAsQueryTokens()) {
                wanted.add(
                        switch (token.getValue()) {
                            case "active" -> CoverageStatus.ACTIVE;
                            case "cancelled" -> CoverageStatus.CANCELLED;
                            case "draft" -> CoverageStatus.DRAFT;
                            case "entered-in-error" -> CoverageStatus.ENTEREDINERROR;
                            default ->
                                throw new SnodoException(
                                        SnodoCode.REQUEST_INVALID,
                                        "Lo stato «" + token.getValue()
                                                + "» non esiste: usare active, cancelled, draft o entered-in-error.");
                        });
            }
        }
        return wanted;
    }
}
