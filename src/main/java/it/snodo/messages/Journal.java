package it.snodo.messages;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import it.snodo.certificate.CertificateRegister;
import it.snodo.certificate.CertificateRegister.Asked;
import it.snodo.certificate.CertificateRegister.Planned;
import it.snodo.certificate.CertificateRegister.Registration;
import it.snodo.certificate.CertificateRequest;
import it.snodo.config.ConfigurationRevision;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.Incoming;
import it.snodo.intake.Incoming.Outcome;
import it.snodo.messages.MessageStore.Complete;
import it.snodo.messages.MessageStore.Known;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The durable store of every message. A message, its effect and its acknowledgement are committed together, under one
 * key made of sender and control id: that is what "never lost, never twice" rests on. The key and the acknowledgement
 * are kept for ever, the message itself for as long as the retention says.
 */
@Component("journal")
public class Journal implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    /** There from the start, at nought: an alert looks at its growth. */
    private static final Counter OTHER_CONTENT = Metrics.counter("snodo.messages.other.content");

    /** Groups under way beside each other; the system property is for measurements. */
    private static final int AT_A_TIME = Integer.getInteger("snodo.intake.groups", 2);

    /** Half of what a group waits for a lock. */
    private static final Duration SLOW = Duration.ofMillis(500);

    private final JdbcClient db;
    private final TransactionTemplate transaction;
    private final CertificateRegister certificates;
    private final ObjectMapper json;
    private final MessageStore store;
    private final GroupCommit<Arriving, Accepted> together;
    private final ConfigurationRevision configuration;
    private final ExecutorService groups = workers("accept-group", 4 * AT_A_TIME);
    /** For messages that may take long, or wait for a row that somebody else works on, and for those of a group that failed. */
    private final ExecutorService singles = workers("accept-alone", 16);

    Journal(
            JdbcClient db,
            PlatformTransactionManager transactions,
            CertificateRegister certificates,
            ObjectMapper json,
            ConfigurationRevision configuration) {
        this.db = db;
        this.transaction = new TransactionTemplate(transactions);
        this.certificates = certificates;
        this.json = json;
        this.store = new MessageStore(db);
        this.together = new GroupCommit<>(new Groups(), AT_A_TIME, SLOW, groups, singles);
        this.configuration = configuration;
    }

    private final class Groups implements GroupCommit.Work<Arriving, Accepted> {

        @Override
        public List<Accepted> together(List<Arriving> messages) {
            return messages.get(0).isComplete() ? inOneCall(messages) : accept(messages, Patience.OF_A_GROUP);
        }

        @Override
        public Accepted alone(Arriving message) {
            return Journal.this.alone(message);
        }

        @Override
        public boolean alike(Arriving one, Arriving other) {
            return one.isComplete() == other.isComplete();
        }

        @Override
        public boolean clash(Arriving one, Arriving other) {
            return one.clashesWith(other);
        }

        /** Without a connection to the database nobody would get one alone either. */
        @Override
        public boolean isHopeless(RuntimeException failure) {
            return failure instanceof CannotCreateTransactionException
                    || failure instanceof CannotGetJdbcConnectionException;
        }
    }

    /**
     * Stores the message and what it causes, then gives the acknowledgement. A message already known by sender and
     * control id gets its first acknowledgement again when the bytes are the same, and a refusal (205) when they differ.
     * New certificates that come at the same time are committed together, each by its own rules.
     *
     * <p>What somebody else holds locked is waited for {@link Patience a while}, then its message fails; the others go on.
     *
     * @return comes when all is on disk; fails, mostly with a {@link org.springframework.dao.DataAccessException}, when
     *     nothing could be stored: the sender must not be told yes
     */
    public CompletableFuture<Accepted> take(Incoming message) {
        if (!Arriving.isLarge(message)) {
            Arriving arriving = Arriving.of(message);
            if (arriving.mayShare()) {
                return together.add(arriving);
            }
        }
        long since = System.nanoTime();
        CompletableFuture<Accepted> outcome = new CompletableFuture<>();
        singles.execute(() -> {
            try {
                outcome.complete(alone(Arriving.of(message, since)));
            } catch (RuntimeException | Error e) {
                outcome.completeExceptionally(e);
            }
        });
        return outcome;
    }

    /** As {@link #take}, for who can do nothing else meanwhile; throws what it would fail with. */
    public Accepted accept(Incoming message) {
        try {
            return take(message).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw e;
        }
    }

    /**
     * The same message, or another one with the same document number, may come in at the same moment on another connection:
     * then one of the two is turned away by the database, by the unique index or as the loser of a deadlock (a group takes
     * keys before certificates, this way the other way round), and finds the other's outcome when it looks again.
     */
    private Accepted alone(Arriving message) {
        for (int tries = 1; ; tries++) {
            try {
                return accept(List.of(message), Patience.left(message.since())).get(0);
            } catch (DuplicateKeyException | PessimisticLockingFailureException race) {
                if (tries == 3) {
                    throw race;
                }
            }
        }
    }

    /** All in one statement, whose end is the commit; null for those that are known somehow, and have to be looked at. */
    private List<Accepted> inOneCall(List<Arriving> messages) {
        OffsetDateTime now = CertificateRegister.now();
        List<Complete> complete =
                messages.stream().map(each -> complete(each, now)).toList();
        // When this fails, the numbers are not used again: it cannot be known what the database has done.
        Long[] ids = store.take(complete, now, configuration.current(), Patience.OF_A_GROUP);
        List<Accepted> accepted = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            accepted.add(accepted(ids[i], complete.get(i)));
        }
        return accepted;
    }

    private Complete complete(Arriving arriving, OffsetDateTime now) {
        Incoming message = arriving.message();
        Planned certificate =
                arriving.isCertificate() ? certificates.plan(message.request(), arriving.xml(), now) : null;
        Registration made = certificate == null ? null : certificate.registration();
        Outcome outcome = outcome(0, message, made);
        byte[] answer = message.answer().build(message, outcome);
        return new Complete(row(0, message, arriving, outcome, answer, made), certificate);
    }

    private Accepted accepted(Long id, Complete complete) {
        Planned certificate = complete.certificate();
        if (id == null) {
            if (certificate != null) {
                certificates.drop(certificate);
            }
            return null;
        }
        Registration made = certificate == null ? null : certificate.registration();
        Outcome outcome = outcome(id, complete.row().message(), made);
        return new Accepted(outcome, complete.row().answer(), false, made == null ? null : made.orderKey());
    }

    private static Outcome outcome(long id, Incoming message, Registration made) {
        return made == null
                ? new Outcome(id, false, null, null, message.faults())
                : new Outcome(id, true, made.certificateNumber(), made.documentId(), List.of());
    }

    private static ExecutorService workers(String name, int count) {
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                count,
                count,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new CustomizableThreadFactory(name + "-"));
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }

    @Override
    public void destroy() {
        groups.shutdown();
        singles.shutdown();
        try {
            // what is under way may still be answered
            groups.awaitTermination(5, TimeUnit.SECONDS);
            singles.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** In one transaction, in as few trips as one message needs. */
    private List<Accepted> accept(List<Arriving> messages, Duration patience) {
        return transaction.execute(status -> {
            List<Known> known =
                    store.known(messages.stream().map(Arriving::message).toList(), patience);
            List<Asked> asked = new ArrayList<>();
            for (int i = 0; i < messages.size(); i++) {
                if (known.get(i).isNew() && messages.get(i).isCertificate()) {
                    asked.add(new Asked(
                            known.get(i).id(),
                            messages.get(i).message().request(),
                            messages.get(i).xml()));
                }
            }
            Map<Long, Registration> certificate = asked.isEmpty() ? Map.of() : certificates.registerNew(asked);
            Accepted[] accepted = new Accepted[messages.size()];
            List<MessageStore.Row> rows = new ArrayList<>();
            for (int i = 0; i < accepted.length; i++) {
                Known one = known.get(i);
                accepted[i] = one.isNew()
                        ? first(one.id(), messages.get(i), certificate.get(one.id()), rows)
                        : again(messages.get(i), one);
            }
            if (!rows.isEmpty()) {
                store.insert(rows, configuration.current());
            }
            return List.of(accepted);
        });
    }

    private Accepted again(Arriving arriving, Known known) {
        Incoming message = arriving.message();
        if (MessageDigest.isEqual(arriving.hash(), known.sha256())) {
            Outcome outcome =
                    new Outcome(known.id(), known.accepted(), known.certificateNumber(), known.documentId(), List.of());
            return new Accepted(outcome, known.answer(), true, null);
        }
        Fault fault = Fault.at(
                SnodoCode.DUPLICATE_OTHER_CONTENT,
                "",
                "Il messaggio «%s» del mittente «%s» è già stato ricevuto con un altro contenuto: usare un nuovo identificativo."
                        .formatted(message.controlId(), message.sender().replaceFirst("[|].*", "")));
        otherContent(known.id(), arriving.hash(), message.sender());
        Incoming faulty = message.withFaults(List.of(fault));
        Outcome outcome = new Outcome(known.id(), false, null, null, faulty.faults());
        return new Accepted(outcome, message.answer().build(faulty, outcome), false, null);
    }

    /** Tells that an id was used again with other content: the sender numbers wrongly, or somebody sends in its name. */
    void otherContent(long messageId, byte[] hash, String sender) {
        step(messageId, "duplicato con altro contenuto", "REFUSED", "impronta " + hex(hash));
        OTHER_CONTENT.increment();
        LOG.warn(
                "{} message {} was used again with other content by {}",
                SnodoCode.DUPLICATE_OTHER_CONTENT.code(),
                messageId,
                sender);
    }

    /**
     * @param certificate what its request has made already; null when it has made nothing yet
     * @param rows gets what is to be written of the message
     */
    private Accepted first(long id, Arriving arriving, Registration certificate, List<MessageStore.Row> rows) {
        Incoming checked = arriving.message();
        Registration registration = certificate;
        boolean existing = false;
        if (checked.faults().isEmpty()) {
            if (checked.ifNoneExist()) {
                registration = certificates.existing(checked.request()).orElse(null);
                existing = registration != null;
            }
            if (registration == null) {
                registration = certificates.register(id, checked.request());
            }
            checked = checked.withFaults(registration.faults());
        }
        boolean accepted = checked.faults().isEmpty();
        Outcome outcome = accepted
                ? new Outcome(
                        id, true, registration.certificateNumber(), registration.documentId(), existing, List.of())
                : new Outcome(id, false, null, null, checked.faults());
        byte[] answer = checked.answer().build(checked, outcome);
        rows.add(row(id, checked, arriving, outcome, answer, registration));
        if (existing) {
            step(id, "If-None-Exist", "OK", "il documento c'è già: nessun nuovo effetto");
        }
        return new Accepted(outcome, answer, false, accepted ? registration.orderKey() : null);
    }

    private MessageStore.Row row(
            long id, Incoming message, Arriving arriving, Outcome outcome, byte[] answer, Registration registration) {
        boolean accepted = outcome.accepted();
        return new MessageStore.Row(
                id,
                message,
                accepted || !isDerived(message.controlId()) ? MessageStore.blankToNull(message.controlId()) : null,
                arriving.hash(),
                arriving.kept(),
                answer,
                state(outcome),
                accepted ? null : toJson(message.faults()),
                patientId(message),
                accepted ? registration.documentId() : null,
                accepted ? registration.fseIdentifier() : null,
                accepted ? registration.certificateNumber() : null);
    }

    private static MessageState state(Outcome outcome) {
        if (!outcome.accepted()) {
            return MessageState.REFUSED;
        }
        return outcome.existing() ? MessageState.DISCARDED : MessageState.ACCEPTED;
    }

    private static String patientId(Incoming message) {
        return message.request() == null || message.request().patient() == null
                ? null
                : CertificateRegister.patientKey(message.request().patient());
    }

    /** Writes down that a step of the message's way was done, waits, or failed, and under which configuration. */
    public void step(long messageId, String name, String outcome, String detail) {
        db.sql("insert into message_step (message_id, name, outcome, detail, config_revision) values (?, ?, ?, ?, ?)")
                .params(messageId, name, outcome, detail, configuration.current())
                .update();
    }

    /** The message is searched by the corrected request now; what it came with finds it too. */
    public void correct(long messageId, CertificateRequest request) {
        String patient = CertificateRegister.patientKey(request.patient());
        db.sql("""
                        with former as (select id, patient_id, nre from message where id = :id)
                        insert into message_former_key (kind, value, message_id)
                        select 'patient', patient_id, id from former where patient_id <> :patient
                        union all
                        select 'nre', nre, id from former where nre is distinct from cast(:nre as text) and nre is not null
                        on conflict do nothing""")
                .param("id", messageId)
                .param("patient", patient)
                .param("nre", request.nre())
                .update();
        db.sql("update message set patient_id = ?, nre = ? where id = ?")
                .params(patient, request.nre(), messageId)
                .update();
    }

    /** Moves the message on, unless a person has closed it. */
    public void state(long messageId, MessageState state) {
        db.sql("update message set state = ?, updated_at = now() where id = ? and state <> 'DISCARDED'")
                .params(state.name(), messageId)
                .update();
    }

    String toJson(List<Fault> faults) {
        try {
            return json.writeValueAsString(faults.stream()
                    .map(f -> Map.of(
                            "code", f.code().code(),
                            "path", f.path(),
                            "location", f.location() == null ? "" : f.location(),
                            "reason", f.reason()))
                    .toList());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * An id that the intake made from the content because the sender gave none. A refusal is not tied to it: the same
     * content may be good tomorrow, when a table has been mended.
     */
    private static boolean isDerived(String controlId) {
        return controlId != null && controlId.startsWith("sha256:");
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }
}
