package it.snodo.config;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/**
 * PostgreSQL inside the hub, unless {@code spring.datasource.url} names an outside one. The data lie under
 * {@code <data-dir>/postgres} and outlive the process; commits reach the disk before they are answered.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression("'${spring.datasource.url:}' == ''")
class EmbeddedDatabase {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);

    @Bean(destroyMethod = "close")
    EmbeddedPostgres embeddedPostgres(DataFolder data, @Value("${snodo.database.binaries-dir:}") String binaries)
            throws IOException {
        Path home = data.path().resolve("postgres");
        stopOrphan(home);
        String password = password(data);
        boolean secured = usesPassword(home);
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(home)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                .setPort(freePort())
                // zonky is made for tests and turns these off: here an acknowledged message depends on them
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("max_connections", "100")
                .setServerConfig("password_encryption", "scram-sha-256")
                .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
                .setErrorRedirector(ProcessBuilder.Redirect.DISCARD);
        if (secured) {
            builder.setConnectConfig("password", password);
        }
        // below the data directory and not in a shared temporary one: two users of a machine never meet there
        Path unpacked = binaries.isBlank()
                ? data.path().resolve("postgres-bin")
                : Path.of(binaries).toAbsolutePath();
        builder.setOverrideWorkingDirectory(unpacked.toFile());
        EmbeddedPostgres postgres = builder.start();
        if (!secured) {
            requirePassword(postgres, home, password);
        }
        requireDurability(postgres, password);
        LOG.info("Embedded PostgreSQL on port {} with data in {}", postgres.getPort(), home);
        return postgres;
    }

    @Bean
    @Primary
    HikariDataSource dataSource(EmbeddedPostgres postgres, DataFolder data) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres?logServerErrorDetail=false");
        pool.setUsername("postgres");
        pool.setPassword(password(data));
        pool.setMaximumPoolSize(32);
        // a connection costs both sides thousands of hashes: those that nobody needs yet are not opened at the start
        pool.setMinimumIdle(4);
        pool.setConnectionTimeout(5_000);
        pool.setPoolName("snodo");
        return pool;
    }

    private static String password(DataFolder data) {
        return OwnerOnlySecret.readOrCreate(data.path().resolve("keys").resolve("postgres.password"));
    }

    /** A hub that was killed leaves its database running: that one is stopped in an orderly way first. */
    private static void stopOrphan(Path home) throws IOException {
        Path pidFile = home.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.isEmpty()) {
            return;
        }
        long pid = Long.parseLong(lines.get(0).trim());
        ProcessHandle orphan = ProcessHandle.of(pid).orElse(null);
        if (orphan == null
                || !orphan.info().command().map(c -> c.contains("postgres")).orElse(false)
                // another hub's database may have been given the number
                || !orphan.info()
                        .commandLine()
                        .map(line -> line.contains(home.toString()))
                        .orElse(true)) {
            // the number belongs to somebody else by now
            return;
        }
        LOG.info("Stopping the database that an earlier run left behind (process {})", pid);
        orphan.destroy();
        try {
            orphan.onExit().get(15, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            orphan.destroyForcibly();
        }
    }

    private static boolean usesPassword(Path home) throws IOException {
        Path hba = home.resolve("pg_hba.conf");
        return Files.exists(hba) && Files.readString(hba).contains("scram-sha-256");
    }

    /** Nobody else on the machine may read health data through the loopback address. */
    private static void requirePassword(EmbeddedPostgres postgres, Path home, String password) throws IOException {
        Path next = home.resolve("pg_hba.conf.next");
        Files.writeString(next, """
                host all all 127.0.0.1/32 scram-sha-256
                host all all ::1/128 scram-sha-256
                local all all scram-sha-256
                """, StandardCharsets.US_ASCII);
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("alter user postgres password '" + password + "'");
            Files.move(next, home.resolve("pg_hba.conf"), StandardCopyOption.ATOMIC_MOVE);
            statement.execute("select pg_reload_conf()");
        } catch (SQLException e) {
            throw new IllegalStateException("the embedded database cannot be given a password", e);
        }
    }

    /** zonky starts the server with {@code -F}; that our later setting wins is too important to be believed. */
    private static void requireDurability(EmbeddedPostgres postgres, String password) {
        try (Connection connection = postgres.getPostgresDatabase(java.util.Map.of("password", password))
                        .getConnection();
                Statement statement = connection.createStatement()) {
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                try (ResultSet row = statement.executeQuery("show " + setting)) {
                    row.next();
                    if (!row.getString(1).equals("on")) {
                        throw new IllegalStateException("the embedded database runs with " + setting + " off");
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the embedded database does not tell its settings", e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
