package it.snodo.booking;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * A booking as the register holds it.
 *
 * @param code "codice della richiesta": {@code SC}, four digits of the year, six or more of a progressive number
 * @param revision counts every change; the ETag
 * @param state where it stands
 * @param azienda six digits
 * @param fillerCode the CUP's own code; null until it has answered
 * @param patient as it was asked for
 * @param prescription as it was asked for
 * @param lines services with their slots and amounts
 * @param ticket sum that is due, as the CUP says it (R69); null when it did not
 * @param notes the three kinds (R84)
 * @param pending operation that the CUP has not confirmed yet; null when none
 * @param replaces code of the booking that is revoked because of this one; null when none
 * @param origin SOVRACUP, or LOCAL for one that a CUP told of (R63, R88)
 * @param requester who asks the CUP for what is under way: only in what is sent to it; null in the register
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Booking(
        String code,
        long revision,
        State state,
        String azienda,
        String fillerCode,
        BookingRequest.Patient patient,
        BookingRequest.Prescription prescription,
        List<BookedLine> lines,
        BigDecimal ticket,
        List<Note> notes,
        BookingRequest.Operation pending,
        String replaces,
        String origin,
        Instant created,
        Instant updated,
        BookingRequest.Requester requester) {

    public Booking {
        lines = List.copyOf(lines);
        notes = notes == null ? List.of() : List.copyOf(notes);
    }

    /** As the register holds it. */
    public Booking(
            String code,
            long revision,
            State state,
            String azienda,
            String fillerCode,
            BookingRequest.Patient patient,
            BookingRequest.Prescription prescription,
            List<BookedLine> lines,
            BigDecimal ticket,
            List<Note> notes,
            BookingRequest.Operation pending,
            String replaces,
            String origin,
            Instant created,
            Instant updated) {
        this(
                code,
                revision,
                state,
                azienda,
                fillerCode,
                patient,
                prescription,
                lines,
                ticket,
                notes,
                pending,
                replaces,
                origin,
                created,
                updated,
                null);
    }

    /** The same as the register holds it, but for what is said of the copy. */
    public Copy but() {
        return new Copy(this);
    }

    /** The same, as it is sent to a CUP for somebody. */
    public Booking askedBy(BookingRequest.Requester who) {
        return new Copy(this).askedBy(who).made();
    }

    /** The day and hour that come first. */
    public Slot firstSlot() {
        return lines.stream()
                .map(BookedLine::slot)
                .filter(slot -> slot != null && slot.start() != null)
                .min(java.util.Comparator.comparing(Slot::start))
                .orElse(null);
    }

    /** A booking on its way to be another: code and origin stay for ever. */
    public static final class Copy {

        private final Booking of;
        private long revision;
        private State state;
        private String azienda;
        private String fillerCode;
        private BookingRequest.Patient patient;
        private BookingRequest.Prescription prescription;
        private List<BookedLine> lines;
        private BigDecimal ticket;
        private List<Note> notes;
        private BookingRequest.Operation pending;
        private String replaces;
        private Instant created;
        private Instant updated;
        /** The register does not hold it. */
        private BookingRequest.Requester requester;

        private Copy(Booking of) {
            this.of = of;
            this.revision = of.revision;
            this.state = of.state;
            this.azienda = of.azienda;
            this.fillerCode = of.fillerCode;
            this.patient = of.patient;
            this.prescription = of.prescription;
            this.lines = of.lines;
            this.ticket = of.ticket;
            this.notes = of.notes;
            this.pending = of.pending;
            this.replaces = of.replaces;
            this.created = of.created;
            this.updated = of.updated;
        }

        public Copy revision(long other) {
            this.revision = other;
            return this;
        }

        public Copy state(State other) {
            this.state = other;
            return this;
        }

        public Copy azienda(String other) {
            this.azienda = other;
            return this;
        }

        public Copy fillerCode(String other) {
            this.fillerCode = other;
            return this;
        }

        public Copy patient(BookingRequest.Patient other) {
            this.patient = other;
            return this;
        }

        public Copy prescription(BookingRequest.Prescription other) {
            this.prescription = other;
            return this;
        }

        public Copy lines(List<BookedLine> other) {
            this.lines = other;
            return this;
        }

        public Copy ticket(BigDecimal other) {
            this.ticket = other;
            return this;
        }

        public Copy notes(List<Note> other) {
            this.notes = other;
            return this;
        }

        public Copy pending(BookingRequest.Operation other) {
            this.pending = other;
            return this;
        }

        public Copy replaces(String other) {
            this.replaces = other;
            return this;
        }

        public Copy created(Instant other) {
            this.created = other;
            return this;
        }

        public Copy updated(Instant other) {
            this.updated = other;
            return this;
        }

        private Copy askedBy(BookingRequest.Requester who) {
            this.requester = who;
            return this;
        }

        public Booking made() {
            return new Booking(
                    of.code,
                    revision,
                    state,
                    azienda,
                    fillerCode,
                    patient,
                    prescription,
                    lines,
                    ticket,
                    notes,
                    pending,
                    replaces,
                    of.origin,
                    created,
                    updated,
                    requester);
        }
    }

    /** Where a booking stands. */
    public enum State {
        /** Recorded; nothing has been sent to the CUP. */
        REQUESTED,
        /** Sent, and the CUP has not answered: neither booked nor refused. */
        UNKNOWN,
        BOOKED,
        /** The CUP or the hub has refused it; it never took effect. */
        REFUSED,
        REVOKED,
        /** Booked by mistake, and taken back. */
        DELETED,
        NO_SHOW
    }

    /**
     * @param localCode the CUP's own code of the service
     * @param ticket euro; null when not said
     * @param district body district; null when not said
     * @param question diagnostic question of this service; null when not said
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record BookedLine(
            String service,
            String item,
            String description,
            String localCode,
            int quantity,
            String side,
            Slot slot,
            BigDecimal ticket,
            String district,
            String question) {

        /** The same service in another place or at another time. */
        public BookedLine at(Slot other) {
            return new BookedLine(
                    service, item, description, localCode, quantity, side, other, ticket, district, question);
        }

        /** The same at what the CUP says that it costs. */
        public BookedLine costing(BigDecimal euro) {
            return new BookedLine(
                    service, item, description, localCode, quantity, side, slot, euro, district, question);
        }

        /** One that has neither district nor question of its own. */
        public BookedLine(
                String service,
                String item,
                String description,
                String localCode,
                int quantity,
                String side,
                Slot slot,
                BigDecimal ticket) {
            this(service, item, description, localCode, quantity, side, slot, ticket, null, null);
        }
    }

    /**
     * What the rules about duplicates need of another booking of the same person (R30, R39, R40).
     *
     * @param prescription its number; null when it has none
     * @param origin SOVRACUP or LOCAL (R88); null means SOVRACUP
     */
    public record Earlier(
            String code,
            State state,
            String azienda,
            String prescription,
            LocalDate booked,
            List<BookedLine> lines,
            String origin) {

        /** One that was made through SovraCup. */
        public Earlier(
                String code,
                State state,
                String azienda,
                String prescription,
                LocalDate booked,
                List<BookedLine> lines) {
            this(code, state, azienda, prescription, booked, lines, "SOVRACUP");
        }
    }
}
