package it.snodo.intake;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the bytes go that made the hub itself fail, {@code <data-dir>/quarantine}: one file with the bytes as they came, one
 * beside it that tells whence, when and why. What can be stored is not here but in the journal, as REFUSED. Nothing here is a
 * message that was taken: over MLLP its sender has been told AE; one from the queue exists nowhere else.
 */
public final class Quarantine {

    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS");
    private static final String NOTE = ".txt";
    /** What the bytes came as, by protocol. */
    private static final Map<String, String> ENDINGS = Map.of("MLLP", ".hl7", "JMS", ".msg");

    private final Path folder;
    private final long maxBytes;
    private final AtomicLong count = new AtomicLong();

    public Quarantine(Path folder, long maxBytes) {
        this.folder = folder;
        this.maxBytes = maxBytes;
    }

    /**
     * What lies here.
     *
     * @param name of its files without their ending
     * @param protocol MLLP or JMS
     * @param key what its sender calls it, when the protocol says so outside of the bytes; else null
     * @param why null when nobody wrote it down
     */
    public record Entry(String name, Instant at, String protocol, String peer, String key, long size, String why) {}

    /** Never fails: there is an answer still to be given. */
    public void put(byte[] bytes, String peer, Throwable why) {
        try {
            if (!keep("MLLP", bytes, peer, null, String.valueOf(why))) {
                LOG.error("Quarantine {} is full: a frame of {} bytes from {} is not kept", folder, bytes.length, peer);
            }
        } catch (UncheckedIOException e) {
            LOG.error("A frame of {} bytes from {} could not be put in quarantine", bytes.length, peer, e);
        }
    }

    /**
     * Keeps bytes that exist nowhere else; they are on the disk when this returns.
     *
     * @throws UncheckedIOException when they could not be kept, also because the quarantine is full
     */
    public void putForGood(String protocol, byte[] bytes, String peer, String key, String why) {
        if (!keep(protocol, bytes, peer, key, why)) {
            throw new UncheckedIOException(new IOException("quarantine " + folder + " is full"));
        }
    }

    private boolean keep(String protocol, byte[] bytes, String peer, String key, String why) {
        String name = LocalDateTime.now().format(STAMP) + "-" + count.incrementAndGet();
        try {
            Files.createDirectories(folder);
            if (size() + bytes.length > maxBytes) {
                return false;
            }
            String note = "protocol: " + protocol + "\npeer: " + line(peer) + (key == null ? "" : "\nkey: " + line(key))
                    + "\nbytes: " + bytes.length + "\nwhy: " + line(why) + "\n";
            write(folder.resolve(name + NOTE), note.getBytes(StandardCharsets.UTF_8));
            // The bytes last: what lists this folder goes by them.
            write(folder.resolve(name + ENDINGS.get(protocol)), bytes);
            LOG.error("A message of {} bytes from {} lies in quarantine: {}", bytes.length, peer, folder.resolve(name));
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.write(
                next,
                bytes,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        // The name, too, has to outlive a power cut; Windows opens no folder and keeps names by itself.
        if (File.separatorChar == '/') {
            try (FileChannel names = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }

    private static String line(String text) {
        return String.valueOf(text).replaceAll("[\\r\\n]+", " ");
    }

    private long size() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    /** Frames put here since the start. */
    public long count() {
        return count.get();
    }

    /** All that lies here, the newest first, without what only the notes tell: {@link #find} adds that. */
    public List<Entry> list() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> entry(file, false))
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparing(Entry::at)
                            .thenComparing(Entry::name)
                            .reversed())
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<Entry> find(String name) {
        return name.matches("[0-9-]+")
                ? ENDINGS.values().stream()
                        .map(ending -> folder.resolve(name + ending))
                        .filter(Files::exists)
                        .map(file -> entry(file, true))
                        .flatMap(Optional::stream)
                        .findFirst()
                : Optional.empty();
    }

    /** Empty for a note, and for what somebody takes away in this moment. */
    private Optional<Entry> entry(Path file, boolean whole) {
        String full = file.getFileName().toString();
        String protocol = ENDINGS.entrySet().stream()
                .filter(one -> full.endsWith(one.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
        if (protocol == null) {
            return Optional.empty();
        }
        String name = full.substring(0, full.length() - ENDINGS.get(protocol).length());
        try {
            Map<String, String> note = whole ? note(name) : Map.of();
            return Optional.of(new Entry(
                    name,
                    Files.getLastModifiedTime(file).toInstant(),
                    protocol,
                    note.get("peer"),
                    note.get("key"),
                    Files.size(file),
                    note.get("why")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Map<String, String> note(String name) throws IOException {
        Map<String, String> note = new HashMap<>();
        Path file = folder.resolve(name + NOTE);
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                int colon = line.indexOf(": ");
                if (colon > 0) {
                    note.putIfAbsent(line.substring(0, colon), line.substring(colon + 2));
                }
            }
        }
        return note;
    }

    /** The bytes as they came. */
    public byte[] bytes(Entry entry) {
        try {
            return Files.readAllBytes(folder.resolve(entry.name() + ENDINGS.get(entry.protocol())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets go of bytes that are kept elsewhere now. */
    public void remove(Entry entry) {
        try {
            Files.deleteIfExists(folder.resolve(entry.name() + ENDINGS.get(entry.protocol())));
            Files.deleteIfExists(folder.resolve(entry.name() + NOTE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
