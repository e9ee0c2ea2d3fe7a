package it.snodo.publication.fse;

import static it.snodo.publication.DeliveryAction.CREATE;
import static it.snodo.publication.DeliveryAction.DELETE;
import static it.snodo.publication.DeliveryAction.INSERIMENTO;
import static it.snodo.publication.DeliveryAction.METADATA;
import static it.snodo.publication.DeliveryAction.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import it.snodo.publication.Delivery;
import it.snodo.publication.DeliveryAction;
import it.snodo.publication.Destination;
import it.snodo.publication.DocumentMetadataAccess;
import it.snodo.publication.Lane;
import it.snodo.publication.Outbox;
import it.snodo.publication.PublicationStore;
import it.snodo.publication.PublicationSubjects;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From the outbox to the gateway and back, with everything that can go wrong between. */
class FseDeliveryTest {

    private static final String VALIDATION = "POST /v1/documents/validation";
    private static final String CREATION = "POST /v1/documents";
    private static final String UNKNOWN_TO_INDEX =
            "IniException: Non è stato possibile recuperare i riferimenti con i dati forniti in input";
    private static final String ID = "2.16.840.1.113883.2.9.2.10.4.4%5E";

    private PublicationStore store;
    private Outbox outbox;
    private StubGateway stub;
    private FseGateway gateway;
    private FseValidation validation;
    private final List<Object> told = new ArrayList<>();
    private FseStatus status;
    private Lane lane;

    @BeforeEach
    void start() {
        store = PublicationStore.fresh();
        outbox = store.outbox();
        stub = new StubGateway();
        FseProperties properties = FseKit.properties(stub.url());
        gateway = FseKit.gateway(properties);
        PublicationSubjects subjects = store.subjects();
        validation = new FseValidation(gateway, subjects, outbox, store.jdbc);
        status = new FseStatus(gateway, outbox, told::add);
        lane = new Lane(
                Destination.FSE,
                outbox,
                new FseDelivery(gateway, validation, subjects, outbox, store.jdbc, properties, store.clock),
                PublicationStore.properties());
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        stub.close();
    }

    /** One round of the lane: everything due is tried once. */
    private void round() {
        store.due();
        lane.take().forEach(lane::deliver);
    }

    private void enqueue(String document, long certificate, DeliveryAction... actions) {
        store.enqueue(outbox, document, certificate, actions);
    }

    private void event(String type, String eventStatus, String message) {
        stub.then(
                200,
                "{\"transactionData\":[{\"eventType\":\"PUBLICATION\",\"eventStatus\":\"SUCCESS\"},{\"eventType\":\""
                        + type + "\",\"eventStatus\":\"" + eventStatus + "\",\"message\":\"" + message + "\"}]}");
    }

    private void askStatus() {
        store.due();
        status.due().forEach(status::ask);
    }

    @Test
    void a_validated_document_is_published_under_its_validation_and_confirmed_by_the_index() {
        long certificate = store.document("A");
        stub.success(201, "wii-1");
        assertThat(validation.validate("A").status()).isEqualTo(FseValidation.Status.VALIDATED);
        assertThat(stub.last().text()).as("the unsigned bytes").contains("%PDF-1.7 unsigned A");
        enqueue("A", certificate, CREATE);
        stub.success(202, "wii-1");
        round();
        assertThat(stub.operations()).containsExactly(VALIDATION, CREATION);
        assertThat(stub.last().text()).contains("\"workflowInstanceId\":\"wii-1\"", "%PDF-1.7 signed A");
        assertThat(store.state("A", CREATE)).isEqualTo("DELIVERED");
        assertThat(store.heard).containsExactly(certificate + " PUBLISHED");
        event("SEND_TO_INI", "SUCCESS", "");
        askStatus();
        assertThat(store.state("A", CREATE)).isEqualTo("CONFIRMED");
    }

