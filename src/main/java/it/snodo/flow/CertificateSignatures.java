package it.snodo.flow;

import it.snodo.certificate.CertificateReplaced;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.messages.Journal;
import it.snodo.messages.MessageState;
import it.snodo.publication.DeliveryAction;
import it.snodo.publication.Outbox;
import it.snodo.publication.PublicationListener;
import it.snodo.publication.fse.FseValidation;
import it.snodo.signature.SignatureCheck;
import it.snodo.signature.Signer;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import org.apache.camel.ExchangeProperty;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** From a checked document to a signed one that is on its way out: the steps of {@code certificate-signature}. */
@Component("certificateSignatures")
class CertificateSignatures implements PublicationListener {

    static final String AWAITS_EVIDENCE = "della marca temporale: la firma del medico c'è ed è conservata";

    private final Certificates certificates;
    private final FseValidation gateway;
    private final Signer signer;
    private final Outbox outbox;
    private final Journal journal;
    private final JdbcClient db;
    private final TransactionTemplate transaction;
    private final IntakeLoad load;
    private final ApplicationEventPublisher events;

    CertificateSignatures(
            Certificates certificates,
            FseValidation gateway,
            Signer signer,
            Outbox outbox,
            Journal journal,
            JdbcClient db,
            PlatformTransactionManager transactions,
            IntakeLoad load,
            ApplicationEventPublisher events) {
        this.certificates = certificates;
        this.gateway = gateway;
        this.signer = signer;
        this.outbox = outbox;
        this.journal = journal;
        this.db = db;
        this.transaction = new TransactionTemplate(transactions);
        this.load = load;
        this.events = events;
    }

    /** The certificate, or nothing when another worker has done this step already. */
    public CertificateWork open(long number) {
        load.giveWay();
        return certificates.begin("DOCUMENT", "firma", number).orElse(null);
    }

    /**
     * Shows the unsigned PDF to the FSE gateway. A gateway that cannot be reached does not hold the signature: the
     * document is then validated and created in one call, later.
     */
    public CertificateWork validateAtGateway(CertificateWork work) {
        FseValidation.Result result = gateway.validate(work.row().documentId());
        switch (result.status()) {
            case VALIDATED -> journal.step(work.row().messageId(), "validazione FSE", "OK", result.warnings());
            case UNAVAILABLE ->
                journal.step(
                        work.row().messageId(),
                        "validazione FSE",
                        "RINVIATA",
                        result.code().code() + " " + result.detail());
            case REFUSED ->
                throw new SnodoException(
                        result.code(),
                        result.faults().isEmpty()
                                ? result.detail()
                                : result.detail() + " Risposta del gateway: " + String.join(" · ", result.faults()));
        }
        return work;
    }

    /** Signs with the hub's own key store; the signed bytes are stored once and handed to the outbox. */
    public void sign(CertificateWork work) {
        CertificateWork.Row row = work.row();
        byte[] unsigned = db.sql("select unsigned_pdf from document where id = ?")
                .param(row.documentId())
                .query(byte[].class)
                .single();
        Signer.Signed signed = signer.sign(unsigned, work.request().signer().fiscalCode());
        SignatureCheck.requireSigned(unsigned, signed.pdf());
        transaction.executeWithoutResult(status -> keep(row, unsigned, signed));
    }

    /** With a remote signature the document waits for its doctor. */
    public void awaitDoctor(CertificateWork work) {
        transaction.executeWithoutResult(status -> {
            if (certificates.move(work.row().number(), "DOCUMENT", "AWAITING_SIGNATURE")) {
                journal.step(work.row().messageId(), "firma", "IN ATTESA", "del medico");
                journal.state(work.row().messageId(), MessageState.AWAITING_SIGNATURE);
            }
        });
    }

    /** The doctor has signed, and the file lacks its timestamp. */
    void awaitEvidence(CertificateWork.Row row) {
        journal.step(row.messageId(), "firma", "IN ATTESA", AWAITS_EVIDENCE);
    }

