package it.snodo.config;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.stereotype.Component;

/**
 * The moments in which an edited file's routes take the place of the old ones: their addresses answer nothing then. Whoever
 * calls waits for the end, and what failed because of it is told apart from what is wrong.
 */
@Component
public class RouteSwaps {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition calm = lock.newCondition();
    private boolean swapping;
    private long begun;
    /** Calls under way. */
    private int calls;

    /** How long a swap waits for the calls under way: those that wait for a CUP are left to Camel. */
    private static final Duration DRAIN = Duration.ofSeconds(3);

    /** Runs a swap, once the calls under way have ended or have been waited for; one at a time, as edits are read. */
    <T> T during(Callable<T> swap) throws Exception {
        set(true);
        try {
            drained();
            return swap.call();
        } finally {
            set(false);
        }
    }

    private void drained() throws InterruptedException {
        lock.lock();
        try {
            long left = DRAIN.toNanos();
            while (calls > 0 && left > 0) {
                left = calm.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A call that was let in by {@link #await(Duration)} has ended, whatever came of it. */
    public void left() {
        lock.lock();
        try {
            calls--;
            calm.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void set(boolean now) {
        lock.lock();
        try {
            swapping = now;
            if (now) {
                begun++;
            }
            calm.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets a call in, once no routes are being replaced or that time is over; {@link #left()} says when it has ended.
     *
     * @return how many swaps have begun so far, for {@link #disturbed(long)}
     */
    public long await(Duration atMost) {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (swapping && left > 0) {
                left = calm.awaitNanos(left);
            }
            return swapping ? begun - 1 : begun;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return swapping ? begun - 1 : begun;
        } finally {
            calls++;
            lock.unlock();
        }
    }

    /** Whether routes have been replaced since, or are now. */
    public boolean disturbed(long since) {
        lock.lock();
        try {
            return begun != since;
        } finally {
            lock.unlock();
        }
    }
}