    @Test
    void a_document_that_the_gateway_refuses_is_told_so_before_it_is_signed() {
        store.document("A");
        stub.problem(422, "/msg/semantic", "[ERRORE-11| manca la citta']");
        FseValidation.Result result = validation.validate("A");
        assertThat(result.status()).isEqualTo(FseValidation.Status.REFUSED);
        assertThat(result.faults()).containsExactly("[ERRORE-11| manca la citta']");
        stub.problem(401, "https://govway.org/handling-errors/401/TokenAuthenticationFailed.html", "x");
        assertThat(validation.validate("A").status())
                .as("our certificate is no reason to keep a doctor from signing")
                .isEqualTo(FseValidation.Status.UNAVAILABLE);
    }

    @Test
    void tokens_that_ended_while_the_machine_stood_still_are_made_anew_and_are_not_the_documents_fault()
            throws IOException {
        // each look at this clock is eleven minutes after the last: a token lives for ten
        long certificate = store.document("A");
        Clock standing = new Clock() {
            private Instant now = Instant.now().minus(Duration.ofDays(1));

            @Override
            public Instant instant() {
                now = now.plus(Duration.ofMinutes(11));
                return now;
            }

            @Override
            public java.time.ZoneId getZone() {
                return java.time.ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        };
        FseProperties properties = FseKit.properties(stub.url());
        try (FseGateway paused = FseKit.gateway(properties, standing)) {
            Lane late = new Lane(
                    Destination.FSE,
                    outbox,
                    new FseDelivery(paused, validation, store.subjects(), outbox, store.jdbc, properties, store.clock),
                    PublicationStore.properties());
            enqueue("A", certificate, CREATE);
            stub.problem(401, "https://govway.org/handling-errors/401/TokenAuthenticationFailed.html", "Token scaduto");
            store.due();
            late.take().forEach(late::deliver);
        }
        assertThat(store.state("A", CREATE)).isEqualTo("WAITING");
        stub.success(202, "wii-1");
        round();
        assertThat(store.state("A", CREATE)).isEqualTo("DELIVERED");
    }

    @Test
    void while_the_hub_is_not_recognised_everything_waits_and_leaves_once_when_its_credentials_are_good_again() {
        for (String id : List.of("A", "B")) {
            long certificate = store.document(id);
            store.validated(id, "wii-" + id, Duration.ofMinutes(1));
            enqueue(id, certificate, CREATE);
        }
        int refused = 0;
        while (refused < 2 * PublicationStore.properties().maxAttempts() + 4) {
            stub.then(401, "")
                    .then(403, "<html>Accesso negato</html>")
                    .problem(401, "https://govway.org/handling-errors/401/TokenAuthenticationFailed.html", "x")
                    .then(407, "");
            int asked = stub.asked.size();
            while (stub.asked.size() < asked + 4) {
                store.clock.move(Duration.ofMinutes(1));
                round();
            }
            refused += 4;
        }
        for (String id : List.of("A", "B")) {
            assertThat(store.state(id, CREATE)).isEqualTo("WAITING");
            assertThat(store.column(id, CREATE, "last_code")).isEqualTo("SNODO-5015");
            assertThat(store.column(id, CREATE, "failures")).isEqualTo("0");
            assertThat(store.column(id, CREATE, "unknown")).isEqualTo("false");
        }
        assertThat(store.gates.standing(Destination.FSE).circuit()).isEqualTo("OPEN");
        assertThat(store.gates.standing(Destination.FSE).lastFailureWords()).contains("proxy", "hub");
        assertThat(store.heard).isEmpty();
        int before = stub.asked.size();
        store.clock.move(Duration.ofMinutes(2));
        stub.success(202, "wii-x").success(202, "wii-y");
        store.due();
        List<Delivery> probe = lane.take();
        assertThat(probe).as("one tries, the other does not").hasSize(1);
        store.jdbc
                .sql("update delivery set next_try_at = now() + interval '1 hour' where state = 'WAITING'")
                .update();
        probe.forEach(lane::deliver);
        lane.take().forEach(lane::deliver);
        assertThat(store.heard).as("the other leaves without its wait").hasSize(2);
        round();
        assertThat(stub.operations().subList(before, stub.asked.size())).containsExactly(CREATION, CREATION);
        assertThat(store.state("A", CREATE)).isEqualTo("DELIVERED");
        assertThat(store.state("B", CREATE)).isEqualTo("DELIVERED");
    }

    @Test
    void a_refusal_of_what_one_document_s_token_says_is_that_document_s_alone() {
        enqueue("A", store.document("A"), CREATE);
        enqueue("B", store.document("B"), CREATE);
        stub.problem(403, "/msg/jwt-validation", "Campo token JWT non valido").success(202, "w");
        round();
        assertThat(store.state("A", CREATE)).isEqualTo("FAILED");
        assertThat(store.column("A", CREATE, "last_code")).isEqualTo("SNODO-5005");
        assertThat(store.state("B", CREATE)).isEqualTo("DELIVERED");
    }

    @Test
    void a_document_signed_while_the_gateway_was_away_is_validated_and_created_in_one_call() {
        long certificate = store.document("A");
        stub.drop();
        assertThat(validation.validate("A").status()).isEqualTo(FseValidation.Status.UNAVAILABLE);
        enqueue("A", certificate, CREATE);
        stub.success(202, "wii-2");
        round();
        assertThat(stub.last().operation()).isEqualTo("POST /v1/documents/validate-and-create");
        assertThat(stub.last().text()).doesNotContain("workflowInstanceId");
        assertThat(store.state("A", CREATE)).isEqualTo("DELIVERED");
        assertThat(store.column("A", CREATE, "workflow_id")).isEqualTo("wii-2");
    }

    @Test
    void a_gateway_that_is_away_for_long_is_not_asked_for_validations_at_all() {
        store.document("A");
        for (int i = 0; i < 5; i++) {
            stub.drop();
            validation.validate("A");
        }
        int asked = stub.asked.size();
        assertThat(validation.validate("A").status()).isEqualTo(FseValidation.Status.UNAVAILABLE);
        assertThat(stub.asked).hasSize(asked);
    }

    @Test
    void a_lost_answer_is_asked_for_and_the_document_not_sent_twice() {
        long certificate = store.document("A");
        store.validated("A", "wii-1", Duration.ofMinutes(1));
        enqueue("A", certificate, CREATE);
        stub.drop();
        round();
        assertThat(store.state("A", CREATE)).isEqualTo("WAITING");
        String trace = store.column("A", CREATE, "sent_trace");
        assertThat(stub.last().headers().get("traceparent")).contains(trace);
        stub.then(
                200,
                "{\"transactionData\":[{\"eventType\":\"PUBLICATION\",\"eventStatus\":\"SUCCESS\",\"identificativoDocumento\":\""
                        + PublicationStore.ROOT + "^A\",\"workflowInstanceId\":\"wii-1\"}]}");
        round();
        assertThat(stub.operations()).containsExactly(CREATION, "GET /v1/status/search/" + trace);
        assertThat(store.state("A", CREATE)).isEqualTo("DELIVERED");
        assertThat(store.column("A", CREATE, "workflow_id")).isEqualTo("wii-1");
    }

    @Test
    void a_try_that_never_arrived_is_made_again() {
        long certificate = store.document("A");
        store.validated("A", "wii-1", Duration.ofMinutes(1));
        enqueue("A", certificate, CREATE);
        stub.drop();
        round();
        stub.problem(404, "/err/resource", "Record non trovato")
                .problem(404, "/err/resource", "Record non trovato")
                .success(202, "wii-1");
        round();
        assertThat(stub.operations()).hasSize(4).last().isEqualTo(CREATION);
        assertThat(store.state("A", CREATE)).isEqualTo("DELIVERED");
    }

    /** GovWay or another version of the gateway may not take over our trace: then the workflow tells. */
    @Test
    void a_lost_answer_is_found_by_its_workflow_where_the_trace_says_nothing() {
        long certificate = store.document("A");
        store.validated("A", "wii-1", Duration.ofMinutes(1));
        enqueue("A", certificate, CREATE);
        stub.drop();
        round();
        stub.problem(404, "/err/resource", "Record non trovato")
                .then(
                        200,
                        "{\"transactionData\":[{\"eventType\":\"VALIDATION\",\"eventStatus\":\"SUCCESS\"},"
                                + "{\"eventType\":\"PUBLICATION\",\"eventStatus\":\"SUCCESS\","
                                + "\"identificativoDocumento\":\"" + PublicationStore.ROOT + "^A\"}]}");
        round();
        assertThat(stub.operations())
                .filteredOn(operation -> operation.startsWith("POST"))
                .containsExactly(CREATION);
        assertThat(stub.last().operation()).isEqualTo("GET /v1/status/wii-1");
        assertThat(store.state("A", CREATE)).isEqualTo("DELIVERED");
    }

    @Test
    void already_registered_is_success() {
        long certificate = store.document("A");
        store.validated("A", "wii-1", Duration.ofMinutes(1));
        enqueue("A", certificate, CREATE);
        stub.problem(500, "/msg/ini-error", "Errore R224: documento registrato");
        round();
        assertThat(store.state("A", CREATE)).isEqualTo("CONFIRMED");
        assertThat(store.heard).containsExactly(certificate + " PUBLISHED");
    }

    @Test
    void a_validation_that_the_gateway_has_lost_is_made_again_and_the_same_signed_bytes_are_sent() {
        long certificate = store.document("A");
        store.validated("A", "wii-1", Duration.ofMinutes(1));
        enqueue("A", certificate, CREATE);
        stub.problem(400, "/msg/cda-match", "Il CDA non risulta validato")
                .success(201, "wii-2")
                .success(202, "wii-2");
        round();
        assertThat(stub.operations()).containsExactly(CREATION, VALIDATION, CREATION);
        assertThat(stub.last().text()).contains("\"workflowInstanceId\":\"wii-2\"", "%PDF-1.7 signed A");
        assertThat(stub.last().claims().get("attachment_hash"))
                .isEqualTo(stub.asked.get(0).claims().get("attachment_hash"));
        assertThat(store.state("A", CREATE)).isEqualTo("DELIVERED");
    }

    @Test
    void a_cda_that_no_validation_fits_is_a_matter_for_a_person_and_not_an_endless_loop() {
        long certificate = store.document("A");
        store.validated("A", "wii-1", Duration.ofMinutes(1));
        enqueue("A", certificate, CREATE);
        stub.problem(400, "/msg/cda-match", "x").success(201, "wii-2").problem(400, "/msg/cda-match", "x");
        round();
        assertThat(store.state("A", CREATE)).isEqualTo("FAILED");
    }

    @Test
    void a_validation_of_more_than_five_days_is_made_again_before_publication() {
        long certificate = store.document("A");
        store.validated("A", "wii-1", Duration.ofDays(6));
        enqueue("A", certificate, CREATE);
        stub.success(201, "wii-2").success(202, "wii-2");
        round();
        assertThat(stub.operations()).containsExactly(VALIDATION, CREATION);
        assertThat(store.state("A", CREATE)).isEqualTo("DELIVERED");
    }

    @Test
    void a_repaired_publication_begins_with_a_new_validation_because_the_refused_one_may_be_spent() {
        long certificate = store.document("A");
        store.validated("A", "wii-1", Duration.ofMinutes(1));
        enqueue("A", certificate, CREATE);
        stub.problem(400, "/msg/document-hash", "Verifica hash fallita.");
        round();
        assertThat(store.state("A", CREATE)).isEqualTo("FAILED");
        store.stopped().retry(Long.parseLong(store.column("A", CREATE, "id")));
        stub.success(201, "wii-2").success(202, "wii-2");
        round();
        assertThat(stub.operations()).containsExactly(CREATION, VALIDATION, CREATION);
        assertThat(store.state("A", CREATE)).isEqualTo("DELIVERED");
    }

    @Test
    void no_submission_id_is_used_twice() {
        long certificate = store.document("A");
        store.validated("A", "wii-1", Duration.ofMinutes(1));
        enqueue("A", certificate, CREATE);
        stub.problem(500, "/msg/generic-error", "x")
                .problem(404, "/err/resource", "x")
                .problem(404, "/err/resource", "x")
                .success(202, "wii-1");
        round();
        String first = store.column("A", CREATE, "submission_id");
        round();
        assertThat(store.column("A", CREATE, "submission_id"))
                .isNotEqualTo(first)
                .matches("2\\.16\\.840\\.1\\.113883\\.2\\.9\\.2\\.10\\.4\\.3(\\.(0|[1-9]\\d*))+")
                .hasSizeLessThanOrEqualTo(100);
    }

    @Test
    void a_replacement_names_the_old_document_in_the_path_and_the_new_one_in_the_body() {
        enqueue("A", store.document("A"), CREATE);
        stub.success(202, "w1");
        round();
        long certificate = store.document("A2", "A", PublicationStore.request(null, null, null), "N");
        store.validated("A2", "wii-2", Duration.ofMinutes(1));
        enqueue("A2", certificate, REPLACE);
        stub.success(202, "wii-2");
        round();
        assertThat(stub.last().operation()).isEqualTo("PUT /v1/documents/" + ID + "A");
        assertThat(stub.last().text()).contains("\"identificativoDoc\":\"" + PublicationStore.ROOT + "^A2\"");
        assertThat(stub.last().claims().get("action_id")).isEqualTo("UPDATE");
        assertThat(stub.last().claims().get("purpose_of_use")).isEqualTo("UPDATE");
    }

    @Test
    void the_replacement_of_a_document_that_was_refused_becomes_the_first_publication() {
        enqueue("A", store.document("A"), CREATE);
        stub.problem(422, "/msg/semantic", "x");
        round();
        assertThat(store.state("A", CREATE)).isEqualTo("FAILED");
        long certificate = store.document("A2", "A", PublicationStore.request(null, null, null), "N");
        store.validated("A2", "wii-2", Duration.ofMinutes(1));
        enqueue("A2", certificate, REPLACE);
        stub.success(202, "wii-2");
        round();
        assertThat(stub.last().operation()).isEqualTo(CREATION);
        assertThat(stub.last().claims().get("action_id")).isEqualTo("CREATE");
        assertThat(store.state("A2", REPLACE)).isEqualTo("DELIVERED");
        assertThat(store.state("A", CREATE)).as("nobody may send it any more").isEqualTo("STOPPED");
    }

    @Test
    void a_document_not_yet_known_to_the_index_is_replaced_a_little_later() {
        enqueue("A", store.document("A"), CREATE);
        stub.success(202, "w1");
        round();
        long certificate = store.document("A2", "A", PublicationStore.request(null, null, null), "N");
        store.validated("A2", "wii-2", Duration.ofMinutes(1));
        enqueue("A2", certificate, REPLACE);
        stub.problem(404, "/msg/record-not-found", UNKNOWN_TO_INDEX);
        round();
        assertThat(store.state("A2", REPLACE)).isEqualTo("WAITING");
        store.clock.move(Duration.ofMinutes(20));
        stub.problem(404, "/msg/record-not-found", UNKNOWN_TO_INDEX);
        round();
        assertThat(store.state("A2", REPLACE)).isEqualTo("FAILED");
    }

    @Test
    void a_withdrawal_names_no_document_type_and_is_final_at_once() {
        long certificate = store.document("A");
        enqueue("A", certificate, CREATE);
        stub.success(202, "w1");
        round();
        enqueue("A", certificate, DELETE);
        stub.success(200, "w2");
        round();
        assertThat(stub.last().operation()).isEqualTo("DELETE /v1/documents/" + ID + "A");
        assertThat(stub.last().claims()).doesNotContainKey("resource_hl7_type").doesNotContainKey("attachment_hash");
        assertThat(store.state("A", DELETE)).isEqualTo("CONFIRMED");
    }

    @Test
    void a_withdrawal_taken_in_charge_is_confirmed_by_its_event() {
        long certificate = store.document("A");
        enqueue("A", certificate, CREATE);
        stub.success(202, "w1");
        round();
        enqueue("A", certificate, DELETE);
        stub.success(202, "w2");
        round();
        assertThat(store.state("A", DELETE)).isEqualTo("DELIVERED");
        // The publication and the withdrawal are both asked for, in any order.
        for (int i = 0; i < 2; i++) {
            stub.then(
                    200,
                    "{\"transactionData\":[{\"eventType\":\"SEND_TO_INI\",\"eventStatus\":\"SUCCESS\"},"
                            + "{\"eventType\":\"INI_DELETE\",\"eventStatus\":\"SUCCESS\"}]}");
        }
        askStatus();
        assertThat(store.state("A", DELETE)).isEqualTo("CONFIRMED");
    }

    @Test
    void a_withdrawal_whose_answer_was_lost_is_done_when_the_index_no_longer_knows_the_document() {
        long certificate = store.document("A");
        enqueue("A", certificate, CREATE);
        stub.success(202, "w1");
        round();
        enqueue("A", certificate, DELETE);
        stub.drop();
        round();
        stub.then(404, "<html>");
        round();
        assertThat(store.state("A", DELETE))
                .as("a proxy's page is no proof that the document is gone")
                .isEqualTo("WAITING");
        stub.problem(404, "/msg/record-not-found", UNKNOWN_TO_INDEX);
        round();
        assertThat(store.state("A", DELETE)).isEqualTo("CONFIRMED");
    }

    @Test
    void a_page_of_a_proxy_with_200_is_not_a_publication() {
        enqueue("A", store.document("A"), CREATE);
        stub.then(200, "<html>Servizio in manutenzione</html>");
        round();
        assertThat(store.state("A", CREATE)).isEqualTo("WAITING");
        stub.then(404, "{\"type\":\"/err/resource\",\"detail\":\"Record non trovato\"}");
        stub.success(202, "w1");
        round();
        assertThat(store.state("A", CREATE)).isEqualTo("DELIVERED");
        assertThat(stub.operations().subList(1, 3))
                .as("asked for first, then sent")
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("GET /v1/status/search/"),
                        second -> assertThat(second).startsWith("POST "));
    }

