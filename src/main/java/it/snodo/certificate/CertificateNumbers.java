package it.snodo.certificate;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.PriorityBlockingQueue;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Numbers for new certificates, taken from the table's sequence some at a time: an acknowledgement says its certificate's
 * number, and is stored in the same call as the certificate. What a restart leaves unused is never given.
 */
final class CertificateNumbers {

    private static final int AT_A_TIME = 32;

    private final JdbcClient db;
    private final Queue<Long> ready = new PriorityBlockingQueue<>();

    CertificateNumbers(JdbcClient db) {
        this.db = db;
    }

    /** The lowest that is free. Nobody waits for another's connection: who finds none fetches his own, at worst some too many. */
    long next() {
        Long number = ready.poll();
        if (number != null) {
            return number;
        }
        List<Long> more = db.sql(
                        "select nextval(pg_get_serial_sequence('certificate', 'number')) n from generate_series(1, ?) order by n")
                .param(AT_A_TIME)
                .query(Long.class)
                .list();
        ready.addAll(more.subList(1, more.size()));
        return more.get(0);
    }

    /** It was not used: the next one gets it. */
    void giveBack(long number) {
        ready.add(number);
    }
}
