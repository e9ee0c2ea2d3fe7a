package it.snodo.publication.fse;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.publication.Answer;
import it.snodo.publication.Destination;
import it.snodo.publication.Outbox;
import it.snodo.publication.Outcome;
import it.snodo.publication.PublicationSubject;
import it.snodo.publication.PublicationSubjects;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The gateway's check of the unsigned PDF, before the doctor signs it. What it says is kept with the document: the
 * workflowInstanceId under which those very bytes are published once signed. When the gateway cannot be asked the doctor
 * signs all the same, and publication validates and creates in one call.
 */
@Component("fseValidation")
public class FseValidation {

    private static final Logger LOG = LoggerFactory.getLogger(FseValidation.class);

    /** Types that speak of the document itself; any other refusal is about us and must not keep a doctor from signing. */
    private static final Set<String> ABOUT_THE_DOCUMENT = Set.of(
            "/msg/syntax",
            "/msg/semantic",
            "/msg/vocabulary",
            "/msg/cda-element",
            "/msg/document-type",
            "/msg/empty-file");

    private final FseGateway gateway;
    private final PublicationSubjects subjects;
    private final Outbox outbox;
    private final JdbcClient jdbc;

    FseValidation(FseGateway gateway, PublicationSubjects subjects, Outbox outbox, JdbcClient jdbc) {
        this.gateway = gateway;
        this.subjects = subjects;
        this.outbox = outbox;
        this.jdbc = jdbc;
    }

    public enum Status {
        /** The gateway has checked the document and keeps the result for five days. */
        VALIDATED,
        /** It could not be asked, or does not accept us: sign, and publish by validate-and-create. */
        UNAVAILABLE,
        /** It refuses this document: signing it would be of no use. */
        REFUSED
    }

    /**
     * @param workflowId when validated
     * @param warnings the gateway's warnings, to be shown; null when none
     * @param code why not; null when validated
     * @param detail in words; null when validated
     * @param faults the gateway's single complaints, as it worded them; never for the log
     */
    public record Result(
            Status status, String workflowId, String warnings, SnodoCode code, String detail, List<String> faults) {}

    /** Asks and keeps the answer. */
    public Result validate(String documentId) {
        if (!outbox.mayCall(Destination.FSE)) {
            return new Result(
                    Status.UNAVAILABLE,
                    null,
                    null,
                    SnodoCode.DESTINATION_UNREACHABLE,
                    "Il gateway FSE ora non viene interpellato (non risponde, è in pausa o in un fermo previsto): la validazione"
                            + " avverrà alla pubblicazione.",
                    List.of());
        }
        Outcome outcome;
        try {
            outcome = validate(subjects.of(documentId), FseGateway.newTrace());
        } catch (SnodoException e) {
            outcome = new Outcome.Retry(Answer.none(), e.code(), e.getMessage(), null, false, true);
        } catch (RuntimeException e) {
            outcome = new Outcome.Retry(Answer.none(), SnodoCode.INTERNAL, "Errore interno.", null, false, false);
            LOG.error("Validazione FSE del documento {} interrotta da un errore interno", documentId, e);
        }
        outbox.reached(Destination.FSE, outcome);
        return result(outcome);
    }

    /** Without the circuit breaker, which the lane has already asked. */
    Outcome validate(PublicationSubject subject, String traceId) {
        String locality = subject.locality() == null ? FseMetadata.locality(subject) : subject.locality();
        Outcome outcome = gateway.validate(subject, FseGateway.Activity.VALIDATION, traceId);
        if (outcome instanceof Outcome.Done done) {
            if (done.answer().workflowId() == null) {
                return new Outcome.Retry(
                        done.answer(),
                        SnodoCode.DESTINATION_ERROR,
                        "Il gateway ha validato senza dare un workflowInstanceId.",
                        null,
                        false,
                        false);
            }
            String warning = done.answer().warning();
            jdbc.sql("""
                            update document set fse_workflow_id = :workflow, fse_validated_at = now(),
                              fse_locality = coalesce(fse_locality, :locality),
                              warnings = case when strpos(coalesce(warnings, ''), cast(:warning as text)) > 0 then warnings
                                else nullif(concat_ws(E'\\n', warnings, cast(:warning as text)), '') end, updated_at = now()
                            where id = :id""")
                    .param("workflow", done.answer().workflowId())
                    .param("locality", locality)
                    .param("warning", warning)
                    .param("id", subject.documentId())
                    .update();
        }
        return outcome;
    }

    private static Result result(Outcome outcome) {
        if (outcome instanceof Outcome.Done done) {
            return new Result(
                    Status.VALIDATED, done.answer().workflowId(), done.answer().warning(), null, null, List.of());
        }
        if (outcome instanceof Outcome.Repair repair) {
            Status status = isAboutTheDocument(repair) ? Status.REFUSED : Status.UNAVAILABLE;
            List<String> faults = repair.answer().detail() == null
                    ? List.of()
                    : List.of(repair.answer().detail());
            return new Result(status, null, null, repair.code(), repair.words(), faults);
        }
        if (outcome instanceof Outcome.Stop stop) {
            return new Result(Status.UNAVAILABLE, null, null, stop.code(), stop.words(), List.of());
        }
        if (outcome instanceof Outcome.Revalidate again) {
            return new Result(Status.UNAVAILABLE, null, null, again.code(), again.words(), List.of());
        }
        Outcome.Retry retry = (Outcome.Retry) outcome;
        return new Result(Status.UNAVAILABLE, null, null, retry.code(), retry.words(), List.of());
    }

    private static boolean isAboutTheDocument(Outcome.Repair repair) {
        String type = repair.answer().type();
        return repair.code() == SnodoCode.DOCUMENT_TOO_LARGE
                || repair.code() == SnodoCode.DESTINATION_REFUSED
                        && type != null
                        && (ABOUT_THE_DOCUMENT.contains(type) || type.endsWith("/msg/jwt-validation"));
    }
}
