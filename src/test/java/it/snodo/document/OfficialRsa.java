package it.snodo.document;

import it.snodo.Shared;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XPathSelector;
import net.sf.saxon.s9api.XdmDestination;
import net.sf.saxon.s9api.XdmItem;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.Xslt30Transformer;
import net.sf.saxon.s9api.XsltExecutable;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.w3c.dom.ls.LSInput;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** What the Ministry validates with: its schema, its Schematron, its code tables. Read where they are, never copied. */
final class OfficialRsa {

    private static Optional<OfficialRsa> instance;

    private final Processor processor = new Processor(false);
    private final Schema schema;
    private final XsltExecutable schematron;
    private final Map<String, Set<String>> codes = new HashMap<>();

    /** Empty where the official files are not present. */
    static synchronized Optional<OfficialRsa> find() {
        if (instance == null) {
            instance = Shared.dir("fse").map(OfficialRsa::new);
        }
        return instance;
    }

    private OfficialRsa(Path fse) {
        try {
            schema = schema(fse.resolve("xsd/POCD_MT000040UV02"));
            schematron = schematron(fse.resolve("schematron/schematron_RSA_v8.3.sch"));
            try (Stream<Path> files = Files.list(fse.resolve("terminology"))) {
                for (Path file :
                        files.filter(name -> name.toString().endsWith(".csv")).toList()) {
                    String system = file.getFileName().toString().replaceFirst("\\.csv$", "");
                    codes.put(system, codesOf(file));
                }
            }
        } catch (IOException | SAXException | SaxonApiException e) {
            throw new IllegalStateException("the official files cannot be used", e);
        }
    }

    /** Everything the Ministry would say of this document, warnings too; empty when it is content. */
    List<String> findings(byte[] cda) {
        try {
            List<String> findings = new ArrayList<>(schemaErrors(cda));
            XdmNode document = processor.newDocumentBuilder().build(new StreamSource(new ByteArrayInputStream(cda)));
            findings.addAll(schematronFindings(document));
            findings.addAll(unknownCodes(document));
            return findings;
        } catch (SaxonApiException | SAXException | IOException e) {
            throw new IllegalStateException(new String(cda, StandardCharsets.UTF_8), e);
        }
    }

    private List<String> schemaErrors(byte[] cda) throws SAXException, IOException {
        List<String> errors = new ArrayList<>();
        Validator validator = schema.newValidator();
        validator.setErrorHandler(new DefaultHandler() {
            @Override
            public void error(SAXParseException e) {
                errors.add("XSD " + e.getLineNumber() + ": " + e.getMessage());
            }
        });
        validator.validate(new StreamSource(new ByteArrayInputStream(cda)));
        return errors;
    }

    private List<String> schematronFindings(XdmNode document) throws SaxonApiException {
        XdmDestination svrl = new XdmDestination();
        Xslt30Transformer transformer = schematron.load30();
        transformer.setGlobalContextItem(document);
        transformer.applyTemplates(document, svrl);
        return strings(
                svrl.getXdmNode(),
                "//*:failed-assert/('SCH ' || normalize-space(*:text)), //*:successful-report/('SCH ' || normalize-space(*:text))");
    }

    private List<String> unknownCodes(XdmNode document) throws SaxonApiException {
        return strings(document, "//*[@code and @codeSystem]/(@codeSystem || ' ' || @code)").stream()
                .filter(pair -> {
                    String[] parts = pair.split(" ", 2);
                    return codes.containsKey(parts[0]) && !codes.get(parts[0]).contains(parts[1]);
                })
                .map(pair -> "CODE " + pair)
                .toList();
    }

    private List<String> strings(XdmNode node, String path) throws SaxonApiException {
        XPathSelector selector = processor.newXPathCompiler().compile(path).load();
        selector.setContextItem(node);
        return selector.stream().map(XdmItem::getStringValue).toList();
    }

    private static Set<String> codesOf(Path file) throws IOException {
        Set<String> found = new HashSet<>();
        try (Reader reader = Files.newBufferedReader(file)) {
            for (CSVRecord row : CSVFormat.DEFAULT
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .get()
                    .parse(reader)) {
                found.add(row.get("code"));
            }
        }
        return found;
    }

    /** A file of the schema: CDA.xsd includes coreschemas/…, the files lie flat, so by its base name. */
    static LSInput file(String publicId, Path folder, String systemId) {
        Path file = folder.resolve(systemId.substring(systemId.lastIndexOf('/') + 1));
        LSInput input = CdaSchemas.LS.createLSInput();
        input.setPublicId(publicId);
        input.setSystemId(file.toUri().toString());
        try {
            input.setCharacterStream(new StringReader(Files.readString(file).replace("\uFEFF", "")));
        } catch (IOException e) {
            throw new IllegalStateException(file + " cannot be read", e);
        }
        return input;
    }

    private static Schema schema(Path folder) throws SAXException {
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        factory.setResourceResolver((type, namespace, publicId, systemId, baseUri) ->
                systemId == null ? null : file(publicId, folder, systemId));
        return factory.newSchema(folder.resolve("CDA.xsd").toFile());
    }

    /** SchXslt's pipeline: resolve inclusions, expand abstract patterns, compile; one rule a node in each pattern. */
    private XsltExecutable schematron(Path file) throws SaxonApiException {
        Source source = new StreamSource(file.toFile());
        for (String step : List.of("include", "expand", "compile-for-svrl")) {
            String location =
                    OfficialRsa.class.getResource("/xslt/2.0/" + step + ".xsl").toString();
            XdmDestination result = new XdmDestination();
            Xslt30Transformer transformer = processor
                    .newXsltCompiler()
                    .compile(new StreamSource(location))
                    .load30();
            XdmNode input = processor.newDocumentBuilder().build(source);
            transformer.setGlobalContextItem(input);
            transformer.applyTemplates(input, result);
            source = result.getXdmNode().asSource();
        }
        return processor.newXsltCompiler().compile(source);
    }
}
