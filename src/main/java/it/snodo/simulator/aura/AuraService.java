package it.snodo.simulator.aura;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Journal;
import it.snodo.simulator.wire.Json;
import it.snodo.simulator.wire.Request;
import it.snodo.simulator.wire.Rules;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * AURA, the regional registry of patients, as far as its services are known: SOAP 1.1 document/literal with a WS-Security
 * UsernameToken in clear. {@code /aura/AnagrafeFind}, {@code /aura/AnagrafeSanitaria}, {@code /aura/EsenzionePatologia}
 * (any longer path that contains the name does as well). Its patients are invented.
 */
public final class AuraService implements AutoCloseable {
    private static final String SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
    private static final String MESSAGES = "http://ws.sanitxint.sanitx.csi.it/";

    private record Patient(
            String id,
            String fiscalCode,
            String family,
            String given,
            String sex,
            LocalDate born,
            LocalDate died,
            String mergedInto,
            String asl) {}

    private record Exemption(String code, String diagnosis, String from, String to, String annulled) {
        String key() {
            return code + "|" + diagnosis + "|" + from;
        }
    }

    private static final List<Patient> PATIENTS = List.of(
            new Patient(
                    "1000001", "RSSMRA80A01L219M", "ROSSI", "MARIO", "M", LocalDate.of(1980, 1, 1), null, null, "301"),
            new Patient(
                    "1000002",
                    "VRDLGU75C55L219H",
                    "VERDI",
                    "LUIGIA",
                    "F",
                    LocalDate.of(1975, 3, 15),
                    null,
                    null,
                    "301"),
            new Patient(
                    "1000003",
                    "BNCNNA50E41A182M",
                    "BIANCHI",
                    "ANNA",
                    "F",
                    LocalDate.of(1950, 5, 1),
                    null,
                    "1000002",
                    "213"),
            new Patient(
                    "1000004",
                    "NRIPLA30H10F335Z",
                    "NERI",
                    "PAOLO",
                    "M",
                    LocalDate.of(1930, 6, 10),
                    LocalDate.of(2020, 2, 2),
                    null,
                    "301"));

    private final Clock clock;
    private final String username;
    private final String password;
    private final Rules rules = new Rules();
    private final Journal journal;
    /** Exemptions by codice fiscale. */
    private final Map<String, Map<String, Exemption>> exemptions = new LinkedHashMap<>();

    private final List<ObjectNode> effects = new ArrayList<>();

    /**
     * @param username user of the UsernameToken, with its {@code password}
     */
    public AuraService(String username, String password, Path journalFile, Clock clock) {
        this.username = username;
        this.password = password;
        this.clock = clock;
        this.journal = Journal.open(journalFile);
        journal.past().forEach(this::apply);
    }

    public Answer handle(Request request) {
        if (request.path().equals("/aura/_control")) {
            return rules.control(request);
        }
        if (request.path().equals("/aura/_state")) {
            return Answer.json(200, state());
        }
        if (!request.method().equals("POST")) {
            return Answer.text(405, "text/plain; charset=UTF-8", "SOAP 1.1: solo POST")
                    .with("Allow", "POST");
        }
        SoapBody call = SoapBody.read(request.body());
        String operation = call == null ? "SCONOSCIUTA" : call.operation();
        Rules.Order order =
                rules.next(operation, call == null ? null : call.first("codiceFiscaleAssistito", "codiceFiscale"));
        Answer answer = Answer.nothing();
        if (order.takesEffect()) {
            answer = perform(request.path(), call);
        }
        if (order.error() != null) {
            answer = fault(
                    order.error().path("status").asInt(500),
                    order.error().path("detail").asText("Errore ordinato al simulatore"));
            if (order.error().has("retryAfter")) {
                answer = answer.with(
                        "Retry-After", order.error().get("retryAfter").asText());
            }
        }
        return order.shape(answer);
    }

    private Answer perform(String path, SoapBody call) {
        if (call == null) {
            return fault(500, "Richiesta SOAP non leggibile");
        }
        if (!username.equals(call.username()) || !password.equals(call.password())) {
            return fault(500, "Utente non autenticato");
        }
        String lower = path.toLowerCase(Locale.ROOT);
        String operation = call.operation();
        if (lower.contains("anagrafefind") && operation.equals("FindProfiliAnagrafici")) {
            return find(call);
        }
        if (lower.contains("anagrafesanitaria")
                && (operation.equals("GetProfiloSanitario") || operation.equals("GetProfiloSanitarioNew"))) {
            return profile(call);
        }
        // the real address misspells the service's name
        if ((lower.contains("esenzionepatologia") || lower.contains("eenzionepatologia"))
                && operation.equals("esenzionePatologia")) {
            return exemption(call);
        }
        return fault(500, "Operazione sconosciuta: " + operation);
    }

