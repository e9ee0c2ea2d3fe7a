package it.snodo.certificate;

import it.snodo.fault.Fault;
import java.util.List;

/**
 * What a certificate request must satisfy before it is accepted: the shape (Hibernate Validator on the records), the
 * identifiers, the code tables, and the rules between fields. All faults are found at once, in the order of the fields.
 */
public interface CertificateChecks {

    /** Who fills in a request, and so how much of it may be left to a default. */
    enum Source {
        /** Another system (HL7 v2, FHIR, queue): what its message has no field for takes the default of the interface. */
        SYSTEM,
        /** A doctor, in the steps of the wizard (REST): every field is his to fill in, none is guessed. */
        DOCTOR;

        /** @param protocol as the journal names it */
        public static Source of(String protocol) {
            return "REST".equals(protocol) ? DOCTOR : SYSTEM;
        }
    }

    /** @return the faults, with canonical paths and no protocol location; empty when the request is good */
    List<Fault> check(CertificateRequest request, Source source);
}
