package it.snodo.messages;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import it.snodo.certificate.CertificateRegister;
import it.snodo.certificate.CertificateRegister.Registration;
import it.snodo.certificate.CertificateRequest;
import it.snodo.config.ConfigurationRevision;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.Incoming;
import it.snodo.intake.Incoming.Outcome;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The durable store of every message. A message, its effect and its acknowledgement are committed together, under one
 * key made of sender and control id: that is what "never lost, never twice" rests on. The key and the acknowledgement
 * are kept for ever, the message itself for as long as the retention says.
 */
@Component("journal")
public class Journal {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final JdbcClient db;
    private final TransactionTemplate transaction;
    private final CertificateRegister certificates;
    private final ObjectMapper json;
    private final ConfigurationRevision configuration;

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
        this.configuration = configuration;
    }

    /**
     * Stores the message and what it causes, then gives the acknowledgement. A message already known by sender and
     * control id gets its first acknowledgement again when the bytes are the same, and a refusal (205) when they differ.
     *
     * @throws org.springframework.dao.DataAccessException when nothing could be stored: the sender must not be told yes
     */
    public Accepted accept(Incoming message) {
        byte[] hash = sha256(message.raw());
        try {
            return acceptOnce(message, hash);
        } catch (DuplicateKeyException race) {
            // The same message, or another one with the same document number, came in at the same moment on another
            // connection: now it is there to be seen.
            return acceptOnce(message, hash);
        }
    }

    private Accepted acceptOnce(Incoming message, byte[] hash) {
        return transaction.execute(status -> {
            Known known = known(message);
            return known.isNew() ? first(known.id(), message, hash) : again(message, hash, known);
        });
    }

    private Accepted again(Incoming message, byte[] hash, Known known) {
        if (MessageDigest.isEqual(hash, known.sha256())) {
            Outcome outcome =
                    new Outcome(known.id(), known.accepted(), known.certificateNumber(), known.documentId(), List.of());
            return new Accepted(outcome, known.answer(), true, null);
        }
        Fault fault = Fault.at(
                SnodoCode.DUPLICATE_OTHER_CONTENT,
                "",
                "Il messaggio «%s» del mittente «%s» è già stato ricevuto con un altro contenuto: usare un nuovo identificativo."
                        .formatted(message.controlId(), message.sender().replaceFirst("[|].*", "")));
        step(known.id(), "duplicato con altro contenuto", "REFUSED", "impronta " + hex(hash));
        LOG.warn(
                "{} message {} was used again with other content by {}",
                SnodoCode.DUPLICATE_OTHER_CONTENT.code(),
                known.id(),
                message.sender());
        Incoming faulty = message.withFaults(List.of(fault));
        Outcome outcome = new Outcome(known.id(), false, null, null, faulty.faults());
        return new Accepted(outcome, message.answer().build(faulty, outcome), false, null);
    }

    private Accepted first(long id, Incoming message, byte[] hash) {
        Incoming checked = message;
        Registration registration = null;
        boolean existing = false;
        if (checked.faults().isEmpty()) {
            registration = checked.ifNoneExist()
                    ? certificates.existing(checked.request()).orElse(null)
                    : null;
            existing = registration != null;
            if (!existing) {
                registration = certificates.register(id, checked.request());
            }
            checked = checked.withFaults(registration.faults());
        }
        boolean accepted = checked.faults().isEmpty();
        Outcome outcome = accepted
                ? new Outcome(
                        id, true, registration.certificateNumber(), registration.documentId(), existing, List.of())
                : new Outcome(id, false, null, null, checked.faults());
        byte[] answer = message.answer().build(checked, outcome);
        insert(id, checked, hash, outcome, answer, registration);
        if (existing) {
            step(id, "If-None-Exist", "OK", "il documento c'è già: nessun nuovo effetto");
        }
        return new Accepted(outcome, answer, false, accepted ? registration.orderKey() : null);
    }

    /** Message and key in one statement: each trip to the database is paid by every message. */
    private void insert(
            long id, Incoming message, byte[] hash, Outcome outcome, byte[] answer, Registration registration) {
        boolean accepted = outcome.accepted();
        String controlId = accepted || !isDerived(message.controlId()) ? blankToNull(message.controlId()) : null;
        MapSqlParameterSource values = new MapSqlParameterSource()
                .addValue("id", id)
                .addValue("protocol", message.protocol())
                .addValue("peer", message.peer())
                .addValue("sender", sender(message))
                .addValue("controlId", controlId)
                .addValue("type", message.type() == null ? "" : message.type())
                .addValue("sha256", hash)
                .addValue("size", message.raw().length)
                .addValue("raw", withoutPin(message))
                .addValue("answer", answer)
                .addValue("state", state(outcome).name())
                .addValue("faults", accepted ? null : toJson(message.faults()))
                .addValue("patient", patientId(message))
                .addValue(
                        "nre",
                        message.request() == null ? null : message.request().nre())
                .addValue("documentId", accepted ? registration.documentId() : null)
                .addValue("fseIdentifier", accepted ? registration.fseIdentifier() : null)
                .addValue("number", accepted ? registration.certificateNumber() : null)
                .addValue("accepted", accepted)
                .addValue("configuration", configuration.current());
        db.sql(controlId == null ? WITHOUT_KEY : WITH_KEY).paramSource(values).update();
    }

    private static final String WITH_KEY = """
            with stored as (
              insert into message (id, protocol, peer, sender, control_id, type, sha256, size, raw, state, faults,
                patient_id, nre, document_id, fse_identifier, certificate_number, config_revision)
              values (:id, :protocol, :peer, :sender, :controlId, :type, :sha256, :size, :raw, :state,
                cast(:faults as jsonb), :patient, :nre, :documentId, :fseIdentifier, :number, :configuration)
              returning id, sender, control_id, sha256, certificate_number, document_id)
            insert into message_key (message_id, sender, control_id, sha256, certificate_number, document_id, answer,
              accepted)
            select stored.*, cast(:answer as bytea), cast(:accepted as boolean) from stored
            """;

    private static final String WITHOUT_KEY = """
            insert into message (id, protocol, peer, sender, type, sha256, size, raw, answer, state, faults,
              patient_id, nre, document_id, fse_identifier, certificate_number, config_revision)
            values (:id, :protocol, :peer, :sender, :type, :sha256, :size, :raw, :answer, :state,
              cast(:faults as jsonb), :patient, :nre, :documentId, :fseIdentifier, :number, :configuration)
            """;

    private static MessageState state(Outcome outcome) {
        if (!outcome.accepted()) {
            return MessageState.REFUSED;
        }
        return outcome.existing() ? MessageState.DISCARDED : MessageState.ACCEPTED;
    }

    /**
     * The bytes to keep. A citizen's PIN is kept with the certificate, that needs it once, and nowhere else; where the
     * request was read whole and carries none, there is nothing to look for.
     */
    private static byte[] withoutPin(Incoming message) {
        CertificateRequest request = message.request();
        boolean none = request != null
                && message.faults().isEmpty()
                && (request.onlineCollection() == null
                        || request.onlineCollection().pin() == null);
        return none ? message.raw() : PinMask.masked(message.raw());
    }

    /** A sender that did not say who it is has the empty name, so that its repetitions are known all the same. */
    private static String sender(Incoming message) {
        return message.sender() == null ? "" : message.sender();
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

    /** What is known under this sender and control id, or else the id for a new message, in one trip. */
    private Known known(Incoming message) {
        return db.sql("""
                        select coalesce(k.message_id, new_message_id(now())) id, k.message_id is null is_new,
                               k.sha256, k.answer, k.accepted, k.certificate_number, k.document_id
                        from (select cast(? as text) sender, cast(? as text) control_id) asked
                        left join message_key k on k.control_id = asked.control_id and k.sender = asked.sender
                        """)
                .params(sender(message), blankToNull(message.controlId()))
                .query(KNOWN)
                .single();
    }

    record Known(
            long id,
            boolean isNew,
            byte[] sha256,
            byte[] answer,
            boolean accepted,
            Long certificateNumber,
            String documentId) {}

    private static final RowMapper<Known> KNOWN = (row, n) -> new Known(
            row.getLong("id"),
            row.getBoolean("is_new"),
            row.getBytes("sha256"),
            row.getBytes("answer"),
            row.getBoolean("accepted"),
            row.getObject("certificate_number", Long.class),
            row.getString("document_id"));

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

    private static String blankToNull(String text) {
        return text == null || text.isBlank() ? null : text;
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
