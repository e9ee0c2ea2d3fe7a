package it.snodo.intake.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import it.snodo.certificate.CertificateRequest;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.Characters;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads the canonical request from JSON and finds every fault of form at once, which binding a whole object never does:
 * it stops at the first. The records themselves say which fields there are, so nothing is listed twice.
 */
final class RequestReader {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, String> locations = new HashMap<>();

    /**
     * @param request null when the body is not a JSON object
     * @param locations canonical path to JSON pointer, of every field there could be and every list item there is
     */
    record Result(CertificateRequest request, List<Fault> faults, Map<String, String> locations) {}

    static Result read(byte[] body) {
        RequestReader reader = new RequestReader();
        CertificateRequest request = reader.request(body);
        return new Result(request, reader.faults, reader.locations);
    }

    private CertificateRequest request(byte[] body) {
        locations.put("", "");
        JsonNode root;
        try {
            root = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            String where = at == null ? "" : " alla riga " + at.getLineNr() + ", colonna " + at.getColumnNr();
            unreadable("Il corpo non è un JSON leggibile" + where + ": " + why(e) + ".");
            return null;
        } catch (IOException e) {
            unreadable("Il corpo non è un testo UTF-8 leggibile.");
            return null;
        }
        if (root == null || root.isMissingNode()) {
            unreadable("Il corpo della richiesta è vuoto: serve un oggetto JSON.");
            return null;
        }
        if (!root.isObject()) {
            unreadable("Il corpo deve essere un oggetto JSON, non " + kind(root) + ".");
            return null;
        }
        return (CertificateRequest) object(CertificateRequest.class, root, "", "");
    }

    static String why(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        if (message == null) {
            return "la sintassi non è corretta";
        }
        if (message.contains("Duplicate field")) {
            return "un campo è ripetuto due volte nello stesso oggetto";
        }
        if (message.contains("UTF-8")) {
            return "i byte non sono UTF-8";
        }
        if (message.contains("end-of-input")) {
            return "il testo finisce prima della chiusura";
        }
        return "la sintassi non è corretta";
    }

    private Object object(Class<?> type, JsonNode node, String path, String pointer) {
        RecordComponent[] components = type.getRecordComponents();
        Map<String, RecordComponent> known =
                Arrays.stream(components).collect(Collectors.toMap(RecordComponent::getName, c -> c));
        node.fieldNames().forEachRemaining(name -> {
            if (!known.containsKey(name)) {
                fault(
                        SnodoCode.FIELD_MALFORMED,
                        join(path, name),
                        pointer + "/" + escape(name),
                        "Il campo «" + shorten(name) + "» non esiste"
                                + (path.isEmpty() ? "" : " in «" + path + "»") + ". I campi ammessi sono: "
                                + Arrays.stream(components)
                                        .map(RecordComponent::getName)
                                        .collect(Collectors.joining(", "))
                                + ".");
            }
        });
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            values[i] = value(components[i].getType(), node.get(name), join(path, name), pointer + "/" + name);
        }
        try {
            var constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("every record of the request has its public constructor", e);
        }
    }

    private Object value(Class<?> type, JsonNode node, String path, String pointer) {
        locations.put(path, pointer);
        if (node == null || node.isNull()) {
            return type == List.class ? List.of() : null;
        }
        if (type.isRecord()) {
            if (!node.isObject()) {
                wrong(path, pointer, "un oggetto", node);
                return null;
            }
            return object(type, node, path, pointer);
        }
        if (type == List.class) {
            return list(node, path, pointer);
        }
        if (type == Boolean.class) {
            if (!node.isBoolean()) {
                wrong(path, pointer, "true o false, senza virgolette,", node);
                return null;
            }
            return node.booleanValue();
        }
        String text = text(node, path, pointer);
        if (text == null || type == String.class) {
            return text;
        }
        if (type.isEnum()) {
            return constant(type, text, path, pointer);
        }
        return time(type, text, path, pointer);
    }

    private List<String> list(JsonNode node, String path, String pointer) {
        if (!node.isArray()) {
            wrong(path, pointer, "una lista di testi", node);
            return List.of();
        }
        List<String> items = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            String at = path + "[" + i + "]";
            locations.put(at, pointer + "/" + i);
            String item = text(node.get(i), at, pointer + "/" + i);
            if (item != null) {
                items.add(item);
            }
        }
        return items;
    }

    /** Trimmed; null when there is nothing. A number is not taken for a text: it would have lost its zeros. */
    private String text(JsonNode node, String path, String pointer) {
        if (!node.isTextual()) {
            wrong(path, pointer, "un testo tra virgolette", node);
            return null;
        }
        // before it is trimmed: some control characters count as blanks
        String forbidden = Characters.firstForbidden(node.textValue());
        if (forbidden != null) {
            fault(
                    SnodoCode.FIELD_MALFORMED,
                    path,
                    pointer,
                    "Il campo «" + path + "» contiene il carattere di controllo " + forbidden
                            + ", che un documento non può contenere.");
            return null;
        }
        String text = node.textValue().strip();
        return text.isEmpty() ? null : text;
    }

    private Object constant(Class<?> type, String text, String path, String pointer) {
        for (Object constant : type.getEnumConstants()) {
            if (constant.toString().equals(text)) {
                return constant;
            }
        }
        fault(
                SnodoCode.CODE_UNKNOWN,
                path,
                pointer,
                "Il campo «" + path + "» vale «" + shorten(text) + "»: i valori ammessi sono "
                        + Arrays.stream(type.getEnumConstants())
                                .map(Object::toString)
                                .collect(Collectors.joining(", ")) + ".");
        return null;
    }

    private Object time(Class<?> type, String text, String path, String pointer) {
        try {
            return type == LocalDate.class ? LocalDate.parse(text) : OffsetDateTime.parse(text);
        } catch (DateTimeException e) {
            String expected = type == LocalDate.class
                    ? "una data esistente nella forma 1980-01-31"
                    : "data, ora e fuso nella forma 2026-03-01T10:15:00+01:00";
            fault(
                    SnodoCode.FIELD_MALFORMED,
                    path,
                    pointer,
                    "Il campo «" + path + "» vale «" + shorten(text) + "»: serve " + expected + ".");
            return null;
        }
    }

    private void wrong(String path, String pointer, String expected, JsonNode found) {
        fault(
                SnodoCode.FIELD_MALFORMED,
                path,
                pointer,
                "Il campo «" + path + "» deve essere " + expected + ", non " + kind(found) + ".");
    }

    private void unreadable(String reason) {
        fault(SnodoCode.MESSAGE_UNREADABLE, "", "", reason);
    }

    private void fault(SnodoCode code, String path, String pointer, String reason) {
        faults.add(new Fault(code, path, pointer, reason));
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "un testo";
            case NUMBER -> "un numero";
            case BOOLEAN -> "un valore logico";
            case ARRAY -> "una lista";
            case OBJECT -> "un oggetto";
            default -> "un valore nullo";
        };
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static String shorten(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
