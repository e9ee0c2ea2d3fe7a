package it.snodo.signature;

import eu.europa.esig.dss.token.Pkcs12SignatureToken;
import it.snodo.fault.SnodoCode;
import it.snodo.fault.SnodoException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore.PasswordProtection;

/** Automatic signature with a key from a PKCS#12 file, which is read once. */
final class Pkcs12Signer {

    private Pkcs12Signer() {}

    /** @throws SnodoException {@link SnodoCode#SIGNER_NOT_CONFIGURED} when the key store cannot be used */
    static KeySigner of(SignatureProperties properties, Pades pades) {
        char[] password = properties.password() == null
                ? new char[0]
                : properties.password().toCharArray();
        return signer(properties.keyStore(), password, properties.alias(), false, properties, pades);
    }

    /** Level B-B. */
    static KeySigner of(SignatureProperties properties) {
        return of(properties, new Pades(Evidence.NONE));
    }

    static KeySigner ofDemo(DemoKeys keys, SignatureProperties properties, Pades pades) {
        return signer(keys.pkcs12(DemoKeys.SIGNER), keys.password(), null, true, properties, pades);
    }

    /** Level B-B. */
    static KeySigner ofDemo(DemoKeys keys, SignatureProperties properties) {
        return ofDemo(keys, properties, new Pades(Evidence.NONE));
    }

    private static KeySigner signer(
            Path keyStore,
            char[] password,
            String alias,
            boolean forEverybody,
            SignatureProperties properties,
            Pades pades) {
        try {
            return new KeySigner(
                    new Pkcs12SignatureToken(keyStore.toFile(), new PasswordProtection(password)),
                    alias,
                    forEverybody,
                    properties,
                    pades);
        } catch (IOException | RuntimeException e) {
            throw new SnodoException(
                    SnodoCode.SIGNER_NOT_CONFIGURED,
                    "Key store di firma non utilizzabile (" + keyStore + "): " + e.getMessage(),
                    e);
        }
    }
}
