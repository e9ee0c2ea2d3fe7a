package it.snodo.destinations;

import it.snodo.access.Audit;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.security.Principal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The destinations and how they stand; a person stops one and lets it go on. */
@RestController
@RequestMapping("/api/v1/destinations")
class DestinationsController {

    private final Destinations destinations;
    private final Audit audit;

    DestinationsController(Destinations destinations, Audit audit) {
        this.destinations = destinations;
        this.audit = audit;
    }

    record DestinationList(List<DestinationView> items) {}

    /**
     * @param reason why; for whoever wonders
     * @param until when it goes on by itself; null: until somebody says so
     */
    record PauseRequest(String reason, OffsetDateTime until) {}

    @GetMapping
    DestinationList list() {
        return new DestinationList(destinations.all());
    }

    @PostMapping("/{name}/pause")
    DestinationView pause(@PathVariable String name, @RequestBody PauseRequest request, Principal who) {
        String destination = known(name);
        if (request.reason() == null || request.reason().isBlank()) {
            throw new SnodoException(
                    SnodoCode.REQUEST_INVALID, "Per mettere in pausa una destinazione serve il motivo (reason).");
        }
        Instant until = request.until() == null ? null : request.until().toInstant();
        if (until != null && !until.isAfter(Instant.now())) {
            throw new SnodoException(SnodoCode.REQUEST_INVALID, "La fine della pausa (until) deve essere nel futuro.");
        }
        destinations.pause(destination, request.reason().strip(), who.getName(), until);
        audit.read(
                "destinazione " + destination,
                null,
                "pausa: " + request.reason().strip());
        return view(destination);
    }

    /** Lets it go on; of one that is not paused it changes nothing. */
    @PostMapping("/{name}/resume")
    DestinationView resume(@PathVariable String name) {
        String destination = known(name);
        if (destinations.resume(destination)) {
            audit.read("destinazione " + destination, null, "ripresa");
        }
        return view(destination);
    }

    private DestinationView view(String destination) {
        return destinations.all().stream()
                .filter(one -> one.name().equals(destination))
                .findFirst()
                .orElseThrow();
    }

    private String known(String name) {
        List<String> names =
                destinations.all().stream().map(DestinationView::name).toList();
        return names.stream()
                .filter(one -> one.equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new SnodoException(
                        SnodoCode.NOT_FOUND,
                        "La destinazione «%s» non esiste: le destinazioni sono %s.".formatted(name, names)));
    }
}
