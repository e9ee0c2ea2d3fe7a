package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.ExemptionFormat;
import java.time.LocalDate;
import java.time.Period;
import java.util.Locale;
import java.util.Set;

/**
 * The exemption that a request brings, and what becomes of it (R72 to R79).
 *
 * @param prescription never null
 * @param patient may be null
 * @param code in capitals; null when there is none
 * @param format null when the code is written as none of its kind
 */
record ExemptionClaim(
        BookingCatalogue catalogue,
        LocalDate today,
        Prescription prescription,
        Patient patient,
        String code,
        ExemptionFormat format) {

    /** Income counts only when the person has signed for it. */
    private static final Set<String> SELF_DECLARED = Set.of("AGE_INCOME", "UNEMPLOYED", "INCOME", "PENSION");

    /** Null when the request brings no prescription to judge. */
    static ExemptionClaim of(BookingCase given, BookingCatalogue catalogue) {
        Prescription prescription = given.request().prescription();
        boolean looksAtTariff = given.isNew() || given.request().operation() == Operation.CHANGE;
        if (!looksAtTariff || prescription == null) {
            return null;
        }
        String code = prescription.exemption() == null
                ? null
                : prescription.exemption().strip().toUpperCase(Locale.ROOT);
        return new ExemptionClaim(
                catalogue,
                given.today(),
                prescription,
                given.request().patient(),
                code,
                code == null
                        ? null
                        : catalogue.exemptionFormat(code, given.today()).orElse(null));
    }

    boolean is(String type) {
        return format != null && format.type().equals(type);
    }

    /** A code that can be used. */
    boolean isUsable() {
        return format != null;
    }

    boolean isFreeAccess() {
        return "SSN_LIBERO_ACCESSO".equals(prescription.type());
    }

    /** The box N is ticked and a code is written, and nobody has put that right (R73). */
    boolean isContradicted() {
        return code != null
                && Boolean.TRUE.equals(prescription.notExempt())
                && !Boolean.TRUE.equals(prescription.countersigned());
    }

    /** Good only with the signed declaration, which is not there. */
    boolean lacksDeclaration() {
        return format != null
                && SELF_DECLARED.contains(format.type())
                && !Boolean.TRUE.equals(prescription.selfDeclared());
    }

    /** In libero accesso only a general exemption counts, income with its declaration (R77). */
    boolean countsInFreeAccess() {
        return format != null && format.general() && !lacksDeclaration();
    }

    /** Full years on the day of booking; -1 when the birth date is not known. */
    int age() {
        return patient == null || patient.birthDate() == null
                ? -1
                : Period.between(patient.birthDate(), today).getYears();
    }

    int limit(String name) {
        return catalogue.limit(name, today).intValue();
    }

    boolean lacksInailReport() {
        return is("ACCIDENT") && !Boolean.TRUE.equals(prescription.inailReport());
    }

    boolean lacksPublicRequest() {
        return is("PREVENTION") && !Boolean.TRUE.equals(prescription.publicStructure());
    }

    /** Whether the person is treated as exempt. */
    boolean applies() {
        return isUsable()
                && !isContradicted()
                && (!isFreeAccess() || countsInFreeAccess())
                && !lacksInailReport()
                && !lacksPublicRequest()
                && R79OncologicalPrevention.problem(this) == null;
    }

    /** The tariff that follows: TICKET, ESENTE or ESENTE_TOTALE. */
    String tariff() {
        if (!applies()) {
            return "TICKET";
        }
        return format.general() ? "ESENTE_TOTALE" : "ESENTE";
    }
}
