package it.snodo.signature;

import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.token.DSSPrivateKeyEntry;
import eu.europa.esig.dss.token.KSPrivateKeyEntry;
import eu.europa.esig.dss.token.SignatureTokenConnection;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/**
 * Automatic signature: PAdES with SHA-256, with a key that the hub holds in a file or in a device.
 *
 * <p>A certificate made out to one doctor signs that doctor's documents only; a certificate without a codice fiscale (an
 * organisation's seal) signs all. The demo's key signs for everybody and says so in its name.
 */
final class KeySigner implements Signer {

    private final Pades pades;
    private final SignatureProperties words;
    private final SignatureTokenConnection token;
    private final DSSPrivateKeyEntry key;
    private final CertificateToken certificate;
    private final List<CertificateToken> chain;
    private final String subject;
    private final Optional<String> ownFiscalCode;
    private final boolean forEverybody;

    /**
     * @param alias of the key; the first one when absent
     * @throws IllegalArgumentException when there is no such key
     */
    KeySigner(
            SignatureTokenConnection token,
            String alias,
            boolean forEverybody,
            SignatureProperties words,
            Pades pades) {
        this.token = token;
        this.key = key(token, alias);
        this.certificate = key.getCertificate();
        this.chain = List.of(key.getCertificateChain());
        this.subject = certificate.getCertificate().getSubjectX500Principal().getName();
        this.ownFiscalCode = Subjects.fiscalCode(certificate.getCertificate());
        this.forEverybody = forEverybody;
        this.words = words;
        this.pades = pades;
    }

    @Override
    public Signed sign(byte[] pdf, String signerFiscalCode) {
        if (!forEverybody && ownFiscalCode.isPresent() && !ownFiscalCode.get().equalsIgnoreCase(signerFiscalCode)) {
            throw new SnodoException(
                    SnodoCode.SIGNER_NOT_CONFIGURED,
                    "La chiave configurata è intestata a un altro medico e non può firmare per chi ha redatto il documento.");
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        requireValid(now);
        try {
            Pades.Prepared prepared = pades.prepare(pdf, pades.terms(now, chain, key.getEncryptionAlgorithm(), words));
            SignatureValue value = token.sign(prepared.data(), DigestAlgorithm.SHA256, key);
            return new Signed(prepared.signed(value), now, subject);
        } catch (SnodoException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new SnodoException(SnodoCode.SIGNATURE_FAILED, "La firma PAdES non è riuscita: " + e.getMessage(), e);
        }
    }

    /** The dates are all that a signature of level B looks at. */
    private void requireValid(Instant now) {
        if (!certificate.isValidOn(Date.from(now))) {
            throw new SnodoException(
                    SnodoCode.SIGNER_NOT_CONFIGURED,
                    "Il certificato di firma vale dal %s al %s: ora non può firmare."
                            .formatted(
                                    certificate.getNotBefore().toInstant(),
                                    certificate.getNotAfter().toInstant()));
        }
    }

    private static DSSPrivateKeyEntry key(SignatureTokenConnection token, String alias) {
        boolean any = alias == null || alias.isBlank();
        return token.getKeys().stream()
                .filter(k -> any || k instanceof KSPrivateKeyEntry entry && alias.equalsIgnoreCase(entry.getAlias()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nessuna chiave " + (any ? "" : alias)));
    }
}
