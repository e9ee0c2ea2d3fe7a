package it.snodo.certificate;

import com.fasterxml.jackson.core.JsonProcessingException;
import it.snodo.certificate.Annulments.Annulment;
import it.snodo.certificate.CertificateRequest.Action;
import it.snodo.certificate.CertificateRequest.Patient;
import it.snodo.config.ConfigurationRevision;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.security.SecureRandom;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Component;

/** The certificates' own table: a request takes effect here, inside the transaction that accepts its message. */
@Component
public class CertificateRegister {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd");
    private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

    private final JdbcClient db;
    private final ApplicationEventPublisher events;
    private final ConfigurationRevision configuration;
    private final PinSeal pins;
    private final String documentRoot;
    private final SecureRandom random = new SecureRandom();
    private final CertificateNumbers numbers;
    private final Annulments annulments;

    CertificateRegister(
            JdbcClient db,
            ApplicationEventPublisher events,
            ConfigurationRevision configuration,
            PinSeal pins,
            @Value("${snodo.document.root:2.16.840.1.113883.2.9.2.10.4.4}") String documentRoot) {
        this.db = db;
        this.numbers = new CertificateNumbers(db);
        this.annulments = new Annulments(db);
        this.events = events;
        this.configuration = configuration;
        this.pins = pins;
        this.documentRoot = documentRoot;
    }

    /**
     * What a request did.
     *
     * @param faults why it cannot take effect; empty when it did
     * @param orderKey messages with the same key keep their order; null when there is no document to make
     */
    public record Registration(
            Long certificateNumber, String documentId, String fseIdentifier, String orderKey, List<Fault> faults) {

        static Registration refused(SnodoCode code, String path, String reason) {
            return new Registration(null, null, null, null, List.of(Fault.at(code, path, reason)));
        }
    }

    /** An earlier certificate that a replacement or an annulment refers to. */
    record Earlier(
            long number,
            String documentId,
            String setId,
            int version,
            String state,
            String stage,
            String request,
            String replacesDocumentId) {}

    private static final String EARLIER =
            "select number, document_id, set_id, version, state, stage, request, replaces_document_id from certificate";

    /**
     * A request for a new certificate.
     *
     * @param messageId the journal's id of the message that asks
     * @param xml the request as {@link CertificateRequestCodec#toXml(CertificateRequest)} writes it
     */
    public record Asked(long messageId, CertificateRequest request, String xml) {}

    /**
     * Registers new certificates in one trip to the database. Must run inside the transaction that stores their messages.
     *
     * @param asked at least one, each with another document number
     * @return by message id
     */
    public Map<Long, Registration> registerNew(List<Asked> asked) {
        return insert(asked, null);
    }

    /**
     * A new certificate as it will be stored with its message: a row of the table, but for what all rows have in common.
     *
     * @param request the canonical XML, its PIN sealed
     * @param registration what the request will have done
     */
    public record Planned(
            long number,
            String sender,
            String documentNumber,
            String request,
            String family,
            String given,
            String exemption,
            String diagnosis,
            String signer,
            Registration registration) {}

    /**
     * A new certificate for a request that passed the checks, not stored yet.
     *
     * @param xml the request as {@link CertificateRequestCodec#toXml(CertificateRequest)} writes it
     * @param madeAt now
     */
    public Planned plan(CertificateRequest request, String xml, OffsetDateTime madeAt) {
        long number = numbers.next();
        return new Planned(
                number,
                request.sender().key(),
                request.documentNumber(),
                kept(request, xml),
                request.patient().family(),
                request.patient().given(),
                exemption(request),
                diagnosis(request),
                signer(request),
                registration(request, newDocumentId(madeAt), number));
    }

    /** It was not stored, and will not be. */
    public void drop(Planned planned) {
        numbers.giveBack(planned.number());
    }

    /** When certificates that are made now are made. */
    public static OffsetDateTime now() {
        return OffsetDateTime.now(ROME).truncatedTo(ChronoUnit.SECONDS);
    }

    /** Must run inside the transaction that stores the message. */
    public Registration register(long messageId, CertificateRequest request) {
        return switch (request.action()) {
            case NEW -> insert(messageId, request, null);
            case REPLACEMENT -> taken(request).orElseGet(() -> onEarlier(messageId, request));
            case ANNULMENT -> onEarlier(messageId, request);
        };
    }

