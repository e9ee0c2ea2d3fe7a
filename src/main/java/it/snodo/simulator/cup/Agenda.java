package it.snodo.simulator.cup;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * An agenda: places for one patient each, on fixed days and hours. Nothing of it is stored: which places others have is told
 * by the place itself, the same at every question.
 *
 * @param unit the clinic
 * @param structure code of the hospital or centre
 * @param privateStructure an accredited private one
 * @param place where to go, in words
 * @param minutes length of a place
 * @param days of the week, 1 is Monday
 * @param starts of the places of a day
 * @param first days from today to the first place that is still free
 * @param taken percent of the places that others have
 */
record Agenda(
        String id,
        Set<String> services,
        String unit,
        String structure,
        boolean privateStructure,
        String place,
        int minutes,
        Set<Integer> days,
        List<LocalTime> starts,
        int first,
        int taken) {

    /** How far ahead an agenda is open, in days. */
    static final int HORIZON = 200;

    static Agenda of(String[] row) {
        int minutes = Integer.parseInt(row[7]);
        List<LocalTime> starts = new ArrayList<>();
        for (String hours : row[9].split("\\+")) {
            LocalTime closing = LocalTime.parse(hours.substring(6));
            LocalTime start = LocalTime.parse(hours.substring(0, 5));
            while (!start.plusMinutes(minutes).isAfter(closing)) {
                starts.add(start);
                start = start.plusMinutes(minutes);
            }
        }
        return new Agenda(
                row[1],
                Set.of(row[2].split(" ")),
                row[3],
                row[4],
                row[5].equals("P"),
                row[6],
                minutes,
                Set.copyOf(row[8].chars().mapToObj(c -> c - '0').toList()),
                List.copyOf(starts),
                Integer.parseInt(row[10]),
                Integer.parseInt(row[11]));
    }

    boolean isOpenOn(LocalDate day) {
        return days.contains(day.getDayOfWeek().getValue());
    }

    /** Whether there is such a place at all. */
    boolean has(LocalDateTime start) {
        return isOpenOn(start.toLocalDate()) && starts.contains(start.toLocalTime());
    }

    /** Whether nobody had the place before anybody asked this simulator for one. */
    boolean isOffered(LocalDateTime start, LocalDate today) {
        LocalDate day = start.toLocalDate();
        return has(start)
                && !day.isBefore(today.plusDays(first))
                && !day.isAfter(today.plusDays(HORIZON))
                && Math.floorMod(mixed(id.hashCode() * 31 + start.hashCode()), 100) >= taken;
    }

    /** Spreads the hash of neighbouring places. */
    private static int mixed(int hash) {
        int mixed = (hash ^ hash >>> 16) * 0x45d9f3b;
        mixed = (mixed ^ mixed >>> 16) * 0x45d9f3b;
        return mixed ^ mixed >>> 16;
    }
}
