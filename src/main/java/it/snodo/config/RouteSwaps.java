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

    /** Runs a swap; one at a time, as edits are read. */
    <T> T during(Callable<T> swap) throws Exception {
        set(true);
        try {
            return swap.call();
        } finally {
            set(false);
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
     * Waits until no routes are being replaced, or until that time is over.
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
