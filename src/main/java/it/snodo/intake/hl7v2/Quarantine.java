package it.snodo.intake.hl7v2;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the bytes go that made the hub itself fail, {@code <data-dir>/quarantine}: one file with the bytes as they came,
 * one beside it that tells whence, when and why. What can be stored is not here but in the journal, as REFUSED. The
 * sender has been told AE, so nothing here is a message that was taken.
 */
final class Quarantine {

    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS");

    private final Path folder;
    private final long maxBytes;
    private final AtomicLong count = new AtomicLong();

    Quarantine(Path folder, long maxBytes) {
        this.folder = folder;
        this.maxBytes = maxBytes;
    }

    /** Never fails: there is an answer still to be given. */
    void put(byte[] bytes, String peer, Throwable why) {
        String name = LocalDateTime.now().format(STAMP) + "-" + count.incrementAndGet();
        try {
            Files.createDirectories(folder);
            if (size() + bytes.length > maxBytes) {
                LOG.error("Quarantine {} is full: a frame of {} bytes from {} is not kept", folder, bytes.length, peer);
                return;
            }
            Files.write(folder.resolve(name + ".hl7"), bytes);
            String note = "peer: " + peer + "\nbytes: " + bytes.length + "\nwhy: " + why + "\n";
            Files.writeString(folder.resolve(name + ".txt"), note, StandardCharsets.UTF_8);
            LOG.error("A frame of {} bytes from {} lies in quarantine: {}", bytes.length, peer, folder.resolve(name));
        } catch (IOException | RuntimeException e) {
            LOG.error("A frame of {} bytes from {} could not be put in quarantine", bytes.length, peer, e);
        }
    }

    private long size() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    /** Frames put here since the start. */
    long count() {
        return count.get();
    }
}
