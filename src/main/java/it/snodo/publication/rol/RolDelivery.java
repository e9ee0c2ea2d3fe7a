package it.snodo.publication.rol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import it.snodo.fault.SnodoCode;
import it.snodo.messages.CallOut;
import it.snodo.publication.Answer;
import it.snodo.publication.Deliverer;
import it.snodo.publication.Delivery;
import it.snodo.publication.DeliveryAction;
import it.snodo.publication.Destination;
import it.snodo.publication.HttpChannel;
import it.snodo.publication.Outbox;
import it.snodo.publication.Outcome;
import it.snodo.publication.Outgoing;
import it.snodo.publication.PublicationSubject;
import it.snodo.publication.PublicationSubjects;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.entity.mime.HttpMultipartMode;
import org.apache.hc.client5.http.entity.mime.MultipartEntityBuilder;
import org.apache.hc.core5.http.ContentType;

/**
 * One try of a delivery to ROL: {@code POST /documents} with the parts {@code metadata} (JSON) and {@code file} (the
 * signed PDF), answered by {@code {esito, codice, messaggio}}. The other side knows a repetition by uniqueId, tipoAzione
 * and idRichiesta, so a lost answer is simply asked for again. The PIN is sent and never logged.
 */
final class RolDelivery implements Deliverer {

    private static final JsonMapper JSON = new JsonMapper();
    /** The regional repository's codes for trouble of its own: database, repository, session, generic. */
    private static final Set<String> ITS_OWN_TROUBLE = Set.of("100", "210", "214", "215", "500");
    /** Its code for credentials that it does not accept, and so for every delivery alike. */
    private static final String CREDENTIALS = "204";

    private final RolProperties properties;
    private final RolMetadata metadata;
    private final PublicationSubjects subjects;
    private final Outbox outbox;
    private final HttpChannel channel;
    private final Consumer<CallOut> journal;

    RolDelivery(
            RolProperties properties,
            RolMetadata metadata,
            PublicationSubjects subjects,
            Outbox outbox,
            HttpChannel channel,
            Consumer<CallOut> journal) {
        this.journal = journal;
        this.properties = properties;
        this.metadata = metadata;
        this.subjects = subjects;
        this.outbox = outbox;
        this.channel = channel;
    }

    @Override
    public Outcome deliver(Delivery delivery) {
        PublicationSubject subject = subjects.of(delivery.documentId());
        boolean insert = delivery.action() == DeliveryAction.INSERIMENTO;
        if (insert && subject.signedPdf() == null) {
            return new Outcome.Repair(
                    Answer.none(), SnodoCode.SIGNATURE_FAILED, "Il documento non è firmato: non può essere inviato.");
        }
        if (!insert && !outbox.mayBeThere(subject.documentId(), Destination.ROL)) {
            return neverSent(delivery, subject);
        }
        HttpPost request = new HttpPost(URI.create(properties.baseUrl() + "/documents"));
        request.setHeader("Accept", "application/json");
        request.setHeader(
                "traceparent",
                "00-" + delivery.traceId() + "-" + delivery.traceId().substring(0, 16) + "-01");
        JsonNode sent = metadata.of(subject, delivery.action(), "SNODO-" + delivery.id());
        String uniqueId = sent.path("documento").path("uniqueId").asText();
        String body = sent.toString();
        MultipartEntityBuilder parts = MultipartEntityBuilder.create()
                .setMode(HttpMultipartMode.STRICT)
                .addTextBody("metadata", body, ContentType.APPLICATION_JSON);
        // An update that brings a new version is the first time that ROL sees this document.
        boolean newVersion = delivery.action() == DeliveryAction.AGGIORNAMENTO
                && subject.replacedId() != null
                && outbox.publicationOf(subject.documentId(), Destination.ROL).isEmpty();
        boolean withFile = insert || newVersion && subject.signedPdf() != null;
        if (withFile) {
            parts.addBinaryBody("file", subject.signedPdf(), ContentType.APPLICATION_PDF, "documento.pdf");
        }
        request.setEntity(parts.build());
        Outgoing out = new Outgoing(
                        Destination.ROL,
                        delivery.action().name(),
                        request,
                        subject.certificateNumber(),
                        subject.documentId())
                .with(body, withFile ? "SIGNED_PDF" : null);
        try {
            HttpChannel.Reply reply = channel.call(request);
            Outcome outcome = isForeign(reply, uniqueId)
                    ? new Outcome.Retry(
                            Answer.none(),
                            SnodoCode.OUTCOME_UNKNOWN,
                            "ROL ha risposto su un altro documento.",
                            null,
                            true,
                            false)
                    : outcome(reply, delivery.traceId());
            journal.accept(out.answered(reply, outcome.answer(), delivery.traceId()));
            return outcome;
        } catch (HttpChannel.CallFailed e) {
            journal.accept(out.failed(e, delivery.traceId()));
            return new Outcome.Retry(
                    Answer.none(),
                    e.unknown() ? SnodoCode.OUTCOME_UNKNOWN : e.code(),
                    "ROL: " + e.getMessage() + ".",
                    null,
                    e.unknown(),
                    true);
        }
    }

