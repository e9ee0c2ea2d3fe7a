package it.snodo.publication.aura;

import it.snodo.aura.Aura;
import it.snodo.exemption.ExemptionPublisher;
import it.snodo.exemption.Exemptions;
import it.snodo.publication.Destination;
import it.snodo.publication.Gates;
import it.snodo.publication.Lane;
import it.snodo.publication.Outbox;
import it.snodo.publication.PublicationProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the parts of the publication on AURA together. */
@Configuration(proxyBeanMethods = false)
class AuraPublicationConfiguration {

    @Bean
    Lane auraLane(
            ObjectProvider<Aura> aura,
            ObjectProvider<Exemptions> exemptions,
            Outbox outbox,
            PublicationProperties properties) {
        return new Lane(Destination.AURA, outbox, new AuraDelivery(aura, exemptions), properties);
    }

    @Bean
    ExemptionPublisher exemptionPublisher(Outbox outbox, Gates gates, ObjectProvider<Exemptions> exemptions) {
        return new AuraPublisher(outbox, gates, exemptions);
    }
}
