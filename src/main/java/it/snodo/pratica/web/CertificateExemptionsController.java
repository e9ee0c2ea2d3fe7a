package it.snodo.pratica.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import it.snodo.access.Operators;
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
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What a doctor does with his certificate: issue the exemption, or ask the district for it. */
@RestController
@RequestMapping("/api/v1/certificates/{number}")
@Tag(name = "certificates")
class CertificateExemptionsController {

    private final Operators operators;
    private final Issuing issuing;
    private final Pratiche pratiche;
    private final PraticaView.Maker views;

    CertificateExemptionsController(Operators operators, Issuing issuing, Pratiche pratiche, PraticaView.Maker views) {
        this.operators = operators;
        this.issuing = issuing;
        this.pratiche = pratiche;
        this.views = views;
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

    @Operation(
            summary = "Crea e valida l'esenzione che il certificato giustifica",
            description = "Ruolo: specialista che ha firmato il certificato, abilitato per l'ASL di residenza"
                    + " dell'assistito. 201 se AURA l'ha presa; 202 se AURA non ha ancora risposto (si completa da sola); 422"
                    + " con i motivi se non si può rilasciare.")
    @PostMapping(path = "/exemption", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PraticaView> issue(
            @Parameter(description = "Numero del certificato") @PathVariable long number,
            @RequestBody(required = false) Issue body) {
        Wanted wanted = body == null ? Wanted.NOTHING : new Wanted(body.end(), body.unlimited());
        Moved moved = issuing.issue(operators.current(), number, wanted);
        return answer(moved.waits() ? 202 : 201, moved);
    }

    @Operation(
            summary = "Richiede l'esenzione al distretto dell'ASL che assiste la persona",
            description =
                    "Ruolo: specialista che ha firmato il certificato. La pratica è INVIATA, l'esenzione non è ancora"
                            + " rilasciata.")
    @PostMapping(path = "/exemption-request", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<PraticaView> request(
            @Parameter(description = "Numero del certificato") @PathVariable long number,
            @RequestBody(required = false) Asking body) {
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
