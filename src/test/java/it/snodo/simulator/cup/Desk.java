package it.snodo.simulator.cup;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.Message;
import ca.uhn.hl7v2.parser.UnexpectedSegmentBehaviourEnum;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.demo.MllpClient;
import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The simulators on free ports, and what a system that books says to them. Today is Monday 2026-11-23, nine in the morning. */
final class Desk implements AutoCloseable {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T08:00:00Z"), ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final Simulators simulators;

    /** A free place as SQR tells it. */
    record Place(String agenda, String start, String ticket, String location) {}

    Desk() {
        this(SimulatorSettings.onPort(0));
    }

    Desk(SimulatorSettings settings) {
        simulators = new Simulators(settings, CLOCK).start();
    }

    static Desk withData(Path data) {
        return new Desk(SimulatorSettings.onPort(0).withDataDir(data));
    }

    static String id() {
        return "T" + NUMBER.incrementAndGet();
    }

    static String placer() {
        return "SC2026%06d".formatted(NUMBER.incrementAndGet());
    }

    int port(String cup) {
        return simulators.cupPorts().get(cup);
    }

    MllpClient open(String cup) {
        return new MllpClient(port(cup));
    }

    String say(String cup, String message) {
        try (MllpClient client = open(cup)) {
            return client.exchange(message);
        }
    }

    // ---- messages

    private static String msh(String cup, String type, String id, String version) {
        return "MSH|^~\\&|SOVRACUP|010^2.16.840.1.113883.2.9.4.1.1^ISO|CUP|010" + cup + "|20261123090000+0100||" + type
                + "|" + id + "|P|" + version + "|||NE|AL|ITA|UNICODE UTF-8\r";
    }

    static final String PID =
            "PID|1||BGGLMR57B58L219T^^^MEF&2.16.840.1.113883.2.9.4.3.2&ISO^NNITA||BOGGIO^ELENA||19570218|F\r";

    static String search(String cup, String service, String from, String to) {
        return msh(cup, "SQM^S25^SQM_S25", id(), "2.5")
                + "QRD|20261123090000+0100|R|I|Q1|||10^RD|SOVRACUP|SSA|CUP\r"
                + "ARQ|Q1^SOVRACUP||||||||||" + from + "^" + to + "||||SOVRACUP||||SOVRACUP\r"
                + "RGS|1\rAIS|1||" + service + "^PRESTAZIONE^99CRP^89.7^PRESTAZIONE^99NTR\r";
    }

    /** The command of that operation (BOOK, MOVE, CHANGE, REVOKE, DELETE) in the CUP's own protocol. */
    static String command(String cup, String operation, String placer, String service, Place... places) {
        return switch (cup) {
            case "203" -> srm(cup, operation, placer, service, places);
            case "204" -> omg(cup, operation, placer, service, places);
            default -> siu(cup, operation, placer, service, places);
        };
    }

    static String siu(String cup, String operation, String placer, String service, Place... places) {
        int event = List.of("", "", "BOOK", "MOVE", "CHANGE", "REVOKE", "", "DELETE")
                .indexOf(operation);
        return msh(cup, "SIU^S1" + event + "^SIU_S12", id(), "2.5")
                + "SCH|" + placer + "^SOVRACUP||||" + places[0].agenda() + "|PRENOTAZIONE|||20|min||||||"
                + "CUP^SPORTELLO||||OP1^ROSSO\r"
                + PID + "PV1|1|O\r" + resources(service, places);
    }

    static String srm(String cup, String operation, String placer, String service, Place... places) {
        int event =
                List.of("", "BOOK", "MOVE", "CHANGE", "REVOKE", "", "DELETE").indexOf(operation);
        return msh(cup, "SRM^S0" + event + "^SRM_S01", id(), "2.5")
                + "ARQ|" + placer + "^SOVRACUP||||" + places[0].agenda() + "|NEW|||||||||OP1||||OP1\r"
                + PID + "PV1|1|O\r" + resources(service, places);
    }

