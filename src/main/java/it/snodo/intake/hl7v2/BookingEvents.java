package it.snodo.intake.hl7v2;

import it.snodo.booking.BookingNotice.Event;
import it.snodo.booking.BookingRequest.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Messages of chapter 10 (scheduling), and which of their events the hub takes. */
final class BookingEvents {

    /** What answers a message: a request is answered by its decision, a notice by a plain acknowledgement. */
    enum Reply {
        SRR("SRR_S01"),
        SQR("SQR_S25"),
        ACK("ACK");

        private final String structure;

        Reply(String structure) {
            this.structure = structure;
        }

        String structure() {
            return structure;
        }
    }

    static final Map<String, Operation> REQUESTS = Map.of(
            "S01", Operation.BOOK,
            "S02", Operation.MOVE,
            "S03", Operation.CHANGE,
            "S04", Operation.REVOKE,
            "S06", Operation.DELETE);

    static final Map<String, Event> NOTICES = Map.of(
            "S12", Event.BOOKED,
            "S13", Event.MOVED,
            "S14", Event.CHANGED,
            "S15", Event.CANCELLED,
            "S16", Event.CANCELLED,
            "S17", Event.DELETED,
            "S26", Event.NO_SHOW);

    /** Events that a request has in the standard, taken or not. */
    private static final List<String> REQUESTED =
            List.of("S01", "S02", "S03", "S04", "S05", "S06", "S07", "S08", "S09", "S10", "S11");

    private BookingEvents() {}

    static boolean isBooking(String type) {
        return type.equals("SRM") || type.equals("SQM") || type.equals("SIU");
    }

    static Reply reply(Header header) {
        if (header.type().equals("SRM") && REQUESTED.contains(header.event())) {
            return Reply.SRR;
        }
        return header.type().equals("SQM") && header.event().equals("S25") ? Reply.SQR : Reply.ACK;
    }

    /** What the sender reads whose event is not taken; empty when it is. */
    static Optional<String> refusal(String type, String event) {
        boolean taken =
                switch (type) {
                    case "SRM" -> REQUESTS.containsKey(event);
                    case "SQM" -> event.equals("S25");
                    default -> NOTICES.containsKey(event);
                };
        if (taken) {
            return Optional.empty();
        }
        return Optional.of(
                switch (type) {
                    case "SRM" -> "per SRM l'hub accetta S01, S02, S03, S04 e S06.";
                    case "SQM" -> "per SQM l'hub accetta S25.";
                    default -> "per SIU l'hub accetta da S12 a S17 e S26.";
                });
    }
}
