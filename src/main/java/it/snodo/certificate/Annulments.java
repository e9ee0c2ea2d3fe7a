package it.snodo.certificate;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The annulments of certificates, and how far each has come. Whoever changes one holds the lock of its certificate's row,
 * unless it says otherwise.
 */
@Component
public class Annulments {

    private static final String COLUMNS =
            "id, certificate_number, document_id, annulled_document_id, state, message_id,"
                    + " asked_by, reason, signer, signed_at, failure_code, failure, asked_at";

    private final JdbcClient db;

    public Annulments(JdbcClient db) {
        this.db = db;
    }

    /** Where an annulment stands. */
    public enum State {
        /** Its page is to be made, and with automatic signature signed. */
        RICHIESTO,
        /** Waits for its doctor's signature. */
        DA_FIRMARE,
        /** In force, with the signed certificato annullativo. */
        FIRMATO,
        /** In force; the certificate had never been signed. */
        SENZA_FIRMA,
        /** Will not be: withdrawn before it was signed. */
        RITIRATO;

        /** Asked for, and not in force yet. */
        public boolean waits() {
            return this == RICHIESTO || this == DA_FIRMARE;
        }
    }

    /**
     * @param documentId identifier of the certificato annullativo
     * @param annulledDocumentId identifier of the document that it annuls
     * @param messageId the message that asks; null when the doctor does
     * @param askedBy the user or sender
     * @param signer subject of the signature's certificate; null before it is signed
     * @param failureCode why the last try of a step came to nothing; null when none did
     */
    public record Annulment(
            long id,
            long certificateNumber,
            String documentId,
            String annulledDocumentId,
            State state,
            Long messageId,
            String askedBy,
            String reason,
            String signer,
            OffsetDateTime signedAt,
            String failureCode,
            String failure,
            OffsetDateTime askedAt) {}

    /** The one that counts: that waits, or is in force. */
    public Optional<Annulment> of(long certificate) {
        return db.sql("select " + COLUMNS + " from annulment where certificate_number = ? and state <> 'RITIRATO'")
                .param(certificate)
                .query(Annulment.class)
                .optional();
    }

    /** The one that is asked for and not in force yet. */
    public Optional<Annulment> waiting(long certificate) {
        return of(certificate).filter(one -> one.state().waits());
    }

    Annulment ask(
            long certificate, String documentId, String annulled, State state, Long message, String by, String why) {
        return db.sql("insert into annulment (certificate_number, document_id, annulled_document_id, state, message_id,"
                        + " asked_by, reason, next_step_at, doctor_asked) values (?, ?, ?, ?, ?, ?, ?, now(), ?) returning "
                        + COLUMNS)
                .params(certificate, documentId, annulled, state.name(), message, by, why, message == null)
                .query(Annulment.class)
                .single();
    }

    /**
     * The doctor wants the one that waits too: it stays whatever becomes of the message that began it, and is his.
     *
     * @param by the user
     * @param why his words; null when he gives none, or has given them before
     */
    void doctorAsks(long id, String by, String why) {
        db.sql("update annulment set reason = case when doctor_asked then coalesce(?, reason) else ? end,"
                        + " doctor_asked = true, asked_by = ?, updated_at = now() where id = ?")
                .params(why, why, by, id)
                .update();
    }

    /** Whether the doctor asked himself. */
    public boolean askedByDoctor(long id) {
        return db.sql("select doctor_asked from annulment where id = ?")
                .param(id)
                .query(Boolean.class)
                .single();
    }

    /**
     * Who asks is told from now on as that message's sender, unless the doctor asks himself.
     *
     * @param message the one that asks from now on; null when only the doctor does
     */
    public void handOver(long id, Long message) {
        db.sql("""
                        update annulment a set message_id = :message, updated_at = now(),
                          asked_by = case when doctor_asked then asked_by else coalesce(
                            (select split_part(m.sender, '|', 1) from message m where m.id = :message), asked_by) end,
                          reason = case when doctor_asked then reason end
                        where id = :id""")
                .param("message", message, java.sql.Types.BIGINT)
                .param("id", id)
                .update();
    }

