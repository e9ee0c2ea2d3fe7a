package it.snodo.simulator.fse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The national index (INI) behind the gateway: takes or refuses what was accepted, a little later, and knows what lives. */
final class Index implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Index.class);
    private static final Pattern REGION = Pattern.compile("2\\.16\\.840\\.1\\.113883\\.2\\.9\\.2\\.0?(\\d+)\\..*");

    private final FseSettings settings;
    private final Registry registry;
    private final ScheduledExecutorService later;
    private final Callbacks callbacks;

    Index(FseSettings settings, Registry registry) {
        this.settings = settings;
        this.registry = registry;
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "simulator-fse-index");
            thread.setDaemon(true);
            return thread;
        });
        pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.later = pool;
        this.callbacks = new Callbacks(registry, later);
    }

    /** Takes up what waited when the simulator last ended. */
    void resume() {
        if (settings.index()) {
            registry.allWaiting().forEach(seq -> expect(seq, Json.object()));
        }
    }

    /**
     * A publication that the gateway has taken comes to the index a little later.
     *
     * @param rule may say when, and what the index then says
     */
    void expect(int seq, JsonNode rule) {
        if (!settings.index() || rule.path("index").asText("").equalsIgnoreCase("NEVER")) {
            return;
        }
        long delay = rule.path("indexDelayMs").asLong(settings.indexDelay().toMillis());
        try {
            later.schedule(() -> take(seq, rule), delay, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("closing: publication {} waits for the next start", seq);
        }
    }

    private void take(int seq, JsonNode rule) {
        try {
            ObjectNode taken = registry.waiting(seq);
            if (taken == null) {
                return;
            }
            JsonNode ordered = rule.get("index");
            String refusal;
            boolean took;
            if (ordered != null && !ordered.isNull()) {
                String code = ordered.isObject() ? ordered.path("code").asText("") : ordered.asText();
                refusal = ordered.path("message").asText(code);
                // an index that answers too late may have taken the document all the same
                took = ordered.path("effect").asBoolean(false);
            } else {
                refusal = refusal(taken);
                took = refusal == null;
            }
            registry.effect(taken, took, refusal);
            Map<String, String> event = new LinkedHashMap<>();
            event.put("eventType", "SEND_TO_INI");
            event.put("eventStatus", refusal == null ? "SUCCESS" : "BLOCKING_ERROR");
            event.put("message", refusal == null ? "Trasmesso con successo" : refusal);
            event.put("identificativoDocumento", taken.path("document").asText());
            for (String field :
                    List.of("subject", "tipoAttivita", "organizzazione", "workflowInstanceId", "traceId", "issuer")) {
                event.put(field, taken.path(field).asText());
            }
            registry.event(event);
            callbacks.push(
                    taken.path("callback").asText(""),
                    taken.path("workflowInstanceId").asText(),
                    1);
        } catch (RuntimeException e) {
            LOG.error("simulated index failed on publication {}", seq, e);
        }
    }

    private String refusal(ObjectNode taken) {
        String document = taken.path("document").asText();
        JsonNode body = taken.path("metadata");
        if (registry.stateOf(document) != null) {
            return "R224 - Documento già registrato: " + document;
        }
        if (taken.hasNonNull("replaces")
                && !"PUBLISHED".equals(registry.stateOf(taken.path("replaces").asText()))) {
            return "Il documento da sostituire non è attivo: "
                    + taken.path("replaces").asText();
        }
        String refusal = visibilityRefusal(taken.path("confidentiality").asText(), body);
        if (refusal != null) {
            return refusal;
        }
        Matcher own = REGION.matcher(document);
        Matcher repository = REGION.matcher(body.path("identificativoRep").asText());
        if (own.matches() && repository.matches() && !own.group(1).equals(repository.group(1))) {
            return "R238 - Regione del repository diversa da quella del documento";
        }
        if (!document.matches("[0-9.]+\\^\\S+")) {
            return "R211 - Formato di uniqueId non valido";
        }
        return null;
    }

    /** Very restricted documents must be obscured or expressly shown; only one such word, and P00 only for them. */
    static String visibilityRefusal(String confidentiality, JsonNode body) {
        boolean hidden = false;
        boolean shown = false;
        for (JsonNode rule : body.path("attiCliniciRegoleAccesso")) {
            hidden |= rule.asText().equals("P99");
            shown |= rule.asText().equals("P00");
        }
        boolean very = confidentiality.equals("V");
        if (very && !hidden && !shown || hidden && shown || shown && !very) {
            return "R227 - confidentialityCode ed eventCodeList non coerenti";
        }
        return null;
    }

    /** What the index says of a document that is to be replaced, changed or deleted. */
    void checkKnown(Call call) {
        String document = call.pathId;
        if (call.outage("ini")) {
            throw call.operation == Operation.METADATA
                    ? Refusal.generic(500, "Timeout error while call merge metadati")
                    : Refusal.generic(
                            500,
                            "I/O error on POST request for \"http://localhost:8020/v1/get-reference/"
                                    + document.replace("^", "%5E") + "\": null");
        }
        switch (call.order.word("ini")) {
            case "unknown" -> throw Refusal.unknownToIndex();
            case "error" -> throw Refusal.index("stub");
            default -> {}
        }
        String state = registry.stateOf(document);
        boolean known = settings.index() ? state != null && !state.equals("DELETED") : registry.seenPublished(document);
        boolean expected = call.order.word("ini").equals("retry");
        if (!known && !expected) {
            throw Refusal.unknownToIndex();
        }
    }

    @Override
    public void close() {
        later.shutdownNow();
        try {
            later.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
