package it.snodo.booking;

import java.text.Normalizer;
import java.time.LocalDate;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a caller says of the person a booking is for, before anything of the booking is shown to him (R80): compared with the
 * booking, and answered by yes or no only.
 *
 * @param fiscalCode codice fiscale, STP or ENI; null when not said
 * @param family surname; null when not said
 * @param given name; null when not said
 * @param birthDate null when not said
 */
public record Identity(String fiscalCode, String family, String given, LocalDate birthDate) {

    public Identity {
        fiscalCode = Texts.identifier(fiscalCode);
        family = Texts.text(family);
        given = Texts.text(given);
    }

    /** Whether enough was said to be compared: a code of the person, or surname and birth date. */
    public boolean isEnough() {
        return fiscalCode != null || family != null && birthDate != null;
    }

    /** Whether everything that was said is true of the booking, and enough was said. */
    public boolean matches(Booking booking) {
        BookingRequest.Patient patient = booking.patient();
        return isEnough()
                && patient != null
                && (fiscalCode == null
                        || Stream.of(patient.fiscalCode(), patient.stp(), patient.eni())
                                .anyMatch(fiscalCode::equals))
                && (family == null || same(family, patient.family()))
                && (given == null || same(given, patient.given()))
                && (birthDate == null || birthDate.equals(patient.birthDate()));
    }

    /** Accents, apostrophes, blanks and capitals do not make it another name. */
    private static boolean same(String said, String stored) {
        return stored != null && plain(said).equals(plain(stored));
    }

    private static String plain(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFD)
                .replaceAll("[^\\p{L}]", "")
                .toUpperCase(Locale.ROOT);
    }
}
