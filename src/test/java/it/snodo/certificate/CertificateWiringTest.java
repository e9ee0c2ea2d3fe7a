package it.snodo.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.config.ConfigFolder;
import it.snodo.registry.CodeTables;
import it.snodo.registry.IdentifierProperties;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.validation.ValidationAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class CertificateWiringTest {

    @Configuration
    @EnableConfigurationProperties({CertificateProperties.class, IdentifierProperties.class})
    @Import({
        CodeTables.class,
        AziendaResolver.class,
        CertificateRules.class,
        TableResolver.class,
        CertificateRequestSchema.class
    })
    static class Hub {
        @Bean
        ConfigFolder configFolder() {
            return new ConfigFolder(Path.of("."));
        }
    }

    private final ApplicationContextRunner hub = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
            .withUserConfiguration(Hub.class);

    private static final CertificateRequest CHECK_VALID_ONLY =
            Requests.good().set("patient.fiscalCode", "AAAAAA00B77B000F").request();
    private static final CertificateRequest UNLISTED_PAIR = Requests.good()
            .set("exemption.code", "019")
            .set("diagnosis.code", "250.00")
            .request();

    @Test
    void the_beans_stand_with_their_defaults() {
        hub.run(context -> {
            CertificateChecks checks = context.getBean("certificateChecks", CertificateChecks.class);
            assertThat(checks.check(CHECK_VALID_ONLY, CertificateChecks.Source.SYSTEM))
                    .isEmpty();
            assertThat(checks.check(UNLISTED_PAIR, CertificateChecks.Source.SYSTEM))
                    .isEmpty();
            assertThat(context.getBean("certificateResolver", CertificateResolver.class))
                    .isNotNull();
        });
    }

    @Test
    void the_properties_make_them_stricter() {
        hub.withPropertyValues("snodo.identifiers.fiscal-code=strict", "snodo.certificate.diagnosis-pairs=refuse")
                .run(context -> {
                    CertificateChecks checks = context.getBean(CertificateChecks.class);
                    assertThat(checks.check(CHECK_VALID_ONLY, CertificateChecks.Source.SYSTEM))
                            .hasSize(1);
                    assertThat(checks.check(UNLISTED_PAIR, CertificateChecks.Source.SYSTEM))
                            .hasSize(1);
                });
    }
}
