package it.snodo.aura.soap;

import it.snodo.aura.CallingAbout;
import it.snodo.messages.CallOut;
import it.snodo.publication.HttpChannel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.cxf.helpers.CastUtils;
import org.apache.cxf.message.Exchange;
import org.apache.cxf.message.Message;
import org.apache.cxf.message.MessageImpl;
import org.apache.cxf.transport.Conduit;
import org.apache.cxf.transport.MessageObserver;
import org.apache.cxf.ws.addressing.EndpointReferenceType;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * CXF's way out for one service: over the HTTP client that the hub's other destinations use, which tells a request that never
 * left from one whose effect is unknown, bounds every wait and every answer, and repeats nothing by itself.
 */
final class Channel implements Conduit {

    private static final Pattern PASSWORD = Pattern.compile("(<(?!/)[^<>]*Password[^<>]*>)[^<]*");

    private final HttpChannel http;
    private final URI address;
    private final String operation;
    private final Consumer<CallOut> journal;

    Channel(HttpChannel http, String address, String operation, Consumer<CallOut> journal) {
        this.http = http;
        this.address = URI.create(address);
        this.operation = operation;
        this.journal = journal;
    }

    /** No whole answer, or one that is no SOAP. */
    static final class NoAnswer extends IOException {

        private static final long serialVersionUID = 1L;

        private final transient HttpChannel.Reply reply;

        NoAnswer(HttpChannel.CallFailed cause) {
            super(cause.getMessage(), cause);
            this.reply = null;
        }

        NoAnswer(HttpChannel.Reply reply) {
            super("HTTP " + reply.status());
            this.reply = reply;
        }

        /** Null when none came whole. */
        HttpChannel.Reply reply() {
            return reply;
        }

        HttpChannel.CallFailed failure() {
            return (HttpChannel.CallFailed) getCause();
        }
    }

    @Override
    public void prepare(Message message) {
        message.setContent(OutputStream.class, new ByteArrayOutputStream());
    }

    /** The request is complete: it goes out, and the answer goes up CXF's chain. */
    @Override
    public void close(Message message) throws IOException {
        if (message.getContent(OutputStream.class) instanceof ByteArrayOutputStream written
                && message.getContent(InputStream.class) == null) {
            message.removeContent(OutputStream.class);
            Message answer = new MessageImpl();
            answer.setExchange(message.getExchange());
            HttpChannel.Reply reply = call(message, written.toByteArray());
            answer.put(Message.RESPONSE_CODE, reply.status());
            answer.put(Message.CONTENT_TYPE, reply.headers().getOrDefault("Content-Type", "text/xml"));
            answer.setContent(InputStream.class, new ByteArrayInputStream(reply.body()));
            answer.put(Message.INBOUND_MESSAGE, Boolean.TRUE);
            message.getExchange().get(MessageObserver.class).onMessage(answer);
            if (reply.status() == 200 && hasFailed(message.getExchange()) && !isFault(reply.body())) {
                // CXF's words for it are a fault like one of AURA's
                throw new NoAnswer(reply);
            }
        }
    }

    private static boolean hasFailed(Exchange exchange) {
        return Stream.of(exchange.getInFaultMessage(), exchange.getInMessage())
                .anyMatch(message -> message != null && message.getContent(Exception.class) != null);
    }

    /** Whether it is a fault of AURA's own: those come with a 500, and with a 200 too. */
    private static boolean isFault(byte[] body) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(new ByteArrayInputStream(body));
            boolean inBody = false;
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT) {
                    if (inBody) {
                        return xml.getLocalName().equals("Fault");
                    }
                    inBody = xml.getLocalName().equals("Body");
                }
            }
            return false;
        } catch (XMLStreamException e) {
            return false;
        }
    }

    private HttpChannel.Reply call(Message message, byte[] body) throws IOException {
        HttpPost request = new HttpPost(address);
        request.setEntity(new ByteArrayEntity(body, ContentType.parse(contentType(message))));
        request.setHeader("Accept", "text/xml");
        Map<String, List<String>> headers = CastUtils.cast((Map<?, ?>) message.get(Message.PROTOCOL_HEADERS));
        if (headers != null) {
            headers.forEach((name, values) -> {
                if (name.equalsIgnoreCase("SOAPAction")) {
                    request.setHeader(name, values.get(0));
                }
            });
        }
        CallingAbout about = CallingAbout.now();
        if (about != null) {
            request.setHeader(
                    "traceparent",
                    "00-" + about.traceId() + "-" + about.traceId().substring(0, 16) + "-01");
        }
        Instant at = Instant.now();
        long start = System.nanoTime();
        try {
            HttpChannel.Reply reply = http.call(request);
            journal.accept(line(about, body, reply, null, at, start));
            if (!isSoap(reply)) {
                throw new NoAnswer(reply);
            }
            return reply;
        } catch (HttpChannel.CallFailed e) {
            journal.accept(line(about, body, null, e.getMessage(), at, start));
            throw new NoAnswer(e);
        }
    }

    private static String contentType(Message message) {
        String type = (String) message.get(Message.CONTENT_TYPE);
        return type == null ? "text/xml; charset=UTF-8" : type;
    }

    /** SOAP 1.1 over HTTP: 200 with an answer, 500 with a fault. */
    private static boolean isSoap(HttpChannel.Reply reply) {
        String type = reply.headers().getOrDefault("Content-Type", "").toLowerCase(Locale.ROOT);
        return (reply.status() == 200 || reply.status() == 500) && type.contains("xml") && reply.body().length > 0;
    }

    private CallOut line(
            CallingAbout about, byte[] body, HttpChannel.Reply reply, String failure, Instant at, long start) {
        String masked =
                PASSWORD.matcher(new String(body, StandardCharsets.UTF_8)).replaceAll("$1***");
        return new CallOut(
                "AURA",
                operation,
                "POST",
                address.toString(),
                null,
                about == null ? null : about.exemptionId(),
                about == null ? null : about.deliveryId(),
                null,
                null,
                "text/xml",
                body.length,
                sha256(body),
                masked.getBytes(StandardCharsets.UTF_8),
                reply == null ? null : reply.status(),
                reply == null ? null : reply.body(),
                at,
                (System.nanoTime() - start) / 1_000_000,
                failure,
                about == null ? null : about.traceId(),
                null,
                null);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public EndpointReferenceType getTarget() {
        return null;
    }

    @Override
    public void close() {
        // the connections belong to the client that all services share
    }

    @Override
    public void setMessageObserver(MessageObserver observer) {
        // each exchange brings its own
    }

    @Override
    public MessageObserver getMessageObserver() {
        return null;
    }
}