    /**
     * The one to be worked on now, for one worker at a time: nobody else is given it for a while. Without the lock of the
     * certificate.
     */
    public Optional<Annulment> begin(long certificate, int leaseSeconds) {
        return db.sql("update annulment set next_step_at = now() + make_interval(secs => ?), updated_at = now()"
                        + " where certificate_number = ? and state = 'RICHIESTO'"
                        + " and (next_step_at is null or next_step_at <= now()) returning " + COLUMNS)
                .params(leaseSeconds, certificate)
                .query(Annulment.class)
                .optional();
    }

    /** Numbers of certificates whose annulment stands still and is due. Without the lock of a certificate. */
    public List<Long> due(int most) {
        return db.sql("select certificate_number from annulment where state = 'RICHIESTO' and next_step_at <= now()"
                        + " order by next_step_at limit ?")
                .param(most)
                .query(Long.class)
                .list();
    }

    /**
     * What a worker that is gone had begun is due at once. Without the lock of a certificate.
     *
     * @param automatic the hub signs by itself now: what waited for a doctor goes on without him
     */
    public void takeUpAll(boolean automatic) {
        db.sql("update annulment set next_step_at = now() where state = 'RICHIESTO' and step_failures = 0")
                .update();
        if (automatic) {
            db.sql("update annulment set state = 'RICHIESTO', next_step_at = now() where state = 'DA_FIRMARE'")
                    .update();
        }
    }

    /** The page, kept before anybody signs it; once made it stays the same. Without the lock of the certificate. */
    public byte[] keepPage(long id, byte[] pdf) {
        db.sql("update annulment set unsigned_pdf = ?, updated_at = now() where id = ? and unsigned_pdf is null")
                .params(pdf, id)
                .update();
        return page(id).orElseThrow();
    }

    public Optional<byte[]> page(long id) {
        return db.sql("select unsigned_pdf from annulment where id = ?")
                .param(id)
                .query((row, n) -> Optional.ofNullable(row.getBytes(1)))
                .single();
    }

    /** The signed certificato annullativo. */
    public Optional<byte[]> signed(long id) {
        return db.sql("select signed_pdf from annulment where id = ?")
                .param(id)
                .query((row, n) -> Optional.ofNullable(row.getBytes(1)))
                .single();
    }

    /** @return false when it was no longer at its beginning */
    public boolean awaitDoctor(long id) {
        return db.sql(
                                "update annulment set state = 'DA_FIRMARE', step_failures = 0, failure_code = null, failure = null,"
                                        + " next_step_at = null, updated_at = now() where id = ? and state = 'RICHIESTO'")
                        .param(id)
                        .update()
                == 1;
    }

    /** @return false when it waited no more: then nothing of this signature may take effect */
    public boolean sign(long id, byte[] pdf, byte[] sha256, OffsetDateTime at, String signer) {
        return db.sql(
                                "update annulment set state = 'FIRMATO', signed_pdf = ?, signed_sha256 = ?, signed_at = ?, signer = ?,"
                                        + " failure_code = null, failure = null, next_step_at = null, updated_at = now()"
                                        + " where id = ? and state in ('RICHIESTO', 'DA_FIRMARE')")
                        .params(pdf, sha256, at, signer, id)
                        .update()
                == 1;
    }

    /** @return false when it waited no more */
    public boolean withdraw(long certificate, String why) {
        return db.sql(
                                "update annulment set state = 'RITIRATO', failure = coalesce(?, failure), next_step_at = null,"
                                        + " updated_at = now() where certificate_number = ? and state in ('RICHIESTO', 'DA_FIRMARE')")
                        .params(why, certificate)
                        .update()
                == 1;
    }

    /** Tries again later; without the lock of the certificate. */
    public void later(long certificate, String code, String words, double firstSeconds, double longestSeconds) {
        db.sql("update annulment set failure_code = ?, failure = ?, step_failures = step_failures + 1,"
                        + " next_step_at = now() + make_interval(secs => least(?, ? * power(2, least(step_failures, 20)))),"
                        + " updated_at = now() where certificate_number = ? and state = 'RICHIESTO'")
                .params(code, words, longestSeconds, firstSeconds, certificate)
                .update();
    }

    /** What stands is tried now instead of at its next time; without the lock of the certificate. */
    public void now(long certificate) {
        db.sql("update annulment set next_step_at = now() where certificate_number = ? and state = 'RICHIESTO'"
                        + " and step_failures > 0")
                .param(certificate)
                .update();
    }
}
