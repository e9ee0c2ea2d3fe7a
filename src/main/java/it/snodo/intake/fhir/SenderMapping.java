package it.snodo.intake.fhir;

import it.snodo.certificate.CertificateRequest.Sender;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.MessageHeader.MessageSourceComponent;
import org.hl7.fhir.r4.model.Organization;

/** Who sends: the application and the organisation of the MessageHeader; in a transaction the source and the custodian. */
final class SenderMapping {

    private final BundleReading reading;
    private final Composition composition;

    SenderMapping(BundleReading reading, Composition composition) {
        this.reading = reading;
        this.composition = composition;
    }

    /** @param custodian may be null */
    Sender map(Organization custodian) {
        MessageHeader header = reading.header();
        String application = header == null ? applicationOfTransaction(custodian) : applicationOf(header);
        Organization facility = custodian;
        if (header != null && header.hasSender()) {
            facility = reading.resolve(header, header.getSender(), reading.path(header) + ".sender", Organization.class)
                    .orElse(custodian);
        }
        String name = null;
        String code = null;
        if (facility != null) {
            String path = reading.path(facility);
            name = reading.text(facility.getName(), "sender.facility", path + ".name");
            code = reading.identifier(facility.getIdentifier(), FhirNames.AZIENDA, "sender.facilityCode", path);
            if (code == null && facility.hasIdentifier()) {
                code = reading.identifier(
                        facility.getIdentifierFirstRep(), "sender.facilityCode", path + ".identifier[0]");
            }
        }
        return application == null && name == null && code == null ? null : new Sender(application, name, code);
    }

    private String applicationOf(MessageHeader header) {
        MessageSourceComponent source = header.getSource();
        String path = reading.path(header) + ".source";
        reading.locate("sender", path);
        if (source.hasName()) {
            return application(source.getName(), path + ".name");
        }
        return source.hasSoftware()
                ? application(source.getSoftware(), path + ".software")
                : application(source.getEndpoint(), path + ".endpoint");
    }

    private String applicationOfTransaction(Organization custodian) {
        String path = reading.path(composition);
        reading.locate("sender", path + ".custodian");
        if (reading.bundle().getMeta().hasSource()) {
            return application(reading.bundle().getMeta().getSource(), reading.path(reading.bundle()) + ".meta.source");
        }
        if (composition.getMeta().hasSource()) {
            return application(composition.getMeta().getSource(), path + ".meta.source");
        }
        return custodian == null ? null : application(custodian.getName(), reading.path(custodian) + ".name");
    }

    private String application(String value, String path) {
        return reading.text(value, "sender.application", path);
    }
}
