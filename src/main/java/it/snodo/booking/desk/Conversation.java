package it.snodo.booking.desk;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.Proposal;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.CupPort;
import it.snodo.booking.cup.CupPort.Reply;
import it.snodo.booking.desk.BookingDesk.Answered;
import it.snodo.booking.desk.Settlement.Settled;
import it.snodo.fault.Fault;
import it.snodo.intake.BookingArrival;
import it.snodo.messages.BookingJournal;
import it.snodo.messages.BookingJournal.Call;
import it.snodo.messages.MessageState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Talks to a CUP on behalf of a caller who waits, and answers him: the final answer lies in the commit of its effect. */
@Component("bookingConversation")
class Conversation {

    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
    /** For the commit and the way back. */
    private static final Duration MARGIN = Duration.ofMillis(500);

    /** Who works here: tells what was begun by a process that is gone. */
    final String owner = UUID.randomUUID().toString();

    private final BookingJournal journal;
    private final Settlement settlement;
    private final BookingCatalogue catalogue;
    private final Transactions transactions;
    private final BookingCommits commits;
    private final ObjectProvider<CupPort> cups;
    private final DeskProperties properties;
    private final DeskMeters meters;

    Conversation(
            BookingJournal journal,
            Settlement settlement,
            BookingCatalogue catalogue,
            Transactions transactions,
            BookingCommits commits,
            ObjectProvider<CupPort> cups,
            DeskProperties properties,
            DeskMeters meters) {
        this.journal = journal;
        this.settlement = settlement;
        this.catalogue = catalogue;
        this.transactions = transactions;
        this.commits = commits;
        this.cups = cups;
        this.properties = properties;
        this.meters = meters;
    }

    /** An owner of one attempt at a message. */
    String attempt() {
        return owner + "/" + UUID.randomUUID();
    }

    /** In a transaction, before anything is done: somebody else may have begun the message again. */
    void hold(Work work) {
        if (!journal.holds(work.messageId, work.owner)) {
            throw new TakenOver(work.messageId);
        }
    }

    /** Longer than anybody is kept waiting: who has it is at work, or is gone. */
    Duration lease() {
        return properties.answerWithin().plusSeconds(20);
    }

    byte[] bytes(CupAzienda azienda, Booking booking, Operation operation, String controlId, String reason) {
        CupPort cup = cups.getIfAvailable();
        return cup == null ? new byte[0] : cup.command(azienda, booking, operation, controlId, reason);
    }

    /** Whether these bytes are of the profile that the azienda has by now. */
    boolean speaks(CupAzienda azienda, byte[] command) {
        CupPort cup = cups.getIfAvailable();
        return cup == null || cup.speaks(azienda, command);
    }

    /** What a CUP said, and what is to be kept of the call. */
    record Spoken(Reply reply, Call call) {}

    /** Hands a command to its CUP; the answer's fate is always known afterwards, be it UNKNOWN. */
    Spoken send(Command command, Duration patience) {
        Instant at = Instant.now();
        long began = System.nanoTime();
        CupAzienda azienda =
                catalogue.azienda(command.azienda(), Settlement.today()).orElse(null);
        Reply reply = ask(command, azienda, patience);
        long took = (System.nanoTime() - began) / 1_000_000;
        Call call = new Call(
                "CUP " + command.azienda(),
                command.operation().name(),
                azienda != null && "FHIR".equals(azienda.profile()) ? "FHIR" : "MLLP",
                azienda == null || azienda.host() == null ? "" : azienda.host() + ":" + azienda.port(),
                command.bytes(),
                reply.raw(),
                at,
                took,
                reply.raw() == null ? String.valueOf(reply.words()) : null,
                command.controlId());
        return new Spoken(reply, call);
    }

    private Reply ask(Command command, CupAzienda azienda, Duration patience) {
        CupPort cup = cups.getIfAvailable();
        if (cup == null || azienda == null) {
            return nothingSent("l'azienda non è collegata");
        }
        if (patience.isNegative() || patience.isZero()) {
            return nothingSent("il tempo è finito prima dell'invio");
        }
        try {
            return cup.send(azienda, command.operation(), command.controlId(), command.bytes(), patience);
        } catch (RuntimeException e) {
            // it may have gone out
            LOG.warn("Command {} to {} ended without a word", command.controlId(), command.azienda(), e);
            return new Reply(
                    Reply.Outcome.UNKNOWN,
                    null,
                    Map.of(),
                    null,
                    List.of(),
                    null,
                    "errore interno: " + e.getMessage(),
                    null);
        }
    }

    private static Reply nothingSent(String words) {
        return new Reply(Reply.Outcome.UNSENT, null, Map.of(), null, List.of(), null, words, null);
    }

    Spoken send(Command command, Work work) {
        work.sent = command;
        work.said = null;
        Spoken spoken = send(command, work.left().minus(MARGIN));
        work.said = spoken;
        work.elsewhere += spoken.reply().waited();
        work.step(
                "CUP " + command.operation(),
                spoken.reply().outcome().name(),
                command.azienda() + " " + command.controlId()
                        + (spoken.reply().words() == null
                                ? ""
                                : ": " + spoken.reply().words()));
        return spoken;
    }

