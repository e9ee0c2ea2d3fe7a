package it.snodo.signature;

import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.SignatureValue;
import eu.europa.esig.dss.model.ToBeSigned;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.signature.AbstractSignatureParameters;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.token.DSSPrivateKeyEntry;
import eu.europa.esig.dss.token.KSPrivateKeyEntry;
import eu.europa.esig.dss.token.Pkcs12SignatureToken;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore.PasswordProtection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/**
 * Automatic signature: PAdES BASELINE-B with SHA-256, made by EU DSS with a key from a PKCS#12 file that is read once.
 *
 * <p>A certificate made out to one doctor signs that doctor's documents only; a certificate without a codice fiscale (an
 * organisation's seal) signs all. The demo's key signs for everybody and says so in its name.
 */
final class Pkcs12Signer implements Signer {

    /** Room in the CMS beside the certificates: signed attributes, an RSA-4096 signature, DER wrapping. */
    private static final int CMS_OVERHEAD = 2048;

    private final RememberedServices services = new RememberedServices(Pkcs12Signer.class.getClassLoader());
    private final Pkcs12SignatureToken token;
    private final DSSPrivateKeyEntry key;
    private final CertificateToken certificate;
    private final List<CertificateToken> chain;
    private final String subject;
    private final String commonName;
    private final Optional<String> ownFiscalCode;
    private final boolean forEverybody;
    private final int contentSize;
    private final String reason;
    private final String location;
    private final PAdESService service;

    private Pkcs12Signer(
            Path keyStore, char[] password, String alias, boolean forEverybody, SignatureProperties properties) {
        this.token = open(keyStore, password);
        this.key = key(keyStore, alias);
        this.certificate = key.getCertificate();
        this.chain = List.of(key.getCertificateChain());
        this.subject = certificate.getCertificate().getSubjectX500Principal().getName();
        this.commonName = Subjects.commonName(certificate.getCertificate());
        this.ownFiscalCode = Subjects.fiscalCode(certificate.getCertificate());
        this.forEverybody = forEverybody;
        this.contentSize = CMS_OVERHEAD
                + chain.stream().mapToInt(c -> c.getEncoded().length).sum();
        this.reason = properties.reason();
        this.location = properties.location();
        // No trust and no revocation are looked up to make a B-level signature.
        this.service = new PAdESService(new CommonCertificateVerifier(true)) {
            /** Left to {@link #requireValid}: DSS would weigh the whole chain, twice a signature. */
            @Override
            protected void assertSigningCertificateValid(AbstractSignatureParameters<?> parameters) {}
        };
        this.service.setPdfObjFactory(new IncrementalPdf());
    }

    /** @throws SnodoException {@link SnodoCode#SIGNER_NOT_CONFIGURED} when the key store cannot be used */
    static Pkcs12Signer of(SignatureProperties properties) {
        char[] password = properties.password() == null
                ? new char[0]
                : properties.password().toCharArray();
        return new Pkcs12Signer(properties.keyStore(), password, properties.alias(), false, properties);
    }

    static Pkcs12Signer ofDemo(DemoKeys keys, SignatureProperties properties) {
        return new Pkcs12Signer(keys.pkcs12(DemoKeys.SIGNER), keys.password(), null, true, properties);
    }

    @Override
    public Signed sign(byte[] pdf, String signerFiscalCode) {
        if (!forEverybody && ownFiscalCode.isPresent() && !ownFiscalCode.get().equalsIgnoreCase(signerFiscalCode)) {
            throw new SnodoException(
                    SnodoCode.SIGNER_NOT_CONFIGURED,
                    "La chiave configurata è intestata a un altro medico e non può firmare per chi ha redatto il documento.");
        }
        return services.during(() -> signNow(pdf));
    }

    private Signed signNow(byte[] pdf) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        requireValid(now);
        try {
            DSSDocument document = new InMemoryDocument(pdf);
            PAdESSignatureParameters parameters = parameters(now);
            ToBeSigned data = service.getDataToSign(document, parameters);
            SignatureValue value = token.sign(data, DigestAlgorithm.SHA256, key);
            DSSDocument signed = service.signDocument(document, parameters, value);
            return new Signed(bytes(signed, pdf.length), now, subject);
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

    private PAdESSignatureParameters parameters(Instant now) {
        PAdESSignatureParameters parameters = new PAdESSignatureParameters();
        parameters.setSignatureLevel(SignatureLevel.PAdES_BASELINE_B);
        parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
        parameters.setSigningCertificate(certificate);
        parameters.setCertificateChain(chain);
        parameters.setContentSize(contentSize);
        parameters.setSignerName(commonName);
        parameters.setReason(reason);
        parameters.setLocation(location);
        parameters.bLevel().setSigningDate(Date.from(now));
        return parameters;
    }

    private static byte[] bytes(DSSDocument signed, int unsignedLength) {
        if (signed instanceof InMemoryDocument memory) {
            return memory.getBytes();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(unsignedLength + 32 * 1024);
        try {
            signed.writeTo(out);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private static Pkcs12SignatureToken open(Path keyStore, char[] password) {
        try {
            return new Pkcs12SignatureToken(keyStore.toFile(), new PasswordProtection(password));
        } catch (IOException | RuntimeException e) {
            throw notUsable(keyStore, e);
        }
    }

    private DSSPrivateKeyEntry key(Path keyStore, String alias) {
        try {
            List<DSSPrivateKeyEntry> keys = token.getKeys();
            return keys.stream()
                    .filter(k -> alias == null
                            || alias.isBlank()
                            || k instanceof KSPrivateKeyEntry entry && alias.equalsIgnoreCase(entry.getAlias()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("nessuna chiave " + (alias == null ? "" : alias)));
        } catch (RuntimeException e) {
            throw notUsable(keyStore, e);
        }
    }

    private static SnodoException notUsable(Path keyStore, Exception e) {
        return new SnodoException(
                SnodoCode.SIGNER_NOT_CONFIGURED,
                "Key store di firma non utilizzabile (" + keyStore + "): " + e.getMessage(),
                e);
    }

    static {
        // once, before threads meet here
        DSSUtils.getMessageDigest(DigestAlgorithm.SHA256);
    }
}
