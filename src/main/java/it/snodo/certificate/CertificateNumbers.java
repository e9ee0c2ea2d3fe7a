package it.snodo.certificate;

import java.util.PriorityQueue;
import java.util.Queue;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Numbers for new certificates, taken from the table's sequence some at a time: an acknowledgement says its certificate's
 * number, and is stored in the same call as the certificate. What a restart leaves unused is never given.
 */
final class CertificateNumbers {

    private static final int AT_A_TIME = 32;

    private final JdbcClient db;
    private final Queue<Long> ready = new PriorityQueue<>();

    CertificateNumbers(JdbcClient db) {
        this.db = db;
    }

    /** The lowest that is free. */
    synchronized long next() {
        if (ready.isEmpty()) {
            ready.addAll(
                    db.sql("select nextval(pg_get_serial_sequence('certificate', 'number')) from generate_series(1, ?)")
                            .param(AT_A_TIME)
                            .query(Long.class)
                            .list());
        }
        return ready.remove();
    }

    /** It was not used: the next one gets it. */
    synchronized void giveBack(long number) {
        ready.add(number);
    }
}
