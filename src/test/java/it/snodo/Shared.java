package it.snodo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Material beside the repository that some tests use where it is there. */
public final class Shared {

    private Shared() {}

    /** A folder of it, such as {@code fse/gateway-captures}. */
    public static Optional<Path> dir(String name) {
        return Stream.of(
                        System.getProperty("snodo.shared"),
                        System.getenv("SNODO_SHARED"),
                        "../shared/data",
                        "/work/shared/data")
                .filter(Objects::nonNull)
                .map(root -> Path.of(root).resolve(name))
                .filter(Files::isDirectory)
                .findFirst();
    }
}
