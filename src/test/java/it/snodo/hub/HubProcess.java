package it.snodo.hub;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The hub as a process of its own. */
final class HubProcess {

    /** How long anything is waited for: long, on a machine that others make stand still. {@code snodo.patience}, seconds. */
    static final Duration PATIENCE = Duration.ofSeconds(Long.getLong("snodo.patience", 600));

    private HubProcess() {}

    /** Starts it in a folder and waits until it is UP; what it says goes to a log below target. */
    static Process start(int http, int management, Path folder, String log, String... arguments) throws IOException {
        Process process = begin(http, management, folder, log, arguments);
        awaitUp(process, management, log);
        return process;
    }

    /** The same, without waiting. */
    static Process begin(int http, int management, Path folder, String log, String... arguments) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String main = Stream.of(classPath.split(File.pathSeparator))
                .filter(entry -> !entry.contains("test-classes"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                // with the first compiler alone it is 48 MB, and full after half an hour: then nothing is compiled any
                // more
                "-XX:ReservedCodeCacheSize=128m",
                "-XX:+UseSerialGC",
                "-cp",
                main,
                "it.snodo.SnodoApplication",
                "--spring.profiles.active=demo",
                "--server.port=" + http,
                "--management.server.port=" + management,
                "--snodo.database.binaries-dir="
                        + Path.of("target", "postgres-bin").toAbsolutePath(),
                "--snodo.demo.play=false"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        Files.createDirectories(Path.of("target")).resolve(log).toFile()))
                .start();
    }

    static void awaitUp(Process process, int management, String log) {
        HttpRequest health = HttpRequest.newBuilder(URI.create("http://localhost:" + management + "/actuator/health"))
                .timeout(Duration.ofSeconds(5))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        await("the hub is up")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(250))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("the hub ended by itself: see target/" + log);
                    }
                    return client.send(health, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200;
                });
    }

    /** By SIGTERM, that its database goes with it. */
    static void stop(Process hub) throws InterruptedException {
        hub.destroy();
        if (!hub.waitFor(30, TimeUnit.SECONDS)) {
            hub.destroyForcibly();
        }
    }
}
