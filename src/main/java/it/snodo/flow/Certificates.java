package it.snodo.flow;

import it.snodo.fault.SnodoCode;
import it.snodo.messages.Journal;
import it.snodo.messages.MessageState;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The register as the steps use it: each move from one stage to the next happens once, whoever tries it twice. */
@Component
class Certificates {

    private static final String ROW = """
            select number, message_id, stage, state, document_id, set_id, version, replaces_document_id, request,
                   patient_id, made_at
            from certificate
            """;

    private final JdbcClient db;
    private final Journal journal;

    Certificates(JdbcClient db, Journal journal) {
        this.db = db;
        this.journal = journal;
    }

    /** The certificate, when it still is at that stage and nobody has annulled it. */
    Optional<CertificateWork> at(String stage, long number) {
        return db.sql(ROW + " where number = ? and stage = ? and state <> 'ANNULLATO'")
                .params(number, stage)
                .query(CertificateWork.Row.class)
                .optional()
                .map(CertificateWork::of);
    }

    /** @return false when somebody else moved it before: then nothing of this attempt may take effect */
    boolean move(long number, String from, String to) {
        return db.sql("update certificate set stage = ?, updated_at = now() where number = ? and stage = ?"
                                + " and state <> 'ANNULLATO'")
                        .params(to, number, from)
                        .update()
                == 1;
    }

    void state(long number, String state) {
        db.sql("update certificate set state = ?, updated_at = now() where number = ?")
                .params(state, number)
                .update();
    }

    void fail(CertificateWork.Row row, String step, SnodoCode code, String reason) {
        db.sql(
                        "update certificate set stage = 'FAILED', failure_code = ?, failure = ?, updated_at = now() where number = ?")
                .params(code.code(), reason, row.number())
                .update();
        journal.step(row.messageId(), step, "FAILED", code.code() + " " + reason);
        journal.state(row.messageId(), MessageState.FAILED);
    }

    /** Takes up again what a lost hint or a crash has left: certificates that nobody has moved for a while. */
    List<Long> waiting(String stage, int seconds) {
        return db.sql("select number from certificate where stage = ? and state <> 'ANNULLATO'"
                        + " and updated_at < now() - make_interval(secs => ?) order by number limit 500")
                .params(stage, seconds)
                .query(Long.class)
                .list();
    }

    Optional<CertificateWork.Row> row(long number) {
        return db.sql(ROW + " where number = ?")
                .param(number)
                .query(CertificateWork.Row.class)
                .optional();
    }
}
