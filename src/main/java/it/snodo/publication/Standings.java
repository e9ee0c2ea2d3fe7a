package it.snodo.publication;

import it.snodo.fault.SnodoCode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How a certificate's publication stands as a whole, told to whoever listens. */
final class Standings {

    private final JdbcClient jdbc;
    private final ObjectProvider<PublicationListener> listener;

    Standings(JdbcClient jdbc, ObjectProvider<PublicationListener> listener) {
        this.jdbc = jdbc;
        this.listener = listener;
    }

    /** One at a time per certificate: two deliveries that end together must not each see the other as open. */
    void lock(long certificateNumber) {
        jdbc.sql("select number from certificate where number = :number for no key update")
                .param("number", certificateNumber)
                .query(Long.class)
                .optional();
    }

    private record One(String action, String state, String code, String words, String answer) {

        /** Our words and theirs: whoever reads the journal needs both. */
        String inFull() {
            return answer == null ? words : words + " Risposta della destinazione: " + answer;
        }
    }

    /** Says whether all is delivered or something has failed; nothing while deliveries are under way. */
    void tell(long certificateNumber) {
        PublicationListener ear = listener.getIfAvailable();
        if (ear == null) {
            return;
        }
        List<One> all = jdbc
                .sql("select action, state, last_code, last_words, last_answer from delivery"
                        + " where certificate_number = :number and not obsolete order by id")
                .param("number", certificateNumber)
                .query((row, n) -> new One(
                        row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5)))
                .list()
                .stream()
                .filter(one -> DeliveryAction.valueOf(one.action()).decidesPublication())
                .toList();
        Optional<One> failed = all.stream()
                .filter(one -> one.state().equals("FAILED") || one.state().equals("STOPPED"))
                .findFirst();
        if (failed.isPresent()) {
            ear.settled(
                    certificateNumber,
                    PublicationListener.Result.FAILED,
                    codeOf(failed.get().code()),
                    failed.get().inFull());
        } else if (!all.isEmpty()
                && all.stream()
                        .allMatch(one -> DeliveryState.valueOf(one.state()).isThere())) {
            ear.settled(certificateNumber, PublicationListener.Result.PUBLISHED, null, null);
        }
    }

    private static SnodoCode codeOf(String code) {
        for (SnodoCode candidate : SnodoCode.values()) {
            if (Objects.equals(candidate.code(), code)) {
                return candidate;
            }
        }
        return SnodoCode.DESTINATION_REFUSED;
    }
}
