package it.snodo.booking.desk;

import it.snodo.booking.Booking;
import it.snodo.booking.Booking.BookedLine;
import it.snodo.booking.Booking.State;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingNotice;
import it.snodo.booking.BookingNotice.Event;
import it.snodo.booking.BookingRequest.Line;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Note;
import it.snodo.booking.Slot;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.CupPort.Reply;
import it.snodo.booking.desk.BookingDesk.Answered;
import it.snodo.booking.rules.NoShowCharge;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * What a CUP has decided by itself. It is the authority over its agendas: what it tells is taken over, whatever stands here. A
 * command of ours that is under way stays under way: its outcome comes from the CUP too, and later.
 */
@Component("bookingNotices")
class Notices {

    private static final String LOCAL = "LOCAL";

    private final Register register;
    private final BookingCatalogue catalogue;
    private final Conversation conversation;
    private final Settlement settlement;
    private final Transactions transactions;

    Notices(
            Register register,
            BookingCatalogue catalogue,
            Conversation conversation,
            Settlement settlement,
            Transactions transactions) {
        this.settlement = settlement;
        this.register = register;
        this.catalogue = catalogue;
        this.conversation = conversation;
        this.transactions = transactions;
    }

    Answered note(Work work, BookingNotice notice) {
        List<Fault> unclaimed = Conversation.unclaimed(work.arrival, Set.of());
        if (!unclaimed.isEmpty()) {
            return conversation.end(work, new Outcome(Result.REFUSED, List.of(), unclaimed, List.of()), null);
        }
        return transactions.in(() -> {
            conversation.hold(work);
            Heard heard = hear(work, notice);
            return conversation.finish(work, heard.outcome(), heard.booking(), List.copyOf(work.steps), null);
        });
    }

    private record Heard(Outcome outcome, Booking booking) {}

    private Heard hear(Work work, BookingNotice notice) {
        String azienda = notice.azienda() == null
                ? null
                : catalogue
                        .azienda(notice.azienda(), Settlement.today())
                        .map(CupAzienda::code)
                        .orElse(null);
        Booking known = known(notice, azienda);
        boolean local = notice.event() == Event.BOOKED
                && notice.bookingCode() == null
                && azienda != null
                && notice.fillerCode() != null;
        if (known == null && local) {
            // Of two who tell of the same at once the second sees what the first has made of it.
            register.lockFiller(azienda, notice.fillerCode());
            known = known(notice, azienda);
        }
        if (known != null) {
            return isAstray(known, notice)
                    ? new Heard(astray(notice, known), null)
                    : new Heard(Outcome.of(Result.NOTED, List.of()), take(work, notice, known));
        }
        if (notice.event() == Event.TENTATIVE && notice.bookingCode() == null) {
            work.step("notifica del CUP", "OK", notice.fillerCode() + ": non ancora un appuntamento (SCH-25)");
            return new Heard(Outcome.of(Result.NOTED, List.of()), null);
        }
        return local ? local(work, notice, azienda) : new Heard(unknown(notice), null);
    }

    private Booking known(BookingNotice notice, String azienda) {
        Optional<Booking> found = register.find(notice.bookingCode());
        if (found.isEmpty()) {
            found = register.byFiller(azienda, notice.fillerCode());
        }
        if (found.isEmpty() && notice.bookingCode() == null) {
            found = unnamed(notice, azienda);
        }
        return found.filter(each -> mayTell(notice, azienda, each))
                .flatMap(each -> register.lock(each.code()))
                .orElse(null);
    }

    /**
     * A booking of ours whose code at the CUP nobody has told us yet, for the same person at the same time: a CUP that keeps
     * only its own code may tell of it before its answer is here.
     */
    private Optional<Booking> unnamed(BookingNotice notice, String azienda) {
        Set<Instant> starts = starts(notice.told().stream().map(Line::slot));
        return azienda == null || Persons.key(notice.patient()).isEmpty() || starts.isEmpty()
                ? Optional.empty()
                : register.withoutFiller(azienda, notice.patient()).stream()
                        .filter(each -> starts(each.lines().stream().map(BookedLine::slot)).stream()
                                .anyMatch(starts::contains))
                        .findFirst();
    }

    private static Set<Instant> starts(Stream<Slot> slots) {
        return slots.filter(each -> each != null && each.start() != null)
                .map(each -> each.start().toInstant())
                .collect(Collectors.toSet());
    }

