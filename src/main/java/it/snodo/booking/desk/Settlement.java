package it.snodo.booking.desk;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.Booking.State;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Decision;
import it.snodo.booking.Note;
import it.snodo.booking.Ruling;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.CupPort.Reply;
import it.snodo.booking.desk.Register.Open;
import it.snodo.booking.rules.BookingCase;
import it.snodo.booking.rules.RuleBook;
import it.snodo.booking.rules.Step;
import it.snodo.fault.SnodoCode;
import it.snodo.messages.BookingJournal;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What a CUP's word does to a booking. Whoever brings it, a caller who waits or the recovery: it is done once. */
@Component
class Settlement {

    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    /** Of a booking that was to take the place of another one, whose code is to be put in. */
    static final String NOT_AS_ASKED =
            "Il CUP ha fissato un orario diverso da quello chiesto, e la prenotazione precedente, %s,"
                    + " non è stata revocata: chiedere alla persona quale tenere, e revocare l'altra.";

    private final Register register;
    private final RuleBook rules;
    private final BookingCatalogue catalogue;
    private final BookingJournal journal;
    private final DeskProperties properties;

    Settlement(
            Register register,
            RuleBook rules,
            BookingCatalogue catalogue,
            BookingJournal journal,
            DeskProperties properties) {
        this.register = register;
        this.rules = rules;
        this.catalogue = catalogue;
        this.journal = journal;
        this.properties = properties;
    }

    /** @param outcome of the message that asked for the command; UNKNOWN when it goes on */
    record Settled(Booking booking, Outcome outcome) {}

    /**
     * In a transaction; locks the booking.
     *
     * @param neverOut nothing had gone out before this try
     * @param waiting somebody waits for the answer: what could not be sent may then be refused
     * @return empty when the command had its outcome already
     */
    Optional<Settled> settle(Command command, Reply reply, boolean neverOut, boolean waiting) {
        Booking now = register.lockOf(command).orElseThrow();
        List<Open> open = register.openOf(command.booking());
        if (open.stream().noneMatch(each -> each.id() == command.id())) {
            return Optional.empty();
        }
        Operation next = next(open, command);
        return Optional.of(
                switch (reply.outcome()) {
                    case DONE -> done(command, now, reply, next);
                    case TAKEN, REFUSED ->
                        neverOut || provesNothingHappened(command, now, reply)
                                ? refused(command, now, reply, next)
                                : unknown(command, now, reply);
                    case UNSENT -> neverOut ? unsent(command, now, reply, waiting, next) : unknown(command, now, reply);
                    case UNKNOWN -> unknown(command, now, reply);
                });
    }

    /**
     * What a CUP's yes to a new booking makes of it when nothing has happened to it since it was recorded; nothing is looked
     * at and nothing written. Empty for what is not that simple.
     */
    Optional<Settled> straight(Command command, Reply reply) {
        Booking asked = command.target();
        if (command.operation() != Operation.BOOK
                || reply.outcome() != Reply.Outcome.DONE
                || asked.replaces() != null
                || asked.lines() != placed(asked.lines(), reply)) {
            return Optional.empty();
        }
        return Optional.of(yes(command, standing(asked, with(asked, asked, reply, State.BOOKED))));
    }

    /** The booking as {@code settle_booking} writes it. */
    private static Booking standing(Booking asked, Booking booked) {
        return booked.but()
                .revision(asked.revision() + 1)
                .ticket(BookingCommits.euro(booked.ticket()))
                .pending(null)
                .updated(BookingCommits.now())
                .made();
    }

    private Settled yes(Command command, Booking written) {
        List<Ruling> said = Stream.concat(
                        command.notices().stream(), afterAnswer(command.operation(), written).stream())
                .toList();
        return new Settled(written, Outcome.of(Outcome.done(command.operation()), said));
    }

    /**
     * Of a booking that has gone out before: its place may be held by itself, at a CUP that does not look at our code first,
     * and who is not let in, or sends what is not read, learns nothing of what he sent before.
     */
    private boolean provesNothingHappened(Command command, Booking now, Reply reply) {
        if (command.operation() != Operation.BOOK || isOver(now)) {
            return true;
        }
        return reply.outcome() == Reply.Outcome.TAKEN
                ? catalogue
                        .azienda(command.azienda(), today())
                        .filter(CupAzienda::looksAtPlacerFirst)
                        .isPresent()
                : !reply.rejectsMessage();
    }

