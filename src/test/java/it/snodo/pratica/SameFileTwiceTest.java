package it.snodo.pratica;

import static it.snodo.pratica.PraticaKit.COLLEAGUE;
import static it.snodo.pratica.PraticaKit.DISTRICT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import it.snodo.access.Operator;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SameFileTwiceTest {

    private static final byte[] PDF = "%PDF-1.7 referto".getBytes(StandardCharsets.US_ASCII);

    @Test
    void two_who_send_the_same_file_at_once_upon_the_same_revision_both_hear_that_it_is_there() {
        try (PraticaKit kit = new PraticaKit()) {
            Pratica sent = kit.sent();
            // both have looked before either has written: they wait for the row
            List<CompletableFuture<Boolean>> both = kit.transaction.execute(status -> {
                kit.register().lock(sent.number());
                List<CompletableFuture<Boolean>> started = List.of(add(kit, DISTRICT, sent), add(kit, COLLEAGUE, sent));
                await().atMost(Duration.ofMinutes(5)).until(() -> waiting(kit) == 2);
                return started;
            });
            assertThat(both.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(true, false);
            assertThat(kit.read(sent.number()).revision()).isEqualTo(2);
            assertThat(kit.attachments().of(sent.number())).hasSize(1);
        }
    }

    private static CompletableFuture<Boolean> add(PraticaKit kit, Operator who, Pratica to) {
        return CompletableFuture.supplyAsync(
                () -> kit.attachments()
                        .add(who, to.number(), to.revision(), "referto.pdf", PDF)
                        .added(),
                work -> new Thread(work).start());
    }

    private static int waiting(PraticaKit kit) {
        return kit.jdbc
                .sql(
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
                                + " and query like 'select * from pratica where number%'")
                .query(Integer.class)
                .single();
    }
}
