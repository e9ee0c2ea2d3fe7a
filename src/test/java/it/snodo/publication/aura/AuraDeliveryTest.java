package it.snodo.publication.aura;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import it.snodo.aura.Aura;
import it.snodo.aura.PlayedAura;
import it.snodo.aura.soap.AuraAccess;
import it.snodo.exemption.ExemptionPublisher;
import it.snodo.exemption.IssuedExemption.State;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.publication.Delivery;
import it.snodo.publication.Destination;
import it.snodo.publication.Lane;
import it.snodo.publication.Outbox;
import it.snodo.publication.Pause;
import it.snodo.publication.PublicationStore;
import it.snodo.simulator.wire.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.transaction.IllegalTransactionStateException;

/** Exemptions to AURA over a real socket, out of a real outbox. */
class AuraDeliveryTest {

    private static final String ROSSI = "RSSMRA80A01L219M";
    private static final String BIANCHI = "BNCNNA50E41A182M";
    private static final ZoneId ITALY = ZoneId.of("Europe/Rome");
    private static final LocalDate END = LocalDate.of(2031, 3, 10);

    private final HeldExemptions register = new HeldExemptions();
    private PlayedAura aura;
    private PublicationStore store;
    private Outbox outbox;
    private Lane lane;
    private ExemptionPublisher publisher;

    @BeforeEach
    void start() {
        aura = new PlayedAura().person("11", ROSSI).person("12", BIANCHI);
        store = PublicationStore.fresh();
        store.register = register;
        open();
        register.add(1, ROSSI, "013", "25000", END);
    }

    /** A hub, as after a start. */
    private void open() {
        open(aura.url());
    }

    private void open(String url) {
        outbox = store.outbox();
        lane = new Lane(
                Destination.AURA,
                outbox,
                new AuraDelivery(provider(url), store.exemptions),
                PublicationStore.properties());
        publisher = new AuraPublisher(outbox, store.gates, store.exemptions);
    }

    private ObjectProvider<Aura> provider(String url) {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("aura", AuraAccess.client(url, aura.user, aura.password, call -> {}));
        return beans.getBeanProvider(Aura.class);
    }

    @AfterEach
    void stop() {
        aura.close();
    }

    private void publish(long... exemptions) {
        for (long exemption : exemptions) {
            store.transaction.executeWithoutResult(status -> publisher.publish(exemption));
        }
    }

    private void annul(long exemption, LocalDate on) {
        register.annul(exemption, on);
        store.transaction.executeWithoutResult(status -> publisher.annul(exemption));
    }

    private List<Delivery> take() {
        store.due();
        return lane.takeInOrderOf("patient");
    }

    private void round() {
        take().forEach(lane::deliver);
    }

    private String delivery(long exemption, String column) {
        return store.jdbc
                .sql("select cast(" + column
                        + " as text) from delivery where exemption_id = ? order by id desc limit 1")
                .param(exemption)
                .query((row, n) -> String.valueOf(row.getString(1)))
                .single();
    }

    private void loses(String operation) {
        aura.answers(call ->
                call.operation().equals(operation) ? answer -> answer.sent(Answer.Manner.DROP) : answer -> answer);
    }

    @Test
    void an_exemption_is_there_once_aura_has_said_ok() {
        publish(1);
        round();
        assertThat(aura.effects)
                .containsExactly(new PlayedAura.Held(ROSSI, "013", "25000", "10/03/2026", "10/03/2031"));
        assertThat(register.heard).containsExactly("1 published 11");
        assertThat(delivery(1, "state")).isEqualTo("CONFIRMED");
        assertThat(delivery(1, "pratica"))
                .isEqualTo(register.find(1).orElseThrow().pratica());
    }

    @Test
    void nothing_is_owed_outside_of_the_caller_s_transaction() {
        assertThatThrownBy(() -> publisher.publish(1)).isInstanceOf(IllegalTransactionStateException.class);
    }

