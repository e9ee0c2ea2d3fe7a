package it.snodo.document;

import java.io.IOException;
import java.util.Optional;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentNameDictionary;
import org.apache.pdfbox.pdmodel.PDEmbeddedFilesNameTreeNode;
import org.apache.pdfbox.pdmodel.common.PDNameTreeNode;
import org.apache.pdfbox.pdmodel.common.filespecification.PDComplexFileSpecification;

/** What the command line wants of a PDF: the CDA in it and the state of its signature. */
final class PdfReading {

    private PdfReading() {}

    /** The embedded file {@code cda.xml}. */
    static Optional<byte[]> cda(byte[] pdf) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            PDEmbeddedFilesNameTreeNode files =
                    new PDDocumentNameDictionary(document.getDocumentCatalog()).getEmbeddedFiles();
            return files == null ? Optional.empty() : find(files);
        }
    }

    private static Optional<byte[]> find(PDNameTreeNode<PDComplexFileSpecification> node) throws IOException {
        if (node.getNames() != null) {
            for (var named : node.getNames().entrySet()) {
                PDComplexFileSpecification file = named.getValue();
                if ((named.getKey().equals("cda.xml") || "cda.xml".equals(file.getFile()))
                        && file.getEmbeddedFile() != null) {
                    return Optional.of(file.getEmbeddedFile().toByteArray());
                }
            }
        }
        if (node.getKids() != null) {
            for (PDNameTreeNode<PDComplexFileSpecification> kid : node.getKids()) {
                Optional<byte[]> found = find(kid);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** {@code none}, {@code present}, {@code valid} or {@code invalid: reason}. */
    static String signature(byte[] pdf) throws IOException {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            return document.getSignatureDictionaries().isEmpty() ? "none" : "present";
        }
    }
}
