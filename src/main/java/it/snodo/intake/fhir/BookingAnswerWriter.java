package it.snodo.intake.fhir;

import ca.uhn.fhir.context.FhirContext;
import it.snodo.booking.AvailabilityAnswer;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingReply;
import it.snodo.booking.Proposal;
import it.snodo.booking.Ruling;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.BookingArrival;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.SearchEntryMode;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.MessageHeader.ResponseType;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;

/** What a FHIR caller is told of a booking or a search. */
final class BookingAnswerWriter {

    private static final String UNDECIDED = "Il CUP non ha ancora risposto: l'hub continua a chiedere.";

    private final FhirContext context;
    private final boolean xml;
    private final Bundle request;
    private final MessageHeader asked;

    /**
     * @param request null when no Bundle came
     * @param asked null when no message came
     */
    BookingAnswerWriter(FhirContext context, boolean xml, Bundle request, MessageHeader asked) {
        this.context = context;
        this.xml = xml;
        this.request = request;
        this.asked = asked;
    }

    byte[] write(BookingArrival arrival, BookingReply reply) {
        return AnswerWriter.encode(
                context,
                xml,
                reply instanceof AvailabilityAnswer found
                        ? found(arrival, found)
                        : done(arrival, (BookingAnswer) reply));
    }

    private Resource done(BookingArrival arrival, BookingAnswer answer) {
        boolean unknown = answer.result() == Result.UNKNOWN;
        if (answer.result() == Result.REFUSED
                || answer.booking() == null && !unknown
                || answer.rulings().stream().anyMatch(each -> each.decision().stops())) {
            return refusal(arrival, answer.rulings(), answer.faults(), answer.proposals());
        }
        List<Fault> faults = new ArrayList<>(answer.faults());
        if (unknown && faults.stream().noneMatch(each -> each.code() == SnodoCode.BOOKING_UNDECIDED)) {
            faults.add(0, Fault.at(SnodoCode.BOOKING_UNDECIDED, "", UNDECIDED));
        }
        OperationOutcome notices = BookingOutcome.notices(arrival, answer.rulings(), faults);
        if (answer.booking() == null) {
            return notices;
        }
        Appointment appointment = AppointmentWriter.of(answer.booking(), notices.hasIssue() ? notices : null);
        if (unknown) {
            // what is revoked or moved still stands as it was, and that is not what was asked for
            appointment.setStatus(AppointmentStatus.PENDING);
        }
        if (request == null) {
            return appointment;
        }
        return request.getType() == BundleType.TRANSACTION
                ? transaction(answer, appointment)
                : message(answer, appointment);
    }

    private static OperationOutcome refusal(
            BookingArrival arrival, List<Ruling> rulings, List<Fault> faults, List<Proposal> proposals) {
        boolean reason = !faults.isEmpty()
                || rulings.stream().anyMatch(each -> each.decision().stops());
        OperationOutcome outcome = BookingOutcome.of(
                arrival,
                rulings,
                reason
                        ? faults
                        : List.of(Fault.at(SnodoCode.INTERNAL, "", "La richiesta è stata rifiutata senza un motivo.")));
        for (int i = 0; i < proposals.size(); i++) {
            Appointment place = AppointmentWriter.of(proposals.get(i));
            place.setId("place" + (i + 1));
            outcome.addContained(place);
            outcome.addExtension(BookingNames.EXTENSION + "proposal", new Reference("#place" + (i + 1)));
        }
        return outcome;
    }

    private Resource found(BookingArrival arrival, AvailabilityAnswer answer) {
        if (!answer.faults().isEmpty()
                || answer.rulings().stream().anyMatch(each -> each.decision().stops())) {
            return refusal(arrival, answer.rulings(), answer.faults(), List.of());
        }
        Bundle bundle = new Bundle();
        bundle.setType(BundleType.SEARCHSET);
        // first by continuity and ASL, then all by time; a place that is in both stands once
        Set<Proposal> places = new LinkedHashSet<>(answer.first());
        answer.absolute().stream()
                .filter(each -> answer.first().stream().noneMatch(first -> same(first, each)))
                .forEach(places::add);
        // those of the own ASL and the first in absolute together are no more than were asked for; of 0 only the number
        Integer most = arrival.ask() instanceof AvailabilityQuery query ? query.limit() : null;
        List<Proposal> shown = places.stream()
                .limit(most == null ? Long.MAX_VALUE : Math.max(0, most))
                .toList();
        bundle.setTotal(most == null || most == 0 ? places.size() : shown.size());
        for (Proposal place : shown) {
            bundle.addEntry()
                    .setFullUrl("urn:uuid:" + java.util.UUID.randomUUID())
                    .setResource(AppointmentWriter.of(place))
                    .getSearch()
                    .setMode(SearchEntryMode.MATCH);
        }
        OperationOutcome besides = BookingOutcome.of(arrival, answer.rulings(), List.of());
        answer.silent().forEach(each -> besides.addIssue()
                .setSeverity(IssueSeverity.WARNING)
                .setCode(IssueType.INCOMPLETE)
                .setDiagnostics(each.name() + " (" + each.azienda() + "): " + each.reason())
                .getDetails()
                .addCoding()
                .setSystem(FhirNames.ERRORS)
                .setCode(SnodoCode.CUP_SILENT.code())
                .setDisplay(SnodoCode.CUP_SILENT.title()));
        if (besides.hasIssue()) {
            bundle.addEntry().setResource(besides).getSearch().setMode(SearchEntryMode.OUTCOME);
        }
        return bundle;
    }

