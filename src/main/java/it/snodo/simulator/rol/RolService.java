package it.snodo.simulator.rol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Journal;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.Multipart;
import it.snodo.simulator.wire.Request;
import it.snodo.simulator.wire.Rules;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The regional service that feeds ROL (Ritiro on line), as a neutral JSON port: nothing is published about the real one
 * beyond the names of its metadata. {@code POST /rol/documents}, multipart: {@code metadata} (JSON), {@code file} (PDF).
 * Sending the same action on the same document again changes nothing and is answered as a success.
 */
public final class RolService implements AutoCloseable {
    private static final Set<String> ACTIONS =
            Set.of("INSERIMENTO", "AGGIORNAMENTO", "ANNULLAMENTO", "REGISTRA_INFO_SCARICO_REFERTO", "RINVIO");

    private final Clock clock;
    private final Rules rules = new Rules();
    private final Journal journal;
    /** Documents in force or annulled, by uniqueId. */
    private final Map<String, ObjectNode> documents = new LinkedHashMap<>();

    private final List<ObjectNode> effects = new ArrayList<>();

    public RolService(Path journalFile, Clock clock) {
        this.clock = clock;
        this.journal = Journal.open(journalFile);
        journal.past().forEach(this::apply);
    }

    private static final class Ko extends RuntimeException {
        final int status;
        final String code;

        Ko(int status, String code, String message) {
            super(message, null, false, false);
            this.status = status;
            this.code = code;
        }
    }

    public Answer handle(Request request) {
        switch (request.path()) {
            case "/rol/_control" -> {
                return rules.control(request);
            }
            case "/rol/_state" -> {
                return Answer.json(200, state());
            }
            case "/rol/documents" -> {
                if (!request.method().equals("POST")) {
                    return answer(405, "KO", "405", "Metodo non ammesso", "").with("Allow", "POST");
                }
                return documents(request);
            }
            default -> {
                return answer(404, "KO", "404", "Risorsa inesistente", "");
            }
        }
    }

    private Answer documents(Request request) {
        Multipart parts = null;
        JsonNode metadata = null;
        if (request.mediaType().equals("multipart/form-data")) {
            try {
                parts = Multipart.of(request);
                Multipart.Part part = parts.part("metadata");
                metadata = part == null ? null : Json.read(part.bytes());
            } catch (IOException e) {
                metadata = null;
            }
        }
        JsonNode document = metadata == null ? Json.object() : metadata.path("documento");
        String uniqueId = document.path("uniqueId").asText("");
        String action = document.path("tipoAzione").asText("");
        Rules.Order order = rules.next(ACTIONS.contains(action) ? action : "SCONOSCIUTA", uniqueId);
        Answer answer = order.takesEffect() ? perform(parts, metadata, action, uniqueId) : Answer.nothing();
        JsonNode error = order.error();
        if (error != null) {
            int status = error.path("status").asInt(500);
            answer = answer(
                    status,
                    "KO",
                    error.path("codice").asText(String.valueOf(status)),
                    error.path("detail").asText("Errore ordinato al simulatore"),
                    uniqueId);
            if (error.has("retryAfter")) {
                answer = answer.with("Retry-After", error.get("retryAfter").asText());
            }
        }
        return order.shape(answer);
    }

    private Answer perform(Multipart parts, JsonNode metadata, String action, String uniqueId) {
        try {
            if (parts == null) {
                throw new Ko(415, "101", "Attesa una richiesta multipart/form-data");
            }
            if (metadata == null || !metadata.isObject()) {
                throw new Ko(400, "102", "La parte metadata manca o non è JSON");
            }
            checkMetadata(metadata);
            Multipart.Part file = parts.part("file");
            boolean needsFile = action.equals("INSERIMENTO") || action.equals("RINVIO");
            if (needsFile && (file == null || file.bytes().length == 0)) {
                throw new Ko(400, "110", "Manca il file");
            }
            String hash = file == null || file.bytes().length == 0 ? "" : hash(file.bytes(), "SHA-256");
            if (!hash.isEmpty()) {
                checkFile(metadata, file.bytes());
            }
            return take(metadata, action, uniqueId, hash);
        } catch (Ko ko) {
            return answer(ko.status, "KO", ko.code, ko.getMessage(), uniqueId);
        }
    }

    private static void checkMetadata(JsonNode metadata) {
        need(metadata, "richiesta", "codiceAzienda");
        need(metadata, "richiesta", "codiceApplicativo");
        if (metadata.path("paziente").path("codiceFiscale").asText("").isEmpty()
                && metadata.path("paziente").path("idAura").asText("").isEmpty()) {
            throw new Ko(400, "103", "Il paziente deve avere codiceFiscale o idAura");
        }
        need(metadata, "paziente", "cognome");
        need(metadata, "paziente", "nome");
        need(metadata, "paziente", "dataDiNascita");
        need(metadata, "episodio", "tipoEpisodio");
        if (!Set.of("O", "I", "E")
                .contains(metadata.path("episodio").path("tipoEpisodio").asText())) {
            throw new Ko(400, "104", "episodio.tipoEpisodio può essere O, I o E");
        }
        need(metadata, "documento", "tipoAzione");
        JsonNode document = metadata.path("documento");
        String action = document.path("tipoAzione").asText();
        if (!ACTIONS.contains(action)) {
            throw new Ko(400, "105", "documento.tipoAzione non ammesso: " + action);
        }
        need(metadata, "documento", "uniqueId");
        if (!document.path("uniqueId").asText().matches("[0-9.]+\\^\\S+")) {
            throw new Ko(400, "106", "documento.uniqueId deve avere la forma OID^estensione");
        }
        need(metadata, "documento", "mimeType");
        if (!Set.of("application_pdf_cda", "application_pdf")
                .contains(document.path("mimeType").asText())) {
            throw new Ko(400, "107", "documento.mimeType può essere application_pdf_cda o application_pdf");
        }
        if (isTrue(document.path("scaricabileDalCittadino"))
                && !action.equals("REGISTRA_INFO_SCARICO_REFERTO")
                && document.path("codicePin").asText("").isEmpty()) {
            throw new Ko(400, "108", "documento.codicePin è obbligatorio se scaricabileDalCittadino");
        }
        String paid = document.path("pagatoTicket").asText("");
        if (isTrue(document.path("invioFSE")) && paid.isEmpty()) {
            throw new Ko(400, "109", "documento.pagatoTicket è obbligatorio se invioFSE");
        }
        if (!paid.isEmpty() && !Set.of("S", "N", "P", "E", "U", "R", "F").contains(paid)) {
            throw new Ko(400, "109", "documento.pagatoTicket non ammesso: " + paid);
        }
    }

