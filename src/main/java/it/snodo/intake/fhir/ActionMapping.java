package it.snodo.intake.fhir;

import static it.snodo.fault.SnodoCode.CODE_UNKNOWN;
import static it.snodo.fault.SnodoCode.EVENT_UNKNOWN;
import static it.snodo.fault.SnodoCode.FIELD_MALFORMED;
import static it.snodo.fault.SnodoCode.FIELD_MISSING;
import static it.snodo.fault.SnodoCode.NOT_ALLOWED_TOGETHER;

import it.snodo.certificate.CertificateRequest.Action;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Composition;
import org.hl7.fhir.r4.model.Composition.CompositionRelatesToComponent;
import org.hl7.fhir.r4.model.Composition.CompositionStatus;
import org.hl7.fhir.r4.model.Composition.DocumentRelationshipType;
import org.hl7.fhir.r4.model.MessageHeader;

/** New, replacement or annulment: the Composition says it by status and relatesTo, and the event has to agree. */
final class ActionMapping {

    private final BundleReading reading;
    private final Composition composition;
    private final String path;

    ActionMapping(BundleReading reading, Composition composition) {
        this.reading = reading;
        this.composition = composition;
        this.path = reading.path(composition);
    }

    Action map() {
        Action action = ofComposition();
        if (action == Action.NEW && ofEvent() == Action.REPLACEMENT) {
            // The event says so; what it replaces is then missing, like in the other forms.
            action = Action.REPLACEMENT;
        }
        checkEvent(action);
        return action;
    }

    private Action ofComposition() {
        reading.locate("action", path + ".status");
        if (composition.getStatus() == CompositionStatus.ENTEREDINERROR) {
            return Action.ANNULMENT;
        }
        if (composition.getStatus() == CompositionStatus.PRELIMINARY) {
            reading.fault(
                    FIELD_MALFORMED,
                    "action",
                    path + ".status",
                    "La Composition è «preliminary»: l'hub accetta solo certificati definitivi (final o amended).");
        }
        if (!composition.hasStatus()) {
            reading.fault(FIELD_MISSING, "action", path + ".status", "Manca lo stato della Composition.");
        }
        return composition.hasRelatesTo() ? Action.REPLACEMENT : Action.NEW;
    }

    /** What the event asks for; null when there is none or none of ours. */
    private Action ofEvent() {
        MessageHeader header = reading.header();
        Coding event = header == null ? new Coding() : header.getEventCoding();
        boolean ours = FhirNames.EVENTS.equals(event.getSystem()) || FhirNames.V2_EVENTS.equals(event.getSystem());
        return switch (ours && event.getCode() != null ? event.getCode() : "") {
            case "certificate-new", "T02" -> Action.NEW;
            case "certificate-replacement", "T10" -> Action.REPLACEMENT;
            case "certificate-annulment", "T11" -> Action.ANNULMENT;
            default -> null;
        };
    }

    private void checkEvent(Action action) {
        MessageHeader header = reading.header();
        if (header == null) {
            return;
        }
        String at = reading.path(header) + ".eventCoding";
        if (!header.hasEventCoding()) {
            if (!header.hasEventUriType()) {
                reading.fault(FIELD_MISSING, "", at, "Manca l'evento del MessageHeader.");
            } else {
                reading.fault(
                        EVENT_UNKNOWN,
                        "",
                        reading.path(header) + ".eventUri",
                        "L'evento va indicato con eventCoding, nel sistema " + FhirNames.EVENTS + ".");
            }
            return;
        }
        String code = header.getEventCoding().getCode();
        Action said = ofEvent();
        if (said == null) {
            reading.fault(
                    EVENT_UNKNOWN,
                    "",
                    at,
                    "L'evento «" + code + "» non è gestito: i codici sono certificate-new, certificate-replacement e "
                            + "certificate-annulment di " + FhirNames.EVENTS + ".");
        } else if (said != action) {
            reading.fault(
                    NOT_ALLOWED_TOGETHER,
                    "action",
                    at,
                    "L'evento «" + code + "» non corrisponde alla Composition, che per stato e relatesTo è "
                            + switch (action) {
                                case NEW -> "un certificato nuovo.";
                                case REPLACEMENT -> "una sostituzione.";
                                case ANNULMENT -> "un annullamento.";
                            });
        }
    }

    /** The number of the document that this one replaces; null when it names none. */
    String replaced() {
        reading.locate("replacedDocumentNumber", path + ".relatesTo");
        for (Placed<CompositionRelatesToComponent> each :
                Placed.each(composition.getRelatesTo(), path + ".relatesTo")) {
            CompositionRelatesToComponent relation = each.value();
            if (relation.getCode() != DocumentRelationshipType.REPLACES) {
                reading.fault(
                        CODE_UNKNOWN,
                        "replacedDocumentNumber",
                        each.path() + ".code",
                        "Di relatesTo.code l'hub gestisce solo «replaces».");
                continue;
            }
            if (relation.hasTargetIdentifier()) {
                return reading.identifier(
                        relation.getTargetIdentifier(), "replacedDocumentNumber", each.path() + ".targetIdentifier");
            }
            if (relation.hasTargetReference() && relation.getTargetReference().hasIdentifier()) {
                return reading.identifier(
                        relation.getTargetReference().getIdentifier(),
                        "replacedDocumentNumber",
                        each.path() + ".targetReference.identifier");
            }
            reading.fault(
                    FIELD_MISSING,
                    "replacedDocumentNumber",
                    each.path() + ".targetIdentifier",
                    "relatesTo deve portare in targetIdentifier il numero del documento sostituito.");
        }
        return null;
    }
}
