package it.snodo.simulator.cup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.cup.Refusal.About;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.Request;
import it.snodo.simulator.wire.Rules;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The FHIR R4 side of a CUP: an Appointment is a booking; its contained Slots are the places and its contained ServiceRequests say
 * how many, both in the order of its service types. 409 is a place that is taken, 422 every other refusal.
 */
final class FhirDesk {
    static final String PLACER = "urn:oid:2.16.840.1.113883.2.9.2.10.4.13.1";
    private static final String MIME = "application/fhir+json; charset=UTF-8";
    /** What FHIR has no element for, as the region's systems name it. */
    private static final String EXTENSION = "https://snodo.dev/fhir/booking/";

    private static final String STRUCTURES = "urn:oid:2.16.840.1.113883.2.9.4.1.3";
    private static final int USUAL_LIMIT = 20;

    private final Cup cup;

    FhirDesk(Cup cup) {
        this.cup = cup;
    }

    /** No FHIR JSON, or nothing that this CUP does. */
    private static final class Unfit extends RuntimeException {
        final int status;

        Unfit(int status, String text) {
            super(text, null, false, false);
            this.status = status;
        }
    }

    Answer handle(Request request) {
        JsonNode body = Json.object();
        String operation = "OTHER";
        String placer = "";
        Answer answer;
        Rules.Order order;
        try {
            body = body(request);
            operation = operation(request, body);
            placer = operation.equals("STATUS") ? parameter(request, "identifier") : placer(body);
            order = cup.rules.next(operation, placer);
            if (order.rule().path("taken").asBoolean()) {
                takeAway(body);
            }
            answer = order.takesEffect() ? judged(request, operation, body) : Answer.nothing();
            if (order.error() != null) {
                JsonNode error = order.error();
                answer = outcome(
                        error.path("status").asInt(error.path("condition").asInt() == 206 ? 409 : 422),
                        error.path("code").asText("ORDINATO"),
                        error.path("text").asText("Rifiuto ordinato al simulatore"),
                        "");
            }
        } catch (Unfit unfit) {
            order = Rules.Order.NONE;
            answer = outcome(unfit.status, "RICHIESTA", unfit.getMessage(), "");
        }
        cup.note(
                operation,
                placer,
                request.header("x-request-id") == null ? "" : request.header("x-request-id"),
                request + "\n" + request.text(),
                new String(answer.body(), StandardCharsets.UTF_8),
                String.valueOf(answer.status()));
        return order.shape(answer);
    }

    private void takeAway(JsonNode body) {
        try {
            cup.takeAway(ask(body));
        } catch (Refusal e) {
            // there is no place to take
        }
    }

    private static JsonNode body(Request request) {
        if (!Set.of("POST", "PUT").contains(request.method())) {
            return Json.object();
        }
        if (!Set.of("application/fhir+json", "application/json").contains(request.mediaType())) {
            throw new Unfit(415, "Questo CUP legge application/fhir+json");
        }
        try {
            return Json.read(request.body());
        } catch (IOException e) {
            throw new Unfit(400, "Il contenuto non è JSON");
        }
    }

    private static String operation(Request request, JsonNode body) {
        String path = request.path();
        String kind = body.path("resourceType").asText();
        if (request.method().equals("POST") && path.equals("/fhir/Appointment/$find")) {
            need(kind, "Parameters");
            return "SEARCH";
        }
        if (request.method().equals("POST") && path.equals("/fhir/Appointment")) {
            need(kind, "Appointment");
            return "BOOK";
        }
        if (request.method().equals("PUT")
                && (path.startsWith("/fhir/Appointment/")
                        || path.equals("/fhir/Appointment") && request.query().startsWith("identifier="))) {
            need(kind, "Appointment");
            return switch (body.path("status").asText()) {
                case "booked" -> "MOVE";
                case "cancelled" -> "REVOKE";
                case "entered-in-error" -> "DELETE";
                default -> throw new Unfit(422, "Lo stato può diventare booked, cancelled o entered-in-error");
            };
        }
        if (request.method().equals("GET") && path.equals("/fhir/Appointment")) {
            return "STATUS";
        }
        if (request.method().equals("GET") && path.startsWith("/fhir/Appointment/")) {
            return "READ";
        }
        throw new Unfit(404, "Qui c'è solo Appointment");
    }

