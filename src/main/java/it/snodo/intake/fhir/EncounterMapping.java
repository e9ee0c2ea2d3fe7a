package it.snodo.intake.fhir;

import it.snodo.certificate.CertificateRequest;
import it.snodo.fault.SnodoCode;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Organization;

/** Where and when: the Encounter, its Location (the unit) and the organisations above it. */
final class EncounterMapping {

    private final CertificateMapping mapping;
    private String azienda;
    private String structureCode;
    private String structureName;

    EncounterMapping(CertificateMapping mapping) {
        this.mapping = mapping;
    }

    /** O, I, E of PV1-2 from the class; null when it says something else. */
    static String kind(Encounter encounter) {
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
        String path = mapping.index().path(encounter);
        mapping.locate("encounter", path);
        mapping.locate("encounter.kind", path + ".class");
        for (String field : new String[] {"azienda", "structureCode", "structureName"}) {
            mapping.locate("encounter." + field, path + ".serviceProvider");
        }
        for (String field : new String[] {"unitCode", "unitName", "unitTelecom"}) {
            mapping.locate("encounter." + field, path + ".location");
        }
        String kind = kind(encounter);
        if (kind == null && encounter.getClass_().hasCode()) {
            mapping.fault(
                    SnodoCode.CODE_UNKNOWN,
                    "encounter.kind",
                    path + ".class",
                    "La classe dell'incontro «" + encounter.getClass_().getCode()
                            + "» non è gestita: usare AMB, IMP o EMER.");
        }
        Location unit = encounter.hasLocation()
                ? mapping.resolve(
                                encounter,
                                encounter.getLocationFirstRep().getLocation(),
                                path + ".location[0].location",
                                Location.class)
                        .orElse(null)
                : null;
        mapping.resolve(encounter, encounter.getServiceProvider(), path + ".serviceProvider", Organization.class)
                .ifPresent(provider -> organization(provider, 0));
        if (unit != null) {
            mapping.resolve(
                            unit,
                            unit.getManagingOrganization(),
                            mapping.index().path(unit) + ".managingOrganization",
                            Organization.class)
                    .ifPresent(manager -> organization(manager, 0));
        }
        if (custodian != null) {
            organization(custodian, 0);
        }
        String unitPath = unit == null ? "" : mapping.index().path(unit);
        return new CertificateRequest.Encounter(
                kind,
                encounter.hasIdentifier()
                        ? mapping.identifier(encounter.getIdentifierFirstRep(), "encounter.id", path + ".identifier[0]")
                        : null,
                encounter.getPeriod().hasStart()
                        ? mapping.time(
                                encounter.getPeriod().getStartElement(), "encounter.start", path + ".period.start")
                        : null,
                encounter.getPeriod().hasEnd()
                        ? mapping.time(encounter.getPeriod().getEndElement(), "encounter.end", path + ".period.end")
                        : null,
                azienda,
                structureCode,
                structureName,
                unit != null && unit.hasIdentifier()
                        ? mapping.identifier(
                                unit.getIdentifierFirstRep(), "encounter.unitCode", unitPath + ".identifier[0]")
                        : null,
                unit != null ? mapping.text(unit.getName(), "encounter.unitName", unitPath + ".name") : null,
                unit != null && unit.hasTelecom()
                        ? mapping.text(
                                CertificateMapping.telecom(unit.getTelecomFirstRep()),
                                "encounter.unitTelecom",
                                unitPath + ".telecom[0].value")
                        : null);
    }

    /** Takes what an organisation, then those it is part of, says; the nearest one that says something wins. */
    private void organization(Organization organization, int depth) {
        String path = mapping.index().path(organization);
        if (structureCode == null) {
            structureCode =
                    mapping.find(organization.getIdentifier(), FhirNames.STRUCTURE, "encounter.structureCode", path);
            if (structureCode != null) {
                structureName = mapping.text(organization.getName(), "encounter.structureName", path + ".name");
            }
        }
        if (azienda == null) {
            azienda = mapping.find(organization.getIdentifier(), FhirNames.AZIENDA, "encounter.azienda", path);
        }
        // A circle of organisations, each part of the next, would never end.
        if (organization.hasPartOf() && depth < 5) {
            mapping.resolve(organization, organization.getPartOf(), path + ".partOf", Organization.class)
                    .ifPresent(parent -> organization(parent, depth + 1));
        }
    }
}
