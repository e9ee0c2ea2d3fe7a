package it.snodo.booking.cup;

import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Note;
import it.snodo.booking.Proposal;
import it.snodo.booking.catalogue.CupAzienda;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What the hub can ask the CUP of an azienda, in whatever profile it speaks. Every call blocks, at most for its deadline. */
public interface CupPort {

    /**
     * The bytes of a command, made once and sent again unchanged, as long as the CUP is spoken to so: it knows it again by the
     * placer number and by the message's id.
     *
     * @param booking as it shall be
     * @param operation BOOK, MOVE, CHANGE, REVOKE or DELETE
     * @param controlId MSH-10, or the request id over FHIR
     */
    byte[] command(CupAzienda azienda, Booking booking, Operation operation, String controlId, String reason);

    /** Whether a command is written as this CUP is spoken to by now: its row may have changed while the command waited. */
    boolean speaks(CupAzienda azienda, byte[] command);

    /** Sends a command and waits for the answer that belongs to it. */
    Reply send(CupAzienda azienda, Operation operation, String controlId, byte[] command, Duration deadline);

    /**
     * Free places at one azienda.
     *
     * @param publicOnly those in accredited private structures are of no use: the CUP is told, and may not listen
     */
    Found find(CupAzienda azienda, AvailabilityQuery query, boolean publicOnly, Duration deadline);

    /**
     * What the CUP said of a command.
     *
     * @param outcome DONE; TAKEN (slot gone: 206, retryable with another slot); REFUSED (business refusal); UNSENT (nothing can
     *     have reached the CUP); UNKNOWN (it may have taken effect: no answer, half an answer, an answer that belongs to
     *     another message)
     * @param fillerCode the CUP's own booking code; null when not said
     * @param localTickets euro of each line by its index; empty when not said
     * @param ticket sum in euro; null when not said
     * @param code what the CUP gave as its code of refusal; null when none
     * @param words the CUP's words, or what happened to the connection, Italian
     * @param raw the answer as it came; null when none
     * @param starts when each line is, by its index, as far as the answer shows it; empty when not said
     * @param waited nanoseconds from handing the message to the connection until the answer was there
     */
    record Reply(
            Outcome outcome,
            String fillerCode,
            Map<Integer, BigDecimal> localTickets,
            BigDecimal ticket,
            List<Note> notes,
            String code,
            String words,
            byte[] raw,
            Map<Integer, OffsetDateTime> starts,
            long waited) {

        public Reply(
                Outcome outcome,
                String fillerCode,
                Map<Integer, BigDecimal> localTickets,
                BigDecimal ticket,
                List<Note> notes,
                String code,
                String words,
                byte[] raw) {
            this(outcome, fillerCode, localTickets, ticket, notes, code, words, raw, Map.of(), 0);
        }

        Reply startingAt(Map<Integer, OffsetDateTime> shown) {
            return new Reply(
                    outcome, fillerCode, localTickets, ticket, notes, code, words, raw, Map.copyOf(shown), waited);
        }

        Reply waited(long nanos) {
            return new Reply(outcome, fillerCode, localTickets, ticket, notes, code, words, raw, starts, nanos);
        }

        private static final Pattern REJECTED = Pattern.compile("(?i)(?:^|[\\r\\n\\x0b])MSA. *(?:AR|CR)\\b");
        /** T0357 of a message that was not looked at, HTTP statuses, and the same as FHIR issue types. */
        private static final Set<String> OF_THE_MESSAGE = Set.of(
                "200",
                "201",
                "202",
                "203",
                "401",
                "403",
                "404",
                "login",
                "security",
                "expired",
                "unknown",
                "forbidden",
                "not-found",
                "not-supported");

        /**
         * Whether the message was rejected (MSA-1 AR or CR, HTTP 401, 403, 404) rather than what it asks: it was perhaps not
         * looked at, and tells nothing of the same message sent before.
         */
        public boolean rejectsMessage() {
            return outcome == Outcome.REFUSED
                    && (code != null && OF_THE_MESSAGE.contains(code)
                            || raw != null
                                    && REJECTED.matcher(new String(raw, StandardCharsets.ISO_8859_1))
                                            .find());
        }

        public enum Outcome {
            DONE,
            TAKEN,
            REFUSED,
            UNSENT,
            UNKNOWN
        }
    }

    /**
     * @param proposals in time order; empty when the CUP has nothing
     * @param failure why there is no answer, Italian; null when there is one
     * @param waited nanoseconds in which the CUP was waited for
     */
    record Found(List<Proposal> proposals, String failure, long waited) {

        public Found(List<Proposal> proposals, String failure) {
            this(proposals, failure, 0);
        }

        Found waited(long nanos) {
            return new Found(proposals, failure, nanos);
        }
    }
}
