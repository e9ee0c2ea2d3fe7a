package it.snodo.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed run leaves in the database's folder never keeps the next from starting, and nothing of use is thrown away. */
class DatabaseFolderTest {

    @TempDir
    Path data;

    private DatabaseFolder folder;
    private Path home;
    private Path lock;

    @BeforeEach
    void open() {
        folder = new DatabaseFolder(data);
        home = folder.path();
        lock = home.resolve("postmaster.pid");
    }

    private void made(String access) throws IOException {
        Files.createDirectories(home);
        Files.writeString(home.resolve("pg_hba.conf"), access);
        Files.writeString(home.resolve("content"), "of use");
    }

    @Test
    void a_database_half_made_by_a_first_start_that_was_killed_is_made_anew() throws Exception {
        folder.prepare();
        made("# METHOD can be trust, scram-sha-256\nhost all all 127.0.0.1/32 trust\n");
        assertThat(folder.isSecured()).isFalse();

        folder.prepare();

        assertThat(home).doesNotExist();
        try (Stream<Path> left = Files.list(data)) {
            assertThat(left).extracting(file -> file.getFileName().toString()).containsExactly("postgres.unfinished");
        }
    }

    @Test
    void a_database_that_was_of_use_is_never_thrown_away() throws Exception {
        folder.prepare();
        made("host all all 127.0.0.1/32 scram-sha-256");
        // killed between the password and the word that it is finished
        folder.prepare();
        assertThat(home.resolve("content")).hasContent("of use");

        folder.finished();
        // somebody has changed who may log in
        made("host all all 127.0.0.1/32 cert");
        folder.prepare();
        assertThat(home.resolve("content")).hasContent("of use");
    }

    @Test
    void a_database_of_an_earlier_release_is_left_alone() throws Exception {
        made("host all all 127.0.0.1/32 trust");

        folder.prepare();
        folder.finished();

        assertThat(home.resolve("content")).hasContent("of use");
    }

    @Test
    void a_lock_file_never_written_to_its_end_is_taken_away() throws Exception {
        made("scram-sha-256");
        for (String content : List.of("", "\n", "12x")) {
            Files.writeString(lock, content);

            folder.prepare();

            assertThat(lock).doesNotExist();
        }
    }

    @Test
    void a_lock_file_whose_number_is_a_stranger_s_by_now_names_nobody_and_the_stranger_lives() throws Exception {
        made("scram-sha-256");
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(
                    lock, stranger.pid() + "\n/somewhere/postgres\n1764000000\n5432\n\n127.0.0.1\n  123 45\n");

            assertThat(folder.isServed()).isFalse();
            folder.prepare();

            assertThat(Files.readAllLines(lock))
                    .containsExactly(
                            "2147483647", "/somewhere/postgres", "1764000000", "5432", "", "127.0.0.1", "  123 45");
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }
}
