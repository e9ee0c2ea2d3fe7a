package it.snodo.pratica;

import com.zaxxer.hikari.HikariDataSource;
import it.snodo.access.Audit;
import it.snodo.access.Operator;
import it.snodo.certificate.CertificateAnnulled;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequestCodec;
import it.snodo.config.ConfigFolder;
import it.snodo.exemption.ExemptionIssuers;
import it.snodo.exemption.ExemptionRegister;
import it.snodo.exemption.ExemptionsChanged;
import it.snodo.exemption.Identities;
import it.snodo.publication.PublicationStore;
import it.snodo.registry.CodeTables;
import it.snodo.registry.ExemptionValidity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Pratiche and exemptions with their real beans on a real database, and an AURA in memory. All persons are invented. */
final class PraticaKit implements AutoCloseable {

    static final String TORINO = "010301";
    static final String CN2 = "010211";
    static final String VERDI = "VRDLGU60A01L219E";
    static final String NERI = "NREMRC68T10F205A";
    static final Operator DOCTOR = new Operator("verdi", Set.of("specialista"), VERDI, TORINO);
    static final Operator OTHER_DOCTOR = new Operator("neri", Set.of("specialista"), NERI, CN2);
    static final Operator DISTRICT = new Operator("distretto-torino", Set.of("distretto"), "FRNLCU70D15L219G", TORINO);
    static final Operator COLLEAGUE =
            new Operator("distretto-torino-2", Set.of("distretto"), "BNCLRA80A41L219V", TORINO);
    static final Operator OTHER_DISTRICT = new Operator("distretto-cn2", Set.of("distretto"), "MRNPLA75E60B111K", CN2);
    static final Operator OPERATIONS = new Operator("ops", Set.of("ops"), null, null);

    private static final AtomicInteger PERSONS = new AtomicInteger();

    private final PublicationStore store = PublicationStore.fresh();
    private final HikariDataSource pool = new HikariDataSource();
    final JdbcClient jdbc = JdbcClient.create(pool);
    final DataSourceTransactionManager transactions = new DataSourceTransactionManager(pool);
    final TransactionTemplate transaction = new TransactionTemplate(transactions);
    final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    final PlayedAura aura;
    final List<ExemptionsChanged> changes = new ArrayList<>();

    PraticaKit() {
        pool.setDataSource(store.dataSource);
        pool.setMaximumPoolSize(64);
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(120_000);
        jdbc.sql("truncate pratica, pratica_event, pratica_attachment, pratica_counter, exemption, audit,"
                        + " person_identity")
                .update();
        context.registerBean(JdbcClient.class, () -> jdbc);
        context.registerBean(PlatformTransactionManager.class, () -> transactions);
        ConfigFolder folder = new ConfigFolder(Path.of("."));
        context.registerBean(CodeTables.class, () -> new CodeTables(folder));
        context.registerBean(ExemptionIssuers.class, () -> new ExemptionIssuers(folder));
        context.registerBean(AuraWait.class, () -> new AuraWait(Duration.ofSeconds(1)));
        aura = new PlayedAura(() -> context.getBean(ExemptionRegister.class), () -> transactions);
        context.registerBean("aura", PlayedAura.class, () -> aura);
        context.registerBean("changes", ApplicationListener.class, () -> changes());
        context.register(
                Audit.class,
                ExemptionValidity.class,
                Identities.class,
                ExemptionRegister.class,
                PraticaRegister.class,
                PraticaAccess.class,
                JustifyingCertificates.class,
                AuraDesk.class,
                PraticaSettlement.class,
                Pratiche.class,
                Issuing.class,
                PraticaSearch.class,
                Attachments.class);
        context.refresh();
    }

    private ApplicationListener<PayloadApplicationEvent<?>> changes() {
        return event -> {
            if (event.getPayload() instanceof ExemptionsChanged changed) {
                changes.add(changed);
            }
        };
    }

    Pratiche pratiche() {
        return context.getBean(Pratiche.class);
    }

    Issuing issuing() {
        return context.getBean(Issuing.class);
    }

    PraticaSearch search() {
        return context.getBean(PraticaSearch.class);
    }

    Attachments attachments() {
        return context.getBean(Attachments.class);
    }

    ExemptionRegister exemptions() {
        return context.getBean(ExemptionRegister.class);
    }

    PraticaRegister register() {
        return context.getBean(PraticaRegister.class);
    }

    /** A person whom AURA knows, living and assisted in Torino. */
    String person() {
        return person(TORINO);
    }

