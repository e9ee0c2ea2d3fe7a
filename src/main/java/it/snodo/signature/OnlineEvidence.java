package it.snodo.signature;

import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.PAdESSignatureParameters;
import eu.europa.esig.dss.pades.signature.PAdESService;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxNativeObjectFactory;
import eu.europa.esig.dss.service.SecureRandomNonceSource;
import eu.europa.esig.dss.service.crl.OnlineCRLSource;
import eu.europa.esig.dss.service.ocsp.OnlineOCSPSource;
import eu.europa.esig.dss.service.tsp.OnlineTSPSource;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.exception.DSSExternalResourceException;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.tsp.CompositeTSPSource;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationStore;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampToken;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Timestamps and states of revocation from the network. The timestamp stands in the CMS, as an unsigned attribute (RFC 3161
 * Appendix A): the file keeps one signature field, which is what the FSE gateway looks at.
 */
final class OnlineEvidence implements Evidence {

    private static final Logger LOG = LoggerFactory.getLogger(OnlineEvidence.class);

    private final LevelProperties properties;
    private final TSPSource timestamps;
    /** Null below B-LT. */
    private final PAdESService longTerm;

    OnlineEvidence(LevelProperties properties) {
        this.properties = properties;
        this.timestamps = timestamps(properties.tsa());
        this.longTerm = properties.level() == LevelProperties.Level.B_LT ? longTerm(properties) : null;
    }

    private static TSPSource timestamps(LevelProperties.Tsa tsa) {
        EvidenceLoader loader =
                new EvidenceLoader(tsa.timeout(), "application/timestamp-query", tsa.user(), tsa.password());
        Map<String, TSPSource> sources = new LinkedHashMap<>();
        for (String url : tsa.urls()) {
            OnlineTSPSource source = new OnlineTSPSource(url, loader);
            source.setNonceSource(new SecureRandomNonceSource());
            if (tsa.policy() != null && !tsa.policy().isBlank()) {
                source.setPolicyOid(tsa.policy());
            }
            sources.put(url, source);
        }
        CompositeTSPSource all = new CompositeTSPSource();
        all.setTspSources(sources);
        return all;
    }

    private static PAdESService longTerm(LevelProperties properties) {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        properties.trust().forEach(file -> certificates(file)
                .forEach(one -> trusted.addCertificate(new CertificateToken((X509Certificate) one))));
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setAIASource(null);
        verifier.setTrustedCertSources(trusted);
        verifier.setOcspSource(new OnlineOCSPSource(
                new EvidenceLoader(properties.revocationTimeout(), "application/ocsp-request", null, null)));
        verifier.setCrlSource(
                new OnlineCRLSource(new EvidenceLoader(properties.revocationTimeout(), null, null, null)));
        PAdESService service = new PAdESService(verifier);
        service.setPdfObjFactory(new PdfBoxNativeObjectFactory());
        // a signature that has got no timestamp must not get one in a field of its own here
        service.setTspSource((algorithm, digest) -> {
            throw new DSSExternalResourceException("la firma non ha una marca temporale");
        });
        return service;
    }

    private static Collection<? extends Certificate> certificates(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        } catch (IOException | CertificateException e) {
            throw new SnodoException(
                    SnodoCode.SIGNER_NOT_CONFIGURED,
                    "snodo.signature.trust: " + file + " non si legge come certificati (" + e.getMessage() + ").",
                    e);
        }
    }

    @Override
    public int contentSize() {
        return properties.tsa().size();
    }

    @Override
    public byte[] timestamped(byte[] cms) {
        try {
            return withTimestamp(cms);
        } catch (RuntimeException | IOException | CMSException | TSPException e) {
            return without("La marca temporale non c'è", cms, e);
        }
    }

    private byte[] withTimestamp(byte[] cms) throws IOException, CMSException, TSPException {
        CMSSignedData data = new CMSSignedData(cms);
        SignerInformation signer = data.getSignerInfos().iterator().next();
        byte[] imprint = DSSUtils.digest(DigestAlgorithm.SHA256, signer.getSignature());
        byte[] token =
                timestamps.getTimeStampResponse(DigestAlgorithm.SHA256, imprint).getBytes();
        if (token.length > properties.tsa().size()) {
            throw new TSPException("la marca occupa " + token.length + " byte: aumentare snodo.signature.tsa.size");
        }
        requireValid(new TimeStampToken(new CMSSignedData(token)), imprint);
        AttributeTable before = signer.getUnsignedAttributes();
        AttributeTable with = (before == null
                        ? new AttributeTable(new org.bouncycastle.asn1.ASN1EncodableVector())
                        : before)
                .add(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken, ASN1Primitive.fromByteArray(token));
        return CMSSignedData.replaceSigners(
                        data,
                        new SignerInformationStore(List.of(SignerInformation.replaceUnsignedAttributes(signer, with))))
                .getEncoded("DER");
    }

    /** The token's own signature, by a certificate in it that is made for timestamps, over our digest. */
    private static void requireValid(TimeStampToken token, byte[] imprint) throws TSPException {
        if (!java.util.Arrays.equals(token.getTimeStampInfo().getMessageImprintDigest(), imprint)) {
            throw new TSPException("la marca è di altro");
        }
        @SuppressWarnings("unchecked")
        Collection<X509CertificateHolder> found = token.getCertificates().getMatches(token.getSID());
        if (found.isEmpty()) {
            throw new TSPException("nella marca manca il certificato dell'autorità");
        }
        try {
            token.validate(new JcaSimpleSignerInfoVerifierBuilder()
                    .build(found.iterator().next()));
        } catch (OperatorCreationException | CertificateException e) {
            throw new TSPException(e.getMessage(), e);
        }
    }

    @Override
    public byte[] completed(byte[] signed) {
        if (longTerm == null) {
            return signed;
        }
        try {
            PAdESSignatureParameters parameters = new PAdESSignatureParameters();
            parameters.setSignatureLevel(SignatureLevel.PAdES_BASELINE_LT);
            return DSSUtils.toByteArray(longTerm.extendDocument(new InMemoryDocument(signed), parameters));
        } catch (RuntimeException e) {
            return without("Lo stato di revoca dei certificati non c'è", signed, e);
        }
    }

    private byte[] without(String what, byte[] soFar, Exception e) {
        String why = what + ": " + e.getMessage();
        if (properties.tsa().whenMissing() == LevelProperties.WhenMissing.FAIL) {
            throw new SnodoException(SnodoCode.SIGNATURE_EVIDENCE_MISSING, why, e);
        }
        LOG.warn("Firma a un livello più basso di quello configurato. {}", why);
        return soFar;
    }
}
