package it.snodo.aura;

import it.snodo.simulator.wire.Answer;
import it.snodo.simulator.wire.Request;
import it.snodo.simulator.wire.WireServer;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * AURA as a test wants it, over a real socket: it wants names, namespaces, soapAction and UsernameToken exactly as
 * aura-rol.md §1 has them, and answers as it is told.
 */
public final class PlayedAura implements AutoCloseable {

    public static final String WSSE =
            "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";

    /** An exemption as it stands here; dates dd/MM/yyyy, an empty end is none. */
    public record Held(String fiscalCode, String code, String diagnosis, String from, String to) {}

    /** A call as it came. */
    public record Call(String operation, Map<String, String> fields, Request request) {}

    /** idAura to the fields of datiPrimari; "mergedInto" is where it was merged. */
    public final Map<String, Map<String, String>> persons = new ConcurrentHashMap<>();

    public final List<Held> held = new CopyOnWriteArrayList<>();
    public final List<Call> calls = new CopyOnWriteArrayList<>();
    /** How many times something was written here. */
    public final List<Held> effects = new CopyOnWriteArrayList<>();

    /** What happens to a call's answer after it took effect; the answer itself by default. Null leaves the effect out. */
    private final AtomicReference<Function<Call, Function<Answer, Answer>>> manner =
            new AtomicReference<>(call -> answer -> answer);

    public volatile String user = "utente";
    public volatile String password = "segreta & <lunga>";
    /** Says OK, or 1 as other services of AURA do. */
    public volatile String okSays = "OK";

    /** Refuses every exemption and every end of one. */
    public volatile boolean refuses;

    private WireServer server;
    private volatile String url;

    public PlayedAura() {
        revive();
    }

    public String url() {
        return url;
    }

    public PlayedAura person(String id, String fiscalCode, String... more) {
        Map<String, String> fields =
                new LinkedHashMap<>(Map.of("codiceFiscale", fiscalCode, "statoProfiloAnagrafico", "1"));
        for (int i = 0; i < more.length; i += 2) {
            fields.put(more[i], more[i + 1]);
        }
        persons.put(id, fields);
        return this;
    }

    /** What becomes of answers from now on. */
    public void answers(Function<Call, Function<Answer, Answer>> how) {
        manner.set(how);
    }

    /** As usual again. */
    public void behave() {
        answers(call -> answer -> answer);
    }

    public List<Call> calls(String operation) {
        return calls.stream().filter(call -> call.operation().equals(operation)).toList();
    }

