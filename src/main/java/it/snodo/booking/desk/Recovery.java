package it.snodo.booking.desk;

import it.snodo.booking.Booking;
import it.snodo.booking.BookingAnswer.Result;
import it.snodo.booking.BookingRequest.Operation;
import it.snodo.booking.catalogue.BookingCatalogue;
import it.snodo.booking.catalogue.CupAzienda;
import it.snodo.booking.cup.CupPort.Reply;
import it.snodo.booking.desk.Conversation.Spoken;
import it.snodo.messages.BookingJournal;
import it.snodo.messages.Journal;
import it.snodo.messages.MessageState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * Commands without an outcome are sent again, in the same bytes if they can be, until the CUP says what became of them.
 * Steps of the routes in {@code booking-recovery.camel.yaml}.
 */
@Component("bookingRecovery")
class Recovery implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int MOST_OF_AZIENDA = 2;

    private final Register register;
    private final BookingJournal journal;
    private final Journal messages;
    private final Settlement settlement;
    private final Conversation conversation;
    private final BookingCatalogue catalogue;
    private final Transactions transactions;
    private final DeskProperties properties;
    private final DeskMeters meters;
    private final ThreadPoolExecutor workers;
    /** Commands under way, by azienda. */
    private final Map<String, Integer> running = new ConcurrentHashMap<>();

    /** What CUPs have said and the store did not take. */
    private final Queue<Said> said = new ConcurrentLinkedQueue<>();

    private boolean looked;

    private record Said(Command command, Spoken spoken) {}

    Recovery(
            Register register,
            BookingJournal journal,
            Journal messages,
            Settlement settlement,
            Conversation conversation,
            BookingCatalogue catalogue,
            Transactions transactions,
            DeskProperties properties,
            DeskMeters meters) {
        this.register = register;
        this.journal = journal;
        this.messages = messages;
        this.settlement = settlement;
        this.conversation = conversation;
        this.catalogue = catalogue;
        this.transactions = transactions;
        this.properties = properties;
        this.meters = meters;
        this.workers = new ThreadPoolExecutor(
                0, properties.retryWorkers(), 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "booking-recovery");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Sends what is due, beside each other. The first look after a start takes what went with the process that died. */
    public void send() {
        keepSaid();
        firstLook();
        int free = properties.retryWorkers() - workers.getActiveCount();
        if (free <= 0) {
            return;
        }
        List<Command> due =
                register.take(conversation.owner, conversation.lease(), free, MOST_OF_AZIENDA, Map.copyOf(running));
        for (Command command : due) {
            running.merge(command.azienda(), 1, Integer::sum);
            try {
                workers.execute(() -> {
                    try {
                        once(command);
                    } finally {
                        over(command.azienda());
                    }
                });
            } catch (RejectedExecutionException full) {
                over(command.azienda());
                register.again(command.id(), command.state(), null, Duration.ZERO);
            }
        }
    }

    /**
     * For a command that was sent once and whose answer could not be stored: to ask again would not always tell what came of
     * it ("taken" may then be by itself).
     */
    void keep(Command command, Spoken spoken) {
        said.add(new Said(command, spoken));
    }

    private void keepSaid() {
        for (int left = said.size(); left > 0; left--) {
            Said one = said.poll();
            try {
                keep(one);
            } catch (RuntimeException e) {
                said.add(one);
                LOG.warn("What the CUP said to {} can still not be kept", one.command.controlId());
                return;
            }
        }
    }

    /** Unless it was sent again meanwhile: then what comes of that counts. */
    private void keep(Said one) {
        transactions.in(() -> {
            Command command = one.command;
            register.lock(command.booking()).orElseThrow();
            Command now = register.command(command.id()).orElseThrow();
            if (!now.isOpen() || now.attempts() != command.attempts()) {
                return null;
            }
            journal.call(command.messageId(), one.spoken.call());
            settle(command, one.spoken, true);
            return null;
        });
    }

    /** In a transaction; nobody waits for the answer. */
    private void settle(Command command, Spoken spoken, boolean neverOut) {
        Reply reply = spoken.reply();
        settlement
                .settle(command, reply, neverOut, false)
                .filter(each -> each.outcome().result() != Result.UNKNOWN)
                .ifPresent(each -> settlement.tell(
                        command,
                        each.outcome(),
                        String.valueOf(reply.words() == null ? reply.outcome() : reply.words())));
    }

    private void over(String azienda) {
        running.computeIfPresent(azienda, (same, n) -> n == 1 ? null : n - 1);
    }

    /** The same one after the other, until nothing is due, or no CUP says anything new. @return how many were sent */
    int sendAll() {
        firstLook();
        int sent = 0;
        boolean news = true;
        while (news) {
            List<Command> due = register.take(conversation.owner, conversation.lease(), 100, 100, Map.of());
            due.forEach(this::once);
            sent += due.size();
            news = due.stream()
                    .anyMatch(each -> !register.command(each.id()).orElseThrow().isOpen());
        }
        return sent;
    }

    private synchronized void firstLook() {
        if (!looked) {
            int commands = register.releaseOthers(conversation.owner);
            int calls = journal.releaseOthers(conversation.owner);
            looked = true;
            if (commands + calls > 0) {
                LOG.info(
                        "{} commands to CUPs and {} booking messages were under way when the hub ended",
                        commands,
                        calls);
            }
        }
    }

    private void once(Command taken) {
        try {
            Command command = readied(taken);
            if (command == null) {
                return;
            }
            Spoken spoken = conversation.send(command, properties.answerWithin());
            meters.retried(command.azienda(), spoken.reply().outcome().name());
            boolean neverOut = taken.state() == Command.State.WAITING;
            transactions.in(() -> {
                journal.call(command.messageId(), spoken.call());
                settle(command, spoken, neverOut);
                return null;
            });
        } catch (RuntimeException e) {
            // its lease ends, and it is taken again
            LOG.warn("Command {} could not be brought to an end", taken.controlId(), e);
        }
    }

    /**
     * The bytes of what waited are made of the booking as it is now, and kept before they go out. What was written for a CUP
     * that is spoken to in another profile by now is written anew: the placer number says that it is the same.
     */
    private Command readied(Command taken) {
        return transactions.in(() -> {
            Booking now = register.lock(taken.booking()).orElseThrow();
            if (!register.isOpen(taken.id())) {
                return null;
            }
            CupAzienda azienda =
                    catalogue.azienda(taken.azienda(), Settlement.today()).orElse(null);
            byte[] bytes = taken.bytes();
            if (bytes == null && azienda == null) {
                register.again(taken.id(), taken.state(), "l'azienda non è collegata", properties.longestBackOff());
                return null;
            }
            if (bytes == null) {
                boolean off = taken.operation() == Operation.REVOKE || taken.operation() == Operation.DELETE;
                Booking shall = (off ? now : Settlement.changed(now, taken.target()))
                        .askedBy(taken.target().requester());
                bytes = conversation.bytes(azienda, shall, taken.operation(), taken.controlId(), taken.reason());
            } else if (azienda != null && !conversation.speaks(azienda, bytes)) {
                bytes = conversation.bytes(
                        azienda, taken.target(), taken.operation(), taken.controlId(), taken.reason());
            }
            register.sent(taken.id(), bytes);
            return register.command(taken.id()).orElseThrow();
        });
    }

    /** What takes too long becomes a matter for a person; what was left before anything was sent is closed. */
    public void tidy() {
        for (Command command : register.tooLong(properties.giveUpAfter())) {
            LOG.warn(
                    "Booking {}: {} at {} has no outcome since {}",
                    command.booking(),
                    command.operation(),
                    command.azienda(),
                    command.created());
            transactions.in(() -> {
                register.givenUp(command.id());
                messages.state(command.messageId(), MessageState.FAILED);
                messages.step(
                        command.messageId(),
                        "CUP " + command.operation(),
                        "FAILED",
                        command.booking() + ": il CUP " + command.azienda()
                                + " non dice l'esito da troppo tempo; l'hub continua a chiedere, una persona verifichi");
                return null;
            });
        }
        journal.expire(
                Instant.now().minus(properties.abandonAfter()),
                "l'hub si è fermato prima di inviare al CUP: niente è stato fatto");
    }

    @Override
    public void destroy() {
        workers.shutdownNow();
    }
}