    private static void need(String kind, String wanted) {
        if (!kind.equals(wanted)) {
            throw new Unfit(422, "Attesa una risorsa " + wanted);
        }
    }

    private Answer judged(Request request, String operation, JsonNode body) {
        try {
            return switch (operation) {
                case "SEARCH" -> found(body);
                case "BOOK" -> booked(request, body);
                case "STATUS" -> known(parameter(request, "identifier"));
                case "READ" -> {
                    Booking booking = named(request);
                    yield Answer.of(200, MIME, Json.bytes(appointment(booking)));
                }
                default -> changed(request, operation, body);
            };
        } catch (Refusal refusal) {
            int status = refusal.condition == 206
                    ? 409
                    : refusal.about == About.PLACER && refusal.condition == 204 ? 404 : 422;
            return outcome(status, refusal.code, refusal.getMessage(), place(refusal));
        }
    }

    private Answer booked(Request request, JsonNode body) {
        if (!body.path("status").asText().equals("booked")) {
            throw new Unfit(422, "Una prenotazione nuova ha lo stato booked");
        }
        Ask ask = ask(body);
        String condition = request.header("if-none-exist");
        Booking before = condition == null ? null : cup.find(value(token(condition)));
        if (before != null && before.isInForce() && before.isAt(ask.lines())) {
            return Answer.of(200, MIME, Json.bytes(appointment(before))).with("Location", location(before));
        }
        Booking booking = cup.book(ask);
        return Answer.of(201, MIME, Json.bytes(appointment(booking))).with("Location", location(booking));
    }

    private Answer changed(Request request, String operation, JsonNode body) {
        Booking known = named(request);
        Ask given = ask(body);
        Ask ask = new Ask(known.placer(), known.filler(), given.person(), given.lines(), given.exempt());
        Booking booking =
                switch (operation) {
                    case "REVOKE" -> cup.cancel(ask, Booking.State.REVOKED);
                    case "DELETE" -> cup.cancel(ask, Booking.State.DELETED);
                    default -> known.isInForce() && known.isAt(ask.lines()) ? cup.change(ask) : cup.move(ask);
                };
        return Answer.of(200, MIME, Json.bytes(appointment(booking)));
    }

    private Answer known(String identifier) {
        Booking booking = cup.find(value(identifier));
        ArrayNode entries = Json.array();
        if (booking != null) {
            entries.addObject().set("resource", appointment(booking));
        }
        return bundle(entries);
    }

    private Answer found(JsonNode body) {
        List<String> services = new ArrayList<>();
        LocalDate from = null;
        LocalDate to = null;
        String structure = null;
        String agenda = null;
        boolean publicOnly = false;
        int limit = USUAL_LIMIT;
        for (JsonNode parameter : body.path("parameter")) {
            String text = text(parameter);
            switch (parameter.path("name").asText()) {
                case "start" -> from = day(text);
                case "end" -> to = day(text);
                case "service-type", "serviceType" -> services.add(value(text));
                case "location", "location-reference" -> structure = value(text).replaceFirst("^.*/", "");
                case "schedule" -> agenda = text.replaceFirst("^.*/", "");
                case "location-kind" -> publicOnly = text.equals("C");
                case "_count" -> limit = text.matches("[1-9]\\d{0,1}") ? Integer.parseInt(text) : limit;
                default -> {}
            }
        }
        if (from == null || to == null || services.isEmpty()) {
            throw new Refusal(101, "RICERCA", About.SERVICE, "Servono start, end e service-type");
        }
        ArrayNode entries = Json.array();
        for (String service : services) {
            cup.search(service, agenda, structure, publicOnly, from, to, Math.max(1, limit / services.size()))
                    .forEach(free -> entries.addObject().set("resource", proposed(free)));
        }
        return bundle(entries);
    }

    private static Answer bundle(ArrayNode entries) {
        ObjectNode bundle = Json.object()
                .put("resourceType", "Bundle")
                .put("type", "searchset")
                .put("total", entries.size());
        if (!entries.isEmpty()) {
            bundle.set("entry", entries);
        }
        return Answer.of(200, MIME, Json.bytes(bundle));
    }

