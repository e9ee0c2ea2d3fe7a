package it.snodo.certificate.web;

import it.snodo.document.Caller;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** For calls about a certificate that are answered elsewhere: {@code If-Match} with the ETag that its reading gave. */
@Component
public class CertificatePrecondition {

    private final CertificateReads reads;

    CertificatePrecondition(CertificateReads reads) {
        this.reads = reads;
    }

    /**
     * Who the caller is, and whether he may see it, is judged by whoever carries out the call; so one that does not exist, or is
     * not his, passes.
     *
     * @param ifMatch the header; null: whatever it is now
     * @throws it.snodo.fault.SnodoException CHANGED_MEANWHILE when the certificate is his and not as he has read it
     */
    public void require(Caller caller, long number, String ifMatch) {
        if (ifMatch == null) {
            return;
        }
        Map<String, Object> params = new HashMap<>();
        String where = CertificateReads.visible(caller, params) + " and c.number = :number";
        params.put("number", number);
        reads.query(caller, where, params, false).stream()
                .map(CertificateReads.Found::view)
                .filter(view -> CertificateReads.signs(caller, view.signer()))
                .forEach(view -> CertificateTag.require(ifMatch, view));
    }
}
