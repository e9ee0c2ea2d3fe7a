package it.snodo.publication.rol;

import it.snodo.certificate.PinSeal;
import it.snodo.messages.CallOut;
import it.snodo.publication.ChannelTls;
import it.snodo.publication.Destination;
import it.snodo.publication.HttpChannel;
import it.snodo.publication.Lane;
import it.snodo.publication.Outbox;
import it.snodo.publication.PublicationProperties;
import it.snodo.publication.PublicationSubjects;
import it.snodo.publication.fse.FseMetadata;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the parts of ROL's client together. */
@Configuration(proxyBeanMethods = false)
class RolConfiguration {

    @Bean
    Lane rolLane(
            RolProperties properties,
            PublicationProperties publication,
            FseMetadata fse,
            PublicationSubjects subjects,
            Outbox outbox,
            PinSeal pins,
            ObjectProvider<SslBundles> bundles,
            Consumer<CallOut> journal) {
        Supplier<SSLContext> tls =
                properties.sslBundle() == null || properties.sslBundle().isBlank()
                        ? null
                        : ChannelTls.ofBundle(bundles.getObject(), properties.sslBundle());
        HttpChannel channel = new HttpChannel(
                properties.connectTimeout(),
                properties.responseTimeout(),
                publication.policy(Destination.ROL).parallel() * 2,
                tls);
        RolMetadata metadata = new RolMetadata(fse, pins, properties.application());
        RolDelivery delivery = new RolDelivery(properties, metadata, subjects, outbox, channel, journal);
        return new Lane(Destination.ROL, outbox, delivery, publication);
    }
}