    // ---- reading

    private static String placer(JsonNode appointment) {
        for (JsonNode identifier : appointment.path("identifier")) {
            if (identifier.path("system").asText().equals(PLACER)) {
                return identifier.path("value").asText();
            }
        }
        return appointment.path("identifier").path(0).path("value").asText("");
    }

    /** Lines: a service type with the slot and the order at the same place in their lists. */
    private static Ask ask(JsonNode appointment) {
        List<Ask.Line> lines = new ArrayList<>();
        for (JsonNode service : appointment.path("serviceType")) {
            int number = lines.size();
            JsonNode slot = contained(appointment, appointment.path("slot").path(number));
            JsonNode schedule = slot.path("schedule");
            String agenda = schedule.path("identifier")
                    .path("value")
                    .asText(schedule.path("display").asText(""));
            String start = slot.path("start")
                    .asText(number == 0 ? appointment.path("start").asText("") : "");
            int quantity = contained(appointment, appointment.path("basedOn").path(number))
                    .path("quantityQuantity")
                    .path("value")
                    .asInt(1);
            lines.add(new Ask.Line(local(service), agenda.isEmpty() ? null : agenda, instant(start), quantity));
        }
        return new Ask(placer(appointment), null, person(appointment), lines, exempt(appointment));
    }

    /** The contained resource that a reference names; missing when there is none. */
    private static JsonNode contained(JsonNode appointment, JsonNode reference) {
        String id = reference.path("reference").asText("").replaceFirst("^#", "");
        for (JsonNode resource : appointment.path("contained")) {
            if (!id.isEmpty()
                    && resource.path("id").asText().replaceFirst("^#", "").equals(id)) {
                return resource;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }

    /** The CUP's own code among the codings, else the first. */
    private static String local(JsonNode concept) {
        for (JsonNode coding : concept.path("coding")) {
            if (coding.path("code").asText().matches("\\d{3}-\\d{4}")) {
                return coding.path("code").asText();
            }
        }
        return concept.path("coding").path(0).path("code").asText("");
    }

    private static Ask.Person person(JsonNode appointment) {
        for (JsonNode contained : appointment.path("contained")) {
            if (contained.path("resourceType").asText().equals("Patient")) {
                JsonNode name = contained.path("name").path(0);
                List<String> given = new ArrayList<>();
                name.path("given").forEach(each -> given.add(each.asText()));
                return new Ask.Person(
                        contained.path("identifier").path(0).path("value").asText(""),
                        name.path("family").asText(""),
                        String.join(" ", given),
                        contained.path("birthDate").asText("").replace("-", ""),
                        switch (contained.path("gender").asText("")) {
                            case "male" -> "M";
                            case "female" -> "F";
                            case "unknown", "other" -> "U";
                            default -> "";
                        });
            }
        }
        return null;
    }

    private static boolean exempt(JsonNode appointment) {
        for (JsonNode extension : appointment.path("extension")) {
            String name = extension.path("url").asText().replaceFirst("^.*/", "");
            String value = text(extension);
            if (name.equals("ESENZ") && !value.isEmpty() || name.equals("TARIFFA") && value.startsWith("ESENTE")) {
                return true;
            }
        }
        return false;
    }

    /** The text of whatever {@code value[x]} is there; a coding's code, a reference's reference, an identifier's value. */
    private static String text(JsonNode holder) {
        var names = holder.fieldNames();
        while (names.hasNext()) {
            String name = names.next();
            if (name.startsWith("value")) {
                JsonNode value = holder.get(name);
                if (value.has("coding")) {
                    return local(value);
                }
                for (String member : List.of("code", "reference", "value")) {
                    if (value.has(member)) {
                        return value.path(member).asText();
                    }
                }
                if (value.has("identifier")) {
                    return value.path("identifier").path("value").asText();
                }
                return value.asText("");
            }
        }
        return "";
    }

    private static LocalDate day(String text) {
        try {
            return text.length() <= 10 ? LocalDate.parse(text) : instant(text).toLocalDate();
        } catch (java.time.DateTimeException e) {
            throw new Refusal(102, "PERIODO", About.START, text + " non è una data");
        }
    }

    private static LocalDateTime instant(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).atZoneSameInstant(Cup.ROME).toLocalDateTime();
        } catch (java.time.DateTimeException e) {
            throw new Refusal(102, "ORARIO", About.START, 1, text + " non è un istante con fuso orario");
        }
    }

