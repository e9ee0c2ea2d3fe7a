package it.snodo.simulator.aura;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Journal;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.Request;
import it.snodo.simulator.wire.Rules;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;

/**
 * AURA, the regional registry of patients, as far as its services are known: SOAP 1.1 document/literal with a WS-Security
 * UsernameToken in clear. {@code /aura/AnagrafeFind}, {@code /aura/AnagrafeSanitaria}, {@code /aura/EsenzionePatologia}
 * (any longer path that contains the name does as well). Its patients are invented; {@code POST /aura/_patients} adds more.
 */
public final class AuraService implements AutoCloseable {
    private static final String MESSAGES = "http://ws.sanitxint.sanitx.csi.it/";

    /** @param elements that its request may hold, in their order */
    private record Operation(String service, String name, List<String> elements) {}

    private static final List<String> ID = List.of("AURAid");
    private static final List<Operation> OPERATIONS = List.of(
            new Operation(
                    "AnagrafeFind",
                    "FindProfiliAnagrafici",
                    List.of(
                            "profiliRequest",
                            "profiliRequest/codiceFiscale",
                            "profiliRequest/cognome",
                            "profiliRequest/nome",
                            "profiliRequest/dataNascita",
                            "profiliRequest/dataDa",
                            "profiliRequest/dataA",
                            "profiliRequest/flagDecesso",
                            "profiliRequest/idEnte")),
            new Operation("AnagrafeSanitaria", "GetProfiloSanitario", ID),
            new Operation("AnagrafeSanitaria", "GetProfiloSanitarioNew", ID),
            new Operation(
                    "EsenzionePatologia",
                    "esenzionePatologia",
                    List.of(
                            "codiceFiscaleChiamante",
                            "codiceFiscaleAssistito",
                            "codiceEsenzione",
                            "dataInizioValidita",
                            "dataFineValidita",
                            "dataAnnullamento",
                            "listaDiagnosi")));

    private final String username;
    private final String password;
    private final Rules rules = new Rules();
    private final Journal journal;
    private final Registry registry;
    private final Profiles profiles;

    /**
     * @param username user of the UsernameToken, with its {@code password}
     */
    public AuraService(String username, String password, Path journalFile, Clock clock) {
        this.username = username;
        this.password = password;
        this.journal = Journal.open(journalFile);
        this.registry = new Registry(journal, clock);
        this.profiles = new Profiles(registry, clock);
    }

    public Answer handle(Request request) {
        switch (request.path()) {
            case "/aura/_control" -> {
                return rules.control(request);
            }
            case "/aura/_state" -> {
                return Answer.json(200, state());
            }
            case "/aura/_patients" -> {
                return persons(request);
            }
            default -> {
                return request.method().equals("POST")
                        ? soap(request)
                        : Answer.text(405, "text/plain; charset=UTF-8", "SOAP 1.1: solo POST")
                                .with("Allow", "POST");
            }
        }
    }

    private Answer persons(Request request) {
        if (!request.method().equals("POST")) {
            return Answer.json(200, Json.object().set("patients", registry.persons()));
        }
        try {
            ArrayNode ids = Json.array();
            registry.add(Json.read(request.body())).forEach(ids::add);
            return Answer.json(201, Json.object().set("ids", ids));
        } catch (IOException | IllegalArgumentException e) {
            return Answer.problem(
                    400,
                    Json.object()
                            .put("title", "Persona non valida")
                            .put("status", 400)
                            .put("detail", e instanceof IOException ? "non è JSON" : e.getMessage()));
        }
    }

    private Answer soap(Request request) {
        SoapRequest call = SoapRequest.read(request.body());
        String name = call == null ? "SCONOSCIUTA" : call.operation().getLocalPart();
        Rules.Order order = rules.next(name, call == null ? null : whose(call));
        Answer answer = Answer.nothing();
        JsonNode ko = order.rule().get("ko");
        if (order.takesEffect()) {
            answer = perform(request, call, ko);
        }
        if (order.error() != null) {
            answer = Soap.fault(
                    order.error().path("status").asInt(500),
                    order.error().path("detail").asText("Errore ordinato al simulatore"));
            if (order.error().has("retryAfter")) {
                answer = answer.with(
                        "Retry-After", order.error().get("retryAfter").asText());
            }
        }
        return order.shape(answer);
    }

