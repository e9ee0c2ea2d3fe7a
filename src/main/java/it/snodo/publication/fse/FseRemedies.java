package it.snodo.publication.fse;

import it.snodo.fault.SnodoCode;
import it.snodo.publication.Answer;
import it.snodo.publication.Outcome;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What each answer of the gateway means for us: a table of problem type and status, read from the top. Facts:
 * integrazione-gateway, the published dispatcher and the services behind it (whose own problems it passes on), GovWay's
 * error handling, and the help desk's threads.
 */
final class FseRemedies {

    private FseRemedies() {}

    private enum Help {
        /** Same again later; this delivery may be the cause. */
        RETRY,
        /** Same again later; the gateway or something behind it is down. */
        WAIT_FOR_IT,
        REVALIDATE,
        REPAIR,
        STOP
    }

    /**
     * @param type end of the problem type, without GovWay's {@code .html}; empty for any
     * @param status HTTP status; 0 for any
     * @param words part of instance or detail, in lower case; empty for any
     */
    private record Fact(
            String type, int status, String words, Set<FseOperation> only, Help help, SnodoCode code, String meaning) {

        boolean fits(FseOperation operation, Answer answer) {
            return (type.isEmpty() || typeOf(answer).endsWith(type))
                    && (status == 0 || status == answer.status())
                    && (only.isEmpty() || only.contains(operation))
                    && (words.isEmpty() || has(answer.instance(), words) || has(answer.detail(), words));
        }
    }

    private static final Set<FseOperation> ANY = Set.of();
    private static final Set<FseOperation> PUBLISHING = EnumSet.of(FseOperation.CREATE, FseOperation.REPLACE);
    private static final Set<FseOperation> ASKING = EnumSet.of(FseOperation.STATUS);

