package it.snodo.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The editable folders: {@code routes/ mappings/ cda-templates/ xsd/}. A file in the configured folder wins; where it is
 * absent (a jar started in an empty directory) the copy inside the jar is read.
 */
public final class ConfigFolder {

    private static final String IN_JAR = "/snodo-defaults/";
    private final Path root;

    public ConfigFolder(Path root) {
        this.root = root.toAbsolutePath().normalize();
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
