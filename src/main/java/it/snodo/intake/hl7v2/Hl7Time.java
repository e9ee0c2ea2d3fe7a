package it.snodo.intake.hl7v2;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HL7 time stamps: {@code YYYYMMDD[HHMM[SS[.SSSS]]][+/-ZZZZ]}. Without an offset they are Italian time. */
public final class Hl7Time {

    public static final ZoneId ROME = ZoneId.of("Europe/Rome");
    static final String DATE_FORM = "AAAAMMGG";
    static final String TIME_FORM = "AAAAMMGG[HHMM[SS]][+/-ZZZZ]";

    private static final DateTimeFormatter OUT = DateTimeFormatter.ofPattern("yyyyMMddHHmmssxx");
    private static final Pattern FORM = Pattern.compile("(\\d{4})(\\d{2})(\\d{2})"
            + "(?:(\\d{2})(?:(\\d{2})(?:(\\d{2})(?:\\.(\\d{1,9}))?)?)?)?(?:([+-])(\\d{2}):?(\\d{2}))?");

    private Hl7Time() {}

    /** @return null when the text is no time, or a day that no calendar has */
    public static OffsetDateTime time(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        try {
            LocalDateTime local = LocalDateTime.of(
                    number(parts, 1),
                    number(parts, 2),
                    number(parts, 3),
                    number(parts, 4),
                    number(parts, 5),
                    number(parts, 6),
                    parts.group(7) == null ? 0 : Integer.parseInt((parts.group(7) + "00000000").substring(0, 9)));
            if (parts.group(8) == null) {
                return local.atZone(ROME).toOffsetDateTime();
            }
            int sign = parts.group(8).equals("-") ? -1 : 1;
            return local.atOffset(ZoneOffset.ofHoursMinutes(sign * number(parts, 9), sign * number(parts, 10)));
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The day of a date or a time, as written, whatever the offset; null when it is none. */
    public static LocalDate date(String text) {
        OffsetDateTime time = time(text);
        return time == null ? null : time.toLocalDate();
    }

    public static String now() {
        return OUT.format(OffsetDateTime.now(ROME));
    }

    private static int number(Matcher parts, int group) {
        return parts.group(group) == null ? 0 : Integer.parseInt(parts.group(group));
    }
}
