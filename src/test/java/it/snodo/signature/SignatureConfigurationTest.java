package it.snodo.signature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

class SignatureConfigurationTest {

    @TempDir
    Path data;

    @Configuration
    @EnableConfigurationProperties({SignatureProperties.class, LevelProperties.class, Pkcs11Properties.class})
    @Import({SignatureConfiguration.class, DemoKeys.class})
    static class Wiring {}

    private final ApplicationContextRunner hub = new ApplicationContextRunner().withUserConfiguration(Wiring.class);

    @Test
    void the_demo_makes_its_keys_in_the_data_folder_and_signs() {
        hub.withPropertyValues("spring.profiles.active=demo", "snodo.data-dir=" + data)
                .run(context -> {
                    assertThat(context).hasSingleBean(DemoKeys.class);
                    assertThat(context.getBean("signer")).isInstanceOf(KeySigner.class);
                    assertThat(Files.exists(data.resolve("keys/signer.p12"))).isTrue();
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"snodo.signature.mode=automatic", "snodo.signature.mode=remote"})
    void outside_the_demo_nobody_signs_until_a_key_is_configured(String setting) {
        hub.withPropertyValues(setting, "snodo.data-dir=" + data).run(context -> {
            assertThat(context).doesNotHaveBean(DemoKeys.class);
            assertThat(Files.exists(data.resolve("keys"))).isFalse();
            assertThatThrownBy(() -> context.getBean(Signer.class).sign(new byte[0], "X"))
                    .isInstanceOfSatisfying(
                            SnodoException.class, e -> assertThat(e.code()).isEqualTo(SnodoCode.SIGNER_NOT_CONFIGURED));
        });
    }

    @Test
    void a_configured_key_store_is_used() {
        DemoKeys keys = new DemoKeys(data);
        hub.withPropertyValues(
                        "snodo.signature.key-store=" + keys.pkcs12(DemoKeys.SIGNER),
                        "snodo.signature.password=" + new String(keys.password()),
                        "snodo.signature.alias=signer")
                .run(context -> assertThat(context.getBean(Signer.class)).isInstanceOf(KeySigner.class));
    }
}
