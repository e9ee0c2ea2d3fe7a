package it.snodo.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import it.snodo.access.Audit;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.flow.Rehearsal;
import it.snodo.flow.StoppedCertificates;
import it.snodo.flow.StoppedCertificates.Standing;
import it.snodo.messages.Journal;
import it.snodo.publication.PublicationStore;
import it.snodo.publication.StoppedDeliveries;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two operators at the same message: who comes second finds what the first one did while he waited for the lock. */
class InterventionsTest {

    private final StoppedCertificates certificates = mock(StoppedCertificates.class);
    private final Journal journal = mock(Journal.class);
    private PublicationStore store;
    private Interventions interventions;
    private long message;

    @BeforeEach
    void a_message_that_failed() {
        store = PublicationStore.fresh();
        message = store.jdbc
                .sql(
                        "insert into message (protocol, sender, type, sha256, size, raw, answer, state, certificate_number)"
                                + " values ('MLLP', 'A|B', 'MDM^T02', '\\x00', 1, '\\x00', '\\x00', 'FAILED', 7) returning id")
                .query(Long.class)
                .single();
        interventions = new Interventions(
                store.jdbc,
                certificates,
                mock(StoppedDeliveries.class),
                mock(Rehearsal.class),
                journal,
                mock(Audit.class),
                store.transactions);
    }

    /** As it is when who held the lock before has left it in this state. */
    private void whileTheLockIsWaitedForItBecomes(String state) {
        when(certificates.lock(7)).thenAnswer(waited -> {
            store.jdbc.sql("update message set state = ?").param(state).update();
            return Optional.of(new Standing(7, message, "FAILED", "DA_FIRMARE", "D", null, "P", null, null, 2));
        });
    }

    @Test
    void what_was_closed_in_the_same_moment_is_not_sent_out() {
        whileTheLockIsWaitedForItBecomes("DISCARDED");
        assertThatThrownBy(() -> interventions.replay(message, null, "ops", null, false))
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.NOT_NOW));
        verify(certificates, never()).restart(anyLong());
    }

    @Test
    void what_was_published_in_the_same_moment_is_not_closed() {
        whileTheLockIsWaitedForItBecomes("PUBLISHED");
        assertThatThrownBy(() -> interventions.discard(message, null, "ops", "inviato su carta", false))
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.NOT_NOW));
    }
}
