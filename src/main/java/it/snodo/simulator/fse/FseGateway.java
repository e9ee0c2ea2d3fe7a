package it.snodo.simulator.fse;

import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Journal;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.Multipart;
import it.snodo.simulator.wire.Request;
import it.snodo.simulator.wire.Rules;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;

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
    private final FseSettings settings;
    private final Path officialFiles;
    private final Rules rules = new Rules();
    private final Edge edge;
    private final Registry registry;
    private final Index index;
    private final Validation validation;
    private final Publication publication;
    private final Changes changes;
    private final Status status;

    /**
     * @param officialFiles folder with xsd/, schematron/ and terminology/; null or absent: own rules
     * @param journal file that keeps what was taken; null: memory only
     */
    public FseGateway(FseSettings settings, Path officialFiles, Path journal, Clock clock) {
        this.settings = settings;
        this.officialFiles = officialFiles;
        this.edge = new Edge(clock, settings.audience());
        this.registry = new Registry(Journal.open(journal), clock);
        this.index = new Index(settings, registry);
        this.validation = new Validation(settings, registry, officialFiles);
        this.publication = new Publication(settings, registry, validation, index, clock);
        this.changes = new Changes(settings, registry, index);
        this.status = new Status(registry);
        index.resume();
    }

    /** Reads the rules aside, so that the first document does not wait for them. */
    public void warm() {
        CdaJudge.of(officialFiles);
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
            return Problems.blank(404, "Not Found", "No static resource " + path.substring(1) + ".", path);
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
                return Problems.notAllowed(request, "GET");
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
                        : Problems.notAllowed(request, "POST");
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
                return Problems.notAllowed(request, posted == null ? "PUT, DELETE" : "PUT, POST, DELETE");
            }
            if (parts.length == 3 && parts[1].equals("validate-and-replace")) {
                return method.equals("PUT")
                        ? call(new Call(request, Operation.VALIDATE_AND_REPLACE, decode(parts[2])))
                        : Problems.notAllowed(request, "PUT");
            }
            if (parts.length == 3 && (parts[2].equals("metadata") || parts[2].equals("metadata-iti-57"))) {
                return method.equals("PUT")
                        ? call(new Call(request, Operation.METADATA, decode(parts[1])))
                        : Problems.notAllowed(request, "PUT");
            }
        }
        return Problems.blank(404, "Not Found", "No static resource " + path.substring(1) + ".", request);
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
                return Problems.unsupported(call.request, "multipart/form-data");
            }
            try {
                call.parts = Multipart.of(call.request);
            } catch (IOException e) {
                return Problems.blank(400, "Bad Request", "Failed to parse multipart servlet request", call.request);
            }
            Multipart.Part file = call.parts.part("file");
            if (file != null && file.bytes().length > settings.maxUpload().toBytes()) {
                return Problems.blank(413, "Payload Too Large", "Maximum upload size exceeded", call.request);
            }
            String named = documentOf(call.parts);
            document = named.isEmpty() ? document : named;
        }
        Rules.Order order = rules.next(call.operation.name(), document);
        call.order = order;
        if (!order.takesEffect()) {
            return order.shape(order.error() == null ? Answer.nothing() : Problems.ordered(order.error(), call));
        }
        Answer answer = perform(call);
        return order.shape(order.error() == null ? answer : Problems.ordered(order.error(), call));
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
                case VALIDATION -> validation.validate(call);
                case FHIR_VALIDATION -> validation.validateFhir(call);
                case CREATE, REPLACE, VALIDATE_AND_CREATE, VALIDATE_AND_REPLACE -> publication.publish(call);
                case METADATA -> changes.metadata(call);
                case DELETE -> changes.deletion(call);
                case STATUS -> status.ofWorkflow(call);
                case STATUS_BY_TRACE -> status.ofTrace(call);
                case HEALTH -> Answer.json(200, Json.object().put("status", "UP"));
            };
        } catch (Refusal refusal) {
            if (call.refusalEvent != null) {
                registry.event(call.event(call.refusalEvent, "BLOCKING_ERROR", refusal.detail));
            }
            return Problems.of(refusal, call);
        }
    }

    @Override
    public void close() {
        index.close();
        registry.close();
    }
}
