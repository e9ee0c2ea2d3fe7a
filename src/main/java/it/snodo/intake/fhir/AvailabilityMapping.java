package it.snodo.intake.fhir;

import it.snodo.fault.SnodoCode;
import java.util.Set;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Type;

/** The parameters of {@code Appointment/$find} (IHE ITI-115) to the tree of a search. */
final class AvailabilityMapping {

    /** Parameters that name a service. */
    private static final Set<String> SERVICES = Set.of("service-type", "visit-type", "specialty", "service");

    private final Parameters parameters;
    private final BookingFields fields = new BookingFields();
    private final BookingResources resources;
    private final BookingExtensions extensions = new BookingExtensions(fields);
    private final BookingLines lines;
    private final BookingPatient patients = new BookingPatient(fields);

    AvailabilityMapping(Parameters parameters) {
        this.parameters = parameters;
        this.resources = new BookingResources(parameters);
        this.lines = new BookingLines(resources, fields, extensions);
        fields.locate("", "Parameters");
    }

    BookingFields map() {
        for (int i = 0; i < parameters.getParameter().size(); i++) {
            ParametersParameterComponent parameter = parameters.getParameter().get(i);
            String name = parameter.getName() == null ? "" : parameter.getName();
            String at = "Parameters.parameter[" + i + "]";
            if (parameter.getResource() != null) {
                resource(parameter, at + ".resource");
            } else {
                value(name, parameter.getValue(), at + ".value");
            }
        }
        return fields;
    }

    private void resource(ParametersParameterComponent parameter, String at) {
        if (parameter.getResource() instanceof Patient patient) {
            patients.read(patient, at);
            extensions.read(patient, at, null, null);
        } else if (parameter.getResource() instanceof ServiceRequest request) {
            lines.request(request, fields.line());
        } else {
            fields.fault(
                    SnodoCode.FIELD_MALFORMED,
                    "",
                    at,
                    "Il parametro «" + parameter.getName() + "» porta una risorsa che la ricerca non usa.");
        }
    }

    private void value(String name, Type value, String at) {
        if (SERVICES.contains(name)) {
            lines.service(concept(value), fields.line(), at);
            return;
        }
        String text = text(value);
        switch (name) {
            case "start" -> fields.text("wish.from", day(text), at);
            case "end" -> fields.text("wish.to", day(text), at);
            case "practitioner" ->
                fields.text(
                        "wish.practitioner",
                        value instanceof Reference doctor && doctor.hasDisplay() ? doctor.getDisplay() : text,
                        at);
            case "location", "organization" -> {
                boolean azienda = text != null && text.matches("\\d{3}|\\d{6}")
                        || value instanceof Reference place
                                && FhirNames.AZIENDA.contains(
                                        FhirNames.system(place.getIdentifier().getSystem()));
                fields.text(azienda ? "wish.azienda" : "wish.structure", text, at);
            }
            case "patient", "patient.identifier", "patient-reference" -> {
                Reference person = value instanceof Reference reference ? reference : new Reference();
                if (!(value instanceof Reference)) {
                    person.setIdentifier(identifier(value));
                }
                patients.read(person, at);
            }
            case "birthdate" -> fields.text("patient.birthDate", text, at);
            case "gender" ->
                fields.text("patient.sex", "male".equals(text) ? "M" : "female".equals(text) ? "F" : text, at);
            case "asl" -> fields.text("patient.asl", text, at);
            case "priority" -> fields.text("prescription.priority", text, at);
            case "exemption" -> fields.text("prescription.exemption", text, at);
            case "continuity" -> fields.text("continuity", text, at);
            case "limit", "_count" -> {
                fields.number("limit", text, at);
                if (text != null && text.strip().matches("-\\d+")) {
                    fields.unreadable("limit", text, "un numero intero da 0 in su");
                }
            }
            default -> {
                if (!name.startsWith("_")) {
                    fields.locate(name, at);
                    fields.unreadable(name, text == null ? "" : text, "un parametro di $find");
                }
            }
        }
    }

    private static String day(String text) {
        return text == null ? null : BookingExtensions.day(text);
    }

    /** From a code in any of the ways to write it; {@code system|code} as in a search. */
    private static CodeableConcept concept(Type value) {
        if (value instanceof CodeableConcept concept) {
            return concept;
        }
        if (value instanceof Coding coding) {
            return new CodeableConcept(coding);
        }
        String text = text(value);
        if (text == null) {
            return new CodeableConcept();
        }
        int cut = text.indexOf('|');
        return new CodeableConcept(
                new Coding(cut < 0 ? BookingNames.SERVICES : text.substring(0, cut), text.substring(cut + 1), null));
    }

    private static Identifier identifier(Type value) {
        if (value instanceof Identifier identifier) {
            return identifier;
        }
        String text = text(value);
        int cut = text == null ? -1 : text.indexOf('|');
        return new Identifier()
                .setSystem(cut < 0 ? FhirNames.FISCAL_CODE.iterator().next() : text.substring(0, cut))
                .setValue(text == null ? null : text.substring(cut + 1));
    }

    private static String text(Type value) {
        if (value instanceof PrimitiveType<?> primitive) {
            return primitive.getValueAsString();
        }
        if (value instanceof Reference reference) {
            if (reference.hasIdentifier()) {
                return reference.getIdentifier().getValue();
            }
            String target = reference.getReference();
            return target == null ? reference.getDisplay() : target.substring(target.lastIndexOf('/') + 1);
        }
        if (value instanceof Identifier identifier) {
            return identifier.getValue();
        }
        if (value instanceof Coding coding) {
            return coding.getCode();
        }
        return value instanceof CodeableConcept concept
                ? concept.getCodingFirstRep().getCode()
                : null;
    }
}
