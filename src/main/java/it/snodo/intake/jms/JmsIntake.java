package it.snodo.intake.jms;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import it.snodo.booking.BookingAnswer;
import it.snodo.booking.desk.BookingDesk.Answered;
import it.snodo.certificate.CertificateRequest;
import it.snodo.certificate.CertificateRequestCodec;
import it.snodo.fault.Fault;
import it.snodo.fault.SnodoCode;
import it.snodo.intake.Arrival;
import it.snodo.intake.BookingArrival;
import it.snodo.intake.ContentId;
import it.snodo.intake.Incoming;
import it.snodo.intake.Quarantine;
import it.snodo.intake.fhir.FhirIntake;
import it.snodo.intake.hl7v2.Hl7v2Intake;
import it.snodo.intake.rest.RestIntake;
import it.snodo.messages.Accepted;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * Certificates from the queue, for systems that share the broker: any of the forms, told by how the message begins.
 * Bookings come as HL7 v2.
 */
@Component("jmsIntake")
public class JmsIntake {

    /** What the message is: {@code hl7v2}, {@code fhir}, {@code json}, {@code xml} or {@code unknown}. */
    public static final String KIND = "SnodoKind";

    private static final String TEXT = "SnodoText";
    private static final String CONTROL_ID = "SnodoControlId";
    private static final Pattern FHIR_JSON = Pattern.compile("\"resourceType\"\\s*:");
    private static final Pattern FHIR_XML =
            Pattern.compile("<(?:[A-Za-z0-9]+:)?(Bundle|Parameters)\\b[^>]*http://hl7\\.org/fhir");
    private static final Pattern ENCODING =
            Pattern.compile("^\\s*<\\?xml[^>]*encoding\\s*=\\s*[\"']([A-Za-z0-9._-]+)[\"']");

    private final RestIntake rest;
    private final FhirIntake fhir;
    private final ObjectProvider<CanonicalXmlCheck> xmlCheck;
    private final ObjectProvider<Hl7v2Intake> hl7;
    private final ObjectProvider<Quarantine> quarantine;

    JmsIntake(
            RestIntake rest,
            FhirIntake fhir,
            ObjectProvider<CanonicalXmlCheck> xmlCheck,
            ObjectProvider<Hl7v2Intake> hl7,
            ObjectProvider<Quarantine> quarantine) {
        this.rest = rest;
        this.fhir = fhir;
        this.xmlCheck = xmlCheck;
        this.hl7 = hl7;
        this.quarantine = quarantine;
    }

    /** Step of the route: sets {@link #KIND}, and makes the body bytes whatever the sender made it. */
    public void sniff(Exchange exchange) {
        var message = exchange.getMessage();
        byte[] body;
        if (message.getBody() instanceof String text) {
            Charset charset = declared(text);
            body = text.getBytes(charset);
            exchange.setProperty(TEXT, charset);
        } else {
            body = message.getBody(byte[].class);
            body = body == null ? new byte[0] : body;
        }
        message.setBody(body);
        exchange.setProperty(KIND, kind(body));
    }

    /** A text that names its own charset is read by that name again, so it has to be written in it. */
    private static Charset declared(String text) {
        String name = null;
        Matcher xml = ENCODING.matcher(text.substring(0, Math.min(text.length(), 200)));
        if (text.startsWith("MSH") && text.length() > 4) {
            String[] fields = text.split("[\\r\\n]", 2)[0].split(Pattern.quote(text.substring(3, 4)), -1);
            name = fields.length > 17 && fields[17].startsWith("8859/") ? "ISO-" + fields[17].replace('/', '-') : null;
        } else if (xml.find()) {
            name = xml.group(1);
        }
        try {
            return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalArgumentException e) {
            return StandardCharsets.UTF_8;
        }
    }

    static String kind(byte[] body) {
        String head = new String(body, 0, Math.min(body.length, 4096), StandardCharsets.ISO_8859_1);
        if (head.startsWith("ï»¿")) {
            head = head.substring(3);
        }
        head = head.stripLeading();
        // A frame that was put on the queue with its MLLP mark is still HL7.
        if (head.startsWith("\u000b")) {
            head = head.substring(1);
        }
        if (head.startsWith("MSH")) {
            return "hl7v2";
        }
        if (head.startsWith("{")) {
            return FHIR_JSON.matcher(head).find() ? "fhir" : "json";
        }
        if (head.startsWith("<")) {
            return FHIR_XML.matcher(head).find() ? "fhir" : "xml";
        }
        return "unknown";
    }

    /** Step of the route for everything but HL7 v2: bytes in, {@link Incoming} out. */
    public Incoming read(Exchange exchange) {
        byte[] body = exchange.getMessage().getBody(byte[].class);
        return read(
                body,
                exchange.getMessage().getHeader(CONTROL_ID, String.class),
                exchange.getProperty(KIND, "unknown", String.class));
    }

    private Incoming read(byte[] body, String key, String kind) {
        String user = "JMS";
        return switch (kind) {
            case "fhir" -> fhir.parse(body, null, key, user, "JMS", null);
            case "json" -> rest.parse(body, key, user, "JMS", "certificateRequest JSON");
            case "xml" -> xml(body, key, user);
            default ->
                unreadable(
                        body,
                        key,
                        user,
                        "Il messaggio non comincia né come HL7 v2 (MSH), né come JSON, né come XML.",
                        "messaggio");
        };
    }

