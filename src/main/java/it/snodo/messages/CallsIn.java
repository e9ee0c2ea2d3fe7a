package it.snodo.messages;

import io.micrometer.core.instrument.MeterRegistry;
import it.snodo.intake.CallIn;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Keeps in the journal what came in and is no message: refused by a limit as REFUSED, a notification that concerned something as
 * PUBLISHED, one that concerned nothing as DISCARDED. Of the bytes the beginning is kept, the hash is of all that was read.
 * Bookkeeping never fails an answer: what could not be kept is counted and said.
 */
@Component
class CallsIn {

    private static final Logger LOG = LoggerFactory.getLogger(CallsIn.class);
    /** Of calls that anybody can make without effect. */
    private static final int MOST_PER_MINUTE = 60;

    private final Notes notes;
    private final MeterRegistry meters;
    private long minute;
    private int inMinute;

    CallsIn(Notes notes, MeterRegistry meters) {
        this.notes = notes;
        this.meters = meters;
    }

    @EventListener
    void keep(CallIn call) {
        boolean effect = call.fault() == null && call.documentId() != null;
        if (call.anybody() && !effect && !isRoom()) {
            meters.counter("snodo.journal.calls.lost").increment();
            return;
        }
        byte[] kept = Arrays.copyOf(call.read(), call.packed() ? 0 : Math.min(call.read().length, Notes.BEGINNING));
        MessageState state =
                call.fault() != null ? MessageState.REFUSED : effect ? MessageState.PUBLISHED : MessageState.DISCARDED;
        Notes.Note note = new Notes.Note(
                call.protocol(),
                call.peer(),
                call.sender(),
                call.type(),
                kept,
                call.size(),
                Journal.sha256(call.read()),
                state,
                call.fault() == null ? List.of() : List.of(call.fault()),
                call.documentId(),
                null);
        try {
            if (call.words() == null) {
                notes.keep(note);
            } else {
                notes.keep(note, "notifica", "OK", call.words());
            }
        } catch (DataAccessException e) {
            meters.counter("snodo.journal.calls.lost").increment();
            LOG.warn("A call {} from {} could not be written down: {}", call.type(), call.peer(), e.getMessage());
        }
    }

    private synchronized boolean isRoom() {
        long now = System.nanoTime() / 60_000_000_000L;
        if (now != minute) {
            minute = now;
            inMinute = 0;
        }
        return ++inMinute <= MOST_PER_MINUTE;
    }
}
