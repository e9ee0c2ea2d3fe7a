package it.snodo.config;

import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something made from configuration files and made again when one of them changes. A change that cannot be read leaves
 * the last good value in force and says so once: an editor's slip never stops the hub.
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
    private volatile long stamp;
    private volatile long lookedAt;
    private volatile String error;

    public Watched(ConfigFolder folder, List<String> names, Function<ConfigFolder, T> maker) {
        this.folder = folder;
        this.names = List.copyOf(names);
        this.maker = maker;
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
        if (value != null && now - lookedAt <= LOOK_EVERY_NANOS) {
            return;
        }
        long current = 17;
        for (String name : names) {
            current = current * 31 + folder.stamp(name);
        }
        if (value == null) {
            value = maker.apply(folder);
            stamp = current;
        } else if (current != stamp) {
            stamp = current;
            try {
                value = maker.apply(folder);
                error = null;
                LOG.info("Reloaded {}", names);
            } catch (RuntimeException e) {
                error = e.getMessage();
                LOG.error(
                        "{} changed but cannot be used, the last good content stays in force: {}",
                        names,
                        e.getMessage());
            }
        }
        lookedAt = now;
    }

    /** Why the last change was not taken; null when all is well. Shown in health. */
    public String error() {
        return error;
    }
}
