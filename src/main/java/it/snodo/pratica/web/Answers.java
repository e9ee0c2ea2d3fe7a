package it.snodo.pratica.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.oas.annotations.media.Schema;
import it.snodo.fault.Problem;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.pratica.Pratica;
import it.snodo.pratica.PraticaConflict;
import it.snodo.pratica.PraticaRefused;
import it.snodo.pratica.PraticaState;
import org.springframework.core.annotation.Order;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** How calls about pratiche are answered: entity tags, and refusals that say how the pratica stands. */
@RestControllerAdvice("it.snodo.pratica.web")
// before the advice of all calls, that knows only codes and words
@Order(-200)
class Answers {

    Answers() {}

    /**
     * A problem with the pratica it is about.
     *
     * @param pratica as it stands; absent when there is none
     */
    @Schema(name = "PraticaProblem")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PraticaProblem(@JsonUnwrapped Problem problem, Standing pratica) {}

    /** @param lastEvent what happened to it last, and who did it */
    @Schema(name = "PraticaStanding")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Standing(String number, PraticaState state, int revision, PraticaView.EventView lastEvent) {}

    @ExceptionHandler
    ResponseEntity<PraticaProblem> conflict(PraticaConflict e) {
        Pratica pratica = e.pratica();
        return ResponseEntity.status(HttpStatusCode.valueOf(e.code().httpStatus()))
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .eTag(tag(pratica.revision()))
                .cacheControl(CacheControl.noStore())
                .body(new PraticaProblem(
                        Problem.of(e.code(), e.getMessage()),
                        new Standing(
                                pratica.number(),
                                pratica.state(),
                                pratica.revision(),
                                PraticaView.EventView.of(e.last(), true, true))));
    }

    @ExceptionHandler
    ResponseEntity<PraticaProblem> refused(PraticaRefused e) {
        Problem problem = Problem.of(e.faults());
        Pratica pratica = e.pratica();
        return ResponseEntity.status(HttpStatusCode.valueOf(problem.status()))
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .cacheControl(CacheControl.noStore())
                .body(new PraticaProblem(
                        problem,
                        pratica == null
                                ? null
                                : new Standing(pratica.number(), pratica.state(), pratica.revision(), null)));
    }

    static String tag(int revision) {
        return "\"" + revision + "\"";
    }

    /** @return null when the header is absent or allows any; -1 for a tag that is none of ours */
    static Integer revision(String ifMatch) {
        if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
            return null;
        }
        String tag = ifMatch.strip().replaceFirst("^W/", "").replace("\"", "");
        return tag.matches("\\d{1,9}") ? Integer.parseInt(tag) : -1;
    }

    static SnodoException invalid(String words) {
        return new SnodoException(SnodoCode.REQUEST_INVALID, words);
    }
}
