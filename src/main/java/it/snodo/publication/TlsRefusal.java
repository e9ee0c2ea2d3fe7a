package it.snodo.publication;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Tells a call that ended in the TLS handshake, so that nothing of it was heard, from one that broke off later. */
final class TlsRefusal {

    /**
     * The peer's last word. With TLS 1.3 a server that does not like the client's certificate says so when the client
     * already believes the handshake done, but before it reads a request.
     */
    private static final Pattern ABOUT_US =
            Pattern.compile("Received fatal alert: (\\w*certificate\\w*|unknown_ca|access_denied|handshake_failure)");

    private TlsRefusal() {}

    /** @return why there is no channel, in words; null when that is not what happened */
    static String of(Throwable failure) {
        SSLException tls = find(failure, SSLException.class);
        if (tls == null) {
            return null;
        }
        Matcher alert = ABOUT_US.matcher(String.valueOf(tls.getMessage()));
        if (alert.find()) {
            return "il server ha rifiutato la connessione TLS (" + alert.group(1)
                    + "): il certificato dell'hub manca o non è accettato";
        }
        if (tls instanceof SSLPeerUnverifiedException) {
            return "il certificato del server è intestato a un altro nome";
        }
        if (find(tls, CertPathBuilderException.class) != null
                || find(tls, CertPathValidatorException.class) != null
                || find(tls, CertificateException.class) != null) {
            return "il certificato del server non è di un'autorità che l'hub riconosce, o è scaduto";
        }
        boolean inHandshake = tls instanceof SSLHandshakeException
                || String.valueOf(tls.getMessage()).startsWith("Unsupported or unrecognized SSL message");
        return inHandshake
                ? "la connessione TLS non si stabilisce: il server non accetta il certificato dell'hub, o non parla la"
                        + " stessa versione di TLS"
                : null;
    }

    private static <T> T find(Throwable failure, Class<T> kind) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (kind.isInstance(cause)) {
                return kind.cast(cause);
            }
            cause = cause.getCause();
        }
        return null;
    }
}
