package it.snodo.intake.hl7v2;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Bytes that all connections may hold together. */
final class Budget {

    private final long max;
    private final AtomicLong used = new AtomicLong();
    private final AtomicReference<Object> beyond = new AtomicReference<>();

    Budget(long max) {
        this.max = max;
    }

    /**
     * Asks for room; false when all of it is taken. One holder at a time may go beyond, so that large frames that wait
     * for each other always get on.
     */
    boolean reserve(Object holder, long bytes) {
        if (used.addAndGet(bytes) <= max || beyond.compareAndSet(null, holder) || beyond.get() == holder) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    /** Gives back all that the holder has. */
    void release(Object holder, long bytes) {
        used.addAndGet(-bytes);
        beyond.compareAndSet(holder, null);
    }

    long used() {
        return used.get();
    }
}
