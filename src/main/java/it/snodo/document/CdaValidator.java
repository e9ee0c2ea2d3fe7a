package it.snodo.document;

import com.ctc.wstx.stax.WstxInputFactory;
import it.snodo.config.ConfigFolder;
import it.snodo.config.Watched;
import it.snodo.document.ValidationReport.Finding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.validation.ValidatorHandler;
import net.sf.saxon.s9api.BuildingContentHandler;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XdmNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import org.xml.sax.ContentHandler;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;

/**
 * Checks a CDA as the FSE gateway does: schema, Schematron, code tables. All three are always done, so that a document is
 * mended in one go. The document is parsed once for all of them.
 *
 * <p>Safe to share between threads. An edit of {@code xsd/rsa.sch} or of a table in {@code mappings/codesystems/} takes
 * effect by itself.
 */
@Component
public class CdaValidator {

    /** The hub's Schematron, in the configuration folder. */
    static final String SCHEMATRON = "xsd/rsa.sch";

    private static final Logger LOG = LoggerFactory.getLogger(CdaValidator.class);
    private static final int MOST_ERRORS = 100;
    private static final XMLInputFactory PEEK = peek();

    private final ThreadLocal<XMLReader> readers = ThreadLocal.withInitial(Xml::reader);
    private final CdaSchemas schemas;
    private final Watched<Schematron> schematron;
    private final Watched<CodeTables> codes;

    @Autowired
    CdaValidator(ConfigFolder folder, ValidationProperties properties) {
        this(folder, properties.schema(), properties.schematron(), properties.terminology());
    }

    private CdaValidator(ConfigFolder folder, Path schema, Path schematronFile, Path terminology) {
        schemas = new CdaSchemas(schema);
        ConfigFolder home = schematronFile == null
                ? folder
                : folder.beside(schematronFile.toAbsolutePath().getParent());
        String name = schematronFile == null
                ? SCHEMATRON
                : schematronFile.getFileName().toString();
        if (schematronFile != null && !Files.isReadable(schematronFile)) {
            throw new IllegalArgumentException("Schematron non leggibile: " + schematronFile);
        }
        if (terminology != null && !Files.isDirectory(terminology)) {
            throw new IllegalArgumentException("Cartella dei sistemi di codifica inesistente: " + terminology);
        }
        if (schema != null && !Files.exists(schema)) {
            throw new IllegalArgumentException("Schemi CDA inesistenti: " + schema);
        }
        schematron = new Watched<>(home, List.of(name), f -> Schematron.compile(Xml.PROCESSOR, f.read(name), name));
        codes = new Watched<>(folder, CodeTables.files(folder), f -> CodeTables.read(f, terminology));
    }

    /**
     * A validator without Spring, for the command line and tests.
     *
     * @param folder where {@code xsd/} and {@code mappings/} are
     * @param schema official schemas (folder or file) in place of ours; null for ours
     * @param schematron official Schematron in place of ours; null for ours
     * @param terminology folder of code lists in place of ours; null for ours
     */
    public static CdaValidator of(ConfigFolder folder, Path schema, Path schematron, Path terminology) {
        return new CdaValidator(folder, schema, schematron, terminology);
    }

    /** Compiles what the first document would wait for. Called beside the start, not during it. */
    public void warm() {
        try {
            schematron.get();
            codes.get();
            CdaSchemas.KNOWN.forEach(schemas::validator);
        } catch (RuntimeException e) {
            LOG.error("Documents cannot be checked until this is mended: {}", e.getMessage());
        }
    }

    /**
     * Checks a document.
     *
     * @param cda the document's bytes, in the encoding that they declare
     * @return what was found; what is not well-formed, has a DOCTYPE or has an unknown typeId is a schema error
     */
    public ValidationReport validate(byte[] cda) {
        return check(cda).report();
    }

    /** As {@link #validate}, and keeps what was read for {@link PdfRenderer}. */
    public CheckedCda check(byte[] cda) {
        List<String> errors = new ArrayList<>();
        CodeCollector collector = new CodeCollector(codes.get());
        XdmNode document = parse(cda, collector, errors);
        if (document == null) {
            return new CheckedCda(cda, null, new ValidationReport(errors, List.of(), List.of(), List.of()));
        }
        List<Finding> failed = new ArrayList<>();
        List<Finding> warnings = new ArrayList<>();
        try {
            schematron.get().check(document, failed, warnings);
        } catch (SaxonApiException e) {
            errors.add("0:0 i controlli Schematron non sono applicabili al documento: " + e.getMessage());
        }
        return new CheckedCda(cda, document, new ValidationReport(errors, failed, warnings, collector.faults()));
    }

    /** The document as a tree, or null when it is not well-formed; schema and codes are checked on the way. */
    private XdmNode parse(byte[] cda, CodeCollector collector, List<String> errors) {
        XMLReader reader = readers.get();
        try {
            BuildingContentHandler tree = Xml.PROCESSOR.newDocumentBuilder().newBuildingContentHandler();
            String typeId = typeId(cda);
            ContentHandler schema = null;
            if (typeId != null && schemas.knows(typeId)) {
                ValidatorHandler validator = schemas.validator(typeId);
                validator.setErrorHandler(new Errors(errors));
                schema = validator;
            }
            reader.setContentHandler(schema == null ? new Tee(tree, collector) : new Tee(tree, collector, schema));
            reader.setErrorHandler(new Errors(new ArrayList<>()));
            reader.parse(new InputSource(new ByteArrayInputStream(cda)));
            if (schema == null) {
                errors.add("0:0 typeId " + (typeId == null ? "assente" : "'" + typeId + "' sconosciuto")
                        + ": il gateway conosce " + String.join(" e ", CdaSchemas.KNOWN));
            }
            return tree.getDocumentNode();
        } catch (SAXParseException e) {
            errors.add(Errors.text(e));
            return null;
        } catch (SAXException | IOException | SaxonApiException e) {
            errors.add("0:0 XML non leggibile: " + e.getMessage());
            return null;
        }
    }

    /** The extension of the first typeId, which chooses the schema; null when there is none to be found. */
    private static String typeId(byte[] cda) {
        try {
            XMLStreamReader xml = PEEK.createXMLStreamReader(new ByteArrayInputStream(cda));
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamReader.START_ELEMENT
                        && xml.getLocalName().equals("typeId")) {
                    return xml.getAttributeValue(null, "extension");
                }
            }
            return null;
        } catch (XMLStreamException | RuntimeException e) {
            return null; // the parse that follows says what is wrong
        }
    }

    private static XMLInputFactory peek() {
        // not the JDK's, that prints bytes it cannot decode to the standard error
        XMLInputFactory factory = new WstxInputFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    /** Keeps errors as {@code line:column message}; what is fatal ends the parse. */
    private record Errors(List<String> errors) implements ErrorHandler {

        @Override
        public void warning(SAXParseException e) {}

        @Override
        public void error(SAXParseException e) {
            if (errors.size() < MOST_ERRORS) {
                errors.add(text(e));
            }
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }

        static String text(SAXParseException e) {
            return Math.max(e.getLineNumber(), 0) + ":" + Math.max(e.getColumnNumber(), 0) + " " + e.getMessage();
        }
    }
}
