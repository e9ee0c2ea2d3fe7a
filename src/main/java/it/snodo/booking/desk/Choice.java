package it.snodo.booking.desk;

import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.Proposal;
import it.snodo.booking.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * From free places to whole bookings: all lines in one azienda (R30), in consecutive places of one agenda where there are such,
 * else near (R31); continuity first, then the patient's ASL, then the first in absolute (R61).
 */
final class Choice {

    /** Of one azienda; later ones are hardly wanted. */
    private static final int MOST_OF_AZIENDA = 40;

    private Choice() {}

    /**
     * A place for each line, in their order.
     *
     * @param spread 0 consecutive in one agenda, 1 same structure and day, 2 same structure, 3 the rest
     */
    record Candidate(List<Proposal> proposals, int group, int spread) {

        /** One of them lies beyond the term of the priority class (R59): only when there is nothing within it (R60). */
        boolean late() {
            return proposals.stream().anyMatch(each -> Boolean.FALSE.equals(each.withinTerm()));
        }

        List<Slot> slots() {
            return proposals.stream().map(Proposal::slot).toList();
        }

        Instant start() {
            return proposals.stream()
                    .map(each -> each.slot().start().toInstant())
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    /**
     * @param fixed the place of a line that is chosen already, in the order of the lines; null where it is open
     * @return best first
     */
    static List<Candidate> candidates(
            List<Line> lines, List<Slot> fixed, Collection<Proposal> found, String continuity, String asl) {
        return candidates(lines, fixed, found, continuity, asl, (line, place) -> true);
    }

    /** @param fits whether a place of the right service is one for that line: the right hand's is none for the left */
    static List<Candidate> candidates(
            List<Line> lines, List<Slot> fixed, Collection<Proposal> found, String continuity, String asl, Fits fits) {
        Map<String, List<Proposal>> byAzienda = new LinkedHashMap<>();
        found.stream()
                .sorted(Comparator.comparing(each -> each.slot().start().toInstant()))
                .forEach(each -> byAzienda
                        .computeIfAbsent(each.slot().azienda(), code -> new ArrayList<>())
                        .add(each));
        List<Candidate> all = new ArrayList<>();
        byAzienda.forEach((azienda, places) -> all.addAll(ofAzienda(lines, fixed, places, continuity, asl, fits)));
        all.sort(Comparator.comparing(Candidate::late)
                .thenComparingInt(Candidate::group)
                .thenComparingInt(Candidate::spread)
                .thenComparing(Candidate::start));
        return all;
    }

    private static List<Candidate> ofAzienda(
            List<Line> lines, List<Slot> fixed, List<Proposal> places, String continuity, String asl, Fits fits) {
        int lead = 0;
        while (lead < lines.size() - 1 && fixed.get(lead) != null) {
            lead++;
        }
        List<Candidate> candidates = new ArrayList<>();
        for (Proposal start : of(lines.get(lead), places, fits)) {
            Candidate made = around(lines, fixed, lead, start, places, continuity, asl, fits);
            if (made != null) {
                candidates.add(made);
            }
            if (candidates.size() == MOST_OF_AZIENDA) {
                break;
            }
        }
        return candidates;
    }

    private static Candidate around(
            List<Line> lines,
            List<Slot> fixed,
            int lead,
            Proposal start,
            List<Proposal> places,
            String continuity,
            String asl,
            Fits fits) {
        Proposal[] chosen = new Proposal[lines.size()];
        Set<Object> taken = new HashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            if (fixed.get(i) != null) {
                chosen[i] = new Proposal(lines.get(i).service(), null, fixed.get(i), null, null, null, null);
                taken.add(place(chosen[i]));
            }
        }
        chosen[lead] = start;
        taken.add(place(start));
        Proposal before = start;
        int spread = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (chosen[i] == null) {
                int own = i;
                Proposal near = before;
                Proposal best = of(lines.get(i), places, fits).stream()
                        .filter(each -> !taken.contains(place(each)) && standsBeside(lines, chosen, own, each, fits))
                        .min(Comparator.comparingInt((Proposal each) -> spread(near, each))
                                .thenComparing(each -> distance(near, each)))
                        .orElse(null);
                if (best == null) {
                    return null;
                }
                chosen[i] = best;
                taken.add(place(best));
            }
            if (chosen[i] != before) {
                spread = Math.max(spread, spread(before, chosen[i]));
            }
            before = chosen[i];
        }
        String why = Availability.why(start, continuity, asl);
        return new Candidate(List.of(chosen), why.equals("CONTINUITY") ? 0 : why.equals("OWN_ASL") ? 1 : 2, spread);
    }

    private static boolean standsBeside(List<Line> lines, Proposal[] chosen, int own, Proposal place, Fits fits) {
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i] != null && !fits.together(lines.get(own), place, lines.get(i), chosen[i])) {
                return false;
            }
        }
        return true;
    }

    /** What has to be true of the places that are chosen. */
    @FunctionalInterface
    interface Fits {

        /** Whether the place is one for that line. */
        boolean line(Line line, Proposal place);

        /** Whether two lines may stand at these places and not spoil each other (R32). */
        default boolean together(Line one, Proposal place, Line other, Proposal otherPlace) {
            return true;
        }
    }

    private static List<Proposal> of(Line line, List<Proposal> places, Fits fits) {
        return places.stream()
                .filter(each -> Objects.equals(each.service(), line.service())
                        || line.item() != null && line.item().equals(each.service()))
                .filter(each -> fits.line(line, each))
                .toList();
    }

    private static int spread(Proposal before, Proposal after) {
        Slot one = before.slot();
        Slot other = after.slot();
        if (Objects.equals(one.agenda(), other.agenda()) && one.minutes() != null) {
            Instant end = one.start().toInstant().plus(Duration.ofMinutes(one.minutes()));
            if (end.equals(other.start().toInstant())) {
                return 0;
            }
        }
        if (!Objects.equals(one.structure(), other.structure())) {
            return 3;
        }
        return one.start().toLocalDate().equals(other.start().toLocalDate()) ? 1 : 2;
    }

    private static Duration distance(Proposal one, Proposal other) {
        return Duration.between(
                        one.slot().start().toInstant(), other.slot().start().toInstant())
                .abs();
    }

    private static Object place(Proposal each) {
        return List.of(
                String.valueOf(each.slot().azienda()),
                String.valueOf(each.slot().agenda()),
                each.slot().start().toInstant());
    }
}
