package it.snodo.messages;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Does the work of several senders in one go. What comes when nothing is under way is begun at once; what comes meanwhile
 * waits, and is then worked on together. Nothing waits for company: a lone item is as fast as without, many share the cost
 * of a commit. A second group is begun beside the first when there is enough for it, about half of those who send: it is
 * prepared and carried out while the disk writes the other. Nobody's thread is held while it waits: the outcome comes as a future, completed by one of the
 * workers.
 *
 * <p>When the work of a group fails, be it a group of one, each of it is worked on alone, which is another way: a bad item
 * never spoils another's, and what went wrong because two came in the same moment is looked at again. That happens on
 * threads of its own, so that other groups go on however long it takes.
 *
 * <p>A group that does not come to its end (a lock, a connection that has died without a word) holds nobody up but its own:
 * after a while the others go on as if it were not there. What no group could do, because there is nobody to do it, is the
 * outcome of all that wait behind it too.
 *
 * @param <T> what is worked on
 * @param <R> what comes out of it
 */
final class GroupCommit<T, R> {

    /** A group beyond this gains nothing more. */
    private static final int MOST = 64;

    /** What a further group beside another has to have at least: with fewer it costs more than it gains. */
    private static final int ENOUGH = 3;

    /** Groups that go on beside the slow ones: as many again, or a store that is slow for all got ever more to do. */
    private static final int BESIDE_SLOW = 2;

    /** This many are always enough: more of them share little more, and would wait when the other group is held up. */
    private static final int ENOUGH_FOR_ALL = 16;

    /** For so many that come it is remembered, fading, how many were there at once. */
    private static final double MEMORY = 256;

    private final Work<T, R> work;
    private final int atATime;
    private final Duration slow;
    private final Executor workers;
    private final Executor singles;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private final List<Group<T>> underWay = new ArrayList<>();
    /** A worker was called and has not looked at the queue yet. */
    private boolean called;
    /** Somebody will look at the queue when what is under way should have ended. */
    private boolean reminded;
    /** When a group last came to its end as it should, {@link System#nanoTime()}. */
    private long lastDone = System.nanoTime();

    private record Group<T>(List<T> items, long since) {}
    /** How many there have lately been at once, waiting or worked on. */
    private double together;

    /** What there is to do, and how. */
    interface Work<T, R> {

        /**
         * @return results in the order of the items, all of them or, when it throws, none; null at the place of an item that
         *     nothing was done for and that has to be worked on alone
         */
        List<R> together(List<T> items);

        R alone(T item);

        /** Whether two may be in one group. */
        boolean alike(T one, T other);

        /** Whether two have to meet one after the other: neither in one group, nor in two at the same time. */
        boolean clash(T one, T other);

        /** Whether each one would meet this failure alone too: it is everybody's outcome. */
        boolean isHopeless(RuntimeException failure);
    }

    /**
     * @param atATime groups that may be under way beside each other
     * @param slow a group that takes longer is not waited for any more
     * @param workers for the groups, more than twice as many: answers are given on them too
     * @param singles for what is worked on alone
     */
    GroupCommit(Work<T, R> work, int atATime, Duration slow, Executor workers, Executor singles) {
        this.work = work;
        this.atATime = atATime;
        this.slow = slow;
        this.workers = workers;
        this.singles = singles;
    }

    private final class Waiting {
        private final T item;
        private final CompletableFuture<R> outcome = new CompletableFuture<>();

        private Waiting(T item) {
            this.item = item;
        }

        private void workAlone() {
            try {
                outcome.complete(work.alone(item));
            } catch (RuntimeException | Error e) {
                outcome.completeExceptionally(e);
            }
        }
    }

    /** @return the item's result, or what the work threw for it */
    CompletableFuture<R> add(T item) {
        Waiting own = new Waiting(item);
        synchronized (queue) {
            queue.add(own);
            int now = queue.size()
                    + underWay.stream().mapToInt(group -> group.items().size()).sum();
            together = Math.max(now, together - together / MEMORY);
        }
        callWorker();
        return own.outcome;
    }

    /** How many stand in the queue. */
    int waiting() {
        synchronized (queue) {
            return queue.size();
        }
    }

