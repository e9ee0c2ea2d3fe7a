package it.snodo.intake.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import it.snodo.booking.Unreadable;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.Characters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tree of a request while it is read from FHIR, with the FHIRPath of every field. */
final class BookingFields {

    private static final Pattern STEP = Pattern.compile("(\\w+)(?:\\[(\\d+)])?");
    /** {@code valueDate} in JSON is {@code value} in FHIRPath. */
    private static final Pattern CHOICE = Pattern.compile("\\.(value|occurrence|quantity)[A-Z]\\w*");

    private final ObjectNode tree = JsonNodeFactory.instance.objectNode();
    private final Map<String, String> locations = new HashMap<>();
    private final List<Unreadable> unreadable = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();

    ObjectNode tree() {
        return tree;
    }

    Map<String, String> locations() {
        return locations;
    }

    List<Unreadable> unreadable() {
        return unreadable;
    }

    List<Fault> faults() {
        return faults;
    }

    /** Says where a field is, or would be. */
    void locate(String path, String where) {
        locations.putIfAbsent(path, where);
    }

    void text(String path, String value, String where) {
        if (value != null && !value.isBlank() && isGood(path, value, where)) {
            put(path, TextNode.valueOf(value.strip()), where);
        }
    }

    void flag(String path, Boolean value, String where) {
        if (value != null) {
            put(path, BooleanNode.valueOf(value), where);
        }
    }

    /** A whole number, or the text as it came when it is none. */
    void number(String path, String value, String where) {
        if (value == null || value.isBlank()) {
            return;
        }
        String whole = value.strip().replaceFirst("\\.0+$", "");
        put(
                path,
                whole.matches("-?\\d{1,9}")
                        ? JsonNodeFactory.instance.numberNode(Integer.parseInt(whole))
                        : TextNode.valueOf(value.strip()),
                where);
    }

    /** One more line, empty yet. */
    String line() {
        ArrayNode lines = tree.get("lines") instanceof ArrayNode known ? known : tree.putArray("lines");
        lines.addObject();
        return "lines[" + (lines.size() - 1) + "]";
    }

    /** How many lines there are. */
    int lines() {
        return tree.path("lines").size();
    }

    /** One more of a list of texts. */
    void add(String path, String value, String where) {
        locate(path, where);
        if (value == null || value.isBlank() || !isGood(path, value, where)) {
            return;
        }
        ObjectNode holder = holder(path);
        String name = path.substring(path.lastIndexOf('.') + 1);
        ArrayNode list = holder.get(name) instanceof ArrayNode known ? known : holder.putArray(name);
        for (JsonNode known : list) {
            if (known.asText().equals(value.strip())) {
                return;
            }
        }
        locations.putIfAbsent(path + "[" + list.size() + "]", where);
        list.add(value.strip());
    }

    boolean has(String path) {
        JsonNode node = tree.at("/" + path.replace("]", "").replace('[', '/').replace('.', '/'));
        return !node.isMissingNode() && !node.isNull();
    }

    String get(String path) {
        JsonNode node = tree.at("/" + path.replace("]", "").replace('[', '/').replace('.', '/'));
        return node.isMissingNode() || node.isNull() ? null : node.asText();
    }

    void unreadable(String path, String given, String expected) {
        unreadable.add(new Unreadable(path, given.length() > 80 ? given.substring(0, 80) : given, expected));
    }

    void fault(SnodoCode code, String path, String where, String reason) {
        faults.add(new Fault(code, path, where, reason));
    }

    /**
     * What the parser could not take: where a field of the request is read from there, its text stands in the tree as it came,
     * and the reading of the request says what is wrong with it.
     */
    void wrong(FhirReader.Wrong wrong) {
        String where = CHOICE.matcher(wrong.where()).replaceAll(".$1");
        if (wrong.value() != null) {
            for (Map.Entry<String, String> each : Map.copyOf(locations).entrySet()) {
                if (each.getValue().equals(where) && !each.getKey().isEmpty()) {
                    if (!has(each.getKey())) {
                        text(each.getKey(), wrong.value(), where);
                    }
                    return;
                }
            }
        }
        faults.add(wrong.fault());
    }

    private boolean isGood(String path, String value, String where) {
        locate(path, where);
        String forbidden = Characters.firstForbidden(value);
        if (forbidden != null) {
            unreadable(path, forbidden, "un testo senza caratteri di controllo");
        }
        return forbidden == null;
    }

    private void put(String path, JsonNode value, String where) {
        ObjectNode holder = holder(path);
        String name = path.substring(path.lastIndexOf('.') + 1);
        JsonNode known = holder.get(name);
        if (known == null || known.isNull()) {
            locations.put(path, where);
            holder.set(name, value);
        } else if (!known.equals(value)) {
            fault(
                    SnodoCode.NOT_ALLOWED_TOGETHER,
                    path,
                    where,
                    "Il campo «" + path + "» è detto due volte in modo diverso: «" + known.asText() + "» in "
                            + locations.get(path) + " e «" + value.asText() + "» in " + where + ".");
        }
    }

    /** The object that a field stands in. */
    private ObjectNode holder(String path) {
        ObjectNode at = tree;
        int cut = path.lastIndexOf('.');
        if (cut < 0) {
            return at;
        }
        for (String step : path.substring(0, cut).split("\\.")) {
            Matcher match = STEP.matcher(step);
            if (!match.matches()) {
                throw new IllegalArgumentException(path);
            }
            String name = match.group(1);
            if (match.group(2) == null) {
                at = at.get(name) instanceof ObjectNode known ? known : at.putObject(name);
                continue;
            }
            ArrayNode list = at.get(name) instanceof ArrayNode known ? known : at.putArray(name);
            int index = Integer.parseInt(match.group(2));
            while (list.size() <= index) {
                list.addObject();
            }
            at = (ObjectNode) list.get(index);
        }
        return at;
    }
}
