package it.snodo.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequestCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is different between two requests, field by field; a PIN is never shown. */
final class RequestDiff {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String MASK = "****";

    private RequestDiff() {}

    /**
     * @param field canonical path, such as {@code patient.family} or {@code pathology[0]}
     * @param before null when it was absent
     * @param after null when it is taken out
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Field(String field, String before, String after) {}

    static List<Field> of(CertificateRequest before, CertificateRequest after) {
        Map<String, String> old = leaves(json(before));
        Map<String, String> changed = leaves(json(after));
        Set<String> paths = new TreeSet<>(old.keySet());
        paths.addAll(changed.keySet());
        List<Field> fields = new ArrayList<>();
        for (String path : paths) {
            String one = old.get(path);
            String other = changed.get(path);
            if (one == null || !one.equals(other)) {
                boolean pin = path.equals("onlineCollection.pin");
                fields.add(new Field(path, pin && one != null ? MASK : one, pin && other != null ? MASK : other));
            }
        }
        return fields;
    }

    /** The request as an operator edits it: its PIN is blackened. */
    static JsonNode editable(CertificateRequest request) {
        JsonNode json = json(request);
        if (json.path("onlineCollection").hasNonNull("pin")) {
            ((ObjectNode) json.path("onlineCollection")).put("pin", MASK);
        }
        return json;
    }

    /** A PIN that was sent back blackened is the stored one. */
    static JsonNode withPin(JsonNode edited, CertificateRequest stored) {
        if (edited.path("onlineCollection").path("pin").asText().equals(MASK)
                && stored.onlineCollection() != null
                && stored.onlineCollection().pin() != null) {
            JsonNode copy = edited.deepCopy();
            ((ObjectNode) copy.path("onlineCollection"))
                    .put("pin", stored.onlineCollection().pin());
            return copy;
        }
        return edited;
    }

    private static JsonNode json(CertificateRequest request) {
        try {
            return JSON.readTree(CertificateRequestCodec.toJson(request));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was written as JSON is JSON", e);
        }
    }

    private static Map<String, String> leaves(JsonNode node) {
        Map<String, String> leaves = new TreeMap<>();
        collect(node, "", leaves);
        return leaves;
    }

    private static void collect(JsonNode node, String path, Map<String, String> leaves) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> collect(
                            field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey(), leaves));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collect(node.get(i), path + "[" + i + "]", leaves);
            }
        } else if (!node.isNull()) {
            leaves.put(path, node.asText());
        }
    }
}
