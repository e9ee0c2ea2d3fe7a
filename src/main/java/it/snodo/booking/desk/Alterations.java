package it.snodo.booking.desk;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.Booking.State;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Ruling;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.desk.BookingDesk.Answered;
import it.snodo.booking.desk.Conversation.Spoken;
import it.snodo.booking.rules.BookingCase;
import it.snodo.booking.rules.InEffect;
import it.snodo.booking.rules.RuleBook;
import it.snodo.booking.rules.RuleBook.Judgement;
import it.snodo.booking.rules.Step;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.messages.BookingJournal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** What is asked of a booking that is there. */
@Component("bookingAlterations")
class Alterations {

    private static final int ROUNDS = 5;

    private final Register register;
    private final RuleBook rules;
    private final InEffect inEffect;
    private final BookingCatalogue catalogue;
    private final BookingJournal journal;
    private final NewBookings places;
    private final Conversation conversation;
    private final Transactions transactions;

    Alterations(
            Register register,
            RuleBook rules,
            InEffect inEffect,
            BookingCatalogue catalogue,
            BookingJournal journal,
            NewBookings places,
            Conversation conversation,
            Transactions transactions) {
        this.register = register;
        this.rules = rules;
        this.inEffect = inEffect;
        this.catalogue = catalogue;
        this.journal = journal;
        this.places = places;
        this.conversation = conversation;
        this.transactions = transactions;
    }

    /** @return empty when the answer is to be asked for as a repetition does */
    Optional<Answered> alter(Work work, BookingRequest given) {
        for (int round = 1; ; round++) {
            Booking standing = register.find(code(given)).orElse(null);
            BookingRequest request = Requests.completed(given, standing);
            BookingCase asked = asCase(work, request, standing);
            Judgement before = judge(work, asked);
            Outcome refusal = refusal(work, request, standing, before);
            if (refusal != null) {
                // Who was refused by the rules, or asks for what is not there, is told nothing of the booking (R80).
                boolean known = !before.stops() && standing != null;
                return Optional.of(conversation.end(work, refusal, known ? standing : null));
            }
            if (request.operation() == Operation.REPRINT) {
                return Optional.of(conversation.end(work, Outcome.of(Result.REPRINTED, before.notices()), standing));
            }
            if (request.operation() == Operation.MOVE) {
                return places.move(work, request, standing, before.notices());
            }
            boolean last = round == ROUNDS;
            // with what the rules set by themselves, as in a new booking (R74: no code that does not exist)
            BookingRequest effective = inEffect.of(asked);
            Recorded recorded = transactions.in(() -> record(work, effective, standing, before.notices()));
            if (recorded.answer() != null) {
                return Optional.of(recorded.answer());
            }
            if (recorded.command() != null) {
                Spoken spoken = conversation.send(recorded.command(), work);
                return conversation.settle(work, recorded.command(), spoken, List.of());
            }
            if (last || work.arrival.ifMatch() != null) {
                return Optional.of(conversation.end(work, changed(standing), standing));
            }
        }
    }

    /**
     * @param command to be sent now; null when it waits, or when the booking has changed
     * @param answer when it waits behind another command
     */
    private record Recorded(Command command, Answered answer) {}

    private Recorded record(Work work, BookingRequest request, Booking standing, List<Ruling> notices) {
        Booking now = register.lock(standing.code()).orElseThrow();
        if (now.revision() != standing.revision()) {
            return new Recorded(null, null);
        }
        boolean waits = !register.open(now.code()).isEmpty();
        if (!journal.attach(work.messageId, work.owner, now.code())) {
            throw new TakenOver(work.messageId);
        }
        Booking written = waits ? now : register.update(Settlement.withPending(now, request.operation()));
        Booking target = target(written, request).askedBy(request.requester());
        CupAzienda azienda =
                catalogue.azienda(now.azienda(), Settlement.today()).orElse(null);
        Register.CommandId id = register.newCommandId();
        boolean sendNow = !waits && azienda != null;
        Command command = new Command(
                id.number(),
                now.code(),
                work.messageId,
                request.operation(),
                now.azienda(),
                id.controlId(),
                sendNow
                        ? conversation.bytes(azienda, target, request.operation(), id.controlId(), request.reason())
                        : null,
                sendNow ? Command.State.SENT : Command.State.WAITING,
                target,
                notices,
                request.reason(),
                null,
                sendNow ? 1 : 0,
                Instant.now(),
                false);
        register.insert(command, sendNow ? conversation.owner : null, sendNow ? conversation.lease() : Duration.ZERO);
        if (sendNow) {
            return new Recorded(command, null);
        }
        work.step("attesa", "WAITING", "un'operazione precedente sulla prenotazione non è ancora conclusa");
        return new Recorded(
                null, conversation.notYet(work, written, Outcome.of(Result.UNKNOWN, notices), List.copyOf(work.steps)));
    }

