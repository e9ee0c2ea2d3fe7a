package it.snodo.booking.desk;

import com.fasterxml.jackson.core.type.TypeReference;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Proposal;
import it.snodo.booking.Ruling;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.messages.MessageState;
import java.util.List;

/** What came of a message, apart from the protocol it is told in. */
record Outcome(Result result, List<Ruling> rulings, List<Fault> faults, List<Proposal> proposals) {

    static Outcome of(Result result, List<Ruling> rulings) {
        return new Outcome(result, rulings, List.of(), List.of());
    }

    static Outcome refused(SnodoCode code, String path, String reason) {
        return new Outcome(Result.REFUSED, List.of(), List.of(Fault.at(code, path, reason)), List.of());
    }

    static Outcome refused(List<Fault> faults) {
        return new Outcome(Result.REFUSED, List.of(), faults, List.of());
    }

    Outcome with(List<Proposal> next) {
        return new Outcome(result, rulings, faults, List.copyOf(next));
    }

    static Result done(Operation operation) {
        return switch (operation) {
            case BOOK -> Result.BOOKED;
            case MOVE -> Result.MOVED;
            case CHANGE -> Result.CHANGED;
            case REVOKE -> Result.REVOKED;
            case DELETE -> Result.DELETED;
            case REPRINT -> Result.REPRINTED;
        };
    }

    BookingAnswer answer(Booking booking, long messageId, java.util.function.Function<Fault, Fault> placed) {
        return new BookingAnswer(
                result,
                booking,
                rulings == null ? List.of() : rulings,
                faults == null ? List.of() : faults.stream().map(placed).toList(),
                proposals == null ? List.of() : proposals,
                messageId,
                false);
    }

    MessageState state() {
        return switch (result) {
            case REFUSED -> MessageState.REFUSED;
            case UNKNOWN -> MessageState.PROCESSING;
            default -> MessageState.BOOKED;
        };
    }

    List<Fault> told() {
        return faults == null ? List.of() : faults;
    }

    String json() {
        return Register.json(this);
    }

    static Outcome read(String json) {
        return Register.read(json, new TypeReference<Outcome>() {});
    }
}
