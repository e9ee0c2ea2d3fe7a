package it.snodo.intake.fhir;

import it.snodo.certificate.CertificateRequest;
import it.snodo.fault.SnodoCode;
import java.time.OffsetDateTime;
import java.util.List;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.CompositionEventComponent;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Organization;

/** Where and when: the Encounter, its Location (the unit) and the organisations above it. */
final class EncounterMapping {

    private final BundleReading reading;
    private String azienda;
    private String structureCode;
    private String structureName;

    EncounterMapping(BundleReading reading) {
        this.reading = reading;
    }

    /** The Composition's encounter, else the only one in the Bundle; null when there is none. */
    Encounter of(Composition composition) {
        if (!composition.hasEncounter()) {
            List<Encounter> all = reading.all(Encounter.class);
            return all.size() == 1 ? all.get(0) : null;
        }
        return reading.resolve(
                        composition,
                        composition.getEncounter(),
                        reading.path(composition) + ".encounter",
                        Encounter.class)
                .orElse(null);
    }

    /** The clinical event's start, else the start of an outpatient encounter, else the Composition's date. */
    OffsetDateTime visitTime(Composition composition, Encounter encounter) {
        String path = reading.path(composition);
        reading.locate("visitTime", path + ".date");
        for (Placed<CompositionEventComponent> event : Placed.each(composition.getEvent(), path + ".event")) {
            if (event.value().getPeriod().hasStart()) {
                return reading.time(
                        event.value().getPeriod().getStartElement(), "visitTime", event.path() + ".period.start");
            }
        }
        if (encounter != null && encounter.getPeriod().hasStart() && "O".equals(kind(encounter))) {
            return reading.time(
                    encounter.getPeriod().getStartElement(), "visitTime", reading.path(encounter) + ".period.start");
        }
        return composition.hasDate() ? reading.time(composition.getDateElement(), "visitTime", path + ".date") : null;
    }

    /** O, I, E of PV1-2 from the class; null when it says something else. */
    private static String kind(Encounter encounter) {
        String code = encounter.getClass_().getCode();
        return switch (code == null ? "" : code) {
            case "AMB", "O", "VR", "HH", "FLD", "SS" -> "O";
            case "IMP", "ACUTE", "NONAC", "I" -> "I";
            case "EMER", "E" -> "E";
            default -> null;
        };
    }

    /** @param custodian stands for the azienda when nothing nearer names it; may be null */
    CertificateRequest.Encounter map(Encounter encounter, Organization custodian) {
        if (encounter == null) {
            if (custodian == null) {
                return null;
            }
            organization(custodian, 0);
            return azienda == null && structureCode == null
                    ? null
                    : new CertificateRequest.Encounter(
                            null, null, null, null, azienda, structureCode, structureName, null, null, null);
        }
        String path = reading.path(encounter);
        reading.locate("encounter", path);
        reading.locate("encounter.kind", path + ".class");
        for (String field : new String[] {"azienda", "structureCode", "structureName"}) {
            reading.locate("encounter." + field, path + ".serviceProvider");
        }
        for (String field : new String[] {"unitCode", "unitName", "unitTelecom"}) {
            reading.locate("encounter." + field, path + ".location");
        }
        String kind = kind(encounter);
        if (kind == null && encounter.getClass_().hasCode()) {
            reading.fault(
                    SnodoCode.CODE_UNKNOWN,
                    "encounter.kind",
                    path + ".class",
                    "La classe dell'incontro «" + encounter.getClass_().getCode()
                            + "» non è gestita: usare AMB, IMP o EMER.");
        }
        Location unit = encounter.hasLocation()
                ? reading.resolve(
                                encounter,
                                encounter.getLocationFirstRep().getLocation(),
                                path + ".location[0].location",
                                Location.class)
                        .orElse(null)
                : null;
        reading.resolve(encounter, encounter.getServiceProvider(), path + ".serviceProvider", Organization.class)
                .ifPresent(provider -> organization(provider, 0));
        if (unit != null) {
            reading.resolve(
                            unit,
                            unit.getManagingOrganization(),
                            reading.path(unit) + ".managingOrganization",
                            Organization.class)
                    .ifPresent(manager -> organization(manager, 0));
        }
        if (custodian != null) {
            organization(custodian, 0);
        }
        String unitPath = unit == null ? "" : reading.path(unit);
        return new CertificateRequest.Encounter(
                kind,
                encounter.hasIdentifier()
                        ? reading.identifier(encounter.getIdentifierFirstRep(), "encounter.id", path + ".identifier[0]")
                        : null,
                encounter.getPeriod().hasStart()
                        ? reading.time(
                                encounter.getPeriod().getStartElement(), "encounter.start", path + ".period.start")
                        : null,
                encounter.getPeriod().hasEnd()
                        ? reading.time(encounter.getPeriod().getEndElement(), "encounter.end", path + ".period.end")
                        : null,
                azienda,
                structureCode,
                structureName,
                unit != null && unit.hasIdentifier()
                        ? reading.identifier(
                                unit.getIdentifierFirstRep(), "encounter.unitCode", unitPath + ".identifier[0]")
                        : null,
                unit != null ? reading.text(unit.getName(), "encounter.unitName", unitPath + ".name") : null,
                unit != null && unit.hasTelecom()
                        ? reading.text(
                                ProfessionalMapping.uri(unit.getTelecomFirstRep()),
                                "encounter.unitTelecom",
                                unitPath + ".telecom[0].value")
                        : null);
    }

    /** Takes what an organisation, then those it is part of, says; the nearest one that says something wins. */
    private void organization(Organization organization, int depth) {
        String path = reading.path(organization);
        if (structureCode == null) {
            structureCode = reading.identifier(
                    organization.getIdentifier(), FhirNames.STRUCTURE, "encounter.structureCode", path);
            if (structureCode != null) {
                structureName = reading.text(organization.getName(), "encounter.structureName", path + ".name");
            }
        }
        if (azienda == null) {
            azienda = reading.identifier(organization.getIdentifier(), FhirNames.AZIENDA, "encounter.azienda", path);
        }
        // A circle of organisations, each part of the next, would never end.
        if (organization.hasPartOf() && depth < 5) {
            reading.resolve(organization, organization.getPartOf(), path + ".partOf", Organization.class)
                    .ifPresent(parent -> organization(parent, depth + 1));
        }
    }
}
