package it.snodo.booking.desk;

import it.snodo.booking.BookingRequest.Patient;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** By what the register knows a person again. */
final class Persons {

    private static final Pattern NO_LETTER = Pattern.compile("[^\\p{L}]");

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
        String name = identifier == null ? name(patient) : null;
        return identifier != null ? identifier : name != null ? name : "";
    }

    /** Whether nothing speaks against it: an identifier that differs does, unless names and birth date are the same. */
    static boolean maybeSame(Patient one, Patient other) {
        String identifier = identifier(one);
        String known = identifier(other);
        return identifier == null
                || known == null
                || identifier.equalsIgnoreCase(known)
                || name(one) != null && name(one).equals(name(other));
    }

    /** Names and birth date without accents and blanks; null when one of them is missing. */
    static String name(Patient patient) {
        return patient == null || patient.family() == null || patient.given() == null || patient.birthDate() == null
                ? null
                : plain(patient.family()) + "|" + plain(patient.given()) + "|" + patient.birthDate();
    }

    private static String plain(String name) {
        return NO_LETTER
                .matcher(Normalizer.normalize(name, Normalizer.Form.NFD))
                .replaceAll("")
                .toUpperCase(Locale.ROOT);
    }
}
