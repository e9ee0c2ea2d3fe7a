package it.snodo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.demo.MllpClient;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From {@code java -jar target/snodo.jar} to the first acknowledged message, with everything embedded. */
class StartBench {

    private static final Path JAR = Path.of("target", "snodo.jar");
    private static final int LONGEST_SECONDS = 120;

    @Test
    void first_message_accepted(@TempDir Path data) throws Exception {
        Assumptions.assumeTrue(Files.isRegularFile(JAR), "mvn package makes the jar");
        double first = seconds(data, 1);
        double second = seconds(data, 2);
        Report.section(
                "Start",
                "From the command java -jar target/snodo.jar to the first message accepted (AA), demo, embedded.");
        Report.row("start", "seconds");
        Report.rule(1);
        Report.row("first, in an empty folder", first);
        Report.row("**second** (limit: 15 s)", second);
    }

    private static double seconds(Path data, int run) throws Exception {
        int port = EmbeddedHub.freePort();
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString()));
        command.addAll(EmbeddedHub.arguments(data, port));
        byte[] message = Messages.certificate("S" + run, run, 0);
        long begun = System.nanoTime();
        Process hub = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", "bench-start-" + run + ".log").toFile())
                .start();
        try {
            while (System.nanoTime() - begun < LONGEST_SECONDS * 1_000_000_000L && hub.isAlive()) {
                if (accepted(port, message)) {
                    return (System.nanoTime() - begun) / 1e9;
                }
                LockSupport.parkNanos(20_000_000);
            }
            throw new AssertionError("no message was accepted within " + LONGEST_SECONDS + " s");
        } finally {
            hub.destroy();
            assertThat(hub.waitFor(40, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static boolean accepted(int port, byte[] message) {
        try (MllpClient connection = new MllpClient(port)) {
            String answer = connection.exchange(message);
            return answer != null && answer.contains("MSA|AA");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }
}
