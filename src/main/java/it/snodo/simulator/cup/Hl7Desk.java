package it.snodo.simulator.cup;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.simulator.cup.Hl7.Segment;
import it.snodo.simulator.cup.Refusal.About;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Rules;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The HL7 v2 side of a CUP: SIU^S12…S17 as commands, or SRM^S01…S06, or OMG^O19 by its profile, and SQM^S25 for all. Strict: it
 * refuses what has the wrong shape, version, receiver or character set. The same message again gets its first answer again.
 */
final class Hl7Desk {
    static final Set<String> VERSIONS = Set.of("2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6");

    private static final String RESOURCES = "(RGS (AIS (NTE )*)*(AIG (NTE )*)*(AIL (NTE )*)*(AIP (NTE )*)*)+";
    private static final Pattern SIU =
            Pattern.compile("MSH SCH (TQ1 )*(NTE )*(PID (PD1 )?(PV1 )?(PV2 )?(OBX )*(DG1 )*)*" + RESOURCES);
    private static final Pattern SRM =
            Pattern.compile("MSH ARQ (APR )?(NTE )*(PID (PV1 )?(PV2 )?(OBX )*(DG1 )*)*(RGS (AIS (APR )?(NTE )*)*"
                    + "(AIG (APR )?(NTE )*)*(AIL (APR )?(NTE )*)*(AIP (APR )?(NTE )*)*)+");
    private static final Pattern SQM = Pattern.compile("MSH QRD (QRF )?(ARQ (APR )?(PID )?"
            + "(RGS (AIS (APR )?)*(AIG (APR )?)*(AIP (APR )?)*(AIL (APR )?)*)+)?(DSC )?");
    private static final Pattern OMG = Pattern.compile("MSH (NTE )*(PID (PD1 )?(NTE )*(NK1 )*(PV1 (PV2 )?)?"
            + "(IN1 (IN2 )?(IN3 )?)*(GT1 )?(AL1 )*)?(ORC (TQ1 (TQ2 )*)*OBR (NTE )*(CTD )?(DG1 )*(OBX (TCD )?(NTE )*)*"
            + "(SPM (OBX )*(SAC (OBX )*)*)*(FT1 )*(CTI )*(BLG )?)+");

    private static final Map<String, String> OPERATIONS = Map.ofEntries(
            Map.entry("SIU^S12", "BOOK"),
            Map.entry("SIU^S13", "MOVE"),
            Map.entry("SIU^S14", "CHANGE"),
            Map.entry("SIU^S15", "REVOKE"),
            Map.entry("SIU^S17", "DELETE"),
            Map.entry("SRM^S01", "BOOK"),
            Map.entry("SRM^S02", "MOVE"),
            Map.entry("SRM^S03", "CHANGE"),
            Map.entry("SRM^S04", "REVOKE"),
            Map.entry("SRM^S06", "DELETE"),
            Map.entry("OMG^O19", "ORDER"),
            Map.entry("SQM^S25", "SEARCH"));

    private static final int REMEMBERED = 500;

    /** A refusal of the message itself. */
    private static final class Unfit extends RuntimeException {
        final int condition;
        final String place;

        Unfit(int condition, String place, String text) {
            super(text, null, false, false);
            this.condition = condition;
            this.place = place;
        }
    }

    /** @param print of the message that was answered */
    private record Given(byte[] print, String reply) {}

