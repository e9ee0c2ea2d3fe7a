package it.snodo.intake.fhir;

import static it.snodo.fault.SnodoCode.FIELD_MALFORMED;

import it.snodo.certificate.CertificateRequest.Professional;
import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.CompositionAttestationMode;
import org.hl7.fhir.r4.model.Composition.CompositionAttesterComponent;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/** The doctors: who wrote the certificate, and who answers for it. */
final class ProfessionalMapping {

    private final BundleReading reading;
    private final Composition composition;
    private final String path;

    ProfessionalMapping(BundleReading reading, Composition composition) {
        this.reading = reading;
        this.composition = composition;
        this.path = reading.path(composition);
    }

    Professional author() {
        Reference author = composition.getAuthor().isEmpty() ? null : composition.getAuthorFirstRep();
        return map("author", author, path + ".author[0]");
    }

    /** Who attests legally or officially; null when nobody does. */
    Professional authenticator() {
        for (Placed<CompositionAttesterComponent> each : Placed.each(composition.getAttester(), path + ".attester")) {
            CompositionAttesterComponent attester = each.value();
            boolean legal = attester.getMode() == CompositionAttestationMode.LEGAL
                    || attester.getMode() == CompositionAttestationMode.OFFICIAL;
            if (legal && attester.hasParty()) {
                return map("legalAuthenticator", attester.getParty(), each.path() + ".party");
            }
        }
        return null;
    }

    private Professional map(String field, Reference reference, String referencePath) {
        reading.locate(field, referencePath);
        if (reference == null) {
            return null;
        }
        Resource found = reading.resolve(composition, reference, referencePath, Resource.class)
                .orElse(null);
        List<Placed<ContactPoint>> contacts = new ArrayList<>();
        Practitioner person = null;
        if (found instanceof PractitionerRole role) {
            contacts.addAll(Placed.each(role.getTelecom(), reading.path(role) + ".telecom"));
            person = reading.resolve(
                            role, role.getPractitioner(), reading.path(role) + ".practitioner", Practitioner.class)
                    .orElse(null);
        } else if (found instanceof Practitioner practitioner) {
            person = practitioner;
        } else if (found != null) {
            reading.fault(
                    FIELD_MALFORMED,
                    field,
                    referencePath + ".reference",
                    "Il riferimento porta a una risorsa " + found.fhirType()
                            + ": serve un Practitioner o un PractitionerRole.");
        }
        if (person == null) {
            return null;
        }
        String at = reading.path(person);
        reading.locate(field, at);
        reading.locate(field + ".fiscalCode", at + ".identifier");
        reading.locate(field + ".telecom", at + ".telecom");
        contacts.addAll(Placed.each(person.getTelecom(), at + ".telecom"));
        String fiscalCode =
                reading.identifier(person.getIdentifier(), FhirNames.FISCAL_CODE, field + ".fiscalCode", at);
        String telecom = telecom(contacts, field);
        return new Professional(
                fiscalCode,
                reading.family(person.getName(), field, at),
                reading.given(person.getName(), field, at),
                telecom);
    }

    private String telecom(List<Placed<ContactPoint>> contacts, String field) {
        for (Placed<ContactPoint> each : contacts) {
            String telecom = reading.text(uri(each.value()), field + ".telecom", each.path() + ".value");
            if (telecom != null) {
                return telecom;
            }
        }
        return null;
    }

    /** A contact as the URL that the CDA will want. */
    static String uri(ContactPoint contact) {
        String value = contact.getValue();
        if (value == null || value.isBlank() || value.contains(":")) {
            return value;
        }
        if (contact.getSystem() == ContactPointSystem.EMAIL) {
            return "mailto:" + value.strip();
        }
        return contact.getSystem() == ContactPointSystem.FAX ? "fax:" + value.strip() : "tel:" + value.strip();
    }
}
