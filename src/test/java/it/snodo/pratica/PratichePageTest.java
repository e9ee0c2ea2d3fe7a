package it.snodo.pratica;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page shows the table of transitions as the code has it; {@code -Dsnodo.docs.write=true} writes it anew. */
class PratichePageTest {

    private static final Path PAGE = Path.of("src/docs/pratiche.md");
    private static final String BEGIN = "<!-- table -->\n";
    private static final String END = "<!-- end -->";

    @Test
    void the_page_shows_the_table_that_is_in_force() throws IOException {
        String page = Files.readString(PAGE);
        String expected = page.substring(0, page.indexOf(BEGIN)) + BEGIN + table() + page.substring(page.indexOf(END));
        if (Boolean.getBoolean("snodo.docs.write")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(PAGE).hasContent(expected);
    }

    private static String table() {
        return "| from | move | to | who | refused with |\n|---|---|---|---|---|\n"
                + Transitions.TABLE.stream()
                        .map(row -> "| %s | %s | %s | %s | %s |\n"
                                .formatted(
                                        row.from() == null ? "–" : row.from(),
                                        row.move(),
                                        row.allowed() ? row.to() : "–",
                                        row.roles().stream().sorted().collect(Collectors.joining(", ")),
                                        row.allowed() ? "" : "Stato pratica non coerente: " + row.refusal()))
                        .collect(Collectors.joining());
    }
}
