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
        DatabaseFolder folder = new DatabaseFolder(data.path());
        folder.prepare();
        Path home = folder.path();
        String password = password(data);
        boolean secured = folder.isSecured();
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
                // with the 128 MB of old, who takes messages writes out old pages himself, and what the disk has not
                // got yet
                // piles up until a checkpoint waits for all of it, and every commit with it; with 256 MB the pages of a
                // burst went out more than twice. Memory is taken as it is used
                .setServerConfig("shared_buffers", "512MB")
                .setServerConfig("bgwriter_delay", "100ms")
                .setServerConfig("bgwriter_lru_maxpages", "500")
                // to make a new piece of the log stops all commits: those of the last burst are kept for the next
                .setServerConfig("min_wal_size", "512MB")
                // the first change of a page after a checkpoint puts the whole page into the log: a booking takes 24 kB
                // of it, with the usual 5 minutes 28. What a start after a crash reads stays below 1 GB (max_wal_size)
                .setServerConfig("checkpoint_timeout", "15min")
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
        EmbeddedPostgres postgres = started(builder, folder);
        if (!secured) {
            requirePassword(postgres, home, password);
        }
        folder.finished();
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

    /**
     * A server that was killed leaves processes that hold on to its memory for a moment, and one may be on its way that an
     * earlier run has started: then the first try fails.
     */
    private static EmbeddedPostgres started(EmbeddedPostgres.Builder builder, DatabaseFolder folder)
            throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                return builder.start();
            } catch (IOException | IllegalStateException e) {
                if (tries == 3) {
                    throw e;
                }
                LOG.warn("The embedded database does not start, once more: {}", e.getMessage());
                folder.prepare();
            }
        }
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
