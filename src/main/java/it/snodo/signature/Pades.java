package it.snodo.signature;

import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.EncryptionAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/**
 * PAdES made by EU DSS in two halves: what is to be signed, and the file with the signature in it. Between the two a
 * doctor may look for an OTP, and the hub be restarted: the same terms and bytes give the same data to be signed.
 */
final class Pades {

    /** Room in the CMS beside the certificates: signed attributes, an RSA-4096 signature, DER wrapping. */
    private static final int CMS_OVERHEAD = 2048;

    private final RememberedServices services = new RememberedServices(Pades.class.getClassLoader());
    private final Evidence evidence;
    private final PAdESService service;

    /** @param evidence what is added to the signature of the key */
    Pades(Evidence evidence) {
        this.evidence = evidence;
        // No trust and no revocation are looked up to make a B-level signature.
        this.service = new PAdESService(new CommonCertificateVerifier(true)) {
            /** Left to the signers: DSS would weigh the whole chain, twice a signature. */
            @Override
            protected void assertSigningCertificateValid(AbstractSignatureParameters<?> parameters) {}

            /** DSS would put the timestamp into a signature field of its own, which the FSE gateway takes for the last signature. */
            @Override
            protected byte[] generateCMSSignedData(
                    DSSDocument document, PAdESSignatureParameters parameters, SignatureValue value) {
                return evidence.timestamped(super.generateCMSSignedData(document, parameters, value));
            }
        };
        this.service.setPdfObjFactory(new IncrementalPdf());
    }

    /**
     * All that goes into the signed attributes and the signature dictionary.
     *
     * @param at signing time, whole seconds
     * @param chain the signer's certificate first
     * @param contentSize bytes that are kept free for the CMS
     * @param algorithm such as RSA_SHA256, RSA_SSA_PSS_SHA256_MGF1, ECDSA_SHA256
     * @param reason shown by PDF readers; may be null, like the location
     */
    record Terms(
            Instant at,
            List<CertificateToken> chain,
            int contentSize,
            SignatureAlgorithm algorithm,
            String reason,
            String location) {}

    Terms terms(Instant at, List<CertificateToken> chain, EncryptionAlgorithm encryption, SignatureProperties words) {
        int size = CMS_OVERHEAD
                + evidence.contentSize()
                + chain.stream().mapToInt(c -> c.getEncoded().length).sum();
        return new Terms(
                at,
                chain,
                size,
                SignatureAlgorithm.getAlgorithm(encryption, DigestAlgorithm.SHA256),
                words.reason(),
                words.location());
    }

    /** The first half. */
    Prepared prepare(byte[] pdf, Terms terms) {
        return services.during(() -> {
            DSSDocument document = new InMemoryDocument(pdf);
            PAdESSignatureParameters parameters = parameters(terms);
            return new Prepared(pdf, document, parameters, service.getDataToSign(document, parameters));
        });
    }

    private static PAdESSignatureParameters parameters(Terms terms) {
        CertificateToken certificate = terms.chain().get(0);
        PAdESSignatureParameters parameters = new PAdESSignatureParameters();
        parameters.setSignatureLevel(SignatureLevel.PAdES_BASELINE_B);
        parameters.setSigningCertificate(certificate);
        parameters.setCertificateChain(terms.chain());
        parameters.setDigestAlgorithm(DigestAlgorithm.SHA256);
        parameters.setEncryptionAlgorithm(terms.algorithm().getEncryptionAlgorithm());
        parameters.setContentSize(terms.contentSize());
        parameters.setSignerName(Subjects.commonName(certificate.getCertificate()));
        parameters.setReason(terms.reason());
        parameters.setLocation(terms.location());
        parameters.bLevel().setSigningDate(Date.from(terms.at()));
        return parameters;
    }

    /** A document that waits for its signature value. Not for two threads. */
    final class Prepared {

        private final byte[] pdf;
        private final DSSDocument document;
        private final PAdESSignatureParameters parameters;
        private final ToBeSigned data;

        private Prepared(byte[] pdf, DSSDocument document, PAdESSignatureParameters parameters, ToBeSigned data) {
            this.pdf = pdf;
            this.document = document;
            this.parameters = parameters;
            this.data = data;
        }

        /** DER of the signed attributes: what the key signs. */
        ToBeSigned data() {
            return data;
        }

        /** SHA-256 of {@link #data()}. */
        byte[] digest() {
            return DSSUtils.digest(DigestAlgorithm.SHA256, data.getBytes());
        }

        /**
         * Whether the signer's key has made the value, of just this. One of a key on a curve comes in two forms and is looked at
         * only in the whole file.
         */
        boolean fits(SignatureValue value) {
            return value.getAlgorithm().getEncryptionAlgorithm().isEquivalent(EncryptionAlgorithm.ECDSA)
                    || services.during(
                            () -> service.isValidSignatureValue(data, value, parameters.getSigningCertificate()));
        }

        /** The second half, with the level that is configured. */
        byte[] signed(SignatureValue value) {
            return services.during(() -> {
                DSSDocument signed = service.signDocument(document, parameters, value);
                return evidence.completed(bytes(signed, pdf.length));
            });
        }
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

    static {
        // once, before threads meet here
        DSSUtils.getMessageDigest(DigestAlgorithm.SHA256);
    }
}
