package it.snodo.document;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.ls.DOMImplementationLS;
import org.w3c.dom.ls.LSOutput;

/**
 * Makes the variants of CDA R2 that the national gateway validates with out of the plain schema and a table of
 * differences ({@code cda-schema/differences.txt}, which explains its own lines).
 */
final class CdaSchemaVariant {

    private static final String XS = XMLConstants.W3C_XML_SCHEMA_NS_URI;
    private static final String MODEL = "POCD_MT000040.xsd";
    private static final String PREFIX = "POCD_MT000040.";
    private static final Pattern ITEM =
            Pattern.compile("(@?)((?:(?:sdtc|lab):)?\\w+)(!?)(?::([\\w.]+))?([?*]?)(?:=(\\S+))?");

    private final Map<String, Document> files = new LinkedHashMap<>();

    private CdaSchemaVariant(Map<String, byte[]> plain) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        for (Map.Entry<String, byte[]> file : plain.entrySet()) {
            files.put(file.getKey(), factory.newDocumentBuilder().parse(new ByteArrayInputStream(file.getValue())));
        }
    }

    /**
     * @param plain the plain schema's files by base name
     * @param differences the table's lines
     * @param variant which block of it, such as {@code POCD_MT000040UV02}
     * @return the variant's files by base name
     */
    static Map<String, byte[]> make(Map<String, byte[]> plain, List<String> differences, String variant) {
        try {
            CdaSchemaVariant schema = new CdaSchemaVariant(plain);
            boolean mine = false;
            for (String line : differences) {
                String fact = line.strip();
                if (fact.startsWith("[")) {
                    mine = fact.equals("[" + variant + "]");
                } else if (mine && !fact.isEmpty() && !fact.startsWith("#")) {
                    schema.apply(fact);
                }
            }
            return schema.bytes();
        } catch (Exception e) {
            throw new IllegalStateException("the CDA schema " + variant + " cannot be made", e);
        }
    }

    private void apply(String fact) {
        String[] sides = fact.split(": ", 2);
        if (fact.startsWith("codes ")) {
            codes(sides[0].substring("codes ".length()), sides[1]);
        } else if (fact.startsWith("type ")) {
            Matcher names = Pattern.compile("type (\\S+) extends (\\S+)").matcher(sides[0]);
            names.matches();
            newType(names.group(1), names.group(2), sides[1]);
        } else if (sides[1].startsWith("@")) {
            attribute(type(sides[0]), sides[1]);
        } else if (sides[1].endsWith(" instead")) {
            Element changed = element(type(sides[0]), sides[1].replace(" instead", ""));
            Element old = child(type(sides[0]), changed.getAttribute("name"));
            old.getParentNode().replaceChild(changed, old);
        } else {
            String[] place = sides[1].split(" after ");
            Element type = type(sides[0]);
            Node next = child(type, place[1]).getNextSibling();
            for (String item : place[0].split(", ")) {
                next.getParentNode().insertBefore(element(type, item), next);
            }
        }
    }

    private void newType(String name, String base, String items) {
        Document model = files.get(MODEL);
        Element type = create(model, "complexType");
        type.setAttribute("name", name);
        type.setAttribute("mixed", "true");
        Element extension = create(model, "extension");
        extension.setAttribute("base", base);
        Element sequence = create(model, "sequence");
        extension.appendChild(sequence);
        type.appendChild(create(model, "complexContent")).appendChild(extension);
        for (String item : items.split(", ")) {
            if (item.startsWith("@")) {
                attribute(extension, item);
            } else {
                sequence.appendChild(element(extension, item));
            }
        }
        model.getDocumentElement().appendChild(type);
    }

    /** An element declaration, or a reference when it has no type. */
    private Element element(Element type, String item) {
        Matcher parts = parts(item);
        Element element = create(type.getOwnerDocument(), "element");
        if (parts.group(4) == null) {
            element.setAttribute("ref", parts.group(2));
        } else {
            element.setAttribute("name", parts.group(2));
            element.setAttribute("type", typeName(parts.group(4)));
        }
        if (!parts.group(5).isEmpty()) {
            element.setAttribute("minOccurs", "0");
        }
        if (parts.group(5).equals("*")) {
            element.setAttribute("maxOccurs", "unbounded");
        }
        return element;
    }

    private void attribute(Element type, String item) {
        Matcher parts = parts(item);
        Element attribute = create(type.getOwnerDocument(), "attribute");
        attribute.setAttribute("name", parts.group(2));
        attribute.setAttribute("type", parts.group(4));
        if (!parts.group(3).isEmpty()) {
            attribute.setAttribute("use", "required");
        }
        if (parts.group(6) != null) {
            attribute.setAttribute("fixed", parts.group(6));
        }
        for (Element old : descendants(type, "attribute")) {
            if (old.getAttribute("name").equals(parts.group(2))) {
                old.getParentNode().replaceChild(attribute, old);
                return;
            }
        }
        type.appendChild(attribute);
    }

    private void codes(String name, String list) {
        Element type = find("simpleType", name);
        Set<String> more = new LinkedHashSet<>();
        Set<String> less = new LinkedHashSet<>();
        boolean whole = !list.startsWith("+") && !list.startsWith("-");
        Set<String> into = more;
        for (String word : list.split(" ")) {
            if (word.equals("+") || word.equals("-")) {
                into = word.equals("+") ? more : less;
            } else {
                into.add(word);
            }
        }
        if (type == null) {
            type = create(files.get("voc.xsd"), "simpleType");
            type.setAttribute("name", name);
            files.get("voc.xsd").getDocumentElement().appendChild(type);
        }
        Set<String> all = new LinkedHashSet<>();
        if (!whole) {
            collect(type, all);
            all.removeAll(less);
        }
        all.addAll(more);
        while (type.hasChildNodes()) {
            type.removeChild(type.getFirstChild());
        }
        Element restriction = create(type.getOwnerDocument(), "restriction");
        restriction.setAttribute("base", "cs");
        for (String code : all) {
            Element value = create(type.getOwnerDocument(), "enumeration");
            value.setAttribute("value", code);
            restriction.appendChild(value);
        }
        type.appendChild(restriction);
    }

    /** Every code that a value list takes, its own and those of the lists it is made of. */
    private void collect(Element type, Set<String> codes) {
        for (Element value : descendants(type, "enumeration")) {
            codes.add(value.getAttribute("value"));
        }
        for (Element union : descendants(type, "union")) {
            for (String member : union.getAttribute("memberTypes").split("\\s+")) {
                Element list = member.isEmpty() ? null : find("simpleType", member);
                if (list != null) {
                    collect(list, codes);
                }
            }
        }
    }

    private Element type(String name) {
        Element type = find("complexType", typeName(name));
        if (type == null) {
            throw new IllegalArgumentException("no type " + name);
        }
        return type;
    }

    /** {@code Act} means the model's type {@code POCD_MT000040.Act}; {@code CE} is what it says. */
    private String typeName(String name) {
        return find("complexType", PREFIX + name) == null ? name : PREFIX + name;
    }

    private Element find(String kind, String name) {
        for (Document file : files.values()) {
            for (Node n = file.getDocumentElement().getFirstChild(); n != null; n = n.getNextSibling()) {
                if (n instanceof Element e
                        && kind.equals(e.getLocalName())
                        && e.getAttribute("name").equals(name)) {
                    return e;
                }
            }
        }
        return null;
    }

    private static Element child(Element type, String name) {
        return descendants(type, "element").stream()
                .filter(e -> e.getAttribute("name").equals(name)
                        || e.getAttribute("ref").equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type.getAttribute("name") + " has no " + name));
    }

    private static List<Element> descendants(Element type, String kind) {
        var nodes = type.getElementsByTagNameNS(XS, kind);
        return java.util.stream.IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    private static Matcher parts(String item) {
        Matcher parts = ITEM.matcher(item);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not understood: " + item);
        }
        return parts;
    }

    private static Element create(Document document, String name) {
        return document.createElementNS(XS, "xs:" + name);
    }

    private Map<String, byte[]> bytes() {
        Element root = files.get(MODEL).getDocumentElement();
        for (String[] extension : List.of(
                new String[] {"sdtc", "urn:hl7-org:sdtc"}, new String[] {"lab", "urn:oid:1.3.6.1.4.1.19376.1.3.2"})) {
            root.setAttributeNS(XMLConstants.XMLNS_ATTRIBUTE_NS_URI, "xmlns:" + extension[0], extension[1]);
            Element include = create(files.get(MODEL), "import");
            include.setAttribute("namespace", extension[1]);
            include.setAttribute("schemaLocation", extension[0] + ".xsd");
            root.insertBefore(include, root.getFirstChild());
        }
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        files.forEach((name, document) -> {
            DOMImplementationLS ls = (DOMImplementationLS) document.getImplementation();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            LSOutput output = ls.createLSOutput();
            output.setByteStream(out);
            output.setEncoding("UTF-8");
            ls.createLSSerializer().write(document, output);
            bytes.put(name, out.toByteArray());
        });
        return bytes;
    }

    static List<String> lines(byte[] text) {
        return Arrays.asList(new String(text, java.nio.charset.StandardCharsets.UTF_8).split("\\R"));
    }
}
