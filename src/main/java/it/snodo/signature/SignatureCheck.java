package it.snodo.signature;

import eu.europa.esig.dss.diagnostic.CertificateWrapper;
import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.PDFRevisionWrapper;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.pades.validation.PDFDocumentValidator;
import eu.europa.esig.dss.pdf.IPdfObjFactory;
import eu.europa.esig.dss.pdf.modifications.DefaultPdfDifferencesFinder;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxNativeObjectFactory;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.validation.reports.Reports;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignatureAlgorithmNameGenerator;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignerDigestMismatchException;
import org.bouncycastle.cms.DefaultCMSSignatureAlgorithmNameGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.SignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;

/**
 * Verifies the signatures in a PDF. {@link #check} asks EU DSS everything, without the network; {@link #requireSigned}
 * is the hub's own quick look at what a signer has just given back.
 */
public final class SignatureCheck {

    /** {@code /ByteRange [0 a b c]}, then hex between {@code a} and {@code b}. */
    // Tables of algorithms, which Bouncy Castle would fill again for every signature.
    private static final CMSSignatureAlgorithmNameGenerator NAMES = new DefaultCMSSignatureAlgorithmNameGenerator();

    private static final SignatureAlgorithmIdentifierFinder ALGORITHMS =
            new DefaultSignatureAlgorithmIdentifierFinder();
    private static final DigestCalculatorProvider DIGESTS = new BcDigestCalculatorProvider();

    private static final Pattern BYTE_RANGE =
            Pattern.compile("/ByteRange\\s*\\[\\s*(\\d{1,10})\\s+(\\d{1,10})\\s+(\\d{1,10})\\s+(\\d{1,10})\\s*]");

    /** OID of the attribute with a timestamp of the signature, as it stands in the hex of the CMS. */
    private static final Pattern TIMESTAMP = Pattern.compile("060B2A864886F70D010910020E", Pattern.CASE_INSENSITIVE);
    /** Document security store. */
    private static final Pattern EVIDENCE = Pattern.compile("/DSS\\b");

    private final CommonCertificateVerifier verifier;

    /**
     * @param trusted certification authorities to trust; empty for none, and then no signature is more than
     *     INDETERMINATE although it may be intact
     */
    public SignatureCheck(Collection<X509Certificate> trusted) {
        CommonTrustedCertificateSource source = new CommonTrustedCertificateSource();
        trusted.forEach(certificate -> source.addCertificate(new CertificateToken(certificate)));
        this.verifier = new CommonCertificateVerifier(true);
        this.verifier.setAIASource(null);
        this.verifier.setTrustedCertSources(source);
    }

    /**
     * One signature of a PDF.
     *
     * @param signer CN of the signing certificate; empty when there is no certificate
     * @param fiscalCode codice fiscale in the certificate's serialNumber; empty when there is none
     * @param signingTime as claimed in /M; null when absent
     * @param intact the signed bytes are unchanged and the signature value fits the certificate's key
     * @param coversWholeFile nothing stands in the file outside what is signed, but the signature itself and what level LT
     *     adds to verify it
     * @param format level that the signature reaches, such as PAdES-BASELINE-B
     * @param subFilter such as ETSI.CAdES.detached
     * @param indication of ETSI EN 319 102-1: TOTAL_PASSED, TOTAL_FAILED, INDETERMINATE
     * @param subIndication why it is not passed, such as HASH_FAILURE; empty when passed
     */
    public record Signature(
            String signer,
            String fiscalCode,
            Instant signingTime,
            boolean intact,
            boolean coversWholeFile,
            String format,
            String subFilter,
            String indication,
            String subIndication) {}

    /**
     * @param signatures in the order of the file; empty when the file is not signed
     * @param problem why the file could not be examined, in Italian; null when it could
     */
    public record Report(List<Signature> signatures, String problem) {

        public int count() {
            return signatures.size();
        }

        public int intact() {
            return (int) signatures.stream().filter(Signature::intact).count();
        }

        /** Exactly one signature, intact, over the whole file: what the hub publishes. */
        public boolean isSignedOnce() {
            return problem == null
                    && count() == 1
                    && signatures.get(0).intact()
                    && signatures.get(0).coversWholeFile();
        }
    }