    @Test
    void a_lost_answer_after_taking_effect_publishes_nothing_twice_and_ends_well() {
        publish(1);
        loses("esenzionePatologia");
        round();
        assertThat(delivery(1, "state")).isEqualTo("WAITING");
        assertThat(delivery(1, "unknown")).isEqualTo("true");
        assertThat(register.state(1)).isEqualTo(State.PENDING);
        aura.behave();
        round();
        assertThat(aura.effects).hasSize(1);
        assertThat(aura.calls("esenzionePatologia")).hasSize(1);
        assertThat(register.heard).containsExactly("1 published 11");
        assertThat(delivery(1, "last_words")).contains("nulla è stato inviato di nuovo");
    }

    @Test
    void an_answer_lost_on_a_call_that_had_no_effect_is_published_at_the_next_try() {
        publish(1);
        aura.answers(call -> call.operation().equals("esenzionePatologia") ? null : answer -> answer);
        round();
        assertThat(delivery(1, "unknown")).isEqualTo("true");
        aura.behave();
        round();
        assertThat(aura.effects).hasSize(1);
        assertThat(register.heard).containsExactly("1 published 11");
    }

    @Test
    void aura_killed_between_request_and_answer_ends_as_ok_when_it_is_back() {
        publish(1);
        CompletableFuture<Void> killed = new CompletableFuture<>();
        aura.answers(call -> answer -> {
            if (call.operation().equals("esenzionePatologia")) {
                CompletableFuture.runAsync(aura::kill).thenRun(() -> killed.complete(null));
                return answer.sent(Answer.Manner.RESET);
            }
            return answer;
        });
        round();
        assertThat(register.heard).isEmpty();
        assertThat(delivery(1, "state")).isEqualTo("WAITING");
        killed.join();
        round();
        assertThat(delivery(1, "last_code")).isIn("SNODO-7151", "SNODO-7152");
        aura.behave();
        aura.revive();
        open();
        round();
        assertThat(aura.effects).hasSize(1);
        assertThat(register.heard).containsExactly("1 published 11");
    }

    @Test
    void aura_down_for_long_ends_no_delivery_by_their_number() throws IOException {
        publish(1);
        try (Socket nobody = new Socket()) {
            // bound and not listening: the port is ours, and whoever calls is turned away
            nobody.bind(new InetSocketAddress("127.0.0.1", 0));
            for (int i = 0; i < 30; i++) {
                // whatever the circuit says, so that the number of tries is reached
                open("http://127.0.0.1:" + nobody.getLocalPort());
                round();
            }
        }
        assertThat(Integer.parseInt(delivery(1, "attempts"))).isGreaterThan(25);
        assertThat(delivery(1, "state")).isEqualTo("WAITING");
        assertThat(delivery(1, "last_code")).isEqualTo("SNODO-7151");
        assertThat(register.heard).isEmpty();
        open();
        round();
        assertThat(register.heard).containsExactly("1 published 11");
    }