    private BookingCase asCase(Work work, BookingRequest request, Booking standing) {
        ZonedDateTime now = ZonedDateTime.now(Register.ROME);
        List<Slot> slots = new ArrayList<>();
        for (Line line : request.lines()) {
            slots.add(Requests.place(line, request, standing, catalogue, now.toLocalDate()));
        }
        return new BookingCase(
                request,
                work.arrival.unreadable(),
                now,
                Requests.items(request, catalogue, now.toLocalDate()),
                slots,
                standing,
                standing == null ? List.of() : register.known(standing).earlier(),
                null);
    }

    private Judgement judge(Work work, BookingCase given) {
        Judgement said = rules.judge(given, Step.Phase.BEFORE_SLOT);
        work.step(
                "regole",
                said.stops() ? "REFUSED" : "OK",
                said.rulings().stream().map(Ruling::code).distinct().collect(Collectors.joining(" ")));
        return said;
    }

    private Outcome refusal(Work work, BookingRequest request, Booking standing, Judgement before) {
        List<Fault> unclaimed = Conversation.unclaimed(
                work.arrival, before.rulings().stream().map(Ruling::path).collect(Collectors.toSet()));
        if (before.stops() || !unclaimed.isEmpty()) {
            return new Outcome(Result.REFUSED, before.rulings(), unclaimed, List.of());
        }
        if (standing == null) {
            return code(request) == null
                    ? Outcome.refused(
                            SnodoCode.FIELD_MISSING, "bookingCode", "Manca il codice della richiesta di prenotazione.")
                    : Outcome.refused(
                            SnodoCode.BOOKING_UNKNOWN,
                            "bookingCode",
                            "Nessuna prenotazione con codice «%s».".formatted(code(request)));
        }
        Long seen = work.arrival.ifMatch();
        if (seen != null && seen != standing.revision()) {
            return changed(standing);
        }
        return notAllowed(request.operation(), standing);
    }

    /** The state machine: what may be asked of a booking where it stands. */
    static Outcome notAllowed(Operation operation, Booking standing) {
        boolean off = operation == Operation.REVOKE || operation == Operation.DELETE;
        return switch (standing.state()) {
            case BOOKED -> {
                boolean goesAlready = standing.pending() == Operation.REVOKE || standing.pending() == Operation.DELETE;
                yield standing.pending() == null
                                || off && !goesAlready
                                || operation == Operation.REPRINT && !goesAlready
                        ? null
                        : busy(standing);
            }
            case REQUESTED, UNKNOWN -> off && !goes(standing) ? null : busy(standing);
            case REFUSED, REVOKED, DELETED, NO_SHOW ->
                Outcome.refused(
                        SnodoCode.BOOKING_ENDED,
                        "bookingCode",
                        "La prenotazione %s è %s.".formatted(standing.code(), word(standing.state())));
        };
    }

    private static boolean goes(Booking standing) {
        return standing.pending() == Operation.REVOKE || standing.pending() == Operation.DELETE;
    }

    private static Outcome busy(Booking standing) {
        return Outcome.refused(
                SnodoCode.BOOKING_BUSY,
                "bookingCode",
                "Sulla prenotazione %s è in corso un'operazione che il CUP non ha ancora confermato."
                        .formatted(standing.code()));
    }

    private static Outcome changed(Booking standing) {
        return Outcome.refused(
                SnodoCode.BOOKING_CHANGED,
                "bookingCode",
                "La prenotazione %s è alla revisione %d.".formatted(standing.code(), standing.revision()));
    }

    static String word(State state) {
        return switch (state) {
            case REQUESTED -> "in corso di registrazione";
            case UNKNOWN -> "in attesa di conferma del CUP";
            case BOOKED -> "prenotata";
            case REFUSED -> "rifiutata";
            case REVOKED -> "revocata";
            case DELETED -> "cancellata";
            case NO_SHOW -> "chiusa per mancata presentazione";
        };
    }

    /** Where the caller names the booking: in its own place, or among what identifies it. */
    private static String code(BookingRequest request) {
        return request.bookingCode() != null || request.identification() == null
                ? request.bookingCode()
                : request.identification().bookingCode();
    }

    private static Booking target(Booking now, BookingRequest request) {
        if (request.operation() != Operation.CHANGE) {
            return now;
        }
        List<BookedLine> lines = new ArrayList<>(now.lines());
        for (int i = 0; i < lines.size() && i < request.lines().size(); i++) {
            BookedLine line = lines.get(i);
            Line asked = request.lines().get(i);
            if (asked.service() == null || asked.service().equals(line.service())) {
                lines.set(
                        i,
                        new BookedLine(
                                line.service(),
                                asked.item() != null ? asked.item() : line.item(),
                                asked.description() != null ? asked.description() : line.description(),
                                line.localCode(),
                                asked.quantity() != null ? asked.quantity() : line.quantity(),
                                asked.side() != null ? asked.side() : line.side(),
                                line.slot(),
                                line.ticket(),
                                asked.district() != null ? asked.district() : line.district(),
                                asked.question() != null ? asked.question() : line.question()));
            }
        }
        return now.but()
                .patient(request.patient() == null ? now.patient() : request.patient())
                .prescription(request.prescription() == null ? now.prescription() : request.prescription())
                .lines(lines)
                .made();
    }
}
