package it.snodo.aura.soap;

import it.snodo.aura.Aura;
import it.snodo.messages.CallOut;
import it.snodo.publication.ChannelTls;
import it.snodo.publication.HttpChannel;
import it.snodo.registry.CodeTables;
import java.util.function.Consumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts AURA's client together; what costs time is made at its first call. */
@Configuration(proxyBeanMethods = false)
class AuraConfiguration {

    @Bean
    Aura aura(
            AuraProperties properties,
            Consumer<CallOut> journal,
            CodeTables tables,
            ObjectProvider<SslBundles> bundles,
            ApplicationEventPublisher events) {
        boolean ownTls =
                properties.sslBundle() != null && !properties.sslBundle().isBlank();
        return new AuraClient(
                properties,
                () -> new HttpChannel(
                        properties.connectTimeout(),
                        properties.timeout(),
                        properties.connections(),
                        ownTls ? ChannelTls.ofBundle(bundles.getObject(), properties.sslBundle()) : null),
                journal,
                tables,
                events::publishEvent);
    }
}
