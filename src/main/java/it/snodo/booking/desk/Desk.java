package it.snodo.booking.desk;

import it.snodo.booking.AvailabilityQuery;
import it.snodo.booking.Booking;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingAsk;
import it.snodo.booking.BookingNotice;
import it.snodo.booking.BookingRequest;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.BookingRequest.Patient;
import it.snodo.booking.BookingRequest.Prescription;
import it.snodo.booking.desk.BookingCommits.Begun;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.intake.BookingArrival;
import it.snodo.messages.BookingJournal;
import it.snodo.messages.BookingJournal.Keys;
import it.snodo.messages.BookingJournal.Standing;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The journal first, then the work, then the answer; a message that is known gets what came of it. */
@Component("bookingDesk")
class Desk implements BookingDesk {

    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
    private static final long LOOK_AGAIN_MILLIS = 50;

    private final BookingJournal journal;
    private final Register register;
    private final NewBookings newBookings;
    private final Alterations alterations;
    private final Notices notices;
    private final Searches searches;
    private final Conversation conversation;
    private final Recovery recovery;
    private final Transactions transactions;
    private final BookingCommits commits;
    private final DeskProperties properties;
    private final HubTime hubTime;

    Desk(
            BookingJournal journal,
            Register register,
            NewBookings newBookings,
            Alterations alterations,
            Notices notices,
            Searches searches,
            Conversation conversation,
            Recovery recovery,
            Transactions transactions,
            BookingCommits commits,
            DeskProperties properties,
            HubTime hubTime) {
        this.journal = journal;
        this.register = register;
        this.newBookings = newBookings;
        this.alterations = alterations;
        this.notices = notices;
        this.searches = searches;
        this.conversation = conversation;
        this.recovery = recovery;
        this.transactions = transactions;
        this.commits = commits;
        this.properties = properties;
        this.hubTime = hubTime;
    }

    @Override
    public Optional<Booking> find(String code) {
        return register.find(code);
    }

    @Override
    public List<Booking> ofPerson(String identifier) {
        return register.ofPerson(identifier);
    }

    @Override
    public Answered handle(BookingArrival arrival) {
        long began = System.nanoTime();
        Answered answered = handled(arrival);
        if (!arrival.protocol().equals("REST")) {
            hubTime.took(System.nanoTime() - began - answered.elsewhere());
        }
        return answered;
    }

    private Answered handled(BookingArrival arrival) {
        long end = System.nanoTime() + properties.answerWithin().toNanos();
        if (arrival.ask() instanceof AvailabilityQuery query && arrival.faults().isEmpty()) {
            return searches.search(arrival, query, end);
        }
        String attempt = conversation.attempt();
        Begun begun = commits.begin(arrival, keys(arrival.ask()), wanted(arrival), attempt, conversation.lease());
        if (begun.isNew()) {
            Work work = new Work(arrival, begun.messageId(), attempt, end);
            work.known = begun.known();
            return work(work, end);
        }
        if (!begun.sameContent()) {
            Fault fault = Conversation.placed(arrival, journal.duplicate(arrival, begun.messageId()));
            LOG.warn(
                    "{} message {} was used again with other content",
                    fault.code().code(),
                    begun.messageId());
            return refused(arrival, begun.messageId(), List.of(fault));
        }
        return again(arrival, begun.messageId(), end);
    }

    /** Null when the message does not ask for a new booking. */
    private static BookingRequest wanted(BookingArrival arrival) {
        return arrival.faults().isEmpty() && arrival.ask() instanceof BookingRequest request && isNew(request)
                ? request
                : null;
    }

    private static boolean isNew(BookingRequest request) {
        return request.operation() == null || request.operation() == Operation.BOOK;
    }

    private Answered refused(BookingArrival arrival, long messageId, List<Fault> faults) {
        BookingAnswer answer = Outcome.refused(faults).answer(null, messageId, fault -> fault);
        return new Answered(arrival.writer().write(arrival, answer), answer, messageId, false);
    }

    private Answered work(Work work, long end) {
        try {
            return ask(work)
                    .orElseGet(() -> again(work.arrival, work.messageId, end))
                    .waited(work.elsewhere);
        } catch (TakenOver gone) {
            LOG.warn("Message {} was begun again while it was at work here", work.messageId);
            return again(work.arrival, work.messageId, end);
        } catch (RuntimeException e) {
            // What was recorded for a CUP goes on by the recovery; what was not may be asked for again at once.
            try {
                journal.release(work.messageId, work.owner, work.takeSteps());
            } catch (RuntimeException more) {
                e.addSuppressed(more);
            }
            if (work.sent == null) {
                throw e;
            }
            return notKnown(work, e).waited(work.elsewhere);
        }
    }

