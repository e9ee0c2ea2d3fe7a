package it.snodo.simulator.fse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Multipart;
import java.nio.file.Path;

/** Validation: the CDA of an unsigned PDF is judged, and its hash kept for the publication to come. */
final class Validation {
    private static final String SIGN_WARNING = "SIGN_WARN - Attenzione il documento risulta firmato in validazione";

    private final FseSettings settings;
    private final Registry registry;
    private final Path officialFiles;

    Validation(FseSettings settings, Registry registry, Path officialFiles) {
        this.settings = settings;
        this.registry = registry;
        this.officialFiles = officialFiles;
    }

    Answer validate(Call call) {
        Multipart.Part file = call.file();
        call.checkClaims(settings.edge());
        JsonNode body = Fields.validation(call.body());
        String mode = body.path("mode").asText(null);
        boolean keep = body.path("activity").asText().equals("VALIDATION");
        if (!keep) {
            call.refusalEvent = null; // a dry run leaves no trace
        }
        SentFile read = SentFile.read(file.bytes(), mode, 415, "CDA", "/cda-extraction", false);
        call.wii = Call.workflowId(read.cda().workflowStem());
        call.claims.checkAgainst(read.cda());
        CdaJudge.Verdict verdict = judge(call, read.cda());
        if (keep) {
            registry.validated(read.cda().matchHash(), call.wii);
            registry.event(call.event("VALIDATION", "SUCCESS", null));
        }
        ObjectNode answer = call.traced();
        answer.put("workflowInstanceId", call.wii);
        StringBuilder warning = new StringBuilder();
        if (read.signed()) {
            warning.append('[').append(SIGN_WARNING).append(']');
        }
        if (mode == null) {
            warning.append("[WARNING_EXTRACT]").append(SentFile.MODE_WARNING);
        }
        verdict.warnings().forEach(w -> warning.append('[').append(w).append(']'));
        if (mode == null) {
            warning.insert(0, '[').append(']');
        }
        if (warning.length() > 0) {
            answer.put("warning", warning.toString());
        }
        return Answer.json(keep ? 201 : 200, answer);
    }

    Answer validateFhir(Call call) {
        Multipart.Part file = call.file();
        call.checkClaims(settings.edge());
        Fields.validation(call.body());
        if (!PdfFile.hasMagic(file.bytes())) {
            throw Refusal.notPdf(415);
        }
        throw Refusal.noCda("FHIR", "/fhir-extraction");
    }

    CdaJudge.Verdict judge(Call call, CdaText cda) {
        if (call.outage("validator")) {
            throw Refusal.connectionRefused();
        }
        CdaJudge.Verdict verdict = CdaJudge.of(officialFiles).join().judge(cda);
        String instance = "/validation/error";
        switch (verdict.kind()) {
            case SYNTAX -> throw Refusal.of(400, "/msg/syntax", "Errore di sintassi.", verdict.message(), instance);
            case SEMANTIC -> throw Refusal.of(422, "/msg/semantic", "Errore semantico.", verdict.message(), instance);
            case VOCABULARY ->
                throw Refusal.of(400, "/msg/vocabulary", "Errore vocabolario.", verdict.message(), instance);
            case CRASH -> {
                String trace = Call.hex(8);
                throw Refusal.generic(
                        500,
                        "Errore in validazione: 500 Internal Server Error on POST request for"
                                + " \"http://localhost:8012/v1/validate\": \"{\"traceID\":\"" + trace
                                + "\",\"spanID\":\"" + trace + "\",\"error\":{\"code\":500,\"message\":\""
                                + verdict.message() + "\"}}\"");
            }
            default -> {
                return verdict;
            }
        }
    }
}
