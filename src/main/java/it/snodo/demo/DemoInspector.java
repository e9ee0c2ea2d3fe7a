package it.snodo.demo;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.document.CdaValidator;
import it.snodo.document.ValidationReport;
import it.snodo.signature.SignatureCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** Looks at what came out: fetches the document as a specialist would, checks it, and asks where it was published. */
@Component
@Profile("demo")
class DemoInspector {

    private static final Pattern PDFA_PART = Pattern.compile("pdfaid:part[>=\"'\\s]+(\\d)");
    private static final Pattern PDFA_CONFORMANCE = Pattern.compile("pdfaid:conformance[>=\"'\\s]+([ABU])");

    private final CdaValidator validator;

    DemoInspector(CdaValidator validator) {
        this.validator = validator;
    }

    Sample inspect(DemoClient hub, Sample sample, Path folder) throws IOException, InterruptedException {
        if (sample.documentId() == null || !"PUBLISHED".equals(sample.state())) {
            return sample;
        }
        byte[] pdf = hub.bytes("/api/v1/documents/" + sample.documentId() + "/pdf", "specialista");
        byte[] cda = hub.bytes("/api/v1/documents/" + sample.documentId() + "/cda", "specialista");
        Path pdfFile = folder.resolve(sample.documentId() + ".pdf");
        Files.write(pdfFile, pdf);
        Files.write(folder.resolve(sample.documentId() + ".cda.xml"), cda);
        JsonNode publications = hub.get("/api/v1/publications?documentId=" + sample.documentId(), "ops");
        SignatureCheck.Report signatures = new SignatureCheck(List.of()).check(pdf);
        return new Sample(
                sample.name(),
                sample.protocol(),
                sample.controlId(),
                sample.mustBeRefused(),
                sample.state(),
                sample.certificateNumber(),
                sample.documentId(),
                verdict(validator.validate(cda)),
                level(pdf),
                signature(signatures),
                state(publications, "FSE"),
                state(publications, "ROL"),
                workflow(publications),
                pdfFile.toString(),
                sample.before());
    }

    private static String verdict(ValidationReport report) {
        return "XSD %s Schematron %s codici %s"
                .formatted(
                        mark(report.schema().isEmpty()),
                        mark(report.failed().isEmpty()),
                        mark(report.unknownCodes().isEmpty()));
    }

    private static String mark(boolean good) {
        return good ? "✓" : "✗";
    }

    /** {@code PAdES-B ✓}: the level, and that it is one signature, intact, over the whole file. */
    private static String signature(SignatureCheck.Report report) {
        return report.count() == 1
                ? report.signatures().get(0).format().replace("BASELINE-", "") + " " + mark(report.isSignedOnce())
                : report.count() + " firme ✗";
    }

    private static String level(byte[] pdf) {
        String text = new String(pdf, StandardCharsets.ISO_8859_1);
        Matcher part = PDFA_PART.matcher(text);
        Matcher conformance = PDFA_CONFORMANCE.matcher(text);
        return part.find() && conformance.find()
                ? "PDF/A-" + part.group(1) + conformance.group(1).toLowerCase(java.util.Locale.ROOT)
                : "?";
    }

    private static String state(JsonNode publications, String destination) {
        for (JsonNode delivery : publications.path("items")) {
            if (delivery.path("destination").asText().equals(destination)) {
                return delivery.path("state").asText();
            }
        }
        return null;
    }

    private static String workflow(JsonNode publications) {
        for (JsonNode delivery : publications.path("items")) {
            if (delivery.hasNonNull("workflowInstanceId")) {
                return delivery.path("workflowInstanceId").asText();
            }
        }
        return null;
    }
}
