package it.snodo.simulator.fse;

import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.Multipart;
import it.snodo.simulator.wire.Request;
import it.snodo.simulator.wire.Rules;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One call and what is learnt about it on the way. */
final class Call {
    static final String UNKNOWN_WII = "UNKNOWN_WORKFLOW_ID";

    private static final String URN = "^^^^urn:ihe:iti:xdw:2013:workflowInstanceId";
    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");

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
    String refusalEvent;

    Call(Request request, Operation operation, String pathId) {
        this.request = request;
        this.operation = operation;
        this.pathId = pathId;
        String parent = request.header("traceparent");
        Matcher matcher = TRACEPARENT.matcher(parent == null ? "" : parent);
        this.trace = matcher.matches() ? matcher.group(1) : hex(16);
        this.showWii = operation.validates() || operation == Operation.FHIR_VALIDATION;
        this.refusalEvent = operation.validates() ? operation.validationEvent() : operation.event;
    }

    /** Whether a rule says that a service behind the gateway is down. */
    boolean outage(String service) {
        return order.word("outage").equals(service);
    }

    Multipart.Part file() {
        Multipart.Part file = parts.part("file");
        if (file == null || !file.file()) {
            refusalEvent = null; // refused before the gateway's own code runs
            throw Refusal.generic(400, "Required part 'file' is not present.");
        }
        return file;
    }

    byte[] body() {
        Multipart.Part body = parts.part("requestBody");
        return body == null ? null : body.bytes();
    }

    void checkClaims(boolean edge) {
        claims = Claims.check(request.header("FSE-JWT-Signature"), operation, edge);
    }

    /** An event of this call, as status calls show it. */
    Map<String, String> event(String type, String status, String message) {
        Map<String, String> event = new LinkedHashMap<>();
        event.put("eventType", type);
        event.put("eventStatus", status);
        event.put("message", message);
        if (!type.startsWith("VALIDATION")) {
            event.put("identificativoDocumento", document);
            event.put("tipoAttivita", activity);
        }
        if (claims != null) {
            event.put("subject", claims.text("sub"));
            event.put("organizzazione", claims.text("subject_organization_id"));
        }
        event.put("workflowInstanceId", wii);
        event.put("traceId", trace);
        event.put("issuer", claims == null ? "UNDEFINED_JWT_ISSUER" : claims.text("iss"));
        return event;
    }

    /** The answer's beginning: trace and span. */
    ObjectNode traced() {
        return Json.object().put("traceID", trace).put("spanID", span);
    }

    /** @param stem of the CDA, or made from the document's id */
    static String workflowId(String stem) {
        return stem + "." + hex(5) + URN;
    }

    static String hex(int bytes) {
        byte[] random = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
