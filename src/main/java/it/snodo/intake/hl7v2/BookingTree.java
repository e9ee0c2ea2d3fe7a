package it.snodo.intake.hl7v2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The fields of a booking message under their canonical names, each with its place in the message. What is no value of its
 * type is put in as it came: {@link it.snodo.booking.BookingReading} then says so, the same way for every intake.
 */
final class BookingTree implements Findings {

    private static final int MAX_FAULTS = 100;
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,9}(?:\\.0+)?");
    private static final Set<String> YES = Set.of("Y", "S", "SI", "SÌ", "TRUE", "1");
    private static final Set<String> NO = Set.of("N", "NO", "FALSE", "0");

    private final ObjectNode root = JsonNodeFactory.instance.objectNode();
    private final Map<String, String> locations = new HashMap<>();
    private final List<Fault> faults = new ArrayList<>();

    ObjectNode root() {
        return root;
    }

    Map<String, String> locations() {
        return locations;
    }

    List<Fault> faults() {
        return faults;
    }

    @Override
    public void found(String path, String location) {
        if (location != null) {
            locations.put(path, location);
        }
    }

    /** Where it would stand, if nothing better is known. */
    void place(String path, String location) {
        if (location != null) {
            locations.putIfAbsent(path, location);
        }
    }

    @Override
    public void fault(SnodoCode code, String path, String location, String reason) {
        if (faults.size() < MAX_FAULTS) {
            faults.add(new Fault(code, path, location, reason));
        }
    }

    // --- values ----------------------------------------------------------------------------------------------

    void text(String path, String value, String location) {
        if (value != null) {
            put(path, TextNode.valueOf(value));
            found(path, location);
        } else {
            place(path, location);
        }
    }

    void code(String path, String value, String location) {
        text(path, value == null ? null : value.toUpperCase(Locale.ROOT), location);
    }

    void day(String path, String value, String location) {
        text(path, value == null ? null : BookingTimes.day(value), location);
    }

    void instant(String path, String value, String location) {
        text(path, value == null ? null : BookingTimes.instant(value), location);
    }

    void civilTime(String path, String value, String location) {
        text(path, value == null ? null : BookingTimes.civil(value), location);
    }

    void flag(String path, String value, String location) {
        if (value == null) {
            place(path, location);
            return;
        }
        String code = value.toUpperCase(Locale.ROOT);
        put(
                path,
                YES.contains(code) || NO.contains(code)
                        ? BooleanNode.valueOf(YES.contains(code))
                        : TextNode.valueOf(value));
        found(path, location);
    }

    void number(String path, String value, String location) {
        if (value == null) {
            place(path, location);
            return;
        }
        put(
                path,
                isNumber(value)
                        ? IntNode.valueOf(new BigDecimal(value.replace("+", "")).intValue())
                        : TextNode.valueOf(value));
        found(path, location);
    }

    static boolean isNumber(String value) {
        return WHOLE.matcher(value).matches();
    }

    /** One more in a list of texts. */
    void more(String path, String value, String location) {
        if (value == null) {
            return;
        }
        ArrayNode list = get(path) instanceof ArrayNode known ? known : JsonNodeFactory.instance.arrayNode();
        found(path + "[" + list.size() + "]", location);
        list.add(value);
        put(path, list);
        place(path, location);
    }

    boolean has(String path) {
        return get(path) != null;
    }

    // --- paths -----------------------------------------------------------------------------------------------

    JsonNode get(String path) {
        JsonNode at = root;
        for (String step : path.split("\\.")) {
            int open = step.indexOf('[');
            at = at == null ? null : at.get(open < 0 ? step : step.substring(0, open));
            if (open > 0 && at != null) {
                at = at.get(index(step, open));
            }
        }
        return at;
    }

    private void put(String path, JsonNode value) {
        String[] steps = path.split("\\.");
        ObjectNode at = root;
        for (int i = 0; i < steps.length - 1; i++) {
            at = child(at, steps[i]);
        }
        at.set(steps[steps.length - 1], value);
    }

    private static ObjectNode child(ObjectNode at, String step) {
        int open = step.indexOf('[');
        if (open < 0) {
            return at.get(step) instanceof ObjectNode known ? known : at.putObject(step);
        }
        String name = step.substring(0, open);
        ArrayNode list = at.get(name) instanceof ArrayNode known ? known : at.putArray(name);
        while (list.size() <= index(step, open)) {
            list.addObject();
        }
        return (ObjectNode) list.get(index(step, open));
    }

    private static int index(String step, int open) {
        return Integer.parseInt(step.substring(open + 1, step.length() - 1));
    }

    /** A field that no request has: the reading will name it. */
    void unknown(String name, String location) {
        String key = "OBX-3 " + CertificateReader.shown(name);
        root.set(key, TextNode.valueOf(name));
        found(key, location);
    }
}
