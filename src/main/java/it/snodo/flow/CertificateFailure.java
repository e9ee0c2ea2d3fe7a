package it.snodo.flow;

import it.snodo.fault.Remedy;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Where a certificate goes when a step cannot be done: it stays, with its cause, until a person repairs it. */
@Component("certificateFailure")
class CertificateFailure {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateFailure.class);

    private final Certificates certificates;
    private final TransactionTemplate transaction;

    CertificateFailure(Certificates certificates, PlatformTransactionManager transactions) {
        this.certificates = certificates;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Writes the cause down: what may pass is tried again a few times, anything else waits for a person at once. Called by the
     * routes' error policy.
     */
    public void record(
            @ExchangeProperty("certificateNumber") long number,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Throwable cause,
            Exchange exchange) {
        SnodoException known = cause instanceof SnodoException ours ? ours : null;
        SnodoCode code = known == null ? SnodoCode.INTERNAL : known.code();
        String reason =
                known == null ? "Errore interno: " + root(cause).getClass().getSimpleName() + "." : known.getMessage();
        LOG.error(
                "{} certificate {} failed in route {}",
                code.code(),
                number,
                exchange.getFromRouteId(),
                known == null ? cause : null);
        boolean signature = "certificate-signature".equals(exchange.getFromRouteId());
        String stage = signature ? "DOCUMENT" : "RECEIVED";
        String step = signature ? "firma" : "documento";
        transaction.executeWithoutResult(status -> {
            if (code.remedy() == Remedy.RETRY) {
                certificates.later(number, stage, step, code, reason);
            } else {
                certificates.fail(number, stage, step, code, reason);
            }
        });
    }

    /** What Camel wraps, as it does with an Error, is named by itself. */
    private static Throwable root(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null && root instanceof CamelExecutionException) {
            root = root.getCause();
        }
        return root;
    }
}
