package it.snodo.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The embedded broker stops by itself, as when its disk is full: it comes back, and work goes on. */
class BrokerWatchTest {

    @Test
    void a_broker_that_has_stopped_by_itself_is_started_again_and_work_goes_on() throws Exception {
        RunningHub hub = RunningHub.get();
        Assumptions.assumeTrue(hub.context != null, "the broker of a hub elsewhere is not ours to stop");
        Outside out = new Outside(hub);
        EmbeddedActiveMQ broker = hub.context.getBean(EmbeddedActiveMQ.class);
        ActiveMQServer before = broker.getActiveMQServer();
        before.stop();

        Certificate certificate = Certificate.plain(Outside.unique("BROKER"));
        out.accepted(certificate);

        await("the broker runs").atMost(Duration.ofSeconds(120)).until(() -> broker.getActiveMQServer()
                .isStarted());
        await("the certificate goes on").atMost(Duration.ofSeconds(180)).until(() -> hub.message(
                        "NEW/" + certificate.number())
                .path("state")
                .asText()
                .equals("PUBLISHED"));
        await("health says so").atMost(Duration.ofSeconds(120)).untilAsserted(() -> assertThat(
                        hub.management("/actuator/health", "ops").statusCode())
                .isEqualTo(200));
    }
}
