package it.snodo.messages;

import it.snodo.intake.Incoming;

/**
 * A message after the journal has taken it: what became of it, and the very bytes to answer with.
 *
 * @param outcome accepted with its ids, or refused with the faults
 * @param answer what the sender is told; the same bytes for every repetition
 * @param repeated true when the message was known already and had no second effect
 * @param orderKey what keeps its order: the patient; null when refused
 */
public record Accepted(Incoming.Outcome outcome, byte[] answer, boolean repeated, String orderKey) {

    public boolean accepted() {
        return outcome.accepted();
    }

    /** True when there is new work to do. */
    public boolean isNew() {
        return outcome.accepted() && !repeated && orderKey != null;
    }
}
