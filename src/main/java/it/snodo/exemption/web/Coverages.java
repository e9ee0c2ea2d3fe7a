package it.snodo.exemption.web;

import it.snodo.exemption.IssuedExemption;
import it.snodo.registry.Azienda;
import it.snodo.registry.CodeTables;
import it.snodo.registry.Exemption;
import java.time.LocalDate;
import java.time.ZoneId;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.Coverage.CostToBeneficiaryComponent;
import org.hl7.fhir.r4.model.Coverage.CoverageStatus;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Money;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.springframework.stereotype.Component;

/** An exemption as the Coverage of HL7 Italia's base guide (Coverage-it-base with coverage-exceptionStatus). */
@Component
class Coverages {

    /** Of the number of a pratica. */
    static final String PRATICA = "https://snodo.it/fhir/sid/pratica";

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final String PROFILE = "http://hl7.it/fhir/StructureDefinition/Coverage-it-base";
    private static final String STATUS = "http://hl7.it/fhir/StructureDefinition/coverage-exceptionStatus";
    private static final String ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
    private static final String ACT_STATUS = "http://terminology.hl7.org/CodeSystem/v3-ActStatus";
    private static final String NULL_FLAVOR = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor";
    private static final String ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private static final String CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    private static final String NATIONAL = "http://terminology.hl7.it/CodeSystem/minsan-esenzioni";

    private final CodeTables tables;

    Coverages(CodeTables tables) {
        this.tables = tables;
    }

    /** @param veryRestricted whether its certificate is under leggi speciali */
    Coverage of(IssuedExemption one, boolean veryRestricted) {
        LocalDate today = LocalDate.now(ROME);
        Coverage coverage = new Coverage();
        coverage.setId(Long.toString(one.id()));
        coverage.getMeta().setVersionId(Integer.toString(one.revision())).addProfile(PROFILE);
        if (veryRestricted) {
            coverage.getMeta().addSecurity(new Coding(CONFIDENTIALITY, "V", "very restricted"));
        }
        coverage.addIdentifier(new Identifier().setSystem(PRATICA).setValue(one.pratica()));
        coverage.setStatus(status(one, today));
        coverage.setType(concept(ACT_CODE, "PUBLICPOL", "public healthcare"));
        Reference beneficiary = new Reference().setType("Patient").setDisplay(one.family() + " " + one.given());
        beneficiary.setIdentifier(
                new Identifier().setSystem("http://hl7.it/sid/codiceFiscale").setValue(one.patientFiscalCode()));
        coverage.setBeneficiary(beneficiary);
        coverage.setPeriod(period(one));
        Reference payor = new Reference()
                .setType("Organization")
                .setDisplay(tables.azienda(one.asl()).map(Azienda::name).orElse(null));
        payor.setIdentifier(new Identifier().setSystem("http://hl7.it/sid/fls").setValue(one.asl()));
        coverage.addPayor(payor);
        cost(coverage.addCostToBeneficiary(), one, today);
        return coverage;
    }

    private void cost(CostToBeneficiaryComponent cost, IssuedExemption one, LocalDate today) {
        Money none = new Money();
        none.addExtension(new Extension(ABSENT, new CodeType("not-applicable")));
        cost.setValue(none);
        var exception = cost.addException();
        exception.addExtension(new Extension(STATUS, exceptionStatus(one, today)));
        Exemption known = tables.exemption(one.code(), one.from())
                .or(() -> tables.exemption(one.code()))
                .orElse(null);
        exception.setType(concept(
                known != null && known.regional() ? "urn:oid:" + tables.oid("exemptions-010") : NATIONAL,
                one.code(),
                known == null ? null : known.title()));
        exception.setPeriod(period(one));
    }

    /** Which are looked for by {@code status}. */
    static CoverageStatus status(IssuedExemption one, LocalDate today) {
        return switch (one.state()) {
            case PENDING -> CoverageStatus.DRAFT;
            case ACTIVE, ANNULLING -> ended(one, today) ? CoverageStatus.CANCELLED : CoverageStatus.ACTIVE;
            case ANNULLED -> neverValid(one) ? CoverageStatus.ENTEREDINERROR : CoverageStatus.CANCELLED;
            case REFUSED -> CoverageStatus.ENTEREDINERROR;
        };
    }

    /** The value set statoEsenzione: active, suspended, aborted (never valid), completed (no longer valid), UNK. */
    private static CodeableConcept exceptionStatus(IssuedExemption one, LocalDate today) {
        return switch (one.state()) {
            case PENDING -> concept(NULL_FLAVOR, "UNK", null);
            case ACTIVE, ANNULLING -> concept(ACT_STATUS, ended(one, today) ? "completed" : "active", null);
            case ANNULLED -> concept(ACT_STATUS, neverValid(one) ? "aborted" : "completed", null);
            case REFUSED -> concept(ACT_STATUS, "aborted", null);
        };
    }

    private static boolean ended(IssuedExemption one, LocalDate today) {
        return one.to() != null && today.isAfter(one.to());
    }

    /** Annulled on the very day it began, or before it. */
    private static boolean neverValid(IssuedExemption one) {
        return one.annulledOn() != null && !one.annulledOn().isAfter(one.from());
    }

    private static Period period(IssuedExemption one) {
        LocalDate last =
                one.state() == IssuedExemption.State.ANNULLED && one.annulledOn() != null ? one.annulledOn() : one.to();
        Period period = new Period().setStartElement(new DateTimeType(one.from().toString()));
        if (last != null) {
            period.setEndElement(new DateTimeType(last.toString()));
        }
        return period;
    }

    private static CodeableConcept concept(String system, String code, String display) {
        return new CodeableConcept().addCoding(new Coding(system, code, display));
    }
}
