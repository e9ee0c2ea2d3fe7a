package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.Shared;
import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A disk of its own, really filled to the last byte under load, and freed again. Only where a disk can be made (root,
 * tmpfs), and only with {@code -Pchaos}.
 */
@Tag("chaos")
@EnabledIfSystemProperty(named = "snodo.chaos", matches = "true")
class FullDiskTest {

    private static final long SEED = Long.getLong("snodo.kill.seed", System.nanoTime());

    @TempDir
    Path disk;

    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", disk.toString()) == 0;
        assumeTrue(mounted, "no disk can be made here");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            await("the disk is free").atMost(Duration.ofSeconds(60)).until(() -> run("umount", disk.toString()) == 0);
        }
    }

    /** With the limit the hub stops in time; without, database and broker run into the end of the disk. */
    @ParameterizedTest
    @ValueSource(strings = {"60MB", "0B"})
    void what_does_not_fit_is_refused_and_what_was_accepted_arrives(String limit) throws Exception {
        SimulatorSettings settings =
                SimulatorSettings.onPort(0).withFseFiles(Shared.dir("fse").orElse(null));
        HubRun hub = new HubRun(disk.resolve("data"), "full-disk-test.log", "--snodo.min-free-space=" + limit);
        try (Simulators outside = new Simulators(settings).start();
                Traffic traffic = new Traffic(hub.mllp, hub.http, 8, Duration.ofMillis(500), SEED).variety()) {
            hub.start(outside.url());
            traffic.start();
            traffic.flows(20);

            Path ballast = disk.resolve("ballast");
            int before = traffic.putOff.get();
            await("messages are put off")
                    .atMost(HubProcess.PATIENCE)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        fill(ballast);
                        return traffic.putOff.get() > before + 10;
                    });
            assertThat(hub.isAlive()).isTrue();
            JsonNode health = Traffic.get("http://localhost:" + hub.management + "/actuator/health");
            System.out.println("disk full (" + limit + "): " + traffic + ", health "
                    + health.path("status").asText());
            if (!limit.equals("0B")) {
                // without a limit nobody knows before the next message is refused
                assertThat(health.path("status").asText()).isEqualTo("DOWN");
            }
            Files.delete(ballast);

            traffic.flows(20);
            traffic.stop();
            System.out.println("disk free again (" + limit + "): " + traffic);
            traffic.everythingAcknowledgedArrivedOnceAndNothingElse(outside.url());
        } finally {
            hub.stop();
        }
    }

    /** Takes what is left. */
    private static void fill(Path ballast) {
        byte[] piece = new byte[64 * 1024];
        try (OutputStream out = Files.newOutputStream(
                ballast, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND)) {
            while (true) {
                out.write(piece);
            }
        } catch (IOException full) {
            // as it should be
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
