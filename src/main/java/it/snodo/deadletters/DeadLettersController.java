package it.snodo.deadletters;

import java.security.Principal;
import java.time.OffsetDateTime;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What waits for a person. */
@RestController
@RequestMapping("/api/v1/dead-letters")
class DeadLettersController {

    private final DeadLetters letters;
    private final Quarantined quarantined;

    DeadLettersController(DeadLetters letters, Quarantined quarantined) {
        this.letters = letters;
        this.quarantined = quarantined;
    }

    /** @param reason why; needed to discard */
    record Order(String reason) {}

    @GetMapping
    DeadLetters.Page list(
            @RequestParam(required = false) String destination,
            @RequestParam(required = false) String code,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE_TIME) OffsetDateTime since,
            @RequestParam(required = false) String next) {
        return letters.page(new DeadLetters.Filter(destination, code, since), next);
    }

    /** Of what lies in quarantine, but for a PIN. Health data: who has looked is written down. */
    @GetMapping("/{id}/raw")
    ResponseEntity<byte[]> raw(@PathVariable String id) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .body(quarantined.raw(id));
    }

    /** A dry run unless told otherwise. */
    @PostMapping("/{id}/replay")
    Quarantined.Result replay(
            @PathVariable String id,
            @RequestParam(defaultValue = "true") boolean dryRun,
            @RequestBody(required = false) Order order,
            Principal who) {
        return quarantined.replay(id, who.getName(), order == null ? null : order.reason(), dryRun);
    }

    @PostMapping("/{id}/discard")
    Quarantined.Result discard(@PathVariable String id, @RequestBody Order order, Principal who) {
        return quarantined.discard(id, who.getName(), InterventionsController.reason(order.reason(), "scartare"));
    }
}
