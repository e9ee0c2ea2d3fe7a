package it.snodo.config;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.stereotype.Component;

/**
 * Starts the embedded database again when its server has ended by itself: killed for want of memory, stopped by hand,
 * given up because the disk was full. Until it is back everything is refused, to be sent again. A server that loses only
 * one of its processes recovers without help.
 */
@Component
@ConditionalOnExpression("'${spring.datasource.url:}' == ''")
class DatabaseWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseWatch.class);
    private static final long LOOK_EVERY_MILLIS = 1_000;
    private static final long START_SECONDS = 120;
    /** A server that cannot start, as on a full disk, is tried more and more seldom. */
    private static final long LONGEST_PAUSE_MILLIS = 15_000;

    private final DatabaseFolder folder;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
        Thread watch = new Thread(task, "database-watch");
        watch.setDaemon(true);
        return watch;
    });

    private volatile boolean closed;
    private int failures;

    /** @param postgres asked for so that this ends before the server is stopped on purpose */
    DatabaseWatch(EmbeddedPostgres postgres, DataFolder data) {
        // a stop of the hub does not wait for the next look
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        folder = new DatabaseFolder(data.path());
        LOG.debug("Watching {}", postgres);
        lookIn(LOOK_EVERY_MILLIS);
    }

    private void lookIn(long millis) {
        thread.schedule(this::look, millis, TimeUnit.MILLISECONDS);
    }

    private void look() {
        long pause = LOOK_EVERY_MILLIS;
        try {
            if (!folder.isServed() && !closed) {
                LOG.error("The embedded database has ended by itself: starting it again");
                start();
                failures = 0;
                LOG.warn("The embedded database runs again");
            }
        } catch (IOException | RuntimeException e) {
            failures++;
            pause = Math.min(LONGEST_PAUSE_MILLIS, LOOK_EVERY_MILLIS << Math.min(failures, 10));
            LOG.error("The embedded database does not start ({}); next try in {} s", e.getMessage(), pause / 1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (!closed) {
            lookIn(pause);
        }
    }

    /** With the very options it had; PostgreSQL itself sees to it that no two serve one directory. */
    private void start() throws IOException, InterruptedException {
        String options = Files.readString(folder.path().resolve("postmaster.opts"));
        Path server = Path.of(options.substring(0, options.indexOf(" \"")).trim());
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) {
            // PostgreSQL does not run as root
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(
                server.resolveSibling(server.getFileName().toString().replace("postgres", "pg_ctl"))
                        .toString(),
                "-D",
                folder.path().toString(),
                "-w",
                "-t",
                String.valueOf(START_SECONDS),
                "restart"));
        Process control = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!control.waitFor(START_SECONDS + 30, TimeUnit.SECONDS)) {
            control.destroyForcibly();
            throw new IOException("pg_ctl does not end");
        }
        if (control.exitValue() != 0) {
            throw new IOException("pg_ctl ended with " + control.exitValue());
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.shutdown();
        // one that is being started is stopped with the others, by whoever started the first
        thread.awaitTermination(START_SECONDS, TimeUnit.SECONDS);
    }
}
