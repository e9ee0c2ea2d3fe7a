package it.snodo.simulator.aura;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A SOAP 1.1 request: its operation, what is in it, and the UsernameToken.
 *
 * @param operation the element in the Body
 * @param elements those below it, in their order, each with its path of local names
 * @param texts of the elements, by local name
 */
record SoapRequest(
        QName operation, List<Element> elements, Map<String, String> texts, String username, String password) {
    private static final String WSSE =
            "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";

    record Element(QName name, String path) {}

    /** Reads a request; null when it is no SOAP 1.1. No DOCTYPE, nothing from outside. */
    static SoapRequest read(byte[] xml) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        Deque<QName> open = new ArrayDeque<>();
        QName operation = null;
        List<Element> elements = new ArrayList<>();
        Map<String, String> texts = new LinkedHashMap<>();
        String username = "";
        String password = "";
        StringBuilder text = new StringBuilder();
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.DTD -> {
                        return null;
                    }
                    case XMLStreamConstants.START_ELEMENT -> {
                        QName name = reader.getName();
                        if (open.isEmpty() && !name.equals(new QName(Soap.ENVELOPE, "Envelope"))) {
                            return null;
                        }
                        open.addLast(name);
                        text.setLength(0);
                        if (inBody(open) && open.size() == 3) {
                            if (operation != null) {
                                return null;
                            }
                            operation = name;
                        } else if (inBody(open) && open.size() > 3) {
                            elements.add(new Element(name, path(open)));
                        }
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                    case XMLStreamConstants.END_ELEMENT -> {
                        String value = text.toString().trim();
                        QName name = open.peekLast();
                        if (inBody(open) && open.size() > 3) {
                            texts.putIfAbsent(name.getLocalPart(), value);
                        } else if (name.equals(new QName(WSSE, "Username"))) {
                            username = value;
                        } else if (name.equals(new QName(WSSE, "Password"))) {
                            password = value;
                        }
                        open.removeLast();
                        text.setLength(0);
                    }
                    default -> {}
                }
            }
        } catch (XMLStreamException e) {
            return null;
        }
        return operation == null ? null : new SoapRequest(operation, elements, texts, username, password);
    }

    private static boolean inBody(Deque<QName> open) {
        return open.size() >= 3 && new ArrayList<>(open).get(1).equals(new QName(Soap.ENVELOPE, "Body"));
    }

    private static String path(Deque<QName> open) {
        return String.join("/", open.stream().skip(3).map(QName::getLocalPart).toList());
    }

    /** The text of that element; the empty string when it is absent. */
    String text(String name) {
        return texts.getOrDefault(name, "");
    }

    /**
     * What a schema would say of it: elements in the service's namespace, known, in their order, each once.
     *
     * @param paths of all elements that may be there, in their order
     * @return the first fault; null when there is none
     */
    String fault(String namespace, List<String> paths) {
        if (!operation.getNamespaceURI().equals(namespace)) {
            return "Operazione " + operation + ": atteso il namespace " + namespace;
        }
        int last = -1;
        Set<String> seen = new HashSet<>();
        for (Element element : elements) {
            int place = paths.indexOf(element.path());
            if (place < 0 || !element.name().getNamespaceURI().equals(namespace)) {
                return "Elemento inatteso: " + element.name();
            }
            if (!seen.add(element.path())) {
                return "Elemento ripetuto: " + element.path();
            }
            if (place < last) {
                return "Elemento fuori ordine: " + element.path();
            }
            last = place;
        }
        return null;
    }

    @Override
    public String toString() {
        return "SoapRequest[" + operation.getLocalPart() + "]";
    }
}
