package it.snodo.messages;

import java.time.Instant;

/**
 * A message's id carries the time it came, as the database's {@code first_message_id} and {@code new_message_id} make it:
 * milliseconds since 2020 in UTC times 4096, and a number below 4096 that tells apart what came in the same one. Ids given
 * before schema version 4 are plain numbers from 1.
 */
final class MessageIds {

    /** Whatever is below was given before ids carried the time. */
    static final long FIRST_TIMED = 1L << 40;

    private static final long EPOCH = Instant.parse("2020-01-01T00:00:00Z").toEpochMilli();

    private MessageIds() {}

    /** The lowest id that a message of this moment can have. */
    static long first(Instant at) {
        return (at.toEpochMilli() - EPOCH) * 4096;
    }
}
