package it.snodo.booking.desk;

import com.fasterxml.jackson.core.JsonProcessingException;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingReading;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Proposal;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.CupPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** CUPs that keep their own truth: places, who has them, and what they have been told. They can lose answers, and die. */
public final class FakeCups implements CupPort {

    /** What happens to the next command. */
    public enum Fate {
        NORMAL,
        /** Nothing arrives. */
        UNSENT,
        /** It arrives, and its answer does not. */
        ANSWER_LOST,
        /** Neither it nor an answer arrives, and nobody can know. */
        LOST,
        REFUSED,
        /** The message is rejected before anybody looks at what it asks. */
        REJECTED,
        /** The hub's process dies before it is sent. */
        HUB_DIES_BEFORE,
        /** The hub's process dies when it has been done. */
        HUB_DIES_AFTER
    }

    /** The process has ended here: nobody catches this. */
    public static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** What goes over the wire. */
    record Wire(Operation operation, String controlId, Booking booking, String reason) {}

    public volatile Function<Operation, Fate> fate = operation -> Fate.NORMAL;
    public volatile Function<String, Duration> slow = azienda -> Duration.ZERO;
    public volatile Set<String> dead = Set.of();
    /** When a yes says that the first service is; null when it does not say. */
    public volatile OffsetDateTime shown;
    /** The last search. */
    public volatile AvailabilityQuery asked;
    /** Free places at each azienda, when it is asked. */
    public volatile int places = 3;

    private final Map<String, Reply> answered = new HashMap<>();
    private final Map<String, byte[]> bytes = new HashMap<>();
    private final Map<String, String> holders = new HashMap<>();
    private final Map<String, List<String>> held = new HashMap<>();
    private final Set<String> given = new HashSet<>();
    private final List<String> done = new ArrayList<>();
    private final Set<String> blocked = ConcurrentHashMap.newKeySet();
    private int fillers;

    @Override
    public boolean speaks(CupAzienda azienda, byte[] command) {
        return true;
    }

