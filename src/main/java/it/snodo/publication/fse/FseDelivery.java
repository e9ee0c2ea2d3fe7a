package it.snodo.publication.fse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import it.snodo.fault.SnodoCode;
import it.snodo.publication.Answer;
import it.snodo.publication.Deliverer;
import it.snodo.publication.Delivery;
import it.snodo.publication.DeliveryAction;
import it.snodo.publication.DeliveryState;
import it.snodo.publication.Destination;
import it.snodo.publication.Outbox;
import it.snodo.publication.Outcome;
import it.snodo.publication.PublicationSubject;
import it.snodo.publication.PublicationSubjects;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * One try of a delivery to the gateway. The rules that keep it to one effect:
 *
 * <ul>
 *   <li>the bytes sent are the signed ones in the store, and the CDA in them is the one that was validated;
 *   <li>where an earlier try may have taken effect, the gateway is asked by trace id and workflow first;
 *   <li>a validation that the gateway has used up or forgotten is made again on the stored unsigned PDF;
 *   <li>"already registered" (R224) is success.
 * </ul>
 */
final class FseDelivery implements Deliverer {

    /** Events that say a publication was taken in charge. */
    private static final Set<String> TAKEN_IN_CHARGE = Set.of("PUBLICATION", "REPLACE");
    /** How long a document taken in charge may take to become known to the index. */
    private static final Duration INDEXING = Duration.ofMinutes(15);
    /** Taken off the life of a validation, for clocks that disagree. */
    private static final Duration MARGIN = Duration.ofHours(2);

    private static final JsonMapper JSON = new JsonMapper();

    private final FseGateway gateway;
    private final FseValidation validation;
    private final PublicationSubjects subjects;
    private final Outbox outbox;
    private final JdbcClient jdbc;
    private final FseProperties properties;
    private final Clock clock;

    FseDelivery(
            FseGateway gateway,
            FseValidation validation,
            PublicationSubjects subjects,
            Outbox outbox,
            JdbcClient jdbc,
            FseProperties properties,
            Clock clock) {
        this.gateway = gateway;
        this.validation = validation;
        this.subjects = subjects;
        this.outbox = outbox;
        this.jdbc = jdbc;
        this.properties = properties;
        this.clock = clock;
    }

    @Override
    public Outcome deliver(Delivery delivery) {
        PublicationSubject subject = subjects.of(delivery.documentId());
        return switch (delivery.action()) {
            case CREATE, REPLACE -> publish(delivery, subject);
            case DELETE -> withdraw(delivery, subject);
            case METADATA -> describe(delivery, subject);
            default -> throw new IllegalArgumentException(delivery.action() + " is not for the gateway");
        };
    }

    // --- publication -----------------------------------------------------------------------------------------

    private Outcome publish(Delivery delivery, PublicationSubject subject) {
        if (subject.signedPdf() == null) {
            return new Outcome.Repair(
                    Answer.none(),
                    SnodoCode.SIGNATURE_FAILED,
                    "Il documento non è firmato: non può essere pubblicato.");
        }
        boolean replace = delivery.action() == DeliveryAction.REPLACE && subject.replacedId() != null;
        if (replace && !outbox.mayBeThere(subject.replacedId(), Destination.FSE)) {
            // The gateway never had the old version: the new one is its first, and the old one must not follow.
            outbox.closeSuperseded(
                    subject.replacedId(),
                    Destination.FSE,
                    delivery.id(),
                    "Superato dal documento " + subject.documentId() + " che lo sostituisce.");
            replace = false;
        }
        if (delivery.unknown()) {
            Outcome found = ask(delivery, subject);
            if (found != null) {
                return found;
            }
        }
        keepLocality(subject);
        boolean validatesToo = subject.workflowId() == null;
        if (!validatesToo && isValidationOld(subject)) {
            Outcome again = validation.validate(subject, delivery.traceId());
            if (!(again instanceof Outcome.Done)) {
                return again;
            }
        }
        Outcome outcome = send(delivery, replace, validatesToo);
        if (outcome instanceof Outcome.Revalidate first) {
            Outcome again = validation.validate(subject, delivery.traceId());
            if (!(again instanceof Outcome.Done)) {
                return again;
            }
            outcome = send(delivery, replace, false);
            if (outcome instanceof Outcome.Revalidate second) {
                return new Outcome.Repair(
                        second.answer(),
                        first.code(),
                        "Anche dopo una nuova validazione il gateway non riconosce il CDA: quello nel PDF firmato non è"
                                + " quello validato.");
            }
        }
        if (replace && isUnknownThere(outcome)) {
            return unknownReplaced(delivery, subject, outcome);
        }
        if (outcome instanceof Outcome.Repair) {
            spend(subject);
        }
        return outcome;
    }

    private Outcome send(Delivery delivery, boolean replace, boolean validatesToo) {
        // Read again: a validation may have given a new workflowInstanceId.
        PublicationSubject subject = subjects.of(delivery.documentId());
        String submission = gateway.newSubmission(delivery.id());
        outbox.about(delivery, submission, validatesToo ? null : subject.workflowId());
        String trace = delivery.traceId();
        if (replace) {
            return validatesToo
                    ? gateway.validateAndReplace(subject, submission, trace)
                    : gateway.replace(subject, submission, trace);
        }
        return validatesToo
                ? gateway.validateAndCreate(subject, submission, trace)
                : gateway.create(subject, submission, trace);
    }

