package it.snodo.publication;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The steps that the publication routes call: take what is due into the free slots of a destination, try one, take the
 * next into the slot that has become free.
 */
public final class Lane {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    private final Destination destination;
    private final Outbox outbox;
    private final Deliverer deliverer;
    private final int slots;
    private final Duration lease;
    private final Map<Long, Instant> inFlight = new ConcurrentHashMap<>();
    private final Queue<Unwritten> unwritten = new ConcurrentLinkedQueue<>();
    private volatile boolean storeFails;
    private volatile OrderKey order = OrderKey.DOCUMENT;

    /** A try that was made while the store could not be written. */
    private record Unwritten(Delivery delivery, Outcome outcome) {}

    public Lane(Destination destination, Outbox outbox, Deliverer deliverer, PublicationProperties properties) {
        this.destination = destination;
        this.outbox = outbox;
        this.deliverer = deliverer;
        this.slots = properties.policy(destination).parallel();
        this.lease = properties.lease();
    }

    /**
     * As many due deliveries as there are free slots; perhaps none.
     *
     * @param key whose deliveries keep their order, as the route says: {@code document} or {@code patient}
     */
    public List<Delivery> takeInOrderOf(String key) {
        order = OrderKey.valueOf(key.toUpperCase(Locale.ROOT));
        return take();
    }

    /** The same, in the order that was asked for last; of documents at first. */
    public synchronized List<Delivery> take() {
        Instant now = Instant.now();
        inFlight.values().removeIf(until -> until.isBefore(now));
        for (Unwritten one = unwritten.peek(); one != null && write(one); one = unwritten.peek()) {
            unwritten.poll();
        }
        return take(slots - inFlight.size());
    }

    private List<Delivery> take(int free) {
        if (free <= 0 || !unwritten.isEmpty()) {
            return List.of();
        }
        try {
            List<Delivery> taken = outbox.take(destination, free, order);
            Instant until = Instant.now().plus(lease);
            taken.forEach(delivery -> inFlight.put(delivery.id(), until));
            storeFails = false;
            return taken;
        } catch (DataAccessException | TransactionException e) {
            sayOnce(e);
            return List.of();
        }
    }

    /** One try, and what came of it written down. Whatever goes wrong on our side is a reason to try again later. */
    public void deliver(Delivery delivery) {
        Unwritten made = new Unwritten(delivery, attempt(delivery));
        if (!write(made)) {
            unwritten.add(made);
        }
    }

    /** @return false when the store cannot be written now: what is known of the try is kept until it can */
    private boolean write(Unwritten one) {
        try {
            outbox.settle(one.delivery(), one.outcome());
            inFlight.remove(one.delivery().id());
            return true;
        } catch (DataAccessException | TransactionException e) {
            sayOnce(e);
            return false;
        } catch (RuntimeException e) {
            // The listener's trouble, not the store's: the lease gives the delivery back.
            LOG.error(
                    "L'esito dell'invio {} non si può scrivere", one.delivery().id(), e);
            inFlight.remove(one.delivery().id());
            return true;
        }
    }

    private void sayOnce(Exception e) {
        if (!storeFails) {
            LOG.warn(
                    "{}: l'archivio degli invii non risponde ({})",
                    destination,
                    e.getClass().getSimpleName());
        }
        storeFails = true;
    }

    private Outcome attempt(Delivery delivery) {
        try {
            return deliverer.deliver(delivery);
        } catch (SnodoException e) {
            boolean outage = e.code() == SnodoCode.PUBLICATION_NOT_CONFIGURED;
            return new Outcome.Retry(Answer.none(), e.code(), e.getMessage(), null, false, outage);
        } catch (Throwable e) {
            // An Error too, such as a class that cannot be loaded: it ends this try and not the lane.
            LOG.error("Invio {} {} interrotto da un errore interno", delivery.id(), destination, e);
            return new Outcome.Retry(
                    Answer.none(),
                    SnodoCode.INTERNAL,
                    "Errore interno durante l'invio: " + e.getClass().getSimpleName() + ".",
                    null,
                    true,
                    false);
        }
    }

    /** The next due delivery for the slot that a delivery has left, or null: then the route's turn is over. */
    public synchronized Delivery next() {
        List<Delivery> taken = take(Math.min(1, slots - inFlight.size()));
        return taken.isEmpty() ? null : taken.get(0);
    }
}
