package it.snodo.booking.cup;

import it.snodo.booking.BookingRequest.Entitlement;
import it.snodo.booking.BookingRequest.Patient;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;

/** A person as a FHIR Patient, with the identifier systems of HL7 Italia (hl7-booking.md §5.1). */
final class FhirPatient {

    private static final String SID = "http://hl7.it/sid/";

    private FhirPatient() {}

    /** @param booking its code stands in for an identifier where the person has none */
    static org.hl7.fhir.r4.model.Patient of(Patient patient, String booking) {
        org.hl7.fhir.r4.model.Patient made = new org.hl7.fhir.r4.model.Patient();
        identifier(made, SID + "codiceFiscale", patient.fiscalCode());
        identifier(made, SID + "piemonte/aura", patient.regionalId());
        identifier(made, SID + "stp", patient.stp());
        identifier(made, SID + "eni", patient.eni());
        Entitlement papers = patient.entitlement();
        if (papers != null && papers.state() != null && papers.cardNumber() != null) {
            identifier(made, "urn:oid:2.16.840.1.113883.2.9.4.3.7", papers.state() + "." + papers.cardNumber());
        }
        if (!made.hasIdentifier()) {
            made.addIdentifier()
                    .setUse(Identifier.IdentifierUse.TEMP)
                    .setSystem(AppointmentWriter.PLACER)
                    .setValue(booking);
        }
        HumanName name = made.addName().setFamily(patient.family());
        if (patient.given() != null) {
            name.addGiven(patient.given());
        }
        if (patient.birthDate() != null) {
            made.setBirthDateElement(new DateType(patient.birthDate().toString()));
        }
        if (patient.sex() != null) {
            made.setGender(
                    switch (patient.sex()) {
                        case "M" -> AdministrativeGender.MALE;
                        case "F" -> AdministrativeGender.FEMALE;
                        default -> AdministrativeGender.UNKNOWN;
                    });
        }
        patient.phones().forEach(phone -> made.addTelecom()
                .setSystem(ContactPoint.ContactPointSystem.PHONE)
                .setValue(phone));
        if (patient.address() != null || patient.comune() != null) {
            Address address = made.addAddress();
            if (patient.comune() != null && patient.comune().matches("\\d{3}")) {
                // a state abroad, by ISTAT's code
                address.setCountry(patient.comune());
            } else {
                address.setCity(patient.comune());
            }
            if (patient.address() != null) {
                address.addLine(patient.address());
            }
        }
        return made;
    }

    private static void identifier(org.hl7.fhir.r4.model.Patient patient, String system, String value) {
        if (value != null) {
            patient.addIdentifier().setSystem(system).setValue(value);
        }
    }
}
