package it.snodo.intake.hl7v2;

import it.snodo.booking.BookingAnswer;
import it.snodo.booking.BookingReply;
import it.snodo.booking.desk.BookingDesk.Answered;
import it.snodo.config.ConfigFolder;
import it.snodo.config.SnodoProperties;
import it.snodo.demo.MllpClient;
import it.snodo.intake.BookingArrival;
import it.snodo.intake.Incoming;
import it.snodo.intake.Incoming.Outcome;
import it.snodo.intake.Quarantine;
import it.snodo.registry.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;

/**
 * The listener as it runs in the hub: the routes from {@code routes/}, the codec, the intake. Only {@code direct:accept}
 * is a stand-in, which takes every message without faults, and {@code direct:booking}, which refuses.
 */
final class Listener implements AutoCloseable {

    final int port = freePort();
    final int tlsPort = freePort();
    final Queue<Incoming> taken = new ConcurrentLinkedQueue<>();
    final MllpConnections connections;
    final Path data;
    private final CamelContext camel = new DefaultCamelContext();
    private volatile Consumer<Incoming> accept = message -> {};
    private volatile Function<BookingArrival, BookingReply> desk =
            booking -> BookingAnswer.refused(List.of(), booking.faults());
    private volatile boolean keeping = true;

    /** What the lead's step gives back. */
    public record Accepted(byte[] answer) implements it.snodo.intake.Answered {}

    Listener() {
        this(properties());
    }

    Listener(MllpProperties properties) {
        this(properties, Path.of("."), new DefaultSslBundleRegistry());
    }

    /**
     * @param config folder whose {@code mappings/peers.csv} says who may send
     * @param bundles with the bundle that the properties name for TLS
     */
    Listener(MllpProperties properties, Path config, SslBundles bundles) {
        MllpConfiguration beans = new MllpConfiguration();
        data = dataFolder();
        SnodoProperties snodo = new SnodoProperties(data, config.toString());
        connections = beans.mllpConnections(properties, snodo);
        Quarantine quarantine = beans.quarantine(properties, snodo);
        try {
            camel.getRegistry().bind("mllpTls", beans.mllpTls(properties, bundles));
            camel.getRegistry().bind("mllpDecoder", beans.mllpDecoder(properties, connections));
            camel.getRegistry().bind("mllpWorkers", beans.mllpWorkers(properties));
            camel.getRegistry().bind("mllpEncoder", beans.mllpEncoder(quarantine));
            camel.getRegistry()
                    .bind("hl7v2Intake", new Hl7v2Intake(properties, quarantine, new Peers(new ConfigFolder(config))));
            initial("snodo.mllp.host", "127.0.0.1");
            initial("snodo.mllp.port", String.valueOf(port));
            initial("snodo.mllp.tls.port", String.valueOf(tlsPort));
            initial("snodo.mllp.tls.enabled", String.valueOf(properties.tls().bundle() != null));
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    // on threads of its own: the hub's own step holds none
                    from("direct:accept").threads(64, 64).process(exchange -> {
                        Incoming message = exchange.getMessage().getBody(Incoming.class);
                        accept.accept(message);
                        if (keeping) {
                            taken.add(message);
                        }
                        boolean good = message.faults().isEmpty();
                        byte[] answer = message.answer()
                                .build(message, new Outcome(1, good, good ? 977L : null, null, message.faults()));
                        exchange.getMessage().setBody(new Accepted(answer));
                    });
                    from("direct:booking").process(exchange -> {
                        BookingArrival booking = exchange.getMessage().getBody(BookingArrival.class);
                        BookingReply reply = desk.apply(booking);
                        exchange.getMessage()
                                .setBody(new Answered(booking.writer().write(booking, reply), reply, 1, false));
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

    private void initial(String name, String value) {
        camel.getPropertiesComponent().addInitialProperty(name, value);
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path dataFolder() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "listeners")), "data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The defaults on the loopback address, with some set otherwise: {@code "max-frame-size=1MB"}. */
    static MllpProperties properties(String... settings) {
        Map<String, String> map = new HashMap<>(Map.of("snodo.mllp.host", "127.0.0.1"));
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            map.put("snodo.mllp." + parts[0], parts[1]);
        }
        return new Binder(new MapConfigurationPropertySource(map)).bindOrCreate("snodo.mllp", MllpProperties.class);
    }

    static Hl7v2Intake intake(MllpProperties properties) {
        return new Hl7v2Intake(properties, quarantine(), new Peers(new ConfigFolder(Path.of("."))));
    }

    /** The certificates in a frame. */
    static List<Incoming> certificates(Hl7v2Intake intake, byte[] frame) {
        return intake.read(frame, "test").stream().map(Incoming.class::cast).toList();
    }

    static Quarantine quarantine() {
        return new Quarantine(Path.of("target", "listeners", "quarantine"), 1 << 20);
    }

    static MllpConnections connections(MllpProperties properties) {
        return new MllpConfiguration()
                .mllpConnections(properties, new SnodoProperties(Path.of("target", "listeners"), "."));
    }

    /** What happens to each message before it is taken; may throw. */
    void onAccept(Consumer<Incoming> action) {
        accept = action;
    }

    /** What is said to each booking message; may throw, may wait. */
    void onBooking(Function<BookingArrival, BookingReply> action) {
        desk = action;
    }

    /** Forgets what it takes: for millions of messages. */
    void keepNothing() {
        keeping = false;
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
