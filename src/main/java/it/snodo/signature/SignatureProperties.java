package it.snodo.signature;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How documents are signed.
 *
 * @param mode automatic: with a key that the hub holds; remote: with the doctor's own credential at a provider
 * @param keyStore PKCS#12 file with key and certificate chain, for automatic mode; absent in the demo, which makes its
 *     own
 * @param password of the key store
 * @param alias entry of the key store; the only key entry when absent
 * @param reason written into the signature; shown by PDF readers
 * @param location place written into the signature; may be absent
 */
@ConfigurationProperties("snodo.signature")
public record SignatureProperties(
        @DefaultValue("automatic") Mode mode,
        Path keyStore,
        String password,
        String alias,
        @DefaultValue("Firma del referto") String reason,
        @DefaultValue("Italia") String location) {

    /** Who holds the key. */
    public enum Mode {
        AUTOMATIC,
        REMOTE
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "SignatureProperties[mode=" + mode + ", keyStore=" + keyStore + ", alias=" + alias + "]";
    }
}
