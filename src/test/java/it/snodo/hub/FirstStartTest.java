package it.snodo.hub;

import it.snodo.Shared;
import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The very first start is killed with all that it has started, as when the power fails: while the database is unpacked,
 * made, given its password, or given its tables. The next start works all the same, and so does what comes in then. Only
 * with {@code -Pchaos}.
 */
@Tag("chaos")
@EnabledIfSystemProperty(named = "snodo.chaos", matches = "true")
class FirstStartTest {

    private static final Random RANDOM = new Random(Long.getLong("snodo.kill.seed", System.nanoTime()));

    @TempDir
    Path data;

    @RepeatedTest(10)
    void a_first_start_that_was_killed_at_any_moment_does_not_keep_the_next_from_working() throws Exception {
        SimulatorSettings settings =
                SimulatorSettings.onPort(0).withFseFiles(Shared.dir("fse").orElse(null));
        HubRun hub = new HubRun(data, "first-start-test.log");
        try (Simulators outside = new Simulators(settings).start();
                Traffic traffic = new Traffic(hub.mllp, hub.http, 2, Duration.ofMillis(500), RANDOM.nextLong())) {
            hub.begin(outside.url());
            Awaitility.await("the database is being made")
                    .atMost(HubProcess.PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> Files.exists(data.resolve("postgres")));
            int millis = RANDOM.nextInt(8000);
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
            boolean conf = Files.exists(data.resolve("postgres").resolve("postgresql.conf"));
            boolean served = hub.database().isPresent();
            hub.killWithAll();
            System.out.println("First start killed after " + millis + " ms: configured " + conf + ", served " + served);

            hub.start(outside.url());
            traffic.start();
            traffic.flows(3);
            traffic.stop();
            traffic.everythingAcknowledgedArrivedOnceAndNothingElse(outside.url());
        } finally {
            hub.stop();
        }
    }
}
