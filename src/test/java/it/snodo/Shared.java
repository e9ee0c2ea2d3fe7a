package it.snodo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Data that lies beside the repository and may be absent. */
public final class Shared {

    private Shared() {}

    /** A folder such as {@code hl7-messages}; empty when it is not on this machine. */
    public static Optional<Path> dir(String name) {
        return Stream.of(
                        System.getProperty("snodo.shared"),
                        System.getenv("SNODO_SHARED"),
                        "../shared/data",
                        "/work/shared/data")
                .filter(Objects::nonNull)
                .map(root -> Path.of(root, name))
                .filter(Files::isDirectory)
                .findFirst();
    }
}
