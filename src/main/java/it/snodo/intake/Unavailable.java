package it.snodo.intake;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Says what to answer when a message could be neither accepted nor refused. */
public final class Unavailable {

    private static final Logger LOG = LoggerFactory.getLogger(Unavailable.class);

    private Unavailable() {}

    /** The failure's code; logs it with the id that the answer quotes. */
    public static SnodoCode code(Exchange exchange) {
        Throwable caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (caught == null) {
            caught = exchange.getException();
        }
        SnodoCode code = code(caught);
        LOG.error("{} while taking a message, correlation {}", code.code(), exchange.getExchangeId(), caught);
        return code;
    }

    static SnodoCode code(Throwable caught) {
        for (Throwable at = caught; at != null; at = at.getCause()) {
            if (at instanceof SnodoException snodo) {
                return snodo.code();
            }
            if (at instanceof DataAccessException
                    || at instanceof TransactionException
                    || at instanceof RejectedExecutionException
                    // an edited route that is not back yet: nothing was done with the message
                    || at instanceof DirectConsumerNotAvailableException
                    || isStopping(at)) {
                return SnodoCode.STORE_UNAVAILABLE;
            }
        }
        return SnodoCode.INTERNAL;
    }

    /** A step of a route that is just being replaced: Camel has no class for it. */
    public static boolean isStopping(Throwable failure) {
        return failure instanceof IllegalStateException
                && failure.getMessage() != null
                && failure.getMessage().contains("has not been started");
    }

    /** The sentence for the sender, with the id under which the log has the rest. */
    public static String reason(SnodoCode code, Exchange exchange) {
        return code.cause() + " Codice di correlazione: " + exchange.getExchangeId() + ".";
    }
}
