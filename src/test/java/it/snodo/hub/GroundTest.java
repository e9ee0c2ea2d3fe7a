package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.Shared;
import it.snodo.simulator.SimulatorSettings;
import it.snodo.simulator.Simulators;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Database and broker give way under a hub that takes certificates; the hub says so in its health, refuses what it cannot
 * keep, comes back by itself, and has lost nothing and done nothing twice. The broker is an outside one, in this process.
 */
@Tag("kill")
class GroundTest {

    private static final long SEED = Long.getLong("snodo.kill.seed", System.nanoTime());

    @TempDir
    Path data;

    @TempDir
    Path brokerData;

    private static final Logger BROKERS_LOG = (Logger) LoggerFactory.getLogger("org.apache.activemq");
    private static final Level SAID = BROKERS_LOG.getLevel();

    @BeforeAll
    static void quiet() {
        BROKERS_LOG.setLevel(Level.ERROR);
    }

    @AfterAll
    static void asBefore() {
        BROKERS_LOG.setLevel(SAID);
    }

    @Test
    void a_database_and_a_broker_that_die_under_load_are_waited_for_and_nothing_is_lost() throws Exception {
        System.out.println("Ground test: seed " + SEED);
        SimulatorSettings settings =
                SimulatorSettings.onPort(0).withFseFiles(Shared.dir("fse").orElse(null));
        int brokerPort = HubRun.port();
        EmbeddedActiveMQ broker = broker(brokerPort).start();
        HubRun hub = new HubRun(
                data,
                "ground-test.log",
                "--spring.artemis.mode=native",
                "--spring.artemis.broker-url=tcp://127.0.0.1:" + brokerPort,
                // late is what comes after this
                "--snodo.fse.response-timeout=10s",
                "--snodo.rol.response-timeout=10s");
        try (Simulators outside = new Simulators(settings).start();
                Traffic traffic = new Traffic(hub.mllp, hub.http, 8, Duration.ofSeconds(1), SEED)) {
            hub.start(outside.url());
            // both take what they get and answer when nobody waits any more
            order(outside.url() + "/fse", "{\"operation\":\"CREATE\",\"delayMs\":13000,\"times\":2}");
            order(outside.url() + "/rol", "{\"operation\":\"INSERIMENTO\",\"delayMs\":13000,\"times\":2}");
            traffic.start();
            traffic.flows(8);

            assertThat(hub.killOneOfTheDatabasesProcesses()).isTrue();
            traffic.flows(8);
            System.out.println("one process of the database killed: " + traffic);

            long first = hub.database().orElseThrow().pid();
            Path options = data.resolve("postgres").resolve("postmaster.opts");
            Path aside = data.resolve("postmaster.opts");
            // without its options it cannot be started again: the hub has to bear the outage until they are back
            Files.move(options, aside);
            int putOff = traffic.putOff.get();
            hub.killDatabase();
            until(hub, "db", "DOWN");
            assertThat(status(hub, Certificate.plain(Outside.unique("GROUND"))))
                    .as("a certificate over HTTP")
                    .isEqualTo(503);
            await("senders are told to send again")
                    .atMost(HubProcess.PATIENCE)
                    .until(() -> traffic.putOff.get() > putOff);
            Files.move(aside, options);
            traffic.flows(8);
            assertThat(hub.database().orElseThrow().pid()).isNotEqualTo(first);
            System.out.println("database killed: " + traffic);

            new ProcessBuilder("kill", "-INT", "" + hub.database().orElseThrow().pid())
                    .start()
                    .waitFor();
            traffic.flows(8);
            System.out.println("database stopped by hand: " + traffic);

            broker.stop();
            until(hub, "jms", "DOWN");
            // the store is the truth: what comes meanwhile is taken, and goes on when the broker is back
            traffic.flows(8);
            broker.start();
            System.out.println("broker stopped and started: " + traffic);
            traffic.flows(8);

            until(hub, null, "UP");
            traffic.stop();
            traffic.everythingAcknowledgedArrivedOnceAndNothingElse(outside.url());
            for (String system : List.of("/fse", "/rol")) {
                assertThat(Traffic.get(outside.url() + system + "/_control").findValues("applied"))
                        .as("late answers of " + system)
                        .allMatch(applied -> applied.asInt() == 2);
            }
        } finally {
            hub.stop();
            broker.stop();
        }
    }

    private static void until(HubRun hub, String component, String status) {
        await(component + " is " + status)
                .atMost(HubProcess.PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    JsonNode health = Traffic.get("http://localhost:" + hub.management + "/actuator/health");
                    JsonNode at = component == null
                            ? health
                            : health.path("components").path(component);
                    return at.path("status").asText().equals(status);
                });
    }

    private static void order(String system, String rule) throws Exception {
        int status = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(system + "/_control"))
                                .POST(HttpRequest.BodyPublishers.ofString(rule))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
        assertThat(status).isEqualTo(200);
    }

    private static int status(HubRun hub, Certificate certificate) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + hub.http + "/api/v1/certificates"))
                                .header(
                                        "Authorization",
                                        "Basic "
                                                + Base64.getEncoder()
                                                        .encodeToString(
                                                                "specialista:demo".getBytes(StandardCharsets.UTF_8)))
                                .header("Content-Type", "application/json")
                                .header("Idempotency-Key", certificate.number())
                                .POST(HttpRequest.BodyPublishers.ofByteArray(certificate.rest()))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private EmbeddedActiveMQ broker(int port) throws Exception {
        ConfigurationImpl configuration = new ConfigurationImpl();
        configuration.setName("outside");
        configuration.setSecurityEnabled(false);
        configuration.setPersistenceEnabled(true);
        configuration.setJournalDirectory(brokerData.resolve("journal").toString());
        configuration.setBindingsDirectory(brokerData.resolve("bindings").toString());
        configuration.setLargeMessagesDirectory(brokerData.resolve("large").toString());
        configuration.setPagingDirectory(brokerData.resolve("paging").toString());
        configuration.addAcceptorConfiguration("tcp", "tcp://127.0.0.1:" + port);
        return new EmbeddedActiveMQ().setConfiguration(configuration);
    }
}