    /** @param next what follows on the booking when this command is over */
    private Settled done(Command command, Booking now, Reply reply, Operation next) {
        register.endAndFree(command, Command.State.DONE, reply.code(), reply.words());
        boolean off = command.operation() == Operation.REVOKE || command.operation() == Operation.DELETE;
        if (isOver(now) && !off) {
            // The CUP has cancelled it before its yes to us came through.
            Outcome cancelled = Outcome.refused(
                    SnodoCode.CUP_REFUSED,
                    "",
                    "Il CUP dell'azienda %s ha accettato e poi annullato la prenotazione."
                            .formatted(command.azienda()));
            return new Settled(register.update(withPending(now, next)), cancelled);
        }
        Booking target = command.target();
        Booking then =
                switch (command.operation()) {
                    case BOOK, MOVE -> with(now, placed(target, reply), reply, State.BOOKED);
                    case CHANGE -> with(now, changed(now, target), reply, State.BOOKED);
                    case REVOKE -> with(now, now, reply, State.REVOKED);
                    case DELETE -> with(now, now, reply, State.DELETED);
                    case REPRINT -> now;
                };
        if (command.operation() != Operation.BOOK || then.replaces() == null) {
            return yes(command, register.update(withPending(then, next)));
        }
        String old = then.replaces();
        boolean elsewhere = placed(target.lines(), reply) != target.lines();
        boolean goes = next == Operation.REVOKE || next == Operation.DELETE;
        if (!elsewhere && !goes) {
            Booking written = register.update(withPending(then, next));
            revoke(written, command);
            return yes(command, written);
        }
        // Who gives up his place gives it up for the one that he asked for, and for one that is there to stay.
        String why = elsewhere
                ? NOT_AS_ASKED.formatted(old)
                : "Questa prenotazione viene tolta: la precedente, %s, resta.".formatted(old);
        Booking written = register.update(withPending(keeping(then, why), next));
        Settled yes = yes(command, written);
        Ruling stays =
                new Ruling("SC-065", Decision.WARN, 207, "movesFrom", "La prenotazione precedente resta", why, old);
        List<Ruling> said = Stream.concat(yes.outcome().rulings().stream(), Stream.of(stays))
                .toList();
        return new Settled(written, Outcome.of(Outcome.done(command.operation()), said));
    }

    /** A booking that takes the place of no other any more, and says so. */
    static Booking keeping(Booking of, String why) {
        List<Note> notes = new ArrayList<>(of.notes());
        notes.add(new Note(Note.Kind.OPERATOR, null, why, null));
        return of.but().notes(notes).replaces(null).made();
    }

    /**
     * Where the CUP shows a time that nobody asked for, the booking is at that time: it keeps the agendas. Who books is told by
     * the answer, and by a note.
     */
    private static Booking placed(Booking asked, Reply reply) {
        List<BookedLine> lines = placed(asked.lines(), reply);
        if (lines == asked.lines()) {
            return asked;
        }
        List<Note> notes = new ArrayList<>(asked.notes());
        notes.add(new Note(
                Note.Kind.OPERATOR,
                null,
                "Il CUP ha fissato un orario diverso da quello chiesto: avvisare la persona.",
                null));
        return asked.but().lines(lines).notes(notes).made();
    }

    /** @return the same list when every time that is shown was asked for */
    private static List<BookedLine> placed(List<BookedLine> asked, Reply reply) {
        List<BookedLine> lines = null;
        for (Map.Entry<Integer, OffsetDateTime> shown : reply.starts().entrySet()) {
            int at = shown.getKey();
            boolean wanted = asked.stream()
                    .map(BookedLine::slot)
                    .anyMatch(each ->
                            each == null || each.start() == null || each.start().isEqual(shown.getValue()));
            if (!wanted && at < asked.size()) {
                lines = lines == null ? new ArrayList<>(asked) : lines;
                BookedLine line = asked.get(at);
                lines.set(at, line.at(line.slot().at(shown.getValue())));
            }
        }
        return lines == null ? asked : lines;
    }

    static boolean isOver(Booking now) {
        return now.state() == State.REVOKED || now.state() == State.DELETED || now.state() == State.NO_SHOW;
    }

    /** The second step of a saga: in the same commit in which the new booking stands, the old one's revoke is ordered. */
    private void revoke(Booking standing, Command cause) {
        Booking old = register.lock(standing.replaces()).orElse(null);
        if (old == null || old.state() != State.BOOKED && old.state() != State.UNKNOWN) {
            return;
        }
        Register.CommandId id = register.newCommandId();
        register.insert(
                new Command(
                        id.number(),
                        old.code(),
                        cause.messageId(),
                        Operation.REVOKE,
                        old.azienda(),
                        id.controlId(),
                        null,
                        Command.State.WAITING,
                        old,
                        List.of(),
                        "Sostituita dalla prenotazione " + standing.code(),
                        standing.code(),
                        0,
                        Instant.now(),
                        false),
                null,
                Duration.ZERO);
        if (old.pending() == null) {
            register.update(withPending(old, Operation.REVOKE));
        }
    }

