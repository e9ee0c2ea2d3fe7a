package it.snodo.simulator.fse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.sax.SAXSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.w3c.dom.ls.DOMImplementationLS;
import org.w3c.dom.ls.LSInput;
import org.w3c.dom.ls.LSResourceResolver;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** One XML schema, loaded once. */
final class Xsd {
    static final String BROKEN = "Error while executing validation on xsd schema";

    private static final DOMImplementationLS LS = ls();

    private final Schema schema;

    private Xsd(Schema schema) {
        this.schema = schema;
    }

    /**
     * @param systemId address of the outermost schema file
     * @param resolver finds what it includes; null resolves relative addresses
     */
    static Xsd load(String systemId, LSResourceResolver resolver) {
        try {
            SchemaFactory factory = SchemaFactory.newDefaultInstance();
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "all");
            // the CDA types are deeper than the secure default allows
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, false);
            if (resolver != null) {
                factory.setResourceResolver(resolver);
            }
            return new Xsd(factory.newSchema(new StreamSource(systemId)));
        } catch (SAXException e) {
            throw new IllegalStateException("cannot load the schema " + systemId, e);
        }
    }

    /** A file that a schema includes. */
    static LSInput input(String publicId, Path file) {
        try {
            LSInput input = LS.createLSInput();
            input.setPublicId(publicId);
            input.setSystemId(file.toUri().toString());
            input.setByteStream(Files.newInputStream(file));
            return input;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DOMImplementationLS ls() {
        try {
            return (DOMImplementationLS) DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The errors, worded as the gateway does; none when the document is valid. */
    List<String> errors(SAXSource document) {
        Set<String> errors = new LinkedHashSet<>();
        Validator validator = schema.newValidator();
        validator.setErrorHandler(new ErrorHandler() {
            @Override
            public void warning(SAXParseException e) {}

            @Override
            public void error(SAXParseException e) {
                errors.add("ERROR: -1,-1 " + e.getMessage());
            }

            @Override
            public void fatalError(SAXParseException e) throws SAXException {
                throw e;
            }
        });
        try {
            validator.validate(document);
        } catch (SAXException | IOException e) {
            return List.of(BROKEN);
        }
        return new ArrayList<>(errors);
    }
}
