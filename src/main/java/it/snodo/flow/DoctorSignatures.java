package it.snodo.flow;

import it.snodo.certificate.Annulments;
import it.snodo.certificate.Annulments.Annulment;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.signature.RemoteSignatures;
import it.snodo.signature.RemoteSignatures.Otp;
import it.snodo.signature.RemoteSignatures.Work;
import it.snodo.signature.Secret;
import it.snodo.signature.SignatureCheck;
import it.snodo.signature.SignatureProperties;
import it.snodo.signature.Signer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A doctor signs what waits for him: a certificate, or a certificato annullativo. Nothing is kept of a signature that comes
 * when the document waits no more; PIN and OTP are wiped whatever happens, and no transaction is open while the provider is
 * asked. Who the doctor is has been judged before.
 */
@Component
public class DoctorSignatures {

    private final ObjectProvider<RemoteSignatures> remote;
    private final SignatureProperties properties;
    private final Certificates certificates;
    private final CertificateSignatures signatures;
    private final Annulments annulments;
    private final CertificateAnnulments annulling;
    private final WorkHints hints;
    private final JdbcClient db;
    private final TransactionTemplate transaction;
    /** What is being signed right now. */
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    DoctorSignatures(
            ObjectProvider<RemoteSignatures> remote,
            SignatureProperties properties,
            Certificates certificates,
            CertificateSignatures signatures,
            Annulments annulments,
            CertificateAnnulments annulling,
            WorkHints hints,
            JdbcClient db,
            PlatformTransactionManager transactions) {
        this.remote = remote;
        this.properties = properties;
        this.certificates = certificates;
        this.signatures = signatures;
        this.annulments = annulments;
        this.annulling = annulling;
        this.hints = hints;
        this.db = db;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Whether doctors sign with a credential of their own. */
    public boolean isRemote() {
        return properties.mode() == SignatureProperties.Mode.REMOTE;
    }

    /** None with automatic signature. */
    public List<RemoteSignatures.Provider> providers() {
        RemoteSignatures known = isRemote() ? remote.getIfAvailable() : null;
        return known == null ? List.of() : known.providers();
    }

    // --- certificates ------------------------------------------------------------------------------------------

    /** @throws SnodoException CERTIFICATE_STATE when it does not wait for a signature, and what the provider says */
    public Otp requestOtp(long number, String provider, String alias, String delivery) {
        CertificateWork work = waiting(number);
        return alone(subject(number), () -> remote().requestOtp(work(work), provider, alias, delivery));
    }

    /**
     * Signs a certificate and sends it on its way.
     *
     * @throws SnodoException CERTIFICATE_STATE when it does not wait for a signature, and what the provider says
     */
    public void sign(long number, String provider, String alias, Secret pin, Secret otp) {
        try (pin;
                otp) {
            CertificateWork work = waiting(number);
            alone(subject(number), () -> {
                Work shown = work(work);
                Signer.Signed signed = signed(shown, provider, alias, pin, otp);
                if (!Boolean.TRUE.equals(
                        transaction.execute(status -> signatures.keep(work.row(), shown.pdf(), signed)))) {
                    throw state(
                            number,
                            "nel frattempo è stato firmato, annullato, chiuso o rifatto: questa firma non vale");
                }
                return signed;
            });
        }
        certificates.replacements(number).forEach(later -> hints.tell(later, "snodo.certificate.document"));
    }

    private CertificateWork waiting(long number) {
        requireRemote();
        CertificateWork.Row row = certificates.row(number).orElseThrow();
        if (row.state().equals("DA_FIRMARE") && row.stage().equals("AWAITING_SIGNATURE")) {
            return CertificateWork.of(row);
        }
        throw state(
                number,
                switch (row.state()) {
                    case "ANNULLATO" -> "è annullato e non si firma";
                    case "SOSTITUITO" -> "è stato sostituito e non si firma";
                    case "DA_FIRMARE" ->
                        row.stage().equals("FAILED")
                                ? "si è fermato con un errore: lo riprende chi gestisce l'hub, poi si firma"
                                : "è in preparazione e non è ancora pronto per la firma: riprovare tra poco";
                    default -> "è già firmato";
                });
    }

    private Work work(CertificateWork work) {
        byte[] pdf = db.sql("select unsigned_pdf from document where id = ?")
                .param(work.row().documentId())
                .query(byte[].class)
                .single();
        return new Work(
                subject(work.row().number()), pdf, work.request().signer().fiscalCode());
    }

    private static String subject(long number) {
        return "certificate/" + number;
    }

    // --- annulments --------------------------------------------------------------------------------------------

    /** The same for the certificato annullativo that waits. */
    public Otp requestAnnulmentOtp(long number, String provider, String alias, String delivery) {
        Annulment annulment = waitingAnnulment(number);
        return alone(annulmentSubject(number), () -> remote().requestOtp(
                        annulmentWork(annulment), provider, alias, delivery));
    }

    /** Signs the certificato annullativo that waits: with that the annulment is in force. */
    public void signAnnulment(long number, String provider, String alias, Secret pin, Secret otp) {
        try (pin;
                otp) {
            Annulment annulment = waitingAnnulment(number);
            alone(annulmentSubject(number), () -> {
                Signer.Signed signed = signed(annulmentWork(annulment), provider, alias, pin, otp);
                if (!annulling.complete(annulment, signed)) {
                    throw state(number, "nel frattempo è cambiato: questa firma non vale");
                }
                return signed;
            });
        }
    }

    private Annulment waitingAnnulment(long number) {
        requireRemote();
        Annulment annulment = annulments
                .of(number)
                .orElseThrow(() -> state(number, "non ha un annullamento da firmare: prima va chiesto"));
        return switch (annulment.state()) {
            case DA_FIRMARE -> annulment;
            case RICHIESTO ->
                throw state(
                        number,
                        "ha un annullamento in preparazione, non ancora pronto per la firma: riprovare tra poco");
            default -> throw state(number, "è già annullato");
        };
    }

    private Work annulmentWork(Annulment annulment) {
        String doctor = CertificateWork.of(
                        certificates.row(annulment.certificateNumber()).orElseThrow())
                .request()
                .signer()
                .fiscalCode();
        return new Work(
                annulmentSubject(annulment.certificateNumber()),
                annulments.page(annulment.id()).orElseThrow(),
                doctor);
    }

    private static String annulmentSubject(long number) {
        return "annulment/" + number;
    }

    /** What was prepared for a certificate that will not be signed any more is dropped. */
    void forget(long number) {
        remote.ifAvailable(known -> {
            known.forget(subject(number));
            known.forget(annulmentSubject(number));
        });
    }

    // --- both --------------------------------------------------------------------------------------------------

    private Signer.Signed signed(Work work, String provider, String alias, Secret pin, Secret otp) {
        Signer.Signed signed = remote().sign(work, provider, alias, pin, otp);
        SignatureCheck.requireSigned(work.pdf(), signed.pdf());
        return signed;
    }

    private void requireRemote() {
        if (!isRemote()) {
            throw new SnodoException(
                    SnodoCode.SIGNATURE_IS_AUTOMATIC, "La firma è automatica: l'hub firma da solo, senza PIN né OTP.");
        }
    }

    private RemoteSignatures remote() {
        RemoteSignatures known = remote.getIfAvailable();
        if (known == null) {
            throw new SnodoException(
                    SnodoCode.SIGNER_NOT_CONFIGURED, "Nessun provider di firma remota è configurato su questo hub.");
        }
        return known;
    }

    /** One at a time: two calls with the same OTP would lock the doctor's credential. */
    private <T> T alone(String subject, Supplier<T> call) {
        if (!underWay.add(subject)) {
            throw new SnodoException(SnodoCode.SIGNATURE_UNDER_WAY, SnodoCode.SIGNATURE_UNDER_WAY.cause());
        }
        try {
            return call.get();
        } finally {
            underWay.remove(subject);
        }
    }

    static SnodoException state(long number, String words) {
        return new SnodoException(SnodoCode.CERTIFICATE_STATE, "Il certificato n. %d %s.".formatted(number, words));
    }
}