    /**
     * The certificate that this very request has made already, for a sender that asks for a new one only if there is none;
     * empty when the document's number is free, or taken by another content.
     */
    public Optional<Registration> existing(CertificateRequest request) {
        record Found(long number, String documentId, String request) {}
        return db.sql("select number, document_id, request from certificate"
                        + " where sender = ? and document_number = ? and stage <> 'FAILED'")
                .params(request.sender().key(), request.documentNumber())
                .query(Found.class)
                .optional()
                .filter(found -> CertificateRequestCodec.toXml(request)
                        .equals(CertificateRequestCodec.toXml(pins.opened(stored(found.number(), found.request())))))
                .map(found -> new Registration(
                        found.number(), found.documentId(), documentRoot + "^" + found.documentId(), null, List.of()));
    }

    private Optional<Registration> taken(CertificateRequest request) {
        return db.sql("select number from certificate where sender = ? and document_number = ? and stage <> 'FAILED'")
                .params(request.sender().key(), request.documentNumber())
                .query(Long.class)
                .optional()
                .map(number -> Registration.refused(
                        SnodoCode.DOCUMENT_NUMBER_TAKEN,
                        "documentNumber",
                        "Il documento n. «%s» è già stato ricevuto (certificato %d): per correggerlo inviare una sostituzione."
                                .formatted(request.documentNumber(), number)));
    }

    private Registration onEarlier(long messageId, CertificateRequest request) {
        // One that failed here was accepted all the same: its sender may replace or annul it. The lock leaves the row's
        // key
        // alone, so that what refers to the certificate (documents, deliveries) can be written meanwhile.
        Optional<Earlier> found = db.sql(EARLIER + " where sender = ? and document_number = ?"
                        + " order by stage = 'FAILED', number desc limit 1 for no key update")
                .params(request.sender().key(), request.replacedDocumentNumber())
                .query(Earlier.class)
                .optional();
        if (found.isEmpty()) {
            return Registration.refused(
                    SnodoCode.DOCUMENT_NOT_FOUND,
                    "replacedDocumentNumber",
                    "Il documento n. «%s» non risulta inviato da «%s»."
                            .formatted(
                                    request.replacedDocumentNumber(),
                                    request.sender().application()));
        }
        Earlier earlier = found.get();
        String named = "Il documento n. «%s»".formatted(request.replacedDocumentNumber());
        Optional<String> obstacle = obstacle(earlier, named)
                .or(() -> request.action() == Action.REPLACEMENT
                        ? annulments
                                .waiting(earlier.number())
                                .map(one -> named + " è in corso di annullamento: non si può sostituire.")
                                .or(() -> ancestorsObstacle(earlier))
                        : Optional.empty());
        if (obstacle.isPresent()) {
            return Registration.refused(SnodoCode.DOCUMENT_NOT_CURRENT, "replacedDocumentNumber", obstacle.get());
        }
        String person = request.patient() == null ? null : SamePerson.path(request.patient());
        if (person != null
                && !SamePerson.are(stored(earlier.number(), earlier.request()).patient(), request.patient())) {
            return Registration.refused(
                    SnodoCode.OTHER_PERSON,
                    person,
                    "Il documento n. «%s» riguarda un'altra persona: %s deve riguardare la stessa. Se era intestato alla persona sbagliata, annullarlo e inviare un certificato nuovo."
                            .formatted(
                                    request.replacedDocumentNumber(),
                                    request.action() == Action.REPLACEMENT ? "una sostituzione" : "un annullamento"));
        }
        if (request.action() == Action.REPLACEMENT) {
            return insert(messageId, request, earlier);
        }
        annul(earlier, messageId, request.sender().application(), null);
        return new Registration(
                earlier.number(), earlier.documentId(), documentRoot + "^" + earlier.documentId(), null, List.of());
    }

    /** Why a certificate can be neither replaced nor annulled any more; empty when it can. */
    private Optional<String> obstacle(Earlier earlier, String named) {
        // A replacement that failed or was annulled before it went out has replaced nothing.
        boolean replaced = "SOSTITUITO".equals(earlier.state()) || reached(earlier);
        return replaced || "ANNULLATO".equals(earlier.state())
                ? Optional.of(named + " è già stato " + (replaced ? "sostituito." : "annullato."))
                : Optional.empty();
    }

    /** Whether a replacement is under way or done: one that replaces a failed one will replace what that one was to. */
    private boolean reached(Earlier earlier) {
        return db.sql("""
                        with recursive later (document_id, stage) as (
                          select document_id, stage from certificate where replaces_document_id = ?
                          union
                          select c.document_id, c.stage from certificate c join later on later.stage = 'FAILED'
                            and c.replaces_document_id = later.document_id)
                        select exists (select 1 from later where stage not in ('FAILED', 'ENDED'))""").param(earlier.documentId()).query(Boolean.class).single();
    }

