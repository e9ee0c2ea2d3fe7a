package it.snodo.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import it.snodo.Shared;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.validation.ValidatorHandler;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;

/** Plain CDA R2 with our table of differences takes and refuses what the official schemas do. */
class SchemaAgreementTest {

    private static final int MUTATIONS = Integer.getInteger("snodo.test.mutations", 300);
    private static final long SEED = Long.getLong("snodo.test.seed", 20260101L);

    private static Path fse;
    private static CdaSchemas official;
    private static final CdaSchemas OURS = new CdaSchemas(null);

    @BeforeAll
    static void open() {
        assumeTrue(Shared.dir("fse/xsd").isPresent(), "no official schemas here");
        fse = Shared.dir("fse").orElseThrow();
        official = new CdaSchemas(fse.resolve("xsd"));
    }

    @Test
    void agrees_on_every_example_under_both_type_ids() throws Exception {
        for (Path file : examples()) {
            for (String typeId : CdaSchemas.KNOWN) {
                byte[] cda = as(typeId, Files.readAllBytes(file));
                assertThat(errors(OURS, typeId, cda)).as(file + " " + typeId).isEqualTo(errors(official, typeId, cda));
            }
        }
    }

    @Test
    void agrees_on_documents_spoiled_at_random() throws Exception {
        List<Path> files = examples();
        List<String> differences = new ArrayList<>();
        int invalid = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            long seed = SEED + i;
            String typeId = CdaSchemas.KNOWN.get(seed % 3 == 0 ? 1 : 0);
            byte[] sound = Files.readAllBytes(files.get((int) (seed % files.size())));
            byte[] cda = as(typeId, CdaMutator.mutate(sound, seed));
            List<String> expected = errors(official, typeId, cda);
            List<String> actual = errors(OURS, typeId, cda);
            invalid += expected.isEmpty() ? 0 : 1;
            if (expected.isEmpty() != actual.isEmpty()) {
                differences.add("seed " + seed + " " + typeId + ": official " + expected + " ours " + actual);
            }
        }
        System.out.println(MUTATIONS + " mutations, " + invalid + " invalid");
        assertThat(differences).isEmpty();
        assertThat(invalid).isBetween(MUTATIONS / 5, MUTATIONS * 4 / 5);
    }

    private static List<String> errors(CdaSchemas schemas, String typeId, byte[] cda) throws Exception {
        ValidatorHandler validator = schemas.validator(typeId);
        List<String> errors = new ArrayList<>();
        validator.setErrorHandler(new ErrorHandler() {
            @Override
            public void warning(SAXParseException e) {}

            @Override
            public void error(SAXParseException e) {
                // expected-element lists may name types differently; the place and the kind are what must agree
                errors.add(e.getLineNumber() + ":" + e.getColumnNumber() + " "
                        + e.getMessage().replaceAll(":.*", ""));
            }

            @Override
            public void fatalError(SAXParseException e) {
                errors.add("fatal " + e.getMessage());
            }
        });
        XMLReader reader = Xml.reader();
        reader.setContentHandler(validator);
        reader.parse(new InputSource(new ByteArrayInputStream(cda)));
        return errors;
    }

    private static byte[] as(String typeId, byte[] cda) {
        return new String(cda, StandardCharsets.UTF_8)
                .replaceAll("extension=\"POCD_MT000040UV02\"", "extension=\"" + typeId + "\"")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static List<Path> examples() throws Exception {
        try (Stream<Path> files = Files.walk(fse.resolve("examples"))) {
            return files.filter(f -> f.toString().endsWith(".xml")).sorted().toList();
        }
    }
}
