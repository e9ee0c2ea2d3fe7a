package it.snodo.booking.desk;

import it.snodo.booking.Ruling;
import it.snodo.booking.desk.Conversation.Spoken;
import it.snodo.booking.desk.Register.Known;
import it.snodo.intake.BookingArrival;
import it.snodo.messages.BookingJournal.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A message while somebody waits for its answer. */
final class Work {

    final BookingArrival arrival;
    final long messageId;
    /** Of this attempt: who was thought dead, and has been replaced by another thread, is told by it. */
    final String owner;

    final List<Step> steps = new ArrayList<>();
    final List<Ruling> notices = new ArrayList<>();
    private final long end;
    /** What the register knew of the person when the message was stored; null when it was not asked, or is too long ago. */
    Known known;
    /** Nanoseconds in which CUPs were waited for. */
    long elsewhere;
    /** The last command that a CUP was given; null while nothing has left the hub. */
    Command sent;
    /** What the CUP has said to it; null while it has not. */
    Spoken said;

    Work(BookingArrival arrival, long messageId, String owner, long end) {
        this.arrival = arrival;
        this.messageId = messageId;
        this.owner = owner;
        this.end = end;
    }

    void step(String name, String outcome, String detail) {
        steps.add(new Step(name, Instant.now(), outcome, detail));
    }

    Duration left() {
        return Duration.ofNanos(end - System.nanoTime());
    }

    /** Steps that are not written yet. */
    List<Step> takeSteps() {
        List<Step> taken = List.copyOf(steps);
        steps.clear();
        return taken;
    }
}
