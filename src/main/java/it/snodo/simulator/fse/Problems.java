package it.snodo.simulator.fse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.Request;

/** Answers that are no success: of the gateway, of the framework below it, and those a rule orders. */
final class Problems {
    private Problems() {}

    static Answer of(Refusal refusal, Call call) {
        ObjectNode body = call.traced()
                .put("type", refusal.type)
                .put("title", refusal.title)
                .put("detail", refusal.detail);
        if (refusal.bodyStatus != null) {
            body.put("status", refusal.bodyStatus);
        }
        body.put("instance", refusal.instance);
        if (call.showWii && !refusal.bare) {
            body.put("workflowInstanceId", call.wii);
        }
        return Answer.problem(refusal.status, body);
    }

    /** An error to order: of the gateway, of its edge, or just a status. */
    static Answer ordered(JsonNode error, Call call) {
        String detail = error.path("detail").asText("Errore ordinato al simulatore");
        Answer answer;
        if (error.hasNonNull("govway")) {
            String name = error.get("govway").asText();
            int status = error.path("status")
                    .asInt(
                            switch (name) {
                                case "InteroperabilityInvalidRequest" -> 400;
                                case "LimitExceeded", "TooManyRequests" -> 429;
                                case "GatewayError", "APIUnavailable" -> 503;
                                default -> 401;
                            });
            answer = Edge.answer(status, name, detail);
        } else if (error.hasNonNull("type")) {
            String type = error.get("type").asText();
            int status = error.path("status").asInt(usualStatus(type));
            answer = of(
                    Refusal.of(
                            status,
                            type,
                            error.path("title").asText("Errore simulato"),
                            detail,
                            error.path("instance").asText(type)),
                    call);
        } else {
            int status = error.path("status").asInt(500);
            answer = blank(status, error.path("title").asText("Errore simulato"), detail, call.request);
        }
        return error.has("retryAfter")
                ? answer.with("Retry-After", error.get("retryAfter").asText())
                : answer;
    }

    private static int usualStatus(String type) {
        return switch (type) {
            case "/msg/semantic" -> 422;
            case "/msg/document-type" -> 415;
            case "/msg/jwt-validation", "/msg/missing-token", "/msg/mandatory-element-token" -> 403;
            case "/msg/unauthorized" -> 401;
            case "/msg/generic-timeout", "/msg/fhir-mapping-timeout" -> 504;
            case "/msg/record-not-found", "/msg/eds-error", "/err/resource" -> 404;
            case "/msg/not-implemented" -> 503;
            case "/msg/connection-refused", "/msg/generic-error", "/msg/ini-error", "/msg/simulation-error" -> 500;
            default -> 400;
        };
    }

    /** A problem of the framework below the gateway: no trace, type about:blank. */
    static Answer blank(int status, String title, String detail, Request request) {
        return blank(status, title, detail, shownPath(request));
    }

    static Answer blank(int status, String title, String detail, String instance) {
        return Answer.problem(
                status,
                Json.object()
                        .put("type", "about:blank")
                        .put("title", title)
                        .put("status", status)
                        .put("detail", detail)
                        .put("instance", instance));
    }

    static Answer unsupported(Request request, String accepted) {
        return blank(
                        415,
                        "Unsupported Media Type",
                        "Content-Type '" + request.mediaType() + "' is not supported.",
                        request)
                .with("Accept", accepted);
    }

    static Answer notAllowed(Request request, String allow) {
        return blank(405, "Method Not Allowed", "Method '" + request.method() + "' is not supported.", request)
                .with("Allow", allow);
    }

    /** The path without the place where the simulator hangs it, as the gateway knows it. */
    private static String shownPath(Request request) {
        int version = request.path().indexOf("/v1/");
        return version < 0 ? request.path() : request.path().substring(version);
    }
}