    private void callWorker() {
        synchronized (queue) {
            if (called || queue.isEmpty()) {
                return;
            }
            long swift = underWay.stream().filter(this::isSwift).count();
            if (swift >= atATime || underWay.size() >= atATime * BESIDE_SLOW || swift > 0 && queue.size() < enough()) {
                remind();
                return;
            }
            called = true;
        }
        try {
            workers.execute(this::work);
        } catch (RuntimeException | Error e) {
            // closed, or no thread to be had: nobody may wait for what nobody does
            List<Waiting> left;
            synchronized (queue) {
                left = List.copyOf(queue);
                queue.clear();
                called = false;
            }
            left.forEach(each -> each.outcome.completeExceptionally(e));
        }
    }

    private boolean isSwift(Group<T> group) {
        return System.nanoTime() - group.since < slow.toNanos();
    }

    /** Under the queue's lock. What is under way may never end, and then calls nobody. */
    private void remind() {
        if (!reminded) {
            reminded = true;
            CompletableFuture.delayedExecutor(slow.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
                    .execute(() -> {
                        synchronized (queue) {
                            reminded = false;
                        }
                        callWorker();
                    });
        }
    }

    /**
     * Senders who wait for their answers come round in step with the groups: two halves of them keep disk and processors
     * busy in turns, with as few groups as that takes.
     */
    private int enough() {
        return (int) Math.min(ENOUGH_FOR_ALL, Math.max(ENOUGH, Math.round(together / 2)));
    }

    private void work() {
        long since = System.nanoTime();
        List<Waiting> group = new ArrayList<>();
        List<T> items = new ArrayList<>();
        List<R> results = null;
        Throwable failure = null;
        try {
            // inside: what has left the queue gets an answer, whatever happens
            next(group, items);
            if (!group.isEmpty()) {
                callWorker();
                results = work.together(items);
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        List<Waiting> behind = List.of();
        synchronized (queue) {
            underWay.removeIf(each -> each.items == items);
            if (failure == null) {
                lastDone = group.isEmpty() ? lastDone : System.nanoTime();
            } else if (failure instanceof RuntimeException known && work.isHopeless(known) && lastDone - since < 0) {
                // each of them would wait as long to meet the same
                behind = List.copyOf(queue);
                queue.clear();
            }
        }
        if (group.isEmpty() && failure == null) {
            // all that waits clashes with what is under way, and is begun when that has ended
            return;
        }
        // before the answers: the next group is on its way to the disk while these are given
        callWorker();
        boolean eachAlone = failure != null && mayPass(failure);
        for (int i = 0; i < group.size(); i++) {
            Waiting each = group.get(i);
            if (eachAlone || failure == null && results.get(i) == null) {
                alone(each);
            } else if (failure != null) {
                each.outcome.completeExceptionally(failure);
            } else {
                each.outcome.complete(results.get(i));
            }
        }
        for (Waiting each : behind) {
            each.outcome.completeExceptionally(failure);
        }
    }

    private void alone(Waiting each) {
        try {
            singles.execute(each::workAlone);
        } catch (RuntimeException | Error e) {
            each.outcome.completeExceptionally(e);
        }
    }

    /** Whether it may be one item's failure. */
    private boolean mayPass(Throwable failure) {
        return failure instanceof RuntimeException known
                ? !work.isHopeless(known)
                : failure instanceof StackOverflowError || failure instanceof LinkageError;
    }

    private void next(List<Waiting> group, List<T> items) {
        synchronized (queue) {
            called = false;
            for (Iterator<Waiting> all = queue.iterator(); all.hasNext() && group.size() < MOST; ) {
                Waiting each = all.next();
                if (fits(each.item, items)) {
                    group.add(each);
                    items.add(each.item);
                    all.remove();
                }
            }
            if (!items.isEmpty()) {
                underWay.add(new Group<>(items, System.nanoTime()));
            } else if (!queue.isEmpty()) {
                remind();
            }
        }
    }

    private boolean fits(T item, List<T> items) {
        if (!items.isEmpty() && !work.alike(items.get(0), item) || clashes(item, items)) {
            return false;
        }
        for (Group<T> each : underWay) {
            if (isSwift(each) && clashes(item, each.items)) {
                return false;
            }
        }
        return true;
    }

    private boolean clashes(T item, List<T> others) {
        for (T each : others) {
            if (work.clash(each, item)) {
                return true;
            }
        }
        return false;
    }
}
