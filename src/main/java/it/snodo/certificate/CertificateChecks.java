package it.snodo.certificate;

import it.snodo.fault.Fault;
import java.util.List;

/**
 * What a certificate request must satisfy before it is accepted: the shape (Hibernate Validator on the records), the
 * identifiers, the code tables, and the rules between fields. All faults are found at once, in the order of the fields.
 */
public interface CertificateChecks {

    /** @return the faults, with canonical paths and no protocol location; empty when the request is good */
    List<Fault> check(CertificateRequest request);
}
