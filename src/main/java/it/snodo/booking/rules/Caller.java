package it.snodo.booking.rules;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Identification;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.Identity;
import java.text.Normalizer;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Who asks about an existing booking says whose it is, and is told only whether that is right (R64, R80). Nothing here
 * gives back a stored value.
 */
final class Caller {

    private static final Pattern OTHER = Pattern.compile("[^A-Z0-9]");

    /** Shorter words of a service's name ("di", "per") prove nothing. */
    private static final int TELLING_WORD = 4;

    private Caller() {}

    /** Whether the caller has shown to know whose the booking is, in the way that his channel asks for. */
    static boolean isIdentified(BookingCase given) {
        return Channels.of(given).equals(Channels.PHONE)
                ? matchesOnThePhone(
                        given.request(), given.standing(), given.now().getZone())
                : matches(given.request(), given.standing());
    }

    /** Whether the caller has said enough: the booking's code, with surname and birth date or with a code of the person. */
    static boolean isSaid(BookingRequest request) {
        return code(request) != null
                && (byCode(request).isEnough() || byName(request).isEnough());
    }

    /**
     * Whether what the caller has said is true of that booking; false when there is no booking, so that nobody learns which
     * codes exist. The person's code decides where the booking has one.
     */
    static boolean matches(BookingRequest request, Booking stored) {
        if (stored == null || stored.patient() == null || !sameCode(request, stored)) {
            return false;
        }
        Patient owner = stored.patient();
        boolean hasCode = owner.fiscalCode() != null || owner.stp() != null || owner.eni() != null;
        return byCode(request).isEnough() && hasCode
                ? byCode(request).matches(stored)
                : byName(request).matches(stored);
    }

    /** Names of what a caller on the telephone has left out, by their fields; empty when all six data are there. */
    static Map<String, String> missingOnThePhone(BookingRequest request, ZoneId zone) {
        Identification said = said(request, zone);
        Map<String, String> missing = new LinkedHashMap<>();
        require(said.bookingCode(), "bookingCode", "il codice della richiesta", missing);
        require(said.family(), "family", "il cognome", missing);
        require(said.given(), "given", "il nome", missing);
        require(said.birthDate(), "birthDate", "la data di nascita", missing);
        require(said.service(), "service", "il tipo di prestazione", missing);
        require(said.start(), "start", "giorno e ora dell'appuntamento", missing);
        require(said.phone(), "phone", "il telefono di contatto", missing);
        return missing;
    }

    /** Whether all that a caller on the telephone has said is true of that booking. */
    static boolean matchesOnThePhone(BookingRequest request, Booking stored, ZoneId zone) {
        if (stored == null
                || stored.patient() == null
                || !missingOnThePhone(request, zone).isEmpty()) {
            return false;
        }
        Identification said = said(request, zone);
        Patient owner = stored.patient();
        return sameCode(request, stored)
                && fold(said.family()).equals(fold(owner.family()))
                && fold(said.given()).equals(fold(owner.given()))
                && said.birthDate().equals(owner.birthDate())
                && stored.lines().stream().anyMatch(line -> isService(said.service(), line))
                && stored.lines().stream().anyMatch(line -> isStart(said.start(), line, zone))
                && isPhone(said.phone(), owner.phones());
    }

    /** A name without accents, apostrophes, blanks and case; empty for null. */
    static String fold(String name) {
        return name == null
                ? ""
                : OTHER.matcher(Normalizer.normalize(name, Normalizer.Form.NFD).toUpperCase(Locale.ROOT))
                        .replaceAll("");
    }

    private static void require(Object value, String field, String name, Map<String, String> missing) {
        if (value == null) {
            missing.put(field, name);
        }
    }

    private static boolean sameCode(BookingRequest request, Booking stored) {
        String said = request.identification() == null
                ? null
                : request.identification().bookingCode();
        return Objects.equals(code(request), stored.code()) && (said == null || said.equals(stored.code()));
    }

    private static boolean isService(String said, Booking.BookedLine line) {
        if (said.equalsIgnoreCase(line.service()) || said.equalsIgnoreCase(line.item())) {
            return true;
        }
        List<String> words = words(said);
        return line.description() != null
                && !words.isEmpty()
                && words(line.description()).containsAll(words);
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split("[^\\p{L}\\p{N}]+"))
                .map(Caller::fold)
                .filter(word -> word.length() >= TELLING_WORD)
                .toList();
    }

    private static boolean isStart(LocalDateTime said, Booking.BookedLine line, ZoneId zone) {
        return line.slot() != null
                && line.slot().start() != null
                && line.slot()
                        .start()
                        .atZoneSameInstant(zone)
                        .toLocalDateTime()
                        .truncatedTo(ChronoUnit.MINUTES)
                        .equals(said.truncatedTo(ChronoUnit.MINUTES));
    }

    private static boolean isPhone(String said, List<String> known) {
        return known.stream()
                .anyMatch(phone -> R45Phone.isNotGiven(phone)
                        ? R45Phone.isNotGiven(said)
                        : !digits(said).isEmpty() && digits(said).equals(digits(phone)));
    }

    /** Without blanks, dashes and the country code of Italy. */
    private static String digits(String phone) {
        return phone.replaceAll("[^0-9+]", "").replaceFirst("^(\\+39|0039)", "").replace("+", "");
    }

    /**
     * What the caller has said: each datum of the identification, or where it is silent what the request itself carries of
     * person, booking and appointment. The slot of a move is the new one and says nothing of the old.
     */
    private static Identification said(BookingRequest request, ZoneId zone) {
        Identification own = request.identification();
        Patient patient = request.patient();
        Line line = request.lines().isEmpty() ? null : request.lines().get(0);
        return new Identification(
                code(request),
                said(own, Identification::family, patient, Patient::family),
                said(own, Identification::given, patient, Patient::given),
                said(own, Identification::birthDate, patient, Patient::birthDate),
                said(own, Identification::service, line, Line::service),
                said(
                        own,
                        Identification::start,
                        request.operation() == Operation.MOVE ? null : line,
                        each -> start(each, zone)),
                said(
                        own,
                        Identification::phone,
                        patient,
                        each -> each.phones().isEmpty() ? null : each.phones().get(0)));
    }

    private static <T, V> V said(
            Identification own, Function<Identification, V> first, T carried, Function<T, V> otherwise) {
        V said = own == null ? null : first.apply(own);
        return said != null || carried == null ? said : otherwise.apply(carried);
    }

    private static LocalDateTime start(Line line, ZoneId zone) {
        return line.slot() == null || line.slot().start() == null
                ? null
                : line.slot().start().atZoneSameInstant(zone).toLocalDateTime();
    }

    private static String code(BookingRequest request) {
        return request.bookingCode() != null || request.identification() == null
                ? request.bookingCode()
                : request.identification().bookingCode();
    }

    private static Identity byCode(BookingRequest request) {
        Patient said = request.patient();
        String code = said == null
                ? null
                : Stream.of(said.fiscalCode(), said.stp(), said.eni())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
        return new Identity(code, null, null, null);
    }

    private static Identity byName(BookingRequest request) {
        Identification own = request.identification();
        Patient patient = request.patient();
        return new Identity(
                null,
                said(own, Identification::family, patient, Patient::family),
                null,
                said(own, Identification::birthDate, patient, Patient::birthDate));
    }
}
