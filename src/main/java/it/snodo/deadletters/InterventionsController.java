package it.snodo.deadletters;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.fault.Problem;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.security.Principal;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What a person does with a message that does not go on: look into it, correct it, repeat it, close it. */
@RestController
@RequestMapping("/api/v1/messages/{id}")
class InterventionsController {

    private final Interventions interventions;
    private final Repairs repairs;

    InterventionsController(Interventions interventions, Repairs repairs) {
        this.interventions = interventions;
        this.repairs = repairs;
    }

    /** @param reason why; needed to discard */
    record Order(String reason) {}

    /** @param request the whole corrected request, as {@code content} gave it */
    record Correction(String reason, JsonNode request) {}

    /** Health data: who has looked is written down. */
    @GetMapping("/content")
    ResponseEntity<Repairs.Content> content(@PathVariable long id) {
        Repairs.Content content = repairs.content(id);
        return ResponseEntity.ok()
                .eTag(Revision.tag(content.revision()))
                .cacheControl(CacheControl.noStore())
                .body(content);
    }

    @PostMapping("/repair")
    ResponseEntity<Repairs.Result> repair(
            @PathVariable long id,
            @RequestParam(defaultValue = "false") boolean dryRun,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) String ifMatch,
            @RequestBody Correction correction,
            Principal who) {
        if (correction.request() == null || !correction.request().isObject()) {
            throw new SnodoException(SnodoCode.REQUEST_INVALID, "Manca la richiesta corretta (request).");
        }
        Repairs.Result result = repairs.repair(
                id,
                Revision.of(ifMatch),
                correction.request(),
                reason(correction.reason(), "correggere"),
                who.getName(),
                dryRun);
        return ResponseEntity.ok().eTag(Revision.tag(result.revision())).body(result);
    }

    /** A dry run unless told otherwise: what is repeated goes out to others. */
    @PostMapping("/replay")
    Interventions.Result replay(
            @PathVariable long id,
            @RequestParam(defaultValue = "true") boolean dryRun,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) String ifMatch,
            @RequestBody(required = false) Order order,
            Principal who) {
        return interventions.replay(
                id, Revision.of(ifMatch), who.getName(), order == null ? null : order.reason(), dryRun);
    }

    @PostMapping("/discard")
    Interventions.Result discard(
            @PathVariable long id,
            @RequestParam(defaultValue = "false") boolean dryRun,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) String ifMatch,
            @RequestBody Order order,
            Principal who) {
        return interventions.discard(
                id, Revision.of(ifMatch), who.getName(), reason(order.reason(), "scartare"), dryRun);
    }

    /** The same faults in the same form as at intake. */
    @ExceptionHandler
    ResponseEntity<byte[]> faulty(Repairs.Faulty e) {
        Problem problem = Problem.of(e.faults());
        return ResponseEntity.status(problem.status())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem.toJson());
    }

    static String reason(String given, String what) {
        if (given == null || given.isBlank()) {
            throw new SnodoException(SnodoCode.REQUEST_INVALID, "Per " + what + " serve il motivo (reason).");
        }
        return given.strip();
    }
}
