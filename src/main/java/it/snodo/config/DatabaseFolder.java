package it.snodo.config;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * The folder of the embedded database, as an earlier run may have left it: with its server still running, with a lock file
 * that was never written to its end, or half made because the very first start was killed. Only to be used by who holds the
 * data folder.
 */
final class DatabaseFolder {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseFolder.class);
    /** Larger than any process's number. */
    private static final String NOBODY = String.valueOf(Integer.MAX_VALUE);

    private final Path home;
    /** There from before the database is made until it is of use: nothing was ever stored in one that has it. */
    private final Path unfinished;

    DatabaseFolder(Path data) {
        home = data.resolve("postgres");
        unfinished = data.resolve("postgres.unfinished");
    }

    Path path() {
        return home;
    }

    private Path lockFile() {
        return home.resolve("postmaster.pid");
    }

    /** Makes it ready for a server to start on, or to be made where there is none. */
    void prepare() throws IOException {
        stopServer();
        if (Files.exists(unfinished) && !isSecured()) {
            setAside();
        }
        if (!Files.exists(home)) {
            Files.writeString(unfinished, "");
            sync(unfinished.getParent());
        }
    }

    /** The database is of use from now on: never again is it taken for one that may be thrown away. */
    void finished() throws IOException {
        if (Files.deleteIfExists(unfinished)) {
            sync(home);
            sync(unfinished.getParent());
        }
    }

    /** Whether its users have to give the password, which is the last thing that a new one is told. */
    boolean isSecured() throws IOException {
        Path hba = home.resolve("pg_hba.conf");
        // a new one names the method too, in its comments
        return Files.exists(hba)
                && Files.readAllLines(hba).stream()
                        .anyMatch(line -> !line.startsWith("#") && line.contains("scram-sha-256"));
    }

    /** A hub that was killed leaves its database running: that one is stopped in an orderly way first. */
    private void stopServer() throws IOException {
        if (!Files.exists(lockFile())) {
            return;
        }
        List<String> lines = Files.readAllLines(lockFile());
        if (pid(lines).isEmpty()) {
            LOG.warn("{} was never written to its end: taken away, else no server would start", lockFile());
            Files.delete(lockFile());
            return;
        }
        ProcessHandle server = pid(lines)
                .flatMap(ProcessHandle::of)
                .filter(process -> isServer(process, false))
                .orElse(null);
        if (server == null) {
            // The number may be somebody's by now, in a container even a thread's of this very process, and PostgreSQL
            // would not start. The other lines stay: by them it finds out whether processes of the old server still
            // live.
            lines.set(0, NOBODY);
            Files.write(lockFile(), lines);
            return;
        }
        LOG.info("Stopping the database that an earlier run left behind (process {})", server.pid());
        server.destroy();
        try {
            server.onExit().get(15, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            end(server);
        }
    }

    /** Whether the process that the lock file names serves this folder; yes as long as nothing else is known. */
    boolean isServed() throws IOException {
        try {
            List<String> lines = Files.readAllLines(lockFile());
            if (lines.isEmpty()) {
                // being written
                return true;
            }
            Optional<Long> pid = pid(lines);
            if (pid.isPresent() && isDefunct(pid.get())) {
                // it would be taken for a living server by the next one
                Files.delete(lockFile());
                return false;
            }
            return pid.flatMap(ProcessHandle::of)
                    .filter(process -> isServer(process, true))
                    .isPresent();
        } catch (NoSuchFileException stopped) {
            return false;
        }
    }

    /** Ended, with nobody to take note of it: in a container whose first process is the hub. */
    private static boolean isDefunct(long pid) throws IOException {
        try {
            String state = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            return state.startsWith(" Z", state.lastIndexOf(')') + 1);
        } catch (NoSuchFileException goneOrNotLinux) {
            return false;
        }
    }

    /** The number in the lock file's first line; empty when there is none. */
    private static Optional<Long> pid(List<String> lines) {
        try {
            return lines.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Long.parseLong(lines.get(0).trim()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** @param unknown what to answer of a process that the system tells nothing of */
    private boolean isServer(ProcessHandle process, boolean unknown) {
        return process.isAlive()
                && process.info().command().map(c -> c.contains("postgres")).orElse(unknown)
                // another hub's database may have been given the number
                && process.info()
                        .commandLine()
                        .map(line -> line.contains(home.toString()))
                        .orElse(true);
    }

    /** The first start was killed before the database was of use: what there is of it is no good and holds nothing. */
    private void setAside() throws IOException {
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains("initdb") && line.contains(home.toString()))
                        .isPresent())
                .forEach(DatabaseFolder::end);
        if (!Files.exists(home)) {
            return;
        }
        LOG.warn("The first start was interrupted while the database was being made: it is made anew");
        // a helper of the one that made it may still write: under another name it is in nobody's way
        Path aside = home.resolveSibling("postgres.unfinished-" + System.nanoTime());
        Files.move(home, aside, StandardCopyOption.ATOMIC_MOVE);
        try {
            FileSystemUtils.deleteRecursively(aside);
        } catch (IOException e) {
            LOG.warn("{} could not be taken away and may be deleted by hand: {}", aside, e.getMessage());
        }
    }

    private static void end(ProcessHandle process) {
        process.destroyForcibly();
        process.onExit()
                .orTimeout(15, TimeUnit.SECONDS)
                .exceptionally(late -> process)
                .join();
    }

    /** What was made or taken away in a folder is on the disk. */
    private static void sync(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            LOG.debug("{} cannot be synchronized here: {}", folder, e.toString());
        }
    }
}
