package it.snodo.signature;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.signature.csc.Credential;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** Whether a credential may sign for a doctor, now. */
final class DoctorsCertificate {

    private static final int DIGITAL_SIGNATURE = 0;
    private static final int NON_REPUDIATION = 1;

    private DoctorsCertificate() {}

    /**
     * @param doctor codice fiscale
     * @throws SnodoException which says what is in the way
     */
    static void require(Credential credential, String doctor, Instant now) {
        if (credential.chain().isEmpty()) {
            throw no(SnodoCode.SIGNATURE_CREDENTIAL_DISABLED, "Il fornitore non dà il certificato della credenziale.");
        }
        X509Certificate certificate = credential.chain().get(0);
        if (!belongs(certificate, doctor)) {
            throw no(
                    SnodoCode.SIGNATURE_CREDENTIAL_OF_ANOTHER,
                    "Il certificato della credenziale non è intestato al medico che deve firmare.");
        }
        if (credential.certificateStatus().equals("expired")
                || now.isBefore(certificate.getNotBefore().toInstant())
                || now.isAfter(certificate.getNotAfter().toInstant())) {
            throw no(
                    SnodoCode.SIGNATURE_CREDENTIAL_EXPIRED,
                    "Il certificato di firma vale dal %s al %s."
                            .formatted(
                                    certificate.getNotBefore().toInstant(),
                                    certificate.getNotAfter().toInstant()));
        }
        if (!credential.enabled()) {
            throw no(SnodoCode.SIGNATURE_CREDENTIAL_DISABLED, "Il fornitore ha disabilitato la chiave di firma.");
        }
        String status = credential.certificateStatus();
        if (!status.isEmpty() && !status.equals("valid")) {
            throw no(
                    SnodoCode.SIGNATURE_CREDENTIAL_DISABLED,
                    "Il certificato di firma è "
                            + switch (status) {
                                case "revoked" -> "revocato";
                                case "suspended" -> "sospeso";
                                default -> "in stato " + status;
                            }
                            + " presso il fornitore.");
        }
        boolean[] usage = certificate.getKeyUsage();
        if (usage != null && !usage[DIGITAL_SIGNATURE] && !usage[NON_REPUDIATION]) {
            throw no(SnodoCode.SIGNATURE_CREDENTIAL_DISABLED, "Il certificato non è fatto per firmare.");
        }
        requireChain(credential.chain());
        if (credential.algorithm() == null || credential.signAlgorithm() == null) {
            throw no(
                    SnodoCode.SIGNATURE_HASH_REFUSED,
                    "La chiave del medico non firma con l'algoritmo configurato per il fornitore.");
        }
    }

    static boolean belongs(X509Certificate certificate, String doctor) {
        return Subjects.fiscalCode(certificate).filter(doctor::equalsIgnoreCase).isPresent();
    }

    /** From the doctor's certificate to an authority, each issued by the next. */
    private static void requireChain(List<X509Certificate> chain) {
        if (chain.size() < 2) {
            throw no(
                    SnodoCode.SIGNATURE_CREDENTIAL_DISABLED,
                    "Il fornitore non dà il certificato dell'autorità che ha emesso quello del medico.");
        }
        for (int i = 0; i + 1 < chain.size(); i++) {
            try {
                chain.get(i).verify(chain.get(i + 1).getPublicKey());
            } catch (GeneralSecurityException e) {
                throw no(
                        SnodoCode.SIGNATURE_CREDENTIAL_DISABLED,
                        "La catena di certificati data dal fornitore non è intera.");
            }
        }
        Date now = new Date();
        if (chain.get(1).getNotAfter().before(now)) {
            throw no(
                    SnodoCode.SIGNATURE_CREDENTIAL_EXPIRED,
                    "Il certificato dell'autorità che ha emesso quello del medico è scaduto.");
        }
    }

    private static SnodoException no(SnodoCode code, String words) {
        return new SnodoException(code, words);
    }
}
