package it.snodo.hub;

import it.snodo.Shared;
import it.snodo.demo.CupPorts;
import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import it.snodo.simulator.cup.CupSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/**
 * The hub is killed (SIGKILL) again and again while certificates come in over twenty connections. What it said yes to is
 * published, once; what it refused is nowhere. Beside them desks book, over REST and MLLP, and revoke at CUPs of four protocols,
 * whose answers come late, get lost or belong to another message now and then: what was booked stands there, once, and
 * nothing else. The simulated outside lives in this process and not in the killed one.
 * Five kills; two hundred with {@code -Pchaos}, or as many as {@code snodo.kill.times} and {@code snodo.kill.minutes} say.
 * Sometimes its database dies with it or just before, and sometimes the end of the broker's journal is torn while it is
 * down; some kills hit the start, some the moment in which edited routes are read.
 */
@Tag("kill")
@Tag("chaos")
class KillTest {

    private static final int CONNECTIONS = 20;
    private static final int KILLS =
            Integer.getInteger("snodo.kill.times", Boolean.getBoolean("snodo.chaos") ? 200 : 5);
    private static final long LONGEST_MINUTES = Long.getLong("snodo.kill.minutes", Long.MAX_VALUE);
    private static final long SEED = Long.getLong("snodo.kill.seed", System.nanoTime());

    @TempDir
    Path data;

    @TempDir
    Path configuration;

    @Test
    void what_was_acknowledged_before_a_kill_is_published_once_and_what_was_refused_is_nowhere() throws Exception {
        System.out.println("Kill test: seed " + SEED + ", " + KILLS + " kills");
        Random random = new Random(SEED);
        SimulatorSettings settings =
                SimulatorSettings.onPort(0).withFseFiles(Shared.dir("fse").orElse(null));
        int cups = CupPorts.reserve();
        HubRun hub = new HubRun(
                data,
                "kill-test.log",
                "--snodo.config-dir=" + configured(),
                "--snodo.cup.base-port=" + cups,
                // what a CUP left open is asked again before the test's patience ends, however often that was
                "--snodo.booking.longest-back-off=10s");
        settings = settings.withCup(new CupSettings(cups, "localhost", hub.mllp));
        try (Simulators outside = new Simulators(settings).start();
                Traffic traffic = new Traffic(hub.mllp, hub.http, CONNECTIONS, Duration.ofSeconds(2), SEED).variety();
                BookingTraffic desks = new BookingTraffic(hub.http, hub.mllp, 4, Duration.ofMillis(500), SEED)) {
            hub.start(outside.url());
            traffic.start();
            desks.start();
            long begun = System.nanoTime();
            int kill = 0;
            while (kill < KILLS && (System.nanoTime() - begun) / 60_000_000_000L < LONGEST_MINUTES) {
                kill++;
                traffic.flows(5);
                desks.flows(1);
                desks.misbehave(outside.url(), random);
                pause(random.nextInt(3000));
                if (random.nextInt(10) < 2) {
                    editRoutes(kill);
                    // noticed within a second or two
                    pause(random.nextInt(2500));
                }
                boolean withDatabase = random.nextInt(10) < 3;
                if (withDatabase && random.nextBoolean()) {
                    hub.killDatabase();
                    pause(random.nextInt(1500));
                }
                hub.kill();
                if (withDatabase) {
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
                System.out.println("kill " + kill + ": " + traffic + "; " + desks);
            }
            traffic.flows(10);
            desks.flows(3);
            desks.flowsOverMllp();
            traffic.stop();
            desks.stop();
            System.out.println(kill + " kills, seed " + SEED + ": " + traffic + "; " + desks);

            traffic.everythingAcknowledgedArrivedOnceAndNothingElse(outside.url());
            desks.everythingBookedStandsOnceAndNothingElse(outside.url());
        } finally {
            hub.stop();
        }
    }

    /** The hub's routes and tables in a folder of their own, to be edited. */
    private Path configured() throws IOException {
        for (String part : List.of("routes", "mappings", "cda-templates", "xsd")) {
            FileSystemUtils.copyRecursively(Path.of(part), configuration.resolve(part));
        }
        return configuration;
    }

    /** As an editor saves a file that somebody has looked at. */
    private void editRoutes(int kill) throws IOException {
        try (Stream<Path> routes = Files.walk(configuration.resolve("routes"))) {
            for (Path route :
                    routes.filter(file -> file.toString().endsWith(".yaml")).toList()) {
                Files.writeString(route, "# " + kill + "\n", StandardOpenOption.APPEND);
            }
        }
    }

    private static void pause(int millis) throws InterruptedException {
        new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }
}
