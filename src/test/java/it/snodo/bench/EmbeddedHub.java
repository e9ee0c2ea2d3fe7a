package it.snodo.bench;

import it.snodo.SnodoApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/** The whole hub in this JVM, with everything embedded and the simulators outside. */
final class EmbeddedHub implements AutoCloseable {

    final int mllp = freePort();
    final ConfigurableApplicationContext context;

    /** @param more settings as on the command line */
    EmbeddedHub(Path data, String... more) {
        SpringApplication application = new SpringApplication(SnodoApplication.class);
        application.setRegisterShutdownHook(false);
        application.addInitializers(
                starting -> starting.getBeanFactory().registerSingleton("noTestClasses", new NoTestClasses()));
        context = application.run(
                Stream.concat(arguments(data, mllp).stream(), Stream.of(more)).toArray(String[]::new));
    }

    /** The hub as it is shipped: configurations made for tests lie in the same packages. */
    private static final class NoTestClasses extends TypeExcludeFilter {
        @Override
        public boolean match(MetadataReader type, MetadataReaderFactory factory) throws IOException {
            return type.getResource().getURL().getPath().contains("/test-classes/");
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof NoTestClasses;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    /** Ports of its own, on this machine only. */
    static List<String> arguments(Path data, int mllp) {
        int simulator = freePort();
        return List.of(
                "--spring.profiles.active=demo",
                "--server.address=127.0.0.1",
                "--server.port=" + freePort(),
                "--management.server.port=" + freePort(),
                "--snodo.mllp.host=127.0.0.1",
                "--snodo.mllp.port=" + mllp,
                "--snodo.simulator.port=" + simulator,
                "--snodo.fse.base-url=http://localhost:" + simulator + "/fse/v1",
                "--snodo.rol.base-url=http://localhost:" + simulator + "/rol",
                "--snodo.data-dir=" + data,
                "--snodo.database.binaries-dir="
                        + Path.of("target", "postgres-bin").toAbsolutePath(),
                "--snodo.demo.play=false");
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
