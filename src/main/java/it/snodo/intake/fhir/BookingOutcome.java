package it.snodo.intake.fhir;

import it.snodo.booking.Decision;
import it.snodo.booking.Ruling;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.BookingArrival;
import java.util.List;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.OperationOutcome.OperationOutcomeIssueComponent;
import org.hl7.fhir.r4.model.StringType;

/** What the rules said, as an OperationOutcome, and back to the HTTP status that goes with it. */
final class BookingOutcome {

    private BookingOutcome() {}

    /** One issue for each ruling, what stops first, then one for each fault. */
    static OperationOutcome of(BookingArrival arrival, List<Ruling> rulings, List<Fault> faults) {
        OperationOutcome outcome = new OperationOutcome();
        rulings.stream().filter(each -> each.decision().stops()).forEach(each -> issue(outcome, arrival, each));
        if (!faults.isEmpty()) {
            List<Fault> placed = faults.stream()
                    .map(fault -> fault.location() == null ? fault.withLocation(arrival.locate(fault.path())) : fault)
                    .toList();
            OutcomeWriter.of(placed).getIssue().forEach(outcome::addIssue);
        }
        rulings.stream().filter(each -> !each.decision().stops()).forEach(each -> issue(outcome, arrival, each));
        return outcome;
    }

    /** What is said besides something that was not refused: its faults are warnings, each with its code. */
    static OperationOutcome notices(BookingArrival arrival, List<Ruling> rulings, List<Fault> faults) {
        OperationOutcome outcome = of(arrival, rulings, faults);
        outcome.getIssue().forEach(issue -> issue.setSeverity(IssueSeverity.WARNING));
        return outcome;
    }

    private static void issue(OperationOutcome outcome, BookingArrival arrival, Ruling ruling) {
        OperationOutcomeIssueComponent issue = outcome.addIssue()
                .setSeverity(ruling.decision().stops() ? IssueSeverity.ERROR : IssueSeverity.WARNING)
                .setCode(IssueType.BUSINESSRULE)
                .setDiagnostics(ruling.message());
        issue.getDetails()
                .setText(ruling.title())
                .addCoding()
                .setSystem(BookingNames.RULES)
                .setCode(ruling.code())
                .setDisplay(ruling.title());
        issue.addExtension(BookingNames.DECISION, new CodeType(ruling.decision().name()));
        if (ruling.detail() != null) {
            issue.addExtension(BookingNames.DETAIL, new StringType(ruling.detail()));
        }
        String where = arrival.locate(ruling.path());
        if (where != null && !where.isBlank()) {
            issue.addExpression(where);
        }
    }

    /** 200 when nothing stopped it; 202 when that is not known yet; 409 when confirming is all that is needed. */
    static int status(OperationOutcome outcome) {
        boolean confirm = false;
        for (OperationOutcomeIssueComponent issue : outcome.getIssue()) {
            if (issue.getSeverity() != IssueSeverity.ERROR && issue.getSeverity() != IssueSeverity.FATAL) {
                continue;
            }
            if (!BookingNames.RULES.equals(
                    issue.getDetails().getCodingFirstRep().getSystem())) {
                OperationOutcome one = new OperationOutcome();
                one.addIssue(issue);
                return OutcomeWriter.status(one);
            }
            if (!Decision.CONFIRM.name().equals(decision(issue))) {
                return 422;
            }
            confirm = true;
        }
        if (confirm) {
            return 409;
        }
        boolean undecided = outcome.getIssue().stream().anyMatch(each -> SnodoCode.BOOKING_UNDECIDED
                .code()
                .equals(each.getDetails().getCodingFirstRep().getCode()));
        return undecided ? 202 : 200;
    }

    private static String decision(OperationOutcomeIssueComponent issue) {
        var extension = issue.getExtensionByUrl(BookingNames.DECISION);
        return extension == null ? null : extension.getValue().primitiveValue();
    }
}
