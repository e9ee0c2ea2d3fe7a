package it.snodo.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Misbehaviour to order, and the count of calls. A rule is a JSON object:
 *
 * <pre>
 * operation   name of the operation it applies to; absent: all
 * document    regular expression looked for in the document's id; absent: all
 * skip        how many matching calls pass untouched first (default 0)
 * times       how many calls it then applies to (default 1; 0: until cleared)
 * delayMs     hold the answer back; the call takes effect meanwhile
 * wire        DROP, RESET, HALF, TWICE (the answer comes again), LOST_ANSWER (DROP after taking effect), or SILENT
 *             (takes effect, nothing comes back, the connection stays open)
 * takesEffect whether the call is carried out although the client learns nothing good
 *             (default: false for DROP, RESET and an error, else true)
 * error       {"type"|"govway"|"status", "status", "title", "detail", "instance", "retryAfter"}
 * </pre>
 *
 * Whatever else the object holds is for the simulator that reads it. The first rule that matches a call is the one
 * that applies.
 */
public final class Rules {

    /** What is ordered for one call; {@link #NONE} when nothing is. */
    public record Order(JsonNode rule) {
        public static final Order NONE = new Order(Json.object());

        public JsonNode error() {
            return rule.get("error");
        }

        /** A word the rule gives, lower case, or the empty string. */
        public String word(String field) {
            return rule.path(field).asText("").toLowerCase(Locale.ROOT);
        }

        private String wire() {
            return rule.path("wire").asText("").toUpperCase(Locale.ROOT);
        }

        /** Whether the operation is to be carried out at all. */
        public boolean takesEffect() {
            if (rule.has("takesEffect")) {
                return rule.get("takesEffect").asBoolean();
            }
            return error() == null && !Set.of("DROP", "RESET").contains(wire());
        }

        /** The answer as the client is to see it. */
        public Answer shape(Answer answer) {
            Answer shaped =
                    switch (wire()) {
                        case "DROP", "LOST_ANSWER" -> answer.sent(Answer.Manner.DROP);
                        case "RESET" -> answer.sent(Answer.Manner.RESET);
                        case "HALF" -> answer.sent(Answer.Manner.HALF);
                        case "TWICE" -> answer.sent(Answer.Manner.TWICE);
                        case "SILENT" -> answer.sent(Answer.Manner.SILENT);
                        default -> answer;
                    };
            long delay = rule.path("delayMs").asLong(0);
            return delay > 0 ? shaped.after(Duration.ofMillis(delay)) : shaped;
        }
    }

    private static final class Rule {
        final int id;
        final ObjectNode json;
        final String operation;
        final Pattern document;
        int skip;
        final int times;
        int applied;

        Rule(int id, ObjectNode json) {
            this.id = id;
            this.json = json;
            this.operation = json.path("operation").asText("");
            this.document = json.hasNonNull("document")
                    ? Pattern.compile(json.get("document").asText())
                    : null;
            this.skip = json.path("skip").asInt(0);
            this.times = json.path("times").asInt(1);
        }

        boolean matches(String called, String id) {
            return (operation.isEmpty() || operation.equals("*") || operation.equalsIgnoreCase(called))
                    && (document == null || id != null && document.matcher(id).find())
                    && (times <= 0 || applied < times);
        }
    }

    private static final Set<String> WIRES = Set.of("DROP", "RESET", "HALF", "TWICE", "LOST_ANSWER", "SILENT");

    private final List<Rule> rules = new ArrayList<>();
    private final TreeMap<String, Integer> calls = new TreeMap<>();
    private int lastId;

    /** Counts a call and says what is ordered for it. {@code document} may be null. */
    public synchronized Order next(String operation, String document) {
        calls.merge(operation, 1, Integer::sum);
        for (Rule rule : rules) {
            if (rule.matches(operation, document)) {
                if (rule.skip > 0) {
                    rule.skip--;
                    continue;
                }
                rule.applied++;
                return new Order(rule.json);
            }
        }
        return Order.NONE;
    }

    /** Adds one rule or an array of them; an {@link IllegalArgumentException} says what is wrong with it. */
    public synchronized void add(JsonNode given) {
        List<Rule> fresh = new ArrayList<>();
        for (JsonNode node : given.isArray() ? given : List.of(given)) {
            if (!(node instanceof ObjectNode json)) {
                throw new IllegalArgumentException("una regola è un oggetto JSON");
            }
            String wire = json.path("wire").asText("").toUpperCase(Locale.ROOT);
            if (!wire.isEmpty() && !WIRES.contains(wire)) {
                throw new IllegalArgumentException("wire può essere DROP, RESET, HALF, TWICE, LOST_ANSWER o SILENT");
            }
            try {
                fresh.add(new Rule(lastId + fresh.size() + 1, json.deepCopy()));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("document non è un'espressione regolare: " + e.getDescription());
            }
        }
        lastId += fresh.size();
        rules.addAll(fresh);
    }

    public synchronized void clear() {
        rules.clear();
    }

    /** The rules with how often each was applied. */
    public synchronized ArrayNode describe() {
        ArrayNode all = Json.array();
        for (Rule rule : rules) {
            ObjectNode one = Json.object().put("id", rule.id).put("applied", rule.applied);
            one.setAll(rule.json);
            all.add(one);
        }
        return all;
    }

    /** Calls since the start, by operation. */
    public synchronized ObjectNode counts() {
        ObjectNode counts = Json.object();
        calls.forEach(counts::put);
        return counts;
    }

    /** Serves {@code POST}, {@code GET} and {@code DELETE} of {@code _control}. */
    public Answer control(Request request) {
        switch (request.method()) {
            case "DELETE" -> clear();
            case "POST", "PUT" -> {
                try {
                    add(Json.read(request.body()));
                } catch (java.io.IOException | IllegalArgumentException e) {
                    return Answer.problem(
                            400,
                            Json.object()
                                    .put("title", "Regola non valida")
                                    .put("status", 400)
                                    .put("detail", e.getMessage()));
                }
            }
            case "GET" -> {}
            default -> {
                return Answer.nothing();
            }
        }
        return Answer.json(200, Json.object().set("rules", describe()));
    }
}
