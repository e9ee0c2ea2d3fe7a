package it.snodo.publication;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.registry.CodiceFiscale;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Who the person is, as the published dispatcher checks it: the token's person_id must be one of the CDA's
 * patientRole/id, known by its extension; under the OID of the codice fiscale it must be one with the right check letter,
 * under any other (STP, ENI, TEAM) it may be anything.
 */
class PersonsAtTheGatewayTest {

    private static final String FISCAL_CODE = "2.16.840.1.113883.2.9.4.3.2";

    static List<Path> documents() {
        try (Stream<Path> folders = Files.list(Path.of("cda-templates/rsa/cases"))) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.resolve("expected.xml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void the_token_names_a_person_that_the_gateway_finds_in_the_document(Path file) throws Exception {
        byte[] cda = Files.readAllBytes(file);
        PublicationSubjects.CdaFacts facts = PublicationSubjects.CdaFacts.of(cda);
        Map<String, String> ids = new LinkedHashMap<>();
        for (Element id : patientIds(cda)) {
            String before = ids.put(id.getAttribute("extension"), id.getAttribute("root"));
            assertThat(before).as("two identifiers of one value").isNull();
        }
        assertThat(ids).isNotEmpty().doesNotContainKey("").doesNotContainValue("");
        assertThat(ids.get(facts.patientId())).isEqualTo(facts.patientOid());
        assertThat(ids.keySet().iterator().next())
                .as("the index takes the first")
                .isEqualTo(facts.patientId());
        assertThat(facts.patientId()).doesNotContain("^", "&", " ");
        if (facts.patientOid().equals(FISCAL_CODE)) {
            assertThat(CodiceFiscale.parse(facts.patientId(), CodiceFiscale.Strictness.CHECK)
                            .provisional())
                    .isFalse();
        }
    }

    private static List<Element> patientIds(byte[] cda) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        Document document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(cda));
        NodeList children =
                document.getElementsByTagNameNS("*", "patientRole").item(0).getChildNodes();
        return Stream.iterate(0, i -> i < children.getLength(), i -> i + 1)
                .map(children::item)
                .filter(node -> node instanceof Element && "id".equals(node.getLocalName()))
                .map(Element.class::cast)
                .toList();
    }
}