    private static final List<Fact> FACTS = List.of(
            // the document itself
            fact("/msg/cda-element", Help.REPAIR, "Il gateway non trova il CDA allegato nel PDF."),
            fact("/msg/syntax", Help.REPAIR, "Il CDA non rispetta lo schema del gateway."),
            fact("/msg/semantic", Help.REPAIR, "Il CDA non supera i controlli Schematron del gateway."),
            fact("/msg/vocabulary", Help.REPAIR, "Il CDA contiene codici che il gateway non censisce."),
            fact("/msg/empty-file", Help.REPAIR, "Il file inviato risulta vuoto."),
            fact("/msg/document-type", Help.REPAIR, "Il file inviato non risulta un PDF."),
            fact("/msg/document-hash", Help.REPAIR, "L'impronta dichiarata non è quella del PDF inviato."),
            fact("/msg/sign-error", Help.REPAIR, "Il PDF non risulta firmato, o la firma non è valida."),
            fact(
                    "/msg/validator",
                    Help.REPAIR,
                    "I metadati non sono tra quelli che l'Affinity Domain ammette insieme."),
            new Fact(
                    "",
                    413,
                    "",
                    ANY,
                    Help.REPAIR,
                    SnodoCode.DOCUMENT_TOO_LARGE,
                    "Il PDF supera la dimensione che il gateway ammette."),
            // its validation
            new Fact(
                    "/msg/cda-match",
                    0,
                    "",
                    ANY,
                    Help.REVALIDATE,
                    SnodoCode.VALIDATION_LOST,
                    "Il gateway non ha (o non ha più) la validazione di questo CDA."),
            new Fact(
                    "/msg/max-day-limit-exceed",
                    0,
                    "",
                    ANY,
                    Help.REVALIDATE,
                    SnodoCode.VALIDATION_EXPIRED,
                    "La validazione ha più di cinque giorni."),
            new Fact(
                    "/msg/wii",
                    0,
                    "",
                    PUBLISHING,
                    Help.REVALIDATE,
                    SnodoCode.VALIDATION_LOST,
                    "Il gateway non riconosce il workflowInstanceId della validazione."),
            fact("/msg/workflow-id-error-extraction", Help.REPAIR, "Il gateway non ricava l'identificativo dal CDA."),
            fact("/msg/wii", Help.REPAIR, "Il workflowInstanceId non è valido."),
            // the request's fields
            fact("/msg/mandatory-element", Help.REPAIR, "Un campo dei metadati manca o ha un valore non ammesso."),
            fact("/msg/invalid-format", Help.REPAIR, "Una data o un campo dei metadati ha un formato errato."),
            fact(
                    "errors/validation",
                    Help.REPAIR,
                    "Un parametro della richiesta non è accettato dall'indice nazionale."),
            fact("/err/validation", Help.REPAIR, "Un parametro della domanda non è accettato dal gateway."),
            fact("/msg/validation", Help.REPAIR, "Un parametro della domanda non è accettato dal gateway."),
            fact("/msg/id-doc", Help.REPAIR, "L'identificativo del documento non è accettato."),
            // tokens
            new Fact(
                    "/msg/jwt-validation",
                    0,
                    "/jwt-person-id",
                    ANY,
                    Help.REPAIR,
                    SnodoCode.DESTINATION_REFUSED,
                    "La persona indicata nel token non è quella del CDA."),
            new Fact(
                    "/msg/jwt-validation",
                    0,
                    "/jwt-document-type",
                    ANY,
                    Help.REPAIR,
                    SnodoCode.DESTINATION_REFUSED,
                    "Il tipo di documento indicato nel token non è quello del CDA."),
            auth("/msg/jwt-validation", 0, "Un valore del token non è accettato dal gateway."),
            auth("/msg/mandatory-element-token", 0, "Il gateway non riesce a leggere il token."),
            // the hub always sends it: somebody between strips it
            hub("/msg/missing-token", 0, "Il gateway non ha ricevuto il token."),
            auth("/msg/unauthorized", 0, "Il gateway non riconosce il soggetto o l'emittente del token."),
            // what is behind the gateway
            new Fact(
                    "/msg/fhir-mapping-timeout",
                    0,
                    "",
                    ANY,
                    Help.WAIT_FOR_IT,
                    SnodoCode.DESTINATION_ERROR,
                    "La conversione del documento presso il gateway è scaduta."),
            fact("/msg/fhir-mapping-type", Help.REPAIR, "Il gateway non riesce a convertire il documento in FHIR."),
            new Fact(
                    "/msg/generic-timeout",
                    0,
                    "",
                    ANY,
                    Help.WAIT_FOR_IT,
                    SnodoCode.DESTINATION_ERROR,
                    "Il gateway segnala un tempo scaduto."),
            new Fact(
                    "/msg/connection-refused",
                    0,
                    "",
                    ANY,
                    Help.WAIT_FOR_IT,
                    SnodoCode.DESTINATION_ERROR,
                    "Un servizio interno del gateway non risponde."),
            fact("/msg/not-implemented", Help.REPAIR, "La funzione richiesta non è attiva presso il gateway."),
            // The clinical data are asked before the index is: this says nothing about what the index holds.
            new Fact(
                    "/msg/eds-error",
                    0,
                    "",
                    ANY,
                    Help.RETRY,
                    SnodoCode.DESTINATION_ERROR,
                    "L'archivio dei dati clinici (EDS) non ha eseguito l'operazione."),
            new Fact(
                    "/msg/mocked-service",
                    0,
                    "",
                    ANY,
                    Help.REPAIR,
                    SnodoCode.DESTINATION_NOT_AUTHORISED,
                    "L'indice nazionale non riconosce la regione da cui il gateway lo chiama."),
            fact("/msg/simulation-error", Help.REPAIR, "Errore simulato dall'ambiente di prova del gateway."),
            new Fact(
                    "/err/resource",
                    404,
                    "",
                    ASKING,
                    Help.RETRY,
                    SnodoCode.OUTCOME_UNKNOWN,
                    "Il gateway non ha ancora eventi per questo invio."),
            new Fact(
                    "/msg/not-found",
                    404,
                    "",
                    ASKING,
                    Help.RETRY,
                    SnodoCode.OUTCOME_UNKNOWN,
                    "Il gateway non ha ancora eventi per questo invio."),
            new Fact(
                    "/msg/record-not-found",
                    404,
                    "",
                    ASKING,
                    Help.RETRY,
                    SnodoCode.OUTCOME_UNKNOWN,
                    "Il gateway non ha ancora eventi per questo invio."),
            // What the index said when it was asked for the document and neither found it nor named a code of its own.
            new Fact(
                    "/msg/record-not-found",
                    0,
                    "",
                    ANY,
                    Help.RETRY,
                    SnodoCode.DESTINATION_ERROR,
                    "L'indice nazionale non ha saputo rispondere sul documento."),
            new Fact(
                    "/msg/generic-error",
                    400,
                    "risorse fhir",
                    ANY,
                    Help.RETRY,
                    SnodoCode.DESTINATION_ERROR,
                    "La conversione in FHIR presso il gateway non è riuscita."),
            new Fact(
                    "/msg/generic-error",
                    400,
                    "",
                    ANY,
                    Help.REPAIR,
                    SnodoCode.DESTINATION_REFUSED,
                    "Il gateway rifiuta la richiesta senza precisare il campo."),
            // GovWay, the edge
            new Fact(
                    "TokenInTheFuture",
                    0,
                    "",
                    ANY,
                    Help.RETRY,
                    SnodoCode.DESTINATION_ERROR,
                    "L'orologio del gateway è indietro rispetto a quello dell'hub."),
            new Fact(
                    "TokenExpired",
                    0,
                    "",
                    ANY,
                    Help.RETRY,
                    SnodoCode.DESTINATION_ERROR,
                    "Il gateway considera scaduto un token appena emesso: gli orologi non concordano."),
            new Fact(
                    "TokenNotBefore",
                    0,
                    "",
                    ANY,
                    Help.RETRY,
                    SnodoCode.DESTINATION_ERROR,
                    "Il gateway considera non ancora valido un token appena emesso: gli orologi non concordano."),
            hub("TokenAuthenticationFailed", 0, "GovWay non accetta il certificato o la firma dei token."),
            hub("InteroperabilityInvalidRequest", 0, "GovWay non accetta emittente o destinatario del token."),
            // about:blank and whatever else, by status
            new Fact(
                    "", 429, "", ANY, Help.WAIT_FOR_IT, SnodoCode.DESTINATION_BUSY, "Il gateway chiede di rallentare."),
            new Fact("", 503, "", ANY, Help.WAIT_FOR_IT, SnodoCode.DESTINATION_BUSY, "Il gateway non è disponibile."),
            new Fact(
                    "",
                    502,
                    "",
                    ANY,
                    Help.WAIT_FOR_IT,
                    SnodoCode.DESTINATION_ERROR,
                    "GovWay non ha avuto una risposta valida dal gateway."),
            new Fact(
                    "",
                    504,
                    "",
                    ANY,
                    Help.WAIT_FOR_IT,
                    SnodoCode.DESTINATION_ERROR,
                    "Il gateway non ha risposto in tempo a GovWay."),
            new Fact(
                    "",
                    501,
                    "",
                    ANY,
                    Help.STOP,
                    SnodoCode.DESTINATION_STOP,
                    "Il gateway non realizza l'operazione richiesta."),
            new Fact(
                    "",
                    409,
                    "",
                    ANY,
                    Help.STOP,
                    SnodoCode.DESTINATION_STOP,
                    "Il gateway segnala un conflitto con un invio precedente."),
            new Fact(
                    "",
                    408,
                    "",
                    ANY,
                    Help.WAIT_FOR_IT,
                    SnodoCode.DESTINATION_ERROR,
                    "Il gateway non ha ricevuto la richiesta in tempo."),
            hub("", 407, "Un proxy chiede all'hub di farsi riconoscere."),
            fact("", 405, Help.REPAIR, "All'indirizzo configurato l'operazione non esiste (snodo.fse.base-url)."),
            fact("", 415, Help.REPAIR, "Il gateway non accetta il formato della richiesta."));

