package it.snodo.intake.fhir;

import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;

/** The prescription (NRE) that the visit was for: a ServiceRequest of the Bundle, or what the Encounter is based on. */
final class PrescriptionMapping {

    private final BundleReading reading;

    PrescriptionMapping(BundleReading reading) {
        this.reading = reading;
    }

    /** @param encounter may be null */
    String nre(Encounter encounter) {
        for (ServiceRequest request : reading.all(ServiceRequest.class)) {
            String path = reading.path(request);
            String found = reading.identifier(request.getIdentifier(), FhirNames.NRE, "nre", path);
            if (found == null && isNre(request.getRequisition())) {
                found = reading.identifier(request.getRequisition(), "nre", path + ".requisition");
            }
            if (found != null) {
                return found;
            }
        }
        if (encounter != null) {
            String path = reading.path(encounter) + ".basedOn";
            for (Placed<Reference> each : Placed.each(encounter.getBasedOn(), path)) {
                if (isNre(each.value().getIdentifier())) {
                    return reading.identifier(each.value().getIdentifier(), "nre", each.path() + ".identifier");
                }
            }
        }
        return null;
    }

    private static boolean isNre(Identifier identifier) {
        return FhirNames.NRE.contains(FhirNames.system(identifier.getSystem()));
    }
}
