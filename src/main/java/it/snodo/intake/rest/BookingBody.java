package it.snodo.intake.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.booking.Unreadable;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.Characters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * A JSON body as the tree of fields that bookings are read from. What is no JSON is a fault; what no text may contain is taken
 * out and named.
 *
 * @param tree null when the body is not a JSON object
 * @param locations path to JSON pointer, of everything that came
 */
record BookingBody(ObjectNode tree, List<Fault> faults, List<Unreadable> unreadable, Map<String, String> locations) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    static BookingBody read(byte[] body) {
        BookingBody read = new BookingBody(null, new ArrayList<>(), new ArrayList<>(), new HashMap<>());
        read.locations.put("", "");
        JsonNode root = read.parse(body);
        if (root == null) {
            return read;
        }
        if (!(root instanceof ObjectNode tree)) {
            read.fault("", "Il corpo deve essere un oggetto JSON.");
            return read;
        }
        if (!read.walk(tree, "", "")) {
            return read;
        }
        return new BookingBody(tree, read.faults, read.unreadable, read.locations);
    }

    /** An empty request, for calls that say everything in their address. */
    static BookingBody none() {
        BookingBody none =
                new BookingBody(JSON.createObjectNode(), new ArrayList<>(), new ArrayList<>(), new HashMap<>());
        none.locations.put("", "");
        return none;
    }

    /** Where a field is in the body, whether it came or not. */
    static String pointer(String path) {
        return path.isEmpty()
                ? ""
                : "/" + path.replace("]", "").replace('[', '/').replace('.', '/');
    }

    private JsonNode parse(byte[] body) {
        try (JsonParser parser = JSON.createParser(body)) {
            try {
                JsonNode root = JSON.readTree(parser);
                if (root == null || root.isMissingNode()) {
                    fault("", "Il corpo della richiesta è vuoto: serve un oggetto JSON.");
                    return null;
                }
                if (parser.nextToken() != null) {
                    fault("", "Dopo l'oggetto JSON c'è dell'altro: serve un oggetto solo.");
                    return null;
                }
                return root;
            } catch (JsonProcessingException e) {
                var at = e.getLocation();
                fault(
                        parser.getParsingContext().pathAsPointer().toString(),
                        "Il corpo non è un JSON leggibile"
                                + (at == null ? "" : " alla riga " + at.getLineNr() + ", colonna " + at.getColumnNr())
                                + ": " + RequestReader.why(e) + ".");
                return null;
            }
        } catch (IOException e) {
            fault("", "Il corpo non è un testo UTF-8 leggibile.");
            return null;
        }
    }

    /** @return false when a name itself cannot be kept */
    private boolean walk(JsonNode node, String path, String pointer) {
        if (node instanceof ObjectNode object) {
            List<String> bad = new ArrayList<>();
            for (Iterator<Map.Entry<String, JsonNode>> each = object.fields(); each.hasNext(); ) {
                Map.Entry<String, JsonNode> field = each.next();
                String name = field.getKey();
                if (Characters.firstForbidden(name) != null) {
                    fault(
                            pointer,
                            "Il nome di un campo contiene il carattere di controllo " + Characters.firstForbidden(name)
                                    + ".");
                    return false;
                }
                String at = path.isEmpty() ? name : path + "." + name;
                String place = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
                locations.put(at, place);
                if (isBad(field.getValue(), at)) {
                    bad.add(name);
                } else if (!walk(field.getValue(), at, place)) {
                    return false;
                }
            }
            bad.forEach(object::putNull);
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                String at = path + "[" + i + "]";
                locations.put(at, pointer + "/" + i);
                if (isBad(array.get(i), at)) {
                    array.setNull(i);
                } else if (!walk(array.get(i), at, pointer + "/" + i)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isBad(JsonNode value, String path) {
        String forbidden = value.isTextual() ? Characters.firstForbidden(value.textValue()) : null;
        if (forbidden == null) {
            return false;
        }
        unreadable.add(new Unreadable(path, forbidden, "un testo senza caratteri di controllo"));
        return true;
    }

    private void fault(String pointer, String reason) {
        faults.add(new Fault(SnodoCode.MESSAGE_UNREADABLE, "", pointer, reason));
    }
}
