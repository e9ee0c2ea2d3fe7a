package it.snodo.document;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.cos.COSString;
import org.apache.pdfbox.pdmodel.PDDocument;

/** The CDA inside a PDF: the embedded file named {@code cda.xml}, as the FSE gateway wants it. */
public final class PdfCda {

    /** The one name that the gateway looks for. */
    public static final String NAME = "cda.xml";

    private static final int DEEPEST = 16;
    private static final COSName AF = COSName.getPDFName("AF");

    private PdfCda() {}

    /**
     * Takes the CDA out of a PDF, signed or not.
     *
     * @param pdf a PDF file
     * @return the bytes of the first embedded file named exactly {@code cda.xml}; empty when there is none or when the
     *     bytes are no readable PDF
     */
    public static Optional<byte[]> extract(byte[] pdf) {
        try {
            return read(pdf);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** As {@link #extract}, but what is no readable PDF is an {@link IOException}. */
    static Optional<byte[]> read(byte[] pdf) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            COSDictionary names = document.getDocumentCatalog().getCOSObject().getCOSDictionary(COSName.NAMES);
            COSDictionary tree = names == null ? null : names.getCOSDictionary(COSName.EMBEDDED_FILES);
            COSStream stream = tree == null ? null : find(tree, 0);
            if (stream == null) {
                return Optional.empty();
            }
            try (InputStream in = stream.createInputStream()) {
                return Optional.of(in.readAllBytes());
            }
        } catch (RuntimeException e) {
            throw new IOException("la struttura del file è guasta", e);
        }
    }

    private static COSStream find(COSDictionary node, int depth) {
        COSArray names = node.getCOSArray(COSName.NAMES);
        for (int i = 0; names != null && i + 1 < names.size(); i += 2) {
            if (names.getObject(i + 1) instanceof COSDictionary file
                    && (isName(names.getObject(i)) || isName(file.getDictionaryObject(COSName.F)))) {
                COSDictionary embedded = file.getCOSDictionary(COSName.EF);
                if (embedded != null && embedded.getDictionaryObject(COSName.F) instanceof COSStream stream) {
                    return stream;
                }
            }
        }
        COSArray kids = node.getCOSArray(COSName.KIDS);
        for (int i = 0; kids != null && depth < DEEPEST && i < kids.size(); i++) {
            if (kids.getObject(i) instanceof COSDictionary kid) {
                COSStream found = find(kid, depth + 1);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static boolean isName(COSBase value) {
        return value instanceof COSString string && NAME.equals(string.getString());
    }

    /**
     * Attaches the CDA as the source that the pages were made from (AFRelationship Source: PDF/A-3 calls so the original
     * of which the visible content is a rendering).
     */
    static void attach(PDDocument pdf, byte[] cda, OffsetDateTime date) throws IOException {
        COSStream stream = pdf.getDocument().createCOSStream();
        stream.setItem(COSName.TYPE, COSName.EMBEDDED_FILE);
        stream.setName(COSName.SUBTYPE, "text/xml");
        try (var out = stream.createOutputStream(COSName.FLATE_DECODE)) {
            out.write(cda);
        }
        COSDictionary params = new COSDictionary();
        params.setLong(COSName.SIZE, cda.length);
        params.setDate(COSName.CREATION_DATE, PdfMetadata.calendar(date));
        params.setDate(COSName.MOD_DATE, PdfMetadata.calendar(date));
        params.setItem(COSName.getPDFName("CheckSum"), new COSString(md5(cda)));
        stream.setItem(COSName.PARAMS, params);

        COSDictionary embedded = new COSDictionary();
        embedded.setItem(COSName.F, stream);
        embedded.setItem(COSName.UF, stream);
        COSDictionary file = new COSDictionary();
        file.setItem(COSName.TYPE, COSName.FILESPEC);
        file.setString(COSName.F, NAME);
        file.setString(COSName.UF, NAME);
        file.setString(COSName.DESC, "Referto in forma strutturata HL7 CDA R2");
        file.setName("AFRelationship", "Source");
        file.setItem(COSName.EF, embedded);
        // one object, pointed at from the name tree and from /AF
        file.setDirect(false);

        COSArray pair = new COSArray();
        pair.add(new COSString(NAME));
        pair.add(file);
        COSDictionary tree = new COSDictionary();
        tree.setItem(COSName.NAMES, pair);
        COSDictionary names = new COSDictionary();
        names.setItem(COSName.EMBEDDED_FILES, tree);
        COSArray associated = new COSArray();
        associated.add(file);
        COSDictionary catalog = pdf.getDocumentCatalog().getCOSObject();
        catalog.setItem(COSName.NAMES, names);
        catalog.setItem(AF, associated);
    }

    /** PDF defines the check sum of an embedded file as MD5; it guards against accidents, the signature against the rest. */
    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
