package it.snodo.flow;

import it.snodo.certificate.CertificateDocument;
import it.snodo.certificate.CertificateDocument.Identity;
import it.snodo.certificate.CertificateDocument.Resolved;
import it.snodo.certificate.CertificateRegister;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateResolver;
import it.snodo.document.CdaTemplates;
import it.snodo.document.CdaValidator;
import it.snodo.document.CheckedCda;
import it.snodo.document.PdfRenderer;
import it.snodo.document.ValidationReport;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.messages.Journal;
import it.snodo.messages.MessageState;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** From an accepted request to a document that has passed every check: the steps of {@code certificate-document}. */
@Component("certificateDocuments")
class CertificateDocuments {

    private static final ZoneId ROME = ZoneId.of("Europe/Rome");

    private final Certificates certificates;
    private final CertificateRegister register;
    private final CertificateResolver resolver;
    private final CdaTemplates templates;
    private final CdaValidator validator;
    private final PdfRenderer renderer;
    private final Journal journal;
    private final JdbcClient db;
    private final TransactionTemplate transaction;
    private final IntakeLoad load;

    CertificateDocuments(
            Certificates certificates,
            CertificateRegister register,
            CertificateResolver resolver,
            CdaTemplates templates,
            CdaValidator validator,
            PdfRenderer renderer,
            Journal journal,
            JdbcClient db,
            PlatformTransactionManager transactions,
            IntakeLoad load) {
        this.certificates = certificates;
        this.register = register;
        this.resolver = resolver;
        this.templates = templates;
        this.validator = validator;
        this.renderer = renderer;
        this.journal = journal;
        this.db = db;
        this.transaction = new TransactionTemplate(transactions);
        this.load = load;
    }

    /** The certificate, or nothing when another worker has done this step already or it has to wait for an earlier one. */
    public CertificateWork open(long number) {
        load.giveWay();
        CertificateWork work = certificates.at("RECEIVED", number).orElse(null);
        if (work == null) {
            return null;
        }
        if (work.row().replacesDocumentId() != null) {
            certificates.takePlaceOfFailed(number);
        }
        return certificates.begin("RECEIVED", "documento", number).orElse(null);
    }

    /** Adds to the request what the tables know. */
    public CertificateWork describe(CertificateWork work) {
        CertificateWork.Row row = work.row();
        Identity identity = new Identity(
                row.number(),
                register.documentRoot(),
                row.documentId(),
                row.setId(),
                row.version(),
                row.replacesDocumentId(),
                row.madeAt().atZoneSameInstant(ROME).toOffsetDateTime());
        return work.with(new CertificateDocument(identity, work.request(), resolver.resolve(work.request())));
    }

    public CertificateWork makeCda(CertificateWork work) {
        return work.withCda(templates.render(work.document()));
    }

    /** XSD, Schematron and code tables: what we would not accept from others never leaves us. */
    public CertificateWork checkCda(CertificateWork work) {
        CheckedCda checked = validator.check(work.cda());
        ValidationReport report = checked.report();
        if (!report.schema().isEmpty()) {
            throw new SnodoException(
                    SnodoCode.CDA_SCHEMA_INVALID, report.schema().get(0));
        }
        if (!report.failed().isEmpty()) {
            throw new SnodoException(
                    SnodoCode.CDA_SCHEMATRON_INVALID,
                    report.failed().stream().map(f -> f.id() + ": " + f.text()).collect(Collectors.joining(" · ")));
        }
        if (!report.unknownCodes().isEmpty()) {
            throw new SnodoException(SnodoCode.CDA_CODE_UNKNOWN, String.join(", ", report.unknownCodes()));
        }
        return work.withChecked(checked);
    }

    public CertificateWork makePdf(CertificateWork work) {
        return work.withPdf(renderer.render(work.checked()));
    }

    /** Stores the document, in place of one that never went out, and moves the certificate on in the same transaction. */
    public CertificateWork keep(CertificateWork work) {
        boolean kept = Boolean.TRUE.equals(transaction.execute(status -> {
            CertificateWork.Row row = work.row();
            if (!certificates.move(row.number(), "RECEIVED", "DOCUMENT")) {
                return false;
            }
            insert(work);
            journal.step(row.messageId(), "documento", "OK", "CDA conforme, PDF/A-3 prodotto");
            journal.state(row.messageId(), MessageState.PROCESSING);
            return true;
        }));
        return kept ? work : null;
    }

    private void insert(CertificateWork work) {
        CertificateRequest request = work.request();
        Resolved resolved = work.document().resolved();
        Identity identity = work.document().identity();
        boolean withheld = "V".equals(resolved.confidentiality()) || request.hiddenFromParent();
        PatientOid patient = PatientOid.of(request.patient());
        OffsetDateTime visit = request.visitTime();
        db.sql("""
                        insert into document (id, certificate_number, root, set_id, version, type_code, title, state,
                            confidentiality, withheld, patient_oid, patient_id, author, custodian, visit_at, made_at,
                            cda, cda_sha256, unsigned_pdf)
                        values (:id, :number, :root, :setId, :version, '11488-4', :title, 'CURRENT',
                            :confidentiality, :withheld, :patientOid, :patientId, :author, :custodian, :visit, :madeAt,
                            :cda, :sha256, :pdf)
                        on conflict (id) do update set set_id = excluded.set_id, version = excluded.version,
                            confidentiality = excluded.confidentiality, withheld = excluded.withheld,
                            patient_oid = excluded.patient_oid, patient_id = excluded.patient_id,
                            author = excluded.author, custodian = excluded.custodian, visit_at = excluded.visit_at,
                            cda = excluded.cda, cda_sha256 = excluded.cda_sha256,
                            unsigned_pdf = excluded.unsigned_pdf, warnings = null, fse_workflow_id = null,
                            fse_validated_at = null, fse_locality = null, updated_at = now()
                        where document.signed_pdf is null
                        """)
                .param("id", identity.id())
                .param("number", identity.certificateNumber())
                .param("root", identity.idRoot())
                .param("setId", identity.setId())
                .param("version", identity.version())
                .param("title", "Referto di Specialistica Ambulatoriale")
                .param("confidentiality", resolved.confidentiality())
                .param("withheld", withheld)
                .param("patientOid", patient.oid())
                .param("patientId", patient.value())
                .param("author", request.author().fiscalCode())
                .param(
                        "custodian",
                        resolved.azienda() == null ? "" : resolved.azienda().code())
                .param("visit", visit == null ? identity.effectiveTime() : visit)
                .param("madeAt", identity.effectiveTime())
                .param("cda", work.cda())
                .param("sha256", sha256(work.cda()))
                .param("pdf", work.pdf())
                .update();
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
