package it.snodo.intake.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.BookingAsk;
import it.snodo.booking.BookingReading;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Unreadable;
import it.snodo.booking.Update;
import it.snodo.booking.desk.BookingDesk;
import it.snodo.booking.desk.BookingDesk.Answered;
import it.snodo.fault.Fault;
import it.snodo.fault.Problem;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.BookingArrival;
import it.snodo.intake.IntakeProperties;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/**
 * Bookings and searches as JSON: {@code POST /api/v1/bookings}, {@code PUT} and {@code DELETE /api/v1/bookings/{code}},
 * {@code POST /api/v1/availability}. The body is the canonical request itself.
 *
 * <p>A call is named by its {@code Idempotency-Key}. Without one it is a call of its own each time: a booking may lawfully be
 * asked for twice (booked, revoked, booked again; moved there and back), and that nothing is booked double by mistake is the
 * business of the rules about duplicates.
 */
@Component("bookingRest")
public class BookingRest {

    private static final String BOOKINGS = "/bookings";
    private static final String AVAILABILITY = "/availability";
    private static final String REQUEST = "bookingHttpRequest";

    private final IntakeProperties properties;
    private final ObjectProvider<BookingDesk> desk;

    BookingRest(IntakeProperties properties, ObjectProvider<BookingDesk> desk) {
        this.properties = properties;
        this.desk = desk;
    }

    /** Step of the route: {@code POST /bookings} in, {@link BookingArrival} out. */
    public BookingArrival book(Exchange exchange) {
        Call call = call(exchange, "POST " + BOOKINGS);
        BookingBody body = body(call);
        if (body.tree() != null && isAbsent(body.tree(), "operation")) {
            body.tree().put("operation", Operation.BOOK.name());
        }
        return arrival(call, body, BookingRequest.class);
    }

    /** Step of the route: {@code PUT /bookings/{code}} in, {@link BookingArrival} out. */
    public BookingArrival update(Exchange exchange) {
        Call call = call(exchange, "PUT " + BOOKINGS);
        BookingBody body = body(call);
        if (body.tree() != null) {
            name(call, body);
            if (isAbsent(body.tree(), "operation")) {
                BookingRequest asked =
                        BookingReading.of(body.tree(), BookingRequest.class).ask();
                body.tree()
                        .put(
                                "operation",
                                Update.of(
                                                asked,
                                                desk.getObject().find(call.code).orElse(null))
                                        .name());
            } else if (Operation.BOOK
                    .name()
                    .equals(body.tree().path("operation").asText())) {
                body.faults()
                        .add(
                                new Fault(
                                        SnodoCode.REQUEST_INVALID,
                                        "operation",
                                        "/operation",
                                        "Con PUT si sposta o si modifica una prenotazione: per prenotare usare POST /bookings."));
            }
        }
        return arrival(call, body, BookingRequest.class);
    }

    /** Step of the route: {@code DELETE /bookings/{code}} in, {@link BookingArrival} out. */
    public BookingArrival revoke(Exchange exchange) {
        Call call = call(exchange, "DELETE " + BOOKINGS);
        boolean bare = call.body.length == 0;
        BookingBody body = bare ? BookingBody.none() : body(call);
        if (body.tree() != null) {
            QueryFields.of(call.query).into(body);
            name(call, body);
            boolean mistake = "true".equals(QueryFields.of(call.query).first("mistake"));
            if (isAbsent(body.tree(), "operation")) {
                body.tree().put("operation", (mistake ? Operation.DELETE : Operation.REVOKE).name());
            }
        }
        // a call without a body is kept as what it said: its address
        byte[] raw = bare
                ? ("DELETE " + BOOKINGS + "/" + call.code + (call.query.isEmpty() ? "" : "?" + call.query))
                        .getBytes(StandardCharsets.UTF_8)
                : call.body;
        return arrival(call.withBody(raw), body, BookingRequest.class);
    }

    /** Step of the route: {@code POST /availability} in, {@link BookingArrival} out. */
    public BookingArrival search(Exchange exchange) {
        Call call = call(exchange, "POST " + AVAILABILITY);
        return arrival(call, body(call), AvailabilityQuery.class);
    }

    /** Step of the route: {@link Answered} in, HTTP answer out. */
    public void answer(Exchange exchange) throws InvalidPayloadException {
        Answered answered = exchange.getMessage().getMandatoryBody(Answered.class);
        JsonNode answer = BookingAnswers.tree(answered.answer());
        int status = answer.path("status").asInt(500);
        var message = exchange.getMessage();
        message.removeHeaders("*");
        HttpServletRequest request = exchange.getProperty(REQUEST, HttpServletRequest.class);
        String times = request == null ? null : BookingTimes.answered(request, answered.elsewhere());
        if (times != null) {
            message.setHeader("Server-Timing", times);
        }
        message.setBody(answered.answer());
        // one piece, whose length is known
        message.setHeader(Exchange.HTTP_CHUNKED, false);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        message.setHeader(Exchange.CONTENT_TYPE, status >= 400 ? Problem.MEDIA_TYPE : "application/json");
        message.setHeader("Cache-Control", "no-store");
        if (answer.hasNonNull("location")) {
            message.setHeader("Location", answer.get("location").asText());
        }
        if (answer.at("/booking/revision").isNumber()) {
            message.setHeader("ETag", "\"" + answer.at("/booking/revision").asLong() + "\"");
        }
        if (status == 503) {
            message.setHeader("Retry-After", "10");
        }
        if (answered.messageId() > 0) {
            message.setHeader("Snodo-Message-Id", String.valueOf(answered.messageId()));
        }
        if (answered.repeated()) {
            message.setHeader("Idempotency-Replayed", "true");
        }
    }

