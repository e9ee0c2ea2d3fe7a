package it.snodo.intake.fhir;

import static it.snodo.fault.SnodoCode.CODE_UNKNOWN;
import static it.snodo.fault.SnodoCode.NOT_ALLOWED_TOGETHER;

import it.snodo.certificate.CertificateRequest.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.SectionComponent;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Procedure;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;

/**
 * What the certificate says in codes, one of each kind: the entries of the section that is for it, else what the Bundle has
 * of that resource.
 */
final class CodeMapping {

    private static final Pattern FILLER = Pattern.compile("[Ff]\\d{3}|000");

    /** A coded field of the request, the systems its code may be of, and what is said of another. */
    private enum Kind {
        EXEMPTION(
                "exemption",
                "esenzioni",
                FhirNames.EXEMPTION_SYSTEM,
                "l'esenzione va nel catalogo nazionale (http://terminology.hl7.it/CodeSystem/minsan-esenzioni)."),
        DIAGNOSIS(
                "diagnosis",
                "diagnosi",
                FhirNames.ICD9,
                "la diagnosi va in ICD-9-CM (http://hl7.org/fhir/sid/icd-9-cm)."),
        SERVICE(
                "service",
                "prestazioni",
                FhirNames.SERVICE_SYSTEM,
                "la prestazione va nel catalogo nazionale (http://terminology.hl7.it/CodeSystem/catalogo-prestazioni).");

        final String field;
        final String several;
        final Pattern system;
        final String expected;

        Kind(String field, String several, Pattern system, String expected) {
            this.field = field;
            this.several = several;
            this.system = system;
            this.expected = expected;
        }

        boolean fits(Coding coding) {
            return coding.hasSystem()
                    && system.matcher(FhirNames.system(coding.getSystem())).matches();
        }

        /** A code without a system, or a diagnosis that only fills its place, which belongs to no classification. */
        boolean mayBe(Coding coding) {
            boolean filler = this == DIAGNOSIS
                    && coding.getCode() != null
                    && FILLER.matcher(coding.getCode()).matches();
            return !coding.hasSystem() || filler;
        }
    }

    private final BundleReading reading;
    private final Composition composition;

    CodeMapping(BundleReading reading, Composition composition) {
        this.reading = reading;
        this.composition = composition;
    }

    Code exemption(Placed<SectionComponent> section) {
        List<Coverage> coverages = entries(section, Coverage.class);
        if (coverages.isEmpty()) {
            coverages = reading.all(Coverage.class);
        }
        List<Code> found = new ArrayList<>();
        for (Coverage coverage : coverages) {
            String path = reading.path(coverage);
            reading.locations().putIfAbsent("exemption", path);
            for (var cost : Placed.each(coverage.getCostToBeneficiary(), path + ".costToBeneficiary")) {
                for (var exception : Placed.each(cost.value().getException(), cost.path() + ".exception")) {
                    add(found, code(Kind.EXEMPTION, exception.value().getType(), exception.path() + ".type"));
                }
            }
            if (found.isEmpty() && coverage.getType().getCoding().stream().anyMatch(Kind.EXEMPTION::fits)) {
                add(found, code(Kind.EXEMPTION, coverage.getType(), path + ".type"));
            }
        }
        return single(Kind.EXEMPTION, found);
    }

    /** @param encounter whose diagnosis counts where the section names none; may be null */
    Code diagnosis(Placed<SectionComponent> section, Encounter encounter) {
        List<Condition> conditions = entries(section, Condition.class);
        if (conditions.isEmpty() && encounter != null) {
            conditions = encounter.getDiagnosis().stream()
                    .map(diagnosis ->
                            reading.find(encounter, diagnosis.getCondition()).orElse(null))
                    .filter(Condition.class::isInstance)
                    .map(Condition.class::cast)
                    .toList();
        }
        if (conditions.isEmpty()) {
            conditions = reading.all(Condition.class);
        }
        List<Code> found = new ArrayList<>();
        for (Condition condition : conditions) {
            add(found, code(Kind.DIAGNOSIS, condition.getCode(), reading.path(condition) + ".code"));
        }
        return single(Kind.DIAGNOSIS, found);
    }

    Code service(Placed<SectionComponent> section) {
        List<Procedure> procedures = entries(section, Procedure.class);
        List<ServiceRequest> requests = entries(section, ServiceRequest.class);
        if (procedures.isEmpty() && requests.isEmpty()) {
            procedures = reading.all(Procedure.class);
        }
        if (procedures.isEmpty() && requests.isEmpty()) {
            requests = reading.all(ServiceRequest.class);
        }
        List<Code> found = new ArrayList<>();
        for (Procedure procedure : procedures) {
            add(found, code(Kind.SERVICE, procedure.getCode(), reading.path(procedure) + ".code"));
        }
        if (found.isEmpty()) {
            for (ServiceRequest request : requests) {
                add(found, code(Kind.SERVICE, request.getCode(), reading.path(request) + ".code"));
            }
        }
        return single(Kind.SERVICE, found);
    }

    /** What the entries of a section refer to, of one kind of resource. */
    private <T extends Resource> List<T> entries(Placed<SectionComponent> section, Class<T> type) {
        List<T> entries = new ArrayList<>();
        if (section == null) {
            return entries;
        }
        for (Placed<Reference> entry : Placed.each(section.value().getEntry(), section.path() + ".entry")) {
            Optional<Resource> found = reading.find(composition, entry.value());
            if (found.isEmpty()) {
                reading.unresolved(entry.value(), entry.path());
            } else if (type.isInstance(found.get())) {
                entries.add(type.cast(found.get()));
            }
        }
        return entries;
    }

    /** The coding of the system that the field wants; one of another system is named and refused, never guessed. */
    private Code code(Kind kind, CodeableConcept concept, String path) {
        reading.locate(kind.field, path);
        List<Placed<Coding>> codings = Placed.each(concept.getCoding(), path + ".coding");
        Optional<Placed<Coding>> best = codings.stream()
                .filter(each -> kind.fits(each.value()))
                .findFirst()
                .or(() -> codings.stream()
                        .filter(each -> kind.mayBe(each.value()))
                        .findFirst());
        if (best.isEmpty()) {
            if (!codings.isEmpty()) {
                reading.fault(
                        CODE_UNKNOWN,
                        kind.field + ".code",
                        codings.get(0).path() + ".system",
                        "Il sistema di codifica «" + codings.get(0).value().getSystem() + "» non è quello atteso: "
                                + kind.expected);
            }
            return null;
        }
        Coding coding = best.get().value();
        String at = best.get().path();
        String code = reading.text(coding.getCode(), kind.field + ".code", at + ".code");
        String description = coding.hasDisplay()
                ? reading.text(coding.getDisplay(), kind.field + ".description", at + ".display")
                : reading.text(concept.getText(), kind.field + ".description", path + ".text");
        return code == null && description == null ? null : new Code(code == null ? "" : code, description);
    }

    private static void add(List<Code> found, Code code) {
        if (code != null && found.stream().noneMatch(other -> other.code().equals(code.code()))) {
            found.add(code);
        }
    }

    private Code single(Kind kind, List<Code> found) {
        if (found.size() > 1) {
            reading.fault(
                    NOT_ALLOWED_TOGETHER,
                    kind.field,
                    reading.locations().get(kind.field),
                    "Il Bundle porta più " + kind.several + " ("
                            + String.join(", ", found.stream().map(Code::code).toList())
                            + "): un certificato ne riguarda una sola.");
        }
        return found.isEmpty() ? null : found.get(0);
    }
}
