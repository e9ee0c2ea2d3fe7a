package it.snodo.booking.desk;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CatalogueItem;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** From requests to bookings and back. */
final class Requests {

    private Requests() {}

    /** The request that a booking would have come from. */
    static BookingRequest of(Booking booking, Operation operation) {
        return new BookingRequest(
                operation,
                null,
                booking.code(),
                booking.patient(),
                booking.prescription(),
                lines(booking),
                null,
                null,
                List.of(),
                null,
                null,
                null);
    }

    static List<Line> lines(Booking booking) {
        return booking.lines().stream()
                .map(each -> new Line(
                        each.service(),
                        each.item(),
                        each.description(),
                        each.quantity(),
                        each.side(),
                        each.district(),
                        each.question(),
                        booking.azienda(),
                        null,
                        null))
                .toList();
    }

    /** A move names the new places, and may leave out what the booking says already. */
    static BookingRequest completed(BookingRequest request, Booking standing) {
        if (standing == null || request.operation() != Operation.MOVE) {
            return request;
        }
        List<Line> known = lines(standing);
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < known.size(); i++) {
            Line line = known.get(i);
            Line asked = i < request.lines().size() ? request.lines().get(i) : null;
            if (asked != null && asked.service() != null && !asked.service().equals(line.service())) {
                // another service, or another order: the rules say what is wrong with it
                return request;
            }
            lines.add(new Line(
                    line.service(),
                    asked != null && asked.item() != null ? asked.item() : line.item(),
                    line.description(),
                    line.quantity(),
                    line.side(),
                    line.district(),
                    asked != null && asked.question() != null ? asked.question() : line.question(),
                    asked == null ? null : asked.azienda(),
                    asked == null ? null : asked.slot(),
                    null));
        }
        return request.lines().size() > known.size() ? request : withLines(request, lines);
    }

    /** The request without some of its lines, by their indexes. */
    static BookingRequest without(BookingRequest request, Set<Integer> indexes) {
        return indexes.isEmpty()
                ? request
                : withLines(
                        request,
                        IntStream.range(0, request.lines().size())
                                .filter(index -> !indexes.contains(index))
                                .mapToObj(request.lines()::get)
                                .toList());
    }

    private static BookingRequest withLines(BookingRequest request, List<Line> lines) {
        return new BookingRequest(
                request.operation(),
                request.requester(),
                request.bookingCode(),
                request.patient(),
                request.prescription(),
                lines,
                request.wish(),
                request.identification(),
                request.confirmations(),
                request.replaceExisting(),
                request.movesFrom(),
                request.reason());
    }

    static List<Optional<CatalogueItem>> items(BookingRequest request, BookingCatalogue catalogue, LocalDate day) {
        return request.lines().stream()
                .map(line -> {
                    Optional<CatalogueItem> item =
                            line.item() == null ? Optional.empty() : catalogue.item(line.item(), day);
                    return item.isPresent() || line.service() == null ? item : catalogue.item(line.service(), day);
                })
                .toList();
    }

    /**
     * The place of a line with the azienda in its six digits, as far as they can be known.
     *
     * @param standing the booking that is moved: its azienda holds where none is named; null for a new one
     */
    static Slot place(Line line, BookingRequest request, Booking standing, BookingCatalogue catalogue, LocalDate day) {
        Slot slot = line.slot();
        if (slot == null || slot.start() == null) {
            return null;
        }
        String named = azienda(line, request);
        String azienda = named == null && standing != null ? standing.azienda() : named;
        String code = azienda == null
                ? null
                : catalogue.azienda(azienda, day).map(each -> each.code()).orElse(azienda);
        return new Slot(
                code,
                slot.agenda(),
                slot.start(),
                slot.minutes(),
                slot.structure(),
                slot.place(),
                slot.unit(),
                slot.privateStructure(),
                slot.proposed());
    }

    /** Where a line is to be done, as it came; null when anywhere. */
    static String azienda(Line line, BookingRequest request) {
        if (line.slot() != null && line.slot().azienda() != null) {
            return line.slot().azienda();
        }
        if (line.azienda() != null) {
            return line.azienda();
        }
        return request.wish() == null ? null : request.wish().azienda();
    }

    static List<BookedLine> booked(
            BookingRequest request, List<Slot> slots, List<String> localCodes, List<java.math.BigDecimal> tickets) {
        List<BookedLine> lines = new ArrayList<>();
        for (int i = 0; i < request.lines().size(); i++) {
            Line line = request.lines().get(i);
            lines.add(new BookedLine(
                    line.service(),
                    line.item(),
                    line.description(),
                    localCodes.get(i),
                    line.pieces(),
                    line.side(),
                    slots.get(i),
                    tickets.get(i),
                    line.district(),
                    line.question()));
        }
        return lines;
    }

    /** The same request for places from that day on. */
    static BookingRequest from(BookingRequest request, LocalDate day) {
        Slot.Wish wish = request.wish();
        Slot.Wish later = wish == null
                ? new Slot.Wish(day, null, null, null, null)
                : new Slot.Wish(day, wish.to(), wish.azienda(), wish.structure(), wish.practitioner());
        return new BookingRequest(
                request.operation(),
                request.requester(),
                request.bookingCode(),
                request.patient(),
                request.prescription(),
                request.lines(),
                later,
                request.identification(),
                request.confirmations(),
                request.replaceExisting(),
                request.movesFrom(),
                request.reason());
    }
}
