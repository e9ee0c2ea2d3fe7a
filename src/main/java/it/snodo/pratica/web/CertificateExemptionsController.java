package it.snodo.pratica.web;

import io.swagger.v3.oas.annotations.media.Schema;
import it.snodo.access.Operators;
import it.snodo.certificate.web.CertificatePrecondition;
import it.snodo.document.Callers;
import it.snodo.pratica.Issuing;
import it.snodo.pratica.Moved;
import it.snodo.pratica.Pratica;
import it.snodo.pratica.Pratiche;
import it.snodo.pratica.Wanted;
import java.net.URI;
import java.time.LocalDate;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What a doctor does with his certificate: issue the exemption, or ask the district for it. */
@RestController
@RequestMapping("/api/v1/certificates/{number}")
class CertificateExemptionsController {

    private final Operators operators;
    private final Issuing issuing;
    private final Pratiche pratiche;
    private final PraticaView.Maker views;
    private final Callers callers;
    private final CertificatePrecondition precondition;

    CertificateExemptionsController(
            Operators operators,
            Issuing issuing,
            Pratiche pratiche,
            PraticaView.Maker views,
            Callers callers,
            CertificatePrecondition precondition) {
        this.operators = operators;
        this.issuing = issuing;
        this.pratiche = pratiche;
        this.views = views;
        this.callers = callers;
        this.precondition = precondition;
    }

    @Schema(name = "ExemptionIssue")
    record Issue(
            @Schema(description = "ultimo giorno di validità; se manca vale la durata prevista per l'esenzione")
            LocalDate end,

            @Schema(description = "true: senza fine") Boolean unlimited) {}

    @Schema(name = "ExemptionAsking")
    record Asking(
            @Schema(description = "la vede il cittadino, se la richiesta è sua")
            String beneficiaryNote,

            @Schema(description = "la vedono il distretto e il medico che invia la pratica, mai il cittadino")
            String internalNote) {}

    @PostMapping(path = "/exemption", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PraticaView> issue(
            @PathVariable long number,
            @RequestHeader(name = "If-Match", required = false) String ifMatch,
            @RequestBody(required = false) Issue body) {
        precondition.require(callers.current(), number, ifMatch);
        Wanted wanted = body == null ? Wanted.NOTHING : new Wanted(body.end(), body.unlimited());
        Moved moved = issuing.issue(operators.current(), number, wanted);
        return answer(moved.waits() ? 202 : 201, moved);
    }

    @PostMapping(path = "/exemption-request", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PraticaView> request(
            @PathVariable long number,
            @RequestHeader(name = "If-Match", required = false) String ifMatch,
            @RequestBody(required = false) Asking body) {
        precondition.require(callers.current(), number, ifMatch);
        Moved moved = issuing.request(
                operators.current(),
                number,
                body == null
                        ? Pratiche.Notes.NONE
                        : PraticheController.notes(body.beneficiaryNote(), body.internalNote()));
        return answer(201, moved);
    }

    private ResponseEntity<PraticaView> answer(int status, Moved moved) {
        Pratica pratica = moved.pratica();
        return ResponseEntity.status(status)
                .location(URI.create("/api/v1/pratiche/" + pratica.number()))
                .eTag(Answers.tag(pratica.revision()))
                .cacheControl(CacheControl.noStore())
                .body(views.view(
                        pratica,
                        PraticaView.Reader.OPERATOR,
                        List.of(),
                        pratiche.possible(operators.current(), pratica),
                        moved.message()));
    }
}
