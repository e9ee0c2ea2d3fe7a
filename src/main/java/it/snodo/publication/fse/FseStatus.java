package it.snodo.publication.fse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.intake.CallIn;
import it.snodo.publication.Answer;
import it.snodo.publication.Delivery;
import it.snodo.publication.Destination;
import it.snodo.publication.Outbox;
import it.snodo.publication.Outcome;
import it.snodo.registry.Identifiers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** What became of documents taken in charge: asked for by the clock, and told by the gateway's notifications. */
@Component("fseStatus")
public class FseStatus {

    private static final int AT_ONCE = 50;
    private static final JsonMapper JSON = new JsonMapper();

    private final FseGateway gateway;
    private final Outbox outbox;
    private final ApplicationEventPublisher events;

    FseStatus(FseGateway gateway, Outbox outbox, ApplicationEventPublisher events) {
        this.gateway = gateway;
        this.outbox = outbox;
        this.events = events;
    }

    /** Deliveries whose confirmation is to be asked for now. */
    public List<Delivery> due() {
        return outbox.takeUnconfirmed(Destination.FSE, AT_ONCE);
    }

    /** Asks for one. */
    public void ask(Delivery delivery) {
        FseGateway.Status status = gateway.statusByWorkflow(delivery, events -> judge(delivery, events) != null);
        if (status.outcome() instanceof Outcome.Retry retry && retry.outage()) {
            outbox.reached(Destination.FSE, retry);
            return;
        }
        learn(delivery, status.events());
    }

    /**
     * Step of the route: takes a notification, {@code {workflowInstanceId, events[]}}, and answers it. The journal is told of it
     * however it ends.
     *
     * @throws SnodoException REQUEST_INVALID when it cannot be read
     */
    public String receive(Exchange exchange) {
        byte[] body = exchange.getMessage().getBody(byte[].class);
        String peer = exchange.getIn() instanceof PlatformHttpMessage http
                ? http.getRequest().getRemoteAddr()
                : "";
        return receive(body == null ? "" : new String(body, StandardCharsets.UTF_8), peer);
    }

    String receive(String body, String peer) {
        try {
            String workflowId = workflowOf(body);
            List<Delivery> known = outbox.byWorkflow(workflowId);
            // Whoever reaches this address can post here, so nothing that is said is believed: the gateway is asked at
            // once.
            outbox.askNow(workflowId);
            tell(body, peer, null, known.isEmpty() ? null : known.get(0).documentId(), workflowId);
        } catch (SnodoException e) {
            tell(body, peer, Fault.at(e.code(), "", e.getMessage()), null, null);
            throw e;
        }
        String trace = FseGateway.newTrace();
        return "{\"traceID\":\"" + trace + "\",\"spanID\":\"" + trace.substring(0, 16) + "\",\"success\":true}";
    }

    private void tell(String body, String peer, Fault fault, String documentId, String workflowId) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String words = fault != null
                ? null
                : documentId == null
                        ? "nessun invio ha il workflow " + Identifiers.quoted(workflowId)
                                + ": non c'è nulla da chiedere"
                        : "chiesto subito al gateway lo stato del workflow " + workflowId;
        events.publishEvent(new CallIn(
                "FSE",
                peer,
                "FSE",
                "POST /fse-callback/v1/workflow/status",
                bytes,
                false,
                bytes.length,
                true,
                fault,
                documentId,
                words));
    }

    private static String workflowOf(String body) {
        JsonNode notification;
        try {
            notification = JSON.readTree(body);
        } catch (IOException e) {
            throw new SnodoException(SnodoCode.REQUEST_INVALID, "La notifica non è JSON leggibile.", e);
        }
        String workflowId = notification == null
                ? ""
                : notification.path("workflowInstanceId").asText("");
        if (workflowId.isBlank()) {
            throw new SnodoException(SnodoCode.REQUEST_INVALID, "La notifica non dice il workflowInstanceId.");
        }
        return workflowId;
    }

    private void learn(Delivery delivery, List<FseEvent> events) {
        Outcome outcome = judge(delivery, events);
        if (outcome != null) {
            outbox.settleLater(delivery, outcome);
        }
    }

    /** @return null while nothing is decided */
    static Outcome judge(Delivery delivery, List<FseEvent> events) {
        return switch (delivery.action()) {
            case CREATE, REPLACE -> published(events);
            case DELETE -> last(events, Set.of("INI_DELETE", "DELETE"));
            case METADATA -> last(events, Set.of("INI_UPDATE", "UPDATE"));
            default -> null;
        };
    }

    private static Outcome published(List<FseEvent> events) {
        Outcome index = last(events, Set.of("SEND_TO_INI"));
        if (index != null) {
            return index;
        }
        boolean takenInCharge = events.stream().anyMatch(event -> isPublication(event) && event.succeeded());
        return takenInCharge ? null : last(events, Set.of("PUBLICATION", "REPLACE"));
    }

    private static boolean isPublication(FseEvent event) {
        return event.is("PUBLICATION") || event.is("REPLACE");
    }

    /** The last decided event of these types: a later success outweighs an earlier error, and the other way round. */
    private static Outcome last(List<FseEvent> events, Set<String> types) {
        Outcome outcome = null;
        for (FseEvent event : events) {
            if (!types.contains(event.type())) {
                continue;
            }
            Answer answer = new Answer(
                    0, event.type(), event.message(), null, event.traceId(), null, event.workflowId(), null, null);
            if (event.succeeded()) {
                outcome = new Outcome.Done(answer, true, null);
            } else if (event.blocked()) {
                outcome = again(FseRemedies.index(answer));
            }
        }
        return outcome;
    }

    /** A refusal of the index is no lost answer: the document has to be sent once more, not looked for. */
    private static Outcome again(Outcome outcome) {
        return outcome instanceof Outcome.Retry retry
                ? new Outcome.Retry(retry.answer(), retry.code(), retry.words(), retry.after(), false, retry.outage())
                : outcome;
    }
}
