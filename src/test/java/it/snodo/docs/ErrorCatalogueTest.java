package it.snodo.docs;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.fault.SnodoCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page of the failures is made from the catalogue; {@code -Dsnodo.docs.write=true} writes it anew. */
class ErrorCatalogueTest {

    private static final Path PAGE = Path.of("src/docs/errors.md");

    @Test
    void the_page_says_what_the_catalogue_says() throws IOException {
        String page = page();
        if (Boolean.getBoolean("snodo.docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).hasContent(page);
    }

    @Test
    void every_number_stands_for_one_failure() {
        assertThat(Arrays.stream(SnodoCode.values()).map(SnodoCode::code)).doesNotHaveDuplicates();
    }

    private static String page() {
        return """
                # Errori

                Ogni rifiuto, invio fermo o riga di log porta uno di questi codici. La pagina è scritta dal catalogo
                `it.snodo.fault.SnodoCode` (`mvn test -Dtest=ErrorCatalogueTest -Dsnodo.docs.write=true`).

                Rimedio: RETRY riprova da sé, REPAIR serve che una persona corregga qualcosa, STOP non va ripetuto.

                | codice | titolo | causa | che cosa fare | rimedio | HL7 0357 | HTTP |
                |---|---|---|---|---|---|---|
                """
                + Arrays.stream(SnodoCode.values())
                        .sorted((a, b) -> a.code().compareTo(b.code()))
                        .map(c -> "| %s | %s | %s | %s | %s | %d | %d |"
                                .formatted(
                                        c.code(),
                                        c.title(),
                                        c.cause(),
                                        c.advice(),
                                        c.remedy(),
                                        c.hl7ErrorCode(),
                                        c.httpStatus()))
                        .collect(Collectors.joining("\n"))
                + "\n";
    }
}