    private Answer find(SoapBody call) {
        String fiscalCode = call.first("codiceFiscale").toUpperCase(Locale.ROOT);
        String family = call.first("cognome").toUpperCase(Locale.ROOT);
        String given = call.first("nome").toUpperCase(Locale.ROOT);
        String born = call.first("dataNascita");
        List<Patient> found = PATIENTS.stream()
                .filter(p -> fiscalCode.isEmpty() || p.fiscalCode().equals(fiscalCode))
                .filter(p -> family.isEmpty() || p.family().startsWith(family))
                .filter(p -> given.isEmpty() || p.given().startsWith(given))
                .filter(p -> born.isEmpty() || born.startsWith(p.born().toString()))
                .filter(p -> !(fiscalCode.isEmpty() && family.isEmpty()))
                .toList();
        return envelope("AnagrafeFind", "FindProfiliAnagrafici", x -> {
            x.open("header")
                    .leaf("codiceRitorno", found.isEmpty() ? "KO" : "OK")
                    .close();
            x.open("body").open("elencoProfili");
            for (Patient p : found) {
                x.open("datianagrafici")
                        .leaf("idProfiloAnagrafico", p.id())
                        .leaf("codiceFiscale", p.fiscalCode())
                        .leaf("cognome", p.family())
                        .leaf("nome", p.given())
                        .leaf("sesso", p.sex())
                        .leaf("dataNascita", p.born() + "T00:00:00")
                        .leaf("dataDecesso", p.died() == null ? null : p.died() + "T00:00:00")
                        .close();
            }
            x.close().close();
            if (found.isEmpty()) {
                x.open("footer").open("messages").open("messages");
                x.leaf("codice", "E0010")
                        .leaf("descrizione", "Profilo non trovato")
                        .leaf("note", "");
                x.close().close().close();
            }
        });
    }

    private Answer profile(SoapBody call) {
        String id = call.first("AURAid", "idAura");
        Patient patient =
                PATIENTS.stream().filter(p -> p.id().equals(id)).findFirst().orElse(null);
        return envelope("AnagrafeSanitaria", call.operation(), x -> {
            if (patient == null) {
                x.open("header").leaf("codiceRitorno", "KO").close();
                x.open("footer").open("messages").open("messages");
                x.leaf("codice", "E0010")
                        .leaf("descrizione", "Profilo non trovato")
                        .leaf("tipo", "E");
                x.close().close().close();
                return;
            }
            x.open("header")
                    .leaf("idAuraRicondotto", patient.mergedInto())
                    .leaf("codiceRitorno", "OK")
                    .close();
            x.open("body").leaf("idAura", patient.id());
            x.open("infoAnag").open("datiPrimari");
            x.leaf("codiceFiscale", patient.fiscalCode())
                    .leaf("cognome", patient.family())
                    .leaf("nome", patient.given())
                    .leaf("sesso", patient.sex())
                    .leaf("dataNascita", patient.born() + "T00:00:00")
                    .leaf("dataDecesso", patient.died() == null ? null : patient.died() + "T00:00:00")
                    .leaf("statoProfiloAnagrafico", patient.died() == null ? "1" : "0");
            x.close().close();
            x.open("infoSan")
                    .leaf("aslAssistenza", patient.asl())
                    .leaf("aslResidenza", patient.asl())
                    .close();
            x.open("infoEsenzioni");
            for (Exemption e : of(patient.fiscalCode())) {
                if (e.annulled().isEmpty()) {
                    x.open("infoesenzione")
                            .leaf("codEsenzione", e.code())
                            .leaf("codDiagnosi", e.diagnosis())
                            .leaf("inizioValEsenzione", e.from())
                            .leaf("fineValEsenzione", e.to())
                            .close();
                }
            }
            x.close().close();
        });
    }

    private synchronized List<Exemption> of(String fiscalCode) {
        return List.copyOf(exemptions.getOrDefault(fiscalCode, Map.of()).values());
    }

