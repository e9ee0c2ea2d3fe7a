package it.snodo.config;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Starts the embedded broker again when it has stopped by itself, as it does when its disk takes nothing more. Until then
 * certificates are accepted and stand still; the register offers them again afterwards.
 */
@Component
class BrokerWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerWatch.class);
    private static final long LOOK_EVERY_SECONDS = 2;

    private final EmbeddedActiveMQ broker;
    private final ScheduledExecutorService thread;
    private boolean said;

    /** @param broker none where an outside one is named */
    BrokerWatch(ObjectProvider<EmbeddedActiveMQ> broker) {
        this.broker = broker.getIfAvailable();
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread watch = new Thread(task, "broker-watch");
            watch.setDaemon(true);
            return watch;
        });
        if (this.broker != null) {
            thread.scheduleWithFixedDelay(this::look, LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void look() {
        ActiveMQServer server = broker.getActiveMQServer();
        if (server != null && server.getState() != ActiveMQServer.SERVER_STATE.STOPPED) {
            return;
        }
        if (!said) {
            said = true;
            LOG.error("The embedded broker has stopped by itself: starting it again");
        }
        try {
            broker.stop();
            broker.start();
            said = false;
            LOG.warn("The embedded broker runs again");
        } catch (Exception e) {
            // Artemis throws whatever its journal meets; a disk that is still full is tried again
            LOG.error("The embedded broker does not start yet: {}", e.toString());
        }
    }

    @Override
    public void close() throws InterruptedException {
        thread.shutdown();
        thread.awaitTermination(60, TimeUnit.SECONDS);
    }
}
