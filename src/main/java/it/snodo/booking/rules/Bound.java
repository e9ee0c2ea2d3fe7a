package it.snodo.booking.rules;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What ties a prescription to one azienda, and one prescription to another booking. */
final class Bound {

    private Bound() {}

    static Optional<String> azienda(BookingCase given, BookingCatalogue catalogue) {
        Stream<Optional<CupAzienda>> issuer = Stream.of(
                isIssuerOnly(given, catalogue)
                        ? catalogue.azienda(given.request().prescription().issuer(), given.today())
                        : Optional.empty());
        Stream<Optional<CupAzienda>> lines = Lines.toBook(given).stream().map(each -> each.azienda(catalogue, given));
        Stream<Optional<CupAzienda>> others = sameForm(given).stream()
                .map(Booking.Earlier::azienda)
                .map(code -> catalogue.azienda(code, given.today()));
        return Stream.of(issuer, lines, others)
                .flatMap(each -> each)
                .flatMap(Optional::stream)
                .map(CupAzienda::code)
                .findFirst();
    }

    static boolean isIssuerOnly(BookingCase given, BookingCatalogue catalogue) {
        return given.isNew()
                && catalogue
                        .form(form(given), given.today())
                        .filter(form -> form.issuerOnly())
                        .isPresent();
    }

    /** Id of the form, when a booking is moved of the one it was made with; M01 when none is said. */
    static String form(BookingCase given) {
        Prescription prescription = given.request().prescription();
        if (!given.isNew() && given.standing() != null && given.standing().prescription() != null) {
            prescription = given.standing().prescription();
        }
        return form(prescription);
    }

    /** M01 when none is said. */
    static String form(Prescription prescription) {
        return prescription == null || prescription.form() == null ? "M01" : prescription.form();
    }

    /** Other bookings with the same prescription that will still stand when this one does (R30). */
    static List<Booking.Earlier> sameForm(BookingCase given) {
        return others(given).stream()
                .filter(each -> isSamePrescription(given, each))
                .filter(each -> !isReplaced(given, each))
                .toList();
    }

    /** Other bookings of the person; not the one that this takes the place of (R65). */
    static List<Booking.Earlier> others(BookingCase given) {
        String gone = given.request().movesFrom();
        String itself = given.standing() == null ? null : given.standing().code();
        return given.earlier().stream()
                .filter(each -> !each.code().equals(gone) && !each.code().equals(itself))
                .toList();
    }

    /** R39: the numbers are the same, however they are spaced and written. */
    static boolean isSamePrescription(BookingCase given, Booking.Earlier other) {
        Prescription prescription = given.request().prescription();
        return prescription != null
                && other.prescription() != null
                && prescription.numbers().stream().map(Bound::plain).anyMatch(plain(other.prescription())::equals);
    }

    private static boolean isReplaced(BookingCase given, Booking.Earlier other) {
        return Duplicates.replaced(given).filter(other.code()::equals).isPresent();
    }

    private static String plain(String number) {
        return number.replaceAll("[^A-Za-z0-9]", "").toUpperCase(Locale.ROOT);
    }
}
