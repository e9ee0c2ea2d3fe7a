package it.snodo.flow;

import it.snodo.certificate.Annulments;
import it.snodo.certificate.Annulments.Annulment;
import it.snodo.certificate.CertificateRegister;
import it.snodo.fault.SnodoException;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A doctor annuls a certificate of his. Who the doctor is has been judged before. */
@Component
public class DoctorAnnulments {

    private static final Logger LOG = LoggerFactory.getLogger(DoctorAnnulments.class);

    private final CertificateRegister register;
    private final Annulments annulments;
    private final CertificateAnnulments steps;
    private final Certificates certificates;
    private final DoctorSignatures signatures;
    private final ProducerTemplate camel;
    private final TransactionTemplate transaction;

    DoctorAnnulments(
            CertificateRegister register,
            Annulments annulments,
            CertificateAnnulments steps,
            Certificates certificates,
            DoctorSignatures signatures,
            ProducerTemplate camel,
            PlatformTransactionManager transactions) {
        this.register = register;
        this.annulments = annulments;
        this.steps = steps;
        this.certificates = certificates;
        this.signatures = signatures;
        this.camel = camel;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Asks for the annulment and goes with it as far as it goes now: to its end with automatic signature, or when the
     * certificate was never signed; else to where the doctor's signature is needed. Who asks again gets the one that waits.
     *
     * @param by the user
     * @param reason the doctor's words; null when there are none
     * @throws SnodoException DOCUMENT_NOT_CURRENT when the certificate has been annulled or replaced
     */
    public Annulment ask(long number, String by, String reason) {
        Annulment asked = transaction.execute(status -> register.annul(number, by, reason));
        if (asked.state() == Annulments.State.SENZA_FIRMA) {
            signatures.forget(number);
            return asked;
        }
        if (asked.state() == Annulments.State.RICHIESTO) {
            annulments.now(number);
            try {
                camel.requestBody("direct:certificate-annulment", number);
            } catch (CamelExecutionException e) {
                // asked for it is, and taken up by the clock
                LOG.warn("The annulment of certificate {} goes on by itself later: {}", number, e.toString());
            }
        }
        return annulments.of(number).orElse(asked);
    }

    /**
     * Gives up an annulment that is not signed yet; the certificate stays as it is.
     *
     * @throws SnodoException CERTIFICATE_STATE when none waits
     */
    public void withdraw(long number, String by) {
        transaction.executeWithoutResult(status -> {
            certificates.lock(number);
            if (!steps.withdraw(number, "ritirato da " + by)) {
                throw DoctorSignatures.state(number, "non ha un annullamento che aspetta la firma");
            }
        });
        signatures.forget(number);
    }
}
