package it.snodo.flow;

import static org.mockito.Mockito.mock;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import it.snodo.certificate.Annulments;
import it.snodo.certificate.CertificateRegister;
import it.snodo.certificate.PinSeal;
import it.snodo.config.ConfigurationRevision;
import it.snodo.messages.Journal;
import it.snodo.publication.Gates;
import it.snodo.publication.Outbox;
import it.snodo.publication.PublicationProperties;
import it.snodo.publication.PublicationStore;
import it.snodo.publication.fse.FseValidation;
import it.snodo.signature.SignatureProperties;
import it.snodo.signature.Signer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** The register, the journal and the outbox with their real beans on a real database; nothing makes documents. */
final class FlowKit {

    private FlowKit() {}

    static AnnotationConfigApplicationContext on(PublicationStore store, ConfigurationRevision revision) {
        AnnotationConfigApplicationContext hub = new AnnotationConfigApplicationContext();
        hub.registerBean(JdbcClient.class, () -> store.jdbc);
        hub.registerBean(PlatformTransactionManager.class, () -> store.transactions);
        hub.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
        hub.registerBean(
                StepProperties.class,
                () -> new StepProperties(3, 4, Duration.ZERO, Duration.ofSeconds(1), Duration.ofDays(7)));
        hub.registerBean(IntakeLoad.class, () -> new IntakeLoad(100, Duration.ZERO));
        hub.registerBean(PublicationProperties.class, PublicationStore::properties);
        hub.registerBean(ObjectMapper.class, () -> new ObjectMapper());
        hub.registerBean(ConfigurationRevision.class, () -> revision);
        hub.registerBean(PinSeal.class, () -> new PinSeal("chiave di prova 16", Path.of("target", "pin.key")));
        hub.registerBean(FseValidation.class, () -> mock(FseValidation.class));
        hub.registerBean(Signer.class, () -> mock(Signer.class));
        hub.registerBean(SignatureProperties.class, () -> new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("snodo.signature", SignatureProperties.class));
        hub.registerBean(AnnulmentPages.class, () -> mock(AnnulmentPages.class));
        hub.registerBean(WorkHints.class, () -> mock(WorkHints.class));
        hub.register(
                CertificateRegister.class,
                Journal.class,
                Certificates.class,
                StoppedCertificates.class,
                Gates.class,
                Outbox.class,
                Annulments.class,
                CertificateSignatures.class,
                CertificateAnnulments.class);
        hub.refresh();
        return hub;
    }
}
