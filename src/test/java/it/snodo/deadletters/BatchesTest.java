package it.snodo.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import it.snodo.access.Audit;
import it.snodo.publication.PublicationStore;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.EmptyResultDataAccessException;

/** A batch does what can be done, whatever one of its messages is like. */
class BatchesTest {

    private final Interventions interventions = mock(Interventions.class);
    private PublicationStore store;
    private Batches batches;

    @BeforeEach
    void start() {
        store = PublicationStore.fresh();
        batches = new Batches(
                store.jdbc,
                mock(DeadLetters.class),
                interventions,
                store.stopped(),
                mock(Audit.class),
                store.transactions);
        when(interventions.replay(anyLong(), any(), any(), any(), anyBoolean()))
                .thenAnswer(call -> new Interventions.Result(call.getArgument(0), false, List.of(), "ripetuto"));
    }

    private void theSecondFailsWith(RuntimeException failure) {
        when(interventions.replay(eq(2L), any(), any(), any(), anyBoolean())).thenThrow(failure);
    }

    private Batches.Progress worked() {
        batches.create(
                "b",
                Batches.Action.REPLAY,
                "gateway corretto",
                60,
                JsonNodeFactory.instance.objectNode(),
                List.of(1L, 2L, 3L),
                null,
                "ops");
        for (int i = 0; i < 5; i++) {
            store.jdbc.sql("update batch set next_at = now()").update();
            batches.work();
        }
        return batches.progress("b").orElseThrow();
    }

    @Test
    void a_message_that_our_own_code_cannot_do_is_told_and_the_others_are_done() {
        theSecondFailsWith(new IllegalStateException("jsonb is JSON"));
        Batches.Progress progress = worked();
        assertThat(progress.state()).isEqualTo("DONE");
        assertThat(progress.done()).isEqualTo(2);
        assertThat(progress.refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.messageId()).isEqualTo(2);
            assertThat(refusal.words()).contains("SNODO-9001", "IllegalStateException");
        });
    }

    @Test
    void so_is_one_whose_rows_are_not_what_they_should_be() {
        theSecondFailsWith(new EmptyResultDataAccessException(1));
        Batches.Progress progress = worked();
        assertThat(progress.state()).isEqualTo("DONE");
        assertThat(progress.done()).isEqualTo(2);
    }

    @Test
    void a_store_that_does_not_answer_is_nobodys_fault_and_the_batch_goes_on_where_it_was() {
        DataAccessException gone = new DataAccessResourceFailureException("connection reset");
        when(interventions.replay(eq(2L), any(), any(), any(), anyBoolean()))
                .thenThrow(gone)
                .thenThrow(gone)
                .thenAnswer(call -> new Interventions.Result(2, false, List.of(), "ripetuto"));
        Batches.Progress progress = worked();
        assertThat(progress.refused()).isZero();
        store.jdbc.sql("update batch set next_at = now()").update();
        batches.work();
        store.jdbc.sql("update batch set next_at = now()").update();
        batches.work();
        assertThat(batches.progress("b").orElseThrow().done()).isEqualTo(3);
    }
}
