package it.snodo.booking.cup;

import it.snodo.booking.BookingFact;
import it.snodo.booking.Note;
import it.snodo.booking.Proposal;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.BookingCatalogue.LocalService;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.intake.hl7v2.Hl7Time;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Money;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;

/** Reads what a FHIR CUP says of an appointment, and the free places it proposes. */
final class AppointmentReader {

    private AppointmentReader() {}

    /** Sum in euro; null when not said. */
    static BigDecimal ticket(Appointment appointment) {
        Extension said = appointment.getExtensionByUrl(BookingFact.EXTENSION + "TICKET");
        return said == null ? null : amount(said);
    }

    /** Euro of each line, by its index from 0. */
    static Map<Integer, BigDecimal> tickets(Appointment appointment) {
        Map<Integer, BigDecimal> found = new TreeMap<>();
        for (int i = 0; i < appointment.getServiceType().size(); i++) {
            Extension said = appointment.getExtensionByUrl(BookingFact.EXTENSION + "TICKET" + (i + 1));
            BigDecimal amount = said == null ? null : amount(said);
            if (amount != null) {
                found.put(i, amount);
            }
        }
        return found;
    }

    private static BigDecimal amount(Extension said) {
        if (said.getValue() instanceof Money money) {
            return money.getValue();
        }
        if (said.getValue() instanceof DecimalType decimal) {
            return decimal.getValue();
        }
        return said.getValue() instanceof StringType text ? AnswerReader.amount(text.getValue()) : null;
    }

    static List<Note> notes(Appointment appointment) {
        List<Note> notes = new ArrayList<>();
        if (appointment.hasPatientInstruction()) {
            notes.add(new Note(Note.Kind.PATIENT, null, appointment.getPatientInstruction(), null));
        }
        if (appointment.hasComment()) {
            notes.add(new Note(Note.Kind.OPERATOR, null, appointment.getComment(), null));
        }
        return notes;
    }

    /** The free places of a searchset; what has no time, or a service that nobody knows, is left out. */
    static List<Proposal> proposals(Bundle bundle, CupAzienda azienda, BookingCatalogue catalogue) {
        Map<String, Resource> included = new HashMap<>();
        for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
            Resource resource = entry.getResource();
            if (resource != null && resource.getIdElement().getIdPart() != null) {
                included.put(resource.fhirType() + "/" + resource.getIdElement().getIdPart(), resource);
            }
        }
        List<Proposal> found = new ArrayList<>();
        for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
            if (entry.getResource() instanceof Appointment appointment && appointment.getStart() != null) {
                for (CodeableConcept service : appointment.getServiceType()) {
                    proposal(found, appointment, service, included, azienda, catalogue);
                }
            }
        }
        found.sort(java.util.Comparator.comparing(each -> each.slot().start().toInstant()));
        return found;
    }

    private static void proposal(
            List<Proposal> found,
            Appointment appointment,
            CodeableConcept service,
            Map<String, Resource> included,
            CupAzienda azienda,
            BookingCatalogue catalogue) {
        LocalDate today = LocalDate.now(Hl7Time.ROME);
        String own = null;
        String regional = null;
        for (Coding coding : service.getCoding()) {
            if (AppointmentWriter.SERVICES.equals(coding.getSystem())) {
                regional = coding.getCode();
            } else if (own == null && coding.getCode() != null) {
                own = coding.getCode();
            }
        }
        LocalService known = own == null
                ? null
                : catalogue.regional(azienda.code(), own, today).orElse(null);
        String code = known == null ? regional : known.service();
        if (code != null) {
            found.add(new Proposal(
                    code,
                    own,
                    slot(appointment, included, azienda),
                    ticket(appointment),
                    null,
                    null,
                    notes(appointment)));
        }
    }

    private static Slot slot(Appointment appointment, Map<String, Resource> included, CupAzienda azienda) {
        OffsetDateTime start = time(appointment.getStart());
        Integer minutes = appointment.hasMinutesDuration()
                ? Integer.valueOf(appointment.getMinutesDuration())
                : appointment.getEnd() == null
                        ? null
                        : (int) ((appointment.getEnd().getTime()
                                        - appointment.getStart().getTime())
                                / 60_000);
        String agenda = appointment.getSlot().isEmpty() ? null : agenda(appointment.getSlotFirstRep(), included);
        String structure = null;
        String unit = null;
        String place = null;
        for (Appointment.AppointmentParticipantComponent participant : appointment.getParticipant()) {
            Reference actor = participant.getActor();
            Resource resource = resolve(actor, included);
            if (resource instanceof Location location) {
                place = location.getName();
                for (org.hl7.fhir.r4.model.Identifier identifier : location.getIdentifier()) {
                    if (("urn:oid:" + Hl7Names.STS_OID).equals(identifier.getSystem())) {
                        structure = identifier.getValue();
                    } else if (unit == null) {
                        unit = identifier.getValue();
                    }
                }
            } else if (isLocation(actor)) {
                place = actor.getDisplay();
                structure = actor.getIdentifier().getValue();
            }
        }
        Extension closed = appointment.getExtensionByUrl(BookingFact.EXTENSION + "PRIVATA");
        Boolean ofPrivate = closed != null && closed.getValue() instanceof org.hl7.fhir.r4.model.BooleanType flag
                ? flag.getValue()
                : null;
        return new Slot(azienda.code(), agenda, start, minutes, structure, place, unit, ofPrivate, true);
    }

    private static boolean isLocation(Reference actor) {
        return "Location".equals(actor.getType())
                || actor.getReference() != null && actor.getReference().startsWith("Location/");
    }

    /** Schedule of the slot: by the Slot itself when it came along, else by whatever names it. */
    private static String agenda(Reference slot, Map<String, Resource> included) {
        Reference schedule =
                resolve(slot, included) instanceof org.hl7.fhir.r4.model.Slot free ? free.getSchedule() : slot;
        if (schedule.getIdentifier().getValue() != null) {
            return schedule.getIdentifier().getValue();
        }
        if (schedule.getReference() != null && !schedule.getReference().startsWith("#")) {
            return schedule.getReferenceElement().getIdPart();
        }
        return schedule.getDisplay();
    }

    private static Resource resolve(Reference reference, Map<String, Resource> included) {
        IBaseResource contained = reference.getResource();
        if (contained instanceof Resource resource) {
            return resource;
        }
        return reference.getReference() == null
                ? null
                : included.get(reference.getReferenceElement().getResourceType() + "/"
                        + reference.getReferenceElement().getIdPart());
    }

    private static OffsetDateTime time(Date date) {
        return date.toInstant().atZone(Hl7Time.ROME).toOffsetDateTime();
    }
}
