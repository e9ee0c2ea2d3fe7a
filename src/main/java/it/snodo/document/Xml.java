package it.snodo.document;

import java.io.ByteArrayInputStream;
import java.util.Locale;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.sax.SAXSource;
import net.sf.saxon.lib.Feature;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XdmNode;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;

/** XML parsers and processors that neither read a DOCTYPE nor reach out of the document. */
final class Xml {

    private static final SAXParserFactory PARSERS = parsers();

    /** The one that reads, checks and draws CDA documents: a tree is of use only to the processor that built it. */
    static final Processor PROCESSOR = processor();

    private Xml() {}

    /** A namespace-aware SAX parser; a DOCTYPE is a fatal error. */
    static XMLReader reader() {
        try {
            XMLReader reader = PARSERS.newSAXParser().getXMLReader();
            speakItalian(reader::setProperty);
            return reader;
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException("no secure XML parser", e);
        }
    }

    /** Has the JDK's parser or validator report in Italian, whatever the machine's locale. */
    static void speakItalian(Setter of) {
        try {
            of.setProperty("http://apache.org/xml/properties/locale", Locale.ITALIAN);
        } catch (SAXException e) {
            // another implementation: its messages stay in the language it chooses
        }
    }

    @FunctionalInterface
    interface Setter {
        void setProperty(String name, Object value) throws SAXException;
    }

    /** A Saxon processor that opens no address: no doc(), no unparsed-text(), no xsl:import from elsewhere. */
    static Processor processor() {
        Processor processor = new Processor(false);
        processor.setConfigurationProperty(Feature.ALLOWED_PROTOCOLS, "");
        processor.setConfigurationProperty(Feature.ALLOW_EXTERNAL_FUNCTIONS, false);
        processor.setConfigurationProperty(Feature.DTD_VALIDATION, false);
        return processor;
    }

    /**
     * The tree of a document that {@link #PROCESSOR} can work on.
     *
     * @throws SaxonApiException when it is not well-formed or has a DOCTYPE
     */
    static XdmNode tree(byte[] xml) throws SaxonApiException {
        return PROCESSOR
                .newDocumentBuilder()
                .build(new SAXSource(reader(), new InputSource(new ByteArrayInputStream(xml))));
    }

    private static SAXParserFactory parsers() {
        // The JDK's own parser by name: another one on the class path must not decide how safe we are.
        SAXParserFactory factory = SAXParserFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        Map<String, Boolean> features = Map.of(
                XMLConstants.FEATURE_SECURE_PROCESSING,
                true,
                "http://apache.org/xml/features/disallow-doctype-decl",
                true,
                "http://xml.org/sax/features/external-general-entities",
                false,
                "http://xml.org/sax/features/external-parameter-entities",
                false,
                "http://apache.org/xml/features/nonvalidating/load-external-dtd",
                false);
        features.forEach((name, value) -> {
            try {
                factory.setFeature(name, value);
            } catch (ParserConfigurationException | SAXException e) {
                throw new IllegalStateException("the XML parser cannot be secured: " + name, e);
            }
        });
        return factory;
    }
}
