package it.snodo.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import it.snodo.Shared;
import it.snodo.document.ValidationReport.Finding;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.transform.sax.SAXSource;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XdmNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** Our Schematron says of every document what the official one says, id by id, as often. */
class SchematronAgreementTest {

    private static final int MUTATIONS = Integer.getInteger("snodo.test.mutations", 300);
    private static final long SEED = Long.getLong("snodo.test.seed", 20260101L);

    private static Path fse;
    private static OfficialSchematron official;
    private static final Processor PROCESSOR = Xml.processor();
    private static Schematron ours;

    @BeforeAll
    static void compile() throws Exception {
        assumeTrue(Shared.dir("fse").isPresent(), "no official material here");
        fse = Shared.dir("fse").orElseThrow();
        official = OfficialSchematron.in(fse);
        ours = Schematron.compile(PROCESSOR, Files.readAllBytes(Path.of("xsd/rsa.sch")), "rsa.sch");
    }

    @Test
    void agrees_on_every_example_as_it_is_and_with_the_patient_id_mended() throws Exception {
        List<String> differences = new ArrayList<>();
        for (Path file : examples()) {
            byte[] cda = Files.readAllBytes(file);
            compare(file.getFileName().toString(), cda, differences);
            compare(file.getFileName() + " (mended)", mended(cda), differences);
        }
        assertThat(differences).isEmpty();
    }

    @Test
    void agrees_on_documents_spoiled_at_random() throws Exception {
        List<byte[]> sound = new ArrayList<>();
        for (Path file : examples()) {
            sound.add(mended(Files.readAllBytes(file)));
        }
        List<String> differences = new ArrayList<>();
        TreeMap<String, Integer> seen = new TreeMap<>();
        int unjudged = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            long seed = SEED + i;
            byte[] cda = CdaMutator.mutate(sound.get((int) (seed % sound.size())), seed);
            List<String> expected;
            try {
                expected = official.ids(cda);
            } catch (SaxonApiException e) {
                unjudged++; // the official conditions themselves break on it, so there is no verdict to agree with
                continue;
            }
            expected.forEach(id -> seen.merge(id, 1, Integer::sum));
            compare("seed " + seed, cda, differences);
        }
        System.out.println(MUTATIONS + " mutations, " + unjudged + " without official verdict, " + seen.size()
                + " different ids seen");
        if (MUTATIONS > 1000) {
            System.out.println(seen);
        }
        assertThat(differences).isEmpty();
        assertThat(unjudged).isLessThan(1 + MUTATIONS / 10);
    }

    @Test
    void the_official_schematron_can_take_our_place_and_says_the_same() throws Exception {
        Path file;
        try (Stream<Path> files = Files.list(fse.resolve("schematron"))) {
            file = files.findFirst().orElseThrow();
        }
        Schematron inPlace = Schematron.compile(PROCESSOR, Files.readAllBytes(file), file.toString());
        for (Path example : examples()) {
            byte[] cda = Files.readAllBytes(example);
            assertThat(ids(inPlace, cda)).as(example.toString()).isEqualTo(official.ids(cda));
        }
    }

    private static void compare(String name, byte[] cda, List<String> differences) throws Exception {
        List<String> expected = official.ids(cda);
        List<String> actual;
        try {
            actual = ids(ours, cda);
        } catch (SaxonApiException e) {
            actual = List.of(e.getMessage());
        }
        if (!expected.equals(actual)) {
            differences.add(name + ": official " + expected + " ours " + actual);
        }
    }

    private static List<String> ids(Schematron schematron, byte[] cda) throws Exception {
        XdmNode document = PROCESSOR
                .newDocumentBuilder()
                .build(new SAXSource(Xml.reader(), new InputSource(new ByteArrayInputStream(cda))));
        List<Finding> found = new ArrayList<>();
        schematron.check(document, found, found);
        return found.stream().map(Finding::id).sorted().toList();
    }

    private static List<Path> examples() throws Exception {
        try (Stream<Path> files = Files.walk(fse.resolve("examples"))) {
            return files.filter(f -> f.toString().endsWith(".xml")).sorted().toList();
        }
    }

    /** The older examples carry a patient id root that version 8.3 no longer takes. */
    static byte[] mended(byte[] cda) {
        return new String(cda, StandardCharsets.UTF_8)
                .replaceFirst(
                        "\"2\\.16\\.840\\.1\\.113883\\.2\\.9\\.2\\.4\\.3\\.2\"", "\"2.16.840.1.113883.2.9.4.3.2\"")
                .getBytes(StandardCharsets.UTF_8);
    }
}