    private static void need(JsonNode metadata, String group, String field) {
        if (metadata.path(group).path(field).asText("").isBlank()) {
            throw new Ko(400, "103", "Campo obbligatorio assente: " + group + "." + field);
        }
    }

    private static boolean isTrue(JsonNode value) {
        return value.asBoolean() || Set.of("1", "S", "Y").contains(value.asText());
    }

    private static void checkFile(JsonNode metadata, byte[] file) {
        if (file.length < 5 || file[0] != '%' || file[1] != 'P' || file[2] != 'D' || file[3] != 'F') {
            throw new Ko(415, "111", "Il file non è un PDF");
        }
        JsonNode document = metadata.path("documento");
        String given = document.path("hash").asText("");
        if (!given.isEmpty()
                && !given.equalsIgnoreCase(hash(file, "SHA-256"))
                && !given.equalsIgnoreCase(hash(file, "SHA-1"))) {
            throw new Ko(400, "112", "documento.hash diverso da quello del file");
        }
        String size = document.path("size").asText("");
        if (!size.isEmpty() && !size.equals(String.valueOf(file.length))) {
            throw new Ko(400, "113", "documento.size diverso da quello del file");
        }
    }

    private synchronized Answer take(JsonNode metadata, String action, String uniqueId, String hash) {
        String print = hash(Json.bytes(metadata), "SHA-256");
        ObjectNode known = documents.get(uniqueId);
        if (known != null) {
            for (JsonNode done : known.path("done")) {
                if (done.path("tipoAzione").asText().equals(action)
                        && done.path("hash").asText().equals(hash)
                        && (!action.equals("AGGIORNAMENTO")
                                || done.path("print").asText().equals(print))) {
                    return answer(200, "OK", "000", "già registrato", uniqueId);
                }
            }
        }
        boolean annulled = known != null && known.path("state").asText().equals("ANNULLATO");
        switch (action) {
            case "INSERIMENTO" -> {
                if (known != null) {
                    throw new Ko(409, "201", "Documento già presente con altro contenuto");
                }
            }
            case "RINVIO" -> {}
            default -> {
                if (known == null) {
                    throw new Ko(404, "202", "Documento sconosciuto");
                }
                if (annulled) {
                    throw new Ko(409, "203", "Documento annullato");
                }
            }
        }
        ObjectNode effect = Json.object()
                .put("at", clock.instant().toString())
                .put("tipoAzione", action)
                .put("uniqueId", uniqueId)
                .put("hash", hash)
                .put("print", print);
        ObjectNode shown = metadata.path("documento").deepCopy();
        shown.remove("codicePin"); // a PIN is kept by nobody
        effect.set("documento", shown);
        journal.append(effect);
        apply(effect);
        return answer(200, "OK", "000", "registrato", uniqueId);
    }

    private synchronized void apply(ObjectNode effect) {
        effects.add(effect);
        String uniqueId = effect.path("uniqueId").asText();
        ObjectNode document =
                documents.computeIfAbsent(uniqueId, id -> Json.object().put("uniqueId", id));
        String action = effect.path("tipoAzione").asText();
        document.put("state", action.equals("ANNULLAMENTO") ? "ANNULLATO" : "PRESENTE");
        if (!effect.path("hash").asText().isEmpty()) {
            document.put("hash", effect.path("hash").asText());
        }
        document.set("documento", effect.path("documento"));
        ArrayNode done = document.withArray("done");
        done.add(Json.object()
                .put("tipoAzione", action)
                .put("hash", effect.path("hash").asText())
                .put("print", effect.path("print").asText()));
        ObjectNode times = document.has("times") ? (ObjectNode) document.get("times") : document.putObject("times");
        times.put(action, times.path(action).asInt() + 1);
    }

    /** Calls, rules, documents, effects. */
    public synchronized ObjectNode state() {
        ObjectNode state = Json.object();
        state.set("calls", rules.counts());
        state.set("rules", rules.describe());
        ArrayNode list = Json.array();
        documents.values().forEach(d -> list.add(d.deepCopy().without("done")));
        state.set("documents", list);
        ArrayNode log = Json.array();
        effects.forEach(e -> log.add(e.deepCopy().without(List.of("documento", "print"))));
        state.set("effects", log);
        return state;
    }

    private static Answer answer(int status, String outcome, String code, String message, String uniqueId) {
        return Answer.json(
                status,
                Json.object()
                        .put("esito", outcome)
                        .put("codice", code)
                        .put("messaggio", message)
                        .put("uniqueId", uniqueId));
    }

    private static String hash(byte[] bytes, String algorithm) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        journal.close();
    }
}
