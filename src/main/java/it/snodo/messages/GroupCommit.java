package it.snodo.messages;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Does the work of several threads in one go. Who comes when nothing is under way does its own work at once; who comes
 * meanwhile waits, and then one of those who wait does the work of them all. There is no thread of its own and no waiting
 * for company: a lone sender is as fast as without, many senders share the cost of a commit.
 *
 * <p>When the work of a group fails, each of the group does its own alone: a bad item never spoils another's.
 *
 * @param <T> what is worked on
 * @param <R> what comes out of it
 */
final class GroupCommit<T, R> {

    /** A group beyond this gains nothing more. */
    private static final int MOST = 64;

    private final Function<List<T>, List<R>> work;
    private final BiPredicate<List<T>, T> fits;
    private final Predicate<RuntimeException> hopeless;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private boolean busy;

    /**
     * @param work results in the order of the items: all of them or, when it throws, none
     * @param fits whether an item may go with those before it; else it goes with a later group
     * @param hopeless a failure that each one would meet alone too: it is everybody's outcome
     */
    GroupCommit(Function<List<T>, List<R>> work, BiPredicate<List<T>, T> fits, Predicate<RuntimeException> hopeless) {
        this.work = work;
        this.fits = fits;
        this.hopeless = hopeless;
    }

    /** An item and what its thread waits for: to lead the next group (true), or that its outcome is there (false). */
    private final class Waiting {
        private final T item;
        private final CompletableFuture<Boolean> leads = new CompletableFuture<>();
        private R result;
        private Throwable failure;
        private boolean alone;

        private Waiting(T item) {
            this.item = item;
        }

        private R outcome() {
            if (alone) {
                return work.apply(List.of(item)).get(0);
            }
            if (failure instanceof RuntimeException known) {
                throw known;
            }
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
            return result;
        }
    }

    /** @return the item's result, whichever thread made it; throws what the work threw for it */
    R add(T item) {
        Waiting own = new Waiting(item);
        synchronized (queue) {
            queue.add(own);
            if (!busy) {
                busy = true;
                own.leads.complete(true);
            }
        }
        if (own.leads.join()) {
            lead(own);
        }
        return own.outcome();
    }

    /** How many stand in the queue. */
    int waiting() {
        synchronized (queue) {
            return queue.size();
        }
    }

    /** The leader is the first in the queue, so its own item is in the group. */
    private void lead(Waiting leader) {
        List<Waiting> group = List.of(leader);
        try {
            group = next();
            work(group);
        } catch (RuntimeException | Error e) {
            group.forEach(each -> each.failure = e);
            throw e;
        } finally {
            handOver(group);
            group.forEach(each -> each.leads.complete(false));
        }
    }

    private void work(List<Waiting> group) {
        try {
            List<R> results = work.apply(group.stream().map(each -> each.item).toList());
            for (int i = 0; i < group.size(); i++) {
                group.get(i).result = results.get(i);
            }
        } catch (RuntimeException | StackOverflowError | LinkageError e) {
            boolean alone = group.size() > 1 && !(e instanceof RuntimeException known && hopeless.test(known));
            for (Waiting each : group) {
                each.alone = alone;
                each.failure = e;
            }
        }
    }

    private List<Waiting> next() {
        List<Waiting> group = new ArrayList<>();
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
        return group;
    }

    private void handOver(List<Waiting> done) {
        synchronized (queue) {
            // gone from there already, but for one whose turn could not even begin
            queue.removeAll(done);
            if (queue.isEmpty()) {
                busy = false;
            } else {
                queue.peek().leads.complete(true);
            }
        }
    }
}
