package it.snodo.messages;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Does the work of several senders in one go. What comes when nothing is under way is begun at once; what comes meanwhile
 * waits, and is then worked on together. Nothing waits for company: a lone item is as fast as without, many share the cost
 * of a commit. Nobody's thread is held while it waits: the outcome comes as a future, completed by one of the workers.
 *
 * <p>When the work of a group fails, be it a group of one, each of it is worked on alone, which is another way: a bad item
 * never spoils another's, and what went wrong because two came in the same moment is looked at again.
 *
 * @param <T> what is worked on
 * @param <R> what comes out of it
 */
final class GroupCommit<T, R> {

    /** A group beyond this gains nothing more. */
    private static final int MOST = 64;

    private final Function<List<T>, List<R>> together;
    private final Function<T, R> alone;
    private final BiPredicate<List<T>, T> fits;
    private final Predicate<RuntimeException> hopeless;
    private final Executor workers;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private boolean busy;

    /**
     * @param together results in the order of the items, all of them or, when it throws, none; null at the place of an item
     *     that nothing was done for and that has to be worked on alone
     * @param fits whether an item may go with those before it; else it goes with a later group
     * @param hopeless a failure that each one would meet alone too: it is everybody's outcome
     */
    GroupCommit(
            Function<List<T>, List<R>> together,
            Function<T, R> alone,
            BiPredicate<List<T>, T> fits,
            Predicate<RuntimeException> hopeless,
            Executor workers) {
        this.together = together;
        this.alone = alone;
        this.fits = fits;
        this.hopeless = hopeless;
        this.workers = workers;
    }

    private final class Waiting {
        private final T item;
        private final CompletableFuture<R> outcome = new CompletableFuture<>();

        private Waiting(T item) {
            this.item = item;
        }

        private void workAlone() {
            try {
                outcome.complete(alone.apply(item));
            } catch (RuntimeException | Error e) {
                outcome.completeExceptionally(e);
            }
        }
    }

    /** @return the item's result, or what the work threw for it */
    CompletableFuture<R> add(T item) {
        Waiting own = new Waiting(item);
        boolean first;
        synchronized (queue) {
            queue.add(own);
            first = !busy;
            busy = true;
        }
        if (first) {
            begin();
        }
        return own.outcome;
    }

    /** How many stand in the queue. */
    int waiting() {
        synchronized (queue) {
            return queue.size();
        }
    }

    private void begin() {
        try {
            workers.execute(this::work);
        } catch (RuntimeException | Error e) {
            // closed, or no thread to be had: nobody may wait for what nobody does
            List<Waiting> left;
            synchronized (queue) {
                left = List.copyOf(queue);
                queue.clear();
                busy = false;
            }
            left.forEach(each -> each.outcome.completeExceptionally(e));
        }
    }

    private void work() {
        List<Waiting> group = new ArrayList<>();
        List<R> results = null;
        Throwable failure = null;
        try {
            // inside: what has left the queue gets an answer, whatever happens
            next(group);
            results = together.apply(group.stream().map(each -> each.item).toList());
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        // before the answers: the next group is on its way to the disk while these are given
        handOver();
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
    }

    private void alone(Waiting each) {
        try {
            workers.execute(each::workAlone);
        } catch (RuntimeException | Error e) {
            each.outcome.completeExceptionally(e);
        }
    }

    /** Whether it may be one item's failure. */
    private boolean mayPass(Throwable failure) {
        return failure instanceof RuntimeException known
                ? !hopeless.test(known)
                : failure instanceof StackOverflowError || failure instanceof LinkageError;
    }

    private void next(List<Waiting> group) {
        List<T> items = new ArrayList<>();
        synchronized (queue) {
            for (Iterator<Waiting> all = queue.iterator(); all.hasNext() && group.size() < MOST; ) {
                Waiting each = all.next();
                if (group.isEmpty() || fits.test(items, each.item)) {
                    group.add(each);
                    items.add(each.item);
                    all.remove();
                }
            }
        }
    }

    private void handOver() {
        synchronized (queue) {
            if (queue.isEmpty()) {
                busy = false;
                return;
            }
        }
        begin();
    }
}
