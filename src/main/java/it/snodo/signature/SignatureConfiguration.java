package it.snodo.signature;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Chooses who signs automatically: the configured key, else the demo's, else nobody, with a reason. */
@Configuration(proxyBeanMethods = false)
class SignatureConfiguration {

    @Bean
    Pades pades(LevelProperties levels) {
        levels.check();
        return new Pades(levels.level() == LevelProperties.Level.B_B ? Evidence.NONE : new OnlineEvidence(levels));
    }

    @Bean
    Signer signer(
            SignatureProperties properties, Pkcs11Properties device, Pades pades, ObjectProvider<DemoKeys> demoKeys) {
        if (properties.mode() == SignatureProperties.Mode.REMOTE) {
            return missing("La firma è remota (snodo.signature.mode=remote): firma il medico, con PIN e OTP.");
        }
        if (device.library() != null) {
            if (properties.keyStore() != null) {
                throw new SnodoException(
                        SnodoCode.SIGNER_NOT_CONFIGURED,
                        "Sono configurati sia snodo.signature.key-store sia snodo.signature.pkcs11.library: ne serve uno.");
            }
            return Pkcs11Signer.of(device, properties, pades);
        }
        if (properties.keyStore() != null) {
            return Pkcs12Signer.of(properties, pades);
        }
        DemoKeys keys = demoKeys.getIfAvailable();
        return keys == null
                ? missing(
                        "Manca snodo.signature.key-store o snodo.signature.pkcs11: nessuna chiave per la firma automatica.")
                : Pkcs12Signer.ofDemo(keys, properties, pades);
    }

    private static Signer missing(String reason) {
        return (pdf, signerFiscalCode) -> {
            throw new SnodoException(SnodoCode.SIGNER_NOT_CONFIGURED, reason);
        };
    }
}
