package it.snodo.intake.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.booking.AvailabilityAnswer;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingReading;
import it.snodo.booking.BookingReply;
import it.snodo.booking.Decision;
import it.snodo.booking.Proposal;
import it.snodo.booking.Ruling;
import it.snodo.fault.Fault;
import it.snodo.fault.Problem;
import it.snodo.intake.BookingArrival;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a REST caller is told: a receipt with the booking, what a search has found, or a problem (RFC 9457) with every rule
 * that stopped the request. The HTTP status is in the answer itself, so that a stored one can be given again whole.
 */
final class BookingAnswers {

    static final String PATH = "/api/v1/bookings/";
    private static final String ERRORS = "https://snodo.it/errors/";
    private static final ObjectMapper JSON =
            BookingReading.json().copy().setDefaultPropertyInclusion(JsonInclude.Include.NON_EMPTY);

    private BookingAnswers() {}

    /** A ruling with its place in the body. */
    @JsonPropertyOrder({"code", "decision", "path", "pointer", "title", "message", "detail"})
    record RulingView(
            String code, Decision decision, String path, String pointer, String title, String message, String detail) {

        static RulingView of(Ruling ruling, BookingArrival arrival) {
            String path = ruling.path() == null ? "" : ruling.path();
            return new RulingView(
                    ruling.code(),
                    ruling.decision(),
                    path,
                    place(arrival, path),
                    ruling.title(),
                    ruling.message(),
                    ruling.detail());
        }
    }

    /** What was done. */
    @JsonPropertyOrder({"status", "result", "messageId", "location", "booking", "rulings", "proposals"})
    record BookingReceipt(
            int status,
            Result result,
            Long messageId,
            String location,
            Booking booking,
            List<RulingView> rulings,
            List<Proposal> proposals) {}

    /** What was found. */
    @JsonPropertyOrder({"status", "messageId", "first", "absolute", "silent", "rulings"})
    record AvailabilityFound(
            int status,
            Long messageId,
            List<Proposal> first,
            List<Proposal> absolute,
            List<AvailabilityAnswer.Silent> silent,
            List<RulingView> rulings) {}

    /**
     * A refusal.
     *
     * @param confirmations codes to repeat in {@code confirmations} of the same request, when confirming is all it needs
     * @param rulings every rule that spoke, refusals and notices
     * @param errors what is wrong with the message itself
     * @param proposals the next free places, when the one asked for is gone or too late
     */
    @JsonPropertyOrder({
        "type",
        "title",
        "status",
        "detail",
        "code",
        "decision",
        "advice",
        "confirmations",
        "rulings",
        "errors",
        "proposals",
        "booking",
        "messageId"
    })
    record BookingProblem(
            String type,
            String title,
            int status,
            String detail,
            String code,
            Decision decision,
            String advice,
            List<String> confirmations,
            List<RulingView> rulings,
            List<Problem.Item> errors,
            List<Proposal> proposals,
            Booking booking,
            Long messageId) {}

    /** The {@link BookingArrival.Writer} of REST. */
    static byte[] write(BookingArrival arrival, BookingReply reply) {
        return bytes(
                reply instanceof AvailabilityAnswer found
                        ? found(arrival, found)
                        : done(arrival, (BookingAnswer) reply));
    }

    private static Object done(BookingArrival arrival, BookingAnswer answer) {
        boolean stopped =
                answer.rulings().stream().anyMatch(each -> each.decision().stops());
        if (answer.result() == Result.REFUSED || stopped) {
            return problem(
                    arrival,
                    answer.rulings(),
                    answer.faults(),
                    answer.proposals(),
                    answer.booking(),
                    answer.messageId());
        }
        int status =
                switch (answer.result()) {
                    case UNKNOWN -> 202;
                    case BOOKED -> 201;
                    default -> 200;
                };
        return new BookingReceipt(
                status,
                answer.result(),
                id(answer.messageId()),
                answer.booking() == null ? null : PATH + answer.booking().code(),
                answer.booking(),
                views(arrival, answer.rulings()),
                answer.proposals());
    }