    private static boolean same(Proposal one, Proposal other) {
        return java.util.Objects.equals(one.service(), other.service())
                && java.util.Objects.equals(one.slot(), other.slot());
    }

    private Bundle transaction(BookingAnswer answer, Appointment appointment) {
        Bundle bundle = new Bundle();
        bundle.setType(BundleType.TRANSACTIONRESPONSE);
        bundle.setId("risposta-" + answer.messageId());
        boolean told = false;
        for (var entry : request.getEntry()) {
            var made = bundle.addEntry();
            made.getResponse()
                    .setStatus(status(answer))
                    .setLocation("Appointment/" + appointment.getIdElement().getIdPart())
                    .setEtag("W/\"" + appointment.getMeta().getVersionId() + "\"");
            if (!told && entry.getResource() instanceof Appointment) {
                made.setResource(appointment);
                made.getResponse().setOutcome(outcome(appointment));
                told = true;
            }
        }
        return bundle;
    }

    private static String status(BookingAnswer answer) {
        return switch (answer.result()) {
            case UNKNOWN -> "202 Accepted";
            case BOOKED -> "201 Created";
            default -> "200 OK";
        };
    }

    private Bundle message(BookingAnswer answer, Appointment appointment) {
        OperationOutcome outcome = outcome(appointment);
        outcome.setId("esito");
        MessageHeader header = new MessageHeader();
        header.setId("risposta-" + answer.messageId());
        MessageHeader from = asked == null ? new MessageHeader() : asked;
        header.setEvent(from.getEvent());
        header.getSource().setName("Snodo").setEndpoint("urn:snodo:fhir");
        if (from.getSource().hasEndpoint()) {
            header.addDestination().setEndpoint(from.getSource().getEndpoint());
        }
        String answered = from.getIdElement().getIdPart() != null
                ? from.getIdElement().getIdPart()
                : request.getIdElement().getIdPart();
        header.getResponse()
                .setIdentifier(answered == null ? "sconosciuto" : answered.replaceFirst("^urn:uuid:", ""))
                .setCode(answer.result() == Result.UNKNOWN ? ResponseType.TRANSIENTERROR : ResponseType.OK)
                .setDetails(new Reference("OperationOutcome/esito"));
        header.addFocus(
                new Reference("Appointment/" + appointment.getIdElement().getIdPart()));
        Bundle bundle = new Bundle();
        bundle.setType(BundleType.MESSAGE);
        bundle.setId("risposta-" + answer.messageId());
        bundle.addEntry()
                .setFullUrl("urn:snodo:fhir/MessageHeader/" + header.getIdPart())
                .setResource(header);
        bundle.addEntry()
                .setFullUrl("urn:snodo:fhir/Appointment/"
                        + appointment.getIdElement().getIdPart())
                .setResource(appointment);
        bundle.addEntry().setFullUrl("urn:snodo:fhir/OperationOutcome/esito").setResource(outcome);
        return bundle;
    }

    /** How a booking stands in words, with the notices that it carries. */
    static OperationOutcome outcome(Appointment appointment) {
        OperationOutcome outcome = new OperationOutcome();
        outcome.addIssue()
                .setSeverity(IssueSeverity.INFORMATION)
                .setCode(IssueType.INFORMATIONAL)
                .setDiagnostics("Prenotazione " + appointment.getIdElement().getIdPart() + ": "
                        + appointment.getStatus().toCode() + ".");
        appointment.getContained().stream()
                .filter(OperationOutcome.class::isInstance)
                .map(OperationOutcome.class::cast)
                .flatMap(each -> each.getIssue().stream())
                .forEach(outcome::addIssue);
        return outcome;
    }
}
