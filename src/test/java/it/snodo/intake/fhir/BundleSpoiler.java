package it.snodo.intake.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Spoils a Bundle in one place: something gone, twice, of another kind, or with a value that nobody expects. */
final class BundleSpoiler {

    private static final String[] VALUES = {
        "", " ", "X", "true", "null", "-1", "9999-99-99", "urn:uuid:x", "#", "\u0007", "F002", "😀", "http://loinc.org"
    };

    private BundleSpoiler() {}

    static void spoil(JsonNode bundle, Random random) {
        List<ObjectNode> objects = new ArrayList<>();
        collect(bundle, objects);
        ObjectNode one = objects.get(random.nextInt(objects.size()));
        List<String> names = new ArrayList<>();
        one.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty()) {
            return;
        }
        String name = names.get(random.nextInt(names.size()));
        String value = VALUES[random.nextInt(VALUES.length)];
        switch (random.nextInt(8)) {
            case 0 -> one.remove(name);
            case 1 -> one.put(name, value);
            case 2 -> one.putNull(name);
            case 3 -> one.put(name, random.nextInt());
            case 4 -> one.putObject(name).put("value", value);
            case 5 -> one.putArray(name).add(value);
            case 6 -> {
                if (one.get(name) instanceof ArrayNode list && !list.isEmpty()) {
                    list.add(list.get(0).deepCopy());
                } else {
                    one.set("altro" + name, one.get(name).deepCopy());
                }
            }
            default -> {
                ObjectNode other = objects.get(random.nextInt(objects.size()));
                one.set(name, other.deepCopy());
            }
        }
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
        }
        node.forEach(child -> collect(child, objects));
    }
}
