package it.snodo.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.Shared;
import it.snodo.SnodoApplication;
import it.snodo.demo.MllpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole hub with its simulators, started once for all tests of the outside, and spoken to through its ports. */
final class RunningHub {

    private static RunningHub instance;

    /** HTTP, management, MLLP and simulator ports of a hub that runs already: for looking at it while testing. */
    private static final String ELSEWHERE = System.getProperty("snodo.test.hub");

    private static final int[] PORTS = ELSEWHERE == null
            ? java.util.stream.IntStream.generate(RunningHub::freePort).limit(4).toArray()
            : java.util.Arrays.stream(ELSEWHERE.split(","))
                    .mapToInt(Integer::parseInt)
                    .toArray();

    final int http;
    final int management;
    final int mllp;
    final int simulator;
    /** The simulated CUP of azienda NNN listens on this plus NNN. */
    final int cups;
    /** Null when the hub runs elsewhere. */
    final ConfigurableApplicationContext context;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    /** The hub that all tests of this JVM share; stopped with it. */
    static synchronized RunningHub get() {
        if (instance == null) {
            instance = new RunningHub(PORTS);
            if (instance.context != null) {
                Runtime.getRuntime().addShutdownHook(new Thread(instance.context::close));
            }
        }
        return instance;
    }

    /**
     * Another one with settings of its own, for its test alone, that closes it.
     *
     * @param settings as on the command line; {@code {simulator}} stands for the simulators' port
     */
    static RunningHub own(String... settings) {
        return new RunningHub(
                java.util.stream.IntStream.generate(RunningHub::freePort)
                        .limit(4)
                        .toArray(),
                settings);
    }

    private RunningHub(int[] ports, String... settings) {
        http = ports[0];
        management = ports[1];
        mllp = ports[2];
        simulator = ports[3];
        if (ELSEWHERE != null && settings.length == 0) {
            context = null;
            cups = 26_000;
            return;
        }
        try {
            Path data = Files.createTempDirectory(Files.createDirectories(Path.of("target", "hubs")), "hub");
            SpringApplication application = new SpringApplication(SnodoApplication.class);
            application.setRegisterShutdownHook(false);
            java.util.List<String> all = new java.util.ArrayList<>(java.util.List.of(
                    "--spring.profiles.active=demo",
                    "--server.port=" + http,
                    "--management.server.port=" + management,
                    "--snodo.mllp.port=" + mllp,
                    "--snodo.simulator.port=" + simulator,
                    "--snodo.fse.base-url=http://localhost:" + simulator + "/fse/v1",
                    "--snodo.rol.base-url=http://localhost:" + simulator + "/rol",
                    "--snodo.data-dir=" + data,
                    "--snodo.database.binaries-dir=target/postgres-bin",
                    "--snodo.demo.play=false",
                    // the simulated gateway judges with the official files where a machine has them
                    "--snodo.simulator.fse-files="
                            + Shared.dir("fse").map(Path::toString).orElse("absent")));
            for (String setting : settings) {
                all.add(setting.replace("{simulator}", String.valueOf(simulator)));
            }
            context = application.run(all.toArray(String[]::new));
            // the demo has looked for free ones
            cups = context.getEnvironment().getRequiredProperty("snodo.simulator.cup.base-port", Integer.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends one HL7 v2 message (lines of text, any line end) and gives the acknowledgement's text. */
    String mllp(String message) {
        return mllp(
                message.strip().replace("\r\n", "\n").replace('\n', '\r').getBytes(StandardCharsets.UTF_8),
                StandardCharsets.UTF_8);
    }

    String mllp(byte[] message, Charset charset) {
        try (MllpClient client = new MllpClient(mllp)) {
            return new String(client.send(MllpClient.frame(message)).receiveBytes(), charset);
        }
    }

    HttpResponse<byte[]> get(String path, String user) {
        return send(HttpRequest.newBuilder(URI.create("http://localhost:" + http + path)), user);
    }

    JsonNode json(String path, String user) {
        HttpResponse<byte[]> answer = get(path, user);
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + " answered " + answer.statusCode() + ": "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return read(answer);
    }

    HttpResponse<byte[]> post(String path, String user, String type, byte[] body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + http + path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request, user);
    }

    HttpResponse<byte[]> put(String path, String user, String type, byte[] body) {
        return send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + http + path))
                        .header("Content-Type", type)
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(body)),
                user);
    }

    HttpResponse<byte[]> delete(String path, String user) {
        return send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + http + path))
                        .DELETE(),
                user);
    }

    HttpResponse<byte[]> management(String path, String user) {
        return send(HttpRequest.newBuilder(URI.create("http://localhost:" + management + path)), user);
    }

    JsonNode simulator(String path) {
        return read(send(HttpRequest.newBuilder(URI.create("http://localhost:" + simulator + path)), null));
    }

    /** The journal's entry of a message; missing when it is not there. */
    JsonNode message(String controlId) {
        JsonNode items = json(
                        "/api/v1/messages?controlId=" + URLEncoder.encode(controlId, StandardCharsets.UTF_8), "ops")
                .path("items");
        return items.path(0);
    }

    JsonNode read(HttpResponse<byte[]> answer) {
        try {
            return json.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request, String user) {
        if (user != null) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString((user + ":demo").getBytes(StandardCharsets.UTF_8)));
        }
        try {
            return client.send(
                    request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
