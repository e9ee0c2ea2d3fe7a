package it.snodo.intake.fhir;

import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import java.util.List;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;

/** Faults as an OperationOutcome, and back to the HTTP status that goes with it. */
public final class OutcomeWriter {

    private OutcomeWriter() {}

    /** One issue for each fault, in order. */
    public static OperationOutcome of(List<Fault> faults) {
        OperationOutcome outcome = new OperationOutcome();
        for (Fault fault : faults) {
            var issue = outcome.addIssue()
                    .setSeverity(IssueSeverity.ERROR)
                    .setCode(type(fault.code()))
                    .setDiagnostics(fault.reason());
            issue.getDetails()
                    .addCoding()
                    .setSystem(FhirNames.ERRORS)
                    .setCode(fault.code().code())
                    .setDisplay(fault.code().title());
            if (fault.location() != null && !fault.location().isBlank()) {
                issue.addExpression(fault.location());
            }
        }
        return outcome;
    }

    public static OperationOutcome of(SnodoCode code, String reason) {
        return of(List.of(Fault.at(code, "", reason)));
    }

    /** The status of a stored refusal: that of its first fault. */
    static int status(OperationOutcome outcome) {
        String code =
                outcome.getIssueFirstRep().getDetails().getCodingFirstRep().getCode();
        for (SnodoCode known : SnodoCode.values()) {
            if (known.code().equals(code)) {
                return known.httpStatus();
            }
        }
        return 500;
    }

    private static IssueType type(SnodoCode code) {
        return switch (code) {
            case MESSAGE_UNREADABLE -> IssueType.STRUCTURE;
            case MESSAGE_TYPE_UNKNOWN, EVENT_UNKNOWN, VERSION_UNKNOWN, PROCESSING_ID_UNKNOWN -> IssueType.NOTSUPPORTED;
            case FIELD_MISSING, CONTROL_ID_MISSING -> IssueType.REQUIRED;
            case FIELD_MALFORMED, IDENTIFIER_INVALID, REQUEST_INVALID -> IssueType.VALUE;
            case CODE_UNKNOWN -> IssueType.CODEINVALID;
            case FIELD_TOO_LONG, FRAME_TOO_LARGE -> IssueType.TOOLONG;
            case NOT_ALLOWED_TOGETHER, CODE_NOT_COHERENT, OTHER_PERSON -> IssueType.BUSINESSRULE;
            case DUPLICATE_OTHER_CONTENT, DOCUMENT_NUMBER_TAKEN -> IssueType.DUPLICATE;
            case DOCUMENT_NOT_FOUND, NOT_FOUND -> IssueType.NOTFOUND;
            case DOCUMENT_NOT_CURRENT -> IssueType.CONFLICT;
            case NOT_AUTHENTICATED -> IssueType.LOGIN;
            case NOT_ALLOWED -> IssueType.FORBIDDEN;
            case INTERNAL -> IssueType.EXCEPTION;
            case STORE_UNAVAILABLE -> IssueType.TRANSIENT;
            default -> IssueType.PROCESSING;
        };
    }
}
