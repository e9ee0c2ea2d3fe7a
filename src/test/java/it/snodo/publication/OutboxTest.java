package it.snodo.publication;

import static it.snodo.publication.DeliveryAction.ANNULLAMENTO;
import static it.snodo.publication.DeliveryAction.CREATE;
import static it.snodo.publication.DeliveryAction.DELETE;
import static it.snodo.publication.DeliveryAction.INSERIMENTO;
import static it.snodo.publication.DeliveryAction.METADATA;
import static it.snodo.publication.DeliveryAction.REPLACE;
import static it.snodo.publication.Destination.FSE;
import static it.snodo.publication.Destination.ROL;
import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.fault.SnodoCode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private PublicationStore store;
    private Outbox outbox;

    @BeforeEach
    void fresh() {
        store = PublicationStore.fresh();
        outbox = store.outbox();
    }

    private static Outcome.Done done() {
        return new Outcome.Done(new Answer(202, null, null, null, "trace", "gw", "wii", null, null), false, null);
    }

    private static Outcome.Done confirmed() {
        return new Outcome.Done(new Answer(200, null, null, null, null, null, null, null, null), true, null);
    }

    private static Outcome.Retry outage(Duration after) {
        return new Outcome.Retry(Answer.none(), SnodoCode.DESTINATION_UNREACHABLE, "Non risponde.", after, false, true);
    }

    private static Outcome.Retry error() {
        return new Outcome.Retry(
                new Answer(500, "/msg/generic-error", "x", null, null, null, null, null, null),
                SnodoCode.DESTINATION_ERROR,
                "Errore.",
                null,
                false,
                false);
    }

    private static Outcome.Repair refused() {
        return new Outcome.Repair(
                new Answer(422, "/msg/semantic", "ERRORE-11", null, "t", "g", null, null, null),
                SnodoCode.DESTINATION_REFUSED,
                "Il CDA non supera i controlli.");
    }

    private Delivery one(Destination destination) {
        List<Delivery> taken = outbox.take(destination, 10);
        assertThat(taken).hasSize(1);
        return taken.get(0);
    }

    @Test
    void deliveries_of_a_rolled_back_change_do_not_exist() {
        long certificate = store.document("A");
        store.transaction.executeWithoutResult(status -> {
            outbox.enqueue("A", certificate, List.of(CREATE));
            status.setRollbackOnly();
        });
        assertThat(outbox.take(FSE, 10)).isEmpty();
    }

    @Test
    void a_taken_delivery_is_not_given_out_twice() throws Exception {
        for (int i = 0; i < 40; i++) {
            store.enqueue(outbox, "D" + i, store.document("D" + i), CREATE);
        }
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        Set<Long> twice = ConcurrentHashMap.newKeySet();
        ExecutorService takers = Executors.newFixedThreadPool(4);
        for (int i = 0; i < 4; i++) {
            takers.submit(() -> {
                List<Delivery> taken = outbox.take(FSE, 3);
                while (!taken.isEmpty()) {
                    taken.stream().filter(one -> !seen.add(one.id())).forEach(one -> twice.add(one.id()));
                    taken = outbox.take(FSE, 3);
                }
            });
        }
        takers.shutdown();
        assertThat(takers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(twice).isEmpty();
        assertThat(outbox.take(FSE, 50)).as("none was passed over").isEmpty();
        assertThat(seen).hasSize(40);
    }

    @Test
    void a_document_s_withdrawal_waits_for_its_publication_and_other_documents_do_not() {
        long first = store.document("A");
        store.enqueue(outbox, "A", first, CREATE);
        store.enqueue(outbox, "A", first, METADATA);
        store.enqueue(
                outbox, "A", store.certificate("A-annul", null, PublicationStore.request(null, null, null)), DELETE);
        store.enqueue(outbox, "B", store.document("B"), CREATE);
        List<Delivery> taken = outbox.take(FSE, 10);
        assertThat(taken)
                .extracting(Delivery::documentId, Delivery::action)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("A", CREATE),
                        org.assertj.core.groups.Tuple.tuple("B", CREATE));
        taken.forEach(delivery -> outbox.settle(delivery, done()));
        Delivery second = one(FSE);
        assertThat(second.action()).isEqualTo(METADATA);
        outbox.settle(second, confirmed());
        assertThat(one(FSE).action()).isEqualTo(DELETE);
    }

    @Test
    void a_replacement_waits_for_the_document_it_replaces_even_while_that_one_is_retried() {
        store.enqueue(outbox, "A", store.document("A"), CREATE);
        store.enqueue(
                outbox, "A2", store.document("A2", "A", PublicationStore.request(null, null, null), "N"), REPLACE);
        Delivery first = one(FSE);
        outbox.settle(first, error());
        assertThat(outbox.take(FSE, 10))
                .as("the first is backing off, the second must not pass")
                .isEmpty();
        store.due();
        outbox.settle(one(FSE), done());
        Delivery second = one(FSE);
        assertThat(second.action()).isEqualTo(REPLACE);
        assertThat(second.afterDocumentId()).isEqualTo("A");
    }

    @Test
    void an_expired_lease_is_taken_over_as_a_try_of_unknown_outcome_and_the_old_holder_has_no_word() {
        store.enqueue(outbox, "A", store.document("A"), CREATE);
        Delivery dead = one(FSE);
        assertThat(dead.unknown()).isFalse();
        assertThat(outbox.take(FSE, 10)).isEmpty();
        store.jdbc
                .sql("update delivery set leased_until = now() - interval '1 second'")
                .update();
        Delivery heir = one(FSE);
        assertThat(heir.unknown()).isTrue();
        assertThat(heir.traceId()).as("one trace for all tries").isEqualTo(dead.traceId());
        assertThat(outbox.settle(dead, refused())).isFalse();
        assertThat(store.state("A", CREATE)).isEqualTo("TAKEN");
        assertThat(outbox.settle(heir, done())).isTrue();
        assertThat(store.state("A", CREATE)).isEqualTo("DELIVERED");
    }

    @Test
    void after_a_restart_what_this_hub_held_is_due_at_once() {
        store.enqueue(outbox, "A", store.document("A"), CREATE);
        one(FSE);
        Outbox restarted = store.outbox();
        List<Delivery> taken = restarted.take(FSE, 10);
        assertThat(taken).hasSize(1);
        assertThat(taken.get(0).unknown()).isTrue();
    }

    @Test
    void waits_double_between_half_and_whole_up_to_the_longest_and_never_below_what_was_asked() {
        for (int attempt = 1; attempt < 40; attempt++) {
            long whole = Math.min(300_000L, 1000L << Math.min(attempt - 1, 20));
            assertThat(PublicationStore.properties()
                            .policy(FSE)
                            .backOff(attempt, null)
                            .toMillis())
                    .isBetween(whole / 2, whole);
        }
        assertThat(PublicationStore.properties().policy(FSE).backOff(1, Duration.ofSeconds(30)))
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(PublicationStore.properties().policy(FSE).backOff(1, Duration.ofDays(3)))
                .isEqualTo(Duration.ofHours(1));
    }

    @Test
    void a_refusal_becomes_a_dead_letter_with_cause_and_advice_that_a_person_can_send_again() {
        long certificate = store.document("A");
        store.enqueue(outbox, "A", certificate, CREATE);
        outbox.settle(one(FSE), refused());
        assertThat(store.state("A", CREATE)).isEqualTo("FAILED");
        assertThat(store.column("A", CREATE, "last_code")).isEqualTo("SNODO-5004");
        assertThat(store.column("A", CREATE, "last_answer")).contains("422", "/msg/semantic", "ERRORE-11");
        assertThat(store.column("A", CREATE, "advice")).isNotBlank();
        assertThat(store.heard).containsExactly(certificate + " FAILED SNODO-5004");
        Delivery dead = outbox.byWorkflow("none").stream().findFirst().orElse(null);
        assertThat(dead).isNull();
        assertThat(store.stopped().retry(Long.parseLong(store.column("A", CREATE, "id"))))
                .isTrue();
        outbox.settle(one(FSE), done());
        assertThat(store.heard).last().isEqualTo(certificate + " PUBLISHED");
    }

    @Test
    void a_certificate_is_published_once_every_destination_has_it_and_later_metadata_do_not_undo_it() {
        long certificate = store.document("A");
        store.enqueue(outbox, "A", certificate, CREATE, INSERIMENTO);
        outbox.settle(one(FSE), done());
        assertThat(store.heard).isEmpty();
        outbox.settle(one(ROL), confirmed());
        assertThat(store.heard).containsExactly(certificate + " PUBLISHED");
        store.enqueue(outbox, "A", certificate, METADATA);
        outbox.settle(one(FSE), refused());
        assertThat(store.heard).doesNotContain(certificate + " FAILED SNODO-5004");
    }

    @Test
    void two_deliveries_that_end_together_still_publish_the_certificate() throws Exception {
        for (int i = 0; i < 20; i++) {
            long certificate = store.document("T" + i);
            store.enqueue(outbox, "T" + i, certificate, CREATE, INSERIMENTO);
            Delivery fse = one(FSE);
            Delivery rol = one(ROL);
            ExecutorService both = Executors.newFixedThreadPool(2);
            both.submit(() -> outbox.settle(fse, done()));
            both.submit(() -> outbox.settle(rol, confirmed()));
            both.shutdown();
            assertThat(both.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            assertThat(store.heard).contains(certificate + " PUBLISHED");
        }
    }

    @Test
    void a_dead_destination_opens_its_own_circuit_only_and_a_probe_brings_everything_back() {
        for (int i = 0; i < 8; i++) {
            store.enqueue(outbox, "D" + i, store.document("D" + i), CREATE, INSERIMENTO);
        }
        outbox.take(FSE, 5).forEach(delivery -> outbox.settle(delivery, outage(null)));
        assertThat(outbox.take(FSE, 5)).as("circuit open").isEmpty();
        assertThat(outbox.mayCall(FSE)).isFalse();
        assertThat(outbox.take(ROL, 8)).as("the other destination goes on").hasSize(8);
        store.clock.move(Duration.ofSeconds(3));
        List<Delivery> probe = outbox.take(FSE, 5);
        assertThat(probe).as("one probe").hasSize(1);
        assertThat(outbox.take(FSE, 5)).as("no second probe beside it").isEmpty();
        outbox.settle(probe.get(0), done());
        assertThat(outbox.take(FSE, 10))
                .as("those that backed off are due again at once")
                .hasSize(7);
    }

    @Test
    void a_destination_that_asks_for_a_pause_is_left_alone_that_long() {
        store.enqueue(outbox, "A", store.document("A"), CREATE);
        store.enqueue(outbox, "B", store.document("B"), CREATE);
        Delivery first = outbox.take(FSE, 1).get(0);
        outbox.settle(first, outage(Duration.ofSeconds(40)));
        assertThat(outbox.take(FSE, 1)).isEmpty();
        store.clock.move(Duration.ofSeconds(41));
        assertThat(outbox.take(FSE, 1)).extracting(Delivery::documentId).containsExactly("B");
    }

    @Test
    void an_outage_never_kills_a_delivery_by_count_but_one_that_fails_while_others_succeed_is_a_dead_letter() {
        store.enqueue(outbox, "A", store.document("A"), CREATE);
        for (int i = 0; i < 30; i++) {
            store.due();
            store.clock.move(Duration.ofMinutes(2));
            outbox.settle(one(FSE), outage(null));
        }
        assertThat(store.state("A", CREATE)).isEqualTo("WAITING");
        store.enqueue(outbox, "B", store.document("B"), CREATE);
        store.clock.move(Duration.ofMinutes(2));
        outbox.settle(one(FSE), done());
        for (int i = 1; i <= 20; i++) {
            assertThat(store.state("A", CREATE)).as("before failure %d", i).isEqualTo("WAITING");
            store.jdbc
                    .sql("update delivery set next_try_at = now() - interval '1 second' where document_id = 'A'")
                    .update();
            Delivery poisoned = outbox.take(FSE, 1).get(0);
            assertThat(poisoned.documentId()).isEqualTo("A");
            outbox.settle(poisoned, error());
        }
        assertThat(store.state("A", CREATE)).isEqualTo("FAILED");
    }

    @Test
    void a_confirmation_is_asked_for_at_growing_distance_and_not_while_the_circuit_is_open() {
        store.enqueue(outbox, "A", store.document("A"), CREATE);
        outbox.settle(one(FSE), done());
        store.due();
        List<Delivery> asked = outbox.takeUnconfirmed(FSE, 10);
        assertThat(asked).extracting(Delivery::workflowId).containsExactly("wii");
        assertThat(outbox.takeUnconfirmed(FSE, 10)).as("put off").isEmpty();
        assertThat(outbox.settleLater(asked.get(0), confirmed())).isTrue();
        assertThat(store.state("A", CREATE)).isEqualTo("CONFIRMED");
        assertThat(outbox.settleLater(asked.get(0), refused()))
                .as("decided once")
                .isFalse();
    }

    @Test
    void every_outcome_is_counted_by_destination_action_and_state() {
        store.enqueue(outbox, "A", store.document("A"), CREATE, INSERIMENTO);
        outbox.settle(one(FSE), refused());
        outbox.settle(one(ROL), confirmed());
        assertThat(store.meters
                        .counter(
                                "snodo.deliveries",
                                "destination",
                                "FSE",
                                "action",
                                "CREATE",
                                "state",
                                "FAILED",
                                "outcome",
                                "Repair")
                        .count())
                .isEqualTo(1);
        assertThat(store.meters
                        .counter(
                                "snodo.deliveries",
                                "destination",
                                "ROL",
                                "action",
                                "INSERIMENTO",
                                "state",
                                "CONFIRMED",
                                "outcome",
                                "Done")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void a_lane_fills_its_slots_and_no_more() {
        for (int i = 0; i < 9; i++) {
            store.enqueue(outbox, "D" + i, store.document("D" + i), CREATE, ANNULLAMENTO);
        }
        Lane lane = new Lane(FSE, outbox, delivery -> done(), PublicationStore.properties());
        List<Delivery> taken = lane.take();
        assertThat(taken).hasSize(4);
        assertThat(lane.take()).isEmpty();
        lane.deliver(taken.get(0));
        assertThat(lane.next()).isNotNull();
        assertThat(lane.next()).as("all slots busy").isNull();
    }

    @Test
    void an_error_of_our_own_in_a_try_is_a_reason_to_try_again() {
        store.enqueue(outbox, "A", store.document("A"), CREATE);
        Lane lane = new Lane(
                FSE,
                outbox,
                delivery -> {
                    throw new IllegalStateException("boom");
                },
                PublicationStore.properties());
        lane.deliver(lane.take().get(0));
        assertThat(store.state("A", CREATE)).isEqualTo("WAITING");
        assertThat(store.column("A", CREATE, "last_code")).isEqualTo("SNODO-9001");
    }

    @Test
    void what_was_withdrawn_or_replaced_since_is_not_brought_back_by_a_retry() {
        long first = store.document("A");
        store.enqueue(outbox, "A", first, CREATE);
        Delivery create = one(FSE);
        outbox.settle(create, refused());
        store.enqueue(outbox, "A", first, DELETE);
        outbox.settle(one(FSE), confirmed());
        assertThat(store.stopped().retry(create.id())).isFalse();

        long old = store.document("B");
        store.enqueue(outbox, "B", old, CREATE);
        Delivery replaced = one(FSE);
        outbox.settle(replaced, refused());
        long newer = store.document("C", "B", PublicationStore.request(null, null, null), "N");
        store.enqueue(outbox, "C", newer, REPLACE);
        outbox.settle(one(FSE), done());
        assertThat(store.stopped().retry(replaced.id())).isFalse();
    }

    @Test
    void where_a_route_asks_for_it_all_that_concerns_a_person_keeps_its_order() {
        store.enqueue(outbox, "A", store.document("A"), CREATE);
        store.enqueue(outbox, "B", store.document("B"), CREATE);
        store.document("C");
        store.jdbc
                .sql("update document set patient_id = 'another' where id = 'C'")
                .update();
        store.enqueue(
                outbox,
                "C",
                store.jdbc
                        .sql("select certificate_number from document where id = 'C'")
                        .query(Long.class)
                        .single(),
                CREATE);
        List<Delivery> first = outbox.take(FSE, 10, OrderKey.PATIENT);
        assertThat(first).extracting(Delivery::documentId).containsExactlyInAnyOrder("A", "C");
        // given out together, in whatever order
        first.forEach(one -> outbox.settle(one, one.documentId().equals("A") ? error() : done()));
        assertThat(outbox.take(FSE, 10, OrderKey.PATIENT))
                .as("the person's first is retried before the second goes")
                .isEmpty();
        assertThat(outbox.take(FSE, 10)).extracting(Delivery::documentId).containsExactly("B");
    }

    @Test
    void an_error_of_java_in_a_try_is_tried_a_few_times_and_then_waits_for_a_person() {
        store.enqueue(outbox, "A", store.document("A"), CREATE);
        Lane lane = new Lane(
                FSE,
                outbox,
                delivery -> {
                    throw new StackOverflowError();
                },
                PublicationStore.properties());
        for (int i = 0; i < 20; i++) {
            store.due();
            lane.takeInOrderOf("document").forEach(lane::deliver);
        }
        assertThat(store.state("A", CREATE)).isEqualTo("FAILED");
        assertThat(store.column("A", CREATE, "last_code")).isEqualTo("SNODO-9001");
        assertThat(store.column("A", CREATE, "attempts")).isEqualTo("20");
    }

    /** What a hub that has just been started works with, on the store of the one that was killed. */
    private Outbox startedAgain() {
        Outbox next = store.outbox();
        store.jdbc
                .sql("update delivery set next_try_at = now() - interval '1 second'")
                .update();
        return next;
    }

    @Test
    void a_delivery_that_takes_the_process_with_it_each_time_is_not_given_out_for_ever() {
        store.enqueue(outbox, "A", store.document("A"), CREATE);
        for (int i = 0; i <= 20; i++) {
            othersAreServed("OTHER-" + i);
            assertThat(outbox.take(FSE, 10)).as("start %d", i).hasSize(1);
        }
        othersAreServed("OTHER");
        assertThat(outbox.take(FSE, 10)).isEmpty();
        assertThat(store.state("A", CREATE)).isEqualTo("FAILED");
        assertThat(store.column("A", CREATE, "last_code")).isEqualTo("SNODO-7005");
    }

    /** A hub that has just been started delivers another document before "A" is due. */
    private void othersAreServed(String other) {
        outbox = store.outbox();
        store.enqueue(outbox, other, store.document(other), CREATE);
        store.jdbc
                .sql("update delivery set next_try_at = now() + case when document_id = 'A' then interval '1 hour'"
                        + " else interval '-1 second' end")
                .update();
        outbox.settle(one(FSE), confirmed());
        store.jdbc
                .sql("update delivery set next_try_at = now() - interval '1 second'")
                .update();
    }

    @Test
    void a_hub_that_is_killed_soon_after_each_start_blames_no_delivery_for_it() {
        store.enqueue(outbox, "A", store.document("A"), CREATE);
        for (int i = 0; i < 100; i++) {
            assertThat(startedAgain().take(FSE, 10)).as("start %d", i).hasSize(1);
        }
        // and one that was interrupted again and again stands behind the others
        outbox = startedAgain();
        outbox.take(FSE, 10);
        store.jdbc
                .sql("update delivery set leased_until = now() - interval '1 second'")
                .update();
        store.enqueue(outbox, "B", store.document("B"), CREATE);
        assertThat(store.outbox().take(FSE, 10))
                .extracting(Delivery::documentId)
                .containsExactly("B");
    }

    @Test
    void a_lease_that_runs_out_while_the_machine_stands_still_has_ended_no_process() {
        store.enqueue(outbox, "A", store.document("A"), CREATE);
        for (int i = 0; i < 300; i++) {
            store.jdbc
                    .sql("update delivery set leased_until = now() - interval '1 second',"
                            + " next_try_at = now() - interval '1 second'")
                    .update();
            assertThat(outbox.take(FSE, 10)).as("time %d", i).hasSize(1);
        }
    }

    @Test
    void every_state_of_a_delivery_has_a_way_out() {
        long certificate = store.document("A");
        for (DeliveryState state : DeliveryState.values()) {
            store.jdbc.sql("truncate delivery").update();
            store.enqueue(outbox, "A", certificate, CREATE);
            store.jdbc
                    .sql(
                            "update delivery set state = :state, leased_until = now() - interval '1 second', leased_by = 'dead',"
                                    + " workflow_id = 'w', next_try_at = now() - interval '1 second'")
                    .param("state", state.name())
                    .update();
            long id = Long.parseLong(store.column("A", CREATE, "id"));
            switch (state) {
                case WAITING ->
                    assertThat(outbox.take(FSE, 1)).as("by the clock").hasSize(1);
                case TAKEN -> assertThat(outbox.take(FSE, 1)).as("by the lease").hasSize(1);
                case DELIVERED -> {
                    assertThat(outbox.takeUnconfirmed(FSE, 1)).as("by asking").hasSize(1);
                    store.jdbc
                            .sql("update delivery set next_try_at = timestamptz '9999-01-01'")
                            .update();
                    assertThat(store.stopped().retry(id))
                            .as("asked once more by a person")
                            .isTrue();
                    assertThat(outbox.takeUnconfirmed(FSE, 1)).hasSize(1);
                }
                case FAILED, STOPPED -> {
                    assertThat(store.stopped().retry(id)).as("by a person").isTrue();
                    assertThat(outbox.take(FSE, 1)).hasSize(1);
                    store.jdbc.sql("update delivery set state = 'FAILED'").update();
                    assertThat(store.stopped().close(id, "perché", "ops")).isTrue();
                    assertThat(store.jdbc
                                    .sql("select count(*) from dead_letter")
                                    .query(Integer.class)
                                    .single())
                            .isZero();
                }
                case CONFIRMED -> assertThat(outbox.take(FSE, 1)).as("the end").isEmpty();
            }
        }
    }
}
