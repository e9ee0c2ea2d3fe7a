package it.snodo.intake.hl7v2;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What all connections of the listener share: how many there may be, and how many bytes they may hold together. */
final class MllpConnections {

    private final int max;
    private final Set<MllpDecoder> open = ConcurrentHashMap.newKeySet();
    private final Budget memory;
    private final Budget disk;
    private final Path spoolFolder;

    /**
     * @param maxBuffered bytes of whole frames in memory
     * @param maxSpooled bytes of unfinished frames on disk
     * @param spoolFolder where these lie
     */
    MllpConnections(int max, long maxBuffered, long maxSpooled, Path spoolFolder) {
        this.max = max;
        this.memory = new Budget(maxBuffered);
        this.disk = new Budget(maxSpooled);
        this.spoolFolder = spoolFolder;
    }

    Budget memory() {
        return memory;
    }

    Budget disk() {
        return disk;
    }

    Path spoolFolder() {
        return spoolFolder;
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
}