    /**
     * A booking that is gone, or is not where it was asked for, replaces nothing: a revoke in its favour that has not gone
     * out yet is not wanted any more.
     *
     * @param why of the revoke's end, Italian
     * @return whether there was such a revoke
     */
    boolean keepReplaced(Booking gone, String why) {
        Booking old =
                gone.replaces() == null ? null : register.lock(gone.replaces()).orElse(null);
        if (old == null) {
            return false;
        }
        boolean kept = false;
        for (Command each : register.open(old.code())) {
            if (each.state() == Command.State.WAITING && gone.code().equals(each.inFavourOf())) {
                register.end(each.id(), Command.State.CLOSED, null, why);
                kept = true;
                journal.steps(
                        each.messageId(),
                        List.of(new BookingJournal.Step(
                                "CUP " + each.operation(),
                                Instant.now(),
                                "CLOSED",
                                old.code() + ": non si revoca, " + why)));
                old = register.update(withPending(old, next(register.openOf(old.code()), each)));
            }
        }
        return kept;
    }

    /** What a change asks for, on the booking as it is now: the CUP may have moved it since. */
    static Booking changed(Booking now, Booking target) {
        List<BookedLine> lines = new ArrayList<>();
        for (int i = 0; i < target.lines().size(); i++) {
            BookedLine line = target.lines().get(i);
            lines.add(
                    i >= now.lines().size() ? line : line.at(now.lines().get(i).slot()));
        }
        return now.but()
                .patient(target.patient())
                .prescription(target.prescription())
                .lines(lines)
                .made();
    }

    private Settled refused(Command command, Booking now, Reply reply, Operation next) {
        boolean taken = reply.outcome() == Reply.Outcome.TAKEN;
        String words = words(reply, taken ? "il posto non è più libero" : "nessun motivo indicato");
        boolean off = command.operation() == Operation.REVOKE || command.operation() == Operation.DELETE;
        if (isOver(now) && now.state() != State.NO_SHOW && off) {
            // What was to be taken back, the CUP has taken back by itself.
            register.end(command.id(), Command.State.DONE, reply.code(), words);
            return new Settled(
                    register.update(withPending(now, next)),
                    Outcome.of(Outcome.done(command.operation()), command.notices()));
        }
        register.endAndFree(command, Command.State.REFUSED, taken ? "206" : reply.code(), words);
        Outcome outcome = taken
                ? Outcome.refused(
                        SnodoCode.SLOT_TAKEN,
                        "",
                        "Il posto chiesto è stato preso da altri. Il CUP risponde: «%s».".formatted(words))
                : Outcome.refused(
                        SnodoCode.CUP_REFUSED,
                        "",
                        "Il CUP dell'azienda %s ha rifiutato%s: %s."
                                .formatted(
                                        command.azienda(),
                                        reply.code() == null ? "" : " (" + reply.code() + ")",
                                        words));
        return new Settled(notDone(command, now, next), outcome);
    }

    /** Nothing reached the CUP. A booking, a move or a change is off, and the caller free to do something else. */
    private Settled unsent(Command command, Booking now, Reply reply, boolean waiting, Operation next) {
        boolean mustHappen = command.operation() == Operation.REVOKE || command.operation() == Operation.DELETE;
        if (mustHappen || !waiting) {
            register.again(command.id(), Command.State.WAITING, reply.words(), backOff(command.attempts()));
            Booking written = now.pending() == null ? register.update(withPending(now, command.operation())) : now;
            return new Settled(written, Outcome.of(Result.UNKNOWN, command.notices()));
        }
        String words = words(reply, "nessun collegamento");
        register.endAndFree(command, Command.State.REFUSED, null, words);
        Outcome outcome = Outcome.refused(
                SnodoCode.CUP_UNREACHABLE,
                "",
                "Il CUP dell'azienda %s non è raggiungibile (%s): %s."
                        .formatted(
                                command.azienda(),
                                words,
                                command.operation() == Operation.BOOK
                                        ? "niente è stato prenotato"
                                        : "la prenotazione resta com'era"));
        return new Settled(notDone(command, now, next), outcome);
    }

    private Settled unknown(Command command, Booking now, Reply reply) {
        register.again(command.id(), Command.State.UNKNOWN, reply.words(), backOff(command.attempts()));
        return new Settled(now, Outcome.of(Result.UNKNOWN, command.notices()));
    }

