package it.snodo.booking.cup;

import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.destinations.OtherDestinations;
import it.snodo.intake.hl7v2.Hl7Time;
import it.snodo.publication.Pause;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The CUPs as operators see and pause them. While one is paused nothing is sent to it: a booking there is refused at once, a
 * revoke waits, its places are not among the proposals.
 */
@Component
class CupDestinations implements OtherDestinations {

    private static final String PREFIX = "CUP-";

    private final CupGates gates;
    private final BookingCatalogue catalogue;
    private final JdbcClient db;

    CupDestinations(CupGates gates, BookingCatalogue catalogue, JdbcClient db) {
        this.gates = gates;
        this.catalogue = catalogue;
        this.db = db;
    }

    private record Queue(int depth, Instant oldest) {}

    @Override
    public List<Standing> standing() {
        Map<String, Queue> queues = new HashMap<>();
        db.sql("""
                        select azienda, count(*) as depth, min(created_at) as oldest from booking_command
                        where state in ('WAITING', 'SENT', 'UNKNOWN') group by azienda""").query(row -> {
            Timestamp oldest = row.getTimestamp("oldest");
            queues.put(row.getString("azienda"), new Queue(row.getInt("depth"), oldest.toInstant()));
        });
        Map<String, CupGates.Pair> called = gates.all();
        return catalogue.aziende(LocalDate.now(Hl7Time.ROME)).stream()
                .filter(each -> each.profile() != null)
                .map(CupAzienda::code)
                .sorted()
                .map(code -> standing(code, queues.getOrDefault(code, new Queue(0, null)), called.get(code)))
                .toList();
    }

    /** @param pair null when the CUP has not been called since the start */
    private static Standing standing(String code, Queue queue, CupGates.Pair pair) {
        if (pair == null) {
            return new Standing(PREFIX + code, queue.depth(), queue.oldest(), null, null, null, "CLOSED", 0);
        }
        CupGate.Standing commands = pair.commands().standing();
        CupGate.Standing searches = pair.searches().standing();
        CupGate.Standing failed =
                latest(commands.lastFailure(), searches.lastFailure()) == searches.lastFailure() ? searches : commands;
        return new Standing(
                PREFIX + code,
                queue.depth(),
                queue.oldest(),
                latest(commands.lastAnswer(), searches.lastAnswer()),
                failed.lastFailure(),
                failed.lastFailureWords(),
                commands.circuit().equals("CLOSED") ? searches.circuit() : commands.circuit(),
                Math.max(commands.failures(), searches.failures()));
    }

    private static Instant latest(Instant one, Instant other) {
        return Stream.of(one, other)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    @Override
    public void pause(Map<String, Pause> pauses) {
        gates.pause(pauses.entrySet().stream()
                .filter(each -> each.getKey().startsWith(PREFIX))
                .collect(Collectors.toUnmodifiableMap(
                        each -> each.getKey().substring(PREFIX.length()), Map.Entry::getValue)));
    }
}
