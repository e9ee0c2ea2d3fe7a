package it.snodo.messages;

import java.time.Duration;

/**
 * How long an acceptance waits for what somebody else holds locked in the database. A group waits a moment, since all its
 * messages wait with it. Then each is tried alone, and those that the lock is in the way of wait until five seconds after
 * they came: their senders are told to send again. Who came long ago and still stood in the queue is looked at briefly.
 */
final class Patience {

    static final Duration OF_A_GROUP = Duration.ofSeconds(1);
    private static final Duration OF_A_MESSAGE = Duration.ofSeconds(5);
    private static final Duration AT_LEAST = Duration.ofMillis(200);

    private Patience() {}

    /** @param since when the message came, {@link System#nanoTime()} */
    static Duration left(long since) {
        Duration left = OF_A_MESSAGE.minusNanos(System.nanoTime() - since);
        return left.compareTo(AT_LEAST) < 0 ? AT_LEAST : left;
    }
}
