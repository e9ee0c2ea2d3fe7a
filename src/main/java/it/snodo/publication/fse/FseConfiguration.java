package it.snodo.publication.fse;

import it.snodo.config.ConfigFolder;
import it.snodo.messages.CallOut;
import it.snodo.publication.ChannelTls;
import it.snodo.publication.Destination;
import it.snodo.publication.HttpChannel;
import it.snodo.publication.Lane;
import it.snodo.publication.Outbox;
import it.snodo.publication.PublicationProperties;
import it.snodo.publication.PublicationSubjects;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Puts the parts of the gateway's client together. */
@Configuration(proxyBeanMethods = false)
class FseConfiguration {

    @Bean
    FseMetadata fseMetadata(FseProperties properties, ConfigFolder folder) {
        return new FseMetadata(properties, new PracticeSettings(folder));
    }

    @Bean
    FseGateway fseGateway(
            FseProperties properties,
            PublicationProperties publication,
            FseMetadata metadata,
            ObjectProvider<SslBundles> bundles,
            Consumer<CallOut> journal)
            throws GeneralSecurityException, IOException {
        // Lanes, confirmations and validations at signing share the pool.
        int connections = publication.policy(Destination.FSE).parallel() * 2 + 8;
        HttpChannel channel = new HttpChannel(
                properties.connectTimeout(), properties.responseTimeout(), connections, tls(properties, bundles));
        return new FseGateway(properties, new FseTokens(properties, Clock.systemUTC()), metadata, channel, journal);
    }

    private static Supplier<SSLContext> tls(FseProperties properties, ObjectProvider<SslBundles> bundles)
            throws GeneralSecurityException, IOException {
        if (properties.sslBundle() != null && !properties.sslBundle().isBlank()) {
            return ChannelTls.ofBundle(bundles.getObject(), properties.sslBundle());
        }
        if (properties.authKeyStore() == null && properties.trustStore() == null) {
            return null;
        }
        return ChannelTls.ofFiles(
                properties.authKeyStore(),
                properties.authKeyStorePassword(),
                properties.trustStore(),
                properties.trustStorePassword());
    }

    @Bean
    Lane fseLane(
            Outbox outbox,
            FseGateway gateway,
            FseValidation validation,
            PublicationSubjects subjects,
            JdbcClient jdbc,
            FseProperties properties,
            PublicationProperties publication) {
        FseDelivery delivery =
                new FseDelivery(gateway, validation, subjects, outbox, jdbc, properties, Clock.systemUTC());
        return new Lane(Destination.FSE, outbox, delivery, publication);
    }
}
