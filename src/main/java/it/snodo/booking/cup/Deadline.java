package it.snodo.booking.cup;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The moment at which a call is over, whatever it is waiting for. Measured on a clock that nobody sets. */
record Deadline(Duration whole, long endNanos) {

    static Deadline in(Duration whole) {
        return new Deadline(whole, System.nanoTime() + whole.toNanos());
    }

    /** What is left; never negative. */
    long leftMillis() {
        return Math.max(0, TimeUnit.NANOSECONDS.toMillis(leftNanos()));
    }

    long leftNanos() {
        return Math.max(0, endNanos - System.nanoTime());
    }

    /** {@code 8 s}, for people. */
    @Override
    public String toString() {
        return whole.toMillis() % 1000 == 0 ? whole.toSeconds() + " s" : whole.toMillis() + " ms";
    }
}
