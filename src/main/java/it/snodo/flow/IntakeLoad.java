package it.snodo.flow;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * How many messages are being accepted, so that what can wait leaves processor and disk to their senders: while they come
 * in great number, each step of a certificate begins later, and the later the more of them come. It does begin: a burst
 * without end starves nothing.
 */
@Component
final class IntakeLoad {

    private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LOOK_EVERY_MILLIS = 50;
    /** With so many times the messages that are allowed a step waits as long as it ever does. */
    private static final double FULL = 5;

    private final LongSupplier clock;
    private final double most;
    private final long longest;
    private long begun;
    private int inWindow;
    private int inLast;

    /**
     * @param most messages a second, taken over the last half second to second, beyond which the steps give way
     * @param longest what a step waits at most before it begins: with five times as many messages, and less with fewer
     */
    @Autowired
    IntakeLoad(
            @Value("${snodo.certificate.give-way-above:100}") int most,
            @Value("${snodo.certificate.longest-give-way:2s}") Duration longest) {
        this(most, longest, System::nanoTime);
    }

    IntakeLoad(int most, Duration longest, LongSupplier clock) {
        this.clock = clock;
        this.most = most;
        this.longest = longest.toNanos();
        this.begun = clock.getAsLong();
    }

    /** One more message is stored. */
    synchronized void taken() {
        turn();
        inWindow++;
    }

    /** Whether more messages come than the steps of certificates may stand in the way of. */
    boolean isHigh() {
        return recent() > most;
    }

    /** Messages a second. */
    private synchronized double recent() {
        long into = turn();
        // the window that has just begun says little yet, the one before it stands for the rest
        double recent = inWindow + inLast * (1 - (double) into / WINDOW);
        return recent * TimeUnit.SECONDS.toNanos(1) / WINDOW;
    }

    /** @return how far the present window has come, in ns */
    private long turn() {
        long into = clock.getAsLong() - begun;
        if (into >= WINDOW) {
            inLast = into < 2 * WINDOW ? inWindow : 0;
            inWindow = 0;
            into %= WINDOW;
            begun = clock.getAsLong() - into;
        }
        return into;
    }

    /** Comes back when fewer messages come, and after {@code snodo.certificate.longest-give-way} at the latest. */
    void giveWay() {
        giveWay(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** @param pause between two looks */
    void giveWay(Runnable pause) {
        long begun = clock.getAsLong();
        while (clock.getAsLong() - begun < owed() && !Thread.currentThread().isInterrupted()) {
            pause.run();
        }
    }

    /** What a step waits with as many messages as come now, in ns: nothing up to what is allowed, then in proportion. */
    private long owed() {
        double over = recent() - most;
        return over <= 0 ? 0 : (long) (longest * Math.min(1, over / (most * (FULL - 1))));
    }
}