    /** Examines all signatures with EU DSS. Never throws for what is in the file. */
    public Report check(byte[] pdf) {
        try {
            DSSDocument document = new InMemoryDocument(pdf);
            PDFDocumentValidator validator = new PDFDocumentValidator(document);
            validator.setCertificateVerifier(verifier);
            validator.setPdfObjFactory(withoutDrawing());
            Reports reports = validator.validateDocument();
            DiagnosticData data = reports.getDiagnosticData();
            SimpleReport simple = reports.getSimpleReport();
            return new Report(
                    data.getSignatures().stream()
                            .map(signature -> describe(signature, simple, pdf))
                            .toList(),
                    null);
        } catch (RuntimeException e) {
            return new Report(List.of(), "Firme non verificabili: " + e.getMessage());
        }
    }

    private static Signature describe(SignatureWrapper signature, SimpleReport simple, byte[] pdf) {
        Optional<CertificateWrapper> certificate = Optional.ofNullable(signature.getSigningCertificate());
        List<BigInteger> range = signature.getPDFRevision() == null
                ? List.of()
                : signature.getPDFRevision().getSignatureByteRange();
        boolean whole = range.size() == 4
                && range.get(0).signum() == 0
                && (range.get(2).add(range.get(3)).longValue() == pdf.length
                        || isEvidence(signature.getPDFRevision(), pdf))
                && signature.getPDFRevision().isSignatureByteRangeValid();
        Date claimed = signature.getClaimedSigningTime();
        var sub = simple.getSubIndication(signature.getId());
        return new Signature(
                certificate.map(CertificateWrapper::getCommonName).orElse(""),
                certificate
                        .map(CertificateWrapper::getSubjectSerialNumber)
                        .flatMap(Subjects::fiscalCode)
                        .orElse(""),
                claimed == null ? null : claimed.toInstant(),
                signature.isSignatureIntact() && signature.isSignatureValid(),
                whole,
                signature.getSignatureFormat() == null
                        ? ""
                        : signature.getSignatureFormat().toString(),
                signature.getPDFRevision() == null
                        ? ""
                        : String.valueOf(signature.getPDFRevision().getSubFilter()),
                String.valueOf(simple.getIndication(signature.getId())),
                sub == null ? "" : sub.name());
    }

    /** Level LT writes certificates and revocations behind what is signed, and nothing else may stand there. */
    private static boolean isEvidence(PDFRevisionWrapper revision, byte[] pdf) {
        String end = new String(pdf, Math.max(0, pdf.length - 8), Math.min(8, pdf.length), StandardCharsets.ISO_8859_1);
        return end.stripTrailing().endsWith("%%EOF")
                && !revision.getPdfExtensionChanges().isEmpty()
                && revision.getPdfUndefinedChanges().isEmpty()
                && revision.getPdfAnnotationChanges().isEmpty()
                && revision.getPdfSignatureOrFormFillChanges().isEmpty()
                && !revision.arePdfModificationsDetected();
    }