    @Test
    void a_document_that_was_never_published_needs_no_withdrawal() {
        long certificate = store.document("A");
        enqueue("A", certificate, CREATE);
        stub.problem(422, "/msg/semantic", "x");
        round();
        enqueue("A", certificate, DELETE);
        round();
        assertThat(store.state("A", DELETE)).isEqualTo("CONFIRMED");
        assertThat(stub.asked).hasSize(1);
        assertThat(store.state("A", CREATE)).isEqualTo("STOPPED");
    }

    @Test
    void obscuring_takes_effect_here_at_once_and_goes_out_with_its_own_purpose() {
        long certificate = store.document("A");
        enqueue("A", certificate, CREATE, INSERIMENTO);
        stub.success(202, "w1");
        round();
        DocumentMetadataAccess.change(
                store, outbox, "A", JsonNodeFactory.instance.objectNode().put("obscured", true));
        assertThat(store.jdbc
                        .sql("select withheld from document where id = 'A'")
                        .query(Boolean.class)
                        .single())
                .isTrue();
        stub.success(200, "w3");
        round();
        StubGateway.Asked asked = stub.last();
        assertThat(asked.operation()).isEqualTo("PUT /v1/documents/" + ID + "A/metadata");
        assertThat(asked.headers().get("Content-Type")).startsWith("application/json");
        assertThat(asked.claims().get("purpose_of_use")).isEqualTo("ACCESS UPDATE");
        assertThat(asked.text())
                .contains("\"attiCliniciRegoleAccesso\":[\"P99\"]", "\"tipoDocumentoLivAlto\":\"REF\"")
                .doesNotContain("identificativoDoc");
        assertThat(store.state("A", METADATA)).isEqualTo("CONFIRMED");
    }

