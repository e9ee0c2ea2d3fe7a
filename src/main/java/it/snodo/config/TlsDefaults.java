package it.snodo.config;

import java.util.Set;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.ssl.SslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.stereotype.Component;

/**
 * What every SSL bundle speaks unless it says otherwise: TLS 1.2 and 1.3, with forward secrecy and authenticated
 * encryption only (AgID's recommendations on TLS, RFC 9325). For all that uses bundles: MLLP, HTTP, clients.
 */
@Component
class TlsDefaults implements BeanPostProcessor {

    private static final Set<String> PROTOCOLS = Set.of("TLSv1.2", "TLSv1.3");

    private static final Set<String> CIPHERS = Set.of(
            "TLS_AES_256_GCM_SHA384",
            "TLS_AES_128_GCM_SHA256",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof SslProperties ssl) {
            Stream.concat(ssl.getBundle().getJks().values().stream(), ssl.getBundle().getPem().values().stream())
                    .map(SslBundleProperties::getOptions)
                    .forEach(options -> {
                        if (options.getCiphers() == null) {
                            options.setCiphers(CIPHERS);
                        }
                        if (options.getEnabledProtocols() == null) {
                            options.setEnabledProtocols(PROTOCOLS);
                        }
                    });
        }
        return bean;
    }
}
