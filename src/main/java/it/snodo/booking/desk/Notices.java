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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * What a CUP has decided by itself. It is the authority over its agendas: what it tells is taken over, whatever stands here. A
 * command of ours that is under way stays under way: its outcome comes from the CUP too, and later.
 */
@Component("bookingNotices")
class Notices {

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
        if (known == null) {
            return notice.event() == Event.BOOKED && notice.bookingCode() == null
                    ? local(work, notice, azienda)
                    : new Heard(unknown(notice), null);
        }
        return new Heard(Outcome.of(Result.NOTED, List.of()), take(work, notice, known));
    }

    private Booking known(BookingNotice notice, String azienda) {
        Optional<Booking> found = register.find(notice.bookingCode());
        if (found.isEmpty()) {
            found = register.byFiller(azienda, notice.fillerCode());
        }
        return found.filter(each -> mayTell(notice, azienda, each))
                .flatMap(each -> register.lock(each.code()))
                .orElse(null);
    }

    /** Our codes count up, anybody can guess them: a CUP tells of its own bookings, and who is not known names the CUP's code. */
    private static boolean mayTell(BookingNotice notice, String azienda, Booking known) {
        boolean its = azienda == null
                ? notice.fillerCode() != null && notice.fillerCode().equals(known.fillerCode())
                : azienda.equals(known.azienda());
        return its && Persons.maybeSame(notice.patient(), known.patient());
    }

    private Booking take(Work work, BookingNotice notice, Booking found) {
        Booking known = proven(notice, found);
        Booking next =
                switch (notice.event()) {
                    case BOOKED, CHANGED -> known;
                    case MOVED -> moved(known, notice);
                    case CANCELLED -> ended(known, State.REVOKED);
                    case DELETED -> ended(known, State.DELETED);
                    case NO_SHOW -> noShow(known, notice);
                };
        if (known.fillerCode() == null && notice.fillerCode() != null) {
            next = with(next, next.state(), notice.fillerCode(), next.lines(), next.notes());
        }
        if (next.equals(known)) {
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
            settlement.keepReplaced(known);
            next = Settlement.withPending(next, null);
        }
        return register.update(next);
    }

    /**
     * A CUP that tells what has become of a booking has it. Our own command is over then: its late answer must not undo what
     * is told here.
     */
    private Booking proven(BookingNotice notice, Booking known) {
        if (known.state() != State.UNKNOWN || notice.event() == Event.CANCELLED || notice.event() == Event.DELETED) {
            return known;
        }
        // S12 and S14 change nothing: the answer that somebody waits for may come through, and tells the amounts too.
        boolean changes = notice.event() == Event.MOVED || notice.event() == Event.NO_SHOW;
        for (Command each : register.open(known.code())) {
            boolean out = each.state() == Command.State.UNKNOWN
                    || each.state() == Command.State.SENT && (changes || each.attempts() > 1);
            if (each.operation() == Operation.BOOK && out) {
                String words = "lo dice il CUP con una notifica " + notice.event();
                Reply reply = new Reply(
                        Reply.Outcome.DONE, notice.fillerCode(), Map.of(), null, List.of(), null, words, null);
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

    /** Every service that is told of goes to its new place; the others stay where they are. */
    private static Booking moved(Booking known, BookingNotice notice) {
        if (!isOpen(known)) {
            return known;
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

    private static BookedLine placed(String azienda, BookedLine line, Slot told) {
        Slot was = line.slot();
        return new BookedLine(
                line.service(),
                line.item(),
                line.description(),
                line.localCode(),
                line.quantity(),
                line.side(),
                new Slot(
                        azienda,
                        told.agenda() != null || was == null ? told.agenda() : was.agenda(),
                        told.start() != null || was == null ? told.start() : was.start(),
                        told.minutes() != null || was == null ? told.minutes() : was.minutes(),
                        told.structure() != null || was == null ? told.structure() : was.structure(),
                        told.place() != null || was == null ? told.place() : was.place(),
                        told.unit() != null || was == null ? told.unit() : was.unit(),
                        was == null ? told.privateStructure() : was.privateStructure(),
                        was == null ? null : was.proposed()),
                line.ticket(),
                line.district(),
                line.question());
    }

    /**
     * The line that is told of, among those that were not yet; where only one is told of and it names no service, the first.
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
        return alone && !lines.isEmpty() ? 0 : -1;
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
        if (azienda == null || notice.fillerCode() == null) {
            return new Heard(unknown(notice), null);
        }
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
                "LOCAL",
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
        return new Booking(
                of.code(),
                of.revision(),
                state,
                of.azienda(),
                filler,
                of.patient(),
                of.prescription(),
                lines,
                of.ticket(),
                notes,
                of.pending(),
                of.replaces(),
                of.origin(),
                of.created(),
                of.updated());
    }
}
