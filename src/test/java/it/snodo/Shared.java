package it.snodo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Official material that is not part of the project; tests that want it are skipped where it is absent. */
public final class Shared {

    private Shared() {}

    /**
     * A folder of the shared data.
     *
     * @param name relative to its root, such as {@code fse/examples}
     * @return empty where neither {@code SNODO_SHARED} (environment or system property), nor {@code ../shared/data}, nor
     *     {@code /work/shared/data} has it
     */
    public static Optional<Path> dir(String name) {
        return Stream.of(
                        System.getProperty("SNODO_SHARED"),
                        System.getenv("SNODO_SHARED"),
                        "../shared/data",
                        "/work/shared/data")
                .filter(Objects::nonNull)
                .map(root -> Path.of(root).resolve(name))
                .filter(Files::isDirectory)
                .findFirst();
    }
}