    /** Codice fiscale the call is about, also where it names an id. */
    private String whose(SoapRequest call) {
        if (!call.text("AURAid").isEmpty()) {
            Patient patient = registry.byId(call.text("AURAid"));
            return patient == null ? call.text("AURAid") : patient.fiscalCode();
        }
        String patient = call.text("codiceFiscaleAssistito");
        return patient.isEmpty() ? call.text("codiceFiscale") : patient;
    }

    private Answer perform(Request request, SoapRequest call, JsonNode ko) {
        if (call == null) {
            return Soap.fault(500, "Richiesta SOAP 1.1 non leggibile");
        }
        if (!username.equals(call.username()) || !password.equals(call.password())) {
            return Soap.fault(500, "Utente non autenticato");
        }
        // the real address misspells the service's name
        String path = request.path().toLowerCase(Locale.ROOT).replace("eenzionepatologia", "esenzionepatologia");
        Operation operation = OPERATIONS.stream()
                .filter(o -> o.name().equals(call.operation().getLocalPart()))
                .filter(o -> path.contains(o.service().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse(null);
        if (operation == null) {
            return Soap.fault(500, "Operazione sconosciuta: " + call.operation());
        }
        String namespace = Soap.namespace(operation.service());
        String action = request.header("SOAPAction");
        String expected = namespace + "/AURA.WS." + operation.service() + "." + operation.name();
        if (action == null || !action.replace("\"", "").equals(expected)) {
            return Soap.fault(500, "SOAPAction attesa: " + expected);
        }
        String fault = call.fault(namespace, operation.elements());
        if (fault != null) {
            return Soap.fault(500, fault);
        }
        if (ko != null) {
            String code = ko.path("code").asText("E9999");
            String words = ko.path("message").asText("Errore ordinato al simulatore");
            return operation.name().equals("esenzionePatologia")
                    ? told(new Registry.Ko(code, words))
                    : Profiles.refused(operation.service(), operation.name(), code, words);
        }
        return switch (operation.name()) {
            case "FindProfiliAnagrafici" ->
                profiles.found(registry.find(
                        upper(call, "codiceFiscale"),
                        upper(call, "cognome"),
                        upper(call, "nome"),
                        call.text("dataNascita")));
            case "esenzionePatologia" -> told(registry.tell(statement(call)));
            default -> profiles.profile(operation.name(), call.text("AURAid"));
        };
    }

    private static String upper(SoapRequest call, String name) {
        return call.text(name).toUpperCase(Locale.ROOT);
    }

    private static Registry.Statement statement(SoapRequest call) {
        return new Registry.Statement(
                upper(call, "codiceFiscaleChiamante"),
                upper(call, "codiceFiscaleAssistito"),
                new Exemption(
                        upper(call, "codiceEsenzione"),
                        "",
                        upper(call, "listaDiagnosi"),
                        "",
                        call.text("dataInizioValidita"),
                        call.text("dataFineValidita"),
                        call.text("dataAnnullamento"),
                        "SNODO"));
    }

    private static Answer told(Registry.Ko ko) {
        return Soap.result("EsenzionePatologia", "esenzionePatologia", x -> {
            x.open("header").leaf("codiceRitorno", ko == null ? "OK" : "KO");
            if (ko != null) {
                x.openIn(MESSAGES, "listaMessaggi")
                        .plain("codice", ko.code())
                        .plain("descrizione", ko.words())
                        .plain("note", "")
                        .close();
            }
            x.close();
        });
    }

    /** Calls, rules, and what was written. */
    public ObjectNode state() {
        ObjectNode state = Json.object();
        state.set("calls", rules.counts());
        state.set("rules", rules.describe());
        registry.state(state);
        return state;
    }

    @Override
    public void close() {
        journal.close();
    }
}