    /**
     * Inside the caller's transaction.
     *
     * @param unsigned what was signed
     * @return false when the certificate is no longer where it was signed, its document has been made again meanwhile, or what
     *     it replaces has been annulled or replaced: nothing is kept then
     */
    boolean keep(CertificateWork.Row row, byte[] unsigned, Signer.Signed signed) {
        certificates.lock(row.number());
        boolean same = db.sql("select exists (select 1 from document where id = ? and signed_pdf is null"
                        + " and sha256(unsigned_pdf) = ?)")
                .params(row.documentId(), CertificateDocuments.sha256(unsigned))
                .query(Boolean.class)
                .single();
        if (!same) {
            return false;
        }
        Optional<Certificates.NotCurrent> notCurrent = certificates.notCurrent(row.number(), row.replacesDocumentId());
        if (notCurrent.isPresent()) {
            certificates.fail(
                    row.number(),
                    row.stage(),
                    "firma",
                    SnodoCode.DOCUMENT_NOT_CURRENT,
                    notCurrent.get().words() + ".");
            return false;
        }
        if (!certificates.move(row.number(), row.stage(), "SIGNED")) {
            return false;
        }
        db.sql("""
                        update document set signed_pdf = ?, signed_sha256 = ?, signed_at = ?, signer = ?, updated_at = now()
                        where id = ? and signed_pdf is null
                        """)
                .params(
                        signed.pdf(),
                        CertificateDocuments.sha256(signed.pdf()),
                        Timestamp.from(signed.at()),
                        signed.signer(),
                        row.documentId())
                .update();
        certificates.state(row.number(), "VALIDO");
        if (row.replacesDocumentId() == null) {
            outbox.enqueue(row.documentId(), row.number(), List.of(DeliveryAction.CREATE, DeliveryAction.INSERIMENTO));
        } else {
            db.sql("update document set state = 'SUPERSEDED', updated_at = now() where id = ?")
                    .param(row.replacesDocumentId())
                    .update();
            // What the person has hidden stays hidden in its new version.
            db.sql("update document set obscured = true, withheld = true where id = ?"
                            + " and exists (select 1 from document earlier where earlier.id = ? and earlier.obscured)")
                    .params(row.documentId(), row.replacesDocumentId())
                    .update();
            long replaced = db.sql("update certificate set state = 'SOSTITUITO', updated_at = now()"
                            + " where document_id = ? returning number")
                    .param(row.replacesDocumentId())
                    .query(Long.class)
                    .single();
            events.publishEvent(new CertificateReplaced(replaced, row.number()));
            outbox.enqueue(row.documentId(), row.number(), List.of(DeliveryAction.REPLACE, DeliveryAction.INSERIMENTO));
        }
        journal.step(
                row.messageId(),
                "firma",
                "OK",
                "PAdES " + SignatureCheck.level(signed.pdf(), unsigned.length) + ", " + commonName(signed.signer()));
        journal.state(row.messageId(), MessageState.PROCESSING);
        return true;
    }

    /** What people call the signer: the whole distinguished name carries a codice fiscale in hexadecimal. */
    static String commonName(String distinguishedName) {
        try {
            return new LdapName(distinguishedName)
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(part -> String.valueOf(part.getValue()))
                            .findFirst()
                            .orElse(distinguishedName);
        } catch (InvalidNameException e) {
            return distinguishedName;
        }
    }

    /** Numbers of the certificates that waited for this one to be signed, because they replace it. */
    public List<Long> replacements(@ExchangeProperty("certificateNumber") long number) {
        return certificates.replacements(number);
    }

    @Override
    public void settled(long number, Result result, SnodoCode code, String detail) {
        certificates.row(number).ifPresent(row -> {
            if (result == Result.PUBLISHED) {
                db.sql(
                                "update certificate set stage = 'PUBLISHED', failure_code = null, failure = null, updated_at = now() where number = ?")
                        .param(number)
                        .update();
                eachMessage(number, "pubblicazione", "OK", "presa in carico da FSE e ROL", MessageState.PUBLISHED);
            } else {
                db.sql("update certificate set failure_code = ?, failure = ?, updated_at = now() where number = ?")
                        .params(code.code(), detail, number)
                        .update();
                eachMessage(number, "pubblicazione", "FAILED", code.code() + " " + detail, MessageState.FAILED);
            }
        });
    }

    /**
     * The request, and the annulment when there is one: both wait for the same deliveries. An annulment that is not signed
     * yet waits for others.
     */
    private void eachMessage(long certificate, String step, String outcome, String detail, MessageState state) {
        List<Long> messages = db.sql("""
                        select id from message where certificate_number = ? and state not in ('DISCARDED', ?)
                          and (id = (select message_id from certificate where number = ?)
                            or not exists (select 1 from annulment where certificate_number = ?
                              and state in ('RICHIESTO', 'DA_FIRMARE')))""")
                .params(certificate, state.name(), certificate, certificate)
                .query(Long.class)
                .list();
        for (long id : messages) {
            journal.step(id, step, outcome, detail);
            journal.state(id, state);
        }
    }
}