    @Override
    public byte[] command(CupAzienda azienda, Booking booking, Operation operation, String controlId, String reason) {
        try {
            return BookingReading.json().writeValueAsBytes(new Wire(operation, controlId, booking, reason));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Reply send(CupAzienda azienda, Operation operation, String controlId, byte[] command, Duration deadline) {
        Duration wait = slow.apply(azienda.code());
        if (!wait.isZero()) {
            pause(wait.compareTo(deadline) < 0 ? wait : deadline);
        }
        if (dead.contains(azienda.code())) {
            return reply(Reply.Outcome.UNSENT, "collegamento rifiutato");
        }
        switch (fate.apply(operation)) {
            case UNSENT:
                return reply(Reply.Outcome.UNSENT, "collegamento rifiutato");
            case HUB_DIES_BEFORE:
                throw new Died();
            case LOST:
                return reply(Reply.Outcome.UNKNOWN, "nessuna risposta");
            case ANSWER_LOST:
                take(azienda, controlId, command);
                return reply(Reply.Outcome.UNKNOWN, "nessuna risposta");
            case HUB_DIES_AFTER:
                take(azienda, controlId, command);
                throw new Died();
            case REFUSED:
                return new Reply(
                        Reply.Outcome.REFUSED,
                        null,
                        Map.of(),
                        null,
                        List.of(),
                        "X1",
                        "agenda riservata",
                        "AE".getBytes(StandardCharsets.US_ASCII));
            case REJECTED:
                return new Reply(
                        Reply.Outcome.REFUSED,
                        null,
                        Map.of(),
                        null,
                        List.of(),
                        "X2",
                        "mittente non ammesso",
                        "MSH|^~\\&|CUP\rMSA|AR|1\r".getBytes(StandardCharsets.US_ASCII));
            default:
                return take(azienda, controlId, command);
        }
    }

    private synchronized Reply take(CupAzienda azienda, String controlId, byte[] command) {
        byte[] first = bytes.putIfAbsent(controlId, command);
        if (first != null && !Arrays.equals(first, command)) {
            throw new AssertionError("the bytes of " + controlId + " have changed");
        }
        return answered.computeIfAbsent(controlId, id -> decide(azienda, read(command)));
    }

    private Reply decide(CupAzienda azienda, Wire wire) {
        String code = wire.booking().code();
        List<String> own = held.getOrDefault(code, List.of());
        switch (wire.operation()) {
            case BOOK:
            case MOVE:
                List<String> wanted = places(wire.booking());
                if (wire.operation() == Operation.BOOK && !own.isEmpty()) {
                    throw new AssertionError(code + " is booked twice");
                }
                if (wire.operation() == Operation.MOVE && own.isEmpty()) {
                    return reply(Reply.Outcome.REFUSED, "prenotazione sconosciuta");
                }
                if (wanted.stream()
                        .anyMatch(each -> blocked.contains(each)
                                || holders.containsKey(each)
                                        && !holders.get(each).equals(code))) {
                    return reply(Reply.Outcome.TAKEN, "posto occupato");
                }
                own.forEach(holders::remove);
                wanted.forEach(each -> holders.put(each, code));
                held.put(code, wanted);
                break;
            case CHANGE:
                if (own.isEmpty()) {
                    return reply(Reply.Outcome.REFUSED, "prenotazione sconosciuta");
                }
                break;
            default:
                if (own.isEmpty()) {
                    return reply(Reply.Outcome.REFUSED, "prenotazione sconosciuta");
                }
                own.forEach(holders::remove);
                held.remove(code);
        }
        done.add(wire.operation() + " " + code);
        given.add(code);
        OffsetDateTime other = shown;
        return new Reply(
                Reply.Outcome.DONE,
                wire.operation() == Operation.BOOK ? "F" + ++fillers : null,
                Map.of(),
                new BigDecimal("36.15"),
                List.of(),
                null,
                null,
                "AA".getBytes(StandardCharsets.US_ASCII),
                other == null ? Map.of() : Map.of(0, other),
                0);
    }

    @Override
    public Found find(CupAzienda azienda, AvailabilityQuery query, boolean publicOnly, Duration deadline) {
        asked = query;
        Duration wait = slow.apply(azienda.code());
        if (dead.contains(azienda.code())) {
            return new Found(List.of(), "collegamento rifiutato");
        }
        if (!wait.isZero()) {
            pause(wait.compareTo(deadline) < 0 ? wait : deadline);
            if (wait.compareTo(deadline) >= 0) {
                return new Found(List.of(), "non ha risposto in tempo");
            }
        }
        List<Proposal> free = new ArrayList<>();
        int number = Integer.parseInt(azienda.shortCode()) - 300;
        query.lines().forEach(line -> {
            int found = 0;
            for (int i = 0; found < places && i < 1000; i++) {
                Slot slot = slot(azienda.code(), line.service(), day(number), i);
                if (query.wish() != null
                        && query.wish().from() != null
                        && slot.start().toLocalDate().isBefore(query.wish().from())) {
                    continue;
                }
                synchronized (this) {
                    if (holders.containsKey(place(slot))) {
                        continue;
                    }
                }
                found++;
                free.add(new Proposal(line.service(), null, slot, null, null, null, List.of()));
            }
        });
        free.sort(Comparator.comparing(each -> each.slot().start()));
        return new Found(free, null);
    }

    /** The first azienda has its places first. */
    private static OffsetDateTime day(int number) {
        return OffsetDateTime.now(Register.ROME)
                .plusDays(20 + number)
                .withHour(8)
                .withMinute(0)
                .withSecond(0)
                .withNano(0);
    }

    /** The n-th place of a service's agenda. */
    public static Slot slot(String azienda, String service, OffsetDateTime first, int n) {
        return new Slot(
                azienda,
                "AG-" + service,
                first.plusMinutes(20L * n),
                20,
                azienda + "-S",
                "Poliambulatorio",
                "AMB1",
                false,
                null);
    }

    /** A place at this azienda, some weeks ahead. */
    public static Slot slot(String azienda, int n) {
        return slot(azienda, "89.7", day(Integer.parseInt(azienda.substring(3)) - 300), n);
    }

    /** Somebody at the azienda's own desk takes it. */
    public synchronized void takeAway(Slot slot) {
        holders.put(place(slot), "SPORTELLO");
    }

    /** Operation and booking of everything that was done, in order. */
    public synchronized List<String> done() {
        return List.copyOf(done);
    }

    /** Bookings that stand here. */
    public synchronized Set<String> standing() {
        return new TreeSet<>(held.keySet());
    }

    public synchronized List<String> places(String code) {
        return held.getOrDefault(code, List.of());
    }

    static List<String> places(Booking booking) {
        return booking.lines().stream().map(each -> place(each.slot())).toList();
    }

    static String place(Slot slot) {
        return slot.azienda() + " " + slot.agenda() + " " + slot.start().toInstant();
    }

    private static Wire read(byte[] command) {
        try {
            return BookingReading.json().readValue(command, Wire.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reply reply(Reply.Outcome outcome, String words) {
        return new Reply(outcome, null, Map.of(), null, List.of(), null, words, null);
    }

    private static void pause(Duration wait) {
        try {
            java.util.concurrent.TimeUnit.NANOSECONDS.sleep(wait.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
