package it.snodo.simulator.fse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What is done to a published document: other metadata, deletion. */
final class Changes {
    private final FseSettings settings;
    private final Registry registry;
    private final Index index;

    Changes(FseSettings settings, Registry registry, Index index) {
        this.settings = settings;
        this.registry = registry;
        this.index = index;
    }

    Answer metadata(Call call) {
        if (!call.request.mediaType().equals("application/json")) {
            return Problems.unsupported(call.request, "application/json");
        }
        JsonNode body = Fields.metadata(call.request.body());
        if (body == null) {
            return Problems.blank(400, "Bad Request", "Failed to read request", call.request);
        }
        call.document = call.pathId;
        call.activity = body.path("tipoAttivitaClinica").asText();
        checkPathId(call);
        call.wii = Call.workflowId(CdaText.sha256(call.pathId.getBytes(StandardCharsets.UTF_8)));
        call.checkClaims(settings.edge());
        Fields.checkMetadata(body);
        index.checkKnown(call);
        boolean retry = call.order.word("ini").equals("retry");
        if (settings.index() && !retry) {
            String refusal = Index.visibilityRefusal(registry.confidentialityOf(call.pathId), body);
            if (refusal != null) {
                throw Refusal.index(refusal);
            }
        }
        ObjectNode change = Json.object()
                .put("operation", "METADATA")
                .put("document", call.pathId)
                .put("workflowInstanceId", call.wii)
                .put("traceId", call.trace);
        change.set("metadata", body);
        registry.effect(change, true, null);
        registry.event(call.event("INI_UPDATE", retry ? "ASYNC_RETRY" : "SUCCESS", "Metadati aggiornati su ini"));
        return tookCharge(call, retry);
    }

    Answer deletion(Call call) {
        call.document = call.pathId;
        call.activity = "PHR";
        checkPathId(call);
        call.wii = Call.workflowId(CdaText.sha256(call.pathId.getBytes(StandardCharsets.UTF_8)));
        try {
            call.checkClaims(settings.edge());
        } catch (Refusal refusal) {
            throw refusal.withBodyStatus(null);
        }
        index.checkKnown(call);
        boolean retry = call.order.word("ini").equals("retry");
        registry.event(call.event(
                "RIFERIMENTI_INI", "SUCCESS", "Riferimenti trovati: [urn:uuid:" + uuidOf(call.pathId) + "]"));
        registry.effect(
                Json.object()
                        .put("operation", "DELETE")
                        .put("document", call.pathId)
                        .put("workflowInstanceId", call.wii)
                        .put("traceId", call.trace),
                true,
                null);
        registry.event(call.event("INI_DELETE", retry ? "ASYNC_RETRY" : "SUCCESS", "Delete effettuata su ini"));
        return tookCharge(call, retry);
    }

    private static String uuidOf(String document) {
        return UUID.nameUUIDFromBytes(document.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static void checkPathId(Call call) {
        if (!Fields.isDocumentId(call.pathId)) {
            throw Refusal.documentId("L'identificativo documento non è valido", "/invalid-id")
                    .withBodyStatus(null);
        }
    }

    private static Answer tookCharge(Call call, boolean retry) {
        ObjectNode answer = Json.object().put("workflowInstanceId", call.wii);
        answer.setAll(call.traced());
        if (retry) {
            answer.put("warning", "Attenzione, transazione presa in carico. Nuovo tentativo in corso");
        }
        return Answer.json(retry ? 202 : 200, answer);
    }
}
