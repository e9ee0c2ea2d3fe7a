package it.snodo.document;

import org.xml.sax.Attributes;
import org.xml.sax.ContentHandler;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Passes what one parse reads to several readers. */
final class Tee extends DefaultHandler {

    private final ContentHandler[] readers;

    Tee(ContentHandler... readers) {
        this.readers = readers;
    }

    @Override
    public void setDocumentLocator(Locator locator) {
        for (ContentHandler reader : readers) {
            reader.setDocumentLocator(locator);
        }
    }

    @Override
    public void startDocument() throws SAXException {
        for (ContentHandler reader : readers) {
            reader.startDocument();
        }
    }

    @Override
    public void endDocument() throws SAXException {
        for (ContentHandler reader : readers) {
            reader.endDocument();
        }
    }

    @Override
    public void startPrefixMapping(String prefix, String uri) throws SAXException {
        for (ContentHandler reader : readers) {
            reader.startPrefixMapping(prefix, uri);
        }
    }

    @Override
    public void endPrefixMapping(String prefix) throws SAXException {
        for (ContentHandler reader : readers) {
            reader.endPrefixMapping(prefix);
        }
    }

    @Override
    public void startElement(String uri, String name, String qName, Attributes attributes) throws SAXException {
        for (ContentHandler reader : readers) {
            reader.startElement(uri, name, qName, attributes);
        }
    }

    @Override
    public void endElement(String uri, String name, String qName) throws SAXException {
        for (ContentHandler reader : readers) {
            reader.endElement(uri, name, qName);
        }
    }

    @Override
    public void characters(char[] text, int start, int length) throws SAXException {
        for (ContentHandler reader : readers) {
            reader.characters(text, start, length);
        }
    }

    @Override
    public void ignorableWhitespace(char[] text, int start, int length) throws SAXException {
        for (ContentHandler reader : readers) {
            reader.ignorableWhitespace(text, start, length);
        }
    }

    @Override
    public void processingInstruction(String target, String data) throws SAXException {
        for (ContentHandler reader : readers) {
            reader.processingInstruction(target, data);
        }
    }
}
