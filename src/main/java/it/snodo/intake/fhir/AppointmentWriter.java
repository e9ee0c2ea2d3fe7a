package it.snodo.intake.fhir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.BookingFact;
import it.snodo.booking.BookingReading;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.Note;
import it.snodo.booking.Proposal;
import it.snodo.booking.Slot;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.Date;
import java.util.List;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.Appointment.ParticipationStatus;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Money;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Schedule;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;

/**
 * A booking, or a free place, as an Appointment. A booking holds everything it refers to, so that it can be sent back as it is;
 * a free place holds nothing, and becomes a booking by adding person and prescription.
 */
final class AppointmentWriter {

    private AppointmentWriter() {}

    /** @param notices what the rules said besides; null when nothing */
    static Appointment of(Booking booking, OperationOutcome notices) {
        Appointment appointment = new Appointment();
        appointment.setId(booking.code());
        appointment.getMeta().setVersionId(String.valueOf(booking.revision()));
        if (booking.updated() != null) {
            appointment.getMeta().setLastUpdated(Date.from(booking.updated()));
        }
        appointment.addIdentifier().setSystem(BookingNames.CODE).setValue(booking.code());
        if (booking.fillerCode() != null) {
            appointment
                    .addIdentifier()
                    .setSystem(BookingNames.FILLER + booking.azienda())
                    .setValue(booking.fillerCode());
        }
        appointment.setStatus(status(booking.state()));
        if (booking.patient() != null) {
            contain(appointment, patient(booking.patient()), "patient");
            appointment.addParticipant().setStatus(ParticipationStatus.ACCEPTED).setActor(new Reference("#patient"));
        }
        String exemption =
                booking.prescription() == null ? null : booking.prescription().exemption();
        if (exemption != null) {
            contain(appointment, coverage(exemption), "coverage");
        }
        for (int i = 0; i < booking.lines().size(); i++) {
            line(appointment, booking, i, exemption != null);
        }
        Slot first = booking.firstSlot();
        if (first != null) {
            time(appointment, first);
        }
        texts(appointment, booking.notes());
        ticket(appointment, booking.ticket());
        if (notices != null) {
            contain(appointment, notices, "notices");
            appointment.addExtension(BookingNames.NOTICES, new Reference("#notices"));
        }
        return appointment;
    }

    /** A free place. */
    static Appointment of(Proposal proposal) {
        Appointment appointment = new Appointment();
        appointment.setStatus(AppointmentStatus.PROPOSED);
        appointment.addServiceType().addCoding(new Coding(BookingNames.SERVICES, proposal.service(), null));
        Slot slot = proposal.slot();
        if (slot != null) {
            time(appointment, slot);
            if (slot.minutes() != null) {
                appointment.setMinutesDuration(slot.minutes());
            }
            actor(appointment, "Location", BookingNames.AZIENDE, slot.azienda(), null);
            actor(appointment, "HealthcareService", BookingNames.AGENDAS, slot.agenda(), null);
            actor(appointment, "Location", BookingNames.STRUCTURES, slot.structure(), slot.place());
            if (slot.structure() == null) {
                extension(appointment, "slot.place", slot.place());
            }
            extension(appointment, "slot.unit", slot.unit());
            flag(appointment, "slot.privateStructure", slot.privateStructure());
            flag(appointment, "slot.proposed", slot.proposed());
        }
        if (proposal.why() != null) {
            appointment.addExtension(BookingNames.WHY, new CodeType(proposal.why()));
        }
        if (proposal.withinTerm() != null) {
            appointment.addExtension(BookingNames.WITHIN_TERM, new BooleanType(proposal.withinTerm()));
        }
        ticket(appointment, proposal.ticket());
        texts(appointment, proposal.notes());
        return appointment;
    }

    static AppointmentStatus status(Booking.State state) {
        return switch (state) {
            case REQUESTED, UNKNOWN -> AppointmentStatus.PENDING;
            case BOOKED -> AppointmentStatus.BOOKED;
            case REFUSED, REVOKED -> AppointmentStatus.CANCELLED;
            case DELETED -> AppointmentStatus.ENTEREDINERROR;
            case NO_SHOW -> AppointmentStatus.NOSHOW;
        };
    }

