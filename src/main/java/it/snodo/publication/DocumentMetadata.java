package it.snodo.publication;

import com.fasterxml.jackson.databind.JsonNode;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What may change about a document without a new version: whether the person lets it be seen, and the ticket. The hub's
 * own consumers see the change at once, the outside systems as soon as their deliveries arrive.
 */
@Component
public class DocumentMetadata {

    private static final Set<String> TICKET = Set.of("S", "N", "P", "E", "U", "R", "F");

    private final JdbcClient jdbc;
    private final Outbox outbox;
    private final PublicationSubjects subjects;
    private final TransactionTemplate transaction;

    DocumentMetadata(
            JdbcClient jdbc, Outbox outbox, PublicationSubjects subjects, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.outbox = outbox;
        this.subjects = subjects;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * @param withheld whether the hub now keeps the document from its consumers
     * @param deliveries actions that were put on their way
     */
    public record Changed(String documentId, boolean withheld, List<DeliveryAction> deliveries) {}

    /**
     * @param change object with {@code obscured} (boolean, or null to take the decision back) and {@code ticket}
     * @throws SnodoException NOT_FOUND, REQUEST_INVALID, or DOCUMENT_NOT_CURRENT when the document has been withdrawn
     */
    public Changed change(String documentId, JsonNode change) {
        check(change);
        return transaction.execute(status -> write(documentId, change));
    }

    private Changed write(String documentId, JsonNode change) {
        jdbc.sql("select id from document where id = :id for update")
                .param("id", documentId)
                .query(String.class)
                .optional()
                .orElseThrow(
                        () -> new SnodoException(SnodoCode.NOT_FOUND, "Il documento " + documentId + " non esiste."));
        refuseWithdrawn(documentId);
        boolean visibility = change.has("obscured");
        if (visibility) {
            Boolean obscured = change.get("obscured").isNull()
                    ? null
                    : change.get("obscured").booleanValue();
            jdbc.sql("update document set obscured = :obscured, updated_at = now() where id = :id")
                    .param("obscured", obscured, java.sql.Types.BOOLEAN)
                    .param("id", documentId)
                    .update();
        }
        if (change.has("ticket")) {
            jdbc.sql("update document set ticket = :ticket, updated_at = now() where id = :id")
                    .param("ticket", change.get("ticket").textValue())
                    .param("id", documentId)
                    .update();
        }
        PublicationSubject subject = subjects.of(documentId);
        jdbc.sql("update document set withheld = :withheld where id = :id")
                .param("withheld", subject.isHidden())
                .param("id", documentId)
                .update();
        List<DeliveryAction> actions = new ArrayList<>();
        if (visibility) {
            outbox.enqueue(documentId, subject.certificateNumber(), DeliveryAction.METADATA, "{\"visibility\": true}");
            actions.add(DeliveryAction.METADATA);
        }
        outbox.enqueue(documentId, subject.certificateNumber(), DeliveryAction.AGGIORNAMENTO, null);
        actions.add(DeliveryAction.AGGIORNAMENTO);
        return new Changed(documentId, subject.isHidden(), actions);
    }

    private void refuseWithdrawn(String documentId) {
        boolean withdrawn = jdbc.sql(
                        "select exists (select 1 from delivery where document_id = :id and action in ('DELETE', 'ANNULLAMENTO'))")
                .param("id", documentId)
                .query(Boolean.class)
                .single();
        if (withdrawn) {
            throw new SnodoException(
                    SnodoCode.DOCUMENT_NOT_CURRENT, "Il documento " + documentId + " è stato annullato.");
        }
    }

    private static void check(JsonNode change) {
        if (!change.isObject() || change.isEmpty()) {
            throw invalid("Indicare almeno uno tra obscured e ticket.");
        }
        for (Iterator<String> names = change.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            JsonNode value = change.get(name);
            switch (name) {
                case "obscured" -> {
                    if (!value.isBoolean() && !value.isNull()) {
                        throw invalid("obscured vuole true, false o null.");
                    }
                }
                case "ticket" -> {
                    if (!value.isTextual() || !TICKET.contains(value.textValue())) {
                        throw invalid("ticket vuole S, N, P, E, U, R o F.");
                    }
                }
                default -> throw invalid("Il campo " + name + " non è tra quelli che si possono cambiare.");
            }
        }
    }

    private static SnodoException invalid(String reason) {
        return new SnodoException(SnodoCode.REQUEST_INVALID, reason);
    }
}
