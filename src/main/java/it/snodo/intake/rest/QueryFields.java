package it.snodo.intake.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.booking.Unreadable;
import it.snodo.intake.Characters;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a revoke or a reprint says in its address instead of a body. */
final class QueryFields {

    /** Parameter to field of the request. */
    static final Map<String, String> FIELDS = fields();

    private final Map<String, List<String>> values;

    private QueryFields(Map<String, List<String>> values) {
        this.values = values;
    }

    private static Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("fiscalCode", "patient.fiscalCode");
        for (String name : List.of("family", "given", "birthDate", "service", "start", "phone")) {
            fields.put(name, "identification." + name);
        }
        for (String name : List.of("channel", "operator", "desk", "azienda")) {
            fields.put(name, "requester." + name);
        }
        fields.put("reason", "reason");
        fields.put("confirm", "confirmations");
        return fields;
    }

    static QueryFields of(String query) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : (query == null ? "" : query).split("&")) {
            int cut = pair.indexOf('=');
            if (cut > 0) {
                values.computeIfAbsent(decode(pair.substring(0, cut)), name -> new ArrayList<>())
                        .add(decode(pair.substring(cut + 1)));
            }
        }
        return new QueryFields(values);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** Null when it is not there. */
    String first(String name) {
        List<String> found = values.get(name);
        return found == null ? null : found.get(0);
    }

    /** Puts the parameters into the tree; what the body says already stays. */
    void into(BookingBody body) {
        FIELDS.forEach((name, path) -> {
            List<String> said = values.get(name);
            if (said == null) {
                return;
            }
            body.locations().put(path, "?" + name);
            List<String> good = new ArrayList<>();
            for (String each : said) {
                String forbidden = Characters.firstForbidden(each);
                if (forbidden == null) {
                    good.add(each);
                } else {
                    body.unreadable().add(new Unreadable(path, forbidden, "un testo senza caratteri di controllo"));
                }
            }
            if (!good.isEmpty()) {
                put(body.tree(), path, good);
            }
        });
    }

    private static void put(ObjectNode tree, String path, List<String> values) {
        int dot = path.indexOf('.');
        if (dot > 0) {
            String parent = path.substring(0, dot);
            if (tree.get(parent) == null || tree.get(parent).isNull()) {
                tree.set(parent, tree.objectNode());
            }
            if (tree.get(parent) instanceof ObjectNode object) {
                put(object, path.substring(dot + 1), values);
            }
        } else if (path.equals("confirmations")) {
            if (tree.get(path) == null || tree.get(path).isNull()) {
                tree.putArray(path);
            }
            // anything else stays, to be named as what cannot be read
            if (tree.get(path) instanceof ArrayNode list) {
                values.stream()
                        .flatMap(each -> List.of(each.split(",")).stream())
                        .forEach(list::add);
            }
        } else if (tree.get(path) == null || tree.get(path).isNull()) {
            tree.put(path, values.get(0));
        }
    }
}