    /** How the index and those who ask it say that they do not know a document; {@code /errors} is the INI client's. */
    private static final List<String> UNKNOWN_THERE =
            List.of("/err/resource", "/msg/not-found", "/errors/ini", "/errors");

    /** Types under which anything else may be said as well, so that the words decide. */
    private static final List<String> PERHAPS_UNKNOWN = List.of("/msg/record-not-found", "/msg/ini-error");

    private static final List<String> WORDS_FOR_UNKNOWN = List.of(
            "recuperare i riferimenti", "nessun riferimento", "no results", "not found", "non trovat", "non presente");

    /** INI's codes that need a person; R224 is a success. */
    private static final List<String[]> INDEX_CODES = List.of(
            new String[] {"R227", "Livello di riservatezza e codice di visibilità non sono coerenti."},
            new String[] {"R238", "La regione del repository non è quella dell'identificativo del documento."},
            new String[] {"R211", "Il formato dell'identificativo del documento non è valido."},
            new String[] {"R80", "Il formato dell'identificativo del documento non è valido."});

    private static final Pattern INDEX_CODE = Pattern.compile("\\bR\\d{2,3}\\b");

    private static Fact fact(String type, Help help, String meaning) {
        return fact(type, 0, help, meaning);
    }

    private static Fact fact(String type, int status, Help help, String meaning) {
        return new Fact(type, status, "", ANY, help, SnodoCode.DESTINATION_REFUSED, meaning);
    }

