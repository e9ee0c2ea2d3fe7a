package it.snodo.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the benchmarks found: told on the console as it comes, and kept in {@code target/bench.md}. */
final class Report {

    private static final Path FILE = Path.of("target", "bench.md");

    static {
        try {
            Files.deleteIfExists(FILE);
            say("# Snodo, measured on %d processors, Java %s, load %.1f at the start"
                    .formatted(
                            Runtime.getRuntime().availableProcessors(),
                            System.getProperty("java.version"),
                            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Report() {}

    static synchronized void say(String line) throws IOException {
        System.out.println(line);
        Files.writeString(FILE, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    static void section(String title, String... notes) throws IOException {
        say("\n## " + title + "\n");
        for (String note : notes) {
            say(note + "\n");
        }
    }

    /** A table row; the first one is followed by {@link #rule}. */
    static void row(Object first, Object... others) throws IOException {
        say("| %-44s | ".formatted(first)
                + Arrays.stream(others)
                        .map(cell -> "%12s".formatted(text(cell)))
                        .collect(Collectors.joining(" | "))
                + " |");
    }

    static void rule(int others) throws IOException {
        say("|" + "-".repeat(46) + ("|" + "-".repeat(13) + ":").repeat(others) + "|");
    }

    private static String text(Object cell) {
        return cell instanceof Double number
                ? String.format(Locale.ROOT, number < 10 ? "%.3f" : "%.1f", number)
                : "" + cell;
    }
}