    @Test
    void the_institution_named_first_is_named_for_the_document_s_whole_life() {
        long certificate = store.document("A");
        stub.success(201, "w");
        validation.validate("A");
        store.jdbc
                .sql("update document set fse_locality = 'NOME DI ALLORA^^^^^&1.2&ISO^^^^9' where id = 'A'")
                .update();
        enqueue("A", certificate, CREATE);
        stub.success(202, "w");
        round();
        assertThat(stub.last().claims().get("locality")).isEqualTo("NOME DI ALLORA^^^^^&1.2&ISO^^^^9");
    }

    @Test
    void the_index_s_refusal_is_a_dead_letter_and_r224_there_is_success() {
        long first = store.document("A");
        enqueue("A", first, CREATE);
        stub.success(202, "w1");
        round();
        event("SEND_TO_INI", "BLOCKING_ERROR", "Errore INI R227");
        askStatus();
        assertThat(store.state("A", CREATE)).isEqualTo("FAILED");
        assertThat(store.column("A", CREATE, "last_code")).isEqualTo("SNODO-5013");
        assertThat(store.heard).last().isEqualTo(first + " FAILED SNODO-5013");
        enqueue("B", store.document("B"), CREATE);
        stub.success(202, "w2");
        round();
        event("SEND_TO_INI", "BLOCKING_ERROR", "Errore INI R224");
        askStatus();
        assertThat(store.state("B", CREATE)).isEqualTo("CONFIRMED");
    }