    String person(String asl) {
        String fiscalCode = newFiscalCode();
        aura.people.put(fiscalCode, PlayedAura.person(fiscalCode, asl, asl));
        return fiscalCode;
    }

    static String newFiscalCode() {
        int n = PERSONS.incrementAndGet();
        return "RSSMRA" + "%02d".formatted(n / 1000 % 100) + "A41L%03dX".formatted(n % 1000);
    }

    long certificate(String fiscalCode) {
        return certificate(
                fiscalCode, "013", "250", "VALIDO", OffsetDateTime.now().minusDays(10));
    }

    /** A certificate that Doctor Verdi signed. */
    long certificate(String fiscalCode, String exemption, String diagnosis, String state, OffsetDateTime visit) {
        return Certificates.insert(jdbc, fiscalCode, VERDI, exemption, diagnosis, state, visit);
    }

    void annulCertificate(long number) {
        transaction.executeWithoutResult(status -> {
            jdbc.sql("update certificate set state = 'ANNULLATO' where number = ?")
                    .param(number)
                    .update();
            context.publishEvent(new CertificateAnnulled(number, "D" + number, 1L));
        });
    }

    /** What a doctor has sent. */
    Pratica sent() {
        return issuing()
                .request(DOCTOR, certificate(person()), Pratiche.Notes.NONE)
                .pratica();
    }

    /** A move with nothing said but what must be. */
    Moved run(Move move, Operator who, String number) {
        return switch (move) {
            case PRENDI_IN_CARICO -> pratiche().takeCharge(who, number, null);
            case VALIDA -> pratiche().validate(who, number, null, Wanted.NOTHING);
            case RESPINGI -> pratiche().reject(who, number, null, "Requisiti non sufficienti", Pratiche.Notes.NONE);
            case ANNULLA -> pratiche().annul(who, number, null, Pratiche.Notes.NONE);
            default -> throw new IllegalArgumentException(move.name());
        };
    }

    Pratica read(String number) {
        return register().find(number).orElseThrow();
    }

    @Override
    public void close() {
        context.close();
        pool.close();
    }

    /** Certificates as the register keeps them. */
    static final class Certificates {

        private static final AtomicInteger NUMBERS = new AtomicInteger();

        private Certificates() {}

        static long insert(
                JdbcClient jdbc,
                String fiscalCode,
                String signer,
                String exemption,
                String diagnosis,
                String state,
                OffsetDateTime visit) {
            CertificateRequest request = new CertificateRequest(
                    CertificateRequest.Action.NEW,
                    new CertificateRequest.Sender("CARTELLA", "ASL", "010301"),
                    "P-" + NUMBERS.incrementAndGet() + "-" + System.nanoTime(),
                    null,
                    new CertificateRequest.Patient(
                            fiscalCode,
                            null,
                            null,
                            null,
                            null,
                            "ROSSI",
                            "MARIA",
                            LocalDate.of(1980, 1, 1),
                            "F",
                            null,
                            null,
                            null),
                    new CertificateRequest.Professional(signer, "VERDI", "LUIGI", null),
                    null,
                    null,
                    visit,
                    null,
                    new CertificateRequest.Code(exemption, null),
                    diagnosis == null ? null : new CertificateRequest.Code(diagnosis, null),
                    List.of("patologia"),
                    null,
                    List.of(),
                    "SSN",
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
            long message = jdbc.sql("""
                            insert into message (protocol, sender, type, sha256, size, raw, answer, state)
                            values ('REST', 's', 't', '\\x00', 1, '\\x00', '\\x00', 'PUBLISHED') returning id""").query(Long.class).single();
            return jdbc.sql("""
                            insert into certificate (message_id, action, state, stage, sender, document_number, document_id,
                              set_id, version, request, patient_id, patient_family, patient_given, exemption_code,
                              diagnosis_code, signer, made_at)
                            values (:message, 'NEW', :state, :stage, 's', :number, :number, :number, 1, :request, :patient,
                              'ROSSI', 'MARIA', :exemption, :diagnosis, :signer, :visit) returning number""")
                    .param("message", message)
                    .param("state", state)
                    .param("stage", "DA_FIRMARE".equals(state) ? "AWAITING_SIGNATURE" : "PUBLISHED")
                    .param("number", request.documentNumber())
                    .param("request", CertificateRequestCodec.toXml(request))
                    .param("patient", fiscalCode)
                    .param("exemption", exemption)
                    .param("diagnosis", diagnosis)
                    .param("signer", signer)
                    .param("visit", visit)
                    .query(Long.class)
                    .single();
        }
    }
}
