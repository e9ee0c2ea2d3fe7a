package it.snodo.signature;

import eu.europa.esig.dss.pdf.PDFServiceMode;
import eu.europa.esig.dss.pdf.PDFSignatureService;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxNativeObjectFactory;
import eu.europa.esig.dss.pdf.pdfbox.PdfBoxSignatureService;
import eu.europa.esig.dss.pdf.pdfbox.visible.nativedrawer.PdfBoxNativeSignatureDrawerFactory;
import java.io.OutputStream;
import org.apache.pdfbox.cos.COSDocument;
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
                        objects.getXrefTable().keySet().removeIf(key -> !objects.getObjectFromPool(key)
                                .isDereferenced());
                        super.saveDocumentIncrementally(document, out);
                    }
                });
    }
}
