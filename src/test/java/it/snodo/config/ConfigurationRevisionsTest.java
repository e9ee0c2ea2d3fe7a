package it.snodo.config;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.publication.PublicationStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationRevisionsTest {

    @TempDir
    Path folder;

    private final PublicationStore store = PublicationStore.fresh();
    private ConfigurationRevisions revisions;

    @BeforeEach
    void start() throws IOException {
        write("routes/accept.camel.yaml", "- route");
        write("mappings/aziende.csv", "301,ASL TO1");
        revisions = new ConfigurationRevisions(new ConfigFolder(folder), store.jdbc);
    }

    /** Each write has a time of its own, as an editor's has. */
    private void write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(Math.abs(content.hashCode()))));
    }

    private String seen() {
        revisions.watch();
        return revisions.current();
    }

    @Test
    void each_content_of_the_folders_has_its_own_name_and_the_same_content_the_same_again() throws IOException {
        String first = seen();
        assertThat(first).matches("[0-9a-f]{12}");
        write("mappings/aziende.csv", "301,ASL TO2");
        String second = seen();
        write("routes/new.camel.yaml", "- route");
        String third = seen();
        write("xsd/rsa.sch", "<schema/>");
        assertThat(seen()).isNotIn(first, second, third);
        assertThat(java.util.Set.of(first, second, third)).hasSize(3);
        Files.delete(folder.resolve("xsd/rsa.sch"));
        Files.delete(folder.resolve("routes/new.camel.yaml"));
        write("mappings/aziende.csv", "301,ASL TO1");
        assertThat(seen()).isEqualTo(first);
        assertThat(new ConfigurationRevisions(new ConfigFolder(folder), store.jdbc).current())
                .as("after a restart")
                .isEqualTo(first);
    }

    @Test
    void what_the_hub_does_not_read_makes_no_revision() throws IOException {
        String first = seen();
        write("mappings/README.md", "words");
        write("cda-templates/rsa/cases/one/request.xml", "<r/>");
        write("routes/.accept.camel.yaml.swp", "x");
        write("mappings/aziende.csv~", "x");
        write("elsewhere/file.csv", "x");
        assertThat(seen()).isEqualTo(first);
    }

    @Test
    void one_that_an_edit_ended_before_it_could_be_written_down_is_kept_too() throws IOException {
        // contents that no other test has: the table is theirs as well
        write("mappings/aziende.csv", "301,UNSEEN BEFORE");
        String first = revisions.current();
        write("mappings/aziende.csv", "301,UNSEEN AFTER");
        String second = seen();
        assertThat(store.jdbc
                        .sql("select revision from configuration_revision")
                        .query(String.class)
                        .list())
                .contains(first, second);
    }

    @Test
    void each_revision_seen_is_kept_with_what_changed() throws IOException {
        store.jdbc.sql("truncate configuration_revision").update();
        String first = seen();
        write("mappings/aziende.csv", "301,ASL TO2");
        write("mappings/peers.csv", "none");
        String second = seen();
        var listed = new ConfigurationController(store.jdbc, revisions, new ConfigFolder(folder)).list();
        assertThat(listed.current()).isEqualTo(second);
        assertThat(listed.items())
                .extracting(ConfigurationController.Seen::revision)
                .containsExactly(second, first);
        assertThat(listed.items().get(0).changes()).containsExactly("~mappings/aziende.csv", "~mappings/peers.csv");
        assertThat(listed.items().get(1).changes()).isNull();
    }
}
