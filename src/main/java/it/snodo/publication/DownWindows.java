package it.snodo.publication;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a destination is known to be switched off, each week again, by the clock of Rome. Written
 * {@code Sun 02:00-04:00; Mon-Fri 23:30-00:30; 12:00-12:15}: days in English or Italian by their first three letters, single,
 * listed with commas or as a range, none for every day; an end before its begin lies on the next day.
 */
public final class DownWindows {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final Pattern WINDOW =
            Pattern.compile("(?:([a-zì,\\- ]+?)\\s+)?(\\d{1,2}:\\d{2})\\s*-\\s*(\\d{1,2}:\\d{2})");
    private static final Map<String, DayOfWeek> DAYS = Map.ofEntries(
            Map.entry("mon", DayOfWeek.MONDAY),
            Map.entry("lun", DayOfWeek.MONDAY),
            Map.entry("tue", DayOfWeek.TUESDAY),
            Map.entry("mar", DayOfWeek.TUESDAY),
            Map.entry("wed", DayOfWeek.WEDNESDAY),
            Map.entry("mer", DayOfWeek.WEDNESDAY),
            Map.entry("thu", DayOfWeek.THURSDAY),
            Map.entry("gio", DayOfWeek.THURSDAY),
            Map.entry("fri", DayOfWeek.FRIDAY),
            Map.entry("ven", DayOfWeek.FRIDAY),
            Map.entry("sat", DayOfWeek.SATURDAY),
            Map.entry("sab", DayOfWeek.SATURDAY),
            Map.entry("sun", DayOfWeek.SUNDAY),
            Map.entry("dom", DayOfWeek.SUNDAY));

    private final String text;
    private final List<Window> windows;

    private record Window(Set<DayOfWeek> days, LocalTime from, LocalTime to) {

        /** The end of the occurrence that this moment lies in. */
        Optional<ZonedDateTime> endIfIn(ZonedDateTime moment) {
            for (int daysAgo = 0; daysAgo <= 1; daysAgo++) {
                var day = moment.toLocalDate().minusDays(daysAgo);
                if (!days.contains(day.getDayOfWeek())) {
                    continue;
                }
                ZonedDateTime begin = day.atTime(from).atZone(ROME);
                ZonedDateTime end =
                        (to.isAfter(from) ? day : day.plusDays(1)).atTime(to).atZone(ROME);
                if (!moment.isBefore(begin) && moment.isBefore(end)) {
                    return Optional.of(end);
                }
            }
            return Optional.empty();
        }
    }

    private DownWindows(String text, List<Window> windows) {
        this.text = text;
        this.windows = windows;
    }

    /**
     * @param text null or blank: never down
     * @throws IllegalArgumentException when it cannot be understood; the hub then does not start
     */
    public static DownWindows of(String text) {
        if (text == null || text.isBlank()) {
            return new DownWindows(null, List.of());
        }
        List<Window> windows = new ArrayList<>();
        for (String one : text.split(";")) {
            Matcher matcher = WINDOW.matcher(one.strip().toLowerCase(Locale.ROOT));
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "«" + one.strip() + "» is no window such as «Sun 02:00-04:00» or «Mon-Fri 23:30-00:30»");
            }
            windows.add(new Window(days(matcher.group(1)), time(matcher.group(2)), time(matcher.group(3))));
        }
        return new DownWindows(text.strip(), List.copyOf(windows));
    }

    /** Until when it is expected to be down; empty when it should be up. */
    public Optional<Instant> downUntil(Instant moment) {
        ZonedDateTime there = moment.atZone(ROME);
        return windows.stream()
                .flatMap(window -> window.endIfIn(there).stream())
                .map(ZonedDateTime::toInstant)
                .max(Instant::compareTo);
    }

    /** As it was written; null when there is none. */
    public String text() {
        return text;
    }

    private static Set<DayOfWeek> days(String text) {
        if (text == null) {
            return EnumSet.allOf(DayOfWeek.class);
        }
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String part : text.split("\\s*,\\s*")) {
            String[] ends = part.strip().split("\\s*-\\s*");
            DayOfWeek day = day(ends[0]);
            DayOfWeek last = day(ends[ends.length - 1]);
            for (days.add(day); day != last; days.add(day)) {
                day = day.plus(1);
            }
        }
        return days;
    }

    private static DayOfWeek day(String name) {
        DayOfWeek day = name.length() < 3 ? null : DAYS.get(name.substring(0, 3));
        if (day == null) {
            throw new IllegalArgumentException("«" + name + "» is no day of the week");
        }
        return day;
    }

    private static LocalTime time(String text) {
        String[] parts = text.split(":");
        int hour = Integer.parseInt(parts[0]);
        int minute = Integer.parseInt(parts[1]);
        if (hour > 24 || minute > 59 || hour == 24 && minute > 0) {
            throw new IllegalArgumentException("«" + text + "» is no time of the day");
        }
        return LocalTime.of(hour % 24, minute);
    }
}
