package it.snodo.pratica;

import com.fasterxml.jackson.core.JsonProcessingException;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequestCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads certificates for those who issue or ask for exemptions. */
@Component
class JustifyingCertificates {

    private static final String SELECT = """
            select c.number, c.state, c.signer, c.request, c.made_at, c.patient_family, c.patient_given,
              exists (select 1 from annulment a where a.certificate_number = c.number
                and a.state in ('RICHIESTO', 'DA_FIRMARE')) as annulling,
              exists (select 1 from certificate later where later.replaces_document_id = c.document_id
                and later.stage not in ('FAILED', 'ENDED')) as replacing
            from certificate c where c.number = ?""";

    private final JdbcClient db;

    JustifyingCertificates(JdbcClient db) {
        this.db = db;
    }

    Optional<JustifyingCertificate> find(long number) {
        return db.sql(SELECT)
                .param(number)
                .query(JustifyingCertificates::certificate)
                .optional();
    }

    /**
     * Its state, which nobody changes until the end of the caller's transaction. To be asked before the pratica is locked: who
     * annuls a certificate comes to its pratica afterwards.
     */
    Optional<String> lockedState(Long number) {
        return number == null
                ? Optional.empty()
                : db.sql("select state from certificate where number = ? for share")
                        .param(number)
                        .query(String.class)
                        .optional();
    }

    /** As it was signed, PDF/A; empty when it is not there. */
    Optional<byte[]> signedPdf(long number) {
        return db.sql("""
                        select d.signed_pdf from certificate c join document d on d.id = c.document_id
                        where c.number = ? and d.signed_pdf is not null""").param(number).query(byte[].class).optional();
    }

    /** The pratica, not rejected nor annulled, that it has been used for. */
    Optional<String> usedBy(long number) {
        return db.sql(
                        "select number from pratica where certificate_number = ? and state not in ('RESPINTA', 'ANNULLATA')")
                .param(number)
                .query(String.class)
                .optional();
    }

    private static JustifyingCertificate certificate(ResultSet row, int n) throws SQLException {
        CertificateRequest request = request(row.getLong("number"), row.getString("request"));
        LocalDate made = PraticaRegister.time(row, "made_at").toLocalDate();
        CertificateRequest.Patient patient = request.patient();
        CertificateRequest.Professional signer = request.signer();
        return new JustifyingCertificate(
                row.getLong("number"),
                row.getString("state"),
                row.getString("signer"),
                signer == null ? null : signer.family() + " " + signer.given(),
                new Pratica.Person(
                        patient.fiscalCode(),
                        row.getString("patient_family"),
                        row.getString("patient_given"),
                        patient.birthDate(),
                        patient.gender(),
                        null),
                request.exemption() == null ? null : request.exemption().code(),
                request.diagnosis() == null ? null : request.diagnosis().code(),
                row.getBoolean("annulling") ? "l'annullamento" : row.getBoolean("replacing") ? "la sostituzione" : null,
                request.visitTime() == null
                        ? made
                        : request.visitTime()
                                .atZoneSameInstant(PraticaRegister.ROME)
                                .toLocalDate());
    }

    private static CertificateRequest request(long number, String xml) {
        try {
            return CertificateRequestCodec.fromXml(xml);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("certificate " + number + " holds no readable request", e);
        }
    }
}
