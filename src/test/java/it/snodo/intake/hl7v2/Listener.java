package it.snodo.intake.hl7v2;

import it.snodo.intake.Incoming;
import it.snodo.intake.Incoming.Outcome;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.springframework.util.unit.DataSize;

/**
 * The listener as it runs in the hub: the route from {@code routes/}, the codec, the intake. Only {@code direct:accept}
 * is a stand-in, which takes every message without faults.
 */
final class Listener implements AutoCloseable {

    final int port;
    final Queue<Incoming> taken = new ConcurrentLinkedQueue<>();
    final MllpConnections connections;
    private final CamelContext camel = new DefaultCamelContext();
    private volatile Consumer<Incoming> accept = message -> {};

    /** What the lead's step gives back. */
    public record Accepted(byte[] answer) {}

    Listener() {
        this(properties());
    }

    Listener(MllpProperties properties) {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        MllpConfiguration beans = new MllpConfiguration();
        connections = beans.mllpConnections(properties);
        try {
            camel.getRegistry().bind("mllpDecoder", beans.mllpDecoder(properties, connections));
            camel.getRegistry().bind("mllpWorkers", beans.mllpWorkers(properties));
            camel.getRegistry().bind("mllpEncoder", beans.mllpEncoder());
            camel.getRegistry().bind("hl7v2Intake", new Hl7v2Intake(properties));
            camel.getPropertiesComponent().addInitialProperty("snodo.mllp.host", "127.0.0.1");
            camel.getPropertiesComponent().addInitialProperty("snodo.mllp.port", String.valueOf(port));
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:accept").process(exchange -> {
                        Incoming message = exchange.getMessage().getBody(Incoming.class);
                        accept.accept(message);
                        taken.add(message);
                        boolean good = message.faults().isEmpty();
                        byte[] answer = message.answer()
                                .build(message, new Outcome(1, good, good ? 977L : null, null, message.faults()));
                        exchange.getMessage().setBody(new Accepted(answer));
                    });
                }
            });
            PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(ResourceHelper.resolveResource(camel, "file:routes/certificate-mllp.camel.yaml"));
            camel.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static MllpProperties properties() {
        return properties(DataSize.ofMegabytes(50), Duration.ofSeconds(30), Duration.ofMinutes(60), 1000);
    }

    static MllpProperties properties(boolean joinContinuationLines, boolean acceptUnwrappedBatches) {
        MllpProperties usual = properties();
        return new MllpProperties(
                usual.host(),
                usual.port(),
                null,
                usual.maxFrameSize(),
                usual.maxBuffered(),
                usual.frameTimeout(),
                usual.idleTimeout(),
                usual.endBlockWait(),
                usual.maxNoise(),
                usual.maxConnections(),
                usual.backlog(),
                usual.workers(),
                joinContinuationLines,
                acceptUnwrappedBatches);
    }

    static MllpProperties properties(DataSize max, Duration frameTimeout, Duration idleTimeout, int maxConnections) {
        return new MllpProperties(
                "127.0.0.1",
                2575,
                null,
                max,
                DataSize.ofMegabytes(256),
                frameTimeout,
                idleTimeout,
                Duration.ofMillis(150),
                DataSize.ofKilobytes(64),
                maxConnections,
                256,
                32,
                true,
                false);
    }

    /** What happens to each message before it is taken; may throw. */
    void onAccept(Consumer<Incoming> action) {
        accept = action;
    }

    MllpClient connect() {
        return new MllpClient(port);
    }

    List<String> takenIds() {
        return taken.stream().map(Incoming::controlId).toList();
    }

    @Override
    public void close() {
        camel.stop();
    }
}