    @Test
    void a_document_that_the_index_did_not_get_in_time_is_sent_once_more_and_found_there() {
        long certificate = store.document("A");
        store.validated("A", "wii-1", Duration.ofMinutes(1));
        enqueue("A", certificate, CREATE);
        stub.success(202, "wii-1");
        round();
        event("SEND_TO_INI", "BLOCKING_ERROR", "Timeout della regione");
        askStatus();
        assertThat(store.state("A", CREATE)).isEqualTo("WAITING");
        stub.problem(400, "/msg/cda-match", "x").success(201, "wii-2").success(202, "wii-2");
        round();
        event("SEND_TO_INI", "BLOCKING_ERROR", "R224");
        askStatus();
        assertThat(store.state("A", CREATE)).isEqualTo("CONFIRMED");
    }

    @Test
    void a_notification_is_not_believed_but_makes_the_hub_ask_at_once() {
        long certificate = store.document("A");
        enqueue("A", certificate, CREATE);
        stub.success(202, "w1");
        round();
        store.jdbc
                .sql("update delivery set next_try_at = now() + interval '1 hour'")
                .update();
        String saidToBeThere =
                "{\"workflowInstanceId\":\"%s\",\"events\":[{\"eventType\":\"SEND_TO_INI\",\"eventStatus\":\"SUCCESS\"}]}";
        assertThat(status.receive(saidToBeThere.formatted("other"), "10.0.0.1")).contains("\"success\":true");
        assertThat(status.due()).isEmpty();
        status.receive(saidToBeThere.formatted("w1"), "10.0.0.1");
        assertThat(told)
                .extracting(call -> ((it.snodo.intake.CallIn) call).documentId())
                .containsExactly(null, "A");
        assertThat(store.state("A", CREATE)).isEqualTo("DELIVERED");
        event("SEND_TO_INI", "SUCCESS", "");
        status.due().forEach(status::ask);
        assertThat(store.state("A", CREATE)).isEqualTo("CONFIRMED");
    }

    @Test
    void an_unsigned_document_never_leaves() {
        long certificate = store.document("A");
        store.jdbc.sql("update document set signed_pdf = null").update();
        enqueue("A", certificate, CREATE);
        List<Delivery> taken = lane.take();
        taken.forEach(lane::deliver);
        assertThat(stub.asked).isEmpty();
        assertThat(store.state("A", CREATE)).isEqualTo("FAILED");
    }
}