    private static String parameter(Request request, String name) {
        for (String pair : request.query().split("&")) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    /** {@code identifier=system|value} as If-None-Exist carries it. */
    private static String token(String condition) {
        String decoded = URLDecoder.decode(condition, StandardCharsets.UTF_8);
        return decoded.replaceFirst("^.*identifier=", "").replaceFirst("&.*$", "");
    }

    private static String value(String token) {
        return token.substring(token.lastIndexOf('|') + 1);
    }

    /** By its id, or by the condition of an update. */
    private Booking named(Request request) {
        String path = request.path();
        String id = path.substring(path.lastIndexOf('/') + 1);
        Booking booking =
                id.equals("Appointment") ? cup.find(value(parameter(request, "identifier"))) : cup.byFiller(id);
        if (booking == null) {
            throw new Refusal(204, "NON-TROVATA", About.PLACER, "Nessuna prenotazione " + id);
        }
        return booking;
    }

    // ---- writing

    private ObjectNode proposed(Cup.Free free) {
        ObjectNode appointment = Json.object().put("resourceType", "Appointment");
        Agenda agenda = free.agenda();
        ArrayNode contained = appointment.putArray("contained");
        slot(contained, "posto", agenda, free.start(), "free");
        where(contained, "luogo", agenda);
        CupFiles.Service service = free.service();
        BigDecimal ticket = service.ticket();
        ArrayNode extensions = appointment.putArray("extension");
        money(extensions, "TICKET", cup.description.cap() == null ? ticket : ticket.min(cup.description.cap()));
        extensions.addObject().put("url", EXTENSION + "PRIVATA").put("valueBoolean", agenda.privateStructure());
        appointment.put("status", "proposed");
        type(appointment.putArray("serviceType"), service);
        time(appointment, free.start(), agenda.minutes());
        appointment.putArray("slot").addObject().put("reference", "#posto");
        notes(appointment, service.operatorNote(), service.patientNote());
        participant(appointment.putArray("participant"), "#luogo", "needs-action");
        return appointment;
    }

    private ObjectNode appointment(Booking booking) {
        ObjectNode appointment =
                Json.object().put("resourceType", "Appointment").put("id", booking.filler());
        ArrayNode contained = appointment.putArray("contained");
        ArrayNode extensions = appointment.putArray("extension");
        money(extensions, "TICKET", cup.due(booking.lines()));
        ArrayNode identifiers = appointment.putArray("identifier");
        identifiers.addObject().put("system", PLACER).put("value", booking.placer());
        identifiers.addObject().put("system", own("prenotazioni")).put("value", booking.filler());
        appointment.put(
                "status",
                switch (booking.state()) {
                    case BOOKED -> "booked";
                    case REVOKED -> "cancelled";
                    case DELETED -> "entered-in-error";
                    case NO_SHOW -> "noshow";
                });
        ArrayNode types = appointment.putArray("serviceType");
        Set<String> operator = new java.util.LinkedHashSet<>();
        Set<String> patient = new java.util.LinkedHashSet<>();
        for (Booking.Line line : booking.lines()) {
            CupFiles.Service service = cup.offer().services().get(line.service());
            type(types, service);
            operator.add(service.operatorNote());
            patient.add(service.patientNote());
        }
        operator.remove("");
        patient.remove("");
        Booking.Line first = booking.lines().get(0);
        time(
                appointment,
                first.start(),
                cup.offer().agendas().get(first.agenda()).minutes());
        ArrayNode slots = appointment.putArray("slot");
        for (int i = 0; i < booking.lines().size(); i++) {
            Booking.Line line = booking.lines().get(i);
            slot(contained, "posto" + (i + 1), cup.offer().agendas().get(line.agenda()), line.start(), "busy");
            slots.addObject().put("reference", "#posto" + (i + 1));
            money(extensions, "TICKET" + (i + 1), line.ticket().multiply(BigDecimal.valueOf(line.quantity())));
        }
        notes(appointment, String.join(" ", operator), String.join(" ", patient));
        ArrayNode participants = appointment.putArray("participant");
        participants
                .addObject()
                .put("status", "accepted")
                .putObject("actor")
                .putObject("identifier")
                .put("value", booking.person().id());
        for (int i = 0; i < booking.lines().size(); i++) {
            where(
                    contained,
                    "luogo" + (i + 1),
                    cup.offer().agendas().get(booking.lines().get(i).agenda()));
            participant(participants, "#luogo" + (i + 1), "accepted");
        }
        return appointment;
    }

    private static void money(ArrayNode extensions, String name, BigDecimal amount) {
        extensions
                .addObject()
                .put("url", EXTENSION + name)
                .putObject("valueMoney")
                .put("value", amount)
                .put("currency", "EUR");
    }

    private void type(ArrayNode types, CupFiles.Service service) {
        types.addObject()
                .putArray("coding")
                .addObject()
                .put("system", own("prestazioni"))
                .put("code", service.code())
                .put("display", service.title());
    }

    /** A code system of this CUP. */
    private String own(String name) {
        return "https://cup" + cup.description.number() + ".example.org/" + name;
    }

    private static void time(ObjectNode appointment, LocalDateTime start, int minutes) {
        appointment.put("start", instant(start)).put("end", instant(start.plusMinutes(minutes)));
        appointment.put("minutesDuration", minutes);
    }

    private static void slot(ArrayNode contained, String id, Agenda agenda, LocalDateTime start, String status) {
        ObjectNode slot = contained.addObject().put("resourceType", "Slot").put("id", id);
        slot.putObject("schedule")
                .put("display", agenda.id())
                .putObject("identifier")
                .put("value", agenda.id());
        slot.put("status", status);
        slot.put("start", instant(start)).put("end", instant(start.plusMinutes(agenda.minutes())));
    }

    private static void notes(ObjectNode appointment, String operator, String patient) {
        if (!operator.isEmpty()) {
            appointment.put("comment", operator);
        }
        if (!patient.isEmpty()) {
            appointment.put("patientInstruction", patient);
        }
    }

    private static void where(ArrayNode contained, String id, Agenda agenda) {
        ObjectNode location =
                contained.addObject().put("resourceType", "Location").put("id", id);
        ArrayNode identifiers = location.putArray("identifier");
        identifiers.addObject().put("system", STRUCTURES).put("value", agenda.structure());
        identifiers.addObject().put("value", agenda.unit());
        location.put("name", agenda.place());
    }

    private static void participant(ArrayNode participants, String reference, String status) {
        ObjectNode participant = participants.addObject();
        participant.putObject("actor").put("reference", reference);
        participant.put("status", status);
    }

    private static String instant(LocalDateTime time) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(ZonedDateTime.of(time, Cup.ROME));
    }