    private static Object found(BookingArrival arrival, AvailabilityAnswer answer) {
        boolean stopped =
                answer.rulings().stream().anyMatch(each -> each.decision().stops());
        if (stopped || !answer.faults().isEmpty()) {
            return problem(arrival, answer.rulings(), answer.faults(), List.of(), null, answer.messageId());
        }
        return new AvailabilityFound(
                200,
                id(answer.messageId()),
                answer.first(),
                answer.absolute(),
                answer.silent(),
                views(arrival, answer.rulings()));
    }

    private static BookingProblem problem(
            BookingArrival arrival,
            List<Ruling> rulings,
            List<Fault> faults,
            List<Proposal> proposals,
            Booking booking,
            long messageId) {
        List<Ruling> stopping =
                rulings.stream().filter(each -> each.decision().stops()).toList();
        List<RulingView> views = views(arrival, rulings);
        List<Problem.Item> errors = faults.stream()
                .map(fault -> new Problem.Item(
                        fault.code().code(),
                        fault.location() == null ? place(arrival, fault.path()) : fault.location(),
                        fault.path(),
                        fault.reason()))
                .toList();
        if (stopping.isEmpty()) {
            Problem problem = faults.isEmpty()
                    ? Problem.of(it.snodo.fault.SnodoCode.INTERNAL, "La richiesta è stata rifiutata senza un motivo.")
                    : Problem.of(faults);
            return new BookingProblem(
                    problem.type(),
                    problem.title(),
                    problem.status(),
                    problem.detail(),
                    problem.code(),
                    null,
                    problem.advice(),
                    List.of(),
                    views,
                    errors,
                    proposals,
                    booking,
                    id(messageId));
        }
        // what only needs confirming comes last: confirming it alone would not help
        Ruling first = stopping.stream()
                .filter(each -> each.decision() != Decision.CONFIRM)
                .findFirst()
                .orElse(stopping.get(0));
        return new BookingProblem(
                ERRORS + first.code(),
                first.title(),
                first.decision() == Decision.CONFIRM ? 409 : 422,
                stopping.size() == 1
                        ? first.message()
                        : first.message() + " (In tutto i motivi sono " + stopping.size() + ": vedere rulings.)",
                first.code(),
                first.decision(),
                null,
                stopping.stream()
                        .filter(each -> each.decision() == Decision.CONFIRM)
                        .map(Ruling::code)
                        .distinct()
                        .toList(),
                views,
                errors,
                proposals,
                booking,
                id(messageId));
    }

    /** A refusal by one rule that the hub makes before anything else is asked. */
    static byte[] refusal(String code, String title, String message) {
        return bytes(new BookingProblem(
                ERRORS + code,
                title,
                422,
                message,
                code,
                Decision.REJECT,
                null,
                List.of(),
                List.of(new RulingView(code, Decision.REJECT, "", "", title, message, null)),
                List.of(),
                List.of(),
                null,
                null));
    }

    static byte[] bytes(Object answer) {
        try {
            return JSON.writeValueAsBytes(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer can always be written", e);
        }
    }

    static JsonNode tree(byte[] answer) {
        try {
            return JSON.readTree(answer);
        } catch (IOException e) {
            throw new UncheckedIOException("the stored answer is one that this intake wrote", e);
        }
    }

    private static List<RulingView> views(BookingArrival arrival, List<Ruling> rulings) {
        return Stream.concat(
                        rulings.stream().filter(each -> each.decision().stops()),
                        rulings.stream().filter(each -> !each.decision().stops()))
                .map(each -> RulingView.of(each, arrival))
                .toList();
    }

    private static String place(BookingArrival arrival, String path) {
        return arrival.locations().getOrDefault(path, BookingBody.pointer(path));
    }

    private static Long id(long messageId) {
        return messageId > 0 ? messageId : null;
    }
}
