package it.snodo.intake.fhir;

import it.snodo.booking.Slot;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.InstantType;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Schedule;

/** Where and when: Slot, Schedule and Location, or the Appointment's own start. */
final class BookingPlaces {

    private static final Set<String> UNITS = Set.of(BookingNames.UNITS);

    private final BookingResources resources;
    private final BookingFields fields;
    private final BookingExtensions extensions;

    BookingPlaces(BookingResources resources, BookingFields fields, BookingExtensions extensions) {
        this.resources = resources;
        this.fields = fields;
        this.extensions = extensions;
    }

    /** The place of a line, from a Slot that came along. */
    void slot(org.hl7.fhir.r4.model.Slot slot, String line) {
        String at = resources.path(slot);
        String path = line + ".slot.";
        fields.locate(line + ".slot", at);
        start(slot.getStartElement(), path, at);
        minutes(slot.getStartElement(), slot.getEndElement(), path, at);
        extensions.read(slot, at, path, Slot.class);
        Schedule schedule = resources.resolve(slot.getSchedule(), Schedule.class);
        if (schedule == null) {
            fields.text(
                    path + "agenda", slot.getSchedule().getIdentifier().getValue(), at + ".schedule.identifier.value");
            return;
        }
        String where = resources.path(schedule);
        fields.text(path + "agenda", schedule.getIdentifierFirstRep().getValue(), where + ".identifier[0].value");
        extensions.read(schedule, where, path, Slot.class);
        for (int i = 0; i < schedule.getActor().size(); i++) {
            actor(schedule.getActor().get(i), path, where + ".actor[" + i + "]");
        }
    }

    /** The place of a line, from the Appointment's own start, length and participants. */
    void own(Appointment appointment, String line) {
        String at = resources.path(appointment);
        String path = line + ".slot.";
        fields.locate(line + ".slot", at + ".start");
        start(appointment.getStartElement(), path, at);
        if (appointment.hasMinutesDuration()) {
            fields.number(
                    path + "minutes",
                    appointment.getMinutesDurationElement().getValueAsString(),
                    at + ".minutesDuration");
        } else {
            minutes(appointment.getStartElement(), appointment.getEndElement(), path, at);
        }
        participants(appointment, path);
    }

    /** Where the patient would like to go. */
    void participants(Appointment appointment, String path) {
        for (int i = 0; i < appointment.getParticipant().size(); i++) {
            actor(
                    appointment.getParticipant().get(i).getActor(),
                    path,
                    resources.path(appointment) + ".participant[" + i + "].actor");
        }
    }

    private void start(InstantType start, String path, String at) {
        fields.locate(path + "start", at + ".start");
        fields.text(path + "start", start.getValueAsString(), at + ".start");
    }

    private void minutes(InstantType start, InstantType end, String path, String at) {
        if (start.getValue() != null && end.getValue() != null) {
            long minutes = (end.getValue().getTime() - start.getValue().getTime()) / 60_000;
            fields.number(path + "minutes", String.valueOf(minutes), at + ".end");
        }
    }

    /** An organisation, a structure or an agenda, as a resource or only named. */
    private void actor(Reference actor, String path, String at) {
        Location location = resources.resolve(actor, Location.class);
        HealthcareService service = resources.resolve(actor, HealthcareService.class);
        Organization organization = resources.resolve(actor, Organization.class);
        boolean slot = path.endsWith("slot.");
        if (location != null) {
            String where = resources.path(location);
            identifiers(location.getIdentifier(), path, where);
            if (slot) {
                fields.text(path + "place", location.getName(), where + ".name");
                extensions.read(location, where, path, Slot.class);
            }
            organization(location.getManagingOrganization(), path, where + ".managingOrganization");
        } else if (service != null) {
            String where = resources.path(service);
            identifiers(service.getIdentifier(), path, where);
            organization(service.getProvidedBy(), path, where + ".providedBy");
        } else if (organization != null) {
            identifiers(organization.getIdentifier(), path, resources.path(organization));
        } else if (actor.hasIdentifier()) {
            identifier(actor.getIdentifier(), path, at + ".identifier.value");
            if (slot
                    && FhirNames.STRUCTURE.contains(
                            FhirNames.system(actor.getIdentifier().getSystem()))) {
                fields.text(path + "place", actor.getDisplay(), at + ".display");
            }
        }
    }

    private void organization(Reference reference, String path, String at) {
        Organization organization = resources.resolve(reference, Organization.class);
        if (organization != null) {
            identifiers(organization.getIdentifier(), path, resources.path(organization));
        } else if (reference.hasIdentifier()) {
            identifier(reference.getIdentifier(), path, at + ".identifier.value");
        }
    }

    private void identifiers(List<Identifier> identifiers, String path, String at) {
        for (int i = 0; i < identifiers.size(); i++) {
            identifier(identifiers.get(i), path, at + ".identifier[" + i + "].value");
        }
    }

    private void identifier(Identifier identifier, String path, String where) {
        String system = FhirNames.system(identifier.getSystem());
        if (FhirNames.AZIENDA.contains(system)) {
            fields.text(path + "azienda", identifier.getValue(), where);
        } else if (FhirNames.STRUCTURE.contains(system)) {
            fields.text(path + "structure", identifier.getValue(), where);
        } else if (UNITS.contains(system) && path.endsWith("slot.")) {
            fields.text(path + "unit", identifier.getValue(), where);
        } else if (BookingNames.AGENDAS.equals(system) && path.endsWith("slot.")) {
            fields.text(path + "agenda", identifier.getValue(), where);
        }
    }
}
