package it.snodo.intake.hl7v2;

import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;

/**
 * TLS before the codec, from a Spring SSL bundle. When the bundle's files change, new connections use the new
 * certificate; those that are open go on with theirs. Files that cannot be used leave the last good ones in force.
 */
final class MllpTls {

    private static final Logger LOG = LoggerFactory.getLogger(MllpTls.class);

    private final MllpProperties.Tls properties;
    private volatile SslBundle bundle;
    private volatile SSLContext context;

    /**
     * @throws NoSuchSslBundleException when the bundle that is named does not exist
     */
    MllpTls(SslBundles bundles, MllpProperties.Tls properties) {
        this.properties = properties;
        if (properties.bundle() != null && !properties.bundle().isBlank()) {
            use(bundles.getBundle(properties.bundle()));
            bundles.addBundleUpdateHandler(properties.bundle(), this::reload);
        }
    }

    private void use(SslBundle changed) {
        SSLContext made = changed.createSslContext();
        bundle = changed;
        context = made;
    }

    private void reload(SslBundle changed) {
        try {
            use(changed);
            LOG.info("SSL bundle {} was read again: new MLLP connections use it", properties.bundle());
        } catch (RuntimeException e) {
            LOG.error(
                    "SSL bundle {} changed but cannot be used, the last good one stays in force: {}",
                    properties.bundle(),
                    e.getMessage());
        }
    }

    /** For one connection. */
    ChannelHandler newHandler() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        apply(bundle.getOptions().getCiphers(), engine::setEnabledCipherSuites);
        apply(bundle.getOptions().getEnabledProtocols(), engine::setEnabledProtocols);
        if (properties.clientAuth() == Ssl.ClientAuth.NEED) {
            engine.setNeedClientAuth(true);
        } else if (properties.clientAuth() == Ssl.ClientAuth.WANT) {
            engine.setWantClientAuth(true);
        }
        SslHandler handler = new SslHandler(engine);
        handler.setHandshakeTimeout(properties.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }

    private static void apply(String[] values, java.util.function.Consumer<String[]> setter) {
        if (values != null && !Set.of(values).isEmpty()) {
            setter.accept(values);
        }
    }

    /** Subject of the certificate that the peer has shown, as RFC 2253 writes it; null when it has shown none. */
    static String subject(SslHandler handler) {
        SSLSession session = handler.engine().getSession();
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? certificate.getSubjectX500Principal().getName()
                    : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }
}