    private final Cup cup;
    private final Hl7Replies replies;
    private final Map<String, Given> given = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Given> eldest) {
            return size() > REMEMBERED;
        }
    };

    Hl7Desk(Cup cup) {
        this.cup = cup;
        this.replies = new Hl7Replies(cup);
    }

    /** Forgets which answers it gave. */
    synchronized void forget() {
        given.clear();
    }

    /** Answers one frame. */
    List<Answer> handle(byte[] frame) {
        Hl7 message = Hl7.of(frame);
        if (message == null || !message.text.matches("(?s)MSH.[^\\r]{4}.*")) {
            cup.note("", "", "", new String(frame, java.nio.charset.StandardCharsets.ISO_8859_1), "", "chiusa");
            return List.of(Answer.nothing().sent(Answer.Manner.DROP));
        }
        String kind = message.msh().value(9, 1) + "^" + message.msh().value(9, 2);
        String operation = operation(message, kind);
        String placer = placer(message);
        Rules.Order order = cup.rules.next(operation, placer);
        if (order.rule().path("taken").asBoolean()) {
            takeAway(message);
        }
        String reply = "";
        JsonNode error = order.error();
        if (order.takesEffect()) {
            reply = judged(message, kind, operation, frame, order);
        }
        if (error != null) {
            reply = ordered(message, kind, error);
        }
        String foreign = order.rule().path("msa2").asText("");
        if (!foreign.isEmpty()) {
            reply = reply.replaceFirst("\\rMSA\\|(\\w\\w)\\|[^|\\r]*", "\rMSA|$1|" + foreign);
        }
        cup.note(operation, placer, message.msh().value(10), message.text, reply, outcome(reply));
        Answer answer = order.shape(Answer.of(200, null, reply.getBytes(message.charset)));
        if (Set.of("AL", "SU").contains(message.msh().value(15)) && !reply.isEmpty()) {
            String commit = replies.head(
                            message,
                            "ACK^" + message.msh().value(9, 2) + "^ACK",
                            "CA",
                            message.msh().value(10),
                            "")
                    .toString();
            return List.of(Answer.of(200, null, commit.getBytes(message.charset)), answer);
        }
        return List.of(answer);
    }

    private static String operation(Hl7 message, String kind) {
        String operation = OPERATIONS.getOrDefault(kind, "OTHER");
        if (operation.equals("ORDER")) {
            return switch (message.first("ORC").value(1)) {
                case "NW" -> "BOOK";
                case "XO" -> "MOVE";
                case "CA" -> "REVOKE";
                default -> "OTHER";
            };
        }
        return operation;
    }

    private static String placer(Hl7 message) {
        for (String name : List.of("SCH", "ARQ")) {
            if (!message.first(name).value(1).isEmpty()) {
                return message.first(name).value(1);
            }
        }
        Segment orc = message.first("ORC");
        return orc.value(4).isEmpty() ? orc.value(2).split("#", 2)[0] : orc.value(4);
    }

    private static String outcome(String reply) {
        return Arrays.stream(reply.split("\r"))
                .filter(line -> line.startsWith("MSA|"))
                .map(line -> line.split("\\|", -1)[1])
                .findFirst()
                .orElse("");
    }

    private void takeAway(Hl7 message) {
        try {
            cup.takeAway(ask(message, message.msh().value(9, 1)));
        } catch (Refusal e) {
            // there is no place to take
        }
    }

    /** What it says by itself; known messages get what was said before. */
    private String judged(Hl7 message, String kind, String operation, byte[] frame, Rules.Order order) {
        if (operation.equals("SEARCH") || operation.equals("OTHER")) {
            return judge(message, kind, operation, order);
        }
        String id = message.msh().field(3) + "|" + message.msh().field(4) + "|"
                + message.msh().field(10);
        synchronized (this) {
            Given before = given.get(id);
            if (before != null && !message.msh().field(10).isEmpty()) {
                return Arrays.equals(before.print(), print(frame))
                        ? before.reply()
                        : refused(
                                message,
                                kind,
                                "AE",
                                205,
                                "MSH^1^10",
                                "MSH-10",
                                "Lo stesso identificativo, altro contenuto");
            }
            String reply = judge(message, kind, operation, order);
            given.put(id, new Given(print(frame), reply));
            return reply;
        }
    }

    private static byte[] print(byte[] frame) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(frame);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private String judge(Hl7 message, String kind, String operation, Rules.Order order) {
        String type = message.msh().value(9, 1);
        try {
            checkHead(message, kind);
            checkShape(message, type);
            return operation.equals("SEARCH") ? found(message) : done(message, kind, operation, order);
        } catch (Unfit unfit) {
            boolean content = unfit.condition == 100 || unfit.condition == 101 && !unfit.place.startsWith("MSH");
            return refused(
                    message,
                    kind,
                    content ? "AE" : "AR",
                    unfit.condition,
                    unfit.place,
                    "MESSAGGIO",
                    unfit.getMessage());
        } catch (Refusal refusal) {
            return refused(
                    message,
                    kind,
                    "AE",
                    refusal.condition,
                    Hl7Replies.place(type, refusal),
                    refusal.code,
                    refusal.getMessage());
        }
    }

    private void checkHead(Hl7 message, String kind) {
        Segment msh = message.msh();
        if (msh.value(10).isEmpty()) {
            throw new Unfit(101, "MSH^1^10", "Manca MSH-10");
        }
        if (!VERSIONS.contains(msh.value(12))) {
            throw new Unfit(203, "MSH^1^12", "Versione non ammessa: " + msh.value(12));
        }
        if (!Set.of("P", "T", "D").contains(msh.value(11))) {
            throw new Unfit(202, "MSH^1^11", "MSH-11 può essere P, T o D");
        }
        if (!message.legible) {
            throw new Unfit(103, "MSH^1^18", "I caratteri non sono quelli dichiarati in MSH-18");
        }
        String type = msh.value(9, 1);
        if (!type.equals("SQM") && !type.equals(cup.description.profile())) {
            throw new Unfit(200, "MSH^1^9", "Questo CUP parla " + cup.description.profile() + " e SQM, non " + type);
        }
        if (!OPERATIONS.containsKey(kind)) {
            throw new Unfit(201, "MSH^1^9", "Evento non ammesso: " + kind);
        }
        String structure = msh.value(9, 3);
        if (!structure.isEmpty() && !structure.equals(structureOf(type))) {
            throw new Unfit(200, "MSH^1^9", "La struttura di " + kind + " è " + structureOf(type));
        }
        String receiver = msh.value(6);
        if (!receiver.equals(cup.description.azienda()) && !receiver.equals(cup.description.number())) {
            throw new Unfit(103, "MSH^1^6", "Questo è il CUP dell'azienda " + cup.description.azienda());
        }
    }

    private static String structureOf(String type) {
        return switch (type) {
            case "SIU" -> "SIU_S12";
            case "SRM" -> "SRM_S01";
            case "OMG" -> "OMG_O19";
            default -> "SQM_S25";
        };
    }

    private static void checkShape(Hl7 message, String type) {
        Pattern wanted =
                switch (type) {
                    case "SIU" -> SIU;
                    case "SRM" -> SRM;
                    case "OMG" -> OMG;
                    default -> SQM;
                };
        if (!wanted.matcher(message.shape()).matches()) {
            throw new Unfit(
                    100,
                    "MSH^1",
                    "L'ordine dei segmenti non è quello di " + structureOf(type) + ": "
                            + message.shape().strip());
        }
        for (Segment segment : message.segments) {
            boolean numbered = Set.of("RGS", "AIS", "AIG", "AIL", "AIP").contains(segment.name());
            if (numbered && segment.value(1).isEmpty()) {
                throw new Unfit(101, segment.name() + "^1^1", "Manca " + segment.name() + "-1");
            }
            if (segment.name().equals("AIG") && segment.value(4).isEmpty()) {
                throw new Unfit(101, "AIG^1^4", "Manca AIG-4");
            }
        }
    }

    private Ask ask(Hl7 message, String type) {
        return switch (type) {
            case "SIU" -> Hl7Asks.siu(message);
            case "SRM" -> Hl7Asks.srm(message);
            default -> Hl7Asks.omg(message);
        };
    }

    private String done(Hl7 message, String kind, String operation, Rules.Order order) {
        String type = message.msh().value(9, 1);
        Ask ask = ask(message, type);
        Booking booking =
                switch (operation) {
                    case "BOOK" -> cup.book(ask);
                    case "MOVE" -> type.equals("OMG") && isChange(ask) ? cup.change(ask) : cup.move(ask);
                    case "CHANGE" -> cup.change(ask);
                    case "REVOKE" -> cup.cancel(ask, Booking.State.REVOKED);
                    case "DELETE" -> cup.cancel(ask, Booking.State.DELETED);
                    default -> throw new Refusal(103, "ORC-1", About.MESSAGE, "ORC-1 può essere NW, XO o CA");
                };
        boolean ended = !booking.isInForce();
        String event = message.msh().value(9, 2);
        String id = message.msh().value(10);
        switch (type) {
            case "SRM" -> {
                StringBuilder reply = replies.head(message, "SRR^" + event + "^SRR_S01", "AA", id, "");
                String status =
                        switch (booking.state()) {
                            case BOOKED -> "Booked";
                            case DELETED -> "Deleted";
                            default -> "Cancelled";
                        };
                replies.schedule(
                        reply,
                        booking,
                        Hl7Replies.echo(message, message.first("ARQ").field(1)),
                        status);
                return reply.toString();
            }
            case "OMG" -> {
                boolean plain = order.rule().path("plainAck").asBoolean();
                StringBuilder reply = replies.head(message, plain ? "ACK^O19^ACK" : "ORG^O20^ORG_O20", "AA", id, "");
                replies.facts(reply, booking, ended);
                if (!plain) {
                    replies.person(reply, booking.person());
                    replies.orders(reply, message, booking, true);
                }
                return reply.toString();
            }
            default -> {
                StringBuilder reply = replies.head(message, "ACK^" + event + "^ACK", "AA", id, "");
                replies.facts(reply, booking, ended);
                return reply.toString();
            }
        }
    }

    /** XO moves when it names another time than the one that stands. */
    private boolean isChange(Ask ask) {
        Booking known = cup.find(ask.placer());
        return known != null && known.isInForce() && known.isAt(ask.lines());
    }

    private String found(Hl7 message) {
        Hl7Asks.Search search = Hl7Asks.sqm(message);
        int each = Math.max(1, search.limit() / search.services().size());
        StringBuilder places = new StringBuilder();
        int count = 0;
        for (Segment ais : search.services()) {
            List<Cup.Free> free = cup.search(
                    ais.value(3),
                    search.agenda(),
                    search.structure(),
                    search.publicOnly(),
                    search.from(),
                    search.to(),
                    each);
            free.forEach(place -> replies.free(places, place, Hl7Replies.echo(message, ais.field(3))));
            count += free.size();
        }
        StringBuilder reply =
                replies.head(message, "SQR^S25^SQR_S25", "AA", message.msh().value(10), "");
        reply.append("QAK|").append(Hl7.escaped(search.queryId())).append('|').append(count == 0 ? "NF" : "OK");
        return reply.append('\r').append(places).toString();
    }

    private String refused(
            Hl7 message, String kind, String acknowledgement, int condition, String place, String code, String text) {
        String type = kind.substring(0, kind.indexOf('^'));
        String event = kind.substring(kind.indexOf('^') + 1);
        boolean own = !acknowledgement.equals("AR");
        String replyType =
                switch (type) {
                    case "SRM" -> "SRR^" + event + "^SRR_S01";
                    case "SQM" -> "SQR^S25^SQR_S25";
                    case "OMG" -> "ORG^O20^ORG_O20";
                    default -> "ACK^" + event + "^ACK";
                };
        StringBuilder reply = replies.head(
                message,
                own ? replyType : "ACK^" + event + "^ACK",
                acknowledgement,
                message.msh().value(10),
                code + " " + text);
        replies.error(reply, message, condition, place, code, text);
        if (own && type.equals("SQM")) {
            reply.append("QAK|")
                    .append(Hl7.escaped(message.first("QRD").value(4)))
                    .append("|AE\r");
        }
        if (own && type.equals("OMG")) {
            replies.orders(reply, message, null, false);
        }
        return reply.toString();
    }

    /** A refusal that somebody ordered: {@code ack}, {@code condition}, {@code place}, {@code code}, {@code text}. */
    private String ordered(Hl7 message, String kind, JsonNode error) {
        return refused(
                message,
                kind,
                error.path("ack").asText("AE"),
                error.path("condition").asInt(207),
                error.path("place").asText("MSH^1^9"),
                error.path("code").asText("ORDINATO"),
                error.path("text").asText("Rifiuto ordinato al simulatore"));
    }
}