    /**
     * The end of a command that somebody waits for: its effect, the answer and what is to be kept, in one commit.
     *
     * @param next free places to go along with a refusal
     * @return empty when somebody else has settled it: the answer is to be asked for as a repetition does
     */
    Optional<Answered> settle(Work work, Command command, Spoken spoken, List<Proposal> next) {
        Answered straight = straight(work, command, spoken);
        if (straight != null) {
            return Optional.of(straight);
        }
        Optional<Answered> answered = transactions.in(() -> {
            List<BookingJournal.Step> steps = List.copyOf(work.steps);
            Optional<Settled> settled = settlement.settle(command, spoken.reply(), true, true);
            if (settled.isEmpty() || settled.get().outcome().result() == Result.UNKNOWN) {
                journal.call(work.messageId, spoken.call());
            }
            return settled.map(one -> {
                Outcome outcome =
                        one.outcome().result() == Result.REFUSED ? one.outcome().with(next) : one.outcome();
                return outcome.result() == Result.UNKNOWN
                        ? notYet(work, one.booking(), outcome, steps)
                        : finish(work, outcome, one.booking(), steps, spoken.call());
            });
        });
        answered.ifPresent(one -> meters.answered(one.reply()));
        return answered;
    }

    /** The yes to a new booking, in one call of the database; null when it is not that, or not that simple. */
    private Answered straight(Work work, Command command, Spoken spoken) {
        Settled settled = settlement.straight(command, spoken.reply()).orElse(null);
        if (settled == null) {
            return null;
        }
        BookingAnswer answer =
                settled.outcome().answer(settled.booking(), work.messageId, fault -> placed(work.arrival, fault));
        byte[] bytes = work.arrival.writer().write(work.arrival, answer);
        boolean done = transactions.alone(() -> commits.settle(
                work,
                command,
                spoken.reply(),
                settled.booking(),
                bytes,
                closing(work.steps, settled.outcome()),
                spoken.call()));
        if (!done) {
            return null;
        }
        meters.answered(answer);
        return new Answered(bytes, answer, work.messageId, false);
    }

    /** Ends a message that asked nothing of a CUP. */
    Answered end(Work work, Outcome outcome, Booking booking) {
        Answered answered = transactions.in(() -> {
            hold(work);
            return finish(work, outcome, booking, List.copyOf(work.steps), null);
        });
        meters.answered(answered.reply());
        return answered;
    }

    /** In a transaction. */
    Answered finish(Work work, Outcome outcome, Booking booking, List<BookingJournal.Step> steps, Call call) {
        BookingAnswer answer = outcome.answer(booking, work.messageId, fault -> placed(work.arrival, fault));
        byte[] bytes = work.arrival.writer().write(work.arrival, answer);
        List<Fault> told = new ArrayList<>(answer.faults());
        byte[] inForce = journal.finish(
                work.arrival,
                work.messageId,
                outcome.state(),
                told,
                booking == null ? null : booking.code(),
                bytes,
                closing(steps, outcome),
                call);
        return new Answered(inForce, answer, work.messageId, false);
    }

    /** In a transaction. The message keeps waiting for its outcome. */
    Answered notYet(Work work, Booking booking, Outcome outcome, List<BookingJournal.Step> steps) {
        BookingAnswer answer = outcome.answer(booking, work.messageId, fault -> placed(work.arrival, fault));
        byte[] bytes = work.arrival.writer().write(work.arrival, answer);
        journal.release(work.messageId, work.owner, closing(steps, outcome));
        return new Answered(bytes, answer, work.messageId, false);
    }

    private static List<BookingJournal.Step> closing(List<BookingJournal.Step> steps, Outcome outcome) {
        String codes = Stream.concat(
                        outcome.rulings() == null
                                ? Stream.empty()
                                : outcome.rulings().stream().map(each -> each.code()),
                        outcome.told().stream().map(each -> each.code().code()))
                .distinct()
                .collect(Collectors.joining(" "));
        List<BookingJournal.Step> all = new ArrayList<>(steps);
        all.add(new BookingJournal.Step(
                "risposta",
                Instant.now(),
                outcome.state() == MessageState.REFUSED
                        ? "REFUSED"
                        : outcome.state() == MessageState.PROCESSING ? "WAITING" : "OK",
                outcome.result() + (codes.isEmpty() ? "" : " " + codes)));
        return all;
    }

    static Fault placed(BookingArrival arrival, Fault fault) {
        return fault.location() == null ? fault.withLocation(arrival.locate(fault.path())) : fault;
    }

    /** Fields that cannot be read and of which no rule has said what is wrong. */
    static List<Fault> unclaimed(BookingArrival arrival, Set<String> claimed) {
        return arrival.unreadable().stream()
                .filter(each -> !claimed.contains(each.path()))
                .map(each -> placed(
                        arrival,
                        Fault.at(
                                it.snodo.fault.SnodoCode.FIELD_MALFORMED,
                                each.path(),
                                "«%s» non va bene: serve %s.".formatted(each.given(), each.expected()))))
                .toList();
    }
}
