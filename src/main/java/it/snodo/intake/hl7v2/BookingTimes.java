package it.snodo.intake.hl7v2;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** HL7's dates and times as ISO texts, and back. What is none comes out as it went in. */
final class BookingTimes {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMddHHmmssxx");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd");
    /** As it is written on the prescription: two digits, two digits, four digits (R14). */
    private static final Pattern WRITTEN = Pattern.compile("(\\d{2})/(\\d{2})/(\\d{4})");
    /** A day and at least hours and minutes. */
    private static final Pattern WITH_MINUTES = Pattern.compile("\\d{12}.*");

    private static final Pattern WITH_OFFSET = Pattern.compile(".*[+-]\\d{2}:?\\d{2}");

    private static final Pattern DIGITS = Pattern.compile("\\d+");

    private BookingTimes() {}

    static String day(String given) {
        var written = WRITTEN.matcher(given);
        LocalDate day =
                Hl7Time.date(written.matches() ? written.group(3) + written.group(2) + written.group(1) : given);
        return day == null ? given : day.toString();
    }

    /**
     * A time that names one instant. Without an offset it is Italian time; an hour that the clock passes twice is the first
     * of the two, one that it leaps over is no time.
     */
    static String instant(String given) {
        OffsetDateTime time = time(given);
        return time == null ? noTime(given) : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
    }

    /** Day and hour as the patient says them. */
    static String civil(String given) {
        OffsetDateTime time = time(given);
        return time == null
                ? noTime(given)
                : DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time.atZoneSameInstant(Hl7Time.ROME));
    }

    /** Bare digits would be read as seconds since 1970. */
    private static String noTime(String given) {
        return DIGITS.matcher(given).matches() ? given + " (senza un'ora esistente)" : given;
    }

    private static OffsetDateTime time(String given) {
        if (!WITH_MINUTES.matcher(given).matches()) {
            return null;
        }
        OffsetDateTime time = Hl7Time.time(given);
        if (time == null || WITH_OFFSET.matcher(given).matches()) {
            return time;
        }
        // In the hour that is left out in spring the clock would show another time than the one given.
        boolean exists =
                given.startsWith(DateTimeFormatter.ofPattern("yyyyMMddHHmm").format(time));
        return exists ? time : null;
    }

    static String stamp(OffsetDateTime time) {
        return STAMP.format(time.atZoneSameInstant(Hl7Time.ROME));
    }

    static String stamp(LocalDate day) {
        return DAY.format(day);
    }

    static String stamp(LocalDateTime time) {
        return STAMP.format(time.atZone(Hl7Time.ROME));
    }
}
