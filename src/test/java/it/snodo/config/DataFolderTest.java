package it.snodo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import it.snodo.fault.SnodoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    @TempDir
    Path folder;

    private DataFolder open() throws Exception {
        return new DataFolder(new SnodoProperties(folder.resolve("data"), "."));
    }

    @Test
    void a_second_hub_on_the_same_folder_refuses_to_start_until_the_first_has_gone() throws Exception {
        try (DataFolder first = open()) {
            assertThatThrownBy(this::open).isInstanceOf(SnodoException.class).hasMessageContaining("Un altro hub");
        }
        open().close();
    }

    @Test
    void other_users_of_the_machine_cannot_look_into_it() throws Exception {
        try (DataFolder data = open()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.path())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void a_secret_is_made_once_and_only_its_owner_reads_it() throws Exception {
        Path file = folder.resolve("keys").resolve("secret");
        String secret = OwnerOnlySecret.readOrCreate(file);
        assertThat(secret).hasSizeGreaterThan(30);
        assertThat(OwnerOnlySecret.readOrCreate(file)).isEqualTo(secret);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }
}
