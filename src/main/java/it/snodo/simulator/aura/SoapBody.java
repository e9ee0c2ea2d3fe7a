package it.snodo.simulator.aura;

import java.io.ByteArrayInputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What matters of a SOAP 1.1 request: the operation and the texts of its leaves, by local name (the first of a name
 * counts), and the UsernameToken.
 */
record SoapBody(String operation, Map<String, String> leaves, String username, String password) {

    /** Reads a request; null when it is no SOAP. No DOCTYPE, nothing from outside. */
    static SoapBody read(byte[] xml) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        String operation = null;
        String username = "";
        String password = "";
        Map<String, String> leaves = new LinkedHashMap<>();
        boolean inBody = false;
        String open = null;
        StringBuilder text = new StringBuilder();
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.DTD -> {
                        return null;
                    }
                    case XMLStreamConstants.START_ELEMENT -> {
                        String name = reader.getLocalName();
                        if (inBody && operation == null) {
                            operation = name;
                        }
                        inBody |= name.equals("Body");
                        open = name;
                        text.setLength(0);
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                    case XMLStreamConstants.END_ELEMENT -> {
                        String name = reader.getLocalName();
                        if (name.equals(open)) {
                            String value = text.toString().trim();
                            if (inBody) {
                                leaves.putIfAbsent(name, value);
                            } else if (name.equals("Username")) {
                                username = value;
                            } else if (name.equals("Password")) {
                                password = value;
                            }
                        }
                        open = null;
                    }
                    default -> {}
                }
            }
        } catch (XMLStreamException e) {
            return null;
        }
        return operation == null ? null : new SoapBody(operation, leaves, username, password);
    }

    /** The text of the first of these leaves that is there; the empty string when none is. */
    String first(String... names) {
        for (String name : names) {
            String value = leaves.get(name);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    @Override
    public String toString() {
        return "SoapBody[" + operation + "]";
    }
}