    private static Fact auth(String type, int status, String meaning) {
        return new Fact(type, status, "", ANY, Help.REPAIR, SnodoCode.DESTINATION_NOT_AUTHORISED, meaning);
    }

    /** What concerns every delivery alike: it waits until the hub's credentials, or who stands between, are mended. */
    private static Fact hub(String type, int status, String meaning) {
        return new Fact(type, status, "", ANY, Help.WAIT_FOR_IT, SnodoCode.HUB_NOT_RECOGNISED, meaning);
    }

    /** The outcome of an answer to an operation. */
    static Outcome of(FseOperation operation, Answer answer) {
        if (answer.success()) {
            return speaksForItself(answer)
                    ? new Outcome.Done(answer, isFinal(operation, answer), null)
                    : notTheGateway(operation, answer);
        }
        if (operation.isPublication() && isAlreadyThere(answer.detail())) {
            return alreadyThere(answer);
        }
        if (operation.needsExisting() && isUnknownThere(answer)) {
            return new Outcome.Repair(
                    answer, SnodoCode.DOCUMENT_UNKNOWN_THERE, "L'indice nazionale non conosce il documento.");
        }
        String type = typeOf(answer);
        if (type.endsWith("/msg/ini-error") || type.endsWith("/msg/record-not-found") && namesIndexCode(answer)) {
            return index(answer);
        }
        if (answer.status() < 400 || answer.status() == 404 && (type.isEmpty() || type.equals("about:blank"))) {
            return notTheGateway(operation, answer);
        }
        for (Fact fact : FACTS) {
            if (fact.fits(operation, answer)) {
                return outcome(fact.help(), operation, answer, fact.code(), fact.meaning());
            }
        }
        if (answer.status() == 401 || answer.status() == 403) {
            // A problem of the gateway's own is about this call's tokens; a bare refusal, or the edge's, is about the
            // hub.
            return type.contains("/msg/") || type.contains("/err/")
                    ? outcome(
                            Help.REPAIR,
                            operation,
                            answer,
                            SnodoCode.DESTINATION_NOT_AUTHORISED,
                            "Il gateway non accetta i token di questo invio.")
                    : outcome(
                            Help.WAIT_FOR_IT,
                            operation,
                            answer,
                            SnodoCode.HUB_NOT_RECOGNISED,
                            "Il gateway, o chi gli sta davanti, non riconosce l'hub.");
        }
        if (answer.status() >= 500) {
            return outcome(Help.RETRY, operation, answer, SnodoCode.DESTINATION_ERROR, "Errore interno del gateway.");
        }
        return outcome(
                Help.REPAIR,
                operation,
                answer,
                SnodoCode.DESTINATION_REFUSED,
                "Il gateway rifiuta la richiesta (HTTP " + answer.status() + ").");
    }

    /** A page of a proxy may come with 200: the gateway always names the trace or the workflow. */
    private static boolean speaksForItself(Answer answer) {
        return answer.traceId() != null || answer.workflowId() != null;
    }

