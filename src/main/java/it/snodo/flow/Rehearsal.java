package it.snodo.flow;

import it.snodo.certificate.CertificateRequest;
import it.snodo.fault.SnodoException;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Makes a certificate's document as the steps would make it now, and keeps nothing: whether a new try would get further. */
@Component
public class Rehearsal {

    private final Certificates certificates;
    private final CertificateDocuments steps;

    Rehearsal(Certificates certificates, CertificateDocuments steps) {
        this.certificates = certificates;
        this.steps = steps;
    }

    /**
     * @param request in the place of the certificate's own; null for its own
     * @return why it would fail again; empty when CDA and PDF can be made and are valid
     */
    public Optional<SnodoException> of(long number, CertificateRequest request) {
        CertificateWork stored = CertificateWork.of(certificates.row(number).orElseThrow());
        CertificateWork work =
                request == null ? stored : new CertificateWork(stored.row(), request, null, null, null, null);
        try {
            steps.makePdf(steps.checkCda(steps.makeCda(steps.describe(work))));
            return Optional.empty();
        } catch (SnodoException e) {
            return Optional.of(e);
        }
    }
}
