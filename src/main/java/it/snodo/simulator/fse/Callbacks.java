package it.snodo.simulator.fse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells whoever asked with X-Callback-Url what became of a workflow; tries three times. */
final class Callbacks {
    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

    private final Registry registry;
    private final ScheduledExecutorService later;
    private volatile HttpClient client;

    Callbacks(Registry registry, ScheduledExecutorService later) {
        this.registry = registry;
        this.later = later;
    }

    void push(String callback, String wii, int attempt) {
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
            client().sendAsync(request, HttpResponse.BodyHandlers.discarding()).whenComplete((response, failure) -> {
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

    private HttpClient client() {
        if (client == null) {
            synchronized (this) {
                if (client == null) {
                    client = HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .connectTimeout(Duration.ofSeconds(5))
                            .build();
                }
            }
        }
        return client;
    }
}
