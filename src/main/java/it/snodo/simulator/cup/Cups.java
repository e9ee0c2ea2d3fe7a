package it.snodo.simulator.cup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.cup.CupFiles.Description;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Journal;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.MllpServer;
import it.snodo.simulator.wire.Request;
import it.snodo.simulator.wire.WireServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The CUPs of eighteen aziende, each with its own register, protocol and port. Over HTTP, below {@code /cup}, people and tests
 * look at them, order misbehaviour, and have them decide something by themselves:
 *
 * <pre>
 * GET    /cup, /cup/NNN        pages for people
 * GET    /cup/state            which CUPs there are: number, profile, port, up, bookings
 * GET    /cup/NNN/state        calls, rules, bookings
 * GET    /cup/NNN/journal      the last messages with their answers, as they went over the wire
 * POST   /cup/NNN/rules        misbehaviour, see {@link it.snodo.simulator.wire.Rules}; GET, DELETE
 * POST   /cup/NNN/down, /up    nobody listens any more; somebody does again
 * POST   /cup/NNN/notify       the CUP cancels, moves or marks a no-show, and tells the hub: see {@link Notices}
 * POST   /cup/NNN/reset        empties the register
 * </pre>
 *
 * A rule's operation is BOOK, MOVE, CHANGE, REVOKE, DELETE, SEARCH or STATUS, its document is looked for in the placer code. Beside
 * what all simulators know a rule of a CUP holds {@code msa2} (an answer that belongs to another message), {@code taken} (somebody
 * else takes the places first), {@code plainAck} (OMG is answered by an ACK), and its {@code error} has {@code ack},
 * {@code condition}, {@code place}, {@code code}, {@code text}, or {@code status} over FHIR.
 */
public final class Cups implements AutoCloseable {

    /** One CUP at its door. */
    private static final class Office {
        final Cup cup;
        final Hl7Desk hl7;
        final FhirDesk fhir;
        int port;
        boolean up;
        WireServer http;

        Office(Cup cup) {
            this.cup = cup;
            this.hl7 = new Hl7Desk(cup);
            this.fhir = new FhirDesk(cup);
        }

        boolean isFhir() {
            return cup.description.profile().equals("FHIR");
        }
    }

    private final CupSettings settings;
    private final Journal journal;
    private final Notices notices;
    private final MllpServer mllp = new MllpServer();
    private final Map<String, Office> offices = new LinkedHashMap<>();

    /**
     * Opens all doors.
     *
     * @param journalFile where the registers are kept; null keeps nothing
     * @throws IllegalStateException when a port is taken
     */
    public Cups(CupSettings settings, Path journalFile, Clock clock) {
        this.settings = settings;
        this.journal = Journal.open(journalFile);
        this.notices = new Notices(settings);
        for (Description description : CupFiles.cups()) {
            offices.put(description.number(), new Office(new Cup(description, clock, journal::append)));
        }
        for (ObjectNode change : journal.past()) {
            Office office = offices.get(change.path("cup").asText());
            if (office != null) {
                office.cup.replay(change);
            }
        }
        try {
            offices.forEach((number, office) -> {
                office.port = settings.basePort() == 0 ? 0 : settings.basePort() + Integer.parseInt(number);
                open(office);
            });
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Ports by the number of the azienda, three digits. */
    public Map<String, Integer> ports() {
        Map<String, Integer> ports = new TreeMap<>();
        offices.forEach((number, office) -> ports.put(number, office.port));
        return ports;
    }

    private synchronized void open(Office office) {
        if (office.up) {
            return;
        }
        if (office.isFhir()) {
            office.http = new WireServer(office.port, office.fhir::handle);
            office.http.start();
            office.port = office.http.port();
        } else {
            office.port = mllp.open(office.port, office.hl7::handle);
        }
        office.up = true;
    }

    private synchronized void shut(Office office) {
        if (office.http != null) {
            office.http.close();
            office.http = null;
        } else {
            mllp.shut(office.port);
        }
        office.up = false;
    }

    /** Serves {@code /cup} and everything below it. */
    public Answer handle(Request request) {
        String[] path = request.path().substring(1).split("/");
        if (path.length == 1) {
            return Answer.text(200, "text/html; charset=UTF-8", CupPage.all(state()));
        }
        if (path.length == 2 && path[1].equals("state")) {
            return Answer.json(200, state());
        }
        Office office = offices.get(path[1].replaceFirst("^010(?=\\d{3}$)", ""));
        if (office == null || path.length > 3) {
            return Answer.text(
                    404, "text/plain; charset=UTF-8", "Qui ci sono i CUP " + String.join(", ", offices.keySet()));
        }
        if (path.length == 2) {
            return Answer.text(200, "text/html; charset=UTF-8", CupPage.one(office.cup, summary(office)));
        }
        boolean post = request.method().equals("POST");
        switch (path[2]) {
            case "state" -> {
                return Answer.json(200, state(office));
            }
            case "journal" -> {
                return Answer.json(200, Json.object().set("messages", messages(office)));
            }
            case "rules" -> {
                return office.cup.rules.control(request);
            }
            case "down", "up", "reset", "notify" -> {
                return post
                        ? ordered(office, path[2], request)
                        : Answer.nothing().with("Allow", "POST");
            }
            default -> {
                return Answer.text(404, "text/plain; charset=UTF-8", "state, journal, rules, down, up, notify, reset");
            }
        }
    }

    private Answer ordered(Office office, String order, Request request) {
        switch (order) {
            case "down" -> shut(office);
            case "up" -> open(office);
            case "reset" -> {
                office.cup.reset();
                office.hl7.forget();
            }
            default -> {
                try {
                    return Answer.json(
                            200, Json.object().set("told", notices.order(office.cup, Json.read(request.body()))));
                } catch (IOException | IllegalArgumentException e) {
                    return Answer.problem(
                            400,
                            Json.object()
                                    .put("title", "Ordine non valido")
                                    .put("status", 400)
                                    .put("detail", e.getMessage()));
                }
            }
        }
        return Answer.json(200, summary(office));
    }

    /** Which CUPs there are. */
    public ObjectNode state() {
        ArrayNode all = Json.array();
        offices.values().forEach(office -> all.add(summary(office)));
        return Json.object().set("cups", all);
    }

    private static ObjectNode summary(Office office) {
        Description description = office.cup.description;
        ObjectNode summary = Json.object()
                .put("cup", description.number())
                .put("azienda", description.azienda())
                .put("name", description.name())
                .put("profile", description.profile())
                .put("port", office.port)
                .put("up", office.up);
        for (Booking.State state : Booking.State.values()) {
            summary.put(
                    state.name(),
                    office.cup.bookings().stream()
                            .filter(booking -> booking.state() == state)
                            .count());
        }
        return summary;
    }

    private static ObjectNode state(Office office) {
        ObjectNode state = summary(office);
        state.set("calls", office.cup.rules.counts());
        state.set("rules", office.cup.rules.describe());
        ArrayNode bookings = state.putArray("bookings");
        office.cup.bookings().forEach(booking -> bookings.add(booking.json()));
        return state;
    }

    private static JsonNode messages(Office office) {
        ArrayNode messages = Json.array();
        office.cup.messages().forEach(messages::add);
        return messages;
    }

    @Override
    public synchronized void close() {
        offices.values().stream().filter(office -> office.http != null).forEach(office -> office.http.close());
        mllp.close();
        journal.close();
    }
}
