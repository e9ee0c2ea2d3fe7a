package it.snodo.simulator.aura;

import it.snodo.simulator.wire.Answer;
import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes SOAP 1.1 answers. */
final class Soap {
    static final String ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/";

    private Soap() {}

    static String namespace(String service) {
        return "http://" + service + ".central.services.auraws.aura.csi.it";
    }

    interface Content {
        void write(Soap.Xml xml) throws XMLStreamException;
    }

    /** A writer that leaves out what is null. */
    static final class Xml {
        private final XMLStreamWriter out;
        private final String namespace;

        private Xml(XMLStreamWriter out, String namespace) {
            this.out = out;
            this.namespace = namespace;
        }

        Xml open(String name) throws XMLStreamException {
            out.writeStartElement("", name, namespace);
            return this;
        }

        Xml openIn(String other, String name) throws XMLStreamException {
            out.writeStartElement("m", name, other);
            out.writeNamespace("m", other);
            return this;
        }

        Xml leaf(String name, String value) throws XMLStreamException {
            if (value != null) {
                out.writeStartElement("", name, namespace);
                out.writeCharacters(value);
                out.writeEndElement();
            }
            return this;
        }

        /** An element without namespace. */
        Xml plain(String name, String value) throws XMLStreamException {
            out.writeStartElement("", name, "");
            out.writeDefaultNamespace("");
            out.writeCharacters(value);
            out.writeEndElement();
            return this;
        }

        Xml close() throws XMLStreamException {
            out.writeEndElement();
            return this;
        }
    }

    /** {@code <operation>Response/<operation>Result} with that content. */
    static Answer result(String service, String operation, Content content) {
        String namespace = namespace(service);
        return write(200, out -> {
            out.writeStartElement("", operation + "Response", namespace);
            out.writeDefaultNamespace(namespace);
            out.writeStartElement("", operation + "Result", namespace);
            content.write(new Xml(out, namespace));
        });
    }

    static Answer fault(int status, String reason) {
        return write(status, out -> {
            out.writeStartElement("soap", "Fault", ENVELOPE);
            out.writeStartElement("faultcode");
            out.writeCharacters("soap:Client");
            out.writeEndElement();
            out.writeStartElement("faultstring");
            out.writeCharacters(reason);
        });
    }

    private interface Body {
        void write(XMLStreamWriter out) throws XMLStreamException;
    }

    private static Answer write(int status, Body body) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter out = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            out.writeStartDocument("UTF-8", "1.0");
            out.writeStartElement("soap", "Envelope", ENVELOPE);
            out.writeNamespace("soap", ENVELOPE);
            out.writeStartElement("soap", "Body", ENVELOPE);
            body.write(out);
            out.writeEndDocument();
            out.flush();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return Answer.text(status, "text/xml; charset=UTF-8", text.toString());
    }
}
