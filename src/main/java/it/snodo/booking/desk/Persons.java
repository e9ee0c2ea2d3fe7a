package it.snodo.booking.desk;

import it.snodo.booking.BookingRequest.Patient;
import java.util.Locale;

/** By what the register knows a person again. */
final class Persons {

    private Persons() {}

    /** The identifier that messages are searched by, the same as for certificates; null when there is none. */
    static String identifier(Patient patient) {
        if (patient == null) {
            return null;
        }
        if (patient.fiscalCode() != null) {
            return patient.fiscalCode();
        }
        if (patient.stp() != null) {
            return patient.stp();
        }
        if (patient.eni() != null) {
            return patient.eni();
        }
        if (patient.entitlement() != null && patient.entitlement().cardNumber() != null) {
            return patient.entitlement().cardNumber();
        }
        return patient.regionalId();
    }

    /** The identifier, or else names and birth date. */
    static String key(Patient patient) {
        String identifier = identifier(patient);
        if (identifier != null) {
            return identifier;
        }
        return patient == null
                ? ""
                : (patient.family() + "|" + patient.given() + "|" + patient.birthDate()).toUpperCase(Locale.ROOT);
    }
}