    /** Our codes count up, anybody can guess them: a CUP tells of its own bookings, and who is not known names the CUP's code. */
    private static boolean mayTell(BookingNotice notice, String azienda, Booking known) {
        boolean its = azienda == null
                ? notice.fillerCode() != null && notice.fillerCode().equals(known.fillerCode())
                : azienda.equals(known.azienda());
        return its && Persons.maybeSame(notice.patient(), known.patient());
    }

    private Booking take(Work work, BookingNotice notice, Booking found) {
        boolean first = found.state() == State.REQUESTED || found.state() == State.UNKNOWN;
        Booking known = proven(notice, found);
        boolean elsewhere = isElsewhere(found, notice);
        Booking next =
                switch (notice.event()) {
                    // An S12 comes late perhaps: it does not undo a move that came after it.
                    case BOOKED -> first && elsewhere ? moved(known, notice) : known;
                    case TENTATIVE -> known;
                    // Many a vendor tells every change by an S14, new times included.
                    case CHANGED, MOVED -> moved(known, notice);
                    case CANCELLED -> ended(known, State.REVOKED);
                    case DELETED -> ended(known, State.DELETED);
                    case NO_SHOW -> noShow(known, notice);
                };
        if (known.fillerCode() == null && notice.fillerCode() != null) {
            next = with(next, next.state(), notice.fillerCode(), next.lines(), next.notes());
        }
        if (isOpen(next)
                && !first
                && elsewhere
                && notice.event() != Event.BOOKED
                && settlement.keepReplaced(known, "la sostituta non è all'ora chiesta")) {
            next = Settlement.keeping(next, Settlement.NOT_AS_ASKED.formatted(known.replaces()));
        }
        if (next.equals(known)) {
            if (isElsewhere(known, notice)) {
                work.step("notifica del CUP", "WARN", "l'orario che dice il CUP non è quello di " + known.code());
            }
            work.step("notifica del CUP", "OK", notice.event() + ": niente di nuovo per " + known.code());
            return known;
        }
        work.step(
                "notifica del CUP",
                "OK",
                known.code() + " " + Alterations.word(known.state()) + " → " + Alterations.word(next.state())
                        + (notice.reason() == null ? "" : ": " + notice.reason()));
        if (next.state() == State.REVOKED || next.state() == State.DELETED) {
            moot(known);
            settlement.keepReplaced(known, "la sostituta non esiste più");
            next = Settlement.withPending(next, null);
        }
        return register.update(next);
    }

    /**
     * A CUP that tells what has become of a booking has it. Our own command is over then: its late answer must not undo what
     * is told here.
     */
    private Booking proven(BookingNotice notice, Booking known) {
        boolean proves =
                switch (notice.event()) {
                    case BOOKED, CHANGED, MOVED, NO_SHOW -> true;
                    case TENTATIVE, CANCELLED, DELETED -> false;
                };
        if (known.state() != State.UNKNOWN || !proves) {
            return known;
        }
        // S12 and S14 with the same time change nothing: the answer that somebody waits for may come through, and tells
        // the
        // amounts too.
        boolean changes =
                notice.event() == Event.MOVED || notice.event() == Event.NO_SHOW || isElsewhere(known, notice);
        for (Command each : register.open(known.code())) {
            boolean out = each.state() == Command.State.UNKNOWN
                    || each.state() == Command.State.SENT && (changes || each.attempts() > 1);
            if (each.operation() == Operation.BOOK && out) {
                String words = "lo dice il CUP con una notifica " + notice.event();
                Reply reply = new Reply(
                        Reply.Outcome.DONE,
                        notice.fillerCode(),
                        Map.of(),
                        null,
                        List.of(),
                        null,
                        words,
                        null,
                        notice.event() == Event.NO_SHOW ? Map.of() : newStarts(known, notice),
                        0);
                settlement
                        .settle(each, reply, false, false)
                        .ifPresent(settled -> settlement.tell(each, settled.outcome(), words));
            }
        }
        return register.lock(known.code()).orElseThrow();
    }

    /** What had not gone out yet to revoke a booking that the CUP has taken back needs not go any more. */
    private void moot(Booking gone) {
        for (Command each : register.open(gone.code())) {
            boolean off = each.operation() == Operation.REVOKE || each.operation() == Operation.DELETE;
            if (off && each.state() == Command.State.WAITING) {
                register.end(each.id(), Command.State.DONE, null, "tolta dal CUP");
                settlement.tell(each, Outcome.of(Outcome.done(each.operation()), each.notices()), "tolta dal CUP");
            }
        }
    }

