package it.snodo.simulator.cup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Json;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * A booking in a CUP's register.
 *
 * @param filler the CUP's own code
 * @param placer the asking system's code
 */
record Booking(String filler, String placer, State state, Ask.Person person, List<Line> lines, boolean exempt) {

    enum State {
        BOOKED,
        REVOKED,
        DELETED,
        NO_SHOW
    }

    /** @param ticket euro of one piece */
    record Line(String service, String agenda, LocalDateTime start, int quantity, BigDecimal ticket) {}

    boolean isInForce() {
        return state == State.BOOKED;
    }

    /** Whether these lines are its own: the same services at the same places. */
    boolean isAt(List<Ask.Line> asked) {
        if (asked.size() != lines.size()) {
            return false;
        }
        for (int i = 0; i < lines.size(); i++) {
            Line own = lines.get(i);
            Ask.Line other = asked.get(i);
            if (!own.service().equals(other.service())
                    || !own.start().equals(other.start())
                    || other.agenda() != null && !own.agenda().equals(other.agenda())) {
                return false;
            }
        }
        return true;
    }

    Booking at(List<Line> places, boolean pays) {
        return new Booking(filler, placer, state, person, places, pays);
    }

    Booking of(Ask.Person who, boolean pays) {
        return new Booking(filler, placer, state, who, lines, pays);
    }

    Booking in(State next) {
        return new Booking(filler, placer, next, person, lines, exempt);
    }

    String stateInWords() {
        return switch (state) {
            case BOOKED -> "prenotata";
            case REVOKED -> "revocata";
            case DELETED -> "cancellata";
            case NO_SHOW -> "paziente non presentato";
        };
    }

    ObjectNode json() {
        ObjectNode json = Json.object()
                .put("filler", filler)
                .put("placer", placer)
                .put("state", state.name())
                .put("exempt", exempt);
        json.putObject("person")
                .put("id", person.id())
                .put("family", person.family())
                .put("given", person.given())
                .put("birthDate", person.birthDate())
                .put("sex", person.sex());
        ArrayNode all = json.putArray("lines");
        for (Line line : lines) {
            all.addObject()
                    .put("service", line.service())
                    .put("agenda", line.agenda())
                    .put("start", line.start().toString())
                    .put("quantity", line.quantity())
                    .put("ticket", line.ticket().toPlainString());
        }
        return json;
    }

    static Booking of(JsonNode json) {
        List<Line> lines = new ArrayList<>();
        for (JsonNode line : json.path("lines")) {
            lines.add(new Line(
                    line.path("service").asText(),
                    line.path("agenda").asText(),
                    LocalDateTime.parse(line.path("start").asText()),
                    line.path("quantity").asInt(1),
                    new BigDecimal(line.path("ticket").asText())));
        }
        JsonNode person = json.path("person");
        return new Booking(
                json.path("filler").asText(),
                json.path("placer").asText(),
                State.valueOf(json.path("state").asText()),
                new Ask.Person(
                        person.path("id").asText(),
                        person.path("family").asText(),
                        person.path("given").asText(),
                        person.path("birthDate").asText(),
                        person.path("sex").asText()),
                lines,
                json.path("exempt").asBoolean());
    }
}
