package it.snodo.simulator.fse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.Multipart;
import java.time.Clock;
import java.time.Duration;

/** Publication and replacement of a signed PDF, with or without a validation in the same call. */
final class Publication {
    private static final int RETENTION_DAYS = 5;

    private final FseSettings settings;
    private final Registry registry;
    private final Validation validation;
    private final Index index;
    private final Clock clock;

    Publication(FseSettings settings, Registry registry, Validation validation, Index index, Clock clock) {
        this.settings = settings;
        this.registry = registry;
        this.validation = validation;
        this.index = index;
        this.clock = clock;
    }

    Answer publish(Call call) {
        boolean replaces = call.operation.replaces();
        Multipart.Part file = call.file();
        call.checkClaims(settings.edge());
        if (replaces && !Fields.isDocumentId(call.pathId)) {
            throw Refusal.documentId("L'identificativo documento fornito in richiesta non è valido", "/invalid-req-id");
        }
        JsonNode body = Fields.publication(call.body(), replaces);
        call.document = body.path("identificativoDoc").asText();
        call.activity = body.path("tipoAttivitaClinica").asText();
        boolean skipValidation = false;
        if (settings.accreditation()) {
            if (call.document.startsWith("CRASH_TIMEOUT")) {
                throw Refusal.timeout();
            }
            skipValidation = call.document.startsWith("SKIP_VALIDATION");
            if (replaces) {
                if (call.outage("status")) {
                    throw Refusal.generic(500, "Timeout error while call search event by id documento");
                }
                if (!registry.seenPublished(call.pathId)) {
                    throw Refusal.notFound("Id documento non presente");
                }
            }
        }
        String mode = body.path("mode").asText(null);
        SentFile read = SentFile.read(file.bytes(), mode, 400, "CDA", "/cda-extraction", true);
        if (!read.signed()) {
            throw Refusal.sign("Il pdf non risulta firmato");
        }
        if (!read.signatureHolds()) {
            throw Refusal.sign("La firma del pdf non risulta valida");
        }
        String cdaHash = read.cda().matchHash();
        if (call.operation.validates()) {
            call.wii = Call.workflowId(read.cda().workflowStem());
            call.claims.checkAgainst(read.cda());
            validation.judge(call, read.cda());
            registry.validated(cdaHash, call.wii);
            registry.event(call.event(call.operation.validationEvent(), "SUCCESS", null));
            call.showWii = false;
            call.refusalEvent = call.operation.event;
        } else {
            String given = body.path("workflowInstanceId").asText("");
            call.wii = given.isEmpty() ? Call.UNKNOWN_WII : given;
            call.claims.checkAgainst(read.cda());
        }
        if (skipValidation) {
            call.wii = Call.workflowId(read.cda().workflowStem());
        } else {
            Registry.Validated found =
                    registry.consume(cdaHash, body.path("workflowInstanceId").asText(""));
            if (found == null) {
                throw Refusal.cdaMatch();
            }
            call.wii = found.wii();
            if (Duration.between(found.at(), clock.instant()).toDays() >= RETENTION_DAYS) {
                throw Refusal.tooOld(RETENTION_DAYS);
            }
        }
        String fileHash = CdaText.sha256(file.bytes());
        if (!fileHash.equalsIgnoreCase(call.claims.text("attachment_hash"))) {
            throw Refusal.hash();
        }
        Fields.checkRepository(body);
        if (call.outage("mapping")) {
            throw Refusal.mapping("Errore durante la creazione risorse FHIR");
        }
        if (replaces) {
            index.checkKnown(call);
        }
        ObjectNode taken = Json.object()
                .put("operation", replaces ? "REPLACE" : "CREATE")
                .put("document", call.document)
                .put("hash", fileHash)
                .put("cda", cdaHash)
                .put("confidentiality", read.cda().confidentiality())
                .put("workflowInstanceId", call.wii)
                .put("traceId", call.trace)
                .put("issuer", call.claims.text("iss"))
                .put("subject", call.claims.text("sub"))
                .put("organizzazione", call.claims.text("subject_organization_id"))
                .put("tipoAttivita", call.activity);
        if (replaces) {
            taken.put("replaces", call.pathId);
        }
        String callback = call.request.header("X-Callback-Url");
        if (callback != null) {
            taken.put("callback", callback);
        }
        taken.set("metadata", body);
        int seq = registry.accept(taken);
        registry.event(call.event(call.operation.event, "SUCCESS", null));
        index.expect(seq, call.order.rule());
        ObjectNode answer = call.traced();
        String warning = mode == null ? SentFile.MODE_WARNING : "";
        if (call.operation.validates()) {
            answer.put("workflowInstanceId", call.wii);
            if (!warning.isEmpty()) {
                answer.put("warning", warning);
            }
        } else {
            answer.put("warning", warning).put("workflowInstanceId", call.wii);
        }
        return Answer.json(202, answer);
    }
}