    private static Booking ended(Booking known, State state) {
        return switch (known.state()) {
            // it never took effect, or it is over already
            case REFUSED, REVOKED, DELETED -> known;
            case REQUESTED, UNKNOWN, BOOKED, NO_SHOW ->
                with(known, state, known.fillerCode(), known.lines(), known.notes());
        };
    }

    /** When each service is that the notice tells another time of, by its index. */
    private static Map<Integer, OffsetDateTime> newStarts(Booking known, BookingNotice notice) {
        List<BookedLine> then = moved(known, notice).lines();
        return IntStream.range(0, then.size())
                .filter(i -> !then.get(i).equals(known.lines().get(i)))
                .boxed()
                .collect(Collectors.toMap(i -> i, i -> then.get(i).slot().start()));
    }

    /** Every service that is told of goes to its new place; the others stay where they are. */
    private static Booking moved(Booking known, BookingNotice notice) {
        if (!isOpen(known)) {
            return known;
        }
        Slot whole = ofAll(known, notice);
        if (whole != null) {
            return shifted(known, notice, whole);
        }
        List<BookedLine> lines = new ArrayList<>(known.lines());
        Set<Integer> told = new HashSet<>();
        for (Line each : notice.told()) {
            int at = index(lines, each, told, notice.told().size() == 1);
            if (each.slot() != null && at >= 0) {
                told.add(at);
                lines.set(at, placed(known.azienda(), lines.get(at), each.slot()));
            }
        }
        return with(known, known.state(), known.fillerCode(), lines, known.notes());
    }

    /**
     * The beginning of the whole appointment, where none of its services is told a time of its own (SCH-11 or TQ1 without
     * AIS-4); null where they are.
     */
    private static Slot ofAll(Booking known, BookingNotice notice) {
        Slot slot = notice.line() == null ? null : notice.line().slot();
        boolean unnamed = notice.lines().isEmpty()
                && known.lines().size() > 1
                && notice.line() != null
                && notice.line().service() == null;
        boolean untimed = !notice.lines().isEmpty() && notice.lines().stream().allMatch(each -> each.slot() == null);
        return slot != null && slot.start() != null && (unnamed || untimed) ? slot : null;
    }

    /** The services stay as far from each other as they are; in one agenda they go to the other together. */
    private static Booking shifted(Booking known, BookingNotice notice, Slot whole) {
        List<BookedLine> lines = new ArrayList<>(known.lines());
        Set<Integer> told = new TreeSet<>();
        if (notice.lines().isEmpty()) {
            IntStream.range(0, lines.size()).forEach(told::add);
        }
        notice.lines().forEach(each -> told.add(index(lines, each, told, false)));
        told.remove(-1);
        List<Slot> were = told.stream()
                .map(i -> lines.get(i).slot())
                .filter(each -> each != null && each.start() != null)
                .toList();
        Instant first = were.stream()
                .map(each -> each.start().toInstant())
                .min(Comparator.naturalOrder())
                .orElse(whole.start().toInstant());
        boolean one = were.stream().map(Slot::agenda).distinct().count() < 2;
        for (int i : told) {
            Slot was = lines.get(i).slot();
            OffsetDateTime start = was == null || was.start() == null
                    ? whole.start()
                    : whole.start().plus(Duration.between(first, was.start().toInstant()));
            Slot there = new Slot(
                    null,
                    one ? whole.agenda() : null,
                    start,
                    null,
                    one ? whole.structure() : null,
                    one ? whole.place() : null,
                    one ? whole.unit() : null,
                    null,
                    null);
            lines.set(i, placed(known.azienda(), lines.get(i), there));
        }
        return starts(were.stream())
                        .equals(starts(told.stream().map(i -> lines.get(i).slot())))
                ? known
                : with(known, known.state(), known.fillerCode(), lines, known.notes());
    }

    /** Whether any service is told to be at another time than it is here. */
    private static boolean isElsewhere(Booking known, BookingNotice notice) {
        return isOpen(known)
                && !starts(known.lines().stream().map(BookedLine::slot))
                        .equals(starts(moved(known, notice).lines().stream().map(BookedLine::slot)));
    }

    /** Whether a new time is told of services that the booking does not have: nobody knows which of them is meant. */
    private static boolean isAstray(Booking known, BookingNotice notice) {
        boolean moves = notice.event() == Event.MOVED || notice.event() == Event.CHANGED;
        return moves
                && isOpen(known)
                && moved(known, notice).equals(known)
                && !starts(known.lines().stream().map(BookedLine::slot))
                        .containsAll(starts(Stream.concat(notice.told().stream(), Stream.ofNullable(notice.line()))
                                .map(Line::slot)));
    }

