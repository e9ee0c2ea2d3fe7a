package it.snodo.publication;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import it.snodo.certificate.CertificateDocument;
import it.snodo.certificate.CertificateDocument.Organization;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequestCodec;
import it.snodo.exemption.Exemptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A real database with certificates and documents in it, and an outbox upon it. */
public final class PublicationStore {

    public static final String ROOT = "2.16.840.1.113883.2.9.2.10.4.4";

    private static EmbeddedPostgres postgres;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    public final DataSource dataSource;
    public final JdbcClient jdbc;
    public final DataSourceTransactionManager transactions;
    public final TransactionTemplate transaction;
    public final List<String> heard = new ArrayList<>();
    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public final MovingClock clock = new MovingClock();
    /** Of the last outbox. */
    public Gates gates;

    /** The register of exemptions, for an outbox made after it is set; null for none. */
    public Exemptions register;

    private org.springframework.beans.factory.ObjectProvider<PublicationListener> listeners;
    public org.springframework.beans.factory.ObjectProvider<Exemptions> exemptions;

    private PublicationStore(DataSource dataSource) {
        this.dataSource = dataSource;
        this.jdbc = JdbcClient.create(dataSource);
        this.transactions = new DataSourceTransactionManager(dataSource);
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Empty tables in one server for all tests. */
    public static synchronized PublicationStore fresh() {
        try {
            if (postgres == null) {
                postgres = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .start();
                Flyway.configure()
                        .dataSource(postgres.getPostgresDatabase())
                        .load()
                        .migrate();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        PublicationStore store = new PublicationStore(postgres.getPostgresDatabase());
        store.jdbc
                .sql(
                        "truncate delivery, document, certificate, message, message_key, message_step, message_call, repair, "
                                + "destination, batch, batch_item, booking, booking_command, booking_call, booking_slot, aura_call cascade")
                .update();
        return store;
    }

    public Outbox outbox() {
        return outbox(properties());
    }

    public Outbox outbox(PublicationProperties properties) {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        PublicationListener listener = (number, result, code, detail) ->
                heard.add(number + " " + result + (code == null ? "" : " " + code.code()));
        beans.addBean("listener", listener);
        listeners = beans.getBeanProvider(PublicationListener.class);
        if (register != null) {
            beans.addBean("exemptions", register);
        }
        exemptions = beans.getBeanProvider(Exemptions.class);
        gates = new Gates(properties, clock);
        return new Outbox(jdbc, transactions, listeners, exemptions, properties, gates, meters, clock);
    }

    /** What a person does, upon the last outbox. */
    public StoppedDeliveries stopped() {
        return new StoppedDeliveries(jdbc, transactions, listeners, exemptions);
    }

    public static PublicationProperties properties() {
        return new PublicationProperties(
                "test",
                4,
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                20,
                Duration.ofDays(7),
                5,
                Duration.ofSeconds(2),
                Duration.ofSeconds(60),
                Duration.ofHours(24),
                0,
                Duration.ofHours(1),
                20,
                null,
                null,
                null);
    }

    public PublicationSubjects subjects() {
        return new PublicationSubjects(jdbc, request -> resolved("Città della Salute"));
    }

    public static CertificateDocument.Resolved resolved(String structureName) {
        return new CertificateDocument.Resolved(
                "013",
                "DIABETE MELLITO",
                null,
                null,
                "250.00",
                null,
                "89.7",
                "PRIMA VISITA",
                null,
                "N",
                null,
                null,
                "010",
                "Regione Piemonte",
                new Organization("010301", "2.16.840.1.113883.2.9.4.1.1", "ASL TO1", null, null, null),
                new Organization("010003", "2.16.840.1.113883.2.9.4.1.2", structureName, null, null, null),
                "DIAB01",
                "S.C. Diabetologia",
                null,
                null,
                null,
                null,
                "Torino",
                "001272",
                null,
                false);
    }

    public static CertificateRequest request(Boolean specialLaws, Boolean hiddenFromParent, String nre) {
        return new CertificateRequest(
                CertificateRequest.Action.NEW,
                new CertificateRequest.Sender("LIS", "OSP", "010301"),
                "D-1",
                null,
                new CertificateRequest.Patient(
                        "RSSMRA80A01L219M",
                        null,
                        null,
                        null,
                        null,
                        "ROSSI",
                        "MARIO",
                        LocalDate.of(1980, 1, 1),
                        "M",
                        null,
                        null,
                        null),
                new CertificateRequest.Professional("VRDLGU60B02L219X", "VERDI", "LUIGI", null),
                null,
                new CertificateRequest.Encounter(
                        "O",
                        "E-1",
                        OffsetDateTime.parse("2026-03-10T09:30:00+01:00"),
                        OffsetDateTime.parse("2026-03-10T10:00:00+01:00"),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                OffsetDateTime.parse("2026-03-10T09:30:00+01:00"),
                null,
                new CertificateRequest.Code("013", null),
                null,
                List.of("diabete"),
                null,
                List.of(),
                "SSN",
                null,
                specialLaws,
                hiddenFromParent,
                nre,
                new CertificateRequest.OnlineCollection(true, "48151"),
                "E");
    }

    /** A certificate; the document's deliveries are its business. */
    public long certificate(String documentId, String replacedId, CertificateRequest request) {
        long message = jdbc.sql("""
                        insert into message (protocol, sender, type, sha256, size, raw, answer, state)
                        values ('REST', 's', 't', '\\x00', 1, '\\x00', '\\x00', 'PROCESSING') returning id""").query(Long.class).single();
        return jdbc.sql("""
                        insert into certificate (message_id, action, state, stage, sender, document_number, document_id, set_id,
                          version, replaces_document_id, request, patient_id, patient_family, patient_given, made_at)
                        values (:message, 'NEW', 'VALIDO', 'SIGNED', 's', :number, :document, :document, 1, :replaced, :request,
                          'p', 'f', 'g', now()) returning number""")
                .param("message", message)
                .param("number", "N" + NUMBERS.incrementAndGet())
                .param("document", documentId)
                .param("replaced", replacedId)
                .param("request", CertificateRequestCodec.toXml(request))
                .query(Long.class)
                .single();
    }

    /** A signed document with its certificate. */
    public long document(String id) {
        return document(id, null, request(null, null, null), "N");
    }

    public long document(String id, String replacedId, CertificateRequest request, String confidentiality) {
        long certificate = certificate(id, replacedId, request);
        String cda = "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><id root=\"" + ROOT + "\" extension=\"" + id + "\"/>"
                + "<code code=\"11488-4\" codeSystem=\"2.16.840.1.113883.6.1\"/><recordTarget><patientRole>"
                + "<id root=\"2.16.840.1.113883.2.9.4.3.2\" extension=\"RSSMRA80A01L219M\"/>"
                + "<id root=\"2.16.840.1.113883.2.9.2.10.4.1\" extension=\"77\"/></patientRole></recordTarget>"
                + "</ClinicalDocument>";
        jdbc.sql("""
                        insert into document (id, certificate_number, root, set_id, version, type_code, title, state,
                          confidentiality, withheld, patient_oid, patient_id, author, custodian, visit_at, made_at, cda,
                          cda_sha256, unsigned_pdf, signed_pdf, signed_at)
                        values (:id, :certificate, :root, :id, 1, '11488-4', 't', 'CURRENT', :confidentiality, false,
                          '2.16.840.1.113883.2.9.4.3.2', 'RSSMRA80A01L219M', 'a', 'c', now(), now(), :cda, '\\x00', :unsigned,
                          :signed, now())""")
                .param("id", id)
                .param("certificate", certificate)
                .param("root", ROOT)
                .param("confidentiality", confidentiality)
                .param("cda", cda.getBytes(StandardCharsets.UTF_8))
                .param("unsigned", ("%PDF-1.7 unsigned " + id).getBytes(StandardCharsets.UTF_8))
                .param("signed", ("%PDF-1.7 signed " + id).getBytes(StandardCharsets.UTF_8))
                .update();
        return certificate;
    }

    public void validated(String id, String workflowId, Duration ago) {
        jdbc.sql(
                        "update document set fse_workflow_id = :workflow, fse_validated_at = now() - cast(:ago as interval) where id = :id")
                .param("workflow", workflowId)
                .param("ago", ago.toSeconds() + " seconds")
                .param("id", id)
                .update();
    }

    public void enqueue(Outbox outbox, String document, long certificate, DeliveryAction... actions) {
        transaction.executeWithoutResult(status -> outbox.enqueue(document, certificate, List.of(actions)));
    }

    public String state(String document, DeliveryAction action) {
        return column(document, action, "state");
    }

    public String column(String document, DeliveryAction action, String column) {
        return jdbc.sql(
                        "select cast(" + column
                                + " as text) from delivery where document_id = :document and action = :action order by id desc limit 1")
                .param("document", document)
                .param("action", action.name())
                .query((row, n) -> String.valueOf(row.getString(1)))
                .single();
    }

    /** Everything that waits is due now. */
    public void due() {
        jdbc.sql(
                        "update delivery set next_try_at = now() - interval '1 second' where state in ('WAITING', 'DELIVERED')")
                .update();
    }

    /** A clock that a test can move. */
    public static final class MovingClock extends Clock {

        private volatile Duration ahead = Duration.ZERO;

        public void move(Duration by) {
            ahead = ahead.plus(by);
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }

        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