    private static void line(Appointment appointment, Booking booking, int index, boolean covered) {
        BookedLine line = booking.lines().get(index);
        ServiceRequest request = new ServiceRequest();
        request.setStatus(ServiceRequest.ServiceRequestStatus.ACTIVE);
        request.setIntent(ServiceRequest.ServiceRequestIntent.ORDER);
        request.setSubject(new Reference("#patient"));
        CodeableConcept code = new CodeableConcept();
        code.addCoding(new Coding(BookingNames.SERVICES, line.service(), line.description()));
        if (line.item() != null) {
            code.addCoding(new Coding(BookingNames.ITEMS, line.item(), null));
        }
        request.setCode(code);
        if (line.quantity() != 1) {
            request.setQuantity(new Quantity(line.quantity()));
        }
        if (line.side() != null) {
            request.addBodySite().addCoding(new Coding(BookingNames.SIDES, line.side(), null));
        }
        if (covered) {
            request.addInsurance(new Reference("#coverage"));
        }
        if (booking.prescription() != null) {
            prescription(request, booking.prescription(), index == 0);
        }
        contain(appointment, request, "request" + (index + 1));
        appointment.addBasedOn(new Reference("#request" + (index + 1)));
        appointment.addServiceType(code.copy());
        if (line.slot() != null) {
            slot(appointment, line.slot(), index + 1);
        }
    }

    /** @param whole whether the facts without an element stand here: once is enough */
    private static void prescription(ServiceRequest request, BookingRequest.Prescription prescription, boolean whole) {
        for (int i = 0; i < prescription.numbers().size(); i++) {
            Identifier number = new Identifier()
                    .setSystem("urn:oid:2.16.840.1.113883.2.9.4.3.9")
                    .setValue(prescription.numbers().get(i));
            if (i == 0) {
                request.setRequisition(number);
            } else {
                request.addIdentifier(number);
            }
        }
        if (prescription.compiled() != null) {
            request.setAuthoredOnElement(
                    new DateTimeType(prescription.compiled().toString()));
        }
        if (prescription.priority() != null) {
            request.addCategory().addCoding(new Coding(BookingNames.PRIORITIES, prescription.priority(), null));
            switch (prescription.priority()) {
                case "U" -> request.setPriority(ServiceRequest.ServiceRequestPriority.STAT);
                case "B" -> request.setPriority(ServiceRequest.ServiceRequestPriority.ASAP);
                case "D", "P" -> request.setPriority(ServiceRequest.ServiceRequestPriority.ROUTINE);
                default -> {
                    // a letter that FHIR has nothing for
                }
            }
        }
        if (prescription.prescriber() != null) {
            request.getRequester().setType("Practitioner");
            request.getRequester().getIdentifier().setValue(prescription.prescriber());
        }
        if (whole) {
            if (prescription.question() != null) {
                extension(request, "prescription.question", prescription.question());
            }
            facts(request, BookingReading.json().valueToTree(prescription), "prescription.");
        }
    }

    private static void slot(Appointment appointment, Slot place, int number) {
        Location location = new Location();
        identifier(location.getIdentifier(), BookingNames.AZIENDE, place.azienda());
        identifier(location.getIdentifier(), BookingNames.STRUCTURES, place.structure());
        identifier(location.getIdentifier(), BookingNames.UNITS, place.unit());
        location.setName(place.place());
        contain(appointment, location, "location" + number);
        appointment
                .addParticipant()
                .setStatus(ParticipationStatus.ACCEPTED)
                .setActor(new Reference("#location" + number));
        Schedule schedule = new Schedule();
        identifier(schedule.getIdentifier(), BookingNames.AGENDAS, place.agenda());
        schedule.addActor(new Reference("#location" + number));
        contain(appointment, schedule, "schedule" + number);
        org.hl7.fhir.r4.model.Slot slot = new org.hl7.fhir.r4.model.Slot();
        slot.setStatus(org.hl7.fhir.r4.model.Slot.SlotStatus.BUSY);
        slot.setSchedule(new Reference("#schedule" + number));
        if (place.start() != null) {
            slot.setStartElement(instant(place.start()));
            slot.setEndElement(instant(place.start().plusMinutes(place.minutes() == null ? 0 : place.minutes())));
        }
        flag(slot, "privateStructure", place.privateStructure());
        flag(slot, "proposed", place.proposed());
        contain(appointment, slot, "slot" + number);
        appointment.addSlot(new Reference("#slot" + number));
    }

