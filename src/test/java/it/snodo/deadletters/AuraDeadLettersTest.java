package it.snodo.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import it.snodo.access.Audit;
import it.snodo.fault.SnodoCode;
import it.snodo.publication.DeliveryAction;
import it.snodo.publication.Outbox;
import it.snodo.publication.PublicationStore;
import it.snodo.publication.aura.HeldExemptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What AURA could not be told of belongs to no message; a person deals with it all the same. */
class AuraDeadLettersTest {

    private static final DeadLetters.Filter AURA = new DeadLetters.Filter("AURA", null, null);

    private final HeldExemptions register = new HeldExemptions();
    private PublicationStore store;
    private DeadLetters letters;
    private Batches batches;
    private long delivery;

    @BeforeEach
    void one_dead_letter() {
        store = PublicationStore.fresh();
        store.register = register;
        Outbox outbox = store.outbox();
        register.add(1, "RSSMRA80A01L219M", "013", "25000", null);
        store.transaction.executeWithoutResult(status ->
                outbox.enqueueExemption(1, "RSSMRA80A01L219M", "202601030100000001", DeliveryAction.ESENZIONE));
        delivery = store.jdbc
                .sql(
                        "update delivery set state = 'FAILED', last_code = 'SNODO-7155', last_words = 'Errore.' returning id")
                .query(Long.class)
                .single();
        letters = new DeadLetters(store.jdbc, mock(Quarantined.class));
        batches = new Batches(
                store.jdbc, letters, mock(Interventions.class), store.stopped(), mock(Audit.class), store.transactions);
    }

    private Batches.Progress batch(Batches.Action action) {
        batches.create("b", action, "AURA corretta", 60, JsonNodeFactory.instance.objectNode(), null, AURA, "ops");
        batches.work();
        store.jdbc.sql("update batch set next_at = now()").update();
        batches.work();
        return batches.progress("b").orElseThrow();
    }

    private String state() {
        return store.jdbc
                .sql("select state from delivery where id = ?")
                .param(delivery)
                .query(String.class)
                .single();
    }

    @Test
    void it_names_its_exemption_and_says_what_to_do() {
        DeadLetters.DeadLetter letter = letters.page(AURA, null).items().get(0);
        assertThat(letter.exemptionId()).isEqualTo(1);
        assertThat(letter.messageId()).isNull();
        assertThat(letter.step()).isEqualTo("ESENZIONE");
        assertThat(letter.nextStep()).contains("/api/v1/publications/" + delivery + "/retry");
    }

    @Test
    void what_may_have_reached_aura_is_to_be_tried_again_before_anybody_closes_it() {
        assertThat(letters.page(AURA, null).items().get(0).nextStep())
                .doesNotContain("prima di tutto")
                .contains("Se non è più dovuto, chiuderlo");
        store.jdbc.sql("update delivery set unknown = true").update();
        assertThat(letters.page(AURA, null).items().get(0).nextStep())
                .contains("prima di tutto ripetere l'invio", "/api/v1/publications/" + delivery + "/retry", "Solo dopo")
                .doesNotContain("Se non è più dovuto, chiuderlo");
    }

    @Test
    void what_aura_said_of_the_person_is_not_shown_to_operations() {
        store.jdbc
                .sql("update delivery set last_words = 'Deceduto il 1.2.2026', last_answer = 'ha già la 020'")
                .update();
        DeadLetters.DeadLetter letter = letters.page(AURA, null).items().get(0);
        assertThat(letter.cause())
                .isEqualTo(SnodoCode.find("SNODO-7155").orElseThrow().cause());
        assertThat(letter.lastAnswer()).isNull();
    }

    @Test
    void a_batch_tries_it_again() {
        Batches.Progress progress = batch(Batches.Action.REPLAY);
        assertThat(progress.state()).isEqualTo("DONE");
        assertThat(progress.done()).isEqualTo(1);
        assertThat(state()).isEqualTo("WAITING");
        assertThat(register.heard).isEmpty();
    }

    @Test
    void a_batch_that_closes_it_tells_its_pratica_why() {
        assertThat(batch(Batches.Action.DISCARD).done()).isEqualTo(1);
        assertThat(state()).isEqualTo("STOPPED");
        assertThat(register.heard).containsExactly("1 refused DESTINATION_STOP AURA corretta");
        assertThat(letters.page(AURA, null).items()).isEmpty();
    }

    @Test
    void what_is_published_again_closes_the_dead_letter_before_it() {
        Outbox outbox = store.outbox();
        store.transaction.executeWithoutResult(status ->
                outbox.enqueueExemption(1, "RSSMRA80A01L219M", "202601030100000001", DeliveryAction.ESENZIONE));
        assertThat(state()).isEqualTo("STOPPED");
        assertThat(store.stopped().retry(delivery)).isFalse();
        assertThat(letters.page(AURA, null).items()).isEmpty();
    }
}
