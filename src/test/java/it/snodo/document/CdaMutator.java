package it.snodo.document;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.w3c.dom.ls.DOMImplementationLS;
import org.w3c.dom.ls.LSOutput;

/**
 * Spoils a CDA in small ways that a source system could: something missing, twice, elsewhere, of another code system. The
 * same seed spoils it the same way.
 */
final class CdaMutator {

    private static final String HL7 = "urn:hl7-org:v3";
    private static final String[] ATTRIBUTES = {
        "use",
        "classCode",
        "moodCode",
        "nullFlavor",
        "code",
        "codeSystem",
        "codeSystemName",
        "displayName",
        "typeCode",
        "value",
        "root",
        "extension"
    };
    private static final String[] ELEMENTS = {
        "delimiter",
        "prefix",
        "suffix",
        "translation",
        "originalText",
        "reference",
        "high",
        "low",
        "observation",
        "act",
        "entryRelationship",
        "text",
        "value",
        "name",
        "given",
        "family",
        "telecom",
        "addr",
        "id",
        "code",
        "statusCode",
        "effectiveTime",
        "desc",
        "functionCode",
        "supply",
        "procedure",
        "organizer",
        "substanceAdministration",
        "playingEntity",
        "table"
    };
    private static final String[] VALUES = {
        "",
        "IT",
        "H",
        "HP",
        "HV",
        "WP",
        "EVN",
        "PRP",
        "INT",
        "OBS",
        "ACT",
        "CLUSTER",
        "SBADM",
        "UNK",
        "NI",
        "NP",
        "SUBJ",
        "REFR",
        "MFST",
        "COMP",
        "completed",
        "active",
        "aborted",
        "suspended",
        "new",
        "1",
        "2",
        "01",
        "3.5",
        "x",
        "20200101",
        "20300101000000+0100",
        "19500101",
        "PPRF",
        "SPRF",
        "PRF",
        "PROG",
        "DIR",
        "S",
        "N",
        "R",
        "V",
        "M",
        "F",
        "it-IT",
        "LOINC",
        "nota di consulto",
        "Nota di Consulto",
        "rssmra80a01h501u",
        "RSSMRA80A01H501U",
        "RSSMRA80A01H501",
        "2.16.840.1.113883.2.9.2.10.4.1",
        "2.16.840.1.113883.2.9.2.10.4.1.1",
        "2.16.840.1.113883.2.9.2.40.4.1",
        "2.16.840.1.113883.2.9.2.200.4.1.1",
        "2.16.840.1.113883.2.9.4.3.2",
        "2.16.840.1.113883.2.9.4.3.7",
        "2.16.840.1.113883.2.9.4.3.3",
        "2.16.840.1.113883.2.9.4.3.15",
        "2.16.840.1.113883.2.9.4.3.17",
        "2.16.840.1.113883.2.9.4.3.18",
        "2.16.840.1.113883.6.1",
        "2.16.840.1.113883.6.103",
        "2.16.840.1.113883.6.73",
        "2.16.840.1.113883.2.9.6.1.5",
        "2.16.840.1.113883.2.9.6.1.51",
        "2.16.840.1.113883.5.4",
        "2.16.840.1.113883.5.7",
        "2.16.840.1.113883.5.1063",
        "2.16.840.1.113883.2.9.77.22.11.2",
        "2.16.840.1.113883.2.9.77.22.11.7",
        "89261-2",
        "33999-4",
        "LA16666-2",
        "LA18632-2",
        "LA28752-6",
        "LA18821-1",
        "35267-4",
        "39016-1",
        "57827-8",
        "48765-2",
        "10160-0",
        "75326-9",
        "52473-6",
        "75321-0",
        "48767-8",
        "29299-5",
        "11329-0",
        "62387-6",
        "47045-0"
    };

    private static final String[] PATIENT_IDS = {
        "2.16.840.1.113883.2.9.2.10.4.1", "2.16.840.1.113883.2.9.2.10.4.1.1", "2.16.840.1.113883.2.9.2.40.4.1",
        "2.16.840.1.113883.2.9.2.200.4.1.1", "2.16.840.1.113883.2.9.4.3.2", "2.16.840.1.113883.2.9.4.3.7",
        "2.16.840.1.113883.2.9.4.3.3", "2.16.840.1.113883.2.9.4.3.15", "2.16.840.1.113883.2.9.4.3.17",
        "2.16.840.1.113883.2.9.4.3.18"
    };

