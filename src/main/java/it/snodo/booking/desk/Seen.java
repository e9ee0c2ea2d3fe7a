package it.snodo.booking.desk;

import it.snodo.booking.Proposal;
import it.snodo.booking.Slot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Free places that the hub has shown lately: whether a place comes from a search of its own is never believed of a caller (R5,
 * exception 3). Kept in memory, for minutes: what was shown before a start is "not known".
 */
final class Seen {

    private static final int MOST = 200_000;

    /** A place is known by azienda, agenda and start. */
    private record Key(String azienda, String agenda, Instant start) {}

    private record Entry(Proposal proposal, Instant until) {}

    private final Map<Key, Entry> seen = new HashMap<>();
    private final Deque<Map.Entry<Key, Instant>> order = new ArrayDeque<>();
    private final Clock clock;
    private final Duration keep;
    private final Instant started;

    Seen(Clock clock, Duration keep) {
        this.clock = clock;
        this.keep = keep;
        this.started = clock.instant();
    }

    synchronized void add(Collection<Proposal> proposals) {
        Instant until = clock.instant().plus(keep);
        for (Proposal each : proposals) {
            Key key = key(each.slot());
            if (key != null) {
                seen.put(key, new Entry(each, until));
                order.add(Map.entry(key, until));
            }
        }
        while (!order.isEmpty()
                && (order.size() > MOST || order.peek().getValue().isBefore(clock.instant()))) {
            Map.Entry<Key, Instant> oldest = order.poll();
            Entry entry = seen.get(oldest.getKey());
            if (entry != null && !entry.until().isAfter(oldest.getValue())) {
                seen.remove(oldest.getKey());
            }
        }
    }

    synchronized Optional<Proposal> find(Slot slot) {
        Entry entry = seen.get(key(slot));
        return entry == null || entry.until().isBefore(clock.instant())
                ? Optional.empty()
                : Optional.of(entry.proposal());
    }

    /** The slot with what is known of the place; {@code proposed} is what the hub knows, not what the caller says. */
    Slot checked(Slot given) {
        if (given == null) {
            return null;
        }
        Optional<Proposal> known = find(given);
        if (known.isEmpty()) {
            boolean tooEarlyToSay = started.plus(keep).isAfter(clock.instant());
            return with(given, given, tooEarlyToSay ? null : Boolean.FALSE);
        }
        return with(given, known.get().slot(), Boolean.TRUE);
    }

    private static Slot with(Slot given, Slot known, Boolean proposed) {
        return new Slot(
                given.azienda(),
                given.agenda(),
                given.start(),
                given.minutes() != null ? given.minutes() : known.minutes(),
                given.structure() != null ? given.structure() : known.structure(),
                given.place() != null ? given.place() : known.place(),
                given.unit() != null ? given.unit() : known.unit(),
                known.privateStructure() != null ? known.privateStructure() : given.privateStructure(),
                proposed);
    }

    private static Key key(Slot slot) {
        return slot == null || slot.start() == null
                ? null
                : new Key(slot.azienda(), slot.agenda(), slot.start().toInstant());
    }
}