    /** Step of the route: what the broker has given up is kept with what lies in quarantine, before it leaves its queue. */
    public void keep(Exchange exchange) {
        var message = exchange.getMessage();
        quarantine
                .getObject()
                .putForGood(
                        "JMS",
                        message.getBody(byte[].class),
                        "coda " + message.getHeader("_AMQ_ORIG_QUEUE", "dei messaggi falliti", String.class),
                        message.getHeader(CONTROL_ID, String.class),
                        "dopo tutti i tentativi del broker; la causa è nel registro dell'hub.");
    }

    /**
     * Reads once more what lies in quarantine.
     *
     * @param key what the sender called it, outside of the bytes; null when it did not
     * @param queued it came from the queue, else over MLLP
     * @throws RuntimeException what makes the hub fail still
     */
    public List<Arrival> readAgain(byte[] body, String key, String peer, boolean queued) {
        if (!queued) {
            return hl7.getObject().readAgain(body, peer);
        }
        String kind = kind(body);
        List<? extends Arrival> read =
                kind.equals("hl7v2") ? hl7.getObject().readAgain(body, "JMS") : List.of(read(body, key, kind));
        return read.stream().map(each -> fromQueue(each)).toList();
    }

    private Incoming xml(byte[] body, String key, String user) {
        CanonicalXmlCheck check = xmlCheck.getIfAvailable();
        List<Fault> faults = check == null ? List.of() : check.check(body);
        CertificateRequest request;
        try {
            request = CertificateRequestCodec.fromXml(text(body));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            if (!faults.isEmpty()) {
                return incoming(body, key, user, null, faults);
            }
            String path = e instanceof JsonMappingException mapping ? path(mapping) : "";
            return incoming(
                    body,
                    key,
                    user,
                    null,
                    List.of(new Fault(
                            path.isEmpty() ? SnodoCode.MESSAGE_UNREADABLE : SnodoCode.FIELD_MALFORMED,
                            path,
                            "/certificateRequest" + (path.isEmpty() ? "" : "/" + path.replace('.', '/')),
                            path.isEmpty()
                                    ? "Il messaggio non è un XML leggibile di tipo certificateRequest."
                                    : "Il campo «" + path + "» non esiste o non ha il formato richiesto da"
                                            + " certificate-request.xsd.")));
        }
        return incoming(body, key, user, request, faults);
    }

    private static Incoming incoming(
            byte[] body, String key, String user, CertificateRequest request, List<Fault> faults) {
        String sender =
                request == null || request.sender() == null || request.sender().application() == null
                        ? user
                        : request.sender().key();
        return new Incoming(
                "JMS",
                user,
                sender,
                key == null || key.isBlank() ? ContentId.of(body) : key.strip(),
                "certificateRequest XML",
                body,
                request,
                faults,
                Map.of("", "/certificateRequest"),
                RestIntake::build);
    }

    private static Incoming unreadable(byte[] body, String key, String user, String reason, String where) {
        return incoming(body, key, user, null, List.of(new Fault(SnodoCode.MESSAGE_UNREADABLE, "", where, reason)));
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference part : e.getPath()) {
            if (part.getFieldName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(part.getFieldName());
            }
        }
        return path.toString();
    }

    private static String text(byte[] body) {
        String head = new String(body, 0, Math.min(body.length, 200), StandardCharsets.ISO_8859_1);
        boolean mark = head.startsWith("ï»¿");
        Matcher matcher = ENCODING.matcher(mark ? head.substring(3) : head);
        Charset charset = matcher.find() ? Charset.forName(matcher.group(1)) : StandardCharsets.UTF_8;
        String text = new String(body, charset);
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    /** Step of the route: what came from the queue is told so to the journal, whichever reader read it. */
    public Arrival fromQueue(Arrival message) {
        return message instanceof BookingArrival booking ? fromQueue(booking) : fromQueue((Incoming) message);
    }

    private static BookingArrival fromQueue(BookingArrival message) {
        return new BookingArrival(
                "JMS",
                message.peer() == null ? "JMS" : message.peer(),
                message.sender(),
                message.controlId(),
                message.type(),
                message.raw(),
                message.ask(),
                message.unreadable(),
                message.faults(),
                message.locations(),
                message.ifMatch(),
                message.writer());
    }

    private static Incoming fromQueue(Incoming message) {
        return new Incoming(
                "JMS",
                message.peer() == null ? "JMS" : message.peer(),
                message.sender(),
                message.controlId(),
                message.type(),
                message.raw(),
                message.request(),
                message.faults(),
                message.locations(),
                message.ifNoneExist(),
                message.answer());
    }

    /**
     * Step of the route: what became of each message in, their answers out (bytes when there is one, else a list of
     * them). Whether one was refused is kept for the route's choice.
     */
    public void answers(Exchange exchange) {
        List<?> all = exchange.getMessage().getBody(List.class);
        List<byte[]> answers = new ArrayList<>();
        boolean refused = false;
        for (Object one : all) {
            if (one instanceof Answered answered) {
                refused |= answered.reply() instanceof BookingAnswer booking
                        && booking.result() == BookingAnswer.Result.REFUSED;
                answers.add(answered.answer());
            } else {
                Accepted accepted = (Accepted) one;
                refused |= !accepted.accepted();
                answers.add(accepted.answer());
            }
        }
        exchange.setProperty("SnodoRefused", refused);
        exchange.getMessage().setBody(answers.size() == 1 ? answers.get(0) : answers);
    }

    /** Step of the route: the answer as text for who sent text, in the charset that his own message was read in. */
    public void reply(Exchange exchange) {
        var message = exchange.getMessage();
        Charset charset = exchange.getProperty(TEXT, Charset.class);
        if (charset != null) {
            message.setBody(new String(message.getBody(byte[].class), charset));
        }
        // What came as headers of the question is not part of the answer; the queue's own headers stay.
        message.removeHeaders("Snodo*");
    }
}
