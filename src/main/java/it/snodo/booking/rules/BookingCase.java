package it.snodo.booking.rules;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.Slot;
import it.snodo.booking.Unreadable;
import it.snodo.booking.catalogue.CatalogueItem;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/**
 * All that a rule may look at; rules ask nobody else.
 *
 * @param request as it came
 * @param unreadable fields that came with no value of their type
 * @param now in Europe/Rome; its date is "today"
 * @param items the catalogue's entry of each line, in their order; empty where the catalogue has none
 * @param slots the slot of each line, in their order; null where there is none yet
 * @param standing the booking that is moved, changed, revoked, deleted or printed; null for a new one, or when there is none
 * @param earlier other open bookings of the same person, by the register
 * @param answered the booking as the CUP has confirmed it; null before {@link Step.Phase#AFTER_ANSWER}
 * @param alike persons of the register with the same identifier, or with the same surname, name and birth date (R43)
 */
public record BookingCase(
        BookingRequest request,
        List<Unreadable> unreadable,
        ZonedDateTime now,
        List<Optional<CatalogueItem>> items,
        List<Slot> slots,
        Booking standing,
        List<Booking.Earlier> earlier,
        Booking answered,
        List<BookingRequest.Patient> alike) {

    public BookingCase {
        unreadable = unreadable == null ? List.of() : unreadable;
        items = items == null ? List.of() : items;
        slots = slots == null ? List.of() : slots;
        earlier = earlier == null ? List.of() : earlier;
        alike = alike == null ? List.of() : alike;
    }

    /** When nobody has looked for persons who are alike. */
    public BookingCase(
            BookingRequest request,
            List<Unreadable> unreadable,
            ZonedDateTime now,
            List<Optional<CatalogueItem>> items,
            List<Slot> slots,
            Booking standing,
            List<Booking.Earlier> earlier,
            Booking answered) {
        this(request, unreadable, now, items, slots, standing, earlier, answered, List.of());
    }

    LocalDate today() {
        return now.toLocalDate();
    }

    boolean isNew() {
        return request.operation() == BookingRequest.Operation.BOOK;
    }

    /** Whether the caller has confirmed that code; codes are kept in capitals, and some of ours have a small letter. */
    boolean confirmed(String code) {
        return request.confirmations().stream().anyMatch(code::equalsIgnoreCase);
    }

    boolean isUnreadable(String path) {
        return unreadable.stream().anyMatch(each -> each.path().equals(path));
    }
}
