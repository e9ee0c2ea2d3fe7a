package it.snodo.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.sax.SAXSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.XMLReader;

/** Judges XML by a schema of the editable folder. No document type, no entity and no outside file is ever read. */
public final class FolderSchema {

    private static final int ENOUGH = 50;

    private final Watched<Schema> schema;
    private final ThreadLocal<Compiled> compiled = new ThreadLocal<>();

    /** @param file such as {@code xsd/certificate-request.xsd} */
    public FolderSchema(ConfigFolder folder, String file) {
        schema = new Watched<>(folder, List.of(file), from -> read(from, file));
    }

    /** What is wrong with the bytes, each with its line and column, at most fifty; empty when they fit. */
    public List<String> validate(byte[] xml) {
        Compiled mine = compiled();
        List<String> errors = new ArrayList<>();
        mine.validator.setErrorHandler(new Collector(errors));
        try {
            InputSource source = new InputSource(new ByteArrayInputStream(xml));
            mine.validator.validate(new SAXSource(mine.reader, source));
        } catch (SAXParseException e) {
            if (errors.isEmpty()) {
                errors.add(Collector.text(e));
            }
        } catch (SAXException e) {
            errors.add(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory can always be read", e);
        }
        return errors;
    }

    /** A validator costs far more than a validation, and belongs to one thread. */
    private Compiled compiled() {
        Schema current = schema.get();
        Compiled mine = compiled.get();
        if (mine == null || mine.schema != current) {
            mine = new Compiled(current, current.newValidator(), reader());
            compiled.set(mine);
        }
        return mine;
    }

    private static XMLReader reader() {
        try {
            SAXParserFactory factory = SAXParserFactory.newDefaultNSInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newSAXParser().getXMLReader();
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException("the platform's own parser knows these features", e);
        }
    }

    private static Schema read(ConfigFolder folder, String file) {
        try {
            SchemaFactory factory = SchemaFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            return factory.newSchema(
                    new StreamSource(new ByteArrayInputStream(folder.read(file)), folder.systemId(file)));
        } catch (SAXParseException e) {
            throw new IllegalStateException(file + ": " + Collector.text(e), e);
        } catch (SAXException e) {
            throw new IllegalStateException(file + ": " + e.getMessage(), e);
        }
    }

    private record Compiled(Schema schema, Validator validator, XMLReader reader) {}

    private record Collector(List<String> errors) implements ErrorHandler {

        static String text(SAXParseException e) {
            return "riga " + e.getLineNumber() + ", colonna " + e.getColumnNumber() + ": " + e.getMessage();
        }

        private void add(SAXParseException e) {
            if (errors.size() < ENOUGH) {
                errors.add(text(e));
            }
        }

        @Override
        public void warning(SAXParseException e) {
            // A warning refuses nothing.
        }

        @Override
        public void error(SAXParseException e) {
            add(e);
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            add(e);
            throw e;
        }
    }
}
