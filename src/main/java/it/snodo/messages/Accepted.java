package it.snodo.messages;

import it.snodo.intake.Incoming;

/**
 * What {@code direct:accept} hands back: the outcome and the very bytes to answer with.
 *
 * @param repeated true when the message had been here before and the answer is the one it got then
 */
public record Accepted(Incoming.Outcome outcome, byte[] answer, boolean repeated) {

    public boolean accepted() {
        return outcome.accepted();
    }
}
