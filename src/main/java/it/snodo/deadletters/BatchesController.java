package it.snodo.deadletters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.net.URI;
import java.security.Principal;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Replays and discards of many messages at once. */
@RestController
@RequestMapping("/api/v1/batches")
class BatchesController {

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new com.fasterxml.jackson.datatype.jsr310.JavaTimeModule())
            .disable(com.fasterxml.jackson.databind.SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();
    private static final int PER_MINUTE = 60;

    private final Batches batches;

    BatchesController(Batches batches) {
        this.batches = batches;
    }

    /** Dead letters, as {@code GET /dead-letters} finds them. */
    record Filter(String destination, String code, OffsetDateTime since) {}

    /**
     * @param name letters, digits, dot, minus and underscore; names it for ever
     * @param action replay or discard
     * @param ids messages; else {@code filter}
     * @param perMinute messages a minute; 60 when absent
     */
    record BatchRequest(String name, String action, Filter filter, List<Long> ids, Integer perMinute, String reason) {}

    record BatchList(List<Batches.Progress> items) {}

    @PostMapping
    ResponseEntity<Batches.Progress> create(@RequestBody BatchRequest request, Principal who) {
        require(
                request.name() != null && request.name().matches("[A-Za-z0-9._-]{1,64}"),
                "Serve un nome (name) di lettere, cifre, punto, trattino: al massimo 64 caratteri.");
        require(request.reason() != null && !request.reason().isBlank(), "Serve il motivo (reason).");
        require(
                (request.ids() == null) != (request.filter() == null),
                "Indicare i messaggi (ids) oppure quali lettere morte (filter), non entrambi.");
        require(
                request.ids() == null
                        || !request.ids().isEmpty() && request.ids().size() <= Batches.MOST,
                "ids vuole da 1 a " + Batches.MOST + " messaggi.");
        require(
                request.ids() == null || request.ids().stream().allMatch(java.util.Objects::nonNull),
                "ids contiene un valore nullo.");
        int perMinute = request.perMinute() == null ? PER_MINUTE : request.perMinute();
        require(perMinute >= 1 && perMinute <= 6000, "perMinute vuole un numero da 1 a 6000.");
        Filter filter = request.filter();
        JsonNode asked = JSON.valueToTree(request);
        Batches.Progress progress = batches.create(
                request.name(),
                action(request.action()),
                request.reason().strip(),
                perMinute,
                asked,
                request.ids() == null ? null : request.ids().stream().distinct().toList(),
                filter == null ? null : new DeadLetters.Filter(filter.destination(), filter.code(), filter.since()),
                who.getName());
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/batches/" + request.name()))
                .body(progress);
    }

    @GetMapping
    BatchList list() {
        return new BatchList(batches.all());
    }

    @GetMapping("/{name}")
    Batches.Progress progress(@PathVariable String name) {
        return batches.progress(name)
                .orElseThrow(
                        () -> new SnodoException(SnodoCode.NOT_FOUND, "Nessun blocco di nome «%s».".formatted(name)));
    }

    /** Stops it; what is done stays done. */
    @DeleteMapping("/{name}")
    Batches.Progress stop(@PathVariable String name, Principal who) {
        progress(name);
        batches.stop(name, who.getName());
        return progress(name);
    }

    private static Batches.Action action(String name) {
        for (Batches.Action action : Batches.Action.values()) {
            if (name != null && action.name().equals(name.toUpperCase(Locale.ROOT))) {
                return action;
            }
        }
        throw new SnodoException(SnodoCode.REQUEST_INVALID, "action vuole replay o discard.");
    }

    private static void require(boolean good, String otherwise) {
        if (!good) {
            throw new SnodoException(SnodoCode.REQUEST_INVALID, otherwise);
        }
    }
}
