package it.snodo.signature;

import eu.europa.esig.dss.enumerations.MimeTypeEnum;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.pades.PAdESCommonParameters;
import eu.europa.esig.dss.pdf.PDFServiceMode;
import eu.europa.esig.dss.pdf.PDFSignatureService;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxNativeObjectFactory;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxSignatureService;
import eu.europa.esig.dss.pdf.pdfbox.visible.nativedrawer.PdfBoxNativeSignatureDrawerFactory;
import eu.europa.esig.dss.spi.DSSUtils;
import java.io.OutputStream;
import java.util.Set;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSDocument;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSObject;
import org.apache.pdfbox.cos.COSObjectKey;
import org.apache.pdfbox.pdmodel.PDDocument;

/**
 * Adds the signature without reading the whole file: PDFBox would first read every object that the file has, although
 * one that was not read cannot have changed. The rest is DSS's own.
 */
final class IncrementalPdf extends PdfBoxNativeObjectFactory {

    @Override
    public PDFSignatureService newPAdESSignatureService() {
        return configure(
                new PdfBoxSignatureService(PDFServiceMode.SIGNATURE, new PdfBoxNativeSignatureDrawerFactory()) {
                    @Override
                    public void saveDocumentIncrementally(PDDocument document, OutputStream out) {
                        COSDocument objects = document.getDocument();
                        Set<COSObjectKey> all = objects.getXrefTable().keySet();
                        // the writer follows these itself, and would search the whole file for one it does not find
                        objects.getTrailer().getDictionaryObject(COSName.INFO);
                        all.stream()
                                .map(objects::getObjectFromPool)
                                .filter(COSObject::isDereferenced)
                                .map(COSObject::getObject)
                                .toList()
                                .forEach(IncrementalPdf::readValues);
                        all.removeIf(key -> !objects.getObjectFromPool(key).isDereferenced());
                        super.saveDocumentIncrementally(document, out);
                    }

                    /** DSS looks for the place byte by byte; the file itself says where it is. */
                    @Override
                    public DSSDocument sign(DSSDocument document, byte[] cms, PAdESCommonParameters parameters) {
                        DSSDocument prepared = parameters.getPdfSignatureCache().getToBeSignedDocument();
                        byte[] signed =
                                prepared == null ? null : SignatureSpace.fill(DSSUtils.toByteArray(prepared), cms);
                        return signed == null
                                ? super.sign(document, cms, parameters)
                                : new InMemoryDocument(signed, document.getName(), MimeTypeEnum.PDF);
                    }
                });
    }

    /** Reads what the object points at, also from within its own arrays and dictionaries, and no further. */
    private static void readValues(COSBase object) {
        if (object instanceof COSDictionary dictionary) {
            dictionary.getValues().forEach(IncrementalPdf::readValue);
        } else if (object instanceof COSArray array) {
            array.forEach(IncrementalPdf::readValue);
        }
    }

    private static void readValue(COSBase value) {
        if (value instanceof COSObject reference) {
            reference.getObject();
        } else {
            readValues(value);
        }
    }
}