    private Answer handle(Request request) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            Element envelope = factory.newDocumentBuilder()
                    .parse(new ByteArrayInputStream(request.body()))
                    .getDocumentElement();
            Element body = child(envelope, "Body");
            Element operation = (Element) children(body).get(0);
            Map<String, String> fields = new LinkedHashMap<>();
            String service = request.path().replaceAll(".*/", "");
            String namespace = "http://" + service + ".central.services.auraws.aura.csi.it";
            read(operation, namespace, fields);
            Call call = new Call(operation.getLocalName(), fields, request);
            calls.add(call);
            String action = namespace + "/AURA.WS." + service + "." + call.operation();
            if (!("\"" + action + "\"").equals(request.header("SOAPAction"))) {
                return fault("soapAction errata: " + request.header("SOAPAction"));
            }
            Element security = child(child(envelope, "Header"), "Security");
            Element token = child(security, "UsernameToken");
            if (!WSSE.equals(token.getNamespaceURI())
                    || children(token).size() != 2
                    || security.hasAttribute("mustUnderstand")
                    || !user.equals(child(token, "Username").getTextContent())
                    || !password.equals(child(token, "Password").getTextContent())
                    || child(token, "Password").hasAttribute("Type")) {
                return fault("Utente non autenticato");
            }
            Function<Answer, Answer> how = manner.get().apply(call);
            return how == null ? Answer.nothing().sent(Answer.Manner.DROP) : how.apply(perform(call, namespace));
        } catch (Exception e) {
            return fault("Richiesta non leggibile: " + e);
        }
    }

    private static void read(Element element, String namespace, Map<String, String> fields) {
        if (!namespace.equals(element.getNamespaceURI())) {
            throw new IllegalArgumentException("namespace of " + element.getNodeName());
        }
        List<Node> below = children(element);
        if (below.isEmpty()) {
            fields.put(element.getLocalName(), element.getTextContent());
        }
        below.forEach(one -> read((Element) one, namespace, fields));
    }

    private static List<Node> children(Element element) {
        List<Node> children = new ArrayList<>();
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element) {
                children.add(node);
            }
        }
        return children;
    }

    private static Element child(Element element, String name) {
        return (Element) children(element).stream()
                .filter(node -> name.equals(node.getLocalName()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + name));
    }

    private synchronized Answer perform(Call call, String namespace) {
        Map<String, String> fields = call.fields();
        return switch (call.operation()) {
            case "FindProfiliAnagrafici" -> find(fields, namespace);
            case "GetProfiloSanitario", "GetProfiloSanitarioNew" -> profile(call, namespace);
            case "esenzionePatologia" -> exemption(fields, namespace);
            default -> fault("Operazione sconosciuta");
        };
    }

    private Answer find(Map<String, String> asked, String namespace) {
        StringBuilder list = new StringBuilder();
        persons.forEach((id, person) -> {
            boolean matches = asked.containsKey("codiceFiscale")
                    ? asked.get("codiceFiscale").equals(person.get("codiceFiscale"))
                    : asked.get("cognome").equals(person.get("cognome"));
            if (matches) {
                list.append("<datianagrafici><idProfiloAnagrafico>" + id + "</idProfiloAnagrafico>" + xml(person)
                        + "</datianagrafici>");
            }
        });
        String footer = list.length() > 0
                ? ""
                : "<footer><messages><messages><codice>E0010</codice><descrizione>Profilo non trovato</descrizione>"
                        + "</messages></messages></footer>";
        return answer(
                "FindProfiliAnagrafici",
                namespace,
                "<header><codiceRitorno>" + (list.length() > 0 ? okSays : "KO")
                        + "</codiceRitorno></header><body><elencoProfili>" + list + "</elencoProfili></body>" + footer);
    }

    private Answer profile(Call call, String namespace) {
        Map<String, String> person = persons.get(call.fields().get("AURAid"));
        if (person == null) {
            return answer(
                    call.operation(),
                    namespace,
                    "<header><codiceRitorno>KO</codiceRitorno></header><footer><messages><messages><codice>E0010</codice>"
                            + "<descrizione>Profilo non trovato</descrizione></messages></messages></footer>");
        }
        String merged = person.getOrDefault("mergedInto", "");
        StringBuilder exemptions = new StringBuilder();
        held.stream()
                .filter(one -> one.fiscalCode().equals(person.get("codiceFiscale")))
                .forEach(one -> exemptions.append("<infoesenzione><codEsenzione>" + one.code()
                        + "</codEsenzione><descEsenzione>d</descEsenzione><codDiagnosi>"
                        + one.diagnosis() + "</codDiagnosi><inizioValEsenzione>" + one.from() + "</inizioValEsenzione>"
                        + "<fineValEsenzione>" + one.to() + "</fineValEsenzione><fonte>HUB</fonte></infoesenzione>"));
        return answer(
                call.operation(),
                namespace,
                "<header><idAuraRicondotto>" + merged + "</idAuraRicondotto><codiceRitorno>" + okSays
                        + "</codiceRitorno></header><body><idAura>"
                        + call.fields().get("AURAid")
                        + "</idAura><infoAnag><datiPrimari>" + xml(person)
                        + "</datiPrimari><residenza><cap>10100</cap><codComune>001272</codComune><descComune>TORINO</descComune>"
                        + "<indirizzo>VIA ROMA</indirizzo><numCivico>7</numCivico></residenza></infoAnag><infoSan>"
                        + "<aslResidenza>" + person.getOrDefault("asl", "301") + "</aslResidenza><aslAssistenza>"
                        + person.getOrDefault("asl", "301")
                        + "</aslAssistenza><codDistrettoResidenza>010301</codDistrettoResidenza>"
                        + "<codiceFiscaleMedico>VRDLGU60A01L219E</codiceFiscaleMedico><cognomeMedico>VERDI</cognomeMedico>"
                        + "<nomeMedico>LUIGI</nomeMedico><codiceTesseraTEAM>80380000100000000001</codiceTesseraTEAM></infoSan>"
                        + "<infoEsenzioni>" + exemptions + "</infoEsenzioni></body>");
    }

    private Answer exemption(Map<String, String> asked, String namespace) {
        String fiscalCode = asked.get("codiceFiscaleAssistito");
        if (persons.values().stream().noneMatch(one -> fiscalCode.equals(one.get("codiceFiscale")))) {
            return refusal("E0010", "Profilo non trovato", namespace);
        }
        if (refuses) {
            return refusal("E0043", "Operazione non ammessa", namespace);
        }
        Held given = new Held(
                fiscalCode,
                asked.get("codiceEsenzione"),
                asked.get("listaDiagnosi"),
                asked.get("dataInizioValidita"),
                asked.get("dataFineValidita"));
        if (given.code().equals("048")
                && given.diagnosis().equals("000")
                && given.to().isEmpty()) {
            return refusal("E0042", "Esenzione 048 senza data di fine", namespace);
        }
        effects.add(given);
        held.removeIf(one -> one.code().equals(given.code())
                && one.fiscalCode().equals(fiscalCode)
                && one.diagnosis().equals(given.diagnosis())
                && one.from().equals(given.from()));
        held.add(given);
        return answer(
                "esenzionePatologia", namespace, "<header><codiceRitorno>" + okSays + "</codiceRitorno></header>");
    }

    private static Answer refusal(String code, String words, String namespace) {
        return answer(
                "esenzionePatologia",
                namespace,
                "<header><codiceRitorno>KO</codiceRitorno><m:listaMessaggi xmlns:m=\"http://ws.sanitxint.sanitx.csi.it/\">"
                        + "<codice xmlns=\"\">" + code + "</codice><descrizione xmlns=\"\">" + words
                        + "</descrizione><note xmlns=\"\"/></m:listaMessaggi></header>");
    }

    private static String xml(Map<String, String> fields) {
        StringBuilder xml = new StringBuilder();
        fields.forEach((name, value) -> xml.append("<" + name + ">" + value + "</" + name + ">"));
        return xml.toString();
    }

    public static Answer answer(String operation, String namespace, String result) {
        return soap(
                200,
                "<" + operation + "Response xmlns=\"" + namespace + "\"><" + operation + "Result>" + result + "</"
                        + operation + "Result></" + operation + "Response>");
    }

    public static Answer fault(String words) {
        return soap(
                500,
                "<soap:Fault><faultcode>soap:Server</faultcode><faultstring>" + words.replace("<", "&lt;")
                        + "</faultstring></soap:Fault>");
    }

    private static Answer soap(int status, String body) {
        return Answer.text(
                status,
                "text/xml; charset=UTF-8",
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">"
                        + "<soap:Body>" + body + "</soap:Body></soap:Envelope>");
    }

    /** Killed: nobody listens any more. */
    public synchronized void kill() {
        server.close();
    }

    /** Back at another address, with all it held. */
    public synchronized void revive() {
        server = new WireServer(0, this::handle);
        server.start();
        url = "http://127.0.0.1:" + server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
