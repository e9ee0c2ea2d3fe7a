package it.snodo.simulator.fse;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.cos.COSString;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentNameDictionary;
import org.apache.pdfbox.pdmodel.PDEmbeddedFilesNameTreeNode;
import org.apache.pdfbox.pdmodel.common.PDNameTreeNode;
import org.apache.pdfbox.pdmodel.common.filespecification.PDComplexFileSpecification;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDField;
import org.apache.pdfbox.pdmodel.interactive.form.PDSignatureField;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** A PDF as the gateway looks at it: the CDA inside, and whether it is signed. */
final class PdfFile implements AutoCloseable {
    private static final String CDA = "cda.xml";
    private static final BouncyCastleProvider BC = new BouncyCastleProvider();

    private final byte[] bytes;
    private final PDDocument document;

    private PdfFile(byte[] bytes, PDDocument document) {
        this.bytes = bytes;
        this.document = document;
    }

    static boolean hasMagic(byte[] bytes) {
        return bytes.length >= 4 && bytes[0] == '%' && bytes[1] == 'P' && bytes[2] == 'D' && bytes[3] == 'F';
    }

    /** Opens a PDF; {@code IOException} when it cannot be read. */
    static PdfFile open(byte[] bytes) throws IOException {
        try {
            return new PdfFile(bytes, Loader.loadPDF(bytes));
        } catch (RuntimeException e) {
            throw new IOException("unreadable PDF", e);
        }
    }

    /**
     * The CDA's bytes, or null.
     *
     * @param mode ATTACHMENT, RESOURCE, or null to look in both places
     */
    byte[] cda(String mode) throws IOException {
        byte[] found = null;
        if (!"RESOURCE".equals(mode)) {
            found = attachment();
        }
        if (found == null && !"ATTACHMENT".equals(mode)) {
            found = xfaResource();
        }
        return found;
    }

    private byte[] attachment() throws IOException {
        PDDocumentNameDictionary names = document.getDocumentCatalog().getNames();
        PDEmbeddedFilesNameTreeNode tree = names == null ? null : names.getEmbeddedFiles();
        if (tree == null) {
            return null;
        }
        byte[] found = among(tree.getNames());
        if (found == null && tree.getKids() != null) {
            for (PDNameTreeNode<PDComplexFileSpecification> kid : tree.getKids()) {
                found = among(kid.getNames());
                if (found != null) {
                    break;
                }
            }
        }
        return found;
    }

    private static byte[] among(Map<String, PDComplexFileSpecification> files) throws IOException {
        if (files == null) {
            return null;
        }
        for (Map.Entry<String, PDComplexFileSpecification> entry : files.entrySet()) {
            PDComplexFileSpecification file = entry.getValue();
            if (file != null
                    && (CDA.equals(entry.getKey()) || CDA.equals(file.getFile()))
                    && file.getEmbeddedFile() != null) {
                return file.getEmbeddedFile().toByteArray();
            }
        }
        return null;
    }

    /** The older way: an entry "datasets" among the catalog's XFAResources. */
    private byte[] xfaResource() throws IOException {
        COSDictionary catalog = document.getDocumentCatalog().getCOSObject();
        COSDictionary names = catalog.getCOSDictionary(COSName.getPDFName("Names"));
        COSDictionary resources = names == null ? null : names.getCOSDictionary(COSName.getPDFName("XFAResources"));
        COSArray pairs = resources == null ? null : resources.getCOSArray(COSName.getPDFName("Names"));
        for (int i = 0; pairs != null && i + 1 < pairs.size(); i += 2) {
            COSBase value = pairs.getObject(i + 1);
            if (pairs.getObject(i) instanceof COSString key
                    && key.getString().equals("datasets")
                    && value instanceof COSStream stream) {
                try (InputStream in = stream.createInputStream()) {
                    return in.readAllBytes();
                }
            }
        }
        return null;
    }

    boolean isSigned() throws IOException {
        return !document.getSignatureDictionaries().isEmpty();
    }

    /**
     * Whether the signature holds cryptographically. As in the Ministry's code the last signature field at the root of the
     * form decides, and a field that cannot be read is a signature that does not hold. Trust is nobody's question here.
     */
    boolean signatureHolds() {
        boolean holds = false;
        try {
            PDAcroForm form = document.getDocumentCatalog().getAcroForm(null);
            List<PDField> fields = form == null ? List.of() : form.getFields();
            for (PDField field : fields) {
                if (field instanceof PDSignatureField signatureField) {
                    holds = holds(signatureField.getSignature());
                }
            }
        } catch (Exception e) { // a signature that breaks the reader is an invalid one
            return false;
        }
        return holds;
    }

    private boolean holds(PDSignature signature) throws Exception {
        if (signature == null || signature.getSignDate() == null) {
            return false;
        }
        byte[] contents = signature.getContents(bytes);
        byte[] signed = signature.getSignedContent(bytes);
        CMSSignedData cms = new CMSSignedData(new CMSProcessableByteArray(signed), trim(contents));
        SignerInformation signer = cms.getSignerInfos().getSigners().iterator().next();
        @SuppressWarnings("unchecked")
        Collection<X509CertificateHolder> matches = cms.getCertificates().getMatches(signer.getSID());
        if (matches.isEmpty()) {
            return false;
        }
        return signer.verify(new JcaSimpleSignerInfoVerifierBuilder()
                .setProvider(BC)
                .build(matches.iterator().next()));
    }

    /** Contents are padded with zeros; the DER length says where they end. */
    private static byte[] trim(byte[] contents) {
        if (contents.length < 4 || (contents[1] & 0x80) == 0) {
            return contents;
        }
        int count = contents[1] & 0x7F;
        long length = 0;
        for (int i = 0; i < count; i++) {
            length = length << 8 | contents[2 + i] & 0xFF;
        }
        long end = 2 + count + length;
        return count > 0 && end <= contents.length ? Arrays.copyOf(contents, (int) end) : contents;
    }

    @Override
    public void close() throws IOException {
        document.close();
    }
}
