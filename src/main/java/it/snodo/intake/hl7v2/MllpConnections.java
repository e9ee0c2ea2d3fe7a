package it.snodo.intake.hl7v2;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What all connections of the listener share: how many there may be, and how many bytes they may hold together. */
final class MllpConnections {

    private final int max;
    private final long maxBuffered;
    private final Set<MllpDecoder> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong buffered = new AtomicLong();
    private final AtomicReference<MllpDecoder> beyond = new AtomicReference<>();

    MllpConnections(int max, long maxBuffered) {
        this.max = max;
        this.maxBuffered = maxBuffered;
    }

    /**
     * Takes a new connection in. When the house is full, the connection of the same peer that has been idle longest goes:
     * it is most likely what a firewall has left half open.
     *
     * @return false when there is no room
     */
    boolean admit(MllpDecoder connection) {
        if (open.size() >= max) {
            InetAddress from = connection.peerAddress();
            Optional<MllpDecoder> oldest = open.stream()
                    .filter(MllpDecoder::isIdle)
                    .filter(each -> from != null && from.equals(each.peerAddress()))
                    .min(Comparator.comparingLong(MllpDecoder::lastActivity));
            if (oldest.isEmpty()) {
                return false;
            }
            open.remove(oldest.get());
            oldest.get().close();
        }
        open.add(connection);
        return true;
    }

    void left(MllpDecoder connection) {
        open.remove(connection);
    }

    int count() {
        return open.size();
    }

    /**
     * Asks for room; false when all of it is taken. One connection at a time may go beyond, so that large frames that wait
     * for each other always get on.
     */
    boolean reserve(MllpDecoder connection, long bytes) {
        if (buffered.addAndGet(bytes) <= maxBuffered
                || beyond.compareAndSet(null, connection)
                || beyond.get() == connection) {
            return true;
        }
        buffered.addAndGet(-bytes);
        return false;
    }

    void release(MllpDecoder connection, long bytes) {
        buffered.addAndGet(-bytes);
        beyond.compareAndSet(connection, null);
    }

    long buffered() {
        return buffered.get();
    }
}
