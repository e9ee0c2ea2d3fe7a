package it.snodo.signature;

import static org.assertj.core.api.Assertions.assertThat;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import it.snodo.signature.RemoteSignatures.Provider;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.transaction.PlatformTransactionManager;

/** What is configured is said, and what is wrong with it is said at the start. */
class RemoteConfigurationTest {

    private static final String SIM = "snodo.signature.providers[0].";

    @Configuration
    @EnableConfigurationProperties({
        SignatureProperties.class,
        RemoteSignatureProperties.class,
        LevelProperties.class,
        Pkcs11Properties.class
    })
    @Import({SignatureConfiguration.class, RemoteSignatureConfiguration.class})
    static class Wiring {

        /** Never asked here. */
        @Bean
        JdbcClient db() {
            return JdbcClient.create(new SimpleDriverDataSource());
        }

        @Bean
        PlatformTransactionManager transactions() {
            return new DataSourceTransactionManager(new SimpleDriverDataSource());
        }
    }

    private final ApplicationContextRunner hub = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
            .withUserConfiguration(Wiring.class);

    private ApplicationContextRunner provider(String... further) {
        return hub.withPropertyValues(SIM + "code=SIM", SIM + "api=CSC1", SIM + "url=https://firma.example/csc/v1/")
                .withPropertyValues(further);
    }

    private static void says(ApplicationContextRunner hub, String words) {
        hub.run(context -> {
            assertThat(context).hasFailed();
            Throwable cause = context.getStartupFailure();
            while (cause != null && !(cause instanceof SnodoException)) {
                cause = cause.getCause();
            }
            assertThat(cause).isInstanceOf(SnodoException.class).hasMessageContaining(words);
            assertThat(((SnodoException) cause).code()).isEqualTo(SnodoCode.SIGNER_NOT_CONFIGURED);
        });
    }

    @Test
    void without_providers_there_are_none_and_asking_one_says_so() {
        hub.run(context -> {
            RemoteSignatures remote = context.getBean(RemoteSignatures.class);
            assertThat(remote.providers()).isEmpty();
            assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                    SnodoException.class,
                                    () -> remote.requestOtp(
                                            new RemoteSignatures.Work("x/1", new byte[0], "X"), "SIM", "a", null))
                            .code())
                    .isEqualTo(SnodoCode.SIGNATURE_PROVIDER_UNKNOWN);
        });
    }

    @Test
    void providers_are_shown_in_their_order_with_their_ways_to_send_an_otp() {
        provider(
                        SIM + "name=Prova",
                        SIM + "deliveries[0].code=SMS",
                        SIM + "deliveries[0].name=SMS al cellulare",
                        "snodo.signature.providers[1].code=APP",
                        "snodo.signature.providers[1].api=CSC2",
                        "snodo.signature.providers[1].url=http://localhost:8090/csc/v2",
                        "snodo.signature.providers[1].otp=false")
                .run(context -> assertThat(
                                context.getBean(RemoteSignatures.class).providers())
                        .containsExactly(
                                new Provider(
                                        "SIM",
                                        "Prova",
                                        true,
                                        java.util.List.of(new RemoteSignatures.Delivery("SMS", "SMS al cellulare"))),
                                new Provider("APP", "APP", false, java.util.List.of())));
    }

    @ParameterizedTest
    @CsvSource({
        "url=http://firma.example/csc/v1, https",
        "url=, manca url",
        "url=firma, non è un indirizzo",
        "auth=basic, user e password",
        "auth=oauth2client, client-id",
        "algorithm=MD5withRSA, SHA256withRSA",
        "otp-lifetime=0s, otp-lifetime",
        "tls-bundle=assente, assente",
        "deliveries[0].name=SMS, non ha code"
    })
    void a_provider_that_is_wrongly_configured_is_named_at_the_start(String setting, String words) {
        says(provider(SIM + setting), words);
    }

    @Test
    void a_provider_that_is_there_twice_is_named() {
        says(
                provider(
                        "snodo.signature.providers[1].code=SIM",
                        "snodo.signature.providers[1].api=CSC2",
                        "snodo.signature.providers[1].url=https://altra.example/csc/v2"),
                "due volte");
    }

    @Test
    void a_level_without_its_authority_is_named() {
        says(hub.withPropertyValues("snodo.signature.level=B-T"), "tsa.urls");
        says(
                hub.withPropertyValues("snodo.signature.level=B-LT", "snodo.signature.tsa.urls=http://tsa.example/"),
                "snodo.signature.trust");
    }

    @Test
    void a_device_that_cannot_be_used_is_named_without_its_pin(@TempDir Path folder) throws Exception {
        Path library = Files.writeString(folder.resolve("libpkcs11.so"), "non è una libreria");
        says(hub.withPropertyValues("snodo.signature.pkcs11.library=" + folder.resolve("assente.so")), "non c'è");
        says(
                hub.withPropertyValues(
                        "snodo.signature.pkcs11.library=" + library,
                        "snodo.signature.pkcs11.slot=1",
                        "snodo.signature.pkcs11.slot-index=0"),
                "non entrambi");
        says(
                hub.withPropertyValues(
                        "snodo.signature.pkcs11.library=" + library, "snodo.signature.key-store=firma.p12"),
                "ne serve uno");
        hub.withPropertyValues("snodo.signature.pkcs11.library=" + library, "snodo.signature.pkcs11.pin=86420975")
                .run(context -> {
                    assertThat(context).hasFailed();
                    for (Throwable e = context.getStartupFailure(); e != null; e = e.getCause()) {
                        assertThat(String.valueOf(e.getMessage())).doesNotContain("86420975");
                    }
                });
    }

    @Test
    void secrets_are_not_in_the_words_of_the_settings() {
        provider(SIM + "auth=basic", SIM + "user=hub", SIM + "password=86420975")
                .run(context -> assertThat(
                                context.getBean(RemoteSignatureProperties.class).toString())
                        .doesNotContain("86420975"));
        hub.withPropertyValues("snodo.signature.pkcs11.pin=86420975").run(context -> assertThat(
                        context.getBean(Pkcs11Properties.class).toString())
                .doesNotContain("86420975"));
    }
}
