package it.snodo.signature;

import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.model.x509.CertificateToken;
import it.snodo.signature.Pades.Terms;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What is prepared for signature while its doctor looks for the OTP, in the database. Each change stands by itself: it is
 * not undone with a caller's transaction, because what the provider has done is not undone either.
 */
final class Preparations {

    /** Rows that are over are kept this long, to say "expired" and not "never prepared". */
    private static final Duration KEPT = Duration.ofHours(24);
    /** A signature that was made waits for its timestamp; one that waits so long belongs to what is signed no more. */
    private static final Duration VALUES_KEPT = Duration.ofDays(30);

    private final JdbcClient db;
    private final TransactionTemplate alone;

    Preparations(JdbcClient db, PlatformTransactionManager transactions) {
        this.db = db;
        this.alone = new TransactionTemplate(transactions);
        this.alone.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /**
     * @param digest SHA-256 of the signed attributes
     * @param value the signature of the doctor's key, when the provider has made it and the file still lacks what its level
     *     adds; null before
     */
    record Row(
            String subject,
            String provider,
            String alias,
            String delivery,
            String doctor,
            byte[] pdfSha256,
            Terms terms,
            byte[] digest,
            Instant expiresAt,
            byte[] value) {

        Row signed(byte[] made) {
            return new Row(subject, provider, alias, delivery, doctor, pdfSha256, terms, digest, expiresAt, made);
        }
    }

    /** Takes the place of what was prepared for the same subject before. */
    void put(Row row, Instant now) {
        alone.executeWithoutResult(status -> {
            db.sql("delete from signature_preparation where subject = ? or expires_at < ? and value is null"
                            + " or expires_at < ?")
                    .params(row.subject(), Timestamp.from(now.minus(KEPT)), Timestamp.from(now.minus(VALUES_KEPT)))
                    .update();
            db.sql("""
                            insert into signature_preparation (subject, provider, alias, delivery, doctor, pdf_sha256, signing_at, chain,
                                algorithm, content_size, reason, location, digest, expires_at, value)
                            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                            """)
                    .param(row.subject())
                    .param(row.provider())
                    .param(row.alias())
                    .param(row.delivery())
                    .param(row.doctor())
                    .param(row.pdfSha256())
                    .param(Timestamp.from(row.terms().at()))
                    .param(encoded(row.terms().chain()))
                    .param(row.terms().algorithm().name())
                    .param(row.terms().contentSize())
                    .param(row.terms().reason())
                    .param(row.terms().location())
                    .param(row.digest())
                    .param(Timestamp.from(row.expiresAt()))
                    .param(row.value())
                    .update();
        });
    }

    Optional<Row> get(String subject) {
        return alone.execute(status -> db.sql("select * from signature_preparation where subject = ?")
                .param(subject)
                .query(Preparations::row)
                .optional());
    }

    /** What has been signed and lacks what its level adds, the longest waiting first. */
    List<String> withValue() {
        return alone.execute(status -> db.sql(
                        "select subject from signature_preparation where value is not null order by expires_at")
                .query(String.class)
                .list());
    }

    void drop(String subject) {
        alone.executeWithoutResult(status -> db.sql("delete from signature_preparation where subject = ?")
                .param(subject)
                .update());
    }

    /** All that waits for a credential which the provider has locked. */
    void dropAll(String provider, String alias) {
        alone.executeWithoutResult(
                status -> db.sql("delete from signature_preparation where provider = ? and lower(alias) = ?")
                        .params(provider, alias.toLowerCase(Locale.ROOT))
                        .update());
    }

    /**
     * Takes the turn to ask for an OTP.
     *
     * @return null when the turn is taken, else how long to wait for it
     */
    Duration takeTurn(String provider, String alias, Instant now, Duration interval) {
        String name = alias.toLowerCase(Locale.ROOT);
        return alone.execute(status -> {
            int taken = db.sql("""
                            insert into signature_otp_request as last (provider, alias, requested_at) values (?, ?, ?)
                            on conflict (provider, alias) do update set requested_at = excluded.requested_at
                            where last.requested_at <= ? or last.requested_at > excluded.requested_at
                            """)
                    .params(provider, name, Timestamp.from(now), Timestamp.from(now.minus(interval)))
                    .update();
            return taken == 1
                    ? null
                    : db.sql("select requested_at from signature_otp_request where provider = ? and alias = ?")
                            .params(provider, name)
                            .query(Timestamp.class)
                            .optional()
                            .map(last -> Duration.between(now, last.toInstant().plus(interval)))
                            .orElse(interval);
        });
    }

    /** No OTP has gone out: the next request need not wait. */
    void giveTurnBack(String provider, String alias) {
        alone.executeWithoutResult(
                status -> db.sql("delete from signature_otp_request where provider = ? and alias = ?")
                        .params(provider, alias.toLowerCase(Locale.ROOT))
                        .update());
    }

    private static Row row(ResultSet rows, int number) throws SQLException {
        return new Row(
                rows.getString("subject"),
                rows.getString("provider"),
                rows.getString("alias"),
                rows.getString("delivery"),
                rows.getString("doctor"),
                rows.getBytes("pdf_sha256"),
                new Terms(
                        rows.getTimestamp("signing_at").toInstant(),
                        decoded(rows.getBytes("chain")),
                        rows.getInt("content_size"),
                        SignatureAlgorithm.valueOf(rows.getString("algorithm")),
                        rows.getString("reason"),
                        rows.getString("location")),
                rows.getBytes("digest"),
                rows.getTimestamp("expires_at").toInstant(),
                rows.getBytes("value"));
    }

    private static byte[] encoded(List<CertificateToken> chain) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertPath(
                            chain.stream().map(CertificateToken::getCertificate).toList())
                    .getEncoded("PkiPath");
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<CertificateToken> decoded(byte[] chain) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertPath(new ByteArrayInputStream(chain), "PkiPath")
                    .getCertificates()
                    .stream()
                    .map(one -> new CertificateToken((X509Certificate) one))
                    .toList();
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }
}
