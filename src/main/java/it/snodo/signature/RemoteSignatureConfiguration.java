package it.snodo.signature;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.signature.csc.CscService;
import it.snodo.signature.csc.ProviderSettings;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** The providers of remote signatures, none when none is configured; what is wrong with one is said at the start. */
@Configuration(proxyBeanMethods = false)
class RemoteSignatureConfiguration {

    @Bean
    RemoteSignatures remoteSignatures(
            RemoteSignatureProperties properties,
            SignatureProperties words,
            Pades pades,
            JdbcClient db,
            PlatformTransactionManager transactions,
            ObjectProvider<SslBundles> bundles) {
        properties.check();
        return new RemoteSigning(
                properties.providers().stream()
                        .map(settings -> new CscService(settings, tls(settings, bundles)))
                        .toList(),
                new Preparations(db, transactions),
                pades,
                words,
                properties.otpInterval(),
                Clock.systemUTC());
    }

    /** Followed when the bundle has {@code reload-on-update}: each call opens a connection of its own. */
    private static Supplier<SSLContext> tls(ProviderSettings settings, ObjectProvider<SslBundles> available) {
        if (settings.tlsBundle() == null || settings.tlsBundle().isBlank()) {
            return null;
        }
        try {
            SslBundles bundles = available.getObject();
            AtomicReference<SSLContext> current = new AtomicReference<>(
                    bundles.getBundle(settings.tlsBundle()).createSslContext());
            bundles.addBundleUpdateHandler(settings.tlsBundle(), changed -> current.set(changed.createSslContext()));
            return current::get;
        } catch (NoSuchSslBundleException e) {
            throw new SnodoException(
                    SnodoCode.SIGNER_NOT_CONFIGURED,
                    "Fornitore di firma %s: non c'è un bundle TLS di nome %s (spring.ssl.bundle)."
                            .formatted(settings.code(), settings.tlsBundle()),
                    e);
        }
    }
}