    /**
     * Why what replaces a failed certificate cannot take its place. The one that would be replaced in truth is locked, so that
     * it is neither annulled nor replaced meanwhile.
     */
    private Optional<String> ancestorsObstacle(Earlier earlier) {
        Earlier ancestor = earlier;
        while ("FAILED".equals(ancestor.stage()) && ancestor.replacesDocumentId() != null) {
            ancestor = db.sql(EARLIER + " where document_id = ? for no key update")
                    .param(ancestor.replacesDocumentId())
                    .query(Earlier.class)
                    .single();
        }
        // "SOSTITUITO" alone says nothing here: it may be the failed one itself that had been signed once
        String why = "ANNULLATO".equals(ancestor.state())
                ? "è già stato annullato."
                : reached(ancestor)
                        ? "è già stato sostituito."
                        : annulments.waiting(ancestor.number()).isPresent()
                                ? "è in corso di annullamento: non si può sostituire."
                                : null;
        return Optional.ofNullable(why)
                .map(words -> "Il documento che il certificato " + earlier.number()
                        + ", fermo per un errore, doveva sostituire " + words);
    }

    /**
     * Annuls a certificate, as its doctor asks: one that was never signed at once, for one that was the certificato
     * annullativo is begun, or the one that waits already is given. Must run inside a transaction.
     *
     * @param by the user
     * @param reason the doctor's words; null when he gives none
     * @throws SnodoException DOCUMENT_NOT_CURRENT when it has been replaced or annulled already
     */
    public Annulment annul(long number, String by, String reason) {
        Earlier earlier = db.sql(EARLIER + " where number = ? for no key update")
                .param(number)
                .query(Earlier.class)
                .single();
        obstacle(earlier, "Il certificato n. " + number).ifPresent(words -> {
            throw new SnodoException(SnodoCode.DOCUMENT_NOT_CURRENT, words);
        });
        return annul(earlier, null, by, reason);
    }

    private Annulment annul(Earlier earlier, Long messageId, String by, String reason) {
        boolean signed = "SIGNED".equals(earlier.stage()) || "PUBLISHED".equals(earlier.stage());
        Optional<Annulment> waiting = annulments.waiting(earlier.number());
        if (signed) {
            Annulment asked = waiting.orElseGet(() -> annulments.ask(
                    earlier.number(),
                    newDocumentId(now()),
                    earlier.documentId(),
                    Annulments.State.RICHIESTO,
                    messageId,
                    by,
                    reason));
            if (messageId == null) {
                annulments.doctorAsks(asked.id(), by, reason);
            }
            events.publishEvent(new AnnulmentAsked(earlier.number(), messageId));
            return asked;
        }
        if (waiting.isPresent()) {
            // its bytes were never seen by anybody and are being made again: nothing is left to be signed for
            annulments.withdraw(earlier.number(), null);
        }
        db.sql("update certificate set state = 'ANNULLATO', updated_at = now() where number = ?")
                .param(earlier.number())
                .update();
        Annulment direct = annulments.ask(
                earlier.number(),
                newDocumentId(now()),
                earlier.documentId(),
                Annulments.State.SENZA_FIRMA,
                messageId,
                by,
                reason);
        events.publishEvent(new CertificateAnnulled(earlier.number(), earlier.documentId(), messageId));
        return direct;
    }

    private static CertificateRequest stored(long number, String xml) {
        try {
            return CertificateRequestCodec.fromXml(xml);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("certificate " + number + " holds no readable request", e);
        }
    }

    private Registration insert(long messageId, CertificateRequest request, Earlier earlier) {
        Asked one = new Asked(messageId, request, CertificateRequestCodec.toXml(request));
        return insert(List.of(one), earlier).get(messageId);
    }

