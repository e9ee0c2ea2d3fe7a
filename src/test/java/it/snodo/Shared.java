package it.snodo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The material outside the repository (official schemas, tables, examples), where a machine has it. */
public final class Shared {

    private Shared() {}

    /** A folder such as {@code fse/xsd}: under SNODO_SHARED (system property or environment), else ../shared/data. */
    public static Optional<Path> dir(String name) {
        return Stream.of(System.getProperty("SNODO_SHARED"), System.getenv("SNODO_SHARED"), "../shared/data")
                .filter(root -> root != null && !root.isBlank())
                .map(root -> Path.of(root).resolve(name))
                .filter(Files::isDirectory)
                .findFirst();
    }
}
