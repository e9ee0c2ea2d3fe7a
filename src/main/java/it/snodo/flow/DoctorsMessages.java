package it.snodo.flow;

import it.snodo.access.Operator;
import it.snodo.access.Operators;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequest.Action;
import it.snodo.certificate.CertificateRequest.Professional;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.Incoming;
import it.snodo.signature.SignatureProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/**
 * What a doctor may send who has logged in as himself: the certificates that he signs, for the hub may sign in the name that is
 * in them, and annul without asking anybody. A system that brings those of all its doctors has no codice fiscale, and is
 * believed, as it is over MLLP.
 */
@Component
class DoctorsMessages {

    private static final Set<String> WITH_USERS = Set.of("REST", "FHIR");

    private final ObjectProvider<Operators> operators;
    private final SignatureProperties signature;
    private final JdbcClient db;

    DoctorsMessages(ObjectProvider<Operators> operators, SignatureProperties signature, JdbcClient db) {
        this.operators = operators;
        this.signature = signature;
        this.db = db;
    }

    /** Why the caller may not ask for that; empty when he may. */
    List<Fault> faults(Incoming message) {
        CertificateRequest request = message.request();
        if (request == null || request.action() == null) {
            return List.of();
        }
        return doctor(message).map(own -> faults(request, own)).orElse(List.of());
    }

    private Optional<String> doctor(Incoming message) {
        if (!WITH_USERS.contains(message.protocol())
                || SecurityContextHolder.getContext().getAuthentication() == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(operators.getIfAvailable())
                .map(Operators::current)
                .map(Operator::fiscalCode)
                .filter(code -> !Operator.ALL.equals(code));
    }

    private List<Fault> faults(CertificateRequest request, String own) {
        List<Fault> faults = new ArrayList<>();
        if (request.action() != Action.ANNULMENT && request.signer() != null && !mayBeSent(request, own)) {
            faults.add(
                    Fault.at(
                            SnodoCode.NOT_ALLOWED,
                            request.legalAuthenticator() == null ? "author" : "legalAuthenticator",
                            "Chi accede come medico invia solo i certificati che firma lui stesso: qui il firmatario è un altro."));
        }
        if (request.action() != Action.NEW && request.sender() != null && request.replacedDocumentNumber() != null) {
            earlier(request, own).ifPresent(faults::add);
        }
        return faults;
    }

    /** With remote signatures another doctor signs only what he wants to. */
    private boolean mayBeSent(CertificateRequest request, String own) {
        return is(request.signer(), own)
                || signature.mode() == SignatureProperties.Mode.REMOTE && is(request.author(), own);
    }

    private static boolean is(Professional one, String own) {
        return one != null && own.equalsIgnoreCase(one.fiscalCode());
    }

    private Optional<Fault> earlier(CertificateRequest request, String own) {
        record Earlier(String signer, boolean written) {}
        return db.sql("""
                        select c.signer, exists (select 1 from document d where d.certificate_number = c.number
                          and d.author = :own) as written
                        from certificate c where c.sender = :sender and c.document_number = :number
                        order by c.stage = 'FAILED', c.number desc limit 1""")
                .param("own", own)
                .param("sender", request.sender().key())
                .param("number", request.replacedDocumentNumber())
                .query(Earlier.class)
                .optional()
                .filter(found -> !own.equalsIgnoreCase(found.signer()))
                .map(found -> found.written()
                        ? Fault.at(
                                SnodoCode.NOT_ALLOWED,
                                "replacedDocumentNumber",
                                "Il documento n. «%s» lo sostituisce e lo annulla solo il medico indicato come firmatario."
                                        .formatted(request.replacedDocumentNumber()))
                        // the words for one that does not exist
                        : Fault.at(
                                SnodoCode.DOCUMENT_NOT_FOUND,
                                "replacedDocumentNumber",
                                "Il documento n. «%s» non risulta inviato da «%s»."
                                        .formatted(
                                                request.replacedDocumentNumber(),
                                                request.sender().application())));
    }
}
