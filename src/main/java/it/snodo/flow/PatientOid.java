package it.snodo.flow;

import it.snodo.certificate.CertificateRequest.Patient;

/** The identifier a document is found by, with the system it belongs to: the same order as in the CDA. */
record PatientOid(String oid, String value) {

    static PatientOid of(Patient patient) {
        if (patient.fiscalCode() != null) {
            return new PatientOid("2.16.840.1.113883.2.9.4.3.2", patient.fiscalCode());
        }
        if (patient.stp() != null) {
            return new PatientOid("2.16.840.1.113883.2.9.4.3.17", patient.stp());
        }
        if (patient.eni() != null) {
            return new PatientOid("2.16.840.1.113883.2.9.4.3.18", patient.eni());
        }
        return new PatientOid("2.16.840.1.113883.2.9.4.3.7", patient.team().cardNumber());
    }
}
