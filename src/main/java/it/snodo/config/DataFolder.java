package it.snodo.config;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
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
 * The data directory, closed to other users of the machine and owned by one hub at a time: database and broker ask for it before they touch anything below it. A
 * second hub would otherwise take the first one's database for one that a killed hub left behind, and stop it.
 */
@Component
class DataFolder implements AutoCloseable {

    private final Path path;
    private final FileChannel channel;

    DataFolder(SnodoProperties properties) {
        path = properties.dataDir().toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
                // health data lie in it
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            }
            channel = FileChannel.open(path.resolve("hub.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            own();
        } catch (IOException e) {
            throw new SnodoException(
                    SnodoCode.DATA_FOLDER_NOT_WRITABLE,
                    "L'hub non può scrivere nella cartella dei dati " + path + ".",
                    e);
        }
    }

    /** The lock goes with the process, however it ends. */
    private void own() throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new SnodoException(
                    SnodoCode.DATA_FOLDER_IN_USE, "Un altro hub sta lavorando sulla cartella dei dati " + path + ".");
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
