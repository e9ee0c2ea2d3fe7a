package it.snodo.messages;

import it.snodo.intake.Answered;
import it.snodo.intake.Incoming;

/**
 * A message after the journal has taken it: what became of it, and the very bytes to answer with.
 *
 * @param outcome accepted with its ids, or refused with the faults
 * @param answer what the sender is told; the same bytes for every repetition
 * @param repeated true when the message was known already and had no second effect
 * @param orderKey group whose messages keep their order: the patient's; null when there is no document to make
 */
public record Accepted(Incoming.Outcome outcome, byte[] answer, boolean repeated, String orderKey) implements Answered {

    public boolean accepted() {
        return outcome.accepted();
    }

    /** True when there is a document to make. */
    public boolean isNew() {
        return outcome.accepted() && !repeated && orderKey != null;
    }
}
