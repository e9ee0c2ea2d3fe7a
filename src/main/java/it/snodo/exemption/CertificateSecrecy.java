package it.snodo.exemption;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What the certificate that justifies an exemption keeps secret. All its versions count: a replacement may put under leggi
 * speciali, or hide, what was open when the exemption was issued.
 */
@Component
public class CertificateSecrecy {

    // from version to version by the indexes of both columns; set_id has none
    private static final String VERSIONS = """
            with recursive version as (
              select number, document_id, replaces_document_id, signer from certificate where number = :certificate
              union
              select near.number, near.document_id, near.replaces_document_id, near.signer
              from version join certificate near
                on near.replaces_document_id = version.document_id or near.document_id = version.replaces_document_id)
            select exists (select 1 from version join document d on d.id = version.document_id where\s""";

    private final JdbcClient jdbc;

    public CertificateSecrecy(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Whether the certificate is under leggi speciali. */
    public boolean underSpecialLaws(IssuedExemption exemption) {
        return any(exemption, "d.confidentiality = 'V'", null);
    }

    /** Whether the certificate is kept from the FSE's consumers. */
    public boolean keptFromTheFse(IssuedExemption exemption) {
        return any(exemption, "(d.withheld or coalesce(d.obscured, false) or d.confidentiality = 'V')", null);
    }

    /** Whether the doctor has written or signed the certificate. */
    public boolean isOf(String doctor, IssuedExemption exemption) {
        return doctor != null
                && any(exemption, "(d.author = :doctor or d.signer = :doctor or version.signer = :doctor)", doctor);
    }

    private boolean any(IssuedExemption exemption, String condition, String doctor) {
        return exemption.certificate() != null
                && jdbc.sql(VERSIONS + condition + ")")
                        .param("certificate", exemption.certificate())
                        .param("doctor", doctor)
                        .query(Boolean.class)
                        .single();
    }
}
