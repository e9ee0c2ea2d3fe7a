package it.snodo.flow;

import it.snodo.certificate.AnnulmentAsked;
import it.snodo.certificate.Annulments;
import it.snodo.certificate.Annulments.Annulment;
import it.snodo.certificate.CertificateAnnulled;
import it.snodo.fault.Remedy;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.messages.Journal;
import it.snodo.messages.MessageState;
import it.snodo.publication.DeliveryAction;
import it.snodo.publication.Outbox;
import it.snodo.signature.SignatureCheck;
import it.snodo.signature.SignatureProperties;
import it.snodo.signature.Signer;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * From an annulment that was asked for to one that is in force: the steps of {@code certificate-annulment}. No signature, no
 * annulment: the state of the certificate changes, and what was published is taken back, in the one transaction that keeps
 * the signed certificato annullativo. What stands is taken up again by the clock, for as long as it takes.
 */
@Component("certificateAnnulments")
class CertificateAnnulments {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateAnnulments.class);
    /** Longer than page and signature take; after that another worker may try. */
    private static final int LEASE_SECONDS = 60;

    private static final int MOST = 100;
    private static final String STEP = "annullamento";

    private final Annulments annulments;
    private final AnnulmentPages pages;
    private final Certificates certificates;
    private final Signer signer;
    private final SignatureProperties signature;
    private final Outbox outbox;
    private final Journal journal;
    private final WorkHints hints;
    private final ApplicationEventPublisher events;
    private final StepProperties steps;
    private final JdbcClient db;
    private final TransactionTemplate transaction;
    private final AtomicBoolean takenUp = new AtomicBoolean();

    CertificateAnnulments(
            Annulments annulments,
            AnnulmentPages pages,
            Certificates certificates,
            Signer signer,
            SignatureProperties signature,
            Outbox outbox,
            Journal journal,
            WorkHints hints,
            ApplicationEventPublisher events,
            StepProperties steps,
            JdbcClient db,
            PlatformTransactionManager transactions) {
        this.annulments = annulments;
        this.pages = pages;
        this.certificates = certificates;
        this.signer = signer;
        this.signature = signature;
        this.outbox = outbox;
        this.journal = journal;
        this.hints = hints;
        this.events = events;
        this.steps = steps;
        this.db = db;
        this.transaction = new TransactionTemplate(transactions);
    }

    // --- steps -------------------------------------------------------------------------------------------------

    /** The annulment, or nothing when another worker is at it or it needs no work. */
    public Annulment open(@ExchangeProperty("certificateNumber") long number) {
        return annulments.begin(number, LEASE_SECONDS).orElse(null);
    }

    /** Makes the page when there is none yet: what a doctor signs is what was kept. */
    public Annulment makePage(Annulment annulment) {
        page(annulment);
        return annulment;
    }

    byte[] page(Annulment annulment) {
        return annulments.page(annulment.id()).orElseGet(() -> {
            CertificateWork work = work(annulment.certificateNumber());
            return annulments.keepPage(annulment.id(), pages.make(annulment, work));
        });
    }

    private CertificateWork work(long number) {
        return CertificateWork.of(certificates.row(number).orElseThrow());
    }

    /** Signs with the hub's own key, or leaves it to the doctor, as {@code snodo.signature.mode} says. */
    public void signOrAwaitDoctor(Annulment annulment) {
        if (signature.mode() == SignatureProperties.Mode.AUTOMATIC) {
            byte[] unsigned = page(annulment);
            String doctor =
                    work(annulment.certificateNumber()).request().signer().fiscalCode();
            Signer.Signed signed = signer.sign(unsigned, doctor);
            SignatureCheck.requireSigned(unsigned, signed.pdf());
            complete(annulment, signed);
        } else {
            awaitDoctor(annulment);
        }
    }

    private void awaitDoctor(Annulment annulment) {
        transaction.executeWithoutResult(status -> {
            if (annulments.awaitDoctor(annulment.id())) {
                tell(
                        annulment.certificateNumber(),
                        "IN ATTESA",
                        "della firma del medico",
                        MessageState.AWAITING_SIGNATURE);
            }
        });
    }

    /** The doctor has signed, and the file lacks its timestamp. */
    void awaitEvidence(long number) {
        tell(number, "IN ATTESA", CertificateSignatures.AWAITS_EVIDENCE, MessageState.AWAITING_SIGNATURE);
    }

    /**
     * Puts the annulment in force.
     *
     * @param signed what {@link SignatureCheck#requireSigned} has found good
     * @return false when it waited no more: nothing has changed then
     */
    boolean complete(Annulment annulment, Signer.Signed signed) {
        long number = annulment.certificateNumber();
        return Boolean.TRUE.equals(transaction.execute(status -> {
            String state = db.sql("select state from certificate where number = ? for no key update")
                    .param(number)
                    .query(String.class)
                    .single();
            if (state.equals("ANNULLATO") || state.equals("SOSTITUITO")) {
                withdraw(number, "il certificato è già " + state.toLowerCase(java.util.Locale.ROOT));
                return false;
            }
            if (!annulments.sign(
                    annulment.id(),
                    signed.pdf(),
                    CertificateDocuments.sha256(signed.pdf()),
                    signed.at().atOffset(ZoneOffset.UTC),
                    signed.signer())) {
                return false;
            }
            certificates.state(number, "ANNULLATO");
            tell(
                    number,
                    "OK",
                    "certificato annullativo " + annulment.documentId() + ", PAdES "
                            + SignatureCheck.level(signed.pdf(), 0) + ", "
                            + CertificateSignatures.commonName(signed.signer()),
                    MessageState.PROCESSING);
            events.publishEvent(new CertificateAnnulled(number, annulment.annulledDocumentId(), null));
            return true;
        }));
    }

    /** Gives up what was asked for; the certificate stays as it is. Inside the caller's transaction. */
    boolean withdraw(long number, String why) {
        if (!annulments.withdraw(number, why)) {
            return false;
        }
        tell(number, "RITIRATO", why, MessageState.DISCARDED);
        return true;
    }

    /** Body: any. What came to nothing, and is tried again: nobody has to do anything but mend the cause. */
    public void failed(
            @ExchangeProperty("certificateNumber") long number,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable cause) {
        Throwable root = cause;
        while (root instanceof CamelExecutionException && root.getCause() != null) {
            root = root.getCause();
        }
        SnodoException known = root instanceof SnodoException ours ? ours : null;
        SnodoCode code = known == null ? SnodoCode.INTERNAL : known.code();
        String words = known == null ? "Errore interno: " + root.getClass().getSimpleName() + "." : known.getMessage();
        LOG.error("{} annulment of certificate {} failed", code.code(), number, known == null ? root : null);
        transaction.executeWithoutResult(status -> annulments.waiting(number).ifPresent(before -> {
            annulments.later(
                    number,
                    code.code(),
                    words,
                    steps.firstBackOff().toMillis() / 1000.0,
                    steps.longestBackOff().toMillis() / 1000.0);
            // it is tried for ever: the journal says each reason once
            if (!words.equals(before.failure())) {
                tell(
                        number,
                        "RIPROVA",
                        code.code() + " " + words,
                        code.remedy() == Remedy.RETRY ? MessageState.PROCESSING : MessageState.FAILED);
            }
        }));
    }

    /**
     * Certificates whose annulment stands; the first look after a start takes up what the last process had begun, and what
     * waited for a doctor when doctors do not sign any more.
     */
    public List<Long> due() {
        if (!takenUp.get()) {
            boolean automatic = signature.mode() == SignatureProperties.Mode.AUTOMATIC;
            annulments.takeUpAll(automatic);
            if (automatic) {
                certificates.awaitNoDoctor();
            }
            // only now: a look that fails half-way is looked again
            takenUp.set(true);
        }
        return annulments.due(MOST);
    }

    // --- what the register says --------------------------------------------------------------------------------

    /** A signed certificate is to be annulled: work begins when the asking is committed. */
    @EventListener
    public void asked(AnnulmentAsked asked) {
        long number = asked.certificateNumber();
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void beforeCommit(boolean readOnly) {
                annulments.waiting(number).ifPresent(one -> {
                    boolean doctor = one.state() == Annulments.State.DA_FIRMARE;
                    long message = asked.messageId() == null ? ownMessage(number) : asked.messageId();
                    journal.step(
                            message,
                            STEP,
                            "IN ATTESA",
                            doctor ? "della firma del medico" : "del certificato annullativo firmato");
                    if (asked.messageId() != null) {
                        journal.state(message, doctor ? MessageState.AWAITING_SIGNATURE : MessageState.PROCESSING);
                    }
                });
            }

            @Override
            public void afterCommit() {
                // the doctor's own call goes on with it by itself
                if (asked.messageId() != null) {
                    hints.tell(number, "snodo.certificate.annulment");
                }
            }
        });
    }

    /**
     * A certificate is annulled: what was published is taken back, what was not never goes out. Runs at the end of the annulling
     * transaction, when the message that asks is in the journal too.
     *
     * @throws IllegalStateException when there is no transaction
     */
    @EventListener
    public void annulled(CertificateAnnulled annulment) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void beforeCommit(boolean readOnly) {
                takeBack(annulment.certificateNumber(), annulment.documentId(), annulment.messageId());
            }
        });
    }

    private void takeBack(long number, String documentId, Long messageId) {
        CertificateWork.Row row = certificates.row(number).orElseThrow();
        db.sql("update document set state = 'ANNULLED', updated_at = now() where id = ?")
                .param(documentId)
                .update();
        if (row.stage().equals("SIGNED") || row.stage().equals("PUBLISHED")) {
            outbox.enqueue(documentId, number, List.of(DeliveryAction.DELETE, DeliveryAction.ANNULLAMENTO));
            return;
        }
        db.sql("update certificate set stage = 'ENDED', updated_at = now() where number = ?")
                .param(number)
                .update();
        journal.step(row.messageId(), STEP, "OK", "annullato prima della pubblicazione");
        journal.state(row.messageId(), MessageState.DISCARDED);
        if (messageId != null) {
            journal.step(messageId, STEP, "OK", "il documento non era ancora stato pubblicato");
            journal.state(messageId, MessageState.PUBLISHED);
        }
        // those of an annulment that waited while the document was made anew
        waitingMessages(number).forEach(other -> journal.state(other, MessageState.PUBLISHED));
    }

    private long ownMessage(long number) {
        return certificates.row(number).orElseThrow().messageId();
    }

    /** The messages that ask for the annulment and have not come to their end. */
    private List<Long> waitingMessages(long number) {
        return db.sql("select m.id from message m join certificate c on c.number = m.certificate_number"
                        + " where m.certificate_number = ? and m.id <> c.message_id"
                        + " and m.state in ('ACCEPTED', 'PROCESSING', 'AWAITING_SIGNATURE', 'FAILED')")
                .param(number)
                .query(Long.class)
                .list();
    }

    /** Each message that asks for it hears of it; when none does, it is written down with the certificate's own. */
    private void tell(long number, String outcome, String detail, MessageState state) {
        List<Long> messages = waitingMessages(number);
        messages.forEach(id -> {
            journal.step(id, STEP, outcome, detail);
            journal.state(id, state);
        });
        if (messages.isEmpty()) {
            journal.step(ownMessage(number), STEP, outcome, detail);
        }
    }
}