    private Map<Long, Registration> insert(List<Asked> asked, Earlier earlier) {
        OffsetDateTime now = now();
        String[] ids = asked.stream().map(each -> newDocumentId(now)).toArray(String[]::new);
        // Asked before it is inserted, so that a document sent again under another message id uses up no number; of two
        // that
        // come in the same moment one meets the unique index, and finds the other one there when it is tried again.
        SqlArrayValue senders = text(asked, each -> each.request.sender().key());
        SqlArrayValue documentNumbers = text(asked, each -> each.request.documentNumber());
        Map<Long, Long> given = new HashMap<>();
        Long[] free = asked.stream().map(each -> numbers.next()).toArray(Long[]::new);
        db.sql("""
                        insert into certificate (number, message_id, action, state, stage, sender, document_number, document_id,
                            set_id, version, replaces_document_id, request, patient_id, patient_family, patient_given,
                            exemption_code, diagnosis_code, signer, made_at, config_revision)
                        overriding system value
                        select free, message, action, 'DA_FIRMARE', 'RECEIVED', sender, number, document,
                            coalesce(?, document), ?, ?, request, patient, family, given, exemption, diagnosis, signer, ?, ?
                        from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, document_numbers_taken(?, ?)) as
                          asked (free, message, action, sender, number, document, request, patient, family, given, exemption,
                            diagnosis, signer, taken)
                        where not taken
                        returning message_id, number
                        """)
                .params(
                        earlier == null ? null : earlier.setId(),
                        earlier == null ? 1 : earlier.version() + 1,
                        earlier == null ? null : earlier.documentId(),
                        now,
                        configuration.current(),
                        new SqlArrayValue("bigint", (Object[]) free),
                        new SqlArrayValue("bigint", (Object[])
                                asked.stream().map(Asked::messageId).toArray(Long[]::new)),
                        text(asked, each -> each.request.action().name()),
                        senders,
                        documentNumbers,
                        new SqlArrayValue("text", (Object[]) ids),
                        text(asked, each -> kept(each.request, each.xml)),
                        text(asked, each -> patientKey(each.request.patient())),
                        text(asked, each -> each.request.patient().family()),
                        text(asked, each -> each.request.patient().given()),
                        text(asked, each -> exemption(each.request)),
                        text(asked, each -> diagnosis(each.request)),
                        text(asked, each -> signer(each.request)),
                        senders,
                        documentNumbers)
                .query(row -> {
                    given.put(row.getLong("message_id"), row.getLong("number"));
                });
        for (Long number : free) {
            if (!given.containsValue(number)) {
                numbers.giveBack(number);
            }
        }
        Map<Long, Registration> registered = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            Asked one = asked.get(i);
            registered.put(one.messageId, registration(one.request, ids[i], given.get(one.messageId)));
        }
        return registered;
    }

    private Registration registration(CertificateRequest request, String documentId, Long number) {
        if (number == null) {
            // Who has the number was there when it was asked; when that one has failed since, it is tried once more.
            return taken(request)
                    .orElseThrow(() -> new DuplicateKeyException("document number taken and left in the same moment"));
        }
        String patient = patientKey(request.patient());
        return new Registration(number, documentId, documentRoot + "^" + documentId, orderKey(patient), List.of());
    }

    /** The request as it is stored: nobody who reads the database reads a PIN. */
    private String kept(CertificateRequest request, String xml) {
        CertificateRequest sealed = pins.sealed(request);
        return sealed == request ? xml : CertificateRequestCodec.toXml(sealed);
    }

    private static SqlArrayValue text(List<Asked> asked, Function<Asked, String> value) {
        return new SqlArrayValue("text", (Object[]) asked.stream().map(value).toArray(String[]::new));
    }

    /** One of a thousand groups: enough to keep a person's messages in order, and says nothing of the person. */
    private static String orderKey(String patient) {
        return "g" + Math.floorMod(patient.hashCode(), 1024);
    }

    /** Unique for ever, also after the loss of the database: the day and 50 random bits. */
    private String newDocumentId(OffsetDateTime now) {
        StringBuilder id = new StringBuilder("SN").append(STAMP.format(now));
        // asked of the system once: each time costs as much as the rest of the id
        long bits = random.nextLong();
        for (int i = 0; i < 10; i++, bits >>>= 5) {
            id.append(ALPHABET[(int) (bits & 31)]);
        }
        return id.toString();
    }

    /**
     * The request and what a certificate is searched by, by the names of the parameters that write them.
     *
     * @param request with its PIN sealed
     */
    public static Map<String, Object> columns(CertificateRequest request) {
        Map<String, Object> columns = new HashMap<>();
        columns.put("request", CertificateRequestCodec.toXml(request));
        columns.put("patient", patientKey(request.patient()));
        columns.put("family", request.patient().family());
        columns.put("given", request.patient().given());
        columns.put("exemption", exemption(request));
        columns.put("diagnosis", diagnosis(request));
        columns.put("signer", signer(request));
        return columns;
    }

    private static String exemption(CertificateRequest request) {
        return request.exemption() == null ? null : request.exemption().code();
    }

    private static String diagnosis(CertificateRequest request) {
        return request.diagnosis() == null ? null : request.diagnosis().code();
    }

    private static String signer(CertificateRequest request) {
        return request.signer() == null ? null : request.signer().fiscalCode();
    }

    /** The identifier a person is searched by: codice fiscale, else STP, ENI, TEAM card, regional id. */
    public static String patientKey(Patient patient) {
        if (patient.fiscalCode() != null) {
            return patient.fiscalCode();
        }
        if (patient.stp() != null) {
            return patient.stp();
        }
        if (patient.eni() != null) {
            return patient.eni();
        }
        if (patient.team() != null && patient.team().cardNumber() != null) {
            return patient.team().cardNumber();
        }
        return patient.regionalId();
    }

    public String documentRoot() {
        return documentRoot;
    }
}
