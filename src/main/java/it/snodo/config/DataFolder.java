package it.snodo.config;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.springframework.stereotype.Component;

/**
 * The hub's own folder: closed to other users of the machine, for health data lie in it, and held by one hub at a time,
 * for a second one would stop the database of the first.
 */
@Component
class DataFolder implements AutoCloseable {

    private final Path path;
    private final FileChannel channel;

    DataFolder(SnodoProperties properties) throws IOException {
        path = properties.dataDir().toAbsolutePath();
        Files.createDirectories(path);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        }
        channel = FileChannel.open(path.resolve("hub.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!locked()) {
            channel.close();
            throw new IllegalStateException("another hub is running with snodo.data-dir=" + path);
        }
    }

    private boolean locked() throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    Path path() {
        return path;
    }

    /** Gives the lock back; the process's end does the same. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
