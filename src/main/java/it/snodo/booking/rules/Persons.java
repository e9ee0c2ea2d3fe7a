package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Entitlement;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import java.util.Set;

/** The person of a request, as the rules R41 to R56 look at it. */
final class Persons {

    static final Set<String> EUROPEAN_PAPERS = Set.of("TEAM", "PROVISIONAL", "E106", "E112", "E120", "E123");

    /** Who writes for the general practitioner's patients: the paediatrician is a child's MMG. */
    private static final Set<String> OWN_DOCTORS = Set.of("MMG", "PLS");

    private static final Entitlement NOTHING_SAID =
            new Entitlement(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    private Persons() {}

    /** The person whose data are given: in a new booking, and in a change that brings them. Null when there is none. */
    static Patient given(BookingCase given) {
        boolean looksAtPerson = given.isNew() || given.request().operation() == Operation.CHANGE;
        return looksAtPerson ? given.request().patient() : null;
    }

    static Entitlement entitlement(Patient patient) {
        return patient == null || patient.entitlement() == null ? NOTHING_SAID : patient.entitlement();
    }

    /** SSN when not said, unless the only identifier is one for who is not enrolled. */
    static String category(Patient patient) {
        String said = entitlement(patient).category();
        if (said != null || patient == null) {
            return said == null ? "SSN" : said;
        }
        if (patient.fiscalCode() == null && patient.stp() != null) {
            return "STP";
        }
        return patient.fiscalCode() == null && patient.eni() != null ? "ENI" : "SSN";
    }

    /** A prescription of the patient's own doctor; who wrote it counts as the MMG when not said (R20). */
    static boolean hasOwnDoctorsPrescription(Prescription prescription) {
        return prescription != null
                && !prescription.numbers().isEmpty()
                && (prescription.prescriberKind() == null || OWN_DOCTORS.contains(prescription.prescriberKind()));
    }
}
