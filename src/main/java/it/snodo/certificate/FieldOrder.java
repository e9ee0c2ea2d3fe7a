package it.snodo.certificate;

import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.Map;

/** The order of the request's fields, for lists of faults that read like the request. */
final class FieldOrder {

    private static final Map<String, Integer> RANKS = ranks();

    private FieldOrder() {}

    /** A number that grows along the request; an item of a list follows the item before it. */
    static long rank(String path) {
        int open = path.indexOf('[');
        if (open < 0) {
            return RANKS.getOrDefault(path, RANKS.size()) * 100_000L;
        }
        int close = path.indexOf(']', open);
        return RANKS.getOrDefault(path.substring(0, open), RANKS.size()) * 100_000L
                + Integer.parseInt(path.substring(open + 1, close))
                + 1;
    }

    private static Map<String, Integer> ranks() {
        Map<String, Integer> ranks = new HashMap<>();
        ranks.put("", 0);
        visit("", CertificateRequest.class, ranks);
        return Map.copyOf(ranks);
    }

    private static void visit(String prefix, Class<?> type, Map<String, Integer> ranks) {
        for (RecordComponent component : type.getRecordComponents()) {
            String path = prefix + component.getName();
            ranks.put(path, ranks.size());
            if (component.getType().isRecord()) {
                visit(path + ".", component.getType(), ranks);
            }
        }
    }
}
