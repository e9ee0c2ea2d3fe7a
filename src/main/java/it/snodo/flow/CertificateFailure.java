package it.snodo.flow;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
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

    /** Writes the cause down. Called by the routes' error policy. */
    public void record(
            @ExchangeProperty("certificateNumber") long number,
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception cause,
            Exchange exchange) {
        SnodoCode code = cause instanceof SnodoException known ? known.code() : SnodoCode.INTERNAL;
        String reason = cause instanceof SnodoException
                ? cause.getMessage()
                : cause.getClass().getSimpleName();
        LOG.error(
                "{} certificate {} failed in route {}",
                code.code(),
                number,
                exchange.getFromRouteId(),
                cause instanceof SnodoException ? null : cause);
        boolean signature = "certificate-signature".equals(exchange.getFromRouteId());
        transaction.executeWithoutResult(status -> certificates.fail(
                number, signature ? "DOCUMENT" : "RECEIVED", signature ? "firma" : "documento", code, reason));
    }
}
