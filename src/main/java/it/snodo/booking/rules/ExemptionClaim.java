package it.snodo.booking.rules;

import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.ExemptionFormat;
import java.time.LocalDate;
import java.time.Period;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

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

    /** Null when the request brings no prescription to judge, or a change that touches no exemption. */
    static ExemptionClaim of(BookingCase given, BookingCatalogue catalogue) {
        Prescription said = given.request().prescription();
        boolean looksAtTariff = given.isNew() || given.request().operation() == Operation.CHANGE && touches(said);
        if (!looksAtTariff || said == null) {
            return null;
        }
        // a new code brings its own tariff
        Prescription known = Persons.prescription(given);
        Prescription prescription =
                given.isNew() || said.tariff() != null || said.exemption() == null ? known : withTariff(known, null);
        Patient person = given.isNew() ? given.request().patient() : person(given);
        String code = prescription.exemption() == null
                ? null
                : prescription.exemption().strip().toUpperCase(Locale.ROOT);
        return new ExemptionClaim(
                catalogue,
                given.today(),
                prescription,
                person,
                code,
                code == null
                        ? null
                        : catalogue.exemptionFormat(code, given.today()).orElse(null));
    }

    private static boolean touches(Prescription said) {
        return said != null
                && Stream.of(
                                said.exemption(),
                                said.tariff(),
                                said.notExempt(),
                                said.selfDeclared(),
                                said.cardNotCertified(),
                                said.inailReport(),
                                said.lastScreening(),
                                said.publicStructure())
                        .anyMatch(Objects::nonNull);
    }

    /** Whom a change is about: as it gives him, else as he is known. */
    private static Patient person(BookingCase given) {
        Patient said = Persons.given(given);
        return said != null || given.standing() == null || !Caller.isIdentified(given)
                ? said
                : given.standing().patient();
    }

    private static Prescription withTariff(Prescription of, String tariff) {
        return new Prescription(
                of.numbers(),
                of.form(),
                of.issuer(),
                of.compiled(),
                of.type(),
                of.recipeType(),
                tariff,
                of.contract(),
                of.exemption(),
                of.notExempt(),
                of.selfDeclared(),
                of.priority(),
                of.corrected(),
                of.countersigned(),
                of.stamped(),
                of.legible(),
                of.prescriber(),
                of.prescriberKind(),
                of.question(),
                of.cardNotCertified(),
                of.inailReport(),
                of.lastScreening(),
                of.publicStructure());
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
