package it.snodo.document;

import it.snodo.config.ConfigFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What our own validator and, where its files are, the Ministry say of a CDA; for tests of the outside. */
public final class CdaCheck {

    private static final CdaValidator OURS = CdaValidator.of(new ConfigFolder(Path.of(".")), null, null, null);

    private CdaCheck() {}

    /** Everything that anybody finds wrong; empty when all are content. */
    public static List<String> findings(byte[] cda) {
        ValidationReport report = OURS.validate(cda);
        List<String> findings = new ArrayList<>(report.schema());
        report.failed().forEach(failed -> findings.add(failed.id() + " " + failed.text()));
        report.warnings().forEach(warning -> findings.add(warning.id() + " " + warning.text()));
        findings.addAll(report.unknownCodes());
        OfficialRsa.find().ifPresent(official -> {
            synchronized (CdaCheck.class) {
                findings.addAll(official.findings(cda));
            }
        });
        return findings;
    }

    /** The CDA that a PDF carries. */
    public static byte[] attached(byte[] pdf) {
        return PdfCda.extract(pdf).orElseThrow(() -> new AssertionError("no cda.xml in the PDF"));
    }
}
