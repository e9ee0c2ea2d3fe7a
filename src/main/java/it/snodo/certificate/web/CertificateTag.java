package it.snodo.certificate.web;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.util.Arrays;

/**
 * The entity tag of a certificate (RFC 9110 §8.8.3): changes with all that decides what can be done with it, and not with how
 * far its publication has come.
 */
final class CertificateTag {

    private CertificateTag() {}

    static String of(CertificateView view) {
        return "\"%d-%s-%s%s-%s\""
                .formatted(
                        view.revision(),
                        view.state(),
                        "AWAITING_SIGNATURE".equals(view.stage()) ? "F" : "",
                        view.annulment() == null ? "" : view.annulment(),
                        Boolean.TRUE.equals(view.used()) ? "U" : "");
    }

    /** @throws SnodoException CHANGED_MEANWHILE when the caller has read another version; without a header there is no check */
    static void require(String ifMatch, CertificateView now) {
        if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
            return;
        }
        String tag = of(now);
        boolean same = Arrays.stream(ifMatch.split(","))
                .map(one -> one.strip().replaceFirst("^W/", ""))
                .anyMatch(tag::equals);
        if (!same) {
            throw new SnodoException(
                    SnodoCode.CHANGED_MEANWHILE,
                    "Il certificato n. %d è cambiato dopo la lettura: ora è nello stato %s%s. Leggerlo di nuovo e decidere su quello."
                            .formatted(
                                    now.number(),
                                    now.state(),
                                    now.annulment() == null ? "" : ", con l'annullamento " + now.annulment()));
        }
    }
}