    private String location(Booking booking) {
        return "http://localhost/fhir/Appointment/" + booking.filler();
    }

    private static String place(Refusal refusal) {
        int line = Math.max(0, refusal.line - 1);
        return switch (refusal.about) {
            case MESSAGE, ENTERED_BY -> "";
            case PLACER -> "Appointment.identifier";
            case REASON -> "Appointment.cancelationReason";
            case PERSON_ID -> "Patient.identifier";
            case PERSON_NAME -> "Patient.name";
            case BIRTH_DATE -> "Patient.birthDate";
            case SEX -> "Patient.gender";
            case SERVICE -> "Appointment.serviceType[" + line + "]";
            case AGENDA, START -> "Appointment.slot[" + line + "]";
        };
    }

    private Answer outcome(int status, String code, String text, String place) {
        ObjectNode outcome = Json.object().put("resourceType", "OperationOutcome");
        ObjectNode issue = outcome.putArray("issue").addObject().put("severity", "error");
        issue.put("code", status == 409 ? "conflict" : status == 404 ? "not-found" : "business-rule");
        ObjectNode details = issue.putObject("details");
        details.putArray("coding")
                .addObject()
                .put("system", own("rifiuti"))
                .put("code", code)
                .put("display", text);
        details.put("text", text);
        if (!place.isEmpty()) {
            issue.putArray("expression").add(place);
        }
        return Answer.of(status, MIME, Json.bytes(outcome));
    }
}
