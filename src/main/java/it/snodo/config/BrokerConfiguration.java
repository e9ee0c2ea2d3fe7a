package it.snodo.config;

import java.nio.file.Path;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.jms.artemis.ArtemisConfigurationCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The embedded broker's journal and limits. An outside broker is named by {@code spring.artemis.*}. */
@Configuration(proxyBeanMethods = false)
class BrokerConfiguration {

    private static final SimpleString DEAD = SimpleString.of("snodo.dead");

    @Bean
    ArtemisConfigurationCustomizer brokerSettings(
            DataFolder data, @Value("${snodo.intake.jms.queue:snodo.certificates.in}") String intakeQueue) {
        Path home = data.path().resolve("broker");
        return configuration -> {
            configuration.setJournalDirectory(home.resolve("journal").toString());
            configuration.setBindingsDirectory(home.resolve("bindings").toString());
            configuration.setLargeMessagesDirectory(home.resolve("large").toString());
            configuration.setPagingDirectory(home.resolve("paging").toString());
            configuration.setPersistenceEnabled(true);
            configuration.setJournalDatasync(true);
            // 100 µs instead of 3.33 ms: a lone producer no longer waits for company, group commit still works
            configuration.setJournalBufferTimeout_NIO(100_000);
            configuration.setJournalMinFiles(2);
            configuration.setJournalPoolFiles(4);
            configuration.setIDCacheSize(20_000);
            configuration.setPersistIDCache(true);
            // What fails is taken back and comes again. A hint between steps is then dropped: certificate-recovery
            // gives
            // another. A message that others put in the intake queue exists nowhere else: it outlasts a day without a
            // database, and one that fails even then waits in a queue of its own for a person.
            configuration.addAddressSetting("snodo.#", again(10));
            configuration.addAddressSetting(intakeQueue, again(1500).setDeadLetterAddress(DEAD));
            // from there it goes to the quarantine, however long that has no room
            configuration.addAddressSetting(DEAD.toString(), again(-1));
            configuration.addQueueConfiguration(QueueConfiguration.of(DEAD)
                    .setAddress(DEAD)
                    .setRoutingType(RoutingType.ANYCAST)
                    .setDurable(true));
        };
    }

    private static AddressSettings again(int attempts) {
        return new AddressSettings()
                .setMaxDeliveryAttempts(attempts)
                .setRedeliveryDelay(500)
                .setRedeliveryMultiplier(2)
                .setMaxRedeliveryDelay(60_000)
                .setDefaultGroupRebalance(true)
                // full goes to disk, never away
                .setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE)
                .setMaxSizeBytes(64L * 1024 * 1024);
    }
}
