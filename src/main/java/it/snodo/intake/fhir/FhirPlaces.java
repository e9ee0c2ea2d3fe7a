package it.snodo.intake.fhir;

import ca.uhn.fhir.context.BaseRuntimeChildDefinition;
import ca.uhn.fhir.context.BaseRuntimeElementDefinition;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * The FHIRPath of everything that was sent, for complaints of the parser, which names an element and not where it stands.
 * Made only when there is something to complain of.
 */
final class FhirPlaces {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FhirContext context;
    private final List<Place> places = new ArrayList<>();
    private final Map<String, Integer> taken = new HashMap<>();

    /**
     * One element as sent.
     *
     * @param value of a primitive; null for others
     * @param known whether FHIR has such an element there
     */
    record Place(String path, String name, String value, boolean known) {}

    /** What both formats come down to: named children, of which several may have the same name. */
    private record Item(String name, String value, String resourceType, boolean listed, List<Item> children) {}

    private FhirPlaces(FhirContext context) {
        this.context = context;
    }

    /** Without any place when the bytes cannot be walked through. */
    static FhirPlaces of(FhirContext context, byte[] body, boolean xml) {
        FhirPlaces places = new FhirPlaces(context);
        try {
            Item root = xml ? xml(body) : json("", JSON.readTree(body), false);
            if (root.resourceType != null) {
                places.walk(root.resourceType, root, places.definition(root.resourceType));
            }
        } catch (IOException | SAXException | ParserConfigurationException e) {
            places.places.clear();
        }
        return places;
    }

    List<Place> all(String name) {
        return places.stream().filter(place -> place.name.equals(name)).toList();
    }

    /** Where the next element of that name (and value) stands; its bare name when it is not found. */
    String next(String name, String value, boolean unknown) {
        List<Place> fitting = places.stream()
                .filter(place -> place.name.equals(name)
                        && place.known != unknown
                        && (value == null || value.equals(place.value)))
                .toList();
        if (fitting.isEmpty()) {
            return name == null ? "Bundle" : name;
        }
        int turn = taken.merge(name + "|" + value + "|" + unknown, 1, Integer::sum) - 1;
        return fitting.get(Math.min(turn, fitting.size() - 1)).path;
    }

    private void walk(String path, Item item, BaseRuntimeElementDefinition<?> definition) {
        Map<String, Integer> count = new LinkedHashMap<>();
        for (Item child : item.children) {
            BaseRuntimeChildDefinition field = definition == null ? null : definition.getChildByName(child.name);
            boolean repeats = field == null ? child.listed : field.getMax() != 1;
            int index = count.merge(child.name, 1, Integer::sum) - 1;
            String at = path + "." + child.name + (repeats ? "[" + index + "]" : "");
            places.add(new Place(at, child.name, child.value, definition == null || field != null));
            walk(
                    at,
                    child,
                    child.resourceType != null
                            ? definition(child.resourceType)
                            : field == null ? null : field.getChildByName(child.name));
        }
    }

    private BaseRuntimeElementDefinition<?> definition(String resourceType) {
        try {
            return context.getResourceDefinition(resourceType);
        } catch (DataFormatException e) {
            return null;
        }
    }

    private static Item json(String name, JsonNode node, boolean listed) {
        List<Item> children = new ArrayList<>();
        String resourceType = null;
        if (node.isObject()) {
            resourceType = node.path("resourceType").asText(null);
            node.fields().forEachRemaining(field -> {
                if (field.getKey().equals("resourceType")) {
                    return;
                }
                // Beside a primitive, _name holds its extensions: the same element for FHIRPath.
                String child = field.getKey().replaceFirst("^_", "");
                if (field.getValue().isArray()) {
                    field.getValue().forEach(one -> children.add(json(child, one, true)));
                } else {
                    children.add(json(child, field.getValue(), false));
                }
            });
        }
        return new Item(name, node.isValueNode() ? node.asText() : null, resourceType, listed, children);
    }

    private static Item xml(byte[] body) throws ParserConfigurationException, SAXException, IOException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        var builder = factory.newDocumentBuilder();
        builder.setErrorHandler(null);
        Element root = builder.parse(new ByteArrayInputStream(body)).getDocumentElement();
        Item item = xml(root);
        return new Item("", null, root.getLocalName(), false, item.children);
    }

    private static Item xml(Element element) {
        List<Item> children = new ArrayList<>();
        String value = null;
        String resourceType = null;
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            Attr attribute = (Attr) element.getAttributes().item(i);
            if (attribute.getName().equals("value")) {
                value = attribute.getValue();
            } else if (!attribute.getName().startsWith("xmlns")) {
                children.add(new Item(attribute.getName(), attribute.getValue(), null, false, List.of()));
            }
        }
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (!(child instanceof Element inner)) {
                continue;
            }
            // <resource><Patient>…: the resource is the element's own content.
            if (Character.isUpperCase(inner.getLocalName().charAt(0))) {
                resourceType = inner.getLocalName();
                children.addAll(xml(inner).children);
            } else if (inner.getLocalName().equals("div")) {
                children.add(new Item("div", null, null, false, List.of()));
            } else {
                children.add(xml(inner));
            }
        }
        return new Item(element.getLocalName(), value, resourceType, false, children);
    }
}
