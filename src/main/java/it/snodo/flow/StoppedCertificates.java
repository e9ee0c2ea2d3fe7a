package it.snodo.flow;

import it.snodo.certificate.Annulments;
import it.snodo.certificate.CertificateRegister;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.PinSeal;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** What a person does with certificates that do not go on by themselves. Every change is made under the row's lock. */
@Component
public class StoppedCertificates {

    private final JdbcClient db;
    private final PinSeal pins;
    private final Annulments annulments;
    private final Certificates certificates;
    private final ObjectProvider<CertificateAnnulments> annulling;
    /** Joins the caller's and begins none: without one it throws. */
    private final TransactionTemplate callersTransaction;

    StoppedCertificates(
            JdbcClient db,
            PinSeal pins,
            Certificates certificates,
            ObjectProvider<CertificateAnnulments> annulling,
            PlatformTransactionManager transactions) {
        this.db = db;
        this.pins = pins;
        this.certificates = certificates;
        this.annulments = new Annulments(db);
        this.annulling = annulling;
        this.callersTransaction = new TransactionTemplate(
                transactions, new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_MANDATORY));
    }

    /**
     * A certificate as a person has to decide on it.
     *
     * @param messageId the message that brought it
     * @param request canonical XML
     * @param failureCode why it stands; null when it does not
     * @param revision changes with each repair, replay and discard
     */
    public record Standing(
            long number,
            long messageId,
            String stage,
            String state,
            String documentId,
            String request,
            String patientId,
            String failureCode,
            String failure,
            int revision) {

        /** A step of our own has ended it, and nobody has overtaken it since. */
        public boolean isFailed() {
            return stage.equals("FAILED") && !state.equals("SOSTITUITO") && !state.equals("ANNULLATO");
        }

        public boolean isOvertaken() {
            return state.equals("SOSTITUITO") || state.equals("ANNULLATO");
        }
    }

    private static final String STANDING = """
            select number, message_id, stage, state, document_id, request, patient_id, failure_code, failure, revision
            from certificate where number = ?\s""";

    public Optional<Standing> look(long number) {
        return db.sql(STANDING).param(number).query(Standing.class).optional();
    }

    /** The same, and nobody else changes it until the transaction ends. */
    public Optional<Standing> lock(long number) {
        return callersTransaction.execute(status -> db.sql(STANDING + "for no key update")
                .param(number)
                .query(Standing.class)
                .optional());
    }

    /**
     * Why a failed certificate cannot go on beside what its sender has done since; empty when it can. The earlier one that it
     * replaces is locked, as at intake, so that no other replacement comes in meanwhile.
     */
    public Optional<String> obstacle(long number) {
        record Found(String replaces, boolean numberTaken, boolean otherReplaces) {}
        db.sql("""
                        select number from certificate where document_id =
                          (select replaces_document_id from certificate where number = ?) for no key update""").param(number).query(Long.class).optional();
        Found found = db.sql("""
                        select c.replaces_document_id as replaces,
                               exists (select 1 from certificate other where other.sender = c.sender
                                 and other.document_number = c.document_number and other.number <> c.number
                                 and other.stage <> 'FAILED') as number_taken,
                               exists (select 1 from certificate other
                                 where other.replaces_document_id = c.replaces_document_id and other.number <> c.number
                                 and other.stage not in ('FAILED', 'ENDED')) as other_replaces
                        from certificate c where c.number = ?""").param(number).query(Found.class).single();
        if (found.numberTaken()) {
            return Optional.of(
                    "Il mittente ha nel frattempo inviato un altro documento con lo stesso numero: il certificato "
                            + number + " non si può riprendere, si può solo scartare.");
        }
        if (found.otherReplaces()) {
            return Optional.of("Il mittente ha nel frattempo inviato un'altra sostituzione dello stesso documento: il"
                    + " certificato " + number + " non si può riprendere, si può solo scartare.");
        }
        // also what the failed ones between were to replace: it would be found out only by its first step
        return certificates
                .notCurrent(number, found.replaces())
                .map(why -> why.words()
                        + (why.passing()
                                ? ": non si può riprendere finché l'annullamento aspetta."
                                : ": non si può riprendere, si può solo scartare."));
    }

    /**
     * Sends a failed certificate through all steps once more, with its number and identity.
     *
     * @throws SnodoException NOT_NOW when there is an {@link #obstacle}
     */
    public void restart(long number) {
        callersTransaction.executeWithoutResult(status -> {
            obstacle(number).ifPresent(words -> {
                throw new SnodoException(SnodoCode.NOT_NOW, words);
            });
            begin(number);
        });
    }

    private void begin(long number) {
        try {
            db.sql("""
                            update certificate set stage = 'RECEIVED', state = 'DA_FIRMARE', step_opened = 0, step_failures = 0,
                              next_step_at = now(), failure_code = null, failure = null, closed_at = null, closed_by = null,
                              revision = revision + 1, updated_at = now()
                            where number = ?""").param(number).update();
        } catch (DuplicateKeyException e) {
            throw new SnodoException(
                    SnodoCode.NOT_NOW,
                    "Il numero di documento del certificato %d è appena stato preso da un altro documento."
                            .formatted(number),
                    e);
        }
    }

    /** Puts another request in the place of a certificate's; its number, identity and document number stay. */
    public void replaceRequest(long number, CertificateRequest request) {
        callersTransaction.executeWithoutResult(status -> db.sql("""
                        update certificate set request = :request, patient_id = :patient, patient_family = :family,
                          patient_given = :given, exemption_code = :exemption, diagnosis_code = :diagnosis, signer = :signer
                        where number = :number""")
                .params(CertificateRegister.columns(pins.sealed(request)))
                .param("number", number)
                .update());
    }

    /** The signed bytes are of a content that nobody has seen and nobody will: they are made again. */
    public void forgetSignature(String documentId) {
        callersTransaction.executeWithoutResult(
                status -> db.sql("""
                        update document set signed_pdf = null, signed_sha256 = null, signed_at = null, signer = null,
                          updated_at = now() where id = ?""").param(documentId).update());
    }

    /**
     * Ends a certificate that is not signed yet; its sender may use the document number again.
     *
     * @return false when it is at none of those stages any more
     */
    public boolean discard(long number, String reason, String by) {
        return callersTransaction.execute(status -> db.sql("""
                                update certificate set stage = 'FAILED', failure_code = :code, failure = :reason, closed_at = now(),
                                  closed_by = :by, next_step_at = null, revision = revision + 1, updated_at = now()
                                where number = :number and stage in ('RECEIVED', 'DOCUMENT', 'AWAITING_SIGNATURE', 'FAILED')""")
                        .param("code", SnodoCode.DISCARDED_BY_PERSON.code())
                        .param("reason", reason)
                        .param("by", by)
                        .param("number", number)
                        .update()
                == 1);
    }

    /** Whether its annulment is asked for and not in force yet. */
    public boolean annulmentWaits(long number) {
        return annulments.waiting(number).isPresent();
    }

    /** Tries an annulment that failed now instead of at its next time. */
    public void annulNow(long number) {
        annulments.now(number);
    }

    /** Whether an annulment that waits has been asked for by another message, or by the doctor, too. */
    public boolean othersAskForAnnulment(long number, long messageId) {
        return annulments
                .waiting(number)
                .map(one -> !other(number, messageId).isEmpty() || annulments.askedByDoctor(one.id()))
                .orElse(false);
    }

    /** Gives up the annulment that a message asks for, when nobody else asks for it too. */
    public void withdrawAnnulment(long number, long messageId, String reason) {
        callersTransaction.executeWithoutResult(
                status -> annulments.waiting(number).ifPresent(one -> {
                    if (!othersAskForAnnulment(number, messageId)) {
                        annulling.getObject().withdraw(number, reason);
                    } else if (one.messageId() != null && one.messageId() == messageId) {
                        annulments.handOver(
                                one.id(),
                                other(number, messageId).stream().findFirst().orElse(null));
                    }
                }));
    }

    /** Other messages that ask for the annulment and have not come to their end. */
    private List<Long> other(long number, long messageId) {
        return db.sql("select m.id from message m join certificate c on c.number = m.certificate_number"
                        + " where c.number = ? and m.id not in (c.message_id, ?)"
                        + " and m.state in ('ACCEPTED', 'PROCESSING', 'AWAITING_SIGNATURE', 'FAILED') order by m.id")
                .params(number, messageId)
                .query(Long.class)
                .list();
    }

    /** Another operator who has read it before has to read it again. */
    public void touch(long number) {
        callersTransaction.executeWithoutResult(
                status -> db.sql("update certificate set revision = revision + 1 where number = ?")
                        .param(number)
                        .update());
    }
}