    /** The booking when a command had no effect. What was to be done with a booking that never came about is done with it. */
    private Booking notDone(Command command, Booking now, Operation next) {
        if (command.operation() != Operation.BOOK) {
            return register.update(withPending(now, next));
        }
        for (Command behind : register.open(command.booking())) {
            if (behind.id() != command.id()) {
                register.end(behind.id(), Command.State.DONE, null, "la prenotazione non ha mai avuto effetto");
                if (behind.inFavourOf() == null) {
                    tell(behind, Outcome.of(Outcome.done(behind.operation()), behind.notices()), "niente da fare");
                }
            }
        }
        return register.update(withPending(isOver(now) ? now : withState(now, State.REFUSED), null));
    }

    /** Keeps what came of a command whose caller waits no more. */
    void tell(Command command, Outcome outcome, String words) {
        BookingJournal.Step step = new BookingJournal.Step(
                "CUP " + command.operation(),
                Instant.now(),
                outcome.result() == Result.REFUSED ? "REFUSED" : "OK",
                command.booking() + ": " + words);
        if (command.inFavourOf() != null) {
            journal.steps(command.messageId(), List.of(step));
            if (command.givenUp() && outcome.result() != Result.REFUSED) {
                journal.wellAfterAll(command.messageId());
            }
        } else {
            journal.outcome(command.messageId(), outcome.json(), outcome.state(), outcome.told(), step);
        }
    }

    /** Doubles with each try, and is a little different each time, so that not all come back at once. */
    Duration backOff(int attempts) {
        long longest = properties.longestBackOff().toMillis();
        long first = properties.firstBackOff().toMillis();
        long wait = Math.min(longest, first << Math.min(20, Math.max(0, attempts - 1)));
        return Duration.ofMillis(
                wait <= 1 ? wait : wait / 2 + ThreadLocalRandom.current().nextLong(wait / 2 + 1));
    }

    private List<Ruling> afterAnswer(Operation operation, Booking answered) {
        if (operation != Operation.BOOK && operation != Operation.MOVE) {
            return List.of();
        }
        ZonedDateTime now = ZonedDateTime.now(Register.ROME);
        BookingRequest request = Requests.of(answered, operation);
        BookingCase given = new BookingCase(
                request,
                List.of(),
                now,
                Requests.items(request, catalogue, now.toLocalDate()),
                answered.lines().stream().map(BookedLine::slot).toList(),
                null,
                List.of(),
                answered);
        try {
            return rules.judge(given, Step.Phase.AFTER_ANSWER).notices();
        } catch (RuntimeException e) {
            // What the CUP has done is done, whatever a rule of ours makes of its words.
            LOG.error("A rule failed upon the answer for {}", answered.code(), e);
            return List.of();
        }
    }

    private Booking with(Booking now, Booking target, Reply reply, State state) {
        Map<Integer, BigDecimal> tickets = reply.localTickets() == null ? Map.of() : reply.localTickets();
        List<BookedLine> lines = new ArrayList<>();
        for (int i = 0; i < target.lines().size(); i++) {
            BookedLine line = target.lines().get(i);
            BigDecimal ticket = tickets.get(i);
            lines.add(ticket == null ? line : line.costing(ticket));
        }
        List<Note> said = reply.notes() == null ? List.of() : reply.notes();
        return now.but()
                .state(state)
                .fillerCode(reply.fillerCode() != null ? reply.fillerCode() : now.fillerCode())
                .patient(target.patient())
                .prescription(target.prescription())
                .lines(lines)
                .ticket(reply.ticket() != null ? reply.ticket() : target.ticket())
                .notes(Stream.concat(target.notes().stream(), said.stream())
                        .distinct()
                        .toList())
                .made();
    }

    /** What comes next on a booking, when this command is over; null when nothing does. */
    private static Operation next(List<Open> open, Command over) {
        return open.stream()
                .filter(each -> each.id() != over.id())
                .map(Open::operation)
                .findFirst()
                .orElse(null);
    }

    static Booking withPending(Booking of, Operation pending) {
        return Objects.equals(of.pending(), pending)
                ? of
                : of.but().pending(pending).made();
    }

    static Booking withState(Booking of, State state) {
        return of.but().state(state).made();
    }

    private static String words(Reply reply, String otherwise) {
        return reply.words() == null || reply.words().isBlank()
                ? otherwise
                : reply.words().strip().replaceFirst("[.]$", "");
    }

    static LocalDate today() {
        return LocalDate.now(Register.ROME);
    }
}