    /** What one HTTP call says. */
    private record Call(String type, String code, String query, String key, Long ifMatch, String user, byte[] body) {

        Call withBody(byte[] other) {
            return new Call(type, code, query, key, ifMatch, user, other);
        }
    }

    private static Call call(Exchange exchange, String type) {
        var message = exchange.getMessage();
        if (message instanceof PlatformHttpMessage http) {
            exchange.setProperty(REQUEST, http.getRequest());
        }
        byte[] body = message.getBody(byte[].class);
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        String query = message.getHeader(Exchange.HTTP_QUERY, String.class);
        return new Call(
                type,
                message.getHeader("code", String.class),
                query == null ? "" : query,
                message.getHeader("Idempotency-Key", String.class),
                revision(message.getHeader("If-Match", String.class)),
                who == null ? "anonimo" : who.getName(),
                body == null ? new byte[0] : body);
    }

    /** The revision that an If-Match names; one that is none of ours never fits. */
    static Long revision(String ifMatch) {
        if (ifMatch == null || ifMatch.isBlank() || ifMatch.strip().equals("*")) {
            return null;
        }
        String plain = ifMatch.strip().replaceFirst("^W/", "").replace("\"", "");
        try {
            return Long.valueOf(plain);
        } catch (NumberFormatException e) {
            return -1L;
        }
    }

    private BookingBody body(Call call) {
        if (call.body.length > properties.maxBody().toBytes()) {
            return new BookingBody(
                    null,
                    List.of(new Fault(
                            SnodoCode.FRAME_TOO_LARGE,
                            "",
                            "",
                            "Il corpo è di " + call.body.length + " byte: il massimo è "
                                    + properties.maxBody().toBytes() + ".")),
                    List.of(),
                    Map.of());
        }
        return BookingBody.read(call.body);
    }

    /** The booking is the one of the address, which its caller has said by calling there. */
    private static void name(Call call, BookingBody body) {
        ObjectNode tree = body.tree();
        String said = tree.path("bookingCode").isTextual()
                ? tree.path("bookingCode").textValue().strip()
                : null;
        if (said != null && !said.isEmpty() && !said.equalsIgnoreCase(call.code)) {
            body.faults()
                    .add(new Fault(
                            SnodoCode.REQUEST_INVALID,
                            "bookingCode",
                            "/bookingCode",
                            "Il corpo nomina la prenotazione «" + said + "», l'indirizzo «" + call.code + "»."));
        }
        tree.put("bookingCode", call.code);
        if (tree.get("identification") instanceof ObjectNode identification
                && isAbsent(identification, "bookingCode")) {
            identification.put("bookingCode", call.code);
        }
    }

    private BookingArrival arrival(Call call, BookingBody body, Class<? extends BookingAsk> type) {
        BookingAsk ask = null;
        String sender = call.user;
        List<Unreadable> unreadable = new ArrayList<>(body.unreadable());
        if (body.tree() != null) {
            sender = sender(body.tree(), call.user);
            BookingReading<? extends BookingAsk> reading = BookingReading.of(body.tree(), type);
            ask = reading.ask();
            unreadable.addAll(reading.unreadable());
        }
        String key = call.key == null || call.key.isBlank() ? "urn:uuid:" + UUID.randomUUID() : call.key.strip();
        return new BookingArrival(
                "REST",
                call.user,
                sender,
                key,
                call.type,
                call.body,
                ask,
                unreadable,
                body.faults(),
                body.locations(),
                call.ifMatch,
                BookingAnswers::write);
    }

    /** The sender's key; an application that does not name itself is the user. */
    private static String sender(ObjectNode tree, String user) {
        if (isAbsent(tree, "requester")) {
            tree.set("requester", tree.objectNode());
        }
        if (!(tree.get("requester") instanceof ObjectNode requester)) {
            return user;
        }
        if (isAbsent(requester, "application")) {
            requester.put("application", user);
            return user;
        }
        String application = requester.path("application").asText().strip();
        return application + "|" + requester.path("facility").asText("").strip();
    }

    private static boolean isAbsent(ObjectNode tree, String field) {
        JsonNode value = tree.get(field);
        return value == null
                || value.isNull()
                || value.isTextual() && value.textValue().isBlank();
    }
}
