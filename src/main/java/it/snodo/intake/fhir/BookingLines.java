package it.snodo.intake.fhir;

import it.snodo.booking.BookingRequest.Line;
import java.util.List;
import java.util.Map;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;

/** The prescription and its services: ServiceRequest, one for each line, and Coverage. */
final class BookingLines {

    private static final String PRESCRIPTION = "prescription.";
    /** SNOMED CT right, left, and both. */
    private static final Map<String, String> SIDES = Map.of("24028007", "R", "7771000", "L", "51440002", "B");

    private final BookingResources resources;
    private final BookingFields fields;
    private final BookingExtensions extensions;

    BookingLines(BookingResources resources, BookingFields fields, BookingExtensions extensions) {
        this.resources = resources;
        this.fields = fields;
        this.extensions = extensions;
    }

    /** One service, and what its prescription says. */
    void request(ServiceRequest request, String line) {
        String at = resources.path(request);
        fields.locate(line, at);
        fields.locate("prescription", at);
        extensions.read(request, at, line + ".", Line.class);
        extensions.slot(request, at, line + ".slot.");
        numbers(request, at);
        fields.locate(PRESCRIPTION + "compiled", at + ".authoredOn");
        String authored = request.getAuthoredOnElement().getValueAsString();
        fields.text(
                PRESCRIPTION + "compiled",
                authored == null ? null : BookingExtensions.day(authored),
                at + ".authoredOn");
        priority(request, at);
        prescriber(request, at);
        fields.locate(line + ".service", at + ".code");
        service(request.getCode(), line, at + ".code");
        if (request.getQuantity() instanceof Quantity quantity && quantity.hasValue()) {
            fields.number(line + ".quantity", quantity.getValueElement().getValueAsString(), at + ".quantity.value");
        }
        for (int i = 0; i < request.getBodySite().size(); i++) {
            site(request.getBodySite().get(i), line, at + ".bodySite[" + i + "]");
        }
        if (request.hasReasonCode()) {
            fields.text(line + ".question", words(request.getReasonCodeFirstRep()), at + ".reasonCode[0]");
        }
        for (int i = 0; i < request.getPerformer().size(); i++) {
            azienda(request.getPerformer().get(i), line, at + ".performer[" + i + "]");
        }
    }

    /** The code of the regional catalogue, and the specific item beside it. */
    void service(CodeableConcept concept, String line, String at) {
        Coding best = null;
        int index = 0;
        for (int i = 0; i < concept.getCoding().size(); i++) {
            Coding coding = concept.getCoding().get(i);
            String system = FhirNames.system(coding.getSystem());
            if (BookingNames.ITEMS.equals(system)) {
                fields.text(line + ".item", coding.getCode(), at + ".coding[" + i + "].code");
            } else if (best == null
                    || FhirNames.SERVICE_SYSTEM.matcher(system).matches()
                            && !FhirNames.SERVICE_SYSTEM
                                    .matcher(FhirNames.system(best.getSystem()))
                                    .matches()) {
                best = coding;
                index = i;
            }
        }
        if (best != null) {
            fields.text(line + ".service", best.getCode(), at + ".coding[" + index + "].code");
        }
        fields.text(
                line + ".description",
                best != null && best.hasDisplay() ? best.getDisplay() : concept.getText(),
                best != null && best.hasDisplay() ? at + ".coding[" + index + "].display" : at + ".text");
    }

    /** An exemption, or that there is none. */
    void coverage(Coverage coverage) {
        String at = resources.path(coverage);
        extensions.read(coverage, at, null, null);
        fields.locate(PRESCRIPTION + "exemption", at);
        for (int c = 0; c < coverage.getCostToBeneficiary().size(); c++) {
            var cost = coverage.getCostToBeneficiary().get(c);
            for (int e = 0; e < cost.getException().size(); e++) {
                exemption(
                        cost.getException().get(e).getType(),
                        at + ".costToBeneficiary[" + c + "].exception[" + e + "].type");
            }
        }
    }

