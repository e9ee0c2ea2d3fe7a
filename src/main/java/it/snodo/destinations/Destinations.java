package it.snodo.destinations;

import it.snodo.publication.Destination;
import it.snodo.publication.Gates;
import it.snodo.publication.Pause;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The destinations as operators handle them. A pause is a row in the store, so it survives a restart and holds for every hub
 * on it; the route {@code publication-<destination>} is stopped and started, never suspended: after a suspension Camel's
 * error handler may take itself for shutting down and redeliver nothing (CAMEL-23494).
 */
@Component("destinationPauses")
public class Destinations implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(Destinations.class);

    private final JdbcClient db;
    private final Gates gates;
    private final CamelContext camel;
    private final List<OtherDestinations> others;
    private final Map<Destination, Instant> written = new EnumMap<>(Destination.class);
    /** Of the other ones, by name. */
    private volatile Map<String, Pause> otherPauses = Map.of();

    private volatile boolean storeFails;

    Destinations(JdbcClient db, Gates gates, CamelContext camel, List<OtherDestinations> others) {
        this.db = db;
        this.gates = gates;
        this.camel = camel;
        this.others = List.copyOf(others);
    }

    /** Pauses are known before any route takes its first delivery. */
    @Override
    public void afterSingletonsInstantiated() {
        follow();
    }

    /** Stops a destination; a second pause takes the place of the first. */
    void pause(String destination, String reason, String owner, Instant until) {
        db.sql("""
                        insert into destination (name, pause_reason, paused_by, paused_at, paused_until)
                        values (:name, :reason, :owner, now(), :until)
                        on conflict (name) do update set pause_reason = :reason, paused_by = :owner, paused_at = now(),
                          paused_until = :until""")
                .param("name", destination)
                .param("reason", reason)
                .param("owner", owner)
                .param("until", until == null ? null : Timestamp.from(until), java.sql.Types.TIMESTAMP)
                .update();
        LOG.warn("{} messa in pausa da {}{}", destination, owner, until == null ? "" : " fino a " + until);
        follow();
    }

    /** @return false when it was not paused */
    boolean resume(String destination) {
        boolean resumed = db.sql("update destination set pause_reason = null, paused_by = null, paused_at = null,"
                                + " paused_until = null where name = ? and paused_at is not null")
                        .param(destination)
                        .update()
                == 1;
        follow();
        return resumed;
    }

    /** Step of the route {@code destinations}: what the store says of pauses becomes so here. */
    public void watch() {
        try {
            follow();
            storeFails = false;
        } catch (DataAccessException e) {
            // The pauses known so far stay in force.
            if (!storeFails) {
                LOG.warn(
                        "Destinazioni: l'archivio non risponde ({})",
                        e.getClass().getSimpleName());
            }
            storeFails = true;
        }
    }

    private synchronized void follow() {
        db.sql("""
                        update destination set pause_reason = null, paused_by = null, paused_at = null, paused_until = null
                        where paused_until <= now()""").update();
        Map<Destination, Pause> pauses = new EnumMap<>(Destination.class);
        Map<String, Pause> further = new HashMap<>();
        db.sql("select * from destination where paused_at is not null").query(row -> {
            Pause pause = pause(row);
            String name = row.getString("name");
            known(name).ifPresentOrElse(destination -> pauses.put(destination, pause), () -> further.put(name, pause));
        });
        otherPauses = further;
        others.forEach(each -> each.pause(further));
        for (Destination destination : Destination.values()) {
            gates.pause(destination, pauses.get(destination));
            move(route(destination), pauses.containsKey(destination));
            remember(destination);
        }
    }

    private void move(String route, boolean stop) {
        if (camel.getRoute(route) == null || !camel.getStatus().isStarted()) {
            return;
        }
        ServiceStatus status = camel.getRouteController().getRouteStatus(route);
        try {
            if (stop && status == ServiceStatus.Started) {
                // what is in flight has its own route and comes to its end
                camel.getRouteController().stopRoute(route, 5, TimeUnit.SECONDS);
                LOG.info("La rotta {} è ferma", route);
            } else if (!stop && status == ServiceStatus.Stopped) {
                camel.getRouteController().startRoute(route);
                LOG.info("La rotta {} è ripartita", route);
            }
        } catch (Exception e) {
            LOG.warn("La rotta {} non si è potuta {}", route, stop ? "fermare" : "riavviare", e);
        }
    }

    /** What the last answers were, for the time after a restart. */
    private void remember(Destination destination) {
        Gates.Standing now = gates.standing(destination);
        Instant newest = Stream.of(now.lastSuccess(), now.lastFailure())
                .filter(java.util.Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(null);
        if (newest == null || newest.equals(written.get(destination))) {
            return;
        }
        db.sql("""
                        insert into destination as d (name, last_success_at, last_failure_at, last_failure)
                        values (:name, :success, :failure, :words)
                        on conflict (name) do update set last_success_at = coalesce(:success, d.last_success_at),
                          last_failure_at = coalesce(:failure, d.last_failure_at),
                          last_failure = coalesce(:words, d.last_failure)""")
                .param("name", destination.name())
                .param("success", timestamp(now.lastSuccess()), java.sql.Types.TIMESTAMP)
                .param("failure", timestamp(now.lastFailure()), java.sql.Types.TIMESTAMP)
                .param("words", now.lastFailureWords())
                .update();
        written.put(destination, newest);
    }

    /** The route that a destination's pause stops. */
    static String route(Destination destination) {
        return "publication-" + destination.name().toLowerCase(Locale.ROOT);
    }

    /** Whether a route stands still because a person wants it so. */
    public boolean isPaused(String route) {
        return Stream.of(Destination.values())
                .anyMatch(destination -> route(destination).equals(route)
                        && gates.standing(destination).pause() != null);
    }

    /** Every destination as it stands now, the CUPs too. */
    List<DestinationView> all() {
        return Stream.concat(
                        ofDeliveries().stream(),
                        others.stream()
                                .flatMap(each -> each.standing().stream())
                                .map(this::view))
                .toList();
    }

    private DestinationView view(OtherDestinations.Standing now) {
        Pause pause = otherPauses.get(now.name());
        boolean works = now.circuit().equals("CLOSED") && now.failures() == 0;
        return new DestinationView(
                now.name(),
                pause != null ? "PAUSED" : works ? "UP" : "FAILING",
                now.queueDepth(),
                now.oldest(),
                0,
                now.lastSuccess(),
                now.lastFailure(),
                now.lastFailureWords(),
                now.circuit(),
                now.failures(),
                null,
                pause,
                null,
                null);
    }

    /** Those that deliveries go to. */
    List<DestinationView> ofDeliveries() {
        record Queue(int depth, Instant oldest) {}
        Map<String, Queue> queues = new HashMap<>();
        db.sql("""
                        select destination, count(*) as depth, min(since) as oldest from delivery
                        where state in ('WAITING', 'TAKEN') group by destination""").query(row -> {
            queues.put(row.getString("destination"), new Queue(row.getInt("depth"), instant(row, "oldest")));
        });
        Map<String, Integer> dead = new HashMap<>();
        db.sql("select destination, count(*) as number from dead_letter group by destination")
                .query(row -> {
                    dead.put(row.getString("destination"), row.getInt("number"));
                });
        record Past(Instant success, Instant failure, String words) {}
        Map<String, Past> past = new HashMap<>();
        db.sql("select * from destination").query(row -> {
            past.put(
                    row.getString("name"),
                    new Past(
                            instant(row, "last_success_at"),
                            instant(row, "last_failure_at"),
                            row.getString("last_failure")));
        });
        return Stream.of(Destination.values())
                .map(destination -> {
                    Gates.Standing now = gates.standing(destination);
                    Queue queue = queues.getOrDefault(destination.name(), new Queue(0, null));
                    Past before = past.getOrDefault(destination.name(), new Past(null, null, null));
                    boolean failed = now.lastFailure() != null;
                    return new DestinationView(
                            destination.name(),
                            DestinationView.state(now),
                            queue.depth(),
                            queue.oldest(),
                            dead.getOrDefault(destination.name(), 0),
                            now.lastSuccess() == null ? before.success() : now.lastSuccess(),
                            failed ? now.lastFailure() : before.failure(),
                            failed ? now.lastFailureWords() : before.words(),
                            now.circuit(),
                            now.failures(),
                            now.waitsUntil(),
                            now.pause(),
                            now.expectedDown(),
                            now.expectedDownUntil());
                })
                .toList();
    }

    private static Pause pause(ResultSet row) throws SQLException {
        return new Pause(
                row.getString("pause_reason"),
                row.getString("paused_by"),
                instant(row, "paused_at"),
                instant(row, "paused_until"));
    }

    /** A newer hub on the same store may know more destinations. */
    private static Optional<Destination> known(String name) {
        return Stream.of(Destination.values())
                .filter(one -> one.name().equals(name))
                .findFirst();
    }

    private static Timestamp timestamp(Instant at) {
        return at == null ? null : Timestamp.from(at);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }
}