    private Answer exemption(SoapBody call) {
        String fiscalCode = call.first("codiceFiscaleAssistito").toUpperCase(Locale.ROOT);
        Exemption given = new Exemption(
                call.first("codiceEsenzione"),
                call.first("listaDiagnosi"),
                call.first("dataInizioValidita"),
                call.first("dataFineValidita"),
                call.first("dataAnnullamento"));
        String error = null;
        String code = "";
        synchronized (this) {
            if (PATIENTS.stream().noneMatch(p -> p.fiscalCode().equals(fiscalCode))) {
                code = "E0010";
                error = "Profilo non trovato";
            } else if (given.code().isEmpty() || !given.from().matches("\\d{2}/\\d{2}/\\d{4}")) {
                code = "E0001";
                error = "Codice esenzione o data di inizio validità mancante o errata";
            } else {
                Exemption known = exemptions.getOrDefault(fiscalCode, Map.of()).get(given.key());
                if (!given.annulled().isEmpty() && known == null) {
                    code = "E0020";
                    error = "Esenzione da annullare non presente";
                } else {
                    ObjectNode effect = Json.object()
                            .put("at", clock.instant().toString())
                            .put("operation", given.annulled().isEmpty() ? "PUBBLICA" : "ANNULLA")
                            .put("fiscalCode", fiscalCode)
                            .put("code", given.code())
                            .put("diagnosis", given.diagnosis())
                            .put("from", given.from())
                            .put("to", given.to())
                            .put("annulled", given.annulled());
                    journal.append(effect);
                    apply(effect);
                }
            }
        }
        String problem = error;
        String problemCode = code;
        return envelope("EsenzionePatologia", "esenzionePatologia", x -> {
            x.open("header").leaf("codiceRitorno", problem == null ? "OK" : "KO");
            if (problem != null) {
                x.openIn(MESSAGES, "listaMessaggi")
                        .plain("codice", problemCode)
                        .plain("descrizione", problem)
                        .plain("note", "")
                        .close();
            }
            x.close();
        });
    }

    private synchronized void apply(ObjectNode effect) {
        effects.add(effect);
        Exemption exemption = new Exemption(
                effect.path("code").asText(),
                effect.path("diagnosis").asText(),
                effect.path("from").asText(),
                effect.path("to").asText(),
                effect.path("annulled").asText());
        exemptions
                .computeIfAbsent(effect.path("fiscalCode").asText(), k -> new LinkedHashMap<>())
                .put(exemption.key(), exemption);
    }

    /** Calls, rules, and what was written. */
    public synchronized ObjectNode state() {
        ObjectNode state = Json.object();
        state.set("calls", rules.counts());
        state.set("rules", rules.describe());
        ArrayNode log = Json.array();
        effects.forEach(e -> log.add(e.deepCopy()));
        state.set("effects", log);
        return state;
    }

    @Override
    public void close() {
        journal.close();
    }

    // --- writing

    private interface Content {
        void write(Xml xml) throws XMLStreamException;
    }

    /** A writer that leaves out what is null. */
    private static final class Xml {
        private final XMLStreamWriter out;
        private final String namespace;

        Xml(XMLStreamWriter out, String namespace) {
            this.out = out;
            this.namespace = namespace;
        }

        Xml open(String name) throws XMLStreamException {
            out.writeStartElement("", name, namespace);
            return this;
        }

        Xml openIn(String other, String name) throws XMLStreamException {
            out.writeStartElement("m", name, other);
            out.writeNamespace("m", other);
            return this;
        }

        Xml leaf(String name, String value) throws XMLStreamException {
            if (value != null) {
                out.writeStartElement("", name, namespace);
                out.writeCharacters(value);
                out.writeEndElement();
            }
            return this;
        }

        /** An element without namespace. */
        Xml plain(String name, String value) throws XMLStreamException {
            out.writeStartElement("", name, "");
            out.writeDefaultNamespace("");
            out.writeCharacters(value);
            out.writeEndElement();
            return this;
        }

        Xml close() throws XMLStreamException {
            out.writeEndElement();
            return this;
        }
    }

    private static Answer envelope(String service, String operation, Content content) {
        String namespace = "http://" + service + ".central.services.auraws.aura.csi.it";
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter out = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            out.writeStartDocument("UTF-8", "1.0");
            out.writeStartElement("soap", "Envelope", SOAP);
            out.writeNamespace("soap", SOAP);
            out.writeStartElement("soap", "Body", SOAP);
            out.writeStartElement("", operation + "Response", namespace);
            out.writeDefaultNamespace(namespace);
            out.writeStartElement("", operation + "Result", namespace);
            content.write(new Xml(out, namespace));
            out.writeEndDocument();
            out.flush();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return Answer.text(200, "text/xml; charset=UTF-8", text.toString());
    }

    private static Answer fault(int status, String reason) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter out = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            out.writeStartDocument("UTF-8", "1.0");
            out.writeStartElement("soap", "Envelope", SOAP);
            out.writeNamespace("soap", SOAP);
            out.writeStartElement("soap", "Body", SOAP);
            out.writeStartElement("soap", "Fault", SOAP);
            out.writeStartElement("faultcode");
            out.writeCharacters("soap:Client");
            out.writeEndElement();
            out.writeStartElement("faultstring");
            out.writeCharacters(reason);
            out.writeEndDocument();
            out.flush();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return Answer.text(status, "text/xml; charset=UTF-8", text.toString());
    }
}
