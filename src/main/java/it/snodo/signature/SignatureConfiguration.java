package it.snodo.signature;

import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Chooses who signs: the configured key store, else the demo's keys, else nobody, with a reason. */
@Configuration(proxyBeanMethods = false)
class SignatureConfiguration {

    @Bean
    Signer signer(SignatureProperties properties, ObjectProvider<DemoKeys> demoKeys) {
        if (properties.mode() == SignatureProperties.Mode.REMOTE) {
            return missing(
                    "La firma remota non è disponibile in questa versione: usare snodo.signature.mode=automatic.");
        }
        if (properties.keyStore() != null) {
            return Pkcs12Signer.of(properties);
        }
        DemoKeys keys = demoKeys.getIfAvailable();
        return keys == null
                ? missing("Manca snodo.signature.key-store: nessuna chiave per la firma automatica.")
                : Pkcs12Signer.ofDemo(keys, properties);
    }

    private static Signer missing(String reason) {
        return (pdf, signerFiscalCode) -> {
            throw new SnodoException(SnodoCode.SIGNER_NOT_CONFIGURED, reason);
        };
    }
}
