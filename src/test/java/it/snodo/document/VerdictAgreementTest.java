package it.snodo.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import it.snodo.Shared;
import it.snodo.config.ConfigFolder;
import it.snodo.document.ValidationReport.Finding;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import net.sf.saxon.s9api.SaxonApiException;
import org.junit.jupiter.api.Test;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * The hub's whole verdict on documents written in unusual ways (prefixes, encodings, comments, CDATA, other types and
 * null flavours, sections twice) is that of the official schema and Schematron, run by tools of their own.
 */
class VerdictAgreementTest {

    private static final int DOCUMENTS = Integer.getInteger("snodo.test.mutations", 200);
    private static final long SEED = Long.getLong("snodo.test.seed", 20261122L);

    private record Verdict(boolean schema, List<String> ids) {}

    @Test
    void a_document_written_otherwise_has_the_official_verdict() throws Exception {
        assumeTrue(Shared.dir("fse/xsd").isPresent(), "no official files here");
        Path fse = Shared.dir("fse").orElseThrow();
        OfficialSchematron schematron = OfficialSchematron.in(fse);
        Schema schema = schema(fse.resolve("xsd/POCD_MT000040UV02"));
        CdaValidator ours = CdaValidator.of(new ConfigFolder(Path.of(".")), null, null, null);
        List<byte[]> sound = new ArrayList<>();
        try (Stream<Path> files = Files.walk(fse.resolve("examples"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".xml")).sorted().toList()) {
                sound.add(SchematronAgreementTest.mended(Files.readAllBytes(file)));
            }
        }
        List<String> differences = new ArrayList<>();
        int unreadable = 0;
        int broken = 0;
        int valid = 0;
        for (int i = 0; i < DOCUMENTS; i++) {
            long seed = SEED + i;
            byte[] cda = sound.get((int) (seed % sound.size()));
            if (seed % 4 == 0) {
                cda = CdaMutator.mutate(cda, seed);
            }
            cda = CdaTextMutator.mutate(cda, seed);
            ValidationReport report = ours.validate(cda);
            if (report.schema().stream().anyMatch(error -> error.contains("typeId"))) {
                continue; // the gateway has no schema for it, and the official file alone does not say so
            }
            Verdict verdict;
            try {
                boolean good = valid(schema, cda);
                verdict = new Verdict(good, schematron.ids(cda));
            } catch (SAXException e) {
                unreadable++;
                if (report.schema().isEmpty()) {
                    differences.add("seed " + seed + ": not readable, " + e.getMessage());
                }
                continue;
            } catch (SaxonApiException e) {
                // The official conditions break on it: no ids to agree with, and never a yes.
                broken++;
                if (report.schema().isEmpty() && report.failed().isEmpty()) {
                    differences.add("seed " + seed + ": official breaks, ours is content. " + e.getMessage());
                }
                continue;
            }
            Verdict mine = new Verdict(
                    report.schema().isEmpty(),
                    Stream.concat(report.failed().stream(), report.warnings().stream())
                            .map(Finding::id)
                            .sorted()
                            .toList());
            valid += verdict.schema && verdict.ids.isEmpty() ? 1 : 0;
            if (!mine.equals(verdict)) {
                differences.add("seed " + seed + ": official " + verdict + " ours " + mine + " " + report.schema());
            }
        }
        System.out.println(DOCUMENTS + " documents: " + valid + " valid, " + unreadable + " not readable, " + broken
                + " where the official conditions break");
        assertThat(differences).isEmpty();
        assertThat(valid).isPositive();
    }

    /** By the JDK's own validator; what cannot be parsed, or has another typeId, is thrown. */
    private static boolean valid(Schema schema, byte[] cda) throws Exception {
        List<String> errors = new ArrayList<>();
        Validator validator = schema.newValidator();
        validator.setErrorHandler(new DefaultHandler() {
            @Override
            public void error(SAXParseException e) {
                errors.add(e.getMessage());
            }
        });
        validator.validate(new StreamSource(new ByteArrayInputStream(cda)));
        return errors.isEmpty();
    }

    private static Schema schema(Path folder) throws Exception {
        SchemaFactory factory = SchemaFactory.newDefaultInstance();
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "all");
        factory.setResourceResolver((type, namespace, publicId, systemId, base) ->
                systemId == null ? null : OfficialRsa.file(publicId, folder, systemId));
        return factory.newSchema(folder.resolve("CDA.xsd").toFile());
    }
}
