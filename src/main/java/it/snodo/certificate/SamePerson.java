package it.snodo.certificate;

import it.snodo.certificate.CertificateRequest.Patient;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/**
 * Whether two requests are about one person. The codice fiscale decides where both have it. Other identifiers are
 * renewed (STP, ENI, cards) and prove that it is the same person but, alone, not that it is another; then name and birth
 * date decide.
 */
final class SamePerson {

    private static final List<Function<Patient, String>> OTHERS = List.of(
            Patient::stp,
            Patient::eni,
            patient -> patient.team() == null ? null : patient.team().personalNumber(),
            Patient::regionalId);

    private SamePerson() {}

    static boolean are(Patient one, Patient other) {
        if (one.fiscalCode() != null && other.fiscalCode() != null) {
            return one.fiscalCode().equals(other.fiscalCode());
        }
        boolean shared = OTHERS.stream()
                .anyMatch(kind -> kind.apply(one) != null && kind.apply(one).equals(kind.apply(other)));
        return shared
                || Objects.equals(one.birthDate(), other.birthDate())
                        && name(one.family()).equals(name(other.family()))
                        && name(one.given()).equals(name(other.given()));
    }

    /** Where a person's identity stands in a request, for the fault; null when it names none. */
    static String path(Patient patient) {
        if (patient.fiscalCode() != null) {
            return "patient.fiscalCode";
        }
        if (patient.stp() != null) {
            return "patient.stp";
        }
        if (patient.eni() != null) {
            return "patient.eni";
        }
        if (patient.team() != null) {
            return "patient.team";
        }
        return patient.regionalId() == null ? null : "patient.regionalId";
    }

    private static String name(String name) {
        return name == null ? "" : name.toUpperCase(Locale.ROOT).replaceAll("\\s+", " ");
    }
}
