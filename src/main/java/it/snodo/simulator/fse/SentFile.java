package it.snodo.simulator.fse;

import java.io.IOException;

/**
 * The PDF of a call and the CDA in it.
 *
 * @param signatureHolds false, too, where nobody asked
 */
record SentFile(CdaText cda, boolean signed, boolean signatureHolds) {
    /** Said when the call does not tell where in the PDF the CDA lies. */
    static final String MODE_WARNING = "Attenzione, non è stata selezionata la modalità di estrazione del CDA";

    static SentFile read(byte[] bytes, String mode, int notPdfStatus, String what, String instance, boolean verify) {
        if (bytes.length == 0) {
            throw Refusal.emptyFile();
        }
        if (!PdfFile.hasMagic(bytes)) {
            throw Refusal.notPdf(notPdfStatus);
        }
        try (PdfFile pdf = PdfFile.open(bytes)) {
            byte[] xml = pdf.cda(mode);
            if (xml == null) {
                throw Refusal.noCda(what, instance);
            }
            CdaText cda = new CdaText(xml);
            if (!cda.looksLikeCda()) {
                throw Refusal.generic(500, "Index 0 out of bounds for length 0");
            }
            boolean signed = pdf.isSigned();
            return new SentFile(cda, signed, signed && verify && pdf.signatureHolds());
        } catch (IOException e) {
            throw Refusal.noCda(what, instance);
        }
    }
}
