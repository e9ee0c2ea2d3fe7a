package it.snodo.booking.desk;

import java.util.function.Supplier;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions of the desk; two that wait for each other are undone by the database, and done again here. */
@Component("bookingTransactions")
class Transactions {

    private static final int TRIES = 4;

    private final TransactionTemplate template;

    Transactions(PlatformTransactionManager transactions) {
        this.template = new TransactionTemplate(transactions);
    }

    /** @param work may be done several times: it changes nothing but the database */
    <T> T in(Supplier<T> work) {
        for (int i = 1; ; i++) {
            try {
                return template.execute(status -> work.get());
            } catch (PessimisticLockingFailureException deadlock) {
                if (i == TRIES) {
                    throw deadlock;
                }
            }
        }
    }

    /** The same for one call of the database, that is its own transaction: nobody has to ask for the commit. */
    <T> T alone(Supplier<T> call) {
        for (int i = 1; ; i++) {
            try {
                return call.get();
            } catch (PessimisticLockingFailureException deadlock) {
                if (i == TRIES) {
                    throw deadlock;
                }
            }
        }
    }

    /** The same; null undoes whatever was written. */
    <T> T orNothing(Supplier<T> work) {
        for (int i = 1; ; i++) {
            try {
                return template.execute(status -> {
                    T result = work.get();
                    if (result == null) {
                        status.setRollbackOnly();
                    }
                    return result;
                });
            } catch (PessimisticLockingFailureException deadlock) {
                if (i == TRIES) {
                    throw deadlock;
                }
            }
        }
    }
}