    private final Random random;
    private final Document document;
    private final List<Element> elements = new ArrayList<>();

    private CdaMutator(byte[] cda, long seed) throws Exception {
        random = new Random(seed);
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        document = factory.newDocumentBuilder().parse(new ByteArrayInputStream(cda));
    }

    /** One to three changes, chosen by the seed. */
    static byte[] mutate(byte[] cda, long seed) throws Exception {
        CdaMutator mutator = new CdaMutator(cda, seed);
        int changes = 1 + mutator.random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            mutator.change();
        }
        DOMImplementationLS ls = (DOMImplementationLS) mutator.document.getImplementation();
        LSOutput output = ls.createLSOutput();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        output.setByteStream(bytes);
        output.setEncoding("UTF-8");
        ls.createLSSerializer().write(mutator.document, output);
        return bytes.toByteArray();
    }

    private void change() {
        elements.clear();
        NodeList all = document.getElementsByTagNameNS("*", "*");
        for (int i = 1; i < all.getLength(); i++) {
            elements.add((Element) all.item(i));
        }
        // Half of the changes fall on what the rules look at: the header and the coded entries, not the narrative.
        Element e = pick(elements);
        for (int tries = 0; tries < 3 && inNarrative(e); tries++) {
            e = pick(elements);
        }
        Node parent = e.getParentNode();
        switch (random.nextInt(12)) {
            case 0, 1 -> parent.removeChild(e);
            case 2, 3 -> parent.insertBefore(e.cloneNode(true), e);
            case 4 -> parent.insertBefore(e, pick(children(parent)));
            case 5 -> {
                Attr a = attribute(e);
                if (a != null) {
                    e.removeAttributeNode(a);
                }
            }
            case 6 -> {
                Attr a = attribute(e);
                if (a != null) {
                    a.setValue(random.nextInt(3) == 0 ? "" : pick(VALUES));
                }
            }
            case 7 -> {
                Attr a = attribute(e);
                Attr b = attribute(pick(elements), a == null ? "code" : a.getName());
                if (a != null && b != null) {
                    a.setValue(b.getValue());
                }
            }
            case 8 -> e.setAttribute(pick(ATTRIBUTES), pick(VALUES));
            case 9 -> e.insertBefore(document.createElementNS(HL7, pick(ELEMENTS)), e.getFirstChild());
            case 10 -> address();
            default -> {
                Element other = pick(elements);
                e.appendChild(other.cloneNode(true));
            }
        }
    }

    /** Names, addresses and telecoms: what the general rules look at wherever they are. */
    private void address() {
        List<Element> some = elements.stream()
                .filter(e -> List.of("telecom", "addr", "name").contains(e.getLocalName()))
                .toList();
        Element e = pick(some);
        NodeList patient = document.getElementsByTagNameNS(HL7, "patientRole");
        if (random.nextInt(3) == 0 && patient.getLength() > 0) {
            Element id = document.createElementNS(HL7, "id");
            id.setAttribute("root", pick(PATIENT_IDS));
            id.setAttribute("extension", "RSSMRA80A01H501U");
            Node role = patient.item(0);
            role.insertBefore(id, role.getFirstChild());
        } else if (e.getLocalName().equals("name")) {
            e.appendChild(document.createElementNS(HL7, pick(new String[] {"delimiter", "prefix", "suffix"})));
        } else {
            e.setAttribute("use", pick(new String[] {"H", "HP", "HV", "WP", ""}));
        }
    }

    private boolean inNarrative(Node e) {
        for (Node n = e; n != null; n = n.getParentNode()) {
            if ("text".equals(n.getLocalName())
                    && "section".equals(n.getParentNode().getLocalName())) {
                return true;
            }
        }
        return false;
    }

    private Attr attribute(Element e) {
        int count = e.getAttributes().getLength();
        return count == 0 ? null : (Attr) e.getAttributes().item(random.nextInt(count));
    }

    private Attr attribute(Element near, String name) {
        List<Element> with = new ArrayList<>();
        for (Element e : elements) {
            if (e.hasAttribute(name)) {
                with.add(e);
            }
        }
        return with.isEmpty() ? null : pick(with).getAttributeNode(name);
    }

    private static List<Node> children(Node parent) {
        List<Node> children = new ArrayList<>();
        for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
            children.add(n);
        }
        return children;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }
}
