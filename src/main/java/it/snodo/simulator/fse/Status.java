package it.snodo.simulator.fse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.Request;
import java.io.IOException;
import java.util.Base64;

/** What became of a workflow or a trace: the events so far. */
final class Status {
    private final Registry registry;

    Status(Registry registry) {
        this.registry = registry;
    }

    Answer ofWorkflow(Call call) {
        if (call.outage("status")) {
            throw Refusal.generic(500, "Timeout error while call search event by worflow instance id");
        }
        String sub = bearerSubject(call.request);
        if (call.pathId.equals(Call.UNKNOWN_WII)) {
            throw Refusal.of(
                    400, "/msg/wii", "Campo worflow instance id non valido", "Il wii non è valido", "/invalid-id");
        }
        if (!sub.contains("#")) {
            throw Refusal.of(
                            401,
                            "/msg/mandatory-element-token",
                            "Token JWT non valido.",
                            "Token JWT non valido.",
                            "/missing-jwt")
                    .withBodyStatus(400);
        }
        var events = registry.eventsOfWorkflow(call.pathId);
        if (events.isEmpty()) {
            throw Refusal.notFound("Record non trovato");
        }
        if (!vendor(sub).equals(vendor(events.get(0).path("issuer").asText()))) {
            throw Refusal.of(
                    401, "/msg/unauthorized", "Unauthorized access", "Mismatch sub/issuer", "/msg/invalid-issuer-sub");
        }
        return transactions(call, events);
    }

    Answer ofTrace(Call call) {
        if (call.pathId.length() > 100) {
            return Problems.blank(400, "Bad Request", "Validation failure", call.request);
        }
        if (call.outage("status")) {
            throw Refusal.generic(500, "Timeout error while call search event by trace id");
        }
        var events = registry.eventsOfTrace(call.pathId);
        if (events.isEmpty()) {
            throw Refusal.notFound("Record non trovato");
        }
        return transactions(call, events);
    }

    private static Answer transactions(Call call, JsonNode events) {
        ObjectNode answer = call.traced();
        answer.set("transactionData", events);
        return Answer.json(200, answer);
    }

    /** The three characters after the hash sign of {@code S1#111…}: who the events belong to. */
    private static String vendor(String issuer) {
        int hash = issuer.indexOf('#');
        return hash < 0 ? "" : issuer.substring(hash + 1, Math.min(issuer.length(), hash + 4));
    }

    private static String bearerSubject(Request request) {
        String header = request.header("Authorization");
        if (header == null || !header.startsWith("Bearer ")) {
            return "";
        }
        String[] parts = header.substring(7).split("\\.");
        try {
            return parts.length < 2
                    ? ""
                    : Json.read(Base64.getUrlDecoder().decode(parts[1]))
                            .path("sub")
                            .asText("");
        } catch (IOException | IllegalArgumentException e) {
            return "";
        }
    }
}
