package it.snodo.flow;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.publication.Delivery;
import it.snodo.publication.DeliveryAction;
import it.snodo.publication.DeliveryState;
import it.snodo.publication.Destination;
import it.snodo.publication.Outbox;
import it.snodo.publication.PublicationStore;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * Walks the table of states: of each one that is not an end, the way out is taken, as it is after the process has died in it.
 * A state that is added to the database and not here fails.
 */
class NoDeadEndsTest {

    private PublicationStore store;
    private AnnotationConfigApplicationContext hub;
    private Certificates certificates;

    @BeforeEach
    void start() {
        store = PublicationStore.fresh();
        hub = FlowKit.on(store, () -> "r1");
        certificates = hub.getBean(Certificates.class);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private Set<String> states(String constraint) {
        String definition = store.jdbc
                .sql("select pg_get_constraintdef(oid) from pg_constraint where conname = ?")
                .param(constraint)
                .query(String.class)
                .single();
        Matcher names = Pattern.compile("'([A-Z_]+)'").matcher(definition);
        return names.results().map(name -> name.group(1)).collect(java.util.stream.Collectors.toSet());
    }

    // --- certificates ------------------------------------------------------------------------------------------

    /** @param leave how the state is left, tried on a certificate that is in it; null for an end */
    private record Stage(String name, String exit, LongPredicate leave) {}

    private List<Stage> stages() {
        return List.of(
                new Stage("RECEIVED", "is offered again", number -> {
                    // a worker began, and died
                    assertThat(certificates.begin("RECEIVED", "documento", number))
                            .isPresent();
                    return new Recovery(certificates, hub.getBean(IntakeLoad.class))
                                    .withoutDocument()
                                    .contains(number)
                            && certificates
                                    .begin("RECEIVED", "documento", number)
                                    .isPresent()
                            && certificates.move(number, "RECEIVED", "DOCUMENT");
                }),
                new Stage("DOCUMENT", "is offered again", number -> {
                    assertThat(certificates.begin("DOCUMENT", "firma", number)).isPresent();
                    return new Recovery(certificates, hub.getBean(IntakeLoad.class))
                                    .withoutSignature()
                                    .contains(number)
                            && certificates.begin("DOCUMENT", "firma", number).isPresent()
                            && certificates.move(number, "DOCUMENT", "SIGNED");
                }),
                new Stage("AWAITING_SIGNATURE", "a person discards it", this::discarded),
                new Stage("SIGNED", "by its deliveries, that are in the store with it", number -> {
                    Outbox outbox = hub.getBean(Outbox.class);
                    store.enqueue(outbox, "D", number, DeliveryAction.CREATE, DeliveryAction.INSERIMENTO);
                    return outbox.take(Destination.FSE, 1).size() == 1
                            && outbox.take(Destination.ROL, 1).size() == 1;
                }),
                new Stage("FAILED", "a person sees it, and tries again or discards it", number -> {
                    boolean seen = store.jdbc
                            .sql("select exists (select 1 from dead_letter where certificate_number = ?)")
                            .param(number)
                            .query(Boolean.class)
                            .single();
                    store.transaction.executeWithoutResult(
                            status -> hub.getBean(StoppedCertificates.class).restart(number));
                    boolean again = stage(number).equals("RECEIVED");
                    stage(number, "FAILED");
                    return seen && again && discarded(number);
                }),
                new Stage("PUBLISHED", "an end", null),
                new Stage("ENDED", "an end", null));
    }

    private boolean discarded(long number) {
        return Boolean.TRUE.equals(store.transaction.execute(
                status -> hub.getBean(StoppedCertificates.class).discard(number, "prova", "ops")));
    }

    private String stage(long number) {
        return store.jdbc
                .sql("select stage from certificate where number = ?")
                .param(number)
                .query(String.class)
                .single();
    }

    private void stage(long number, String stage) {
        store.jdbc
                .sql("update certificate set stage = ? where number = ?")
                .params(stage, number)
                .update();
    }

    @Test
    void every_stage_of_a_certificate_is_in_the_table() {
        assertThat(stages()).extracting(Stage::name).containsExactlyInAnyOrderElementsOf(states("certificate_stages"));
    }

    @TestFactory
    Stream<DynamicTest> no_stage_of_a_certificate_is_a_dead_end() {
        return stages().stream()
                .filter(one -> one.leave() != null)
                .map(one -> DynamicTest.dynamicTest(one.name() + ": " + one.exit(), () -> {
                    stop();
                    start();
                    long number = store.document("D");
                    stage(number, one.name());
                    // the table is made anew: its ways out are of the hub that runs now
                    Stage now = stages().stream()
                            .filter(other -> other.name().equals(one.name()))
                            .findFirst()
                            .orElseThrow();
                    assertThat(now.leave().test(number)).isTrue();
                }));
    }

    @Test
    void a_step_that_failed_for_a_reason_that_may_pass_is_taken_up_again_after_its_wait_and_not_for_ever() {
        long number = store.document("D");
        stage(number, "RECEIVED");
        Recovery recovery = new Recovery(certificates, hub.getBean(IntakeLoad.class));
        // nothing else is there that could succeed: four times as often as allowed
        for (int i = 1; i < 12; i++) {
            certificates.later(number, "RECEIVED", "documento", it.snodo.fault.SnodoCode.INTERNAL, "passa");
            assertThat(stage(number)).isEqualTo("RECEIVED");
            // the wait is over
            store.jdbc
                    .sql("update certificate set next_step_at = now() - interval '1 second'")
                    .update();
            assertThat(recovery.withoutDocument()).containsExactly(number);
        }
        certificates.later(number, "RECEIVED", "documento", it.snodo.fault.SnodoCode.INTERNAL, "non passa");
        assertThat(stage(number)).isEqualTo("FAILED");
    }

    // --- annulments --------------------------------------------------------------------------------------------

    private long annulling() {
        long number = store.document("D");
        stage(number, "PUBLISHED");
        store.jdbc
                .sql("insert into annulment (certificate_number, document_id, annulled_document_id, state, asked_by,"
                        + " next_step_at) values (?, 'A', 'D', 'RICHIESTO', 'medico', now())")
                .param(number)
                .update();
        return number;
    }

    private String annulment() {
        return store.jdbc.sql("select state from annulment").query(String.class).single();
    }

    @Test
    void no_state_of_an_annulment_is_a_dead_end() {
        assertThat(states("annulment_states"))
                .containsExactlyInAnyOrder("RICHIESTO", "DA_FIRMARE", "FIRMATO", "SENZA_FIRMA", "RITIRATO");
        long number = annulling();
        CertificateAnnulments steps = hub.getBean(CertificateAnnulments.class);
        // RICHIESTO: a worker began, and died
        assertThat(steps.open(number)).isNotNull();
        assertThat(steps.due()).containsExactly(number);
        var annulment = steps.open(number);
        // DA_FIRMARE: its doctor signs, or it is given up, and may be asked for again
        assertThat(hub.getBean(it.snodo.certificate.Annulments.class).awaitDoctor(annulment.id()))
                .isTrue();
        assertThat((boolean) store.transaction.execute(status -> steps.withdraw(number, "ripensamento")))
                .isTrue();
        assertThat(annulment()).isEqualTo("RITIRATO");
        store.jdbc.sql("update annulment set state = 'DA_FIRMARE'").update();
        assertThat(steps.complete(
                        annulment,
                        new it.snodo.signature.Signer.Signed(new byte[] {1}, java.time.Instant.now(), "CN=x")))
                .isTrue();
        assertThat(annulment()).isEqualTo("FIRMATO");
    }

    // --- deliveries --------------------------------------------------------------------------------------------

    private record Exit(String words, LongConsumer into, LongPredicate leave) {}

    private Map<DeliveryState, Exit> deliveries() {
        Map<DeliveryState, Exit> exits = new EnumMap<>(DeliveryState.class);
        exits.put(DeliveryState.WAITING, new Exit("a lane takes it", id -> {}, id -> taken(id, store.outbox())));
        exits.put(
                DeliveryState.TAKEN,
                new Exit(
                        "its own hub takes it back at the start, another one when the lease has ended",
                        id -> assertThat(taken(id, store.outbox())).isTrue(),
                        id -> {
                            boolean own = taken(id, store.outbox());
                            store.jdbc
                                    .sql("update delivery set leased_by = 'another'")
                                    .update();
                            boolean early = taken(id, store.outbox());
                            store.jdbc
                                    .sql("update delivery set leased_until = now() - interval '1 second',"
                                            + " next_try_at = now() - interval '1 second'")
                                    .update();
                            return own && !early && taken(id, store.outbox());
                        }));
        exits.put(
                DeliveryState.DELIVERED,
                new Exit(
                        "its confirmation is asked for by the clock",
                        id -> put("DELIVERED"),
                        id -> store.outbox().takeUnconfirmed(Destination.FSE, 1).stream()
                                .map(Delivery::id)
                                .toList()
                                .equals(List.of(id))));
        exits.put(DeliveryState.FAILED, new Exit("a person", id -> put("FAILED"), this::person));
        exits.put(DeliveryState.STOPPED, new Exit("a person", id -> put("STOPPED"), this::person));
        exits.put(DeliveryState.CONFIRMED, new Exit("an end", id -> {}, null));
        return exits;
    }

    private static boolean taken(long id, Outbox outbox) {
        return outbox.take(Destination.FSE, 1).stream().anyMatch(one -> one.id() == id);
    }

    private void put(String state) {
        store.jdbc
                .sql("update delivery set state = ?, workflow_id = 'w', next_try_at = now(), delivered_at = now()")
                .param(state)
                .update();
    }

    private boolean person(long id) {
        boolean seen = store.jdbc
                .sql("select exists (select 1 from dead_letter where delivery_id = ?)")
                .param(id)
                .query(Boolean.class)
                .single();
        Outbox outbox = store.outbox();
        return seen && store.stopped().retry(id) && taken(id, outbox);
    }

    @Test
    void every_state_of_a_delivery_is_in_the_table() {
        assertThat(deliveries().keySet()).containsExactlyInAnyOrder(DeliveryState.values());
        assertThat(deliveries().keySet().stream().map(Enum::name).toList())
                .containsExactlyInAnyOrderElementsOf(states("delivery_states"));
    }

    @TestFactory
    Stream<DynamicTest> no_state_of_a_delivery_is_a_dead_end() {
        return deliveries().entrySet().stream()
                .filter(one -> one.getValue().leave() != null)
                .map(one -> DynamicTest.dynamicTest(
                        one.getKey() + ": " + one.getValue().words(), () -> {
                            stop();
                            start();
                            store.enqueue(store.outbox(), "D", store.document("D"), DeliveryAction.CREATE);
                            long id = store.jdbc
                                    .sql("select id from delivery")
                                    .query(Long.class)
                                    .single();
                            Exit exit = deliveries().get(one.getKey());
                            exit.into().accept(id);
                            assertThat(exit.leave().test(id)).isTrue();
                        }));
    }
}
