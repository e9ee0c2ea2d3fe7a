package it.snodo.hub;

import it.snodo.Shared;
import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The hub is killed (SIGKILL) again and again while certificates come in over twenty connections. What it said yes to is
 * published, once; what it refused is nowhere. The simulated outside lives in this process and not in the killed one.
 * Five kills; two hundred with {@code -Pchaos}. Sometimes its database dies with it, and sometimes the end of the
 * broker's journal is torn while it is down; some kills hit the start.
 */
@Tag("kill")
@Tag("chaos")
class KillTest {

    private static final int CONNECTIONS = 20;
    private static final int KILLS =
            Integer.getInteger("snodo.kill.times", Boolean.getBoolean("snodo.chaos") ? 200 : 5);
    private static final long SEED = Long.getLong("snodo.kill.seed", System.nanoTime());

    @TempDir
    Path data;

    @Test
    void what_was_acknowledged_before_a_kill_is_published_once_and_what_was_refused_is_nowhere() throws Exception {
        System.out.println("Kill test: seed " + SEED + ", " + KILLS + " kills");
        Random random = new Random(SEED);
        SimulatorSettings settings =
                SimulatorSettings.onPort(0).withFseFiles(Shared.dir("fse").orElse(null));
        HubRun hub = new HubRun(data, "kill-test.log");
        try (Simulators outside = new Simulators(settings).start();
                Traffic traffic = new Traffic(hub.mllp, hub.http, CONNECTIONS, Duration.ofSeconds(2), SEED)) {
            hub.start(outside.url());
            traffic.start();
            for (int kill = 1; kill <= KILLS; kill++) {
                traffic.flows(5);
                pause(random.nextInt(3000));
                hub.kill();
                if (random.nextInt(10) < 3) {
                    hub.killDatabase();
                }
                // the second at least: verify is to see it each time
                if (kill == 2 || random.nextInt(10) < 2) {
                    hub.tearBrokerJournal(random);
                }
                if (random.nextInt(10) < 2) {
                    hub.begin(outside.url());
                    pause(random.nextInt(12_000));
                    hub.kill();
                }
                hub.start(outside.url());
                System.out.println("kill " + kill + ": " + traffic);
            }
            traffic.flows(10);
            traffic.stop();
            System.out.println(KILLS + " kills, seed " + SEED + ": " + traffic);

            traffic.everythingAcknowledgedArrivedOnceAndNothingElse(outside.url());
        } finally {
            hub.stop();
        }
    }

    private static void pause(int millis) throws InterruptedException {
        new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }
}
