package it.snodo.publication;

import java.time.Instant;

/**
 * A destination that a person has stopped: what is owed to it waits, the others go on.
 *
 * @param owner who stopped it
 * @param until when it goes on by itself; null: until somebody says so
 */
public record Pause(String reason, String owner, Instant since, Instant until) {}
