package it.snodo.http;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingReply;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.desk.BookingDesk;
import it.snodo.intake.BookingArrival;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Stands for the desk: says what a test tells it to say, once for each sender and control id. */
public final class PlayedDesk implements BookingDesk {

    public final Map<String, Booking> bookings = new ConcurrentHashMap<>();
    public final Queue<BookingArrival> arrivals = new ConcurrentLinkedQueue<>();
    public volatile Function<BookingArrival, BookingReply> play = PlayedDesk::booked;

    private final Map<String, Answered> journal = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong(100);

    @Override
    public Answered handle(BookingArrival arrival) {
        String key = arrival.sender() + " " + arrival.controlId();
        Answered known = journal.get(key);
        if (known != null) {
            return new Answered(known.answer(), null, known.messageId(), true);
        }
        arrivals.add(arrival);
        BookingReply reply = play.apply(arrival);
        if (reply instanceof BookingAnswer answer && answer.booking() != null) {
            bookings.put(answer.booking().code(), answer.booking());
        }
        Answered answered = new Answered(arrival.writer().write(arrival, reply), reply, ids.incrementAndGet(), false);
        journal.put(key, answered);
        return answered;
    }

    @Override
    public Optional<Booking> find(String code) {
        return Optional.ofNullable(bookings.get(code));
    }

    @Override
    public List<Booking> ofPerson(String identifier) {
        return bookings.values().stream()
                .filter(each -> each.patient() != null
                        && identifier.equals(each.patient().fiscalCode()))
                .toList();
    }

    /** The last message that came. */
    public BookingArrival last() {
        return arrivals.stream().reduce((a, b) -> b).orElseThrow();
    }

    public static BookingAnswer booked(BookingArrival arrival) {
        return done(arrival, BookingAnswer.Result.BOOKED, Booking.State.BOOKED);
    }

    /** A booking as it was asked for. */
    public static BookingAnswer done(BookingArrival arrival, BookingAnswer.Result result, Booking.State state) {
        BookingRequest asked = (BookingRequest) arrival.ask();
        List<Booking.BookedLine> lines = asked.lines().stream()
                .map(line -> new Booking.BookedLine(
                        line.service(),
                        line.item(),
                        line.description(),
                        null,
                        line.pieces(),
                        line.side(),
                        line.slot(),
                        null))
                .toList();
        Booking booking = new Booking(
                asked.bookingCode() == null ? "SC2026000123" : asked.bookingCode(),
                3,
                state,
                "010301",
                "CUP301-884512",
                asked.patient(),
                asked.prescription(),
                lines,
                new java.math.BigDecimal("36.15"),
                List.of(new it.snodo.booking.Note(
                        it.snodo.booking.Note.Kind.PATIENT, null, "Portare gli esami precedenti", null)),
                null,
                null,
                "SOVRACUP",
                Instant.parse("2026-11-22T10:00:00Z"),
                Instant.parse("2026-11-22T10:00:01Z"));
        return new BookingAnswer(result, booking, List.of(), List.of(), List.of(), 7, false);
    }
}
