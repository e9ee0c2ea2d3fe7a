package it.snodo.flow;

import it.snodo.certificate.CertificateDocument;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequestCodec;
import it.snodo.document.CheckedCda;
import java.time.OffsetDateTime;

/**
 * A certificate on its way through the steps of a route.
 *
 * @param row the certificate as the register has it
 * @param document what the template is given; null before it is described
 * @param cda the CDA; null before it is made
 * @param checked the same after its checks; null before them
 * @param pdf the unsigned PDF; null before it is made
 */
public record CertificateWork(
        Row row, CertificateRequest request, CertificateDocument document, byte[] cda, CheckedCda checked, byte[] pdf) {

    /** The register's row, as far as the steps need it. */
    public record Row(
            long number,
            long messageId,
            String stage,
            String state,
            String documentId,
            String setId,
            int version,
            String replacesDocumentId,
            String request,
            String patientId,
            OffsetDateTime madeAt) {}

    static CertificateWork of(Row row) {
        try {
            return new CertificateWork(row, CertificateRequestCodec.fromXml(row.request()), null, null, null, null);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException("certificate " + row.number() + " holds no readable request", e);
        }
    }

    CertificateWork with(CertificateDocument described) {
        return new CertificateWork(row, request, described, cda, checked, pdf);
    }

    CertificateWork withCda(byte[] made) {
        return new CertificateWork(row, request, document, made, null, pdf);
    }

    CertificateWork withChecked(CheckedCda result) {
        return new CertificateWork(row, request, document, cda, result, pdf);
    }

    CertificateWork withPdf(byte[] made) {
        return new CertificateWork(row, request, document, cda, checked, made);
    }

    /** Names the certificate; no health data. */
    @Override
    public String toString() {
        return "certificate " + row.number();
    }
}
