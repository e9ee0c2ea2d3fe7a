package it.snodo.aura.soap;

import it.snodo.aura.AuraUnavailable;
import it.snodo.fault.SnodoCode;
import it.snodo.messages.CallOut;
import it.snodo.publication.HttpChannel;
import jakarta.xml.ws.Dispatch;
import jakarta.xml.ws.Service;
import jakarta.xml.ws.WebServiceException;
import jakarta.xml.ws.soap.SOAPBinding;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;
import javax.xml.namespace.QName;
import javax.xml.transform.dom.DOMSource;
import org.apache.cxf.Bus;
import org.apache.cxf.binding.soap.SoapFault;
import org.apache.cxf.endpoint.Client;
import org.apache.cxf.endpoint.PreexistingConduitSelector;
import org.apache.cxf.helpers.DOMUtils;
import org.apache.cxf.interceptor.Fault;
import org.apache.cxf.jaxws.DispatchImpl;
import org.apache.cxf.jaxws.ServiceImpl;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** One operation of one of AURA's services: SOAP 1.1, document/literal, with its own address, user and soapAction. */
final class SoapService {

    private final String name;
    private final String operation;
    private final String namespace;
    private final Dispatch<DOMSource> dispatch;

    /** @param name of the service, such as AnagrafeFind, which its namespace and its soapAction are made of */
    SoapService(
            Bus bus,
            String name,
            String operation,
            AuraProperties.Service settings,
            HttpChannel http,
            Consumer<CallOut> journal) {
        this.name = name;
        this.operation = operation;
        this.namespace = "http://" + name + ".central.services.auraws.aura.csi.it";
        QName port = new QName(namespace, name + "Soap");
        ServiceImpl service = new ServiceImpl(bus, null, new QName(namespace, name), Service.class);
        service.addPort(port, SOAPBinding.SOAP11HTTP_BINDING, settings.url());
        this.dispatch = service.createDispatch(port, DOMSource.class, Service.Mode.PAYLOAD);
        dispatch.getRequestContext().put(Dispatch.SOAPACTION_USE_PROPERTY, true);
        dispatch.getRequestContext()
                .put(Dispatch.SOAPACTION_URI_PROPERTY, namespace + "/AURA.WS." + name + "." + operation);
        Client client = ((DispatchImpl<DOMSource>) dispatch).getClient();
        client.setConduitSelector(new PreexistingConduitSelector(
                new Channel(http, settings.url(), operation, journal), client.getEndpoint()));
        client.getOutInterceptors().add(new UsernameToken(settings.user(), settings.password()));
    }

    /** A request that is being written: elements in the service's namespace. */
    final class Request {

        private final Document document = DOMUtils.createDocument();
        private Element open;

        Request() {
            open = document.createElementNS(namespace, operation);
            document.appendChild(open);
        }

        /** Opens an element; what follows goes into it. */
        Request in(String element) {
            Element child = document.createElementNS(namespace, element);
            open.appendChild(child);
            open = child;
            return this;
        }

        /** @param text null leaves the element out */
        Request put(String element, String text) {
            if (text != null) {
                Element child = document.createElementNS(namespace, element);
                child.setTextContent(text);
                open.appendChild(child);
            }
            return this;
        }

        /** Sends it. @return the element {@code …Result} of the answer */
        Tree send() {
            try {
                DOMSource answer = dispatch.invoke(new DOMSource(document));
                return result(answer == null ? null : answer.getNode());
            } catch (WebServiceException | Fault e) {
                throw unavailable(e);
            }
        }
    }

    Request request() {
        return new Request();
    }

    private Tree result(Node node) {
        Element root = node instanceof Document whole ? whole.getDocumentElement() : (Element) node;
        Tree response = root == null ? null : new Tree(root);
        if (response == null
                || !response.name().equals(operation + "Response")
                || !response.has(operation + "Result")) {
            throw unreadable("manca " + operation + "Result", null);
        }
        return response.at(operation + "Result");
    }

    AuraUnavailable unreadable(String words, Throwable cause) {
        return new AuraUnavailable(
                SnodoCode.AURA_UNREADABLE,
                "Risposta di AURA (" + name + ") non leggibile: " + words + ".",
                true,
                cause);
    }

    private AuraUnavailable unavailable(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Channel.NoAnswer none) {
                return none.reply() == null ? failed(none.failure()) : refused(none.reply());
            }
            if (cause instanceof SoapFault fault) {
                return fault(fault);
            }
        }
        return unreadable("non è SOAP", e);
    }

    private AuraUnavailable failed(HttpChannel.CallFailed failure) {
        SnodoCode code = failure.code() == SnodoCode.DESTINATION_TLS
                ? SnodoCode.AURA_TLS
                : failure.unknown() ? SnodoCode.AURA_SILENT : SnodoCode.AURA_UNREACHABLE;
        return new AuraUnavailable(
                code, "AURA (" + name + "): " + failure.getMessage() + ".", failure.unknown(), failure);
    }

    private AuraUnavailable fault(SoapFault fault) {
        String words = fault.getReason() == null ? "" : fault.getReason().strip();
        String code = fault.getFaultCode() == null ? "" : fault.getFaultCode().getLocalPart();
        String both = (code + " " + words).toLowerCase(Locale.ROOT);
        boolean notUs = both.contains("authenticat") || both.contains("autenticat") || both.contains("invalidsecurity");
        return notUs
                ? new AuraUnavailable(
                        SnodoCode.AURA_NOT_AUTHORISED,
                        "AURA (" + name + ") non accetta utente e password dell'hub: " + words,
                        false,
                        fault)
                : new AuraUnavailable(
                        SnodoCode.AURA_FAULT, "AURA (" + name + ") segnala un errore proprio: " + words, true, fault);
    }

    private AuraUnavailable refused(HttpChannel.Reply reply) {
        String says = "AURA (" + name + ") ha risposto HTTP " + reply.status() + ".";
        return switch (reply.status()) {
            case 401, 403 -> new AuraUnavailable(SnodoCode.AURA_NOT_AUTHORISED, says, false, null);
            case 429, 503 ->
                new AuraUnavailable(
                        SnodoCode.AURA_BUSY,
                        says,
                        false,
                        HttpChannel.retryAfter(reply.headers().get("Retry-After"), Instant.now()),
                        null);
            case 502, 504 -> new AuraUnavailable(SnodoCode.AURA_SILENT, says, true, null);
            default ->
                reply.status() >= 500
                        ? new AuraUnavailable(SnodoCode.AURA_FAULT, says, true, null)
                        : unreadable("HTTP " + reply.status() + ", non è SOAP", null);
        };
    }
}