    /**
     * The CUP has been asked, and what it said could not be kept. "Not accepted" would be untrue, it may have booked: the
     * caller is told that the outcome is not known yet, and the recovery keeps it as soon as it can, or asks again.
     */
    private Answered notKnown(Work work, RuntimeException failure) {
        Command sent = work.sent;
        LOG.error(
                "What the CUP said to {} of booking {} could not be kept: it is tried again",
                sent.controlId(),
                sent.booking(),
                failure);
        if (work.said != null) {
            recovery.keep(sent, work.said);
        }
        Booking shown = sent.operation() == Operation.BOOK ? sent.target() : standing(sent.booking());
        BookingAnswer answer = Outcome.of(Result.UNKNOWN, sent.notices())
                .answer(shown, work.messageId, fault -> Conversation.placed(work.arrival, fault));
        return new Answered(work.arrival.writer().write(work.arrival, answer), answer, work.messageId, false);
    }

    /** Null when the store does not tell. */
    private Booking standing(String code) {
        try {
            return register.find(code).orElse(null);
        } catch (RuntimeException e) {
            return null;
        }
    }

    private Optional<Answered> ask(Work work) {
        BookingArrival arrival = work.arrival;
        if (!arrival.faults().isEmpty() || arrival.ask() == null) {
            return Optional.of(conversation.end(work, Outcome.refused(arrival.faults()), null));
        }
        if (arrival.ask() instanceof BookingNotice notice) {
            return Optional.of(notices.note(work, notice));
        }
        BookingRequest request = (BookingRequest) arrival.ask();
        return isNew(request) ? newBookings.book(work, request) : alterations.alter(work, request);
    }

    /**
     * The answer that it has got; while there is none it is waited for, and what was left is begun again. Who comes while it is
     * worked on is told what came of that, even if the next one will be asking anew.
     */
    private Answered again(BookingArrival arrival, long messageId, long end) {
        while (true) {
            Standing standing = journal.standing(arrival, messageId);
            if (standing.answer() != null) {
                return new Answered(standing.answer(), null, messageId, true);
            }
            if (standing.outcome() != null) {
                return late(arrival, messageId, standing);
            }
            if (!standing.open()) {
                // nobody had repeated it for long, and it was closed in this moment
                return handled(arrival);
            }
            String attempt = conversation.attempt();
            if (standing.abandoned()
                    && standing.booking() == null
                    && journal.takeOver(messageId, attempt, conversation.lease())) {
                return work(new Work(arrival, messageId, attempt, end), end);
            }
            if (end - System.nanoTime() < LOOK_AGAIN_MILLIS * 2_000_000 || !pause()) {
                if (standing.booking() == null) {
                    // "Not known yet" would promise an outcome, and there may never be one.
                    throw new SnodoException(
                            SnodoCode.STORE_UNAVAILABLE,
                            "Lo stesso messaggio è già in lavorazione e niente è ancora registrato: inviarlo di nuovo più tardi,"
                                    + " con lo stesso identificativo.");
                }
                BookingAnswer answer = Outcome.of(Result.UNKNOWN, List.of())
                        .answer(register.find(standing.booking()).orElse(null), messageId, fault -> fault);
                return new Answered(arrival.writer().write(arrival, answer), answer, messageId, true);
            }
        }
    }

    /** What came of it while nobody waited becomes the final answer now that somebody asks. */
    private Answered late(BookingArrival arrival, long messageId, Standing standing) {
        Outcome outcome = Outcome.read(standing.outcome());
        Work work = new Work(arrival, messageId, conversation.owner, 0);
        return transactions.in(() -> {
            Booking booking = outcome.result() == Result.REFUSED
                    ? null
                    : register.find(standing.booking()).orElse(null);
            Answered answered = conversation.finish(work, outcome, booking, List.of(), null);
            return new Answered(answered.answer(), answered.reply(), messageId, true);
        });
    }

    private static boolean pause() {
        try {
            Thread.sleep(LOOK_AGAIN_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static Keys keys(BookingAsk ask) {
        if (ask instanceof BookingRequest request) {
            return keys(request.patient(), request.prescription(), request.bookingCode());
        }
        if (ask instanceof AvailabilityQuery query) {
            return keys(query.patient(), query.prescription(), null);
        }
        if (ask instanceof BookingNotice notice) {
            return keys(notice.patient(), null, notice.bookingCode());
        }
        return new Keys(null, null, null);
    }

    private static Keys keys(Patient patient, Prescription prescription, String booking) {
        return new Keys(Persons.identifier(patient), Register.number(prescription), booking);
    }
}
