package it.snodo.hub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A hub in a process of its own, on ports and data that outlive it: killed, started again, its database killed under it.
 * Its ports lie below those the system gives to clients: one that calls a hub that is down would else now and then be
 * given the hub's own port, be connected with itself, and keep the hub from coming back.
 */
final class HubRun {

    final int http = port();
    final int management = port();
    final int mllp = port();
    private final int simulator = port();
    private final Path data;
    private final String log;
    private final List<String> more;
    private Process process;

    HubRun(Path data, String log, String... more) {
        this.data = data;
        this.log = log;
        this.more = List.of(more);
    }

    /** Starts it and waits until it is up. */
    void start(String outside) throws IOException {
        begin(outside);
        HubProcess.awaitUp(process, management, log);
    }

    /** Starts it and does not wait. */
    void begin(String outside) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--snodo.mllp.port=" + mllp,
                "--snodo.simulator.port=" + simulator,
                "--snodo.fse.base-url=" + outside + "/fse/v1",
                "--snodo.rol.base-url=" + outside + "/rol",
                "--snodo.data-dir=" + data));
        arguments.addAll(more);
        process =
                HubProcess.begin(http, management, Path.of("").toAbsolutePath(), log, arguments.toArray(String[]::new));
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGKILL of it and of all that it has started, as when the power fails. */
    void killWithAll() throws InterruptedException {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
        killDatabase();
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** What the process holds of the machine's memory, in MB; 0 where the system does not tell. */
    double residentMegabytes() throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                .sum();
    }

    /** By SIGTERM, that its database goes with it. */
    void stop() throws InterruptedException {
        if (isAlive()) {
            HubProcess.stop(process);
        }
        // what deletes the folder must not meet a database that is still ending
        database().ifPresent(each -> {
            each.destroy();
            each.onExit()
                    .orTimeout(60, TimeUnit.SECONDS)
                    .exceptionally(late -> each)
                    .join();
        });
    }

    /** The embedded database's first process. */
    Optional<ProcessHandle> database() {
        try {
            return Files.readAllLines(data.resolve("postgres").resolve("postmaster.pid")).stream()
                    .findFirst()
                    .map(String::trim)
                    .map(Long::parseLong)
                    .flatMap(ProcessHandle::of)
                    .filter(ProcessHandle::isAlive);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** SIGKILL of the database's first process; it had no time to tell anybody. */
    void killDatabase() {
        database().ifPresent(ProcessHandle::destroyForcibly);
    }

    /** SIGKILL of one of the processes that serve the hub's connections. */
    boolean killOneOfTheDatabasesProcesses() {
        return database()
                .flatMap(first -> first.children().max(Comparator.comparing(ProcessHandle::pid)))
                .map(ProcessHandle::destroyForcibly)
                .orElse(false);
    }

    /** As a disk leaves a file that was being written when the power failed: rubbish behind what is known to be whole. */
    void tearBrokerJournal(Random random) throws IOException {
        Path newest;
        try (Stream<Path> files = Files.list(data.resolve("broker").resolve("journal"))) {
            newest = files.filter(file -> file.toString().endsWith(".amq"))
                    .max(Comparator.comparing(file -> file.toFile().lastModified()))
                    .orElse(null);
        } catch (java.nio.file.NoSuchFileException e) {
            return;
        }
        if (newest == null) {
            return;
        }
        byte[] content = Files.readAllBytes(newest);
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
            end--;
        }
        byte[] rubbish = new byte[1 + random.nextInt(5000)];
        random.nextBytes(rubbish);
        try (FileChannel file = FileChannel.open(newest, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(rubbish), end);
            if (random.nextBoolean()) {
                file.truncate(end + rubbish.length);
            }
        }
    }

    /** A free port that the system gives to nobody by itself. */
    static int port() {
        while (true) {
            int port = 12_000 + ThreadLocalRandom.current().nextInt(18_000);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getByName("0.0.0.0"))) {
                return free.getLocalPort();
            } catch (IOException taken) {
                // another one
            }
        }
    }
}
