package it.snodo.aura.soap;

import javax.xml.namespace.QName;
import org.apache.cxf.binding.soap.SoapHeader;
import org.apache.cxf.binding.soap.SoapMessage;
import org.apache.cxf.binding.soap.interceptor.AbstractSoapInterceptor;
import org.apache.cxf.helpers.DOMUtils;
import org.apache.cxf.phase.Phase;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Who we are, in clear: {@code wsse:Security/UsernameToken} with user and password and nothing else, neither Nonce, Created nor
 * a Type, and no mustUnderstand (aura-rol.md §1; WSS UsernameToken Profile 1.0). TLS keeps it from others.
 */
final class UsernameToken extends AbstractSoapInterceptor {

    private static final String WSSE =
            "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";

    private final String user;
    private final String password;

    UsernameToken(String user, String password) {
        super(Phase.PRE_PROTOCOL);
        this.user = user;
        this.password = password;
    }

    @Override
    public void handleMessage(SoapMessage message) {
        Document document = DOMUtils.createDocument();
        Element security = document.createElementNS(WSSE, "wsse:Security");
        Element token = append(security, "UsernameToken", null);
        append(token, "Username", user);
        append(token, "Password", password);
        message.getHeaders().add(new SoapHeader(new QName(WSSE, "Security"), security));
    }

    private static Element append(Element parent, String name, String text) {
        Element child = parent.getOwnerDocument().createElementNS(WSSE, "wsse:" + name);
        if (text != null) {
            child.setTextContent(text);
        }
        parent.appendChild(child);
        return child;
    }
}