    /** The old version is not known there: not yet, or it never arrived. */
    private Outcome unknownReplaced(Delivery delivery, PublicationSubject subject, Outcome outcome) {
        Optional<DeliveryState> old = outbox.publicationOf(subject.replacedId(), Destination.FSE);
        if (isTooEarly(delivery, old)) {
            return notYet(outcome);
        }
        if (old.isPresent() && old.get() != DeliveryState.CONFIRMED && old.get() != DeliveryState.DELIVERED) {
            Outcome created = send(delivery, false, true);
            return created instanceof Outcome.Revalidate again
                    ? new Outcome.Retry(again.answer(), again.code(), again.words(), null, false, false)
                    : created;
        }
        return outcome;
    }

    private boolean isValidationOld(PublicationSubject subject) {
        return subject.validatedAt() == null
                || subject.validatedAt()
                        .isBefore(clock.instant()
                                .minus(properties.validationLife())
                                .plus(MARGIN));
    }

    /** A refused publication may have used the validation up: the next try begins with a new one. */
    private void spend(PublicationSubject subject) {
        jdbc.sql("update document set fse_validated_at = null where id = :id and fse_workflow_id is not null")
                .param("id", subject.documentId())
                .update();
    }

    private void keepLocality(PublicationSubject subject) {
        if (subject.locality() == null) {
            jdbc.sql("update document set fse_locality = :locality where id = :id and fse_locality is null")
                    .param("locality", FseMetadata.locality(subject))
                    .param("id", subject.documentId())
                    .update();
        }
    }

    /**
     * What became of an earlier try, by its trace; and by its workflow, because on the way to the gateway's own trace ours
     * may get lost.
     *
     * @return Done when it took effect, Retry when the gateway cannot be asked now, null when nothing is known of it
     */
    private Outcome ask(Delivery delivery, PublicationSubject subject) {
        Outcome heard = heard(gateway.statusByTrace(delivery), delivery, subject);
        return heard != null || delivery.workflowId() == null
                ? heard
                : heard(gateway.statusByWorkflow(delivery, events -> true), delivery, subject);
    }

    private static Outcome heard(FseGateway.Status status, Delivery delivery, PublicationSubject subject) {
        boolean refusedByIndex = status.events().stream().anyMatch(event -> event.is("SEND_TO_INI") && event.blocked());
        for (FseEvent event : status.events()) {
            boolean ours = event.documentIdentifier() == null
                    || event.documentIdentifier().equals(subject.identifier());
            if (ours && event.succeeded() && TAKEN_IN_CHARGE.contains(event.type()) && !refusedByIndex) {
                Answer answer =
                        new Answer(0, null, null, null, delivery.traceId(), null, event.workflowId(), null, null);
                return new Outcome.Done(
                        answer, false, "Un tentativo precedente, la cui risposta era andata persa, era arrivato.");
            }
        }
        return status.outcome() instanceof Outcome.Retry retry && retry.outage() ? retry : null;
    }

    // --- withdrawal and metadata -----------------------------------------------------------------------------

    private Outcome withdraw(Delivery delivery, PublicationSubject subject) {
        if (!outbox.mayBeThere(subject.documentId(), Destination.FSE)) {
            outbox.closeSuperseded(
                    subject.documentId(), Destination.FSE, delivery.id(), "Superato dall'annullamento del documento.");
            return new Outcome.Done(
                    Answer.none(), true, "Il documento non era mai stato pubblicato: niente da ritirare.");
        }
        Outcome outcome = gateway.delete(subject, delivery.traceId());
        if (!isUnknownThere(outcome)) {
            return outcome;
        }
        Optional<DeliveryState> published = outbox.publicationOf(subject.documentId(), Destination.FSE);
        if (delivery.unknown()
                || published.filter(state -> state == DeliveryState.FAILED).isPresent()) {
            return new Outcome.Done(outcome.answer(), true, "Il documento non c'è (più): il ritiro è già avvenuto.");
        }
        return isTooEarly(delivery, published) ? notYet(outcome) : outcome;
    }

    private Outcome describe(Delivery delivery, PublicationSubject subject) {
        if (!outbox.mayBeThere(subject.documentId(), Destination.FSE)) {
            return new Outcome.Done(
                    Answer.none(), true, "Il documento non è pubblicato: i metadati partiranno con la pubblicazione.");
        }
        String submission = gateway.newSubmission(delivery.id());
        outbox.about(delivery, submission, null);
        Outcome outcome = gateway.updateMetadata(subject, isVisibility(delivery), submission, delivery.traceId());
        return isUnknownThere(outcome)
                        && isTooEarly(delivery, outbox.publicationOf(subject.documentId(), Destination.FSE))
                ? notYet(outcome)
                : outcome;
    }

    private static boolean isVisibility(Delivery delivery) {
        try {
            return delivery.payload() != null
                    && JSON.readTree(delivery.payload()).path("visibility").asBoolean();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("jsonb is JSON", e);
        }
    }

    private static boolean isUnknownThere(Outcome outcome) {
        return outcome instanceof Outcome.Repair repair && repair.code() == SnodoCode.DOCUMENT_UNKNOWN_THERE;
    }

    /** Taken in charge but not confirmed: the index learns of it some time later. */
    private boolean isTooEarly(Delivery delivery, Optional<DeliveryState> published) {
        Instant until = delivery.since().plus(INDEXING);
        return published.filter(state -> state == DeliveryState.DELIVERED).isPresent()
                && clock.instant().isBefore(until);
    }

    private static Outcome notYet(Outcome outcome) {
        return new Outcome.Retry(
                outcome.answer(),
                SnodoCode.DOCUMENT_UNKNOWN_THERE,
                "Il documento, preso in carico da poco, non è ancora noto all'indice.",
                null,
                false,
                false);
    }
}