    private static Patient patient(BookingRequest.Patient given) {
        Patient patient = new Patient();
        identifier(patient.getIdentifier(), "http://hl7.it/sid/codiceFiscale", given.fiscalCode());
        identifier(patient.getIdentifier(), "http://hl7.it/sid/stp", given.stp());
        identifier(patient.getIdentifier(), "http://hl7.it/sid/eni", given.eni());
        identifier(patient.getIdentifier(), "http://hl7.it/sid/piemonte/aura", given.regionalId());
        if (given.family() != null || given.given() != null) {
            var name = patient.addName().setFamily(given.family());
            if (given.given() != null) {
                name.addGiven(given.given());
            }
        }
        if (given.birthDate() != null) {
            patient.setBirthDateElement(new DateType(given.birthDate().toString()));
        }
        if (given.sex() != null) {
            patient.setGender(
                    switch (given.sex()) {
                        case "M" -> AdministrativeGender.MALE;
                        case "F" -> AdministrativeGender.FEMALE;
                        default -> AdministrativeGender.UNKNOWN;
                    });
        }
        given.phones().forEach(phone -> patient.addTelecom()
                .setSystem(org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem.PHONE)
                .setValue(phone));
        if (given.comune() != null || given.address() != null) {
            var address = patient.addAddress().setCity(given.comune());
            if (given.address() != null) {
                address.addLine(given.address());
            }
        }
        extension(patient, "patient.birthPlace", given.birthPlace());
        facts(patient, BookingReading.json().valueToTree(given), "patient.");
        return patient;
    }

    private static Coverage coverage(String exemption) {
        Coverage coverage = new Coverage();
        coverage.setStatus(Coverage.CoverageStatus.ACTIVE);
        coverage.setBeneficiary(new Reference("#patient"));
        coverage.addPayor(new Reference("#patient"));
        coverage.addCostToBeneficiary()
                .addException()
                .setType(new CodeableConcept(new Coding(BookingNames.EXEMPTIONS, exemption, null)));
        return coverage;
    }

    /** The facts that FHIR has no element for, of one part of the request. */
    private static void facts(DomainResource resource, ObjectNode part, String prefix) {
        for (BookingFact fact : BookingFact.values()) {
            if (!fact.path().startsWith(prefix) || fact == BookingFact.DTCOMP || fact == BookingFact.ESENZ) {
                continue;
            }
            JsonNode value =
                    part.at("/" + fact.path().substring(prefix.length()).replace('.', '/'));
            if (value.isMissingNode() || value.isNull()) {
                continue;
            }
            Type written =
                    switch (fact.kind()) {
                        case FLAG -> new BooleanType(value.asBoolean());
                        case DATE -> new DateType(value.asText());
                        default -> new StringType(value.asText());
                    };
            resource.addExtension(BookingNames.EXTENSION + fact.name(), written);
        }
    }

    private static void time(Appointment appointment, Slot slot) {
        if (slot.start() != null) {
            appointment.setStartElement(instant(slot.start()));
            appointment.setEndElement(instant(slot.start().plusMinutes(slot.minutes() == null ? 0 : slot.minutes())));
        }
    }

    private static InstantType instant(OffsetDateTime moment) {
        return new InstantType(moment.format(java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx")));
    }

    private static void texts(Appointment appointment, List<Note> notes) {
        String patient = join(notes, true);
        String others = join(notes, false);
        appointment.setPatientInstruction(patient);
        appointment.setComment(others);
    }

    private static String join(List<Note> notes, boolean forPatient) {
        String text = notes.stream()
                .filter(note -> (note.kind() == Note.Kind.PATIENT) == forPatient)
                .map(Note::text)
                .collect(Collectors.joining("\n"));
        return text.isEmpty() ? null : text;
    }

    private static void ticket(DomainResource resource, BigDecimal amount) {
        if (amount != null) {
            Money money = new Money();
            money.setValue(amount).setCurrency("EUR");
            resource.addExtension(BookingNames.TICKET, money);
        }
    }

    private static void contain(Appointment appointment, org.hl7.fhir.r4.model.Resource resource, String id) {
        resource.setId(id);
        appointment.addContained(resource);
    }

    private static void actor(Appointment appointment, String type, String system, String value, String display) {
        if (value != null) {
            Reference actor = new Reference();
            actor.setType(type).setDisplay(display);
            actor.setIdentifier(new Identifier().setSystem(system).setValue(value));
            appointment
                    .addParticipant()
                    .setStatus(ParticipationStatus.NEEDSACTION)
                    .setActor(actor);
        }
    }

    private static void identifier(List<Identifier> identifiers, String system, String value) {
        if (value != null) {
            identifiers.add(new Identifier().setSystem(system).setValue(value));
        }
    }

    private static void extension(DomainResource resource, String name, String value) {
        if (value != null) {
            resource.addExtension(BookingNames.EXTENSION + name, new StringType(value));
        }
    }

    private static void flag(DomainResource resource, String name, Boolean value) {
        if (value != null) {
            resource.addExtension(BookingNames.EXTENSION + name, new BooleanType(value));
        }
    }
}
