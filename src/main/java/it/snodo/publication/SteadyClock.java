package it.snodo.publication;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Begins with the system's time and then only counts on: for waits, which a clock set back must not make longer. */
final class SteadyClock extends Clock {

    private final Instant begun = Instant.now();
    private final long nanos = System.nanoTime();

    @Override
    public Instant instant() {
        return begun.plusNanos(System.nanoTime() - nanos);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
