package it.snodo.document;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes down who read what of whom. Called before anything is handed out: what cannot be recorded is not shown. */
@Component
public class ReadAudit {

    private final JdbcClient jdbc;

    ReadAudit(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * @param action SEARCH_DOCUMENTS, READ_DOCUMENT, READ_PDF or READ_CDA
     * @param subject the person's identifier; null when none is known
     * @param object what was read, such as the document's id
     * @param outcome OK, NOT_FOUND, DENIED, or how many were found
     */
    public void record(Caller caller, String action, String subject, String object, String outcome) {
        jdbc.sql("insert into audit (actor, role, action, subject, object, outcome)"
                        + " values (:actor, :role, :action, :subject, :object, :outcome)")
                .param("actor", caller.name())
                .param("role", caller.role())
                .param("action", action)
                .param("subject", subject)
                .param("object", object)
                .param("outcome", outcome)
                .update();
    }
}