    private static Outcome astray(BookingNotice notice, Booking known) {
        return Outcome.refused(
                SnodoCode.CODE_UNKNOWN,
                notice.lines().isEmpty() ? "line.service" : "lines[0].service",
                "La prenotazione %s ha %d prestazioni, e nessuna con il codice che la notifica sposta."
                        .formatted(known.code(), known.lines().size()));
    }

    private static BookedLine placed(String azienda, BookedLine line, Slot told) {
        Slot was = line.slot();
        return line.at(new Slot(
                azienda,
                told.agenda() != null || was == null ? told.agenda() : was.agenda(),
                told.start() != null || was == null ? told.start() : was.start(),
                told.minutes() != null || was == null ? told.minutes() : was.minutes(),
                told.structure() != null || was == null ? told.structure() : was.structure(),
                told.place() != null || was == null ? told.place() : was.place(),
                told.unit() != null || was == null ? told.unit() : was.unit(),
                was == null ? told.privateStructure() : was.privateStructure(),
                was == null ? null : was.proposed()));
    }

    /**
     * The line that is told of, among those that were not yet; where only one is told of and it names no service, or the
     * booking has but one, the first.
     *
     * @return -1 when there is none
     */
    private static int index(List<BookedLine> lines, Line told, Set<Integer> taken, boolean alone) {
        for (int i = 0; i < lines.size(); i++) {
            BookedLine line = lines.get(i);
            if (!taken.contains(i)
                    && told.service() != null
                    && (told.service().equals(line.service())
                            || told.service().equals(line.localCode())
                            || told.service().equals(line.item()))
                    && (told.side() == null
                            || line.side() == null
                            || told.side().equals(line.side()))) {
                return i;
            }
        }
        return alone && (lines.size() == 1 || told.service() == null && !lines.isEmpty()) ? 0 : -1;
    }

    /** R67: the full price is due, unless there was a documented reason; it is no ticket, and no cap holds. */
    private static Booking noShow(Booking known, BookingNotice notice) {
        if (!isOpen(known)) {
            return known;
        }
        List<Note> notes = new ArrayList<>(known.notes());
        String words = NoShowCharge.of(notice, known)
                .map(charge -> charge.code() + ": " + charge.message())
                .orElse("Il paziente non si è presentato"
                        + (Boolean.TRUE.equals(notice.forceMajeure())
                                ? ", con un motivo documentato: niente è dovuto."
                                : "."));
        notes.add(new Note(Note.Kind.OPERATOR, null, words, null));
        return with(known, State.NO_SHOW, known.fillerCode(), known.lines(), notes);
    }

    private static boolean isOpen(Booking known) {
        return known.state() == State.BOOKED || known.state() == State.UNKNOWN || known.state() == State.REQUESTED;
    }

    /** A booking made at the azienda's own desk: R63 and R88 want to know of it. */
    private Heard local(Work work, BookingNotice notice, String azienda) {
        List<BookedLine> lines =
                notice.told().stream().map(each -> local(each, azienda)).toList();
        Booking booking = new Booking(
                register.newCode(),
                1,
                State.BOOKED,
                azienda,
                notice.fillerCode(),
                notice.patient(),
                null,
                lines,
                null,
                List.of(),
                null,
                null,
                LOCAL,
                Instant.now(),
                Instant.now());
        register.insert(booking, work.messageId, work.arrival.sender());
        work.step("notifica del CUP", "OK", "prenotazione locale " + notice.fillerCode() + " → " + booking.code());
        return new Heard(Outcome.of(Result.NOTED, List.of()), booking);
    }

    private BookedLine local(Line line, String azienda) {
        String regional = line.service() == null
                ? null
                : catalogue
                        .regional(azienda, line.service(), Settlement.today())
                        .map(each -> each.service())
                        .orElse(line.service());
        return new BookedLine(
                regional,
                line.item(),
                line.description(),
                line.service(),
                line.pieces(),
                line.side(),
                line.slot(),
                null,
                line.district(),
                line.question());
    }

    private static Outcome unknown(BookingNotice notice) {
        return Outcome.refused(
                SnodoCode.BOOKING_UNKNOWN,
                notice.bookingCode() != null ? "bookingCode" : "fillerCode",
                "Nessuna prenotazione con codice «%s»."
                        .formatted(notice.bookingCode() != null ? notice.bookingCode() : notice.fillerCode()));
    }

    private static Booking with(Booking of, State state, String filler, List<BookedLine> lines, List<Note> notes) {
        return of.but()
                .state(state)
                .fillerCode(filler)
                .lines(lines)
                .notes(notes)
                .made();
    }
}