    @Test
    void what_aura_refuses_is_told_in_its_words_and_waits_for_nobody_in_operations() {
        register.add(2, ROSSI, "048", "F002", null);
        publish(2);
        round();
        assertThat(register.heard).hasSize(1);
        assertThat(register.heard.get(0))
                .startsWith("2 refused AURA_REFUSED")
                .endsWith("E0042 Esenzione 048 senza data di fine");
        assertThat(delivery(2, "state")).isEqualTo("STOPPED");
        assertThat(store.jdbc
                        .sql("select count(*) from dead_letter")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(store.stopped().retry(Long.parseLong(delivery(2, "id"))))
                .as("its pratica asks anew, with what was changed there")
                .isFalse();
    }

    @Test
    void what_the_checks_find_keeps_aura_from_being_asked() {
        aura.person("4", "NRIPLA30H10F335Z", "dataDecesso", "2020-02-02T00:00:00");
        register.add(3, "NRIPLA30H10F335Z", "013", "25000", END);
        register.add(4, "VRDLGU75C55L219H", "013", "25000", END);
        publish(3, 4);
        round();
        assertThat(aura.calls("esenzionePatologia")).isEmpty();
        assertThat(register.heard)
                .anySatisfy(one -> assertThat(one).startsWith("3 refused").contains("deceduta"))
                .anySatisfy(one -> assertThat(one).startsWith("4 refused").contains("non conosce la persona"));
    }

    @Test
    void a_merged_identity_is_followed_and_its_exemption_is_published_under_the_one_in_force() {
        aura.persons.get("12").put("mergedInto", "13");
        aura.person("13", "BNCNNA50E41A183N");
        register.add(5, BIANCHI, "013", "25000", END);
        publish(5);
        loses("esenzionePatologia");
        round();
        aura.behave();
        round();
        assertThat(aura.effects).extracting(PlayedAura.Held::fiscalCode).containsExactly("BNCNNA50E41A183N");
        assertThat(register.heard).containsExactly("5 published 13");
    }

    @Test
    void two_exemptions_of_one_person_go_one_after_the_other_and_another_s_beside_them() {
        register.add(2, ROSSI, "031", "4019", END);
        register.add(3, BIANCHI, "013", "25000", END);
        publish(1, 2, 3);
        assertThat(take()).extracting(Delivery::exemptionId).containsExactly(1L, 3L);
        assertThat(take()).isEmpty();
    }

    @Test
    void an_exemption_and_its_end_never_overtake_each_other() {
        publish(1);
        aura.answers(call -> answer -> answer.sent(Answer.Manner.DROP));
        round();
        round();
        aura.behave();
        round();
        annul(1, LocalDate.of(2026, 11, 22));
        round();
        assertThat(aura.effects).extracting(PlayedAura.Held::to).containsExactly("10/03/2031", "22/11/2026");
        assertThat(register.heard).containsExactly("1 published 11", "1 annulled");
    }

    @Test
    void a_lost_answer_to_an_annulment_is_read_back_too() {
        publish(1);
        round();
        annul(1, LocalDate.of(2026, 11, 21));
        loses("esenzionePatologia");
        round();
        aura.behave();
        round();
        assertThat(aura.effects).hasSize(2);
        assertThat(register.heard).containsExactly("1 published 11", "1 annulled");
    }

    @Test
    void a_pause_holds_what_is_owed_and_says_so_to_whoever_waits() {
        store.gates.pause(Destination.AURA, new Pause("manutenzione", "ops", Instant.now(), null));
        publish(1);
        assertThat(take()).isEmpty();
        assertThat(publisher.settle(1, Duration.ofMinutes(5))).isFalse();
        assertThat(aura.calls).isEmpty();
        store.gates.pause(Destination.AURA, null);
        round();
        assertThat(register.heard).containsExactly("1 published 11");
    }

    @Test
    void a_hub_killed_while_it_tried_reads_back_before_it_tries_again() {
        publish(1);
        List<Delivery> taken = take();
        // the call takes effect, and the hub dies before it writes that down
        new AuraDelivery(provider(aura.url()), store.exemptions).deliver(taken.get(0));
        assertThat(aura.effects).hasSize(1);
        assertThat(delivery(1, "state")).isEqualTo("TAKEN");
        open();
        round();
        assertThat(aura.effects).hasSize(1);
        assertThat(register.heard).containsExactly("1 published 11");
    }

    @Test
    void whoever_waits_hears_of_the_end_as_soon_as_it_comes() {
        publish(1);
        CompletableFuture<Boolean> settled =
                CompletableFuture.supplyAsync(() -> publisher.settle(1, Duration.ofMinutes(5)));
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            round();
            return settled.isDone();
        });
        assertThat(settled.join()).isTrue();
        assertThat(register.state(1)).isEqualTo(State.ACTIVE);
        assertThat(publisher.settle(99, Duration.ZERO)).as("nothing owed").isTrue();
    }

    @Test
    void whoever_waits_is_let_go_after_a_try_that_failed() {
        publish(1);
        loses("esenzionePatologia");
        CompletableFuture<Boolean> settled =
                CompletableFuture.supplyAsync(() -> publisher.settle(1, Duration.ofMinutes(5)));
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            round();
            return settled.isDone();
        });
        assertThat(settled.join()).isFalse();
        aura.behave();
        round();
        assertThat(register.heard).containsExactly("1 published 11");
    }

    @Test
    void what_a_person_closes_is_refused_with_the_reason() {
        publish(1);
        long id = Long.parseLong(delivery(1, "id"));
        assertThat(store.stopped().close(id, "inserita a mano", "ops")).isTrue();
        assertThat(register.heard).containsExactly("1 refused DESTINATION_STOP inserita a mano");
        assertThat(store.stopped().retry(id)).isFalse();
        round();
        assertThat(aura.calls).isEmpty();
    }

    @Test
    void one_exemption_on_aura_never_makes_two_pratiche_hold() {
        register.add(2, ROSSI, "013", "25000", END);
        publish(1, 2);
        round();
        round();
        assertThat(aura.effects).hasSize(1);
        assertThat(register.state(1)).isEqualTo(State.ACTIVE);
        assertThat(register.state(2)).isEqualTo(State.REFUSED);
        assertThat(register.heard.get(1)).startsWith("2 refused EXEMPTION_IN_FORCE");
    }

    @Test
    void what_aura_may_have_taken_is_not_closed_before_it_is_read_back() {
        publish(1);
        loses("esenzionePatologia");
        round();
        long id = Long.parseLong(delivery(1, "id"));
        assertThatThrownBy(() -> store.stopped().close(id, "inserita a mano", "ops"))
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.NOT_NOW))
                .hasMessageContaining("ripetuto");
        assertThat(register.heard).isEmpty();
        aura.behave();
        round();
        assertThat(register.heard).containsExactly("1 published 11");
    }

    @Test
    void an_annulment_of_what_aura_no_longer_lists_ends_well_though_aura_refuses_it() {
        publish(1);
        round();
        aura.held.clear();
        aura.refuses = true;
        annul(1, LocalDate.now(ITALY));
        round();
        assertThat(register.heard).containsExactly("1 published 11", "1 annulled");
    }

    @Test
    void an_annulment_that_aura_refuses_of_what_it_still_holds_is_refused() {
        publish(1);
        round();
        aura.refuses = true;
        annul(1, LocalDate.now(ITALY));
        round();
        assertThat(register.heard.get(1)).startsWith("1 refused AURA_REFUSED");
    }

    @Test
    void an_annulment_of_yesterday_is_told_though_the_exemption_ends_today() {
        LocalDate today = LocalDate.now(ITALY);
        register.add(6, BIANCHI, "013", "25000", today);
        publish(6);
        round();
        annul(6, today.minusDays(1));
        round();
        assertThat(aura.effects).hasSize(2);
        assertThat(aura.held.get(0).to())
                .isEqualTo(DateTimeFormatter.ofPattern("dd/MM/uuuu").format(today.minusDays(1)));
        assertThat(register.heard).containsExactly("6 published 12", "6 annulled");
    }

    @Test
    void a_wrong_password_holds_everything_until_it_is_right() {
        String right = aura.password;
        aura.password = "cambiata da AURA";
        publish(1);
        round();
        assertThat(delivery(1, "last_code")).isEqualTo("SNODO-7154");
        assertThat(register.heard).isEmpty();
        aura.password = right;
        open();
        round();
        assertThat(register.heard).containsExactly("1 published 11");
    }

    @Test
    void an_exemption_that_is_no_longer_owed_is_not_sent() {
        publish(1);
        register.annul(1, LocalDate.of(2026, 11, 22));
        round();
        assertThat(aura.calls).isEmpty();
        assertThat(register.heard).isEmpty();
        assertThat(delivery(1, "state")).isEqualTo("STOPPED");
    }
}