    private static String omg(String cup, String operation, String placer, String service, Place... places) {
        String control = operation.equals("BOOK") ? "NW" : operation.matches("MOVE|CHANGE") ? "XO" : "CA";
        StringBuilder text = new StringBuilder(msh(cup, "OMG^O19^OMG_O19", id(), "2.5")).append(PID);
        for (int i = 0; i < places.length; i++) {
            String order = placer + "#" + (i + 1) + "^SOVRACUP";
            text.append("ORC|" + control + "|" + order + "||" + placer + "^SOVRACUP\r");
            text.append("TQ1|1||||||" + places[i].start() + "\r");
            text.append("OBR|" + (i + 1) + "|" + order + "||" + service
                    + "^P^99CRP^89.7^P^99NTR||||||||||||||010A01234567890|" + places[i].agenda() + "\r");
        }
        return text.toString();
    }

    static String resources(String service, Place... places) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < places.length; i++) {
            text.append("RGS|" + (i + 1) + "\rAIS|1||" + service + "^P^99CRP^89.7^P^99NTR|" + places[i].start()
                    + "|||20|min|No\rAIG|1||" + places[i].agenda() + "|AGENDA\r");
        }
        return text.toString();
    }

    List<Place> free(String cup, String service) {
        return places(say(cup, search(cup, service, "20261123", "20270301")));
    }

    static List<Place> places(String reply) {
        List<Place> places = new ArrayList<>();
        for (String group : reply.split("\rSCH\\|")) {
            if (group.contains("\rAIS|")) {
                places.add(new Place(
                        field(group, "AIG", 3),
                        field(group, "AIS", 4),
                        field(group, "NTE", 3),
                        field(group, "AIL", 3)));
            }
        }
        return places;
    }

    /** Field of the first segment of that name; empty when there is none. */
    static String field(String message, String segment, int field) {
        return Arrays.stream(message.split("\r"))
                .filter(line -> line.startsWith(segment + "|"))
                .map(line -> line.split("\\|", -1))
                .map(parts -> segment.equals("MSH")
                        ? field - 1 < parts.length ? parts[field - 1] : ""
                        : field < parts.length ? parts[field] : "")
                .findFirst()
                .orElse("");
    }

    static String ack(String reply) {
        return field(reply, "MSA", 1);
    }

    /** The table 0357 code of the first ERR; empty when there is none. */
    static String condition(String reply) {
        return field(reply, "ERR", 3).split("\\^")[0];
    }

    /** Text of the note of that type. */
    static String note(String reply, String type) {
        return Arrays.stream(reply.split("\r"))
                .map(line -> line.split("\\|", -1))
                .filter(parts -> parts[0].equals("NTE") && parts.length > 4 && parts[4].equals(type))
                .map(parts -> parts[3])
                .findFirst()
                .orElse("");
    }

    /** Reads a message with HAPI, which throws at whatever stands where the structure does not have it. */
    static Message strict(String message) {
        return read(message, UnexpectedSegmentBehaviourEnum.THROW_HL7_EXCEPTION);
    }

    /** The same, for an ACK with the notes that CUPs add. */
    static Message withNotes(String message) {
        return read(message, UnexpectedSegmentBehaviourEnum.ADD_INLINE);
    }

    private static Message read(String message, UnexpectedSegmentBehaviourEnum unexpected) {
        DefaultHapiContext context = new DefaultHapiContext();
        try {
            context.getParserConfiguration().setUnexpectedSegmentBehaviour(unexpected);
            Message read = context.getPipeParser().parse(message);
            if (read instanceof ca.uhn.hl7v2.model.GenericMessage) {
                throw new AssertionError("of no known structure: " + message);
            }
            return read;
        } catch (HL7Exception e) {
            throw new AssertionError(message.replace('\r', '\n'), e);
        }
    }

    // ---- control

    JsonNode get(String path) {
        return json(HttpRequest.newBuilder(URI.create(simulators.url() + path)), 200);
    }

    JsonNode post(String path, String body) {
        return json(
                HttpRequest.newBuilder(URI.create(simulators.url() + path))
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                200);
    }

    String page(String path) {
        return send(HttpRequest.newBuilder(URI.create(simulators.url() + path))).body();
    }

    JsonNode json(HttpRequest.Builder request, int status) {
        HttpResponse<String> answer = send(request);
        if (answer.statusCode() != status) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(
                    request.timeout(Duration.ofMinutes(5)).build(),
                    HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Everything as at the start. */
    void reset() {
        for (JsonNode cup : get("/cup/state").path("cups")) {
            if (!cup.path("up").asBoolean()) {
                post("/cup/" + cup.path("cup").asText() + "/up", "");
            }
            post("/cup/" + cup.path("cup").asText() + "/reset", "");
        }
    }

    @Override
    public void close() {
        simulators.close();
    }
}
