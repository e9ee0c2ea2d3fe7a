package it.snodo.publication.fse;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One thing that happened to a document at the gateway.
 *
 * @param type such as PUBLICATION or SEND_TO_INI
 * @param status SUCCESS, BLOCKING_ERROR, NON_BLOCKING_ERROR or ASYNC_RETRY
 * @param documentIdentifier identificativoDocumento; null where the event has none
 */
record FseEvent(
        String type, String status, String message, String documentIdentifier, String workflowId, String traceId) {

    /** The events of a status answer ({@code transactionData}) or of a notification ({@code events}), in their order. */
    static List<FseEvent> list(JsonNode body) {
        JsonNode data = body.has("transactionData") ? body.get("transactionData") : body.path("events");
        String workflow = body.path("workflowInstanceId").asText(null);
        List<FseEvent> events = new ArrayList<>();
        for (JsonNode event : data) {
            events.add(new FseEvent(
                    event.path("eventType").asText(""),
                    event.path("eventStatus").asText(""),
                    event.path("message").asText(null),
                    event.path("identificativoDocumento").asText(null),
                    event.path("workflowInstanceId").asText(workflow),
                    event.path("traceId").asText(null)));
        }
        return events;
    }

    boolean is(String wanted) {
        return type.equals(wanted);
    }

    boolean succeeded() {
        return status.equals("SUCCESS");
    }

    boolean blocked() {
        return status.equals("BLOCKING_ERROR");
    }
}