    /**
     * Somebody else answers at the gateway's address, such as a proxy, a page of courtesy or a load balancer without
     * services behind it. Whether the gateway saw the call is not known, and all calls will have the same fate.
     */
    static Outcome.Retry notTheGateway(FseOperation operation, Answer answer) {
        boolean unknown = operation.isWrite() && answer.success();
        return new Outcome.Retry(
                answer,
                unknown ? SnodoCode.OUTCOME_UNKNOWN : SnodoCode.DESTINATION_ERROR,
                "La risposta (HTTP " + answer.status()
                        + ") non è del gateway FSE: verificare snodo.fse.base-url e chi sta in mezzo.",
                answer.retryAfter(),
                unknown,
                true);
    }

    /** Whether the document is not known where it should be; a 404 of somebody else says nothing of the kind. */
    private static boolean isUnknownThere(Answer answer) {
        String type = typeOf(answer);
        if (answer.status() != 404) {
            return false;
        }
        if (UNKNOWN_THERE.stream().anyMatch(type::endsWith)) {
            return true;
        }
        return PERHAPS_UNKNOWN.stream().anyMatch(type::endsWith)
                && (answer.detail() == null
                        || WORDS_FOR_UNKNOWN.stream().anyMatch(words -> has(answer.detail(), words)));
    }

    private static boolean namesIndexCode(Answer answer) {
        return answer.detail() != null && INDEX_CODE.matcher(answer.detail()).find();
    }

    private static String typeOf(Answer answer) {
        String type = answer.type() == null ? "" : answer.type();
        return type.endsWith(".html") ? type.substring(0, type.length() - ".html".length()) : type;
    }

    /** Withdrawals and metadata are done at once unless the gateway says 202: then it goes on by itself. */
    private static boolean isFinal(FseOperation operation, Answer answer) {
        return switch (operation) {
            case DELETE, METADATA, METADATA_VISIBILITY -> answer.status() != 202;
            default -> false;
        };
    }

    static boolean isAlreadyThere(String words) {
        if (words == null) {
            return false;
        }
        Matcher codes = INDEX_CODE.matcher(words);
        while (codes.find()) {
            if (codes.group().equals("R224")) {
                return true;
            }
        }
        return false;
    }

    static Outcome.Done alreadyThere(Answer answer) {
        return new Outcome.Done(
                answer, true, "Il documento risultava già registrato (R224): un invio precedente era arrivato.");
    }

    /** What the index said, in an answer or in an event. */
    static Outcome index(Answer answer) {
        if (isAlreadyThere(answer.detail())) {
            return alreadyThere(answer);
        }
        if (answer.detail() != null) {
            Matcher codes = INDEX_CODE.matcher(answer.detail());
            if (codes.find()) {
                String code = codes.group();
                String meaning = INDEX_CODES.stream()
                        .filter(known -> known[0].equals(code))
                        .map(known -> known[1])
                        .findFirst()
                        .orElse("L'indice nazionale ha rifiutato il documento.");
                return new Outcome.Repair(answer, SnodoCode.INDEX_REFUSED, meaning + " (" + code + ")");
            }
        }
        if (answer.status() != 0 && answer.status() < 500) {
            return new Outcome.Repair(answer, SnodoCode.INDEX_REFUSED, "L'indice nazionale ha rifiutato il documento.");
        }
        return new Outcome.Retry(
                answer,
                SnodoCode.DESTINATION_ERROR,
                "L'indice nazionale non ha completato la registrazione.",
                null,
                true,
                false);
    }

    private static Outcome outcome(Help help, FseOperation operation, Answer answer, SnodoCode code, String meaning) {
        boolean unknown = operation.isWrite() && answer.status() >= 500;
        return switch (help) {
            case RETRY -> new Outcome.Retry(answer, code, meaning, answer.retryAfter(), unknown, false);
            case WAIT_FOR_IT -> new Outcome.Retry(answer, code, meaning, answer.retryAfter(), unknown, true);
            case REVALIDATE ->
                operation.isPublication()
                        ? new Outcome.Revalidate(answer, code, meaning)
                        : new Outcome.Repair(answer, code, meaning);
            case REPAIR -> new Outcome.Repair(answer, code, meaning);
            case STOP -> new Outcome.Stop(answer, code, meaning);
        };
    }

    private static boolean has(String text, String words) {
        return text != null && text.toLowerCase(Locale.ROOT).contains(words);
    }
}
