package it.snodo.booking.cup;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.BookingFact;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.BookingRequest.Requester;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.CupAzienda;
import java.time.LocalDate;
import java.util.Date;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.Appointment.ParticipationStatus;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.ServiceRequest.ServiceRequestPriority;
import org.hl7.fhir.r4.model.StringType;

/**
 * A booking as an Appointment (FHIR R4): one for the whole act, and in it, in the order of the prescription, a ServiceRequest
 * and a Slot for each service. Source: hl7-booking.md §5.3, §8.
 */
final class AppointmentWriter {

    private static final String OID = "urn:oid:";

    /** SovraCup's codes of bookings. */
    static final String PLACER = OID + Hl7Names.SOVRACUP_OID;

    /** The regional catalogue of services. */
    static final String SERVICES = OID + "2.16.840.1.113883.2.9.2.10.6.11";

    private AppointmentWriter() {}

    /** The CUP's own codes of services. */
    static String ownServices(CupAzienda azienda) {
        return "https://snodo.dev/fhir/cup/" + azienda.code() + "/services";
    }

    static Appointment write(CupAzienda azienda, Booking booking, Operation operation, String reason) {
        Appointment appointment = new Appointment();
        if (operation != Operation.BOOK && booking.fillerCode() != null) {
            appointment.setId(booking.fillerCode());
        }
        appointment.addIdentifier().setSystem(PLACER).setValue(booking.code());
        appointment.setStatus(
                switch (operation) {
                    case REVOKE -> AppointmentStatus.CANCELLED;
                    case DELETE -> AppointmentStatus.ENTEREDINERROR;
                    default -> AppointmentStatus.BOOKED;
                });
        if (operation == Operation.REVOKE) {
            appointment.setCancelationReason(new CodeableConcept().setText(reason == null ? "revoca" : reason));
        } else if (reason != null) {
            appointment.setComment(reason);
        }
        Slot first = booking.firstSlot();
        if (first != null) {
            appointment.setStart(date(first.start()));
            appointment.setEnd(end(first));
            if (first.minutes() != null) {
                appointment.setMinutesDuration(first.minutes());
            }
        }
        if (booking.patient() != null) {
            appointment
                    .addParticipant()
                    .setActor(new Reference(FhirPatient.of(booking.patient(), booking.code())))
                    .setStatus(ParticipationStatus.ACCEPTED);
        }
        for (BookedLine line : booking.lines()) {
            line(appointment, azienda, booking, line);
        }
        for (Facts.Fact fact : Facts.of(booking)) {
            appointment.addExtension(BookingFact.EXTENSION + fact.name().name(), value(fact));
        }
        Requester who = booking.requester();
        if (who != null && who.operator() != null) {
            appointment.addExtension(BookingFact.EXTENSION + "requester.operator", new StringType(who.operator()));
        }
        if (who != null && who.desk() != null) {
            appointment.addExtension(BookingFact.EXTENSION + "requester.desk", new StringType(who.desk()));
        }
        return appointment;
    }

    private static org.hl7.fhir.r4.model.Type value(Facts.Fact fact) {
        if (fact.value() instanceof Boolean flag) {
            return new BooleanType(flag);
        }
        return fact.value() instanceof LocalDate day
                ? new DateType(day.toString())
                : new StringType(fact.value().toString());
    }

    private static void line(Appointment appointment, CupAzienda azienda, Booking booking, BookedLine line) {
        CodeableConcept code = code(azienda, line.localCode(), line.service(), line.description());
        appointment.addServiceType(code);
        ServiceRequest request = new ServiceRequest();
        request.setStatus(ServiceRequest.ServiceRequestStatus.ACTIVE);
        request.setIntent(ServiceRequest.ServiceRequestIntent.ORDER);
        request.setCode(code.copy());
        request.setQuantity(new Quantity(line.quantity()));
        if (line.side() != null) {
            request.addBodySite().addCoding().setSystem("urn:snodo:lato").setCode(line.side());
        }
        if (line.district() != null) {
            request.addBodySite().setText(line.district());
        }
        if (line.question() != null) {
            request.addReasonCode().setText(line.question());
        }
        prescription(request, booking.prescription());
        Slot slot = line.slot();
        if (slot != null && slot.start() != null) {
            request.setOccurrence(new DateTimeType(date(slot.start())));
            slot(appointment, slot);
        }
        appointment.addBasedOn(new Reference(request));
    }

    private static void prescription(ServiceRequest request, Prescription prescription) {
        if (prescription == null) {
            return;
        }
        if (!prescription.numbers().isEmpty()) {
            request.setRequisition(new Identifier()
                    .setSystem(OID + Hl7Names.NRE_OID)
                    .setValue(prescription.numbers().get(0)));
        }
        if (prescription.compiled() != null) {
            request.setAuthoredOnElement(
                    new DateTimeType(prescription.compiled().toString()));
        }
        if (prescription.priority() != null) {
            // D and P share a code: the letter stands beside it
            request.setPriority(
                    switch (prescription.priority()) {
                        case "U" -> ServiceRequestPriority.STAT;
                        case "B" -> ServiceRequestPriority.ASAP;
                        default -> ServiceRequestPriority.ROUTINE;
                    });
            request.addExtension(BookingFact.EXTENSION + "PRIORITA", new StringType(prescription.priority()));
        }
        if (prescription.prescriber() != null) {
            request.setRequester(new Reference()
                    .setIdentifier(new Identifier().setValue(prescription.prescriber()))
                    .setDisplay(prescription.prescriber()));
        }
        if (prescription.question() != null) {
            request.addReasonCode().setText(prescription.question());
        }
    }

    private static void slot(Appointment appointment, Slot slot) {
        org.hl7.fhir.r4.model.Slot place = new org.hl7.fhir.r4.model.Slot();
        place.setStatus(org.hl7.fhir.r4.model.Slot.SlotStatus.BUSY);
        place.setSchedule(new Reference()
                .setIdentifier(new Identifier().setValue(slot.agenda()))
                .setDisplay(slot.agenda()));
        place.setStart(date(slot.start()));
        place.setEnd(end(slot));
        appointment.addSlot(new Reference(place));
        if (slot.structure() != null || slot.place() != null || slot.unit() != null) {
            Location location = new Location();
            if (slot.structure() != null) {
                location.addIdentifier().setSystem(OID + Hl7Names.STS_OID).setValue(slot.structure());
            }
            if (slot.unit() != null) {
                location.addIdentifier().setValue(slot.unit());
            }
            location.setName(slot.place());
            appointment
                    .addParticipant()
                    .setActor(new Reference(location).setDisplay(slot.place()))
                    .setStatus(ParticipationStatus.ACCEPTED);
        }
    }

    /** The CUP's own code first, and the one that was asked for beside it (R34). */
    static CodeableConcept code(CupAzienda azienda, String local, String regional, String title) {
        CodeableConcept code = new CodeableConcept().setText(title);
        if (local != null) {
            code.addCoding().setSystem(ownServices(azienda)).setCode(local).setDisplay(title);
        }
        code.addCoding().setSystem(SERVICES).setCode(regional).setDisplay(title);
        return code;
    }

    /** Start and end must stand together: of an unknown length it ends when it starts. */
    private static Date end(Slot slot) {
        return date(LineSegments.end(slot) == null ? slot.start() : LineSegments.end(slot));
    }

    static Date date(java.time.OffsetDateTime at) {
        return Date.from(at.toInstant());
    }
}
