package it.snodo.config;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something made from configuration files and made again when one of them changes. A change that cannot be read leaves
 * the last good value in force and says so once, and in {@link ConfigFolder#refusedEdits} for as long as it lasts: an
 * editor's slip never stops the hub.
 *
 * @param <T> what is made; must be safe to share between threads
 */
public final class Watched<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Watched.class);
    private static final long LOOK_EVERY_NANOS = 1_000_000_000L;

    private final ConfigFolder folder;
    private final List<String> names;
    private final Function<ConfigFolder, T> maker;
    private volatile T value;
    /** Of each file as it was looked at last, and as it was when the value in force was made. */
    private long[] stamps;

    private long[] goodStamps;
    private volatile long lookedAt;
    private volatile RefusedEdit refused;

    public Watched(ConfigFolder folder, List<String> names, Function<ConfigFolder, T> maker) {
        this.folder = folder;
        this.names = List.copyOf(names);
        this.maker = maker;
        folder.add(this);
    }

    /** The value as of the files' last good content, looked at no more than once a second. */
    public T get() {
        long now = System.nanoTime();
        if (value == null || now - lookedAt > LOOK_EVERY_NANOS) {
            look(now);
        }
        return value;
    }

    private synchronized void look(long now) {
        if (value == null || now - lookedAt > LOOK_EVERY_NANOS) {
            lookAtFiles();
            lookedAt = now;
        }
    }

    /** What somebody has once asked for is made again if a file has changed, whether or not it is asked for now. */
    synchronized void lookNow() {
        if (value != null) {
            lookAtFiles();
        } else if (refused != null) {
            try {
                lookAtFiles();
            } catch (RuntimeException e) {
                LOG.debug("{} still cannot be used", names);
            }
        }
    }

    private void lookAtFiles() {
        long[] current = names.stream().mapToLong(folder::stamp).toArray();
        if (value != null && Arrays.equals(current, stamps)) {
            return;
        }
        stamps = current;
        try {
            boolean first = value == null;
            value = maker.apply(folder);
            goodStamps = current;
            refused = null;
            if (!first) {
                LOG.info("Reloaded {}", names);
            }
        } catch (RuntimeException e) {
            refused = new RefusedEdit(
                    changed(current), Instant.now(), e.getMessage() == null ? e.toString() : e.getMessage());
            if (value == null) {
                throw e;
            }
            LOG.error(
                    "{} changed but cannot be used, the last good content stays in force: {}",
                    refused.files(),
                    e.getMessage());
        }
    }

    private List<String> changed(long[] current) {
        if (goodStamps == null) {
            return names;
        }
        return java.util.stream.IntStream.range(0, current.length)
                .filter(i -> current[i] != goodStamps[i])
                .mapToObj(names::get)
                .toList();
    }

    /** No longer used: what becomes of its files is another's business. */
    public void end() {
        folder.remove(this);
    }

    /** The last change, when it was not taken; null when all is well. */
    RefusedEdit refused() {
        return refused;
    }

    /** Why the last change was not taken; null when all is well. */
    public String error() {
        RefusedEdit last = refused;
        return last == null ? null : last.reason();
    }
}
