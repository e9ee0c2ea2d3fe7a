package it.snodo.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The editable folders: {@code routes/ mappings/ cda-templates/ xsd/}. A file in the configured folder wins; where it is
 * absent (a jar started in an empty directory) the copy inside the jar is read.
 */
public final class ConfigFolder {

    private static final String IN_JAR = "/snodo-defaults/";
    private final Path root;
    private final Refusals refusals;

    public ConfigFolder(Path root) {
        this(root, new Refusals());
    }

    private ConfigFolder(Path root, Refusals refusals) {
        this.root = root.toAbsolutePath().normalize();
        this.refusals = refusals;
    }

    /** What is watched, and what others than {@link Watched} could not read, by file. */
    private record Refusals(List<Watched<?>> watched, Map<String, RefusedEdit> others) {

        Refusals() {
            this(new CopyOnWriteArrayList<>(), new ConcurrentHashMap<>());
        }
    }

    /** Another folder whose refused edits are told with those of this one. */
    public ConfigFolder beside(Path other) {
        return new ConfigFolder(other, refusals);
    }

    void add(Watched<?> watched) {
        refusals.watched.add(watched);
    }

    void remove(Watched<?> watched) {
        refusals.watched.remove(watched);
    }

    /** Looks at once at all that has been asked for so far. */
    void lookNow() {
        refusals.watched.forEach(Watched::lookNow);
    }

    /** A file that is read by others than {@link Watched} cannot be used as it stands now. */
    void refused(String name, String reason) {
        refusals.others.put(name, new RefusedEdit(List.of(name), Instant.now(), reason));
    }

    void taken(String name) {
        refusals.others.remove(name);
    }

    /** The edits that cannot be used as the files stand now, in the order of the files; empty when all is well. */
    public List<RefusedEdit> refusedEdits() {
        // one that was taken away again does no harm
        refusals.others.keySet().removeIf(name -> !exists(name));
        return Stream.concat(
                        refusals.watched.stream().map(Watched::refused).filter(Objects::nonNull),
                        refusals.others.values().stream())
                .sorted(Comparator.comparing(edit -> edit.files().toString()))
                .toList();
    }

    /** The file on disk, when there is one. */
    public Optional<Path> file(String name) {
        Path path = root.resolve(name).normalize();
        return path.startsWith(root) && Files.isRegularFile(path) ? Optional.of(path) : Optional.empty();
    }

    public boolean exists(String name) {
        return file(name).isPresent() || ConfigFolder.class.getResource(IN_JAR + name) != null;
    }

    /** Content of a file such as {@code mappings/aziende.csv}. */
    public byte[] read(String name) {
        Optional<Path> path = file(name);
        try (InputStream in = path.isPresent()
                ? Files.newInputStream(path.get())
                : ConfigFolder.class.getResourceAsStream(IN_JAR + name)) {
            return Objects.requireNonNull(in, () -> "no file " + name + " under " + root + " nor in the jar")
                    .readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    /** Changes when the file does; constant for a file in the jar. */
    long stamp(String name) {
        return file(name)
                .map(path -> {
                    try {
                        return Files.getLastModifiedTime(path).toMillis() ^ Files.size(path) << 44;
                    } catch (IOException e) {
                        return 0L;
                    }
                })
                .orElse(0L);
    }

    /** System id of the file, for parsers that resolve relative references. */
    public String systemId(String name) {
        return file(name).map(path -> path.toUri().toString()).orElseGet(() -> {
            var url = ConfigFolder.class.getResource(IN_JAR + name);
            return url == null ? root.resolve(name).toUri().toString() : url.toString();
        });
    }

    public Path root() {
        return root;
    }
}
