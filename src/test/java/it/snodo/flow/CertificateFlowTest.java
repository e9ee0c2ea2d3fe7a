package it.snodo.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import it.snodo.certificate.Annulments;
import it.snodo.certificate.CertificateAnnulled;
import it.snodo.certificate.CertificateRegister;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequest.Action;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.intake.Incoming;
import it.snodo.messages.Accepted;
import it.snodo.messages.Journal;
import it.snodo.messages.MessageState;
import it.snodo.publication.PublicationStore;
import it.snodo.signature.Signer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.UnexpectedRollbackException;

/** What the register promises whatever happens in whatever order: on a real database, with the real beans. */
class CertificateFlowTest {

    private static final AtomicInteger IDS = new AtomicInteger();

    private String revision = "r1";
    private PublicationStore store;
    private AnnotationConfigApplicationContext hub;
    private Journal journal;
    private Certificates certificates;

    @BeforeEach
    void start() {
        store = PublicationStore.fresh();
        hub = FlowKit.on(store, () -> revision);
        journal = hub.getBean(Journal.class);
        certificates = hub.getBean(Certificates.class);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private Accepted send(Action action, String number, String replaced) {
        return journal.accept(message("M" + IDS.incrementAndGet(), action, number, replaced, "Perché?"));
    }

    private static Incoming message(String id, Action action, String number, String replaced, String question) {
        CertificateRequest base = PublicationStore.request(null, null, null);
        CertificateRequest request = new CertificateRequest(
                action,
                base.sender(),
                number,
                replaced,
                base.patient(),
                base.author(),
                base.legalAuthenticator(),
                base.encounter(),
                base.visitTime(),
                question,
                base.exemption(),
                base.diagnosis(),
                base.pathology(),
                base.service(),
                base.conclusions(),
                base.regime(),
                base.confidentiality(),
                base.specialLaws(),
                base.obscuredToParent(),
                base.nre(),
                base.onlineCollection(),
                base.ticket());
        return new Incoming(
                "MLLP",
                "test",
                "LIS",
                id,
                "test",
                ("message " + id + question).getBytes(StandardCharsets.UTF_8),
                request,
                List.of(),
                Map.of(),
                new Told(false));
    }

    /** @param namesMessage whether the message needs its id before it can be stored */
    private record Told(boolean namesMessage) implements Incoming.Answer {

        @Override
        public byte[] build(Incoming message, Incoming.Outcome outcome) {
            return ("answer " + outcome.certificateNumber()).getBytes(StandardCharsets.UTF_8);
        }
    }

    private static Incoming naming(boolean itself, Incoming message) {
        return new Incoming(
                message.protocol(),
                message.peer(),
                message.sender(),
                message.controlId(),
                message.type(),
                message.raw(),
                message.request(),
                message.faults(),
                message.locations(),
                new Told(itself));
    }

    private long accepted(Action action, String number, String replaced) {
        Accepted answer = send(action, number, replaced);
        assertThat(answer.outcome().faults()).isEmpty();
        return answer.outcome().certificateNumber();
    }

    private void stage(long number, String stage) {
        store.jdbc
                .sql("update certificate set stage = ? where number = ?")
                .params(stage, number)
                .update();
    }

    private String column(String column, long number) {
        return store.jdbc
                .sql("select " + column + " from certificate where number = ?")
                .param(number)
                .query((row, n) -> String.valueOf(row.getString(1)))
                .single();
    }

    private List<String> messages(long number) {
        return store.jdbc
                .sql("select state from message where certificate_number = ? order by id")
                .param(number)
                .query(String.class)
                .list();
    }

    private List<String> deliveries() {
        return store.jdbc
                .sql("select action from delivery order by id")
                .query(String.class)
                .list();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_document_sent_again_is_refused_and_uses_up_no_certificate_number(boolean namingThemselves) {
        long first = accepted(Action.NEW, "G1", null);
        for (String id : List.of("again-1", "again-2", "again-3")) {
            Incoming again = naming(namingThemselves, message(id, Action.NEW, "G1", null, "Perché?"));
            Accepted refused = journal.accept(again);
            assertThat(refused.outcome().faults())
                    .extracting(Fault::code)
                    .containsExactly(SnodoCode.DOCUMENT_NUMBER_TAKEN);
            assertThat(journal.accept(again).answer()).isEqualTo(refused.answer());
        }
        assertThat(accepted(Action.NEW, "G2", null)).isEqualTo(first + 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messages_that_come_at_the_same_moment_are_each_taken_by_their_own_rules(boolean namingThemselves)
            throws Exception {
        record Sent(Incoming message, Future<Accepted> outcome) {}
        List<Sent> sent = new ArrayList<>();
        ExecutorService senders = Executors.newFixedThreadPool(12);
        try {
            for (int i = 0; i < 30; i++) {
                for (Incoming message : List.of(
                        message("P" + i, Action.NEW, "P" + i, null, "Sì"),
                        // the same again, the same id with another content, the same document under another id
                        message("P" + i, Action.NEW, "P" + i, null, "Sì"),
                        message("P" + i, Action.NEW, "P" + i, null, "No"),
                        message("Q" + i, Action.NEW, "P" + i, null, "Sì"),
                        // what the database cannot hold
                        message("R" + i, Action.NEW, "R\0" + i, null, "Sì"))) {
                    sent.add(
                            new Sent(message, senders.submit(() -> journal.accept(naming(namingThemselves, message)))));
                }
            }
        } finally {
            senders.shutdown();
        }
        Map<String, Set<String>> answers = new HashMap<>();
        int refused = 0;
        int failed = 0;
        for (Sent each : sent) {
            try {
                Accepted outcome = each.outcome().get(60, TimeUnit.SECONDS);
                refused += outcome.accepted() ? 0 : 1;
                if (outcome.accepted()) {
                    answers.computeIfAbsent(each.message().request().documentNumber(), key -> new HashSet<>())
                            .add(new String(outcome.answer(), StandardCharsets.UTF_8));
                }
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(DataAccessException.class);
                assertThat(each.message().controlId()).as("%s", e).startsWith("R");
                failed++;
            }
        }
        assertThat(failed).isEqualTo(30);
        // whichever was first; of the others one is its repetition, or both are not
        assertThat(refused).isBetween(60, 90);
        assertThat(answers).hasSize(30).allSatisfy((number, same) -> assertThat(same)
                .as("every acceptance of %s says the same", number)
                .hasSize(1));
        assertThat(store.jdbc
                        .sql("select count(*) || ' ' || count(distinct document_number) from certificate")
                        .query(String.class)
                        .single())
                .isEqualTo("30 30");
        // each says the number of its certificate, and a refusal or a failure has left no key behind
        assertThat(store.jdbc
                        .sql("select count(*) from message_key k join certificate c on c.number = k.certificate_number"
                                + " and c.message_id = k.message_id and c.document_id = k.document_id"
                                + " join message m on m.id = k.message_id and m.sha256 = k.sha256"
                                + " where convert_from(k.answer, 'UTF8') = 'answer ' || c.number")
                        .query(Long.class)
                        .single())
                .isEqualTo(30);
        assertThat(store.jdbc
                        .sql("select count(*) from message_key k left join message m on m.id = k.message_id"
                                + " where m.id is null")
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(store.jdbc
                        .sql("select count(*) from message where state = 'ACCEPTED'")
                        .query(Long.class)
                        .single())
                .isEqualTo(30);
    }

    @Test
    void a_late_worker_s_failure_does_not_undo_what_another_has_finished() {
        long number = accepted(Action.NEW, "D1", null);
        stage(number, "SIGNED");
        certificates.fail(number, "DOCUMENT", "firma", SnodoCode.INTERNAL, "il secondo si è interrotto");
        assertThat(column("stage", number)).isEqualTo("SIGNED");
        assertThat(send(Action.NEW, "D1", null).accepted())
                .as("the document number has been used")
                .isFalse();
    }

    @Test
    void a_failure_where_the_certificate_stands_is_kept_for_a_person() {
        long number = accepted(Action.NEW, "D1", null);
        certificates.fail(number, "RECEIVED", "documento", SnodoCode.INTERNAL, "perché");
        assertThat(column("stage", number)).isEqualTo("FAILED");
        assertThat(messages(number)).containsExactly("FAILED");
    }

    @Test
    void a_replacement_waits_until_the_one_it_replaces_is_signed() {
        long first = accepted(Action.NEW, "D1", null);
        long second = accepted(Action.REPLACEMENT, "D2", "D1");
        assertThat(certificates.at("RECEIVED", second)).isEmpty();
        stage(first, "DOCUMENT");
        assertThat(certificates.at("RECEIVED", second)).isEmpty();
        assertThat(certificates.standingStill("RECEIVED", 0, 1000)).isEmpty();
        stage(first, "SIGNED");
        assertThat(certificates.replacements(first)).containsExactly(second);
        assertThat(certificates.at("RECEIVED", second)).isPresent();
        assertThat(certificates.standingStill("RECEIVED", 0, 1000)).containsExactly(second);
    }

    @Test
    void the_replacement_of_one_that_failed_takes_its_place() {
        long first = accepted(Action.NEW, "D1", null);
        stage(first, "SIGNED");
        long second = accepted(Action.REPLACEMENT, "D2", "D1");
        stage(second, "FAILED");
        long third = accepted(Action.REPLACEMENT, "D3", "D2");
        certificates.takePlaceOfFailed(third);
        assertThat(column("replaces_document_id", third)).isEqualTo(column("document_id", first));
        assertThat(column("version", third)).isEqualTo("2");
        assertThat(column("set_id", third)).isEqualTo(column("set_id", first));
        assertThat(send(Action.REPLACEMENT, "D4", "D2").accepted())
                .as("its place is taken")
                .isFalse();
    }

    @Test
    void what_was_annulled_is_not_replaced_through_a_replacement_that_failed() {
        long first = accepted(Action.NEW, "D1", null);
        stage(first, "PUBLISHED");
        stage(accepted(Action.REPLACEMENT, "D2", "D1"), "FAILED");
        accepted(Action.ANNULMENT, null, "D1");
        assertThat(send(Action.REPLACEMENT, "D3", "D2").outcome().faults())
                .extracting(Fault::reason)
                .singleElement()
                .asString()
                .contains("in corso di annullamento");
        assertThat(signAnnulment(first)).isTrue();
        assertThat(send(Action.REPLACEMENT, "D3", "D2").outcome().faults())
                .extracting(Fault::reason)
                .singleElement()
                .asString()
                .contains("già stato annullato");
    }

    @Test
    void one_document_is_replaced_by_one_also_through_a_replacement_that_failed() {
        long first = accepted(Action.NEW, "D1", null);
        stage(first, "PUBLISHED");
        stage(accepted(Action.REPLACEMENT, "D2", "D1"), "FAILED");
        long third = accepted(Action.REPLACEMENT, "D3", "D2");
        assertThat(send(Action.REPLACEMENT, "D4", "D1").accepted()).isFalse();
        assertThat(send(Action.ANNULMENT, null, "D1").accepted()).isFalse();
        stage(third, "FAILED");
        accepted(Action.REPLACEMENT, "D4", "D1");
        assertThat(send(Action.REPLACEMENT, "D5", "D3").outcome().faults())
                .extracting(Fault::reason)
                .singleElement()
                .asString()
                .contains("già stato sostituito");
    }

    @Test
    void the_place_of_one_that_failed_is_not_taken_when_its_document_was_annulled_meanwhile() {
        long first = accepted(Action.NEW, "D1", null);
        stage(first, "PUBLISHED");
        stage(accepted(Action.REPLACEMENT, "D2", "D1"), "FAILED");
        long third = accepted(Action.REPLACEMENT, "D3", "D2");
        certificates.state(first, "ANNULLATO");
        certificates.takePlaceOfFailed(third);
        assertThat(column("state", first)).isEqualTo("ANNULLATO");
        assertThat(column("stage", third)).isEqualTo("FAILED");
        assertThat(column("failure_code", third)).isEqualTo(SnodoCode.DOCUMENT_NOT_CURRENT.code());
    }

    @Test
    void the_replacement_of_a_first_version_that_failed_is_itself_a_first_version() {
        long first = accepted(Action.NEW, "D1", null);
        stage(first, "FAILED");
        long second = accepted(Action.REPLACEMENT, "D2", "D1");
        certificates.takePlaceOfFailed(second);
        assertThat(column("replaces_document_id", second)).isEqualTo("null");
        assertThat(column("version", second)).isEqualTo("1");
        assertThat(column("set_id", second)).isEqualTo(column("document_id", second));
    }

    @Test
    void an_annulment_before_the_signature_ends_both_messages_and_nothing_goes_out() {
        long number = accepted(Action.NEW, "D1", null);
        stage(number, "DOCUMENT");
        assertThat(accepted(Action.ANNULMENT, null, "D1")).isEqualTo(number);
        assertThat(column("stage", number)).isEqualTo("ENDED");
        assertThat(certificates.move(number, "DOCUMENT", "SIGNED")).isFalse();
        assertThat(messages(number)).containsExactly("DISCARDED", "PUBLISHED");
        assertThat(deliveries()).isEmpty();
    }

    private Annulments.Annulment annulment(long number) {
        return hub.getBean(Annulments.class).of(number).orElseThrow();
    }

    private boolean signAnnulment(long number) {
        return hub.getBean(CertificateAnnulments.class)
                .complete(
                        annulment(number),
                        new Signer.Signed("%PDF".getBytes(StandardCharsets.US_ASCII), Instant.now(), "CN=Luigi Verdi"));
    }

    @Test
    void an_annulment_after_the_signature_changes_nothing_before_it_is_signed_and_then_takes_the_document_back() {
        long number = accepted(Action.NEW, "D1", null);
        stage(number, "SIGNED");
        accepted(Action.ANNULMENT, null, "D1");
        assertThat(column("state", number)).isNotEqualTo("ANNULLATO");
        assertThat(deliveries()).isEmpty();
        assertThat(messages(number)).containsExactly("ACCEPTED", "PROCESSING");
        List<Object> said = new ArrayList<>();
        hub.addApplicationListener(event -> {
            if (event instanceof org.springframework.context.PayloadApplicationEvent<?> payload) {
                said.add(payload.getPayload());
            }
        });

        assertThat(signAnnulment(number)).isTrue();

        assertThat(said)
                .as("those who rest upon the certificate hear of it")
                .containsExactly(new CertificateAnnulled(number, column("document_id", number), null));

        assertThat(column("state", number)).isEqualTo("ANNULLATO");
        assertThat(deliveries()).containsExactly("DELETE", "ANNULLAMENTO");
        assertThat(send(Action.ANNULMENT, null, "D1").accepted()).isFalse();
        assertThat(signAnnulment(number)).as("signed twice").isFalse();
        assertThat(deliveries()).containsExactly("DELETE", "ANNULLAMENTO");
    }

    @Test
    void who_asks_again_for_an_annulment_gets_the_one_that_waits() {
        long number = accepted(Action.NEW, "D1", null);
        stage(number, "PUBLISHED");
        accepted(Action.ANNULMENT, null, "D1");
        Annulments.Annulment first = annulment(number);
        accepted(Action.ANNULMENT, null, "D1");
        assertThat(annulment(number)).isEqualTo(first);
        assertThat(hub.getBean(Annulments.class).awaitDoctor(first.id())).isTrue();
        accepted(Action.ANNULMENT, null, "D1");
        assertThat(messages(number)).containsExactly("ACCEPTED", "PROCESSING", "PROCESSING", "AWAITING_SIGNATURE");
        assertThat(signAnnulment(number)).isTrue();
        assertThat(messages(number)).containsExactly("ACCEPTED", "PROCESSING", "PROCESSING", "PROCESSING");
        assertThat(deliveries()).containsExactly("DELETE", "ANNULLAMENTO");
    }

    private void discardNewestMessageBut(int later, long number) {
        List<Long> ids = store.jdbc
                .sql("select id from message where certificate_number = ? order by id desc")
                .param(number)
                .query(Long.class)
                .list();
        store.transaction.executeWithoutResult(status -> {
            journal.state(ids.get(later), MessageState.DISCARDED);
            hub.getBean(StoppedCertificates.class).withdrawAnnulment(number, ids.get(later), "perché");
        });
    }

    @Test
    void an_annulment_that_two_messages_ask_for_is_given_up_only_with_the_last() {
        long number = accepted(Action.NEW, "D1", null);
        stage(number, "PUBLISHED");
        accepted(Action.ANNULMENT, null, "D1");
        accepted(Action.ANNULMENT, null, "D1");
        discardNewestMessageBut(1, number);
        assertThat(annulment(number).state()).isEqualTo(Annulments.State.RICHIESTO);
        assertThat(messages(number)).containsExactly("ACCEPTED", "DISCARDED", "PROCESSING");
        discardNewestMessageBut(0, number);
        assertThat(hub.getBean(Annulments.class).of(number)).isEmpty();
        assertThat(messages(number)).containsExactly("ACCEPTED", "DISCARDED", "DISCARDED");
    }

    @Test
    void an_annulment_that_the_doctor_asks_for_too_stays_when_its_message_is_discarded() {
        long number = accepted(Action.NEW, "D1", null);
        stage(number, "PUBLISHED");
        accepted(Action.ANNULMENT, null, "D1");
        store.transaction.executeWithoutResult(
                status -> hub.getBean(CertificateRegister.class).annul(number, "specialista", null));
        discardNewestMessageBut(0, number);
        assertThat(annulment(number).state().waits()).isTrue();
        assertThat(annulment(number).messageId()).isNull();
        assertThat(signAnnulment(number)).isTrue();
    }

    @Test
    void what_is_being_annulled_is_not_replaced_and_what_is_being_replaced_is_not_annulled() {
        long one = accepted(Action.NEW, "D1", null);
        stage(one, "PUBLISHED");
        accepted(Action.ANNULMENT, null, "D1");
        assertThat(send(Action.REPLACEMENT, "D2", "D1").outcome().faults())
                .extracting(Fault::reason)
                .singleElement()
                .asString()
                .contains("in corso di annullamento");
        long other = accepted(Action.NEW, "E1", null);
        stage(other, "PUBLISHED");
        accepted(Action.REPLACEMENT, "E2", "E1");
        assertThat(send(Action.ANNULMENT, null, "E1").accepted()).isFalse();
    }

    @Test
    void a_publication_that_ends_meanwhile_does_not_end_the_annulment_that_waits() {
        long number = accepted(Action.NEW, "D1", null);
        stage(number, "SIGNED");
        accepted(Action.ANNULMENT, null, "D1");
        hub.getBean(CertificateSignatures.class)
                .settled(number, it.snodo.publication.PublicationListener.Result.PUBLISHED, null, null);
        assertThat(messages(number)).containsExactly("PUBLISHED", "PROCESSING");
        assertThat(signAnnulment(number)).isTrue();
        hub.getBean(CertificateSignatures.class)
                .settled(number, it.snodo.publication.PublicationListener.Result.PUBLISHED, null, null);
        assertThat(messages(number)).containsExactly("PUBLISHED", "PUBLISHED");
    }

    @Test
    void an_annulment_that_is_given_up_leaves_all_as_it_was() {
        long number = accepted(Action.NEW, "D1", null);
        stage(number, "PUBLISHED");
        accepted(Action.ANNULMENT, null, "D1");
        CertificateAnnulments annulments = hub.getBean(CertificateAnnulments.class);
        Annulments.Annulment given = annulment(number);
        assertThat((boolean) store.transaction.execute(status -> annulments.withdraw(number, "ripensamento")))
                .isTrue();
        assertThat(annulments.complete(given, new Signer.Signed(new byte[] {1}, Instant.now(), "CN=x")))
                .isFalse();
        assertThat(column("state", number)).isNotEqualTo("ANNULLATO");
        assertThat(deliveries()).isEmpty();
        assertThat(messages(number)).containsExactly("ACCEPTED", "DISCARDED");
        accepted(Action.REPLACEMENT, "D2", "D1");
    }

    @Test
    void an_annulment_whose_step_fails_waits_and_is_taken_up_again() {
        long number = accepted(Action.NEW, "D1", null);
        stage(number, "PUBLISHED");
        accepted(Action.ANNULMENT, null, "D1");
        CertificateAnnulments annulments = hub.getBean(CertificateAnnulments.class);
        assertThat(annulments.open(number)).isNotNull();
        assertThat(annulments.open(number)).as("one worker at a time").isNull();
        annulments.failed(number, new SnodoException(SnodoCode.PDF_FAILED, "modello guasto"));
        assertThat(messages(number)).containsExactly("ACCEPTED", "FAILED");
        assertThat(annulments.due()).containsExactly(number);
        assertThat(annulments.open(number)).isNotNull();
        assertThat(signAnnulment(number)).isTrue();
        assertThat(messages(number)).containsExactly("ACCEPTED", "PROCESSING");
    }

    @Test
    void what_a_worker_that_died_had_begun_is_taken_up_at_the_start() {
        long number = accepted(Action.NEW, "D1", null);
        stage(number, "PUBLISHED");
        accepted(Action.ANNULMENT, null, "D1");
        CertificateAnnulments annulments = hub.getBean(CertificateAnnulments.class);
        assertThat(annulments.open(number)).isNotNull();
        assertThat(annulments.due()).as("the first look after a start").containsExactly(number);
        assertThat(annulments.open(number)).isNotNull();
        assertThat(annulments.due()).isEmpty();
    }

    @Test
    void a_first_look_that_fails_is_looked_again() {
        long number = accepted(Action.NEW, "D1", null);
        stage(number, "PUBLISHED");
        accepted(Action.ANNULMENT, null, "D1");
        CertificateAnnulments annulments = hub.getBean(CertificateAnnulments.class);
        assertThat(annulments.open(number)).isNotNull();
        store.jdbc.sql("alter table annulment rename to away").update();
        assertThatThrownBy(annulments::due).isInstanceOf(DataAccessException.class);
        store.jdbc.sql("alter table away rename to annulment").update();
        assertThat(annulments.due()).containsExactly(number);
    }

    @Test
    void what_waited_for_a_doctor_goes_on_without_him_when_the_hub_signs_by_itself_now() {
        long waiting = accepted(Action.NEW, "D1", null);
        stage(waiting, "AWAITING_SIGNATURE");
        long number = accepted(Action.NEW, "D2", null);
        stage(number, "PUBLISHED");
        accepted(Action.ANNULMENT, null, "D2");
        assertThat(hub.getBean(Annulments.class).awaitDoctor(annulment(number).id()))
                .isTrue();
        assertThat(hub.getBean(CertificateAnnulments.class).due()).containsExactly(number);
        assertThat(certificates.standingStill("DOCUMENT", 20, 10)).containsExactly(waiting);
    }

    @Test
    void a_signed_annulment_that_cannot_be_carried_out_whole_is_not_carried_out_at_all() {
        long number = accepted(Action.NEW, "D1", null);
        stage(number, "SIGNED");
        accepted(Action.ANNULMENT, null, "D1");
        store.jdbc
                .sql("alter table delivery add constraint test_no_room check (action <> 'ANNULLAMENTO') not valid")
                .update();
        try {
            assertThatThrownBy(() -> signAnnulment(number)).isInstanceOf(DataIntegrityViolationException.class);
        } finally {
            store.jdbc.sql("alter table delivery drop constraint test_no_room").update();
        }
        assertThat(column("state", number)).isNotEqualTo("ANNULLATO");
        assertThat(annulment(number).state().waits()).isTrue();
        assertThat(deliveries()).isEmpty();
        assertThat(signAnnulment(number)).isTrue();
    }

    @Test
    void an_annulment_that_belongs_to_no_accepted_message_is_refused() {
        long number = accepted(Action.NEW, "D1", null);
        stage(number, "SIGNED");
        CertificateAnnulled annulment = new CertificateAnnulled(number, column("document_id", number), 1L);
        assertThatThrownBy(() -> hub.publishEvent(annulment)).isInstanceOf(IllegalStateException.class);
        assertThat(deliveries()).isEmpty();
    }

    @Test
    void what_a_person_changes_is_changed_only_inside_a_transaction() {
        long number = accepted(Action.NEW, "D1", null);
        StoppedCertificates stopped = hub.getBean(StoppedCertificates.class);
        List<ThrowingCallable> changes = List.of(
                () -> stopped.lock(number),
                () -> stopped.restart(number),
                () -> stopped.replaceRequest(number, PublicationStore.request(true, null, null)),
                () -> stopped.forgetSignature(column("document_id", number)),
                () -> stopped.discard(number, "perché", "ops"),
                () -> stopped.touch(number));
        String before = column("certificate.*", number);
        assertThat(changes)
                .allSatisfy(change -> assertThatThrownBy(change).isInstanceOf(IllegalTransactionStateException.class));
        assertThat(column("certificate.*", number)).isEqualTo(before);
    }

    @Test
    void a_change_that_fails_takes_back_all_that_its_caller_did_in_the_same_transaction() {
        long number = accepted(Action.NEW, "D1", null);
        stage(number, "FAILED");
        accepted(Action.NEW, "D1", null);
        StoppedCertificates stopped = hub.getBean(StoppedCertificates.class);
        assertThatThrownBy(() -> store.transaction.executeWithoutResult(status -> {
                    stopped.touch(number);
                    try {
                        stopped.restart(number);
                    } catch (SnodoException e) {
                        assertThat(e.code()).isEqualTo(SnodoCode.NOT_NOW);
                    }
                }))
                .as("a failure within cannot be committed by whoever swallows it")
                .isInstanceOf(UnexpectedRollbackException.class);
        assertThat(column("revision", number)).isEqualTo("0");
    }

    @Test
    void one_that_failed_here_can_be_annulled_by_its_sender() {
        long number = accepted(Action.NEW, "D1", null);
        stage(number, "FAILED");
        accepted(Action.ANNULMENT, null, "D1");
        assertThat(column("stage", number)).isEqualTo("ENDED");
        assertThat(deliveries()).isEmpty();
    }

    @Test
    void after_the_annulment_of_an_unsigned_replacement_the_first_version_can_be_replaced_again() {
        long first = accepted(Action.NEW, "D1", null);
        stage(first, "PUBLISHED");
        accepted(Action.REPLACEMENT, "D2", "D1");
        assertThat(send(Action.REPLACEMENT, "D3", "D1").accepted()).isFalse();
        accepted(Action.ANNULMENT, null, "D2");
        assertThat(send(Action.REPLACEMENT, "D3", "D1").accepted()).isTrue();
    }

    @Test
    void what_stands_still_is_offered_once_in_a_while_and_never_in_the_way_of_the_others() {
        long one = accepted(Action.NEW, "D1", null);
        long other = accepted(Action.NEW, "D2", null);
        assertThat(certificates.standingStill("RECEIVED", 0, 1000)).containsExactly(one, other);
        assertThat(certificates.standingStill("RECEIVED", 20, 1000)).isEmpty();
    }

    @Test
    void what_the_person_has_hidden_stays_hidden_in_its_new_version() {
        store.document("A");
        long second = store.document("B", "A", PublicationStore.request(null, null, null), "N");
        stage(second, "DOCUMENT");
        store.jdbc
                .sql("update document set obscured = true, withheld = true where id = 'A'")
                .update();
        unsigned("B");
        assertThat(keep(second, "%PDF-1.7 unsigned B")).isTrue();
        assertThat(store.jdbc
                        .sql("select obscured and withheld from document where id = 'B'")
                        .query(Boolean.class)
                        .single())
                .isTrue();
        assertThat(deliveries()).containsExactly("REPLACE", "INSERIMENTO");
    }

    private void unsigned(String documentId) {
        store.jdbc
                .sql("update document set signed_pdf = null where id = ?")
                .param(documentId)
                .update();
    }

    private boolean keep(long number, String unsigned) {
        CertificateWork.Row row = certificates.row(number).orElseThrow();
        return Boolean.TRUE.equals(store.transaction.execute(status -> hub.getBean(CertificateSignatures.class)
                .keep(
                        row,
                        unsigned.getBytes(StandardCharsets.UTF_8),
                        new Signer.Signed(
                                "%PDF".getBytes(StandardCharsets.US_ASCII), Instant.now(), "VRDLGU60B02L219X"))));
    }

    @Test
    void a_signature_of_bytes_that_were_made_again_meanwhile_is_not_kept() {
        long number = store.document("A");
        stage(number, "AWAITING_SIGNATURE");
        unsigned("A");
        assertThat(keep(number, "%PDF-1.7 unsigned, before the correction")).isFalse();
        assertThat(column("stage", number)).isEqualTo("AWAITING_SIGNATURE");
        assertThat(deliveries()).isEmpty();
        assertThat(keep(number, "%PDF-1.7 unsigned A")).isTrue();
        assertThat(deliveries()).containsExactly("CREATE", "INSERIMENTO");
    }

    @Test
    void a_document_that_was_annulled_is_not_replaced_by_a_signature_that_comes_late() {
        long first = store.document("A");
        long second = store.document("B", "A", PublicationStore.request(null, null, null), "N");
        stage(second, "AWAITING_SIGNATURE");
        unsigned("B");
        certificates.state(first, "ANNULLATO");
        assertThat(keep(second, "%PDF-1.7 unsigned B")).isFalse();
        assertThat(column("state", first)).isEqualTo("ANNULLATO");
        assertThat(column("stage", second)).isEqualTo("FAILED");
        assertThat(column("failure_code", second)).isEqualTo(SnodoCode.DOCUMENT_NOT_CURRENT.code());
        assertThat(deliveries()).isEmpty();
    }

    @Test
    void a_message_of_a_sender_without_a_name_takes_effect_once_too() {
        Incoming message = new Incoming(
                "MLLP",
                "peer",
                null,
                "M-nameless",
                "test",
                "bytes".getBytes(StandardCharsets.UTF_8),
                PublicationStore.request(null, null, null),
                List.of(),
                Map.of(),
                (incoming, outcome) -> "answer".getBytes(StandardCharsets.UTF_8));
        long first = journal.accept(message).outcome().certificateNumber();
        Accepted again = journal.accept(message);
        assertThat(again.repeated()).isTrue();
        assertThat(again.outcome().certificateNumber()).isEqualTo(first);
    }

    @Test
    void a_step_that_fails_for_a_reason_that_may_pass_is_tried_a_few_times_and_then_waits_for_a_person() {
        long number = accepted(Action.NEW, "D1", null);
        for (int i = 1; i < 3; i++) {
            assertThat(certificates.begin("RECEIVED", "documento", number)).isPresent();
            certificates.later(number, "RECEIVED", "documento", SnodoCode.INTERNAL, "passerà");
            assertThat(column("stage", number)).isEqualTo("RECEIVED");
        }
        assertThat(certificates.standingStill("RECEIVED", 20, 1000))
                .as("its wait is over")
                .containsExactly(number);
        done(accepted(Action.NEW, "D2", null));
        certificates.later(number, "RECEIVED", "documento", SnodoCode.INTERNAL, "passerà");
        assertThat(column("stage", number)).isEqualTo("FAILED");
        assertThat(column("failure", number)).contains("3 tentativi");
        assertThat(messages(number)).containsExactly("FAILED");
        assertThat(store.jdbc
                        .sql("select destination || ' ' || step || ' ' || code from dead_letter")
                        .query(String.class)
                        .list())
                .containsExactly("HUB DOCUMENTO SNODO-9001");
    }

    @Test
    void a_step_waits_as_long_as_it_was_put_off() {
        long number = accepted(Action.NEW, "D1", null);
        store.jdbc
                .sql("update certificate set next_step_at = now() + interval '1 hour'")
                .update();
        assertThat(certificates.begin("RECEIVED", "documento", number)).isEmpty();
        assertThat(certificates.standingStill("RECEIVED", 0, 1000)).isEmpty();
    }

    /** Another certificate gets its document meanwhile. */
    private void done(long other) {
        done(certificates, other);
    }

    private void done(Certificates process, long other) {
        assertThat(process.begin("RECEIVED", "documento", other)).isPresent();
        assertThat(process.move(other, "RECEIVED", "DOCUMENT")).isTrue();
    }

    @Test
    void what_fails_for_all_is_not_the_fault_of_any_and_is_tried_until_it_passes() {
        List<Long> numbers = List.of(accepted(Action.NEW, "D1", null), accepted(Action.NEW, "D2", null));
        for (int i = 0; i < 50; i++) {
            for (long number : numbers) {
                certificates.later(number, "RECEIVED", "firma", SnodoCode.SIGNATURE_EVIDENCE_MISSING, "nessuna marca");
            }
        }
        assertThat(numbers).extracting(number -> column("stage", number)).containsOnly("RECEIVED");
        // its time is over: somebody has to look
        store.jdbc
                .sql("update certificate set made_at = made_at - interval '8 days'")
                .update();
        certificates.later(numbers.get(0), "RECEIVED", "firma", SnodoCode.SIGNATURE_EVIDENCE_MISSING, "nessuna marca");
        assertThat(column("stage", numbers.get(0))).isEqualTo("FAILED");
    }

    /** What a hub that has just been started works with, on the store of the one that was killed. */
    private Certificates startedAgain() {
        store.jdbc.sql("update certificate set next_step_at = null").update();
        return new Certificates(
                hub.getBean(org.springframework.jdbc.core.simple.JdbcClient.class),
                hub.getBean(it.snodo.messages.Journal.class),
                hub.getBean(StepProperties.class),
                store.transactions);
    }

    @Test
    void a_step_that_takes_the_process_with_it_each_time_is_not_begun_for_ever() {
        long number = accepted(Action.NEW, "D1", null);
        for (int i = 0; i < 4; i++) {
            Certificates process = startedAgain();
            done(process, accepted(Action.NEW, "OTHER-" + i, null));
            assertThat(process.begin("RECEIVED", "documento", number)).isPresent();
        }
        Certificates process = startedAgain();
        done(process, accepted(Action.NEW, "OTHER", null));
        assertThat(process.begin("RECEIVED", "documento", number)).isEmpty();
        assertThat(column("stage", number)).isEqualTo("FAILED");
        assertThat(column("failure_code", number)).isEqualTo("SNODO-7005");
    }

    @Test
    void also_where_there_is_nothing_else_to_do_a_step_that_takes_the_process_with_it_is_given_up() {
        long number = accepted(Action.NEW, "D1", null);
        for (int i = 0; i < 40; i++) {
            assertThat(startedAgain().begin("RECEIVED", "documento", number)).isPresent();
        }
        assertThat(startedAgain().begin("RECEIVED", "documento", number)).isEmpty();
        assertThat(column("stage", number)).isEqualTo("FAILED");
    }

    @Test
    void a_hub_that_is_killed_soon_after_each_start_blames_no_certificate_for_it() {
        List<Long> numbers = Stream.of("D1", "D2", "D3")
                .map(document -> accepted(Action.NEW, document, null))
                .toList();
        for (int i = 0; i < 30; i++) {
            Certificates process = startedAgain();
            // two workers begin what they are offered first, and then the hub is killed
            process.standingStill("RECEIVED", 0, 1000).stream().limit(2).forEach(number -> {
                assertThat(process.begin("RECEIVED", "documento", number)).isPresent();
            });
        }
        assertThat(numbers).extracting(number -> column("stage", number)).containsOnly("RECEIVED");
        assertThat(numbers).extracting(number -> column("step_opened", number)).containsOnly("20");
    }

    @Test
    void a_step_that_the_store_throws_back_again_and_again_has_not_taken_the_process_with_it() {
        long number = accepted(Action.NEW, "D1", null);
        done(accepted(Action.NEW, "D2", null));
        for (int i = 0; i < 100; i++) {
            assertThat(certificates.begin("RECEIVED", "documento", number)).isPresent();
            store.transaction.executeWithoutResult(status -> {
                assertThat(certificates.move(number, "RECEIVED", "DOCUMENT")).isTrue();
                status.setRollbackOnly();
            });
        }
        assertThat(column("stage", number)).isEqualTo("RECEIVED");
    }

    @Test
    void an_error_of_java_in_a_step_ends_as_a_dead_letter_through_the_routes_error_policy() throws Exception {
        long number = accepted(Action.NEW, "D1", null);
        try (var camel = new org.apache.camel.impl.DefaultCamelContext()) {
            camel.getRegistry().bind("certificateFailure", new CertificateFailure(certificates, store.transactions));
            camel.getRegistry().bind("step", new Overflowing());
            org.apache.camel.support.PluginHelper.getRoutesLoader(camel)
                    .loadRoutes(org.apache.camel.support.ResourceHelper.fromString(
                            "certificate-steps.yaml",
                            java.nio.file.Files.readString(
                                    java.nio.file.Path.of("routes/_common/certificate-steps.yaml"))));
            camel.addRoutes(new org.apache.camel.builder.RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in")
                            .routeId("certificate-document")
                            .routeConfigurationId("certificate-steps")
                            .setProperty("certificateNumber", body())
                            .to("bean:step");
                }
            });
            camel.start();
            // nothing else is there that could succeed: four times as often as allowed
            for (int i = 0; i < 12; i++) {
                camel.createProducerTemplate().sendBody("direct:in", number);
            }
        }
        assertThat(column("stage", number)).isEqualTo("FAILED");
        assertThat(column("failure", number)).contains("StackOverflowError");
    }

    /** A step of ours that Java itself cannot do. */
    public static final class Overflowing {

        public void run(long number) {
            throw new StackOverflowError();
        }
    }

    @Test
    void every_stage_of_a_certificate_has_a_way_out() {
        StoppedCertificates people = hub.getBean(StoppedCertificates.class);
        for (String stage : List.of("RECEIVED", "DOCUMENT")) {
            long number = accepted(Action.NEW, "CLOCK-" + stage, null);
            stage(number, stage);
            assertThat(certificates.standingStill(stage, 0, 1000))
                    .as("by the clock")
                    .contains(number);
            assertThat(certificates.begin(stage, "passo", number)).isPresent();
        }
        for (String stage : List.of("RECEIVED", "DOCUMENT", "AWAITING_SIGNATURE", "FAILED")) {
            long number = accepted(Action.NEW, "PERSON-" + stage, null);
            stage(number, stage);
            assertThat((boolean) store.transaction.execute(status -> people.discard(number, "perché", "ops")))
                    .as("closed by a person")
                    .isTrue();
            assertThat(accepted(Action.NEW, "PERSON-" + stage, null)).isGreaterThan(number);
        }
        long failed = accepted(Action.NEW, "AGAIN", null);
        stage(failed, "FAILED");
        store.transaction.executeWithoutResult(status -> people.restart(failed));
        assertThat(certificates.begin("RECEIVED", "documento", failed)).isPresent();
        for (String stage : List.of("SIGNED", "PUBLISHED")) {
            long number = accepted(Action.NEW, "SENDER-" + stage, null);
            stage(number, stage);
            assertThat(accepted(Action.ANNULMENT, null, "SENDER-" + stage))
                    .as("withdrawn by its sender")
                    .isEqualTo(number);
        }
    }

    @Test
    void a_failed_replacement_is_not_restarted_beside_another_or_when_its_document_was_annulled() {
        StoppedCertificates people = hub.getBean(StoppedCertificates.class);
        long first = accepted(Action.NEW, "D1", null);
        stage(first, "PUBLISHED");
        long failed = accepted(Action.REPLACEMENT, "D2", "D1");
        stage(failed, "FAILED");
        assertThat(people.obstacle(failed)).isEmpty();
        long other = accepted(Action.REPLACEMENT, "D3", "D1");
        assertThat(people.obstacle(failed))
                .hasValueSatisfying(words -> assertThat(words).contains("altra sostituzione"));
        stage(other, "FAILED");
        accepted(Action.ANNULMENT, null, "D1");
        assertThat(people.obstacle(failed))
                .hasValueSatisfying(words -> assertThat(words).contains("in corso di annullamento"));
        assertThat(signAnnulment(first)).isTrue();
        assertThat(people.obstacle(failed))
                .hasValueSatisfying(words -> assertThat(words).contains("annullato"));
    }

    @Test
    void what_replaces_a_failed_replacement_is_refused_when_it_is_restarted_and_not_only_by_its_first_step() {
        StoppedCertificates people = hub.getBean(StoppedCertificates.class);
        long first = accepted(Action.NEW, "D1", null);
        stage(first, "PUBLISHED");
        stage(accepted(Action.REPLACEMENT, "D2", "D1"), "FAILED");
        long third = accepted(Action.REPLACEMENT, "D3", "D2");
        stage(third, "FAILED");
        assertThat(people.obstacle(third)).isEmpty();

        long other = accepted(Action.REPLACEMENT, "D4", "D1");
        assertThat(people.obstacle(third))
                .hasValueSatisfying(words -> assertThat(words).contains("sostituito da un altro", "solo scartare"));
        stage(other, "FAILED");
        accepted(Action.REPLACEMENT, "D5", "D4");
        assertThat(people.obstacle(third))
                .as("through another failed one")
                .hasValueSatisfying(words -> assertThat(words).contains("sostituito da un altro"));
        store.jdbc
                .sql("update certificate set stage = 'FAILED' where document_number = 'D5'")
                .update();

        accepted(Action.ANNULMENT, null, "D1");
        assertThat(people.obstacle(third))
                .hasValueSatisfying(words -> assertThat(words).contains("finché l'annullamento aspetta"));
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> store.transaction.executeWithoutResult(status -> people.restart(third)))
                .isInstanceOfSatisfying(it.snodo.fault.SnodoException.class, e -> assertThat(e.code())
                        .isEqualTo(SnodoCode.NOT_NOW));
        assertThat(column("stage", third)).isEqualTo("FAILED");
        assertThat(signAnnulment(first)).isTrue();
        assertThat(people.obstacle(third))
                .hasValueSatisfying(words -> assertThat(words).contains("è stato annullato", "solo scartare"));
    }

    @Test
    void who_asks_for_an_annulment_is_told_also_after_the_one_who_asked_first_has_given_it_up() {
        long number = accepted(Action.NEW, "D1", null);
        stage(number, "PUBLISHED");
        accepted(Action.ANNULMENT, null, "D1");
        accepted(Action.ANNULMENT, null, "D1");
        store.jdbc
                .sql("update message set sender = 'ALTRA|OSPEDALE' where id ="
                        + " (select max(id) from message where certificate_number = ?)")
                .param(number)
                .update();
        store.jdbc.sql("update annulment set reason = 'del primo'").update();
        discardNewestMessageBut(1, number);
        assertThat(annulment(number).askedBy()).isEqualTo("ALTRA");
        assertThat(annulment(number).reason()).isNull();

        store.transaction.executeWithoutResult(
                status -> hub.getBean(CertificateRegister.class).annul(number, "verdi", "Persona sbagliata"));
        discardNewestMessageBut(0, number);
        assertThat(annulment(number).askedBy()).isEqualTo("verdi");
        assertThat(annulment(number).reason()).isEqualTo("Persona sbagliata");
        assertThat(annulment(number).messageId()).isNull();
    }

    @Test
    void a_signature_that_replaces_a_certificate_tells_who_rests_upon_it() {
        long first = store.document("A");
        long second = store.document("B", "A", PublicationStore.request(null, null, null), "N");
        stage(second, "AWAITING_SIGNATURE");
        unsigned("B");
        List<Object> told = new ArrayList<>();
        hub.addApplicationListener(event -> {
            if (event instanceof org.springframework.context.PayloadApplicationEvent<?> payload) {
                told.add(payload.getPayload());
            }
        });
        assertThat(keep(second, "%PDF-1.7 unsigned B")).isTrue();
        assertThat(column("state", first)).isEqualTo("SOSTITUITO");
        assertThat(told).contains(new it.snodo.certificate.CertificateReplaced(first, second));
    }

    @Test
    void one_whose_number_another_has_taken_is_not_restarted_beside_it() {
        StoppedCertificates people = hub.getBean(StoppedCertificates.class);
        long first = accepted(Action.NEW, "D1", null);
        stage(first, "FAILED");
        accepted(Action.NEW, "D1", null);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> store.transaction.executeWithoutResult(status -> people.restart(first)))
                .isInstanceOfSatisfying(it.snodo.fault.SnodoException.class, e -> assertThat(e.code())
                        .isEqualTo(SnodoCode.NOT_NOW));
    }

    @Test
    void each_step_tells_the_configuration_it_ran_under_beside_the_one_of_the_acceptance() {
        long number = accepted(Action.NEW, "D1", null);
        revision = "r2";
        certificates.fail(number, "RECEIVED", "documento", SnodoCode.INTERNAL, "perché");
        assertThat(column("config_revision", number)).isEqualTo("r1");
        assertThat(store.jdbc
                        .sql("select config_revision from message where certificate_number = ?")
                        .param(number)
                        .query(String.class)
                        .single())
                .isEqualTo("r1");
        assertThat(store.jdbc
                        .sql("select config_revision from message_step where name = 'documento'")
                        .query(String.class)
                        .single())
                .isEqualTo("r2");
    }

    @Test
    void a_pin_lies_sealed_in_the_store_also_after_a_correction_and_opens_with_its_key_alone() throws Exception {
        long number = accepted(Action.NEW, "D1", null);
        assertThat(column("request", number)).contains("<pin>").doesNotContain("48151");
        CertificateRequest stored = it.snodo.certificate.CertificateRequestCodec.fromXml(column("request", number));
        it.snodo.certificate.PinSeal seal = hub.getBean(it.snodo.certificate.PinSeal.class);
        assertThat(seal.opened(stored).onlineCollection().pin()).isEqualTo("48151");
        store.transaction.executeWithoutResult(status -> hub.getBean(StoppedCertificates.class)
                .replaceRequest(number, PublicationStore.request(null, null, null)));
        assertThat(column("request", number)).contains("<pin>").doesNotContain("48151");
        assertThatThrownBy(() -> new it.snodo.certificate.PinSeal("un'altra chiave lunga", java.nio.file.Path.of("x"))
                        .opened(stored))
                .isInstanceOfSatisfying(
                        SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.PIN_UNREADABLE));
        // as stored before there was a key
        assertThat(seal.open("48151")).isEqualTo("48151");
    }
}