    private void exemption(CodeableConcept type, String at) {
        for (int i = 0; i < type.getCoding().size(); i++) {
            Coding coding = type.getCoding().get(i);
            if (BookingNames.NO_EXEMPTION.equals(FhirNames.system(coding.getSystem()))
                    && "NE".equalsIgnoreCase(coding.getCode())) {
                fields.flag(PRESCRIPTION + "notExempt", true, at + ".coding[" + i + "].code");
            } else {
                fields.text(PRESCRIPTION + "exemption", coding.getCode(), at + ".coding[" + i + "].code");
                return;
            }
        }
    }

    private void numbers(ServiceRequest request, String at) {
        fields.locate(PRESCRIPTION + "numbers", at + ".requisition");
        fields.add(PRESCRIPTION + "numbers", request.getRequisition().getValue(), at + ".requisition.value");
        List<Identifier> identifiers = request.getIdentifier();
        for (int i = 0; i < identifiers.size(); i++) {
            Identifier identifier = identifiers.get(i);
            if (BookingNames.PRESCRIPTIONS.contains(FhirNames.system(identifier.getSystem()))) {
                fields.add(PRESCRIPTION + "numbers", identifier.getValue(), at + ".identifier[" + i + "].value");
            }
        }
    }

    /**
     * The Italian letter where it is said (D and P are both routine in FHIR); else stat is U and asap is B, and routine says
     * nothing: the hub then takes P and tells so (R58).
     */
    private void priority(ServiceRequest request, String at) {
        String path = PRESCRIPTION + "priority";
        fields.locate(path, at + ".priority");
        for (int i = 0; i < request.getCategory().size(); i++) {
            CodeableConcept category = request.getCategory().get(i);
            for (int c = 0; c < category.getCoding().size(); c++) {
                Coding coding = category.getCoding().get(c);
                if (BookingNames.PRIORITIES.equals(FhirNames.system(coding.getSystem()))) {
                    fields.text(path, coding.getCode(), at + ".category[" + i + "].coding[" + c + "].code");
                }
            }
        }
        if (!fields.has(path) && request.hasPriority()) {
            String letter =
                    switch (request.getPriority()) {
                        case STAT -> "U";
                        case ASAP -> "B";
                        default -> null;
                    };
            fields.text(path, letter, at + ".priority");
        }
    }

    private void prescriber(ServiceRequest request, String at) {
        Reference requester = request.getRequester();
        Practitioner practitioner = resources.resolve(requester, Practitioner.class);
        if (practitioner != null) {
            fields.text(
                    PRESCRIPTION + "prescriber",
                    practitioner.getIdentifierFirstRep().getValue(),
                    resources.path(practitioner) + ".identifier[0].value");
        } else {
            fields.text(
                    PRESCRIPTION + "prescriber",
                    requester.getIdentifier().getValue(),
                    at + ".requester.identifier.value");
        }
    }

    private void site(CodeableConcept site, String line, String at) {
        boolean side = false;
        for (int i = 0; i < site.getCoding().size(); i++) {
            Coding coding = site.getCoding().get(i);
            String code = coding.getCode();
            if (code != null && BookingNames.SIDES.equals(FhirNames.system(coding.getSystem()))) {
                fields.text(line + ".side", code, at + ".coding[" + i + "].code");
                side = true;
            } else if (code != null && SIDES.containsKey(code)) {
                fields.text(line + ".side", SIDES.get(code), at + ".coding[" + i + "].code");
                side = true;
            }
        }
        if (!side || site.hasText()) {
            fields.text(line + ".district", words(site), at);
        }
    }

    private void azienda(Reference performer, String line, String at) {
        Organization organization = resources.resolve(performer, Organization.class);
        if (organization != null) {
            for (int i = 0; i < organization.getIdentifier().size(); i++) {
                azienda(
                        organization.getIdentifier().get(i),
                        line,
                        resources.path(organization) + ".identifier[" + i + "].value");
            }
        } else if (performer.hasIdentifier()) {
            azienda(performer.getIdentifier(), line, at + ".identifier.value");
        }
    }

    private void azienda(Identifier identifier, String line, String where) {
        if (FhirNames.AZIENDA.contains(FhirNames.system(identifier.getSystem()))) {
            fields.text(line + ".azienda", identifier.getValue(), where);
        }
    }

    private static String words(CodeableConcept concept) {
        if (concept.hasText()) {
            return concept.getText();
        }
        Coding coding = concept.getCodingFirstRep();
        return coding.hasDisplay() ? coding.getDisplay() : coding.getCode();
    }
}