    private Outcome neverSent(Delivery delivery, PublicationSubject subject) {
        if (delivery.action() == DeliveryAction.ANNULLAMENTO) {
            outbox.closeSuperseded(
                    subject.documentId(), Destination.ROL, delivery.id(), "Superato dall'annullamento del documento.");
        }
        return new Outcome.Done(Answer.none(), true, "Il documento non era mai arrivato a ROL: niente da cambiare.");
    }

    static Outcome outcome(HttpChannel.Reply reply, String traceId) {
        JsonNode body = tree(reply.body());
        String result = body.path("esito").asText(null);
        String code = body.path("codice").asText(null);
        Answer answer = new Answer(
                reply.status(),
                code,
                body.path("messaggio").asText(body.path("detail").asText(null)),
                null,
                traceId,
                null,
                null,
                null,
                HttpChannel.retryAfter(reply.headers().get("Retry-After"), Instant.now()));
        if (answer.success()) {
            if ("KO".equalsIgnoreCase(result)) {
                return refused(answer, code);
            }
            if ("OK".equalsIgnoreCase(result)) {
                return new Outcome.Done(answer, true, null);
            }
            return new Outcome.Retry(
                    answer, SnodoCode.OUTCOME_UNKNOWN, "ROL ha risposto senza un esito leggibile.", null, true, false);
        }
        return switch (reply.status()) {
            case 429 ->
                new Outcome.Retry(
                        answer,
                        SnodoCode.DESTINATION_BUSY,
                        "ROL chiede di rallentare.",
                        answer.retryAfter(),
                        false,
                        true);
            case 503 ->
                new Outcome.Retry(
                        answer, SnodoCode.DESTINATION_BUSY, "ROL non è disponibile.", answer.retryAfter(), false, true);
            case 502, 504 ->
                new Outcome.Retry(
                        answer, SnodoCode.DESTINATION_ERROR, "ROL non ha risposto in tempo.", null, true, true);
            case 401, 403 ->
                result == null || saysNoMore(code, reply.status())
                        ? hubNotRecognised(answer)
                        : new Outcome.Repair(
                                answer, SnodoCode.DESTINATION_NOT_AUTHORISED, "ROL non consente questo invio.");
            case 407 -> hubNotRecognised(answer);
            case 404 -> new Outcome.Repair(answer, SnodoCode.DOCUMENT_UNKNOWN_THERE, "ROL non conosce il documento.");
            case 409 ->
                new Outcome.Stop(
                        answer, SnodoCode.DESTINATION_STOP, "ROL ha già un altro contenuto con questo identificativo.");
            case 413 ->
                new Outcome.Repair(
                        answer, SnodoCode.DOCUMENT_TOO_LARGE, "Il PDF supera la dimensione che ROL ammette.");
            default ->
                reply.status() >= 500
                        ? new Outcome.Retry(
                                answer, SnodoCode.DESTINATION_ERROR, "Errore interno di ROL.", null, true, false)
                        : new Outcome.Repair(
                                answer,
                                SnodoCode.DESTINATION_REFUSED,
                                "ROL rifiuta la richiesta (HTTP " + reply.status() + ").");
        };
    }

    /** A refusal without a reason of ROL's own, as a proxy's: it is of the hub, not of this document. */
    private static boolean saysNoMore(String code, int status) {
        return code == null || code.isBlank() || code.equals(CREDENTIALS) || code.equals(String.valueOf(status));
    }

    private static Outcome hubNotRecognised(Answer answer) {
        return new Outcome.Retry(
                answer,
                SnodoCode.HUB_NOT_RECOGNISED,
                "ROL, o chi gli sta davanti, non riconosce l'hub.",
                answer.retryAfter(),
                false,
                true);
    }

    private static Outcome refused(Answer answer, String code) {
        if (CREDENTIALS.equals(code)) {
            return hubNotRecognised(answer);
        }
        return code != null && ITS_OWN_TROUBLE.contains(code)
                ? new Outcome.Retry(
                        answer, SnodoCode.DESTINATION_ERROR, "ROL segnala un problema proprio.", null, false, false)
                : new Outcome.Repair(answer, SnodoCode.DESTINATION_REFUSED, "ROL ha rifiutato il documento.");
    }

    /** An answer that names its document names ours, or it is not the answer to what we asked. */
    private static boolean isForeign(HttpChannel.Reply reply, String uniqueId) {
        String named = tree(reply.body()).path("uniqueId").asText("");
        return !named.isEmpty() && !named.equals(uniqueId);
    }

    private static JsonNode tree(byte[] body) {
        try {
            JsonNode node = JSON.readTree(body);
            return node == null ? JsonNodeFactory.instance.objectNode() : node;
        } catch (IOException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }
}
