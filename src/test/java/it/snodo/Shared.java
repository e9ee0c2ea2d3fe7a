package it.snodo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The reference data that lies beside the repository on our machines; tests that use it pass without it. */
public final class Shared {

    private Shared() {}

    /** A folder or file of the shared data, such as {@code tables}. */
    public static Optional<Path> dir(String name) {
        return Stream.of(
                        System.getProperty("snodo.shared"),
                        System.getenv("SNODO_SHARED"),
                        "../shared/data",
                        "/work/shared/data")
                .filter(Objects::nonNull)
                .map(root -> Path.of(root).resolve(name))
                .filter(Files::exists)
                .findFirst();
    }
}
