package it.snodo.intake.fhir;

import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequest.Action;
import it.snodo.fault.Fault;
import java.util.List;
import java.util.Map;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Patient;

/**
 * One Bundle to one canonical request. What the request has no place for is refused rather than lost: this is a
 * clinical document. The table of what comes from where is in {@code src/docs/fhir.md}.
 */
final class CertificateMapping {

    private final BundleReading reading;

    private Composition composition;
    private boolean ifNoneExist;

    /** @param path of the Bundle: its place in what was sent */
    CertificateMapping(Bundle bundle, String path) {
        this.reading = new BundleReading(bundle, path);
    }

    List<Fault> faults() {
        return reading.faults();
    }

    Map<String, String> locations() {
        return reading.locations();
    }

    /** The Bundle's MessageHeader; null in a transaction. */
    MessageHeader header() {
        return reading.header();
    }

    Composition composition() {
        return composition;
    }

    /** True when the Composition is to be created only where there is none of that number. */
    boolean ifNoneExist() {
        return ifNoneExist;
    }

    /** @return null when the Bundle carries no certificate */
    CertificateRequest map() {
        BundleContents contents = new BundleContents(reading);
        composition = contents.composition();
        if (composition == null) {
            return null;
        }
        String path = reading.path(composition);
        ifNoneExist = contents.checkRequests(composition);
        ExtensionMapping extensions = new ExtensionMapping(reading, composition);
        extensions.checkKnown();
        ActionMapping actions = new ActionMapping(reading, composition);
        Action action = actions.map();
        Organization custodian = reading.resolve(
                        composition, composition.getCustodian(), path + ".custodian", Organization.class)
                .orElse(null);
        EncounterMapping encounters = new EncounterMapping(reading);
        Encounter encounter = encounters.of(composition);
        VisibilityMapping visibility = new VisibilityMapping(reading, composition);
        String confidentiality = visibility.confidentiality();
        String number = reading.identifier(composition.getIdentifier(), "documentNumber", path + ".identifier");
        String replaced = actions.replaced();
        if (action == Action.ANNULMENT && replaced == null && number != null) {
            // The document's own number with status entered-in-error is how FHIR says "this one": the annulment, that
            // needs a number of its own, takes one made from it.
            replaced = number;
            reading.locate("replacedDocumentNumber", path + ".identifier.value");
            number = number + "/ANNULLAMENTO";
        }
        SectionMapping sections = new SectionMapping(reading, composition);
        CodeMapping codes = new CodeMapping(reading, composition);
        ProfessionalMapping professionals = new ProfessionalMapping(reading, composition);
        return new CertificateRequest(
                action,
                new SenderMapping(reading, composition).map(custodian),
                number,
                replaced,
                patient(path),
                professionals.author(),
                professionals.authenticator(),
                encounters.map(encounter, custodian),
                encounters.visitTime(composition, encounter),
                sections.question(),
                codes.exemption(sections.get(FhirNames.EXEMPTION)),
                codes.diagnosis(sections.get(FhirNames.DIAGNOSIS), encounter),
                sections.paragraphs(FhirNames.REPORT, "pathology"),
                codes.service(sections.get(FhirNames.SERVICES)),
                sections.paragraphs(FhirNames.CONCLUSIONS, "conclusions"),
                extensions.code(FhirNames.REGIME, "regime"),
                confidentiality,
                extensions.bool(FhirNames.SPECIAL_LAWS, "specialLaws"),
                visibility.obscuredToParent(extensions.bool(FhirNames.OBSCURED_TO_PARENT, "obscuredToParent")),
                new PrescriptionMapping(reading).nre(encounter),
                extensions.onlineCollection(),
                extensions.code(FhirNames.TICKET, "ticket"));
    }

    private CertificateRequest.Patient patient(String path) {
        reading.locate("patient", path + ".subject");
        Patient patient = composition.hasSubject()
                ? reading.resolve(composition, composition.getSubject(), path + ".subject", Patient.class)
                        .orElse(null)
                : null;
        return patient == null ? null : new PatientMapping(reading).map(patient);
    }
}
