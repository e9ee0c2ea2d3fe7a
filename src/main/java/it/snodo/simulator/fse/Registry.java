package it.snodo.simulator.fse;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Journal;
import it.snodo.simulator.wire.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the gateway and the index behind it remember: validations that wait for their publication, events, what was
 * accepted, what took effect. Every change is first a line in the journal and only then a change in memory, so that
 * a restart finds all of it again.
 */
final class Registry implements AutoCloseable {
    private static final ZoneId ITALY = ZoneId.of("Europe/Rome");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ITALY);
    private static final int EVENT_DAYS = 20;

    /** A validation that a publication may use up. */
    record Validated(String wii, Instant at) {}

    private final Journal journal;
    private final Clock clock;
    private final Map<String, Validated> validated = new LinkedHashMap<>();
    private final Map<String, List<ObjectNode>> eventsByWorkflow = new HashMap<>();
    private final Map<String, List<ObjectNode>> eventsByTrace = new HashMap<>();
    /** Documents of which an event says that they were published. */
    private final Set<String> seenPublished = new HashSet<>();

    /** Accepted and not yet decided by the index, by sequence number. */
    private final Map<Integer, ObjectNode> waiting = new LinkedHashMap<>();

    private final List<ObjectNode> effects = new ArrayList<>();
    private final Map<String, ObjectNode> documents = new LinkedHashMap<>();
    private int accepted;

    Registry(Journal journal, Clock clock) {
        this.journal = journal;
        this.clock = clock;
        journal.past().forEach(this::apply);
    }

    private ObjectNode line(String kind) {
        return Json.object().put("kind", kind).put("at", STAMP.format(clock.instant()));
    }

    private void record(ObjectNode line) {
        journal.append(line);
        apply(line);
    }

    private void apply(ObjectNode line) {
        switch (line.path("kind").asText()) {
            case "validated" ->
                validated.put(
                        line.path("cda").asText(),
                        new Validated(
                                line.path("wii").asText(),
                                Instant.ofEpochMilli(line.path("millis").asLong())));
            case "consumed" -> validated.remove(line.path("cda").asText());
            case "event" -> applyEvent((ObjectNode) line.get("event"));
            case "accepted" -> {
                accepted = Math.max(accepted, line.path("seq").asInt());
                waiting.put(line.path("seq").asInt(), line);
            }
            case "effect" -> {
                if (line.has("seq")) {
                    waiting.remove(line.get("seq").asInt());
                }
                effects.add(line);
                applyToDocument(line);
            }
            default -> {}
        }
    }

    private void applyEvent(ObjectNode event) {
        eventsByWorkflow
                .computeIfAbsent(event.path("workflowInstanceId").asText(), k -> new ArrayList<>())
                .add(event);
        eventsByTrace
                .computeIfAbsent(event.path("traceId").asText(), k -> new ArrayList<>())
                .add(event);
        if (event.path("eventStatus").asText().equals("SUCCESS")
                && List.of("PUBLICATION", "REPLACE")
                        .contains(event.path("eventType").asText())) {
            seenPublished.add(event.path("identificativoDocumento").asText());
        }
    }

    private void applyToDocument(ObjectNode line) {
        boolean took = line.path("took").asBoolean();
        String id = line.path("document").asText();
        ObjectNode document = documents.get(id);
        String operation = line.path("operation").asText();
        if (!took) {
            if (document != null) {
                document.put("refused", document.path("refused").asInt() + 1);
            }
            return;
        }
        if (operation.equals("CREATE") || operation.equals("REPLACE")) {
            if (document == null) {
                document = Json.object().put("identificativoDoc", id);
                documents.put(id, document);
            }
            document.put("state", "PUBLISHED");
            for (String field : List.of("hash", "cda", "workflowInstanceId", "confidentiality", "replaces")) {
                if (line.hasNonNull(field)) {
                    document.set(field, line.get(field));
                }
            }
            document.set("metadata", line.path("metadata"));
            document.put("timesPublished", document.path("timesPublished").asInt() + 1);
            ObjectNode old = documents.get(line.path("replaces").asText());
            if (old != null) {
                old.put("state", "REPLACED").put("replacedBy", id);
                old.put("timesReplaced", old.path("timesReplaced").asInt() + 1);
            }
        } else if (document != null && operation.equals("METADATA")) {
            document.set("metadata", line.path("metadata"));
            document.put("timesUpdated", document.path("timesUpdated").asInt() + 1);
        } else if (document != null && operation.equals("DELETE")) {
            document.put("state", "DELETED");
            document.put("timesDeleted", document.path("timesDeleted").asInt() + 1);
        }
    }

    // --- validations

    synchronized void validated(String cdaHash, String wii) {
        record(line("validated")
                .put("cda", cdaHash)
                .put("wii", wii)
                .put("millis", clock.instant().toEpochMilli()));
    }

    /** Takes the validation of a document; null when there is none, or when it is another's. */
    synchronized Validated consume(String cdaHash, String wii) {
        Validated found = validated.get(cdaHash);
        if (found == null || wii != null && !wii.isEmpty() && !wii.equals(found.wii())) {
            return null;
        }
        record(line("consumed").put("cda", cdaHash));
        return found;
    }

    // --- events

    /** Adds an event; empty and null values are left out, as the status service does. */
    synchronized void event(Map<String, String> fields) {
        Instant now = clock.instant();
        ObjectNode event = Json.object();
        event.put("eventType", fields.get("eventType"));
        event.put("eventDate", STAMP.format(now));
        for (String name : List.of(
                "eventStatus",
                "message",
                "identificativoDocumento",
                "subject",
                "tipoAttivita",
                "organizzazione",
                "workflowInstanceId",
                "traceId",
                "issuer")) {
            String value = fields.get(name);
            if (value != null && !value.isEmpty()) {
                event.put(name, value);
            }
        }
        event.put("expiringDate", STAMP.format(now.plusSeconds(EVENT_DAYS * 86400L)));
        ObjectNode line = line("event");
        line.set("event", event);
        record(line);
    }

    synchronized ArrayNode eventsOfWorkflow(String wii) {
        return copies(eventsByWorkflow.get(wii));
    }

    synchronized ArrayNode eventsOfTrace(String trace) {
        return copies(eventsByTrace.get(trace));
    }

    private static ArrayNode copies(List<ObjectNode> events) {
        ArrayNode copies = Json.array();
        if (events != null) {
            events.forEach(event -> copies.add(event.deepCopy()));
        }
        return copies;
    }

    /** Whether the status service has seen the document published here. */
    synchronized boolean seenPublished(String document) {
        return seenPublished.contains(document);
    }

    // --- the index

    /** Notes that a publication was accepted; the index has still to take it. Answers its sequence number. */
    synchronized int accept(ObjectNode what) {
        ObjectNode line = line("accepted");
        line.setAll(what);
        int seq = accepted + 1;
        line.put("seq", seq);
        record(line);
        return seq;
    }

    synchronized ObjectNode waiting(int seq) {
        ObjectNode line = waiting.get(seq);
        return line == null ? null : line.deepCopy();
    }

    synchronized List<Integer> allWaiting() {
        return List.copyOf(waiting.keySet());
    }

    /** Notes what came of it: {@code took} says whether the index now differs. */
    synchronized void effect(ObjectNode what, boolean took, String refusal) {
        ObjectNode line = line("effect");
        for (var fields = what.fields(); fields.hasNext(); ) {
            var field = fields.next();
            if (!List.of("kind", "at").contains(field.getKey())) {
                line.set(field.getKey(), field.getValue());
            }
        }
        line.put("took", took);
        if (refusal != null) {
            line.put("refusal", refusal);
        }
        record(line);
    }

    /** PUBLISHED, REPLACED, DELETED, or null for a document the index never had. */
    synchronized String stateOf(String document) {
        ObjectNode found = documents.get(document);
        return found == null ? null : found.path("state").asText();
    }

    synchronized String confidentialityOf(String document) {
        ObjectNode found = documents.get(document);
        return found == null ? "" : found.path("confidentiality").asText();
    }

    /** Everything, for {@code _state}; {@code only} narrows it to one document. */
    synchronized ObjectNode describe(String only) {
        ObjectNode state = Json.object();
        ArrayNode docs = Json.array();
        Map<String, List<String>> byContent = new LinkedHashMap<>();
        for (ObjectNode document : documents.values()) {
            String id = document.path("identificativoDoc").asText();
            byContent
                    .computeIfAbsent(document.path("cda").asText(), k -> new ArrayList<>())
                    .add(id);
            if (only == null || only.equals(id)) {
                ObjectNode one = document.deepCopy();
                one.set(
                        "events",
                        eventsOfWorkflow(document.path("workflowInstanceId").asText()));
                docs.add(one);
            }
        }
        ArrayNode effectLog = Json.array();
        for (ObjectNode effect : effects) {
            if (only == null || only.equals(effect.path("document").asText())) {
                effectLog.add(effect.deepCopy().without(List.of("kind", "metadata")));
            }
        }
        ArrayNode repeated = Json.array();
        byContent.values().stream().filter(ids -> ids.size() > 1).forEach(ids -> {
            ArrayNode group = Json.array();
            ids.forEach(group::add);
            repeated.add(group);
        });
        state.put("published", docs.size());
        state.put(
                "effectsTaken",
                effects.stream().filter(e -> e.path("took").asBoolean()).count());
        state.put("waitingForIndex", waiting.size());
        state.set("sameContentPublishedTwice", repeated);
        state.set("documents", docs);
        state.set("effects", effectLog);
        return state;
    }

    @Override
    public void close() {
        journal.close();
    }
}