    private static Optional<X509Certificate> x509(byte[] encoded) {
        try (var in = new java.io.ByteArrayInputStream(encoded)) {
            return Optional.of((X509Certificate)
                    java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(in));
        } catch (CertificateException | java.io.IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** DSS would draw every page before and after to compare them by sight. */
    private static IPdfObjFactory withoutDrawing() {
        PdfBoxNativeObjectFactory factory = new PdfBoxNativeObjectFactory();
        DefaultPdfDifferencesFinder differences = new DefaultPdfDifferencesFinder();
        differences.setMaximalPagesAmountForVisualComparison(0);
        factory.setPdfDifferencesFinder(differences);
        return factory;
    }

    /**
     * Makes sure that a signer gave back what it was given: the unsigned bytes untouched at the beginning, one signature
     * added, over the whole file, that fits those bytes. Costs a fraction of {@link #check} and knows nothing of trust.
     *
     * @param unsigned the bytes as they were validated
     * @param signed what the signer made of them
     * @return the signing certificate
     * @throws SnodoException {@link SnodoCode#SIGNATURE_INVALID} when any of this does not hold
     */
    public static X509Certificate requireSigned(byte[] unsigned, byte[] signed) {
        if (signed.length <= unsigned.length
                || !Arrays.equals(unsigned, 0, unsigned.length, signed, 0, unsigned.length)) {
            throw invalid("la firma ha cambiato i byte del documento validato");
        }
        String added =
                new String(signed, unsigned.length, signed.length - unsigned.length, StandardCharsets.ISO_8859_1);
        Matcher range = BYTE_RANGE.matcher(added);
        if (!range.find()) {
            throw invalid("nel file non c'è la firma");
        }
        long start = Long.parseLong(range.group(1));
        long gapStart = Long.parseLong(range.group(2));
        long gapEnd = Long.parseLong(range.group(3));
        long tail = Long.parseLong(range.group(4));
        if (range.find()) {
            throw invalid("nel file c'è più di una firma");
        }
        boolean whole =
                gapEnd + tail == signed.length || gapEnd + tail < signed.length && hasOnlyEvidenceBehind(signed);
        if (start != 0 || gapStart < unsigned.length || gapEnd <= gapStart || !whole) {
            throw invalid("la firma non copre tutto il file");
        }
        byte[] content = new byte[(int) (gapStart + tail)];
        System.arraycopy(signed, 0, content, 0, (int) gapStart);
        System.arraycopy(signed, (int) gapEnd, content, (int) gapStart, (int) tail);
        return verify(cms(signed, (int) gapStart, (int) gapEnd), content);
    }

    /** Asks DSS, which is slow; only signatures of level LT come here. */
    private static boolean hasOnlyEvidenceBehind(byte[] signed) {
        return new SignatureCheck(List.of()).check(signed).isSignedOnce();
    }

    /** The hex string between the two signed ranges, with its brackets and its padding of zeros. */
    private static byte[] cms(byte[] signed, int from, int to) {
        try {
            return HexFormat.of().parseHex(new String(signed, from + 1, to - from - 2, StandardCharsets.ISO_8859_1));
        } catch (RuntimeException e) {
            throw invalid("il contenuto della firma è illeggibile");
        }
    }

    private static X509Certificate verify(byte[] cms, byte[] content) {
        try {
            CMSSignedData data = new CMSSignedData(new CMSProcessableByteArray(content), trim(cms));
            Collection<SignerInformation> signers = data.getSignerInfos().getSigners();
            if (signers.size() != 1) {
                throw invalid("la firma non ha un solo firmatario");
            }
            SignerInformation signer = signers.iterator().next();
            @SuppressWarnings("unchecked")
            Collection<X509CertificateHolder> found = data.getCertificates().getMatches(signer.getSID());
            if (found.isEmpty()) {
                throw invalid("nella firma manca il certificato del firmatario");
            }
            X509CertificateHolder certificate = found.iterator().next();
            if (!signer.verify(new SignerInformationVerifier(
                    NAMES, ALGORITHMS, new JcaContentVerifierProviderBuilder().build(certificate), DIGESTS))) {
                throw invalid("la firma non corrisponde al documento");
            }
            return x509(certificate.getEncoded()).orElseThrow(() -> invalid("certificato illeggibile"));
        } catch (CMSSignerDigestMismatchException e) {
            throw invalid("la firma non corrisponde al documento");
        } catch (CMSException | OperatorCreationException | CertificateException | java.io.IOException e) {
            throw new SnodoException(SnodoCode.SIGNATURE_INVALID, "Firma non valida: " + e.getMessage(), e);
        }
    }

    /** DER says its own length; behind it stand the zeros of the reserved room. */
    private static byte[] trim(byte[] der) {
        if (der.length > 4 && (der[1] & 0xFF) == 0x82) {
            int length = 4 + ((der[2] & 0xFF) << 8 | der[3] & 0xFF);
            return length <= der.length ? Arrays.copyOf(der, length) : der;
        }
        return der;
    }

    /**
     * The PAdES baseline level of a file that {@link #requireSigned} has found good: B-B, B-T or B-LT.
     *
     * @param from where the signature's own part of the file begins, such as the length of the unsigned bytes; 0 when unknown
     */
    public static String level(byte[] signed, int from) {
        int at = Math.min(from, signed.length);
        String added = new String(signed, at, signed.length - at, StandardCharsets.ISO_8859_1);
        if (!TIMESTAMP.matcher(added).find()) {
            return "B-B";
        }
        return EVIDENCE.matcher(added).find() ? "B-LT" : "B-T";
    }

    private static SnodoException invalid(String reason) {
        return new SnodoException(SnodoCode.SIGNATURE_INVALID, "Firma non valida: " + reason + ".");
    }
}
