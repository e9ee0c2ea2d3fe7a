package it.snodo.intake.fhir;

import it.snodo.booking.BookingRequest.Operation;
import it.snodo.fault.SnodoCode;
import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Appointment.AppointmentStatus;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coverage;
import org.hl7.fhir.r4.model.MessageHeader;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;

/**
 * What came over FHIR to the tree of a booking request; the table of what comes from where is in {@code src/docs/bookings.md}.
 * A line is a ServiceRequest that an Appointment is based on; without one, a serviceType of the Appointment.
 */
final class BookingMapping {

    private final BookingResources resources;
    private final BookingFields fields = new BookingFields();
    private final BookingExtensions extensions = new BookingExtensions(fields);
    private final BookingPlaces places;
    private final BookingLines lines;
    private final BookingPatient patients = new BookingPatient(fields);

    BookingMapping(Resource root) {
        this.resources = new BookingResources(root);
        this.places = new BookingPlaces(resources, fields, extensions);
        this.lines = new BookingLines(resources, fields, extensions);
    }

    BookingFields fields() {
        return fields;
    }

    BookingResources resources() {
        return resources;
    }

    /**
     * @param create whether nothing but a new booking can be meant
     * @param code of the booking that the address names; null when none
     */
    BookingFields booking(boolean create, String code) {
        List<Appointment> appointments = resources.all(Appointment.class);
        if (appointments.isEmpty()) {
            fields.fault(SnodoCode.FIELD_MISSING, "", "Appointment", "Manca l'Appointment: è lui la prenotazione.");
            return fields;
        }
        Appointment first = appointments.get(0);
        fields.locate("", resources.path(first));
        header();
        for (Appointment appointment : appointments) {
            extensions.read(appointment, resources.path(appointment), null, null);
            if (!create) {
                code(appointment);
            }
        }
        if (code != null) {
            fields.text("bookingCode", code, resources.path(first) + ".id");
        }
        operation(first, create || !fields.has("bookingCode"));
        for (Appointment appointment : appointments) {
            content(appointment);
        }
        person(appointments);
        resources.all(Coverage.class).forEach(lines::coverage);
        return fields;
    }

    private void header() {
        MessageHeader header = resources.header();
        if (header == null) {
            return;
        }
        String at = resources.path(header);
        fields.text("requester.application", header.getSource().getName(), at + ".source.name");
        Organization sender = resources.resolve(header.getSender(), Organization.class);
        if (sender != null) {
            fields.text(
                    "requester.facility",
                    sender.getIdentifierFirstRep().getValue(),
                    resources.path(sender) + ".identifier[0].value");
        }
    }

    /** The code of a booking that stands already: by its identifier, or by the address of its entry. */
    private void code(Appointment appointment) {
        String at = resources.path(appointment);
        for (int i = 0; i < appointment.getIdentifier().size(); i++) {
            var identifier = appointment.getIdentifier().get(i);
            if (BookingNames.CODES.contains(FhirNames.system(identifier.getSystem()))) {
                fields.text("bookingCode", identifier.getValue(), at + ".identifier[" + i + "].value");
            }
        }
        Bundle.BundleEntryComponent entry = resources.entry(appointment);
        if (entry != null && entry.getRequest().getMethod() == Bundle.HTTPVerb.PUT) {
            String url = entry.getRequest().getUrl();
            if (url != null && url.matches("Appointment/[A-Za-z0-9.-]+")) {
                fields.text("bookingCode", url.substring("Appointment/".length()), at + ".id");
            }
        }
    }

    /** Of an update that is neither a revoke nor a deletion the operation is found out by what it changes. */
    private void operation(Appointment appointment, boolean create) {
        String where = resources.path(appointment) + ".status";
        fields.locate("operation", where);
        if (fields.has("operation")) {
            return;
        }
        AppointmentStatus status = appointment.getStatus();
        boolean stands = status == null
                || status == AppointmentStatus.PROPOSED
                || status == AppointmentStatus.PENDING
                || status == AppointmentStatus.BOOKED;
        if (stands && create) {
            fields.text("operation", Operation.BOOK.name(), where);
        } else if (!create && status == AppointmentStatus.CANCELLED) {
            fields.text("operation", Operation.REVOKE.name(), where);
        } else if (!create && status == AppointmentStatus.ENTEREDINERROR) {
            fields.text("operation", Operation.DELETE.name(), where);
        } else if (!stands) {
            // who comes, or does not, is not SovraCup's to say (R87)
            fields.unreadable(
                    "operation",
                    status.toCode(),
                    create ? "proposed, pending o booked" : "booked, cancelled o entered-in-error");
        }
    }

