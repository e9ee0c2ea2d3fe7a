package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Entitlement;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.Identity;
import it.snodo.booking.Update;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** The person of a request, as the rules R41 to R56 look at it. */
final class Persons {

    static final Set<String> EUROPEAN_PAPERS = Set.of("TEAM", "PROVISIONAL", "E106", "E112", "E120", "E123");

    /** Tipi ricetta that are written for one category only. Source: hl7-booking.md §5.1, ricetta SSN. */
    private static final Map<String, String> OF_RECIPE_TYPE = Map.of(
            "UE", "EU",
            "EE", "CONVENTION",
            "ST", "STP",
            "NA", "SASN",
            "ND", "SASN",
            "NE", "SASN",
            "NX", "SASN");

    /** Who writes for the general practitioner's patients: the paediatrician is a child's MMG. */
    private static final Set<String> OWN_DOCTORS = Set.of("MMG", "PLS");

    private static final Entitlement NOTHING_SAID =
            new Entitlement(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    private Persons() {}

    /**
     * The person whose data are given: in a new booking, and in a change that brings any, then with what is known of him
     * otherwise, once the caller has shown to know him (R80). Null when there is none.
     */
    static Patient given(BookingCase given) {
        Patient said = given.request().patient();
        if (given.isNew()) {
            return said;
        }
        if (given.request().operation() != Operation.CHANGE || said == null) {
            return null;
        }
        return Caller.isIdentified(given) ? Update.over(given.standing().patient(), said, Patient.class) : said;
    }

    /** The same, where the rules about papers have to look: a change of his telephone asks for none. */
    static Patient entitled(BookingCase given) {
        Patient said = given.request().patient();
        boolean looks = given.isNew()
                || said != null
                        && (said.entitlement() != null
                                || Stream.of(said.fiscalCode(), said.stp(), said.eni(), said.regionalId())
                                                .anyMatch(Objects::nonNull)
                                        && !isKnown(given, said));
        return looks ? given(given) : null;
    }

    /** The identifier only says who asks. */
    private static boolean isKnown(BookingCase given, Patient said) {
        return given.standing() != null
                && new Identity(
                                Stream.of(said.fiscalCode(), said.stp(), said.eni())
                                        .filter(Objects::nonNull)
                                        .findFirst()
                                        .orElse(null),
                                null,
                                null,
                                null)
                        .matches(given.standing());
    }

    /** The prescription of the request; in a change what it says over what is known. */
    static Prescription prescription(BookingCase given) {
        Prescription said = given.request().prescription();
        if (given.request().operation() != Operation.CHANGE || !Caller.isIdentified(given)) {
            return said;
        }
        return Update.over(given.standing().prescription(), said, Prescription.class);
    }

    static Entitlement entitlement(Patient patient) {
        return patient == null || patient.entitlement() == null ? NOTHING_SAID : patient.entitlement();
    }

    /**
     * SSN when not said, unless the only identifier is one for who is not enrolled, or the tipo ricetta or the European paper
     * tells (R49, R53).
     */
    static String category(BookingCase given) {
        Patient patient = entitled(given);
        if (patient == null) {
            return "SSN";
        }
        Entitlement on = entitlement(patient);
        if (on.category() != null) {
            return on.category();
        }
        Prescription prescription = prescription(given);
        String type = prescription == null ? null : prescription.recipeType();
        if (type != null && OF_RECIPE_TYPE.containsKey(type)) {
            return type.equals("ST") && patient.stp() == null && patient.eni() != null
                    ? "ENI"
                    : OF_RECIPE_TYPE.get(type);
        }
        if (patient.fiscalCode() == null && patient.stp() != null) {
            return "STP";
        }
        if (patient.fiscalCode() == null && patient.eni() != null) {
            return "ENI";
        }
        return patient.fiscalCode() == null && on.title() != null && EUROPEAN_PAPERS.contains(on.title())
                ? "EU"
                : "SSN";
    }

    /** A prescription of the patient's own doctor; who wrote it counts as the MMG when not said (R20). */
    static boolean hasOwnDoctorsPrescription(Prescription prescription) {
        return prescription != null
                && !prescription.numbers().isEmpty()
                && (prescription.prescriberKind() == null || OWN_DOCTORS.contains(prescription.prescriberKind()));
    }
}
