package it.snodo.booking.cup;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** MSH-10 of searches: nobody asks for their outcome again, so they need no journal, only to be unlike each other. */
final class QueryIds {

    private static final AtomicLong NEXT = new AtomicLong(System.currentTimeMillis() * 1000);

    private QueryIds() {}

    /** At most 20 characters. */
    static String next() {
        return "SQ" + Long.toString(NEXT.incrementAndGet(), 36).toUpperCase(Locale.ROOT);
    }
}
