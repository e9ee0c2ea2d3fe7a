package it.snodo.simulator.fse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Journal;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.Multipart;
import it.snodo.simulator.wire.Request;
import it.snodo.simulator.wire.Rules;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The national FSE gateway as recordings of the Ministry's published code show it: the same checks in the same order on
 * the bytes it gets, the same statuses and problem bodies, the same consumption of validations; then the index (INI)
 * behind it, which takes or refuses what was accepted a little later, and says so in the events.
 *
 * <p>Rules (see {@link Rules}) name the operations VALIDATION, CREATE, REPLACE, METADATA, DELETE, VALIDATE_AND_CREATE,
 * VALIDATE_AND_REPLACE, STATUS, STATUS_BY_TRACE, HEALTH and may also hold
 *
 * <pre>
 * outage        validator, ini, status or mapping: that service behind the gateway is down
 * ini           unknown, retry or error: what the index says when asked for a published document
 * index         what the index says of this publication later: a code, {"code", "message", "effect"}, or NEVER
 * indexDelayMs  when it says so
 * </pre>
 */
public final class FseGateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FseGateway.class);
    private static final String UNKNOWN_WII = "UNKNOWN_WORKFLOW_ID";
    private static final String URN = "^^^^urn:ihe:iti:xdw:2013:workflowInstanceId";
    private static final String SIGN_WARNING = "SIGN_WARN - Attenzione il documento risulta firmato in validazione";
    private static final String MODE_WARNING = "Attenzione, non è stata selezionata la modalità di estrazione del CDA";
    private static final int RETENTION_DAYS = 5;
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");
    private static final Pattern REGION = Pattern.compile("2\\.16\\.840\\.1\\.113883\\.2\\.9\\.2\\.0?(\\d+)\\..*");

    private final FseSettings settings;
    private final Clock clock;
    private final Rules rules = new Rules();
    private final Edge edge;
    private final Registry registry;
    private final Path officialFiles;
    private final ScheduledExecutorService later;
    private volatile HttpClient callbacks;

    /**
     * @param officialFiles folder with xsd/, schematron/ and terminology/; null or absent: own rules
     * @param journal file that keeps what was taken; null: memory only
     */
    public FseGateway(FseSettings settings, Path officialFiles, Path journal, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.edge = new Edge(clock, settings.audience());
        this.registry = new Registry(Journal.open(journal), clock);
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "simulator-fse-index");
            thread.setDaemon(true);
            return thread;
        });
        pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.later = pool;
        this.officialFiles = officialFiles;
        if (settings.index()) {
            registry.allWaiting().forEach(seq -> scheduleIndex(seq, Json.object()));
        }
    }

    /** Reads the rules aside, so that the first document does not wait for them. */
    public void warm() {
        CdaJudge.of(officialFiles);
    }

    /** One call and what is learnt about it on the way. */
    private static final class Call {
        final Request request;
        final Operation operation;
        final String pathId;
        final String trace;
        final String span = hex(8);
        Multipart parts;
        Rules.Order order = Rules.Order.NONE;
        Claims claims;
        String wii = UNKNOWN_WII;
        String document = "";
        String activity = "";
        /** Whether a refusal shows the workflow id: while validating yes, while publishing no. */
        boolean showWii;
        /** The event that a refusal at this point makes. */
        String event;

        Call(Request request, Operation operation, String pathId) {
            this.request = request;
            this.operation = operation;
            this.pathId = pathId;
            String parent = request.header("traceparent");
            Matcher matcher = TRACEPARENT.matcher(parent == null ? "" : parent);
            this.trace = matcher.matches() ? matcher.group(1) : hex(16);
            this.showWii = operation.validates() || operation == Operation.FHIR_VALIDATION;
            this.event = operation.validates() ? operation.validationEvent() : operation.event;
        }
    }

    /** Answers a call below the simulator's own {@code /fse}: the gateway's operations, {@code _control}, {@code _state}. */
    public Answer handle(Request request) {
        String path = request.path();
        if (path.equals("/fse/_control")) {
            return rules.control(request);
        }
        if (path.equals("/fse/_state")) {
            return Answer.json(200, state(only(request.query())));
        }
        if (!path.startsWith(settings.basePath() + "/")) {
            return blank(404, "Not Found", "No static resource " + path.substring(1) + ".", path);
        }
        return route(request, path.substring(settings.basePath().length()));
    }

    private static String only(String query) {
        for (String pair : query.split("&")) {
            if (pair.startsWith("document=")) {
                return URLDecoder.decode(pair.substring(9), StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    /** Calls, rules, documents and effects. */
    public ObjectNode state(String onlyDocument) {
        ObjectNode state = Json.object();
        state.set("calls", rules.counts());
        state.set("rules", rules.describe());
        state.setAll(registry.describe(onlyDocument));
        return state;
    }

    private Answer route(Request request, String path) {
        String method = request.method();
        String[] parts = path.substring(1).split("/", -1);
        if (parts[0].equals("status")) {
            if (!method.equals("GET")) {
                return notAllowed(request, "GET");
            }
            if (parts.length == 1) {
                return call(new Call(request, Operation.HEALTH, ""));
            }
            if (parts.length == 3 && parts[1].equals("search")) {
                return call(new Call(request, Operation.STATUS_BY_TRACE, decode(parts[2])));
            }
            if (parts.length == 2) {
                return call(new Call(request, Operation.STATUS, decode(parts[1])));
            }
        }
        if (parts[0].equals("documents")) {
            if (parts.length == 1) {
                return method.equals("POST")
                        ? call(new Call(request, Operation.CREATE, ""))
                        : notAllowed(request, "POST");
            }
            if (parts.length == 2) {
                Operation posted =
                        switch (parts[1]) {
                            case "validation" -> Operation.VALIDATION;
                            case "validate-and-create" -> Operation.VALIDATE_AND_CREATE;
                            case "fhir-validation" -> Operation.FHIR_VALIDATION;
                            default -> null;
                        };
                if (method.equals("POST") && posted != null) {
                    return call(new Call(request, posted, ""));
                }
                if (method.equals("PUT")) {
                    return call(new Call(request, Operation.REPLACE, decode(parts[1])));
                }
                if (method.equals("DELETE")) {
                    return call(new Call(request, Operation.DELETE, decode(parts[1])));
                }
                return notAllowed(request, posted == null ? "PUT, DELETE" : "PUT, POST, DELETE");
            }
            if (parts.length == 3 && parts[1].equals("validate-and-replace")) {
                return method.equals("PUT")
                        ? call(new Call(request, Operation.VALIDATE_AND_REPLACE, decode(parts[2])))
                        : notAllowed(request, "PUT");
            }
            if (parts.length == 3 && (parts[2].equals("metadata") || parts[2].equals("metadata-iti-57"))) {
                return method.equals("PUT")
                        ? call(new Call(request, Operation.METADATA, decode(parts[1])))
                        : notAllowed(request, "PUT");
            }
        }
        return blank(404, "Not Found", "No static resource " + path.substring(1) + ".", shownPath(request));
    }

    private static String decode(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return segment;
        }
    }

    private Answer call(Call call) {
        String document = call.pathId;
        if (call.operation.multipart()) {
            if (!call.request.mediaType().equals("multipart/form-data")) {
                return blank(
                                415,
                                "Unsupported Media Type",
                                "Content-Type '" + call.request.mediaType() + "' is not supported.",
                                shownPath(call.request))
                        .with("Accept", "multipart/form-data");
            }
            try {
                call.parts = Multipart.of(call.request);
            } catch (IOException e) {
                return blank(400, "Bad Request", "Failed to parse multipart servlet request", shownPath(call.request));
            }
            Multipart.Part file = call.parts.part("file");
            if (file != null && file.bytes().length > settings.maxUpload().toBytes()) {
                return blank(413, "Payload Too Large", "Maximum upload size exceeded", shownPath(call.request));
            }
            String named = documentOf(call.parts);
            document = named.isEmpty() ? document : named;
        }
        Rules.Order order = rules.next(call.operation.name(), document);
        call.order = order;
        if (!order.takesEffect()) {
            return order.shape(order.error() == null ? Answer.nothing() : ordered(order.error(), call));
        }
        Answer answer = perform(call);
        return order.shape(order.error() == null ? answer : ordered(order.error(), call));
    }

    /** The id a rule is matched with; a body that cannot be read has none. */
    private static String documentOf(Multipart parts) {
        Multipart.Part body = parts.part("requestBody");
        if (body == null) {
            return "";
        }
        try {
            return Json.read(body.bytes()).path("identificativoDoc").asText("");
        } catch (IOException e) {
            return "";
        }
    }

    private Answer perform(Call call) {
        if (settings.edge() && call.operation != Operation.HEALTH) {
            boolean signature = call.operation != Operation.STATUS && call.operation != Operation.STATUS_BY_TRACE;
            Answer stopped = edge.check(call.request, signature);
            if (stopped != null) {
                return stopped;
            }
        }
        try {
            return switch (call.operation) {
                case VALIDATION -> validation(call);
                case FHIR_VALIDATION -> fhirValidation(call);
                case CREATE, REPLACE, VALIDATE_AND_CREATE, VALIDATE_AND_REPLACE -> publication(call);
                case METADATA -> metadata(call);
                case DELETE -> deletion(call);
                case STATUS -> status(call);
                case STATUS_BY_TRACE -> statusByTrace(call);
                case HEALTH -> Answer.json(200, Json.object().put("status", "UP"));
            };
        } catch (Refusal refusal) {
            if (call.event != null) {
                event(call, call.event, "BLOCKING_ERROR", refusal.detail);
            }
            return problem(refusal, call);
        }
    }

    // --- validation

    private Answer validation(Call call) {
        Multipart.Part file = file(call);
        call.claims = claims(call);
        JsonNode body = Fields.validation(bodyOf(call));
        String mode = body.path("mode").asText(null);
        boolean keep = body.path("activity").asText().equals("VALIDATION");
        if (!keep) {
            call.event = null; // a dry run leaves no trace
        }
        Read read = read(file.bytes(), mode, 415, "CDA", "/cda-extraction", false);
        call.wii = workflowId(read.cda);
        call.claims.checkAgainst(read.cda);
        CdaJudge.Verdict verdict = judge(call, read.cda);
        if (keep) {
            registry.validated(read.cda.matchHash(), call.wii);
            event(call, "VALIDATION", "SUCCESS", null);
        }
        ObjectNode answer = traced(call);
        answer.put("workflowInstanceId", call.wii);
        StringBuilder warning = new StringBuilder();
        if (read.signed) {
            warning.append('[').append(SIGN_WARNING).append(']');
        }
        if (mode == null) {
            warning.append("[WARNING_EXTRACT]").append(MODE_WARNING);
        }
        verdict.warnings().forEach(w -> warning.append('[').append(w).append(']'));
        if (mode == null) {
            warning.insert(0, '[').append(']');
        }
        if (warning.length() > 0) {
            answer.put("warning", warning.toString());
        }
        return Answer.json(keep ? 201 : 200, answer);
    }

    private Answer fhirValidation(Call call) {
        Multipart.Part file = file(call);
        call.claims = claims(call);
        Fields.validation(bodyOf(call));
        if (!PdfFile.hasMagic(file.bytes())) {
            throw Refusal.notPdf(415);
        }
        throw Refusal.noCda("FHIR", "/fhir-extraction");
    }

    private CdaJudge.Verdict judge(Call call, CdaText cda) {
        if (call.order.word("outage").equals("validator")) {
            throw Refusal.connectionRefused();
        }
        CdaJudge.Verdict verdict = CdaJudge.of(officialFiles).join().judge(cda);
        String instance = "/validation/error";
        switch (verdict.kind()) {
            case SYNTAX -> throw Refusal.of(400, "/msg/syntax", "Errore di sintassi.", verdict.message(), instance);
            case SEMANTIC -> throw Refusal.of(422, "/msg/semantic", "Errore semantico.", verdict.message(), instance);
            case VOCABULARY ->
                throw Refusal.of(400, "/msg/vocabulary", "Errore vocabolario.", verdict.message(), instance);
            case CRASH -> {
                String trace = hex(8);
                throw Refusal.generic(
                        500,
                        "Errore in validazione: 500 Internal Server Error on POST request for"
                                + " \"http://localhost:8012/v1/validate\": \"{\"traceID\":\"" + trace
                                + "\",\"spanID\":\"" + trace + "\",\"error\":{\"code\":500,\"message\":\""
                                + verdict.message() + "\"}}\"");
            }
            default -> {
                return verdict;
            }
        }
    }

    // --- publication

    private Answer publication(Call call) {
        boolean replaces = call.operation.replaces();
        Multipart.Part file = file(call);
        call.claims = claims(call);
        if (replaces && !Fields.isDocumentId(call.pathId)) {
            throw Refusal.documentId("L'identificativo documento fornito in richiesta non è valido", "/invalid-req-id");
        }
        JsonNode body = Fields.publication(bodyOf(call), replaces);
        call.document = body.path("identificativoDoc").asText();
        call.activity = body.path("tipoAttivitaClinica").asText();
        boolean skipValidation = false;
        if (settings.accreditation()) {
            if (call.document.startsWith("CRASH_TIMEOUT")) {
                throw Refusal.timeout();
            }
            skipValidation = call.document.startsWith("SKIP_VALIDATION");
            if (replaces) {
                if (call.order.word("outage").equals("status")) {
                    throw Refusal.generic(500, "Timeout error while call search event by id documento");
                }
                if (!registry.seenPublished(call.pathId)) {
                    throw Refusal.notFound("Id documento non presente");
                }
            }
        }
        String mode = body.path("mode").asText(null);
        Read read = read(file.bytes(), mode, 400, "CDA", "/cda-extraction", true);
        if (!read.signed) {
            throw Refusal.sign("Il pdf non risulta firmato");
        }
        if (!read.signatureHolds) {
            throw Refusal.sign("La firma del pdf non risulta valida");
        }
        String cdaHash = read.cda.matchHash();
        if (call.operation.validates()) {
            call.wii = workflowId(read.cda);
            call.claims.checkAgainst(read.cda);
            judge(call, read.cda);
            registry.validated(cdaHash, call.wii);
            event(call, call.operation.validationEvent(), "SUCCESS", null);
            call.showWii = false;
            call.event = call.operation.event;
        } else {
            String given = body.path("workflowInstanceId").asText("");
            call.wii = given.isEmpty() ? UNKNOWN_WII : given;
            call.claims.checkAgainst(read.cda);
        }
        if (skipValidation) {
            call.wii = workflowId(read.cda);
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
        if (call.order.word("outage").equals("mapping")) {
            throw Refusal.mapping("Errore durante la creazione risorse FHIR");
        }
        if (replaces) {
            referenceOf(call, call.pathId);
        }
        ObjectNode taken = Json.object()
                .put("operation", replaces ? "REPLACE" : "CREATE")
                .put("document", call.document)
                .put("hash", fileHash)
                .put("cda", cdaHash)
                .put("confidentiality", read.cda.confidentiality())
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
        event(call, call.operation.event, "SUCCESS", null);
        if (settings.index()) {
            scheduleIndex(seq, call.order.rule());
        }
        ObjectNode answer = traced(call);
        String warning = mode == null ? MODE_WARNING : "";
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

    // --- what concerns a published document

    /** What the index says of a document that is to be replaced, changed or deleted. */
    private void referenceOf(Call call, String document) {
        if (call.order.word("outage").equals("ini")) {
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

    private Answer metadata(Call call) {
        if (!call.request.mediaType().equals("application/json")) {
            return blank(
                            415,
                            "Unsupported Media Type",
                            "Content-Type '" + call.request.mediaType() + "' is not supported.",
                            shownPath(call.request))
                    .with("Accept", "application/json");
        }
        JsonNode body = Fields.metadata(call.request.body());
        if (body == null) {
            return blank(400, "Bad Request", "Failed to read request", shownPath(call.request));
        }
        call.document = call.pathId;
        call.activity = body.path("tipoAttivitaClinica").asText();
        checkPathId(call);
        call.wii = workflowId(call.pathId);
        call.claims = claims(call);
        Fields.checkMetadata(body);
        referenceOf(call, call.pathId);
        boolean retry = call.order.word("ini").equals("retry");
        if (settings.index() && !retry) {
            String refusal = visibilityRefusal(registry.confidentialityOf(call.pathId), body);
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
        event(call, "INI_UPDATE", retry ? "ASYNC_RETRY" : "SUCCESS", "Metadati aggiornati su ini");
        return tookCharge(call, retry);
    }

    private Answer deletion(Call call) {
        call.document = call.pathId;
        call.activity = "PHR";
        checkPathId(call);
        call.wii = workflowId(call.pathId);
        try {
            call.claims = claims(call);
        } catch (Refusal refusal) {
            throw refusal.withBodyStatus(null);
        }
        referenceOf(call, call.pathId);
        boolean retry = call.order.word("ini").equals("retry");
        event(call, "RIFERIMENTI_INI", "SUCCESS", "Riferimenti trovati: [urn:uuid:" + uuidOf(call.pathId) + "]");
        registry.effect(
                Json.object()
                        .put("operation", "DELETE")
                        .put("document", call.pathId)
                        .put("workflowInstanceId", call.wii)
                        .put("traceId", call.trace),
                true,
                null);
        event(call, "INI_DELETE", retry ? "ASYNC_RETRY" : "SUCCESS", "Delete effettuata su ini");
        return tookCharge(call, retry);
    }

    private static String uuidOf(String document) {
        return java.util
                .UUID
                .nameUUIDFromBytes(document.getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static void checkPathId(Call call) {
        if (!Fields.isDocumentId(call.pathId)) {
            throw Refusal.documentId("L'identificativo documento non è valido", "/invalid-id")
                    .withBodyStatus(null);
        }
    }

    private Answer tookCharge(Call call, boolean retry) {
        ObjectNode answer = Json.object().put("workflowInstanceId", call.wii);
        answer.setAll(traced(call));
        if (retry) {
            answer.put("warning", "Attenzione, transazione presa in carico. Nuovo tentativo in corso");
        }
        return Answer.json(retry ? 202 : 200, answer);
    }

    // --- status

    private Answer status(Call call) {
        if (call.order.word("outage").equals("status")) {
            throw Refusal.generic(500, "Timeout error while call search event by worflow instance id");
        }
        String sub = bearerSubject(call.request);
        if (call.pathId.equals(UNKNOWN_WII)) {
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

    private Answer statusByTrace(Call call) {
        if (call.pathId.length() > 100) {
            return blank(400, "Bad Request", "Validation failure", shownPath(call.request));
        }
        if (call.order.word("outage").equals("status")) {
            throw Refusal.generic(500, "Timeout error while call search event by trace id");
        }
        var events = registry.eventsOfTrace(call.pathId);
        if (events.isEmpty()) {
            throw Refusal.notFound("Record non trovato");
        }
        return transactions(call, events);
    }

    private static Answer transactions(Call call, JsonNode events) {
        ObjectNode answer = traced(call);
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
                    : Json.read(java.util.Base64.getUrlDecoder().decode(parts[1]))
                            .path("sub")
                            .asText("");
        } catch (IOException | IllegalArgumentException e) {
            return "";
        }
    }

    // --- the index behind the gateway

    private void scheduleIndex(int seq, JsonNode rule) {
        if (rule.path("index").asText("").equalsIgnoreCase("NEVER")) {
            return;
        }
        long delay = rule.path("indexDelayMs").asLong(settings.indexDelay().toMillis());
        try {
            later.schedule(() -> index(seq, rule), delay, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("closing: publication {} waits for the next start", seq);
        }
    }

    private void index(int seq, JsonNode rule) {
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
                refusal = indexRefusal(taken);
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
            push(
                    taken.path("callback").asText(""),
                    taken.path("workflowInstanceId").asText(),
                    1);
        } catch (RuntimeException e) {
            LOG.error("simulated index failed on publication {}", seq, e);
        }
    }

    private String indexRefusal(ObjectNode taken) {
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
    private static String visibilityRefusal(String confidentiality, JsonNode body) {
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

    private void push(String callback, String wii, int attempt) {
        if (callback.isBlank()) {
            return;
        }
        ObjectNode body = Json.object().put("workflowInstanceId", wii);
        var events = Json.array();
        for (JsonNode event : registry.eventsOfWorkflow(wii)) {
            ObjectNode one = Json.object();
            for (String field : List.of("eventType", "eventDate", "eventStatus", "issuer", "message")) {
                if (event.has(field)) {
                    one.set(field, event.get(field));
                }
            }
            events.add(one);
        }
        body.set("events", events);
        try {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(callback.replaceAll("/+$", "") + "/v1/workflow/status"))
                    .timeout(Duration.ofSeconds(10))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                    .build();
            callbackClient()
                    .sendAsync(request, HttpResponse.BodyHandlers.discarding())
                    .whenComplete((response, failure) -> {
                        boolean ok = failure == null && response.statusCode() / 100 == 2;
                        if (!ok && attempt < 3) {
                            try {
                                later.schedule(() -> push(callback, wii, attempt + 1), attempt, TimeUnit.SECONDS);
                            } catch (RejectedExecutionException e) {
                                LOG.debug("closing: notification of {} not repeated", wii);
                            }
                        }
                    });
        } catch (IllegalArgumentException e) {
            LOG.warn("X-Callback-Url is no URL");
        }
    }

    private HttpClient callbackClient() {
        if (callbacks == null) {
            synchronized (this) {
                if (callbacks == null) {
                    callbacks = HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .connectTimeout(Duration.ofSeconds(5))
                            .build();
                }
            }
        }
        return callbacks;
    }

    // --- pieces

    private record Read(CdaText cda, boolean signed, boolean signatureHolds) {}

    private static Read read(
            byte[] bytes, String mode, int notPdfStatus, String what, String instance, boolean verify) {
        if (bytes.length == 0) {
            throw Refusal.emptyFile();
        }
        if (!PdfFile.hasMagic(bytes)) {
            throw Refusal.notPdf(notPdfStatus);
        }
        try (PdfFile pdf = PdfFile.open(bytes)) {
            byte[] xml = pdf.cda(mode);
            if (xml == null) {
                throw Refusal.noCda(what, instance);
            }
            CdaText cda = new CdaText(xml);
            if (!cda.looksLikeCda()) {
                throw Refusal.generic(500, "Index 0 out of bounds for length 0");
            }
            boolean signed = pdf.isSigned();
            return new Read(cda, signed, signed && verify && pdf.signatureHolds());
        } catch (IOException e) {
            throw Refusal.noCda(what, instance);
        }
    }

    private static Multipart.Part file(Call call) {
        Multipart.Part file = call.parts.part("file");
        if (file == null || !file.file()) {
            call.event = null; // refused before the gateway's own code runs
            throw Refusal.generic(400, "Required part 'file' is not present.");
        }
        return file;
    }

    private static byte[] bodyOf(Call call) {
        Multipart.Part body = call.parts.part("requestBody");
        return body == null ? null : body.bytes();
    }

    private Claims claims(Call call) {
        return Claims.check(call.request.header("FSE-JWT-Signature"), call.operation, settings.edge());
    }

    private static String workflowId(CdaText cda) {
        return cda.workflowStem() + "." + hex(5) + URN;
    }

    private static String workflowId(String document) {
        return CdaText.sha256(document.getBytes(StandardCharsets.UTF_8)) + "." + hex(5) + URN;
    }

    private void event(Call call, String type, String status, String message) {
        Map<String, String> event = new LinkedHashMap<>();
        event.put("eventType", type);
        event.put("eventStatus", status);
        event.put("message", message);
        if (!type.startsWith("VALIDATION")) {
            event.put("identificativoDocumento", call.document);
            event.put("tipoAttivita", call.activity);
        }
        if (call.claims != null) {
            event.put("subject", call.claims.text("sub"));
            event.put("organizzazione", call.claims.text("subject_organization_id"));
        }
        event.put("workflowInstanceId", call.wii);
        event.put("traceId", call.trace);
        event.put("issuer", call.claims == null ? "UNDEFINED_JWT_ISSUER" : call.claims.text("iss"));
        registry.event(event);
    }

    private static ObjectNode traced(Call call) {
        return Json.object().put("traceID", call.trace).put("spanID", call.span);
    }

    private static Answer problem(Refusal refusal, Call call) {
        ObjectNode body = traced(call)
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
    private static Answer ordered(JsonNode error, Call call) {
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
            answer = problem(
                    Refusal.of(
                            status,
                            type,
                            error.path("title").asText("Errore simulato"),
                            detail,
                            error.path("instance").asText(type)),
                    call);
        } else {
            int status = error.path("status").asInt(500);
            answer = blank(status, error.path("title").asText("Errore simulato"), detail, shownPath(call.request));
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
    private static Answer blank(int status, String title, String detail, String instance) {
        return Answer.problem(
                status,
                Json.object()
                        .put("type", "about:blank")
                        .put("title", title)
                        .put("status", status)
                        .put("detail", detail)
                        .put("instance", instance));
    }

    private Answer notAllowed(Request request, String allow) {
        return blank(
                        405,
                        "Method Not Allowed",
                        "Method '" + request.method() + "' is not supported.",
                        shownPath(request))
                .with("Allow", allow);
    }

    /** The path without the place where the simulator hangs it, as the gateway knows it. */
    private static String shownPath(Request request) {
        int version = request.path().indexOf("/v1/");
        return version < 0 ? request.path() : request.path().substring(version);
    }

    private static String hex(int bytes) {
        byte[] random = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    @Override
    public void close() {
        later.shutdownNow();
        try {
            later.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        registry.close();
    }
}