    private void content(Appointment appointment) {
        String at = resources.path(appointment);
        if (appointment.hasReasonCode()) {
            fields.text("prescription.question", words(appointment.getReasonCodeFirstRep()), at + ".reasonCode[0]");
        }
        fields.text("reason", words(appointment.getCancelationReason()), at + ".cancelationReason");
        List<ServiceRequest> requests = new ArrayList<>();
        for (int i = 0; i < appointment.getBasedOn().size(); i++) {
            Reference reference = appointment.getBasedOn().get(i);
            ServiceRequest request = resources.resolve(reference, ServiceRequest.class);
            if (request != null) {
                requests.add(request);
            } else if (reference.hasReference()) {
                fields.fault(
                        SnodoCode.FIELD_MALFORMED,
                        "lines",
                        at + ".basedOn[" + i + "].reference",
                        "La ServiceRequest «" + reference.getReference()
                                + "» non è arrivata insieme all'Appointment: l'hub non conserva ServiceRequest.");
            }
        }
        if (requests.isEmpty() && resources.all(Appointment.class).size() == 1) {
            requests.addAll(resources.all(ServiceRequest.class));
        }
        int from = fields.lines();
        for (ServiceRequest request : requests) {
            lines.request(request, fields.line());
        }
        if (requests.isEmpty()) {
            for (int i = 0; i < appointment.getServiceType().size(); i++) {
                String line = fields.line();
                fields.locate(line + ".service", at + ".serviceType[" + i + "]");
                lines.service(appointment.getServiceType().get(i), line, at + ".serviceType[" + i + "]");
            }
        }
        fields.locate("lines", at + ".basedOn");
        where(appointment, from, at);
    }

    private void where(Appointment appointment, int from, String at) {
        int slots = 0;
        for (Reference reference : appointment.getSlot()) {
            org.hl7.fhir.r4.model.Slot slot = resources.resolve(reference, org.hl7.fhir.r4.model.Slot.class);
            if (slot != null) {
                places.slot(slot, "lines[" + (from + slots) + "]");
                slots++;
            }
        }
        extensions.slot(appointment, at, "lines[" + from + "].slot.");
        boolean served = fields.lines() > from;
        fields.locate("lines[" + from + "].slot.start", at + ".start");
        if (slots == 0
                && served
                && (appointment.hasStart() || appointment.getStartElement().hasExtension())) {
            places.own(appointment, "lines[" + from + "]");
        } else if (slots == 0) {
            places.participants(appointment, "wish.");
        }
        Period period = appointment.getRequestedPeriodFirstRep();
        wish("wish.from", period.getStartElement().getValueAsString(), at + ".requestedPeriod[0].start");
        wish("wish.to", period.getEndElement().getValueAsString(), at + ".requestedPeriod[0].end");
        for (int i = 0; i < appointment.getParticipant().size(); i++) {
            Reference actor = appointment.getParticipant().get(i).getActor();
            Practitioner doctor = resources.resolve(actor, Practitioner.class);
            if (doctor != null) {
                fields.text(
                        "wish.practitioner",
                        doctor.getNameFirstRep().hasText()
                                ? doctor.getNameFirstRep().getText()
                                : doctor.getNameFirstRep().getNameAsSingleString(),
                        resources.path(doctor) + ".name[0]");
            } else if ("Practitioner".equals(actor.getType())) {
                fields.text("wish.practitioner", actor.getDisplay(), at + ".participant[" + i + "].actor.display");
            }
        }
    }

    private void wish(String path, String day, String where) {
        fields.locate(path, where);
        fields.text(path, day == null ? null : BookingExtensions.day(day), where);
    }

    private void person(List<Appointment> appointments) {
        Patient patient = null;
        for (Appointment appointment : appointments) {
            for (int i = 0; i < appointment.getParticipant().size(); i++) {
                Reference actor = appointment.getParticipant().get(i).getActor();
                Patient found = resources.resolve(actor, Patient.class);
                if (found != null) {
                    patient = other(patient, found);
                } else if ("Patient".equals(actor.getType())
                        || actor.hasReference() && actor.getReference().startsWith("Patient/")) {
                    patients.read(actor, resources.path(appointment) + ".participant[" + i + "].actor");
                }
            }
        }
        for (ServiceRequest request : resources.all(ServiceRequest.class)) {
            Patient found = resources.resolve(request.getSubject(), Patient.class);
            if (found != null) {
                patient = other(patient, found);
            } else if (patient == null) {
                patients.read(request.getSubject(), resources.path(request) + ".subject");
            }
        }
        if (patient == null && resources.all(Patient.class).size() == 1) {
            patient = resources.all(Patient.class).get(0);
        }
        if (patient != null) {
            String at = resources.path(patient);
            patients.read(patient, at);
            extensions.read(patient, at, null, null);
        } else {
            fields.locate("patient", resources.path(appointments.get(0)) + ".participant");
        }
    }

    /** A booking is for one person. */
    private Patient other(Patient known, Patient found) {
        if (known != null && known != found) {
            fields.fault(
                    SnodoCode.NOT_ALLOWED_TOGETHER,
                    "patient",
                    resources.path(found),
                    "La prenotazione nomina due persone: ogni prenotazione è di una sola.");
        }
        return known == null ? found : known;
    }

    private static String words(CodeableConcept concept) {
        if (concept.hasText()) {
            return concept.getText();
        }
        return concept.getCodingFirstRep().hasDisplay()
                ? concept.getCodingFirstRep().getDisplay()
                : concept.getCodingFirstRep().getCode();
    }
}
