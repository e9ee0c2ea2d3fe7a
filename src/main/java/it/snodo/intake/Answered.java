package it.snodo.intake;

/** What became of a message, with what its sender is told: the routes hand it back to the intake that brought the message. */
public interface Answered {

    /** The bytes to answer with; the same for every repetition. */
    byte[] answer();
}
