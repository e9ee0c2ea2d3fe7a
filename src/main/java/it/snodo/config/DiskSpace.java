package it.snodo.config;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * Refuses new messages while the disk of the data folder is nearly full, before database and broker run into its end: what
 * is already accepted needs the rest. Health says it as {@code diskSpace}, by the same limit.
 */
@Component
public final class DiskSpace {

    private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);
    private static final long LOOK_EVERY_NANOS = 500_000_000L;

    private final LongSupplier free;
    private final long least;
    private volatile long lookedAt = System.nanoTime() - LOOK_EVERY_NANOS;
    private volatile boolean full;

    @Autowired
    DiskSpace(DataFolder data, @Value("${snodo.min-free-space:512MB}") DataSize least) {
        this(data.path().toFile()::getUsableSpace, least.toBytes());
    }

    DiskSpace(LongSupplier free, long least) {
        this.free = free;
        this.least = least;
    }

    /** @throws SnodoException {@link SnodoCode#DISK_FULL} while less is free than {@code snodo.min-free-space} */
    public void require() {
        long now = System.nanoTime();
        if (now - lookedAt >= LOOK_EVERY_NANOS) {
            lookedAt = now;
            look();
        }
        if (full) {
            throw new SnodoException(
                    SnodoCode.DISK_FULL, SnodoCode.DISK_FULL.cause() + " " + SnodoCode.DISK_FULL.advice());
        }
    }

    private void look() {
        long bytes = free.getAsLong();
        boolean was = full;
        full = bytes < least;
        if (full && !was) {
            LOG.error(
                    "{} Only {} MB are free on the disk of the data folder: messages are refused, to be sent again",
                    SnodoCode.DISK_FULL.code(),
                    bytes >> 20);
        } else if (was && !full) {
            LOG.warn("{} MB are free again on the disk of the data folder: messages are accepted", bytes >> 20);
        }
    }
}
